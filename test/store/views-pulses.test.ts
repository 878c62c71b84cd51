import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, insertRows, select } from '../../src/store/connection.js';
import { addTest, derive, emptyDatabase, type MadeTest, records, type Segment } from './derive/fixture.js';

/** State of charge, and what a pulse between two rests says, on records whose law is known. */

let database: Database;
beforeEach(async () => {
  database = await emptyDatabase();
});
afterEach(() => database.close());

const add = async (segments: readonly Segment[], made: MadeTest = {}) => {
  await addTest(database.connection, records(segments, made), made);
  await derive(database.connection, [made.testId ?? 1]);
};
const cell = (more: Record<string, unknown> = {}) =>
  insertRows(database.connection, 'cells', [
    { cell_id: 'cell', cell_type: 'full', lower_cutoff_volt: 3, upper_cutoff_volt: 4.2, ...more },
  ]);
const states = () =>
  select(
    database.connection,
    `SELECT step_count AS n, round(state_of_charge_at_start, 6) AS "from", round(state_of_charge_at_end, 6) AS "to",
       state_of_charge_source AS source FROM cell_steps WHERE cell_id = 'cell' AND step_type <> 'rest' ORDER BY n`,
  );
const move = (current: number, seconds: number, from: number, to: number): Segment => ({
  current,
  seconds,
  volt: [from, to],
});

test('a whole cycle between the voltage limits goes from 0 to 1 and back, counted by its own charge', async () => {
  await cell({ nominal_capacity_mah: 1500 });
  await add(
    [
      // A first charge, whose start nobody knows: counted back from its end by the discharge that follows.
      move(1, 1800, 3.6, 4.2),
      move(-1, 3600, 4.1, 3),
      move(1, 3700, 3.1, 4.2),
      move(-1, 900, 4.1, 3.8),
      move(-1, 2700, 3.8, 3),
    ],
    { cellId: 'cell' },
  );
  expect(await states()).toEqual([
    { n: 1, from: 0.5, to: 1, source: 'cycle' },
    { n: 2, from: 1, to: 0, source: 'cycle' },
    { n: 3, from: 0, to: 1, source: 'cycle' },
    { n: 4, from: 1, to: 0.75, source: 'cycle' },
    { n: 5, from: 0.75, to: 0, source: 'cycle' },
  ]);
});

test('a cycle that stops short counts against the nominal capacity from the limit it reached, else not at all', async () => {
  await cell({ nominal_capacity_mah: 1000 });
  await add(
    [move(1, 3600, 3, 4.2), move(-1, 1800, 4.1, 3.6), move(1, 900, 3.6, 3.8), move(-1, 900, 3.8, 3.6)],
    {
      cellId: 'cell',
    },
  );
  expect(await states()).toEqual([
    { n: 1, from: 0, to: 1, source: 'nominal' },
    { n: 2, from: 1, to: 0.5, source: 'nominal' },
    { n: 3, from: null, to: null, source: null },
    { n: 4, from: null, to: null, source: null },
  ]);
});

test('what does not store, and a current whose direction is unknown, has no state of charge', async () => {
  await cell({ cell_type: 'symmetric', nominal_capacity_mah: 1000 });
  await add([move(1, 3600, 3, 4.2), move(-1, 3600, 4.1, 3)], { cellId: 'cell' });
  expect((await states()).map(({ source }) => source)).toEqual([null, null]);
  await database.connection.run("UPDATE cells SET cell_type = 'full'");
  expect((await states()).map(({ source }) => source)).toEqual(['cycle', 'cycle']);
  await database.connection.run("UPDATE tests SET current_direction = 'unknown'");
  expect((await states()).map(({ source }) => source)).toEqual([null, null]);
});

/** 0.05 Ω at once, 0.02 Ω with a time constant of 0.3 s, and a slow part that is linear in time. */
const pulseVolt = (rest: number, ampere: number, second: number) =>
  rest + ampere * (0.05 + 0.02 * (1 - Math.exp(-second / 0.3)) + 0.001 * second);

test('a pulse is split by time into an ohmic part, charge transfer until 1 s, and diffusion; its state of charge is told', async () => {
  await cell({ electrode_area_cm2: 2, nominal_capacity_mah: 1000 });
  const rest = (seconds: number, volt: number): Segment => ({
    current: 0,
    seconds,
    volt: [volt, volt],
    every: seconds / 2,
  });
  const pulse: Segment = { current: -1, seconds: 10, volt: [0, 0], every: 0.5 };
  const rows = records(
    [
      move(1, 3600, 3, 4.2),
      move(-1, 1800, 4.1, 3.7),
      rest(60, 3.7),
      pulse,
      rest(60, 3.69),
      { ...move(-1, 1790, 3.6, 3), every: 10 },
    ],
    { cellId: 'cell' },
  );
  const own = rows.filter(({ step_count }) => step_count === 4);
  const start = own[0]!.test_time_second as number;
  for (const row of own) row.voltage_volt = pulseVolt(3.7, -1, (row.test_time_second as number) - start);
  await addTest(database.connection, rows, { cellId: 'cell' });
  await derive(database.connection, [1]);
  const found = await select(
    database.connection,
    `SELECT step_count, kind, round(state_of_charge, 4) AS soc, depth_of_discharge + state_of_charge AS one,
       ohmic_resistance_ohm AS ohmic, charge_transfer_resistance_ohm AS transfer, diffusion_resistance_ohm AS diffusion,
       resistance_ohm AS whole, area_specific_resistance_ohm_cm2 AS specific, diffusion_coefficient_cm2_per_second AS d
     FROM pulses WHERE cell_id = 'cell'`,
  );
  expect(found.length).toBe(1);
  const [row] = found as Record<string, number>[];
  expect(row).toMatchObject({ step_count: 4, kind: 'pulse', soc: 0.5, one: 1, d: null });
  expect(row!.ohmic).toBeCloseTo(0.05, 9);
  expect(row!.transfer).toBeCloseTo(0.02 * (1 - Math.exp(-1 / 0.3)) + 0.001, 9);
  expect(row!.whole).toBeCloseTo(0.02 * (1 - Math.exp(-10 / 0.3)) + 0.06, 9);
  expect(row!.ohmic! + row!.transfer! + row!.diffusion!).toBeCloseTo(row!.whole!, 12);
  expect(row!.specific).toBeCloseTo(2 * row!.whole!, 12);
  const [one] = await select(
    database.connection,
    `SELECT round(state_of_charge, 4) AS soc, state_of_charge_source AS source FROM dc_resistances
     WHERE cell_id = 'cell' AND delay_second = 1`,
  );
  expect(one).toEqual({ soc: 0.5, source: 'cycle' });
});

/** Concentration at the surface of a layer sealed behind, under a constant flux J, in J·L/D (J. Crank, 1975, eq. 4.55). */
function surface(ratio: number): number {
  let sum = 0;
  for (let n = 1; n < 2000; n++) sum += Math.exp(-((n * Math.PI) ** 2) * ratio) / n ** 2;
  return ratio + 1 / 3 - (2 / Math.PI ** 2) * sum;
}

test.each([
  [0.05, 'exact'],
  [0.25, '1 % low'],
  [1, 'refused'],
])('a titration of diffusion ratio %f gives the diffusion coefficient that made it: %s', async (ratio) => {
  const [length, seconds] = [2e-4, 1800];
  const coefficient = (ratio * length ** 2) / seconds;
  await cell({ nominal_capacity_mah: 1000, diffusion_length_um: 2 });
  const rest: Segment = { current: 0, seconds: 7200, volt: [3.5, 3.5], every: 3600 };
  const after: Segment = { ...rest, volt: [3.5 + 0.01 * ratio, 3.5 + 0.01 * ratio] };
  const rows = records([rest, { current: 0.05, seconds, volt: [0, 0], every: 30 }, after], {
    cellId: 'cell',
  });
  const own = rows.filter(({ step_count }) => step_count === 2);
  const start = own[0]!.test_time_second as number;
  for (const row of own) {
    const share = ((row.test_time_second as number) - start) / seconds;
    row.voltage_volt = 3.5 + 0.05 * 0.02 + 0.01 * (share === 0 ? 0 : surface(share * ratio));
  }
  await addTest(database.connection, rows, { cellId: 'cell' });
  await derive(database.connection, [1]);
  const [row] = await select<{ kind: string; d: number | null }>(
    database.connection,
    'SELECT kind, diffusion_coefficient_cm2_per_second AS d FROM pulses WHERE test_id = 1',
  );
  expect(row!.kind).toBe('titration');
  if (ratio === 1) expect(row!.d).toBeNull();
  else expect(Math.abs(row!.d! / coefficient - 1)).toBeLessThan(ratio < 0.1 ? 0.002 : 0.012);
});
