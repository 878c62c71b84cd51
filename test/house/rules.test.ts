import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitKinds, fitTables } from '../../src/fits/kinds/index.js';
import { projectRoot } from '../shared-data.js';
import { importCircles, limits, longFunctions, longSqlLines, readSources } from './rules.js';

/**
 * The rules of CONTRIBUTING that a formatter cannot hold. What broke them when they were written down is listed in
 * `exceptions.json`: an entry may shrink and go, nothing may be added. `npm run generate` writes what has shrunk.
 */

type Measured = Record<string, number>;

const listed = join(projectRoot, 'test', 'house', 'exceptions.json');
const exceptions: Record<'files' | 'functions' | 'sql', Measured> = JSON.parse(readFileSync(listed, 'utf8'));
const sources = readSources();

const found = {
  files: Object.fromEntries(
    sources.flatMap(({ name, lines }) => (lines.length > limits.fileLines ? [[name, lines.length]] : [])),
  ),
  functions: Object.fromEntries(sources.flatMap((source) => [...longFunctions(source)])),
  sql: Object.fromEntries(
    sources.flatMap((source) => {
      const { length } = longSqlLines(source);
      return length > 0 ? [[source.name, length]] : [];
    }),
  ),
};

if (process.env.CELLAR_UPDATE_DOCS === '1') {
  const sorted = (of: Measured, allowed: Measured) =>
    Object.fromEntries(
      Object.entries(of)
        .map(([name, n]) => [name, Math.min(n, allowed[name] ?? n)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  const kept = Object.fromEntries(
    (['files', 'functions', 'sql'] as const).map((rule) => [rule, sorted(found[rule], exceptions[rule])]),
  );
  writeFileSync(listed, `${JSON.stringify(kept, undefined, 2)}\n`);
}

/** What is longer than the rule allows, or than it was. */
const grown = (rule: keyof typeof found) =>
  Object.entries<number>(found[rule])
    .filter(([name, length]) => length > (exceptions[rule][name] ?? 0))
    .map(([name, length]) => `${name}: ${length}`);

describe('the sources', () => {
  it('import in one direction: no circle, not of types either', () => {
    expect(importCircles(sources)).toEqual([]);
  });

  it(`have no file of more than ${limits.fileLines} lines`, () => {
    expect(grown('files')).toEqual([]);
  });

  it(`have no function of more than ${limits.functionLines} lines`, () => {
    expect(grown('functions')).toEqual([]);
  });

  it(`have no line of SQL of more than ${limits.sqlColumns} characters`, () => {
    expect(grown('sql')).toEqual([]);
  });

  it('take names from a package at run time only where it is a module: in a bundle others have none', () => {
    const packages = sources.flatMap(({ lines }) =>
      lines.flatMap((line) =>
        [...line.matchAll(/await import\('((?!node:)[^.'][^']*)'\)/g)].map(([, name]) => name!),
      ),
    );
    const isModule = (name: string): boolean => {
      const said = readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8');
      const { type, exports } = JSON.parse(said) as { type?: string; exports?: object };
      return type === 'module' || JSON.stringify(exports ?? {}).includes('"import"');
    };
    expect(packages.length).toBeGreaterThan(0);
    expect(packages.filter((name) => !isModule(name))).toEqual([]);
  });

  it('list the kinds of fits in one place', () => {
    const names = fitTables.map(({ definition }) => definition.name);
    const words = new Set<string>([...fitKinds.map(({ kind }) => kind), ...names]);
    const word = new RegExp(
      `['"\`](${[...words].join('|')})['"\`]|\\b(?:FROM|JOIN) (${[...words].join('|')})\\b`,
      'g',
    );
    const lists = sources.filter(({ name, tree }) => {
      if (/^(fits\/kinds|cli\/fit\/kinds)\//.test(name)) return false;
      const named = [...tree.text.matchAll(word)].map(([, quoted, table]) => quoted ?? table);
      return new Set(named).size > words.size / 3;
    });
    expect(lists.map(({ name }) => name)).toEqual([]);
  });

  it('have no exception that is not needed any more', () => {
    const spare = (Object.keys(found) as (keyof typeof found)[]).flatMap((rule) =>
      Object.keys(exceptions[rule]).filter((name) => !(name in found[rule])),
    );
    expect(spare).toEqual([]);
  });
});
