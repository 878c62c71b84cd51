import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, insertRows, inTransaction, run, select } from '../../../src/store/connection.js';
import { renumberTests } from '../../../src/store/derive/derive.js';
import {
  addTest,
  charge,
  cycle,
  cyclesOf,
  derive,
  discharge,
  emptyDatabase,
  type MadeTest,
  records,
  repeat,
  rest,
  type Segment,
} from './fixture.js';

let database: Database;
beforeEach(async () => {
  database = await emptyDatabase();
});
afterEach(() => database.close());

const addCell = (cell_type: string | null, more = {}) =>
  insertRows(database.connection, 'cells', [{ cell_id: 'cell', cell_type, ...more }]);

const add = (testId: number, segments: readonly Segment[], more: MadeTest = {}) => {
  const made = { testId, cellId: 'cell', startedAt: `2024-01-0${testId}T00:00:00Z`, ...more };
  return addTest(database.connection, records(segments, made), made);
};

interface LifeCycle {
  cell_cycle: number;
  part_count: number;
  label: string;
  charging_capacity_ah: number;
  discharging_capacity_ah: number;
  coulombic_efficiency: number | null;
  is_complete: boolean;
}

const life = () =>
  select<LifeCycle>(
    database.connection,
    `SELECT cell_cycle, part_count, label, round(charging_capacity_ah, 9) AS charging_capacity_ah,
      round(discharging_capacity_ah, 9) AS discharging_capacity_ah, round(coulombic_efficiency, 9) AS coulombic_efficiency, is_complete
     FROM cell_cycles WHERE cell_id = 'cell' ORDER BY cell_cycle`,
  );

const whole = (cell_cycle: number, more: Partial<LifeCycle> = {}) => ({
  cell_cycle,
  part_count: 1,
  label: 'ageing',
  charging_capacity_ah: 1,
  discharging_capacity_ah: 1,
  coulombic_efficiency: 1,
  is_complete: true,
  ...more,
});

describe('a cycle cut by the end of a file is one cycle of the life', () => {
  test('between charge and discharge', async () => {
    await addCell('full');
    await add(1, [...cycle(), charge(), rest()]);
    await add(2, [rest(), discharge(), rest(), ...cycle()]);
    await derive(database.connection, [1, 2]);
    expect(await life()).toEqual([whole(1), whole(2, { part_count: 2 }), whole(3)]);
    const [before, after] = [await cyclesOf(database.connection, 1), await cyclesOf(database.connection, 2)];
    expect(before.map(({ label, cell_cycle }) => [label, cell_cycle])).toEqual([
      ['ageing', 1],
      ['partial', 2],
    ]);
    expect(after.map(({ cycle_count, label, cell_cycle }) => [cycle_count, label, cell_cycle])).toEqual([
      [0, 'partial', 2],
      [1, 'ageing', 3],
    ]);
  });

  test('in the middle of the charge', async () => {
    await addCell('full');
    await add(1, [...cycle(), charge(1, 1800, { volt: [3, 3.6] })]);
    await add(2, [charge(1, 1800, { volt: [3.6, 4.2] }), rest(), discharge(), rest(), ...cycle()]);
    await derive(database.connection, [1, 2]);
    // A day lies between the files: nothing proves that no charge is missing.
    const cut = whole(2, { part_count: 2, coulombic_efficiency: null });
    expect(await life()).toEqual([whole(1), cut, whole(3)]);
  });

  test('in the middle of the discharge, of a cell whose type nobody says', async () => {
    await addCell(null);
    await add(1, [...cycle(), charge(), discharge(1, 1800, { volt: [4.1, 3.4] })]);
    await add(2, [discharge(1, 1800, { volt: [3.4, 2.8] }), rest(), ...cycle()]);
    await derive(database.connection, [1, 2]);
    expect(await life()).toEqual(
      [whole(1), whole(2, { part_count: 2 }), whole(3)].map((each) => ({
        ...each,
        coulombic_efficiency: null,
      })),
    );
  });

  test('over three files, one of them only a rest', async () => {
    await addCell('full');
    await add(1, [charge()]);
    await add(2, [rest(5000)]);
    await add(3, [discharge(), ...cycle()]);
    await derive(database.connection, [1, 2, 3]);
    expect(await life()).toEqual([whole(1, { part_count: 3 }), whole(2)]);
  });

  test('whatever order the files come in', async () => {
    await addCell(null);
    await add(2, [rest(), discharge(), rest(), ...cycle()]);
    await derive(database.connection, [2]);
    expect((await life()).map(({ cell_cycle, label }) => [cell_cycle, label])).toEqual([
      [1, 'ageing'],
      [2, 'partial'],
    ]);
    await add(1, [...cycle(), charge(), rest()]);
    await derive(database.connection, [1]);
    expect(await life()).toEqual(
      [whole(1), whole(2, { part_count: 2 }), whole(3)].map((each) => ({
        ...each,
        coulombic_efficiency: null,
      })),
    );
  });
});

test('files of whole cycles are numbered on and labelled over the whole life', async () => {
  await addCell('full', { formation_cycles: 2, active_mass_mg: 5000, electrode_area_cm2: 2 });
  await add(
    1,
    repeat(2, () => cycle()),
  );
  await add(2, [...repeat(3, () => cycle()), ...cycle(0.1, 36_000)]);
  await add(
    3,
    repeat(2, () => cycle()),
  );
  await derive(database.connection, [1, 2, 3]);
  expect((await life()).map(({ cell_cycle, label }) => `${cell_cycle} ${label}`)).toEqual([
    '1 formation',
    '2 formation',
    '3 ageing',
    '4 ageing',
    '5 ageing',
    '6 checkup',
    '7 ageing',
    '8 ageing',
  ]);
  const [row] = await select(
    database.connection,
    `SELECT specific_capacity_mah_per_g AS q, areal_capacity_mah_per_cm2 AS a, is_formation, is_checkup, started_at,
      c_rate FROM cell_cycles WHERE cell_cycle = 4`,
  );
  expect(row).toEqual({
    q: expect.closeTo(200, 9),
    a: expect.closeTo(500, 9),
    is_formation: false,
    is_checkup: false,
    started_at: new Date('2024-01-02T02:20:00Z'),
    c_rate: expect.closeTo(1, 9),
  });
});

test('a test without a cell has no place in a life', async () => {
  await addTest(database.connection, records(cycle()));
  await derive(database.connection, [1]);
  expect(await cyclesOf(database.connection)).toMatchObject([
    { cell_cycle: null, label: 'ageing', coulombic_efficiency: null },
  ]);
  expect(await life()).toEqual([]);
});

test('a leading part of a life is its cycle 0', async () => {
  await addCell('full');
  await add(1, [discharge(1, 1000), rest(), ...cycle()]);
  await derive(database.connection, [1]);
  expect((await life()).map(({ cell_cycle, label }) => [cell_cycle, label])).toEqual([
    [0, 'partial'],
    [1, 'ageing'],
  ]);
});

describe('deriving again', () => {
  const everything = async () =>
    JSON.stringify([
      await select(database.connection, 'SELECT * FROM steps ORDER BY ALL'),
      await select(database.connection, 'SELECT * FROM cycles ORDER BY ALL'),
    ]);

  const protocol = [...repeat(3, () => cycle()), charge(1, 1800, { volt: [3, 3.6] })];

  test('gives the same, and so does numbering again from the steps', async () => {
    await addCell('full');
    await add(1, protocol, { counters: 'step' });
    await derive(database.connection, [1]);
    const once = await everything();
    await derive(database.connection, [1]);
    expect(await everything()).toBe(once);
    await inTransaction(database.connection, () => renumberTests(database.connection, [1]));
    expect(await everything()).toBe(once);
  });

  test('after records were appended gives what deriving once gives, also where others lie between them', async () => {
    const rows = records(protocol, { counters: 'cycle' });
    const other = records(cycle(), { testId: 2 });
    await addTest(database.connection, rows.slice(0, 100), { counters: 'cycle' });
    await derive(database.connection, [1]);
    await addTest(database.connection, other, { testId: 2 });
    await insertRows(database.connection, 'measurements', rows.slice(100));
    await derive(database.connection, [1, 2]);
    const inParts = await everything();
    await run(database.connection, 'DELETE FROM measurements');
    await insertRows(database.connection, 'measurements', [...rows, ...other]);
    await derive(database.connection, [1, 2]);
    expect(await everything()).toBe(inParts);
  });

  test('records stored out of order are sorted first', async () => {
    const rows = records(protocol, { counters: 'cycle' });
    await addTest(database.connection, rows, { counters: 'cycle' });
    await derive(database.connection, [1]);
    const inOrder = await everything();
    await run(database.connection, 'DELETE FROM measurements');
    await insertRows(database.connection, 'measurements', [...rows].reverse());
    await derive(database.connection, [1]);
    expect(await everything()).toBe(inOrder);
  });

  test('a corrected cell type is a matter of numbering alone', async () => {
    await addCell('full');
    await add(1, [discharge(), rest(), ...cycle(), charge()]);
    await derive(database.connection, [1]);
    expect((await cyclesOf(database.connection)).map(({ cycle_count }) => cycle_count)).toEqual([0, 1, 2]);
    await run(database.connection, `UPDATE cells SET cell_type = 'anode_half'`);
    await run(database.connection, 'DELETE FROM measurements');
    await inTransaction(database.connection, () => renumberTests(database.connection, [1]));
    expect((await cyclesOf(database.connection)).map(({ cycle_count }) => cycle_count)).toEqual([1, 2]);
  });

  test('leaves other tests alone and no temporary table behind', async () => {
    await addTest(database.connection, records(cycle()));
    await addTest(database.connection, records(cycle(), { testId: 2 }), { testId: 2 });
    await derive(database.connection, [1, 2]);
    await run(database.connection, `UPDATE steps SET vendor_step_type = 'mine' WHERE test_id = 2`);
    await derive(database.connection, [1]);
    const [row] = await select(
      database.connection,
      `SELECT count(*) AS n FROM steps WHERE vendor_step_type = 'mine'`,
    );
    expect(row).toEqual({ n: 4 });
    expect(
      await select(database.connection, 'SELECT table_name FROM duckdb_tables() WHERE temporary'),
    ).toEqual([]);
  });
});
