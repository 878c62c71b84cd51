import { describe, expect, it } from 'vitest';
import { type CycleConditions, conditionChanges, withoutLevels } from '../../../src/analysis/decay/index.js';

/** A capacity that moved because the conditions did is not taken for fade. */

const cycles = Array.from({ length: 40 }, (_, i) => i);
const steady = cycles.map(() => 1);
const conditions = (more: Partial<CycleConditions>): CycleConditions => ({
  charging_c_rate: steady,
  discharging_c_rate: steady,
  maximum_voltage_volt: steady,
  minimum_voltage_volt: steady,
  mean_temperature_celsius: cycles.map(() => null),
  ...more,
});
const from = (start: number, before: number, after: number) =>
  cycles.map((i) => (i < start ? before : after));

describe('a change of the conditions', () => {
  it.each<[string, Partial<CycleConditions>]>([
    ['the rate of the discharge', { discharging_c_rate: from(17, 1 / 3, 1 / 2) }],
    ['the upper limit', { maximum_voltage_volt: from(17, 4.8, 4.6) }],
    ['the temperature', { mean_temperature_celsius: from(17, 25, 30) }],
  ])('is found where it happened: %s', (_what, more) => {
    expect(conditionChanges(conditions(more), cycles)).toEqual([17]);
    expect(conditionChanges(conditions(more), cycles.slice(3))).toEqual([17]);
  });

  it.each<[string, Partial<CycleConditions>]>([
    ['a drift', { discharging_c_rate: cycles.map((i) => 1.012 ** i) }],
    ['every other cycle', { discharging_c_rate: cycles.map((i) => 1 + (i % 2)) }],
    [
      'end voltages of a coarse log',
      { maximum_voltage_volt: cycles.map((i) => 4.8 - 0.1 * Math.abs(Math.sin(37 * i))) },
    ],
    ['a temperature that is not known', {}],
  ])('is not seen in %s', (_what, more) => {
    expect(conditionChanges(conditions(more), cycles)).toEqual([]);
  });
});

it('each block keeps its slope and loses its level', () => {
  const fade = (i: number) => 300 * (1 - 5e-4) ** i;
  const moved = cycles.map((i) => fade(i) * (i < 12 ? 1 : i < 30 ? 0.93 : 1.04));
  const found = withoutLevels(cycles, moved, [12, 30]);
  for (const [i, capacity] of found.entries()) expect(capacity).toBeCloseTo(fade(i), 9);
});
