import { describe, expect, test } from 'vitest';
import {
  type Counters,
  charge,
  cycle,
  derived,
  discharge,
  records,
  repeat,
  rest,
  type Segment,
} from './fixture.js';

const twoCycles = (): Segment[] =>
  repeat(2, (index) => cycle(1, 3600).map((segment) => ({ ...segment, cycle: index + 1 })));

const sum = (values: readonly (number | null)[]) =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

describe.concurrent.each<Counters>(['step', 'half_cycle', 'cycle', 'test', 'net'])(
  'counter that restarts per %s',
  (counters) => {
    test('gives every step what flowed in it', async () => {
      const { steps, cycles } = await derived(twoCycles(), { counters });
      expect(steps.map((step) => step.capacity_source)).toEqual(steps.map(() => 'counter'));
      for (const step of steps) {
        expect(step.charging_capacity_counter_ah).toBeCloseTo(
          step.charging_capacity_integrated_ah ?? Number.NaN,
          10,
        );
        expect(step.discharging_capacity_counter_ah).toBeCloseTo(
          step.discharging_capacity_integrated_ah ?? Number.NaN,
          10,
        );
      }
      expect(cycles.map(({ charging_capacity_ah }) => charging_capacity_ah.toFixed(9))).toEqual([
        '1.000000000',
        '1.000000000',
      ]);
    });
  },
);

describe.concurrent('a counter cut from a longer test leaves out what it stood at', () => {
  test.each<Counters>(['cycle', 'test', 'net'])('restarting per %s', async (counters) => {
    const { steps } = await derived([charge(1, 3600, { cycle: 1 }), discharge(1, 1800, { cycle: 1 })], {
      counters,
      counterOffset: 0.7,
    });
    expect(sum(steps.map((step) => step.charging_capacity_counter_ah))).toBeCloseTo(1, 10);
    expect(sum(steps.map((step) => step.discharging_capacity_counter_ah))).toBeCloseTo(0.5, 10);
  });

  test.each<Counters>(['step', 'half_cycle'])('restarting per %s, in the middle of one', async (counters) => {
    const rows = records([charge(1, 3600), rest(), discharge(1, 3600)], { counters }).slice(30);
    const { steps } = await derived({ rows }, { counters });
    expect(steps[0]?.charging_capacity_counter_ah).toBeCloseTo(0.5, 10);
    expect(steps[2]?.discharging_capacity_counter_ah).toBeCloseTo(1, 10);
  });
});

test.concurrent('what a counter rose by between two steps belongs to the later one', async () => {
  // The step is logged from its second minute on; the counter of the whole test ran on meanwhile.
  const rows = records([charge(1, 3600), rest(), discharge(1, 3600)], { counters: 'test' }).filter(
    ({ step_count, test_time_second }) => step_count !== 3 || Number(test_time_second) >= 4200 + 120,
  );
  const { steps } = await derived({ rows }, { counters: 'test' });
  expect(steps[2]?.discharging_capacity_counter_ah).toBeCloseTo(1, 10);
  expect(steps[2]?.discharging_capacity_integrated_ah).toBeCloseTo(3480 / 3600, 10);
});

test.concurrent('a step whose first record already stands above the end of the step before has restarted all the same', async () => {
  const short: Segment = charge(1, 60, { every: 20 });
  const rows = records([short, charge(1, 3600, { every: 600 })], { counters: 'step' }).filter(
    ({ record_index }) => record_index !== 5,
  );
  const { steps } = await derived({ rows }, { counters: 'step' });
  expect(steps[1]?.charging_capacity_counter_ah).toBeCloseTo(1, 10);
});

test.concurrent('a counter declared to restart per step that runs on from constant current into constant voltage is not counted twice', async () => {
  const segments = [
    charge(1, 3600),
    charge(1, 3600, { volt: [4.2, 4.2], endCurrent: 0.05 }),
    rest(),
    discharge(1, 3600),
  ];
  const { steps } = await derived(
    { rows: records(segments, { counters: 'half_cycle' }) },
    { counters: 'step' },
  );
  expect(steps[1]?.charging_capacity_counter_ah).toBeCloseTo(0.525, 10);
});

test.concurrent('an unsigned counter split by direction is empty in the other one', async () => {
  const rows = records(twoCycles(), { counters: 'step' }).map((row) => ({
    ...row,
    charging_capacity_ah: Number(row.current_ampere) > 0 ? row.charging_capacity_ah! : null,
    discharging_capacity_ah: Number(row.current_ampere) < 0 ? row.discharging_capacity_ah! : null,
  }));
  const { cycles } = await derived({ rows }, { counters: 'step' });
  expect(cycles.map((each) => each.charging_capacity_counter_ah?.toFixed(9))).toEqual([
    '1.000000000',
    '1.000000000',
  ]);
  expect(cycles.map((each) => each.discharging_capacity_counter_ah?.toFixed(9))).toEqual([
    '1.000000000',
    '1.000000000',
  ]);
});

// By itself: its records are carried on and sorted first, and so would those of all that are derived with it.
test('a counter that only some records state, none of them at the ends of a step, gives what was last stated', async () => {
  // Steps of 61 records a minute apart; stated in minutes 1, 6, … 56.
  const rows = records([charge(), discharge(), charge(), discharge()], { counters: 'step' }).map((row) =>
    ((Number(row.record_index) - 1) % 61) % 5 === 1
      ? row
      : { ...row, charging_capacity_ah: null, discharging_capacity_ah: null },
  );
  const { steps } = await derived({ rows }, { counters: 'step' });
  const stated = steps.map(
    (step) => (step.charging_capacity_counter_ah ?? 0) + (step.discharging_capacity_counter_ah ?? 0),
  );
  expect(stated[0]).toBeCloseTo(55 / 60, 10);
  for (const value of stated.slice(1)) expect(value).toBeCloseTo(56 / 60, 10);
});

describe.concurrent('which capacity is reported', () => {
  test('the integral where the counter stands still', async () => {
    const rows = records(cycle()).map((row) => ({
      ...row,
      charging_capacity_ah: 0,
      discharging_capacity_ah: 0,
    }));
    const { cycles } = await derived({ rows }, { counters: 'step' });
    expect(cycles[0]).toMatchObject({ capacity_source: 'integrated', warnings: '[]' });
    expect(cycles[0]?.charging_capacity_ah).toBeCloseTo(1, 12);
  });

  test('the integral where only one direction has a counter', async () => {
    const rows = records(cycle(), { counters: 'step' }).map((row) => ({
      ...row,
      discharging_capacity_ah: null,
    }));
    const { cycles } = await derived({ rows }, { counters: 'step' });
    expect(cycles[0]?.capacity_source).toBe('integrated');
  });

  test.each([
    [1.0015, '[]'],
    [1.005, '["COUNTER_INTEGRAL_DIFF"]'],
    [1.02, '["COUNTER_INTEGRAL_CONFLICT"]'],
  ])('a counter that is %d times the integral', async (factor, warnings) => {
    const rows = records([charge(), rest(), discharge()], { counters: 'step' }).map((row) => ({
      ...row,
      charging_capacity_ah: Number(row.charging_capacity_ah) * factor,
    }));
    const { cycles } = await derived({ rows }, { counters: 'step' });
    expect(cycles[0]?.charging_capacity_ah).toBeCloseTo(factor, 10);
    expect(cycles[0]?.warnings).toBe(warnings);
  });
});
