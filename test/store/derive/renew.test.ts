import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openWritable } from '../../../src/store/connection.js';
import { derivationVersion, recordsVersion } from '../../../src/store/derive/version.js';
import { databasePaths } from '../../../src/store/paths.js';
import { arbinCsv, cyclingRecords } from '../../ingest/cycling.js';
import { KeptLaboratory } from '../../ingest/kept-laboratory.js';

/** A newer derivation reaches what an older Cellar derived, without anybody asking for it. */

const lab = new KeptLaboratory();
beforeAll(async () => {
  lab.write('cells.csv', 'cell_id,cell_type\nA-01,full\n');
  lab.write('A-01.csv', arbinCsv(cyclingRecords()));
  lab.write('B-02.csv', arbinCsv(cyclingRecords({ current: 1.2 })).replaceAll('2026', '2024'));
  await lab.ingest();
  lab.keep();
});
beforeEach(() => lab.restore());
afterAll(() => lab.remove());

async function inWriter(...statements: string[]): Promise<void> {
  const writer = await openWritable(databasePaths(lab.database).writer);
  for (const statement of statements) await writer.connection.run(statement);
  writer.close();
}

const derived = async () => ({
  steps: await lab.rows('SELECT * FROM steps ORDER BY test_id, step_count'),
  cycles: await lab.rows('SELECT * FROM cycles ORDER BY test_id, cycle_count'),
  version: await lab.rows("SELECT value FROM meta WHERE key = 'derivation_version'"),
});

it('a new database says what it was derived by', async () => {
  expect((await derived()).version).toEqual([{ value: derivationVersion }]);
});

it('columns that an older Cellar did not have are filled by the next run, as in a fresh database', async () => {
  const fresh = await derived();
  expect(fresh.cycles.length).toBeGreaterThan(2);
  await inWriter(
    'ALTER TABLE cycles DROP COLUMN charging_c_rate',
    'ALTER TABLE steps DROP COLUMN last_voltage_change_volt',
    'UPDATE cycles SET discharging_capacity_ah = 7',
    "UPDATE meta SET value = '2' WHERE key = 'schema_version'",
    "DELETE FROM meta WHERE key = 'derivation_version'",
  );
  await lab.ingest();
  expect(await derived()).toEqual(fresh);
});

it('where only the numbering is another, no record is read', async () => {
  const fresh = await derived();
  await inWriter(
    "UPDATE cycles SET label = 'partial', cycle_count = 99",
    `UPDATE meta SET value = '${recordsVersion}/older' WHERE key = 'derivation_version'`,
    // Records that would give other steps, if they were read.
    'UPDATE measurements SET current_ampere = 2 * current_ampere',
  );
  await lab.ingest();
  expect(await derived()).toEqual(fresh);
});

it('what a run that was cut off has not numbered is numbered by the next', async () => {
  const fresh = await derived();
  await inWriter(
    `UPDATE steps SET cycle_count = NULL, step_type = NULL, capacity_ah = NULL WHERE test_id = 1`,
    'DELETE FROM cycles WHERE test_id = 1',
  );
  await lab.ingest();
  expect(await derived()).toEqual(fresh);
});
