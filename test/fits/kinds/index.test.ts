import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FitMaker } from '../../../src/fits/fit-set.js';
import { fitKinds, type fitTables } from '../../../src/fits/kinds/index.js';
import { tables } from '../../../src/store/tables/index.js';
import { cellFits } from '../../../src/store/views/results.js';
import { projectRoot } from '../../shared-data.js';

/** A kind of fit is declared once: everything that has to know it takes it from the declaration (`test/house`). */

const nameOf = ({ definition }: (typeof fitTables)[number]) => definition.name;

describe.each(fitKinds.map((kind) => [kind.kind, kind] as const))('the kind %s', (name, kind) => {
  it('is made by the module of its name, whose text is its version', () => {
    const module = `${name.replaceAll('_', '-')}.ts`;
    expect(existsSync(join(projectRoot, 'src', 'fits', 'making', module))).toBe(true);
    expect(String(kind.load)).toContain(module.replace(/\.ts$/, ''));
  });

  it('has rows for the tables that it declares, and for no others', async () => {
    const maker: FitMaker = await kind.load();
    expect(Object.keys(maker.rows ?? {}).sort()).toEqual(kind.tables.map(nameOf).sort());
  });

  it('has its tables in the schema and in cell_fits', () => {
    for (const { definition, shownAs, scope } of kind.tables) {
      expect(tables).toContain(definition);
      expect(definition.columns.map((column) => column.name)).toContain(scope);
      expect(cellFits.sql).toContain(`SELECT '${shownAs}' AS kind`);
    }
  });
});
