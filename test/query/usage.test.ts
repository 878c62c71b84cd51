import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { runQuery } from '../../src/query/run.js';
import { saveQuery } from '../../src/query/save.js';
import { type Database, openInMemory } from '../../src/store/connection.js';
import { createSchema } from '../../src/store/schema.js';
import { cellar, temporaryFolder } from '../cli/run.js';
import { projectRoot } from '../shared-data.js';

/** What a query is told that is nearly right. */

const folder = temporaryFolder();
const sample = join(projectRoot, 'sample-data', 'formats', 'maccor-text');
let database: Database;
beforeAll(async () => {
  database = await openInMemory();
  await createSchema(database.connection);
  return () => database.close();
});

it('takes a query behind the files of --from as well as before them, and names a file that is none', () => {
  const file = join(sample, readdirSync(sample)[0]!);
  const sql = 'SELECT count(*) > 0 AS any FROM measurements';
  expect(cellar(['query', '--from', file, sql]).stdout).toBe('any\ntrue\n');
  expect(cellar(['query', sql, '--from', file]).stdout).toBe('any\ntrue\n');
  const { status, stderr } = cellar([
    'query',
    '--from',
    file,
    'missing.csv',
    '--file',
    join(folder, 'q.sql'),
  ]);
  expect([status, stderr]).toEqual([2, expect.stringContaining('q.sql cannot be read')]);
});

it('names the views and tables that have a column which another one lacks', async () => {
  const told = (sql: string) =>
    runQuery(database.connection, sql).then(
      () => '',
      (error: Error & { hint?: string }) => error.hint ?? '',
    );
  expect(await told('SELECT specific_capacity_mah_per_g FROM cycles')).toBe(
    'specific_capacity_mah_per_g is a column of cell_cycles, rate_tests and voltage_curves.',
  );
  expect(await told('SELECT c.frequency_hertz FROM cells c')).toBe(
    'frequency_hertz is a column of spectra_points and impedance.',
  );
  expect(await told('SELECT cell_id FROM measurements')).toMatch(/ and \d+ more\.$/);
});

it('does not save a plan as Parquet, but as CSV', async () => {
  const { connection } = database;
  const save = (format: 'parquet' | 'csv') =>
    saveQuery(connection, {
      sql: 'EXPLAIN FROM cells',
      parameters: {},
      file: join(folder, `plan.${format}`),
      format,
    });
  await expect(save('parquet')).rejects.toThrow(/the plan that EXPLAIN prints/);
  await save('csv');
  expect(readdirSync(folder)).toEqual(['plan.csv']);
});
