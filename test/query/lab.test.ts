import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from '../../src/index.js';
import { makeDatabase, temporaryFolder } from '../cli/run.js';
import { projectRoot } from '../shared-data.js';

const folder = temporaryFolder();
const db = join(folder, 'lab.duckdb');
let lab: Lab;

beforeAll(async () => {
  await makeDatabase(db, {
    cells: [
      { cell_id: 'A1', material_id: 'M1', active_mass_mg: 12.5 },
      { cell_id: '007', material_id: 'M1' },
    ],
    tests: [{ test_id: 1, started_at: new Date('2026-01-14T16:22:08Z') }],
  });
  lab = await openLab(db);
  return () => lab.close();
});

describe('openLab', () => {
  it('gives rows as objects', async () => {
    const sql = 'SELECT cell_id, active_mass_mg FROM cells ORDER BY cell_id DESC';
    expect(await lab.query<{ cell_id: string; active_mass_mg: number | null }>(sql)).toEqual([
      { cell_id: 'A1', active_mass_mg: 12.5 },
      { cell_id: '007', active_mass_mg: null },
    ]);
  });

  it('turns values into what JavaScript has', async () => {
    const sql = `SELECT 9007199254740991::BIGINT AS safe, 9007199254740993::BIGINT AS large, sum(range) AS total,
      [1::BIGINT, NULL] AS list, {'n': 2::BIGINT} AS struct, 'nan'::DOUBLE AS nan FROM range(4)`;
    expect(await lab.query(sql)).toEqual([
      {
        safe: 9007199254740991,
        large: 9007199254740993n,
        total: 6,
        list: [1, null],
        struct: { n: 2 },
        nan: Number.NaN,
      },
    ]);
    expect(await lab.query('SELECT started_at FROM tests')).toEqual([
      { started_at: new Date('2026-01-14T16:22:08Z') },
    ]);
  });

  it.each([
    ['text where text is compared', 'SELECT count(*) AS n FROM cells WHERE cell_id = $value', '007', 1],
    [
      'a number where a number is compared',
      'SELECT count(*) AS n FROM cells WHERE active_mass_mg > $value',
      '12',
      1,
    ],
    ['a JavaScript number', 'SELECT count(*) AS n FROM cells WHERE active_mass_mg > $value', 12.5, 0],
    ['a limit', 'SELECT count(*) AS n FROM (SELECT 1 FROM cells LIMIT $value)', 1, 1],
    ['a time', 'SELECT count(*) AS n FROM tests WHERE started_at > $value', '2026-01-14 16:00', 1],
    ['a flag', 'SELECT count(*) AS n FROM cells WHERE $value', 'true', 2],
    ['nothing', 'SELECT count(*) AS n FROM cells WHERE material_id IS NOT DISTINCT FROM $value', null, 0],
  ])('takes a parameter as %s', async (_, sql, value, n) => {
    expect(await lab.query(sql, { value })).toEqual([{ n }]);
  });

  it('streams a large result in batches', async () => {
    let rows = 0;
    let batches = 0;
    for await (const batch of lab.stream<{ range: number }>('FROM range(10000)')) {
      expect(batch[0]?.range).toBe(rows);
      rows += batch.length;
      batches += 1;
    }
    expect(rows).toBe(10_000);
    expect(batches).toBeGreaterThan(3);
  });

  it('gives an Arrow table', async () => {
    const table = await lab.arrow('SELECT range * 0.5::DOUBLE AS half FROM range(3)');
    expect(table.getChild('half')!.toArray()).toEqual(new Float64Array([0, 0.5, 1]));
  });

  it('names its tables, and explains them', async () => {
    expect(await lab.tables()).toEqual(expect.arrayContaining(['cells', 'curves', 'measurements']));
    const curves = (await lab.schema()).find(({ name }) => name === 'curves');
    expect(curves?.columns.find(({ name }) => name === 'current_ampere')).toMatchObject({
      unit: 'A',
      type: 'DOUBLE',
    });
  });

  it('reads only', async () => {
    await expect(lab.query('DELETE FROM cells')).rejects.toMatchObject({ name: 'CellarError', exitCode: 2 });
    await expect(openLab(join(folder, 'none.duckdb'))).rejects.toMatchObject({ exitCode: 2 });
  });

  it('works from the built package', () => {
    const script = join(folder, 'use.mjs');
    const entry = pathToFileURL(join(projectRoot, 'dist', 'index.js')).href;
    writeFileSync(
      script,
      `import { openLab } from '${entry}';
       const lab = await openLab(process.argv[2]);
       console.log(JSON.stringify(await lab.query('SELECT count(*) AS n FROM cells')));
       lab.close();`,
    );
    expect(execFileSync(process.execPath, [script, db], { encoding: 'utf8' })).toBe('[{"n":2}]\n');
  });
});
