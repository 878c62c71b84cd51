import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { insertRows, select } from '../../../src/store/connection.js';
import { goldenFiles, sayIfAbsent } from '../../shared-data.js';
import {
  addTest,
  charge,
  derive,
  derived,
  discharge,
  emptyDatabase,
  records,
  repeat,
  rest,
  type Segment,
} from './fixture.js';

const file = goldenFiles().get('cyc-n1-numbering.json');
sayIfAbsent(file !== undefined, 'the golden cycle numbering');

interface NumberingCase {
  name: string;
  inputs: {
    signed_charge_Ah: number[];
    first_direction: 'charge' | 'discharge';
    nominal_capacity_Ah: number;
  };
  expected: { cycles: number; micro_cycles: boolean };
}

/** A step of an hour for each signed charge. */
const stepsOf = (charges: readonly number[]): Segment[] =>
  charges.map((moved) => ({
    current: moved,
    seconds: 3600,
    volt: moved > 0 ? [3, 4.2] : [4.1, 2.8],
    every: 1800,
  }));

const cases = file ? (JSON.parse(readFileSync(file, 'utf8')).cases as NumberingCase[]) : [];
/** The nominal capacity may be missing, or wrong by orders of magnitude. */
const nominals = [1, null, 1000, 0.001];

describe.skipIf(file === undefined)('cycles begin at turning points', () => {
  const found = new Map<string, { cycles: number; micro_cycles: boolean }>();
  beforeAll(async () => {
    const database = await emptyDatabase();
    const { connection } = database;
    const tests: number[] = [];
    for (const { name, inputs } of cases) {
      for (const nominal of nominals) {
        const testId = tests.push(tests.length + 1);
        const cellId = `${name}, nominal × ${nominal}`;
        const cell_type = inputs.first_direction === 'charge' ? 'full' : 'li_cu';
        const nominal_capacity_mah = nominal === null ? null : 1000 * nominal * inputs.nominal_capacity_Ah;
        await insertRows(connection, 'cells', [{ cell_id: cellId, cell_type, nominal_capacity_mah }]);
        await addTest(connection, records(stepsOf(inputs.signed_charge_Ah), { testId }), { testId, cellId });
      }
    }
    await derive(connection, tests);
    const rows = await select<{ cell_id: string; cycles: number; micro_cycles: boolean }>(
      connection,
      `SELECT cell_id, count(*)::INTEGER AS cycles, bool_or(contains(warnings::VARCHAR, 'MICRO_CYCLES')) AS micro_cycles
       FROM cycles JOIN tests USING (test_id) WHERE cycle_count > 0 GROUP BY cell_id`,
    );
    for (const { cell_id, ...rest } of rows) found.set(cell_id, rest);
    database.close();
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', (name, { expected }) => {
    const { cycles, micro_cycles } = expected;
    for (const nominal of nominals) {
      expect(found.get(`${name}, nominal × ${nominal}`), `× ${nominal}`).toEqual({ cycles, micro_cycles });
    }
  });
});

it('a half cycle has its net charge, gross sums keep what went the other way, and large reversals count for no efficiency', async () => {
  const { cycles } = await derived(
    repeat(3, (index) => [
      charge(1, 1800, { volt: [3, 3.6] }),
      discharge(1, index === 1 ? 120 : 18, { every: 6, volt: [3.55, 3.5] }),
      charge(1, index === 1 ? 1920 : 1818, { every: 6, volt: [3.6, 4.2] }),
      rest(),
      discharge(1, 3540, { every: 60 }),
    ]),
    { cell: { cell_type: 'full', nominal_capacity_mah: 1000, lower_cutoff_volt: 2.8 } },
  );
  expect(cycles.map(({ cycle_count }) => cycle_count)).toEqual([1, 2, 3]);
  for (const one of cycles) expect(one.charging_capacity_ah).toBeCloseTo(1, 12);
  expect(cycles[1]!.charging_capacity_gross_ah).toBeCloseTo(3720 / 3600, 12);
  expect(cycles[1]!.discharging_capacity_gross_ah).toBeCloseTo(3660 / 3600, 12);
  expect(cycles[0]!.coulombic_efficiency).toBeCloseTo(3540 / 3600, 12);
  // 120 s of 3600 s are more than 1 %.
  expect(cycles[1]!.coulombic_efficiency).toBeNull();
  expect(cycles[1]!.warnings).toContain('REVERSALS_IN_HALF_CYCLE');
});
