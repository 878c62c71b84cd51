import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { differentialCapacity } from '../../src/analysis/cycling/index.js';
import { ingest } from '../../src/ingest/ingest.js';
import { insertRows, openReadOnly, select } from '../../src/store/connection.js';
import { differentialCapacitySql } from '../../src/store/views/differential-capacity.js';
import { temporaryFolder } from '../cli/run.js';
import { hasRealData, realData, sayIfAbsent } from '../shared-data.js';
import { addTest, derive, emptyDatabase, records } from './derive/fixture.js';

/** dQ/dV in SQL: the numbers of the library, no charge lost, and the peaks of a recorded graphite electrode. */

interface Bin {
  voltage_volt: number;
  dq_dv_ah_per_volt: number;
  smoothed_dq_dv_ah_per_volt: number;
  peak_voltage_volt: number | null;
}

const folder = temporaryFolder();
sayIfAbsent(hasRealData, 'recorded exports');

test('the view bins as the library does, and smoothing keeps the charge', async () => {
  const database = await emptyDatabase();
  const { connection } = database;
  await insertRows(connection, 'cells', [{ cell_id: 'cell', cell_type: 'full', active_mass_mg: 1000 }]);
  const ramp = { current: 1, seconds: 1800, every: 30 };
  // A plateau between two slopes.
  const rows = records(
    [
      { ...ramp, volt: [3, 3.5] as const },
      { ...ramp, volt: [3.5, 3.52] as const },
      { ...ramp, volt: [3.52, 4.2] as const },
      { current: -1, seconds: 5400, every: 30, volt: [4.1, 3] as const },
    ].map((segment, i) => ({ ...segment, type: i < 3 ? 'Charge' : 'Discharge' })),
    { cellId: 'cell' },
  );
  for (const row of rows) row.step_count = row.vendor_step_type === 'Charge' ? 1 : 2;
  await addTest(connection, rows, { cellId: 'cell' });
  await derive(connection, [1]);
  const bins = await select<Bin>(
    connection,
    `SELECT * FROM differential_capacity WHERE cell_id = 'cell' AND step_type = 'charge' ORDER BY voltage_volt`,
  );
  const charge = await select<{ voltage_volt: number; capacity_ah: number }>(
    connection,
    `SELECT voltage_volt, capacity_ah FROM voltage_curves WHERE step_type = 'charge' ORDER BY record_index`,
  );
  const wanted = differentialCapacity(
    charge.map((row) => row.voltage_volt),
    charge.map((row) => row.capacity_ah),
  );
  expect(bins.length).toBe(wanted.voltage_volt.length);
  bins.forEach((bin, i) => {
    expect(bin.voltage_volt).toBeCloseTo(wanted.voltage_volt[i]!, 9);
    expect(bin.dq_dv_ah_per_volt).toBeCloseTo(wanted.dq_dv_ah_per_volt[i]!, 9);
  });
  const total = (name: 'dq_dv_ah_per_volt' | 'smoothed_dq_dv_ah_per_volt') =>
    bins.reduce((sum, bin) => sum + bin[name] * 0.005, 0);
  expect(total('dq_dv_ah_per_volt')).toBeCloseTo(1.5, 6);
  expect(total('smoothed_dq_dv_ah_per_volt')).toBeCloseTo(1.5, 2);
  const peaks = bins.flatMap(({ peak_voltage_volt: at }) => (at === null ? [] : [at]));
  expect(peaks).toHaveLength(1);
  expect(peaks[0]).toBeCloseTo(3.51, 2);

  const coarse = await select<Bin>(
    connection,
    `SELECT * FROM (${differentialCapacitySql(0.02)}) WHERE step_type = 'charge'`,
  );
  expect(coarse.length).toBeLessThan(bins.length / 3);
  expect(coarse.reduce((sum, bin) => sum + bin.dq_dv_ah_per_volt * 0.02, 0)).toBeCloseTo(1.5, 6);

  // A raw export whose cell nobody has named has the same curves, told by test and cycle.
  await connection.run('UPDATE tests SET cell_id = NULL');
  await connection.run('UPDATE cycles SET cell_cycle = NULL, cell_cycle_label = NULL');
  const unnamed = await select<Bin>(
    connection,
    `SELECT * FROM differential_capacity WHERE test_id = 1 AND cycle_count = 1 AND step_type = 'charge' ORDER BY voltage_volt`,
  );
  expect(unnamed.map(({ smoothed_dq_dv_ah_per_volt }) => smoothed_dq_dv_ah_per_volt)).toEqual(
    bins.map(({ smoothed_dq_dv_ah_per_volt }) => smoothed_dq_dv_ah_per_volt),
  );
  database.close();
});

test.skipIf(!hasRealData)('a recorded graphite electrode gives up lithium at 0.10 and 0.14 V', async () => {
  const lab = join(folder, 'lab');
  mkdirSync(lab);
  for (const name of readdirSync(join(realData, 'landt'))) {
    cpSync(join(realData, 'landt', name), join(lab, name));
  }
  writeFileSync(join(lab, 'cells.csv'), 'cell_id,file_pattern\nGR,*Landt.csv\n');
  const database = join(folder, 'cellar.duckdb');
  await ingest([lab], { database });
  const opened = await openReadOnly(database);
  const peaks = await select<{ at: number }>(
    opened.connection,
    `SELECT peak_voltage_volt AS at FROM differential_capacity
     WHERE cell_id = 'GR' AND step_type = 'charge' AND cell_cycle = 1 AND peak_voltage_volt IS NOT NULL
     ORDER BY smoothed_dq_dv_ah_per_volt DESC LIMIT 2`,
  );
  opened.close();
  expect(peaks).toHaveLength(2);
  expect(peaks[0]!.at).toBeCloseTo(0.1, 2);
  expect(peaks[1]!.at).toBeCloseTo(0.14, 2);
});
