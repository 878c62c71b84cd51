import { describe, expect, it } from 'vitest';
import { coulombicEfficiency } from '../../../src/analysis/coulombic-efficiency/index.js';
import {
  capacityPer,
  dcResistance,
  differentialCapacity,
  energyEfficiency,
  integrateStep,
  meanVoltage,
  normaliseLabels,
  type Records,
  reportedCapacity,
  voltageFade,
  voltageHysteresis,
} from '../../../src/analysis/cycling/index.js';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';
import { hasGolden, sayIfAbsent } from '../../shared-data.js';
import { expectFigures, expectNear, type GoldenCase, goldenCases } from '../golden-figures.js';

sayIfAbsent(hasGolden, 'golden values');

type Row = [number, number, string, number, number];

function recordsOf(rows: Row[]): Records {
  return {
    test_time_second: rows.map((row) => row[0]),
    current_ampere: rows.map((row) => row[3]),
    voltage_volt: rows.map((row) => row[4]),
  };
}

function integrate(rows: Row[]) {
  const { test_time_second, current_ampere, voltage_volt } = recordsOf(rows);
  return integrateStep(test_time_second, current_ampere, voltage_volt);
}

describe('the analytic cycle of the reference', () => {
  it.each(goldenCases('cyc-', 'cycle-summary-analytic'))('%s', (_id, reference: GoldenCase) => {
    const { data, metadata, expected, tolerance } = reference;
    const steps = new Map<number, Row[]>();
    for (const row of data.rows as Row[]) steps.set(row[1], [...(steps.get(row[1]) ?? []), row]);
    const all = [...steps.values()].map((rows) => ({ rows, ...integrate(rows) }));
    const sum = (direction: 1 | -1, name: 'capacity_ah' | 'energy_wh') =>
      all.reduce((total, step) => total + Math.max(direction * step[name], 0), 0);
    const q_chg_Ah = sum(1, 'capacity_ah');
    const q_dis_Ah = sum(-1, 'capacity_ah');
    const e_chg_Wh = sum(1, 'energy_wh');
    const e_dis_Wh = sum(-1, 'energy_wh');
    const mean_v_chg = meanVoltage(e_chg_Wh, q_chg_Ah);
    const mean_v_dis = meanVoltage(e_dis_Wh, q_dis_Ah);
    const found = {
      q_chg_Ah,
      q_dis_Ah,
      e_chg_Wh,
      e_dis_Wh,
      ce: coulombicEfficiency('full', q_chg_Ah, q_dis_Ah).value,
      energy_efficiency: energyEfficiency(e_dis_Wh, e_chg_Wh),
      mean_v_chg,
      mean_v_dis,
      voltage_hysteresis: voltageHysteresis(mean_v_chg, mean_v_dis),
    };
    expectFigures(found, expected.analytic, () => ({ relative: tolerance.analytic_rel }));
    const { rel_error_q: _unused, ...trapezoid } = expected.trapezoid;
    expectFigures(found, trapezoid, () => ({ relative: tolerance.trapezoid_rel }));
    const perGram = capacityPer(q_dis_Ah, metadata.active_mass_mg / 1000)?.value;
    const perArea = capacityPer(q_dis_Ah, metadata.electrode_area_cm2)?.value;
    expectNear(perGram, expected.q_dis_mAh_g, { relative: tolerance.analytic_rel }, 'per gram');
    expectNear(perArea, expected.q_dis_mAh_cm2, { relative: tolerance.analytic_rel }, 'per area');

    const load = all.findIndex((step) => step.capacity_ah < 0);
    const rest = recordsOf((all[load - 1] as (typeof all)[number]).rows);
    const { resistances } = dcResistance(rest, recordsOf((all[load] as (typeof all)[number]).rows));
    expectNear(resistances[0]?.resistance_ohm, expected.ir_drop.R_ohm, { relative: 1e-6 }, 'dc resistance');
  });
});

describe('dc resistance', () => {
  const rest: Records = { test_time_second: [0, 20], current_ampere: [0, 0], voltage_volt: [4, 4] };
  /** A load of −2 A whose voltage falls by 0.1 V at once and 10 mV/s after. */
  const loadAt = (times: number[]): Records => ({
    test_time_second: times.map((t) => 20 + t),
    current_ampere: times.map(() => -2),
    voltage_volt: times.map((t) => 3.9 - 0.01 * t),
  });

  it('belongs to its delay', () => {
    const { resistances, warnings } = dcResistance(rest, loadAt([0.1, 0.5, 1.5, 5, 10, 20, 40]));
    const expected = [(0.1 + 0.001) / 2, (0.1 + 0.01) / 2, (0.1 + 0.1) / 2, (0.1 + 0.3) / 2];
    for (const [i, row] of resistances.entries()) {
      expect(row.resistance_ohm).toBeCloseTo(expected[i] as number, 10);
    }
    expect(resistances.map((row) => row.delta_second)).toEqual([expect.closeTo(0.1, 9), 1, 10, 30]);
    expect(warnings).toEqual([]);
  });

  it('is null where no record is near enough', () => {
    const { resistances, warnings } = dcResistance(rest, loadAt([5, 10, 15]));
    expect(resistances.map((row) => row.resistance_ohm === null)).toEqual([false, true, false, true]);
    expect(warnings[0]?.code).toBe('DCIR_RESOLUTION');
    expect(warnings[0]?.message).toContain('1 s, 30 s');
  });

  it('wants a rest of 10 s and the set current', () => {
    const short: Records = { ...rest, test_time_second: [12, 20] };
    expect(dcResistance(short, loadAt([1, 10])).resistances[1]?.reason).toContain('10 s are needed');
    const ramp = { ...loadAt([0.5, 1, 10, 30]), current_ampere: [-1, -2, -2, -2] };
    const { resistances } = dcResistance(rest, ramp);
    expect(resistances[0]?.reason).toContain('set value');
    expect(resistances[1]?.resistance_ohm).toBeGreaterThan(0);
  });

  it('has nothing to say about an empty step', () => {
    const none: Records = { test_time_second: [], current_ampere: [], voltage_volt: [] };
    expect(dcResistance(none, loadAt([1])).resistances.every((row) => row.resistance_ohm === null)).toBe(
      true,
    );
    expect(dcResistance(rest, none).resistances.every((row) => row.resistance_ohm === null)).toBe(true);
  });
});

describe('capacities', () => {
  it('are not given per gram of nothing', () => {
    expect(capacityPer(1, null)).toBeNull();
    expect(capacityPer(1, 0)).toBeNull();
    expect(capacityPer(0.002, 0.01, 0.003, 0.05)).toEqual({
      value: 200,
      u_relative: Math.hypot(0.003, 0.05),
    });
  });
  it('are reported as the median of the first five ageing cycles', () => {
    const labels = normaliseLabels(
      ['formation', 'ageing', 'ageing', 'check-up', 'ageing', 'ageing', 'ageing', 'ageing'],
      8,
    );
    expect(reportedCapacity([300, 200, 201, 250, 202, 150, 199, 260], labels)).toEqual({
      value: 200,
      n: 5,
      maximum: 260,
    });
    expect(reportedCapacity([300], ['formation'])).toBeNull();
  });
  it('need an energy and a charge', () => {
    expect(energyEfficiency(1, 0)).toBeNull();
    expect(meanVoltage(null, 1)).toBeNull();
    expect(voltageHysteresis(3.7, null)).toBeNull();
  });
});

it('labels are read in the spellings of plain files', () => {
  expect(normaliseLabels(['Aging cycle', 'Capacity check', 'HPPC', null, 'something'], 5)).toEqual([
    'ageing',
    'checkup',
    'pulse',
    null,
    null,
  ]);
  expect(normaliseLabels([null, 'formation'], 2)).toEqual(['ageing', 'formation']);
});

it('voltage fade finds the slope in mV per cycle', () => {
  const normal = normalDeviates(mulberry32(4));
  const cycle = Array.from({ length: 100 }, (_, i) => i + 1);
  const fade = voltageFade(
    cycle,
    cycle.map((c) => 3.6 - 0.0012 * c + 0.001 * normal()),
  );
  expect(fade?.value).toBeCloseTo(-1.2, 1);
  expect(fade?.ci95_low).toBeLessThan(-1.2);
  expect(fade?.ci95_high).toBeGreaterThan(-1.2);
  expect(voltageFade([1, 2], [3, 3])).toBeNull();
});

describe('dQ/dV', () => {
  /** Charge over voltage with a plateau: Q rises as a smooth step at 3.7 V. */
  const volts = Array.from({ length: 2001 }, (_, i) => 3 + i * 0.0005);
  const charge = volts.map((v) => 0.2 * (v - 3) + 1 / (1 + Math.exp(-(v - 3.7) / 0.01)));

  it('peaks at the plateau and holds all the charge', () => {
    const { voltage_volt, dq_dv_ah_per_volt } = differentialCapacity(volts, charge);
    const peak = dq_dv_ah_per_volt.indexOf(Math.max(...dq_dv_ah_per_volt));
    expect(Math.abs((voltage_volt[peak] as number) - 3.7)).toBeLessThan(0.006);
    expect(dq_dv_ah_per_volt[peak]).toBeGreaterThan(24);
    const total = dq_dv_ah_per_volt.reduce((sum, value) => sum + value * 0.005, 0);
    expect(total).toBeCloseTo((charge.at(-1) as number) - (charge[0] as number), 10);
  });

  it('survives a voltage that turns back or stands still', () => {
    const normal = normalDeviates(mulberry32(9));
    const noisy = volts.map((v) => v + 0.002 * normal());
    noisy[500] = noisy[499] as number;
    const { dq_dv_ah_per_volt } = differentialCapacity(noisy, charge);
    const total = dq_dv_ah_per_volt.reduce((sum, value) => sum + value * 0.005, 0);
    expect(total).toBeCloseTo((charge.at(-1) as number) - (charge[0] as number), 10);
    expect(dq_dv_ah_per_volt.every((value) => Number.isFinite(value))).toBe(true);
    expect(differentialCapacity([], []).voltage_volt.length).toBe(0);
  });
});
