import { describe, expect, test } from 'vitest';
import { charge, cycle, derived, discharge, records, rest } from './fixture.js';

describe.concurrent('kind of step', () => {
  test('follows the charge that flows, not the word', async () => {
    const { steps } = await derived([
      charge(1, 3600, { type: 'anything' }),
      rest(600, { type: '静置' }),
      discharge(1, 3600, { type: 'Rest' }),
      rest(600, { type: 'no word for it' }),
    ]);
    expect(steps.map(({ step_type }) => step_type)).toEqual(['charge', 'rest', 'discharge', 'rest']);
  });

  test('a declared rest whose first record still shows the load stays a rest', async () => {
    const rows = records(cycle());
    const firstOfRest = rows.findIndex(({ step_count }) => step_count === 2);
    rows[firstOfRest] = { ...rows[firstOfRest], current_ampere: 1 };
    const { steps, cycles } = await derived({ rows });
    expect(steps[1]?.step_type).toBe('rest');
    expect(cycles[0]?.charging_capacity_ah).toBeCloseTo(1, 12);
  });

  test('noise of declared rests raises the threshold: a leak below three deviations is rest', async () => {
    const rows = records([charge(), rest(6000), discharge(), { ...rest(6000), type: 'idle?' }]);
    for (const [index, row] of rows.entries()) {
      if (row.step_count === 2) row.current_ampere = index % 2 === 0 ? 2e-3 : -2e-3;
      if (row.step_count === 4) row.current_ampere = 1e-3;
    }
    const { steps } = await derived({ rows });
    expect(steps.map(({ step_type }) => step_type)).toEqual(['charge', 'rest', 'discharge', 'rest']);
  });

  test('a drive cycle discharges; an excursion without net charge is other', async () => {
    const drive = records([discharge(1, 3600), discharge(1, 3600)]);
    for (const [index, row] of drive.entries()) {
      if (row.step_count === 1) row.current_ampere = index % 4 === 0 ? 0.5 : -1;
      else row.current_ampere = index % 2 === 0 ? 1 : -1;
    }
    const { steps } = await derived({ rows: drive });
    expect(steps.map(({ step_type }) => step_type)).toEqual(['discharge', 'other']);
  });

  test('an impedance sweep gives a cycle nothing', async () => {
    const rows = records([charge(), { ...rest(600), type: 'PEIS' }, discharge()]);
    for (const [index, row] of rows.entries()) {
      if (row.step_count === 2) row.current_ampere = index % 2 === 0 ? 0.5 : -0.5;
    }
    const { steps, cycles } = await derived({ rows });
    expect(steps[1]?.step_type).toBe('other');
    expect(cycles[0]?.charging_capacity_ah).toBeCloseTo(1, 12);
    expect(cycles[0]?.discharging_capacity_ah).toBeCloseTo(1, 12);
  });

  test('without current the counter tells', async () => {
    const rows = records(cycle(), { counters: 'step' }).map((row) => ({ ...row, current_ampere: null }));
    const { steps, cycles } = await derived({ rows }, { counters: 'step' });
    expect(steps.map(({ step_type }) => step_type)).toEqual(['charge', 'rest', 'discharge', 'rest']);
    expect(steps[0]?.charging_capacity_integrated_ah).toBeNull();
    expect(cycles[0]?.charging_capacity_ah).toBeCloseTo(1, 12);
  });
});

describe.concurrent('integrals', () => {
  test('stay inside the step and take no backward interval', async () => {
    const rows = records([charge(1, 3600), discharge(1, 3600)]);
    // The clock jumps a day between the steps and five minutes back inside the first.
    for (const row of rows) {
      if (row.step_count === 2) row.test_time_second = Number(row.test_time_second) + 86_400;
    }
    const back = rows[30];
    if (back !== undefined) back.test_time_second = Number(back.test_time_second) - 300;
    const { steps } = await derived({ rows });
    // The interval into record 31 runs backward and counts 0, the one out of it 360 s instead of 60 s.
    expect(steps[0]?.charging_capacity_integrated_ah).toBeCloseTo((3600 - 120 + 360) / 3600, 12);
    expect(steps[1]?.discharging_capacity_integrated_ah).toBeCloseTo(1, 12);
  });

  test('charge of a constant current and energy of a ramp are exact', async () => {
    const { steps } = await derived([charge(2, 1800, { volt: [3, 4] })]);
    expect(steps[0]?.capacity_ah).toBeCloseTo(1, 12);
    expect(steps[0]?.energy_wh).toBeCloseTo(3.5, 12);
    expect(steps[0]?.mean_voltage_volt).toBeCloseTo(3.5, 12);
    expect(steps[0]?.root_mean_square_current_ampere).toBeCloseTo(2, 12);
  });

  test('constant current ends where a step first reaches its voltage limit', async () => {
    const ramp = records([charge(1, 3600, { volt: [3, 4.2] })]);
    const hold = records([charge(1, 3600, { volt: [4.2, 4.2], endCurrent: 0.05 })]);
    const rows = [
      ...ramp,
      ...hold.slice(1).map((row, index) => ({
        ...row,
        record_index: ramp.length + index + 1,
        test_time_second: 3600 + Number(row.test_time_second),
      })),
    ];
    const { steps, cycles } = await derived({ rows });
    expect(steps).toHaveLength(1);
    expect(steps[0]?.constant_current_capacity_ah).toBeCloseTo(1, 12);
    expect(cycles[0]?.constant_current_share).toBeCloseTo(1 / (1 + 0.525), 12);
  });
});
