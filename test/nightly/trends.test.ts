import { describe, expect, it } from 'vitest';
import { type LifeCycle, trendBreaks } from '../../src/digest/trends.js';

/** Repeatable noise of standard deviation 1, by the sum of twelve. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, next).reduce((sum, value) => sum + value, -6);
}

/** A cell that fades by 0.1 % per cycle with a scatter of 0.1 %; what `change` does to a cycle is on top. */
function life(
  seed: number,
  cycles: number,
  firstNew: number,
  change: (cycle: number) => Partial<LifeCycle> = () => ({}),
): LifeCycle[] {
  const random = noise(seed);
  return Array.from({ length: cycles }, (_, at) => ({
    cell_id: 'A',
    cell_cycle: at + 1,
    label: 'ageing',
    mean_current_ampere: 0.5,
    mean_temperature_celsius: 25,
    is_new: at + 1 >= firstNew,
    coulombic_efficiency: 0.998 + 0.0002 * random(),
    discharging_capacity_ah: 2 * (1 - 0.001 * at) * (1 + 0.001 * random()),
    ...change(at + 1),
  }));
}

describe('cells that leave their own trend', () => {
  it('a cell that fades as it did has not: at most 1 in 200 of such cells is named', () => {
    const named = Array.from({ length: 400 }, (_, seed) => trendBreaks(life(seed + 1, 60, 55)).breaks).filter(
      ({ length }) => length > 0,
    );
    expect(named.length).toBeLessThanOrEqual(2);
  });

  it('a capacity that falls away is named, with what the trend says', () => {
    const { breaks } = trendBreaks(
      life(1, 60, 55, (cycle) => (cycle > 57 ? { discharging_capacity_ah: 1.8 } : {})),
    );
    expect(breaks).toMatchObject([{ quantity: 'discharging_capacity_ah', cell_cycle: 60, value: 1.8 }]);
    expect(breaks[0]!.expected).toBeCloseTo(2 * (1 - 0.059), 1);
    expect(breaks[0]!.deviation).toBeLessThan(-5);
    expect(breaks[0]).toMatchObject({ judged_cycles: 3, earlier_cycles: 30 });
  });

  it('an efficiency that drops is named; one bad cycle among good ones is not', () => {
    const drop = trendBreaks(life(2, 40, 38, (cycle) => (cycle >= 38 ? { coulombic_efficiency: 0.98 } : {})));
    expect(drop.breaks.map(({ quantity }) => quantity)).toEqual(['coulombic_efficiency']);
    const blip = trendBreaks(life(2, 40, 36, (cycle) => (cycle === 39 ? { coulombic_efficiency: 0.9 } : {})));
    expect(blip.breaks).toEqual([]);
  });

  it('outliers in the past do not hide it, and a slope is no departure', () => {
    const past = (cycle: number) => (cycle % 9 === 0 && cycle < 36 ? { discharging_capacity_ah: 1 } : {});
    expect(trendBreaks(life(3, 40, 38, past)).breaks).toEqual([]);
    const both = (cycle: number) => (cycle >= 38 ? { discharging_capacity_ah: 1.85 } : past(cycle));
    expect(trendBreaks(life(3, 40, 38, both)).breaks).toHaveLength(1);
  });

  it('only cycles of the same kind, current and temperature are compared', () => {
    const slow = (cycle: number): Partial<LifeCycle> =>
      cycle >= 38 ? { mean_current_ampere: 0.1, discharging_capacity_ah: 2.3 } : {};
    expect(trendBreaks(life(4, 40, 38, slow))).toEqual({ breaks: [], isJudged: false });
    const cold = (cycle: number): Partial<LifeCycle> =>
      cycle >= 38 ? { mean_temperature_celsius: 0, discharging_capacity_ah: 1.2 } : {};
    expect(trendBreaks(life(4, 40, 38, cold)).breaks).toEqual([]);
  });

  it('fewer than eight earlier cycles are no trend; values that repeat exactly do not make it infinitely sharp', () => {
    expect(trendBreaks(life(5, 10, 8))).toEqual({ breaks: [], isJudged: false });
    const exact = (cycle: number) => ({
      discharging_capacity_ah: cycle >= 38 ? 1.999 : 2,
      coulombic_efficiency: 1,
    });
    expect(trendBreaks(life(6, 40, 38, exact))).toEqual({ breaks: [], isJudged: true });
  });
});
