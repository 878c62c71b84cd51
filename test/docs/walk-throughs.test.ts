import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { CellMetric } from '../../src/targets/metrics/index.js';
import { projectRoot } from '../shared-data.js';
import { Laboratory } from '../targets/laboratory.js';

/** The tasks that CONTRIBUTING.md walks through are followed here: its patches apply, and what they add works. */

const contributing = readFileSync(join(projectRoot, 'CONTRIBUTING.md'), 'utf8');

interface Patch {
  /** Path below the project. */
  path: string;
  isNew: boolean;
  hunks: string[][];
}

function sectionOf(title: string): string {
  const [, text] = new RegExp(`^## ${title}\\n([\\s\\S]*?)(?=^## )`, 'm').exec(contributing)!;
  return text!;
}

/** The patches of a section: one per file, each with its hunks of context, removed and added lines. */
function patchesOf(title: string): Patch[] {
  const [, diff] = /```diff\n([\s\S]*?)```/.exec(sectionOf(title))!;
  return diff!
    .split(/^(?=--- )/m)
    .filter((text) => text !== '')
    .map((text) => {
      const [, before, path] = /^--- (\S+)\n\+\+\+ b\/(\S+)\n/.exec(text)!;
      const hunks = text.split(/^@@.*\n/m).slice(1);
      return {
        path: path!,
        isNew: before === '/dev/null',
        hunks: hunks.map((hunk) => hunk.replace(/\n$/, '').split('\n')),
      };
    });
}

const linesOf = (hunk: readonly string[], without: '+' | '-') =>
  hunk
    .filter((line) => !line.startsWith(without))
    .map((line) => `${line.slice(1)}\n`)
    .join('');

/** The file as the patch leaves it; what a hunk stands on has to be there, once. */
function patched({ path, isNew, hunks }: Patch): string {
  const file = join(projectRoot, path);
  expect(existsSync(file), path).toBe(!isNew);
  if (isNew) return linesOf(hunks[0]!, '-');
  return hunks.reduce(
    (text, hunk) => {
      const parts = text.split(linesOf(hunk, '+'));
      expect(parts.length - 1, `${path}: ${hunk.join('\n')}`).toBe(1);
      return parts.join(linesOf(hunk, '-'));
    },
    readFileSync(file, 'utf8'),
  );
}

const added = (patches: readonly Patch[]) =>
  patches.flatMap(({ hunks }) => hunks.flat()).filter((line) => line.startsWith('+')).length;

/** Names that a patched file imports from files of ours which do not export them. */
function missingNames(patch: Patch, patches: readonly Patch[]): string[] {
  const imports = patched(patch).matchAll(/^import (?:type )?\{([^}]*)\} from '(\.[^']*)\.js';/gm);
  return [...imports].flatMap(([, names, from]) => {
    const path = join(dirname(patch.path), `${from}.ts`);
    const own = patches.find((other) => other.path === path);
    const source = own === undefined ? readFileSync(join(projectRoot, path), 'utf8') : patched(own);
    return names!
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '' && !source.includes('export * from'))
      .filter(
        (name) =>
          !new RegExp(`^export (.*[ {])?${name}\\b`, 'm').test(source) &&
          !new RegExp(`^  (type )?${name},$`, 'm').test(source),
      )
      .map((name) => `${path}: ${name}`);
  });
}

/** What a new file exports: a copy of it elsewhere, which imports the sources where they are. */
async function load(patch: Patch): Promise<Record<string, unknown>> {
  const copy = join(mkdtempSync(join(tmpdir(), 'walk-through-')), patch.path);
  const own = dirname(join(projectRoot, patch.path));
  const text = patched(patch).replace(
    /(from |import\()'(\.[^']+)\.js'/g,
    (_, word: string, path: string) => `${word}${JSON.stringify(`${resolve(own, path)}.ts`)}`,
  );
  mkdirSync(dirname(copy), { recursive: true });
  writeFileSync(copy, text);
  return await import(/* @vite-ignore */ copy);
}

/** Tasks with the most files and lines that they may take. */
const tasks = [
  { title: 'Add a metric and a target', files: 2, lines: 19 },
  { title: 'Add a derived column', files: 2, lines: 3 },
  { title: 'Add a command', files: 2, lines: 40 },
] as const;

describe.each(tasks)('$title', ({ title, files, lines }) => {
  const patches = patchesOf(title);

  it(`is a patch of ${patches.length} files and ${added(patches)} lines, which applies`, () => {
    expect(patches.length).toBeLessThanOrEqual(files);
    expect(added(patches)).toBeLessThanOrEqual(lines);
    for (const patch of patches) transformSync(patched(patch), { loader: 'ts' });
  });

  it('imports what the sources export', () => {
    const missing = patches.flatMap((patch) => missingNames(patch, patches));
    expect(missing).toEqual([]);
  });

  it('names files and folders that are there', () => {
    const named = [...sectionOf(title).matchAll(/`((?:src|test|docs)\/[\w./-]+)`/g)].map(([, path]) => path!);
    expect(named.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });
});

describe('what the patches add', () => {
  it('is a metric that measures the first cycle of a cell', async () => {
    const { firstCycleEfficiency } = await load(
      patchesOf('Add a metric and a target').find(({ isNew }) => isNew)!,
    );
    const metric = firstCycleEfficiency as CellMetric;
    const charges = (charging_capacity_ah: number, discharging_capacity_ah: number) => ({
      charging_capacity_ah,
      discharging_capacity_ah,
    });
    const laboratory = new Laboratory()
      .material('M', 'li_rich_cathode')
      .cell('A', 'M', 'cathode_half')
      .cycled('A', [charges(0.01, 0.009), charges(0.01, 0.0099)]);
    const lab = await laboratory.read();
    const [cell] = lab.fits.cells;
    const measured = metric.measure(lab, cell!, metric.settings.parse({}));
    expect(measured).toMatchObject({
      value: expect.closeTo(0.9, 12),
      n: 1,
      supports: 'verdict',
      missing: null,
    });
    expect(measured.bound95_low).toBeLessThan(0.9);
  });

  it('is a sum that becomes a column by its name', () => {
    const [sums, table] = patchesOf('Add a derived column').map(patched);
    expect(sums).toContain("['resting_duration_second', ");
    expect(table).toContain("column('resting_duration_second', ");
  });

  it('is a command with examples in its help', async () => {
    const { registerFading } = await load(patchesOf('Add a command').find(({ isNew }) => isNew)!);
    const program = new Command();
    (registerFading as (program: Command) => void)(program);
    let help = '';
    program.commands[0]!.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toMatch(/cells whose last capacity[\s\S]*Examples:\s+cellar fading/);
  });
});

describe('Add a format', () => {
  it('names files and folders that are there', () => {
    const named = ['src/ingest/formats/index.ts', 'sample-data/formats/truth.json', 'scripts/sample-data'];
    expect(named.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });
});
