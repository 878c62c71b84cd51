import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dcResistance, type Records } from '../../src/analysis/cycling/index.js';
import { type Database, insertRows, openWritable, select } from '../../src/store/connection.js';
import { createSchema } from '../../src/store/schema.js';
import { columnComment } from '../../src/store/tables/index.js';
import { views } from '../../src/store/views.js';
import {
  addTest,
  cycle,
  derive,
  emptyDatabase,
  type MadeTest,
  records,
  repeat,
  type Segment,
} from './derive/fixture.js';

let database: Database;
beforeEach(async () => {
  database = await emptyDatabase();
});
afterEach(() => database.close());

/** Comments are written where people open the database: into a file. */
async function storedViewColumns() {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-views-'));
  const file = await openWritable(join(folder, 'views.duckdb'));
  try {
    await createSchema(file.connection);
    return await select<{ view: string; column_name: string; data_type: string; comment: string }>(
      file.connection,
      `SELECT table_name AS view, column_name, data_type, comment FROM duckdb_columns()
       WHERE database_name = current_database() ORDER BY table_name, column_index`,
    );
  } finally {
    file.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

let stored: Awaited<ReturnType<typeof storedViewColumns>>;
beforeAll(async () => {
  stored = await storedViewColumns();
});

describe.each(views.map((view) => [view.name, view] as const))('view %s', (name, view) => {
  test('has exactly the columns that are documented, with their types and comments', () => {
    expect(stored.filter((column) => column.view === name)).toEqual(
      view.columns.map((column) => ({
        view: name,
        column_name: column.name,
        data_type: column.type,
        comment: columnComment(column),
      })),
    );
  });

  test('states a unit for every quantity', () => {
    const bare = view.columns.filter(
      ({ type, unit, name: column }) =>
        type === 'DOUBLE' &&
        unit === undefined &&
        !/^(vendor_cycle_count|value|reading|standard_error|ci95_|bound95_|n$)/.test(column),
    );
    expect(bare.map(({ name: column }) => column)).toEqual([]);
  });
});

const add = (segments: readonly Segment[], made: MadeTest) =>
  addTest(database.connection, records(segments, made), made);

test('curves gives every record its step, cycle and cell', async () => {
  await insertRows(database.connection, 'cells', [{ cell_id: 'cell', cell_type: 'full' }]);
  await add(
    repeat(2, () => cycle()),
    { cellId: 'cell' },
  );
  await derive(database.connection, [1]);
  const [row] = await select(
    database.connection,
    `SELECT count(*) AS n, count(step_type) AS typed, max(cycle_count) AS last, max(cell_cycle) AS life,
      min(cell_id) AS cell FROM curves`,
  );
  expect(row).toEqual({ n: 288, typed: 288, last: 2, life: 2, cell: 'cell' });
});

test('voltage_curves runs the charge through the steps of a direction', async () => {
  await insertRows(database.connection, 'cells', [
    { cell_id: 'cell', cell_type: 'full', active_mass_mg: 5000 },
  ]);
  const hold: Segment = { current: 1, seconds: 3600, volt: [4.2, 4.2], endCurrent: 0 };
  const [ramp, ...others] = cycle();
  await add([...cycle(), ramp!, hold, ...others], { cellId: 'cell' });
  await derive(database.connection, [1]);
  const ends = await select(
    database.connection,
    `SELECT step_count, round(max(capacity_in_step_ah), 9) AS in_step, round(max(capacity_ah), 9) AS in_all,
      round(max(specific_capacity_mah_per_g), 6) AS specific, max(time_in_step_second) AS seconds
     FROM voltage_curves WHERE cell_id = 'cell' AND cell_cycle = 2 GROUP BY step_count ORDER BY step_count`,
  );
  expect(ends).toEqual([
    { step_count: 5, in_step: 1, in_all: 1, specific: 200, seconds: 3600 },
    { step_count: 6, in_step: 0.5, in_all: 1.5, specific: 300, seconds: 3600 },
    { step_count: 8, in_step: 1, in_all: 1, specific: 200, seconds: 3600 },
  ]);
});

test('dc_resistances are those of the library, delay by delay', async () => {
  await insertRows(database.connection, 'cells', [
    { cell_id: 'cell', cell_type: 'full', electrode_area_cm2: 2 },
  ]);
  const rest = (seconds: number): Segment => ({ current: 0, seconds, volt: [3.7, 3.7], every: seconds / 2 });
  const load: Segment = { current: -1, seconds: 40, volt: [3.6, 3.5] };
  const segments = [
    rest(20),
    { ...load, every: 0.4 },
    rest(20),
    // Too coarse for 1 s.
    { ...load, every: 8 },
    // Too short a rest.
    rest(8),
    { ...load, every: 0.4 },
    rest(20),
    // A current that is still rising after a second.
    { ...load, current: 0.5, endCurrent: 1, seconds: 20, every: 1 },
  ];
  const rows = records(segments, { cellId: 'cell' });
  await addTest(database.connection, rows, { cellId: 'cell' });
  await derive(database.connection, [1]);
  const found = await select(
    database.connection,
    `SELECT step_count, delay_second, delta_second, resistance_ohm, area_specific_resistance_ohm_cm2 AS specific
     FROM dc_resistances ORDER BY step_count, delay_second NULLS FIRST`,
  );
  const ofStep = (step: number): Records => {
    const own = rows.filter((row) => row.step_count === step);
    const values = (name: string) => own.map((row) => row[name] as number);
    return {
      test_time_second: values('test_time_second'),
      current_ampere: values('current_ampere'),
      voltage_volt: values('voltage_volt'),
    };
  };
  const wanted = [2, 4, 6, 8].flatMap((step) =>
    dcResistance(ofStep(step - 1), ofStep(step))
      .resistances.filter(({ resistance_ohm }) => resistance_ohm !== null)
      .map(({ wanted_second, delta_second, resistance_ohm }) => ({
        step,
        wanted_second,
        delta_second,
        resistance_ohm,
      })),
  );
  expect(wanted.map(({ step, wanted_second }) => [step, wanted_second])).toEqual([
    [2, null],
    [2, 1],
    [2, 10],
    [2, 30],
    [4, null],
    [4, 10],
    [4, 30],
    [8, 10],
  ]);
  expect(found.length).toBe(wanted.length);
  for (const [index, { step, wanted_second, delta_second, resistance_ohm }] of wanted.entries()) {
    expect(found[index]).toMatchObject({ step_count: step, delay_second: wanted_second });
    expect(found[index]!.delta_second).toBeCloseTo(delta_second!, 9);
    expect(found[index]!.resistance_ohm).toBeCloseTo(resistance_ohm!, 9);
    expect(found[index]!.specific).toBeCloseTo(2 * resistance_ohm!, 9);
  }
});

test('channel_status shows what each channel was doing last', async () => {
  for (const [testId, channel] of [
    [1, '1-1'],
    [2, '1-1'],
    [3, '1-2'],
  ] as const) {
    await add(testId === 2 ? [...cycle(), ...cycle().slice(0, 1)] : cycle(), {
      testId,
      startedAt: `2024-01-0${testId}T00:00:00Z`,
    });
    await database.connection.run(
      `UPDATE tests SET vendor = 'Maker', channel = '${channel}' WHERE test_id = ${testId}`,
    );
  }
  await derive(database.connection, [1, 2, 3]);
  const rows = await select(
    database.connection,
    'SELECT channel, test_id, step_type, cycle_count, voltage_volt, last_record_at FROM channel_status ORDER BY channel',
  );
  expect(rows).toEqual([
    {
      channel: '1-1',
      test_id: 2,
      step_type: 'charge',
      cycle_count: 2,
      voltage_volt: 4.2,
      last_record_at: new Date('2024-01-02T03:20:00Z'),
    },
    {
      channel: '1-2',
      test_id: 3,
      step_type: 'rest',
      cycle_count: 1,
      voltage_volt: 3.5,
      last_record_at: new Date('2024-01-03T02:20:00Z'),
    },
  ]);
});

test('rate_tests puts cycles of one rate together and compares with the slowest', async () => {
  await insertRows(database.connection, 'cells', [
    { cell_id: 'cell', cell_type: 'full', nominal_capacity_mah: 1000 },
  ]);
  const at = (rate: number, capacity: number) => cycle(rate, (3600 * capacity) / rate);
  await add(
    [
      ...repeat(2, () => at(0.2, 1)),
      ...repeat(2, () => at(1, 0.9)),
      ...repeat(2, () => at(2, 0.8)),
      ...at(0.2, 1),
    ],
    { cellId: 'cell' },
  );
  await derive(database.connection, [1]);
  const rows = await select(
    database.connection,
    `SELECT rate_block, first_cell_cycle AS first, last_cell_cycle AS last, round(discharging_c_rate, 6) AS rate,
      round(capacity_share, 6) AS share FROM rate_tests ORDER BY rate_block`,
  );
  expect(rows).toEqual([
    { rate_block: 1, first: 1, last: 2, rate: 0.2, share: 1 },
    { rate_block: 2, first: 3, last: 4, rate: 1, share: 0.9 },
    { rate_block: 3, first: 5, last: 6, rate: 2, share: 0.8 },
    { rate_block: 4, first: 7, last: 7, rate: 0.2, share: 1 },
  ]);
});

test('lineage leads from a record to the file that gave it and the line', async () => {
  await insertRows(database.connection, 'files', [
    { file_id: 1, path: 'night1.csv', unit_of_lines: 'line' },
    {
      file_id: 2,
      path: 'night2.xlsx',
      unit_of_lines: 'row',
      sheets: '[{"name":"record","firstRow":1},{"name":"record1","firstRow":50}]',
    },
    { file_id: 3, path: 'night3.ndax', unit_of_lines: 'record' },
  ]);
  await insertRows(database.connection, 'test_files', [
    { test_id: 1, file_id: 1, first_record_index: 1, first_line: 3 },
    { test_id: 1, file_id: 2, first_record_index: 11, first_line: 14 },
    { test_id: 1, file_id: 3, first_record_index: 72, first_line: 75 },
  ]);
  await addTest(
    database.connection,
    records(cycle()).map((row) => ({ ...row, line_number: Number(row.record_index) + 3 })),
  );
  const rows = await select(
    database.connection,
    'SELECT record_index, path, line_number, place FROM lineage WHERE test_id = 1 AND record_index IN (10, 11, 50, 72) ORDER BY record_index',
  );
  expect(rows).toEqual([
    { record_index: 10, path: 'night1.csv', line_number: 13, place: 'line 13' },
    { record_index: 11, path: 'night2.xlsx', line_number: 14, place: 'sheet record, row 14' },
    { record_index: 50, path: 'night2.xlsx', line_number: 53, place: 'sheet record1, row 4' },
    { record_index: 72, path: 'night3.ndax', line_number: 75, place: 'record 75' },
  ]);
});

test('spectra_points and cell_fits join what belongs together', async () => {
  const { connection } = database;
  await insertRows(connection, 'materials', [{ material_id: 'LPSC', category: 'sulfide_electrolyte' }]);
  await insertRows(connection, 'cells', [{ cell_id: 'p1', material_id: 'LPSC', cell_type: 'pellet' }]);
  await insertRows(connection, 'spectra', [
    { spectrum_id: 1, cell_id: 'p1', temperature_celsius: 25, sweep_index: 1 },
  ]);
  await insertRows(connection, 'impedance', [
    {
      spectrum_id: 1,
      point_index: 1,
      frequency_hertz: 1e3,
      real_impedance_ohm: 3,
      imaginary_impedance_ohm: -4,
    },
  ]);
  for (const run_id of [1, 2]) {
    await insertRows(connection, 'conductivities', [
      { run_id, spectrum_id: 1, cell_id: 'p1', temperature_celsius: 25, quantity: 'sigma', value: 1e-3 },
    ]);
    await insertRows(connection, 'arrhenius_fits', [
      { run_id: 1, cell_id: 'p1', form: 'ln_sigma', quantity: 'Ea_eV', value: 0.3 },
    ]);
  }
  const points = await select(
    connection,
    `SELECT material_id, temperature_celsius, impedance_modulus_ohm, round(phase_degree, 3) AS phase FROM spectra_points`,
  );
  expect(points).toEqual([
    { material_id: 'LPSC', temperature_celsius: 25, impedance_modulus_ohm: 5, phase: -53.13 },
  ]);
  const fits = await select(
    connection,
    'SELECT DISTINCT kind, run_id, is_latest, material_id, category, quantity, value FROM cell_fits ORDER BY kind, run_id',
  );
  expect(fits).toEqual([
    {
      kind: 'arrhenius',
      run_id: 1,
      is_latest: true,
      material_id: 'LPSC',
      category: 'sulfide_electrolyte',
      quantity: 'Ea_eV',
      value: 0.3,
    },
    ...[1, 2].map((run_id) => ({
      kind: 'conductivity',
      run_id,
      is_latest: run_id === 2,
      material_id: 'LPSC',
      category: 'sulfide_electrolyte',
      quantity: 'sigma',
      value: 1e-3,
    })),
  ]);
});
