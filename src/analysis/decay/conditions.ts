/** Changes of the conditions of cycling in the middle of a series, which move its capacity without ageing it. */
import { median } from '../statistics/descriptive.js';

/** What sets the capacity of a cycle besides ageing, an entry per cycle; null where it is not known. */
export interface CycleConditions {
  charging_c_rate: readonly (number | null)[];
  discharging_c_rate: readonly (number | null)[];
  maximum_voltage_volt: readonly (number | null)[];
  minimum_voltage_volt: readonly (number | null)[];
  mean_temperature_celsius: readonly (number | null)[];
}

/** Cycles on either side of a change that have to agree with each other. */
const SIDE = 5;

/** From which difference on a condition is another one: rates as a share, voltages in V, temperatures in K. */
const differences: Record<keyof CycleConditions, { least: number; scale: (value: number) => number }> = {
  charging_c_rate: { least: 0.05, scale: Math.log },
  discharging_c_rate: { least: 0.05, scale: Math.log },
  maximum_voltage_volt: { least: 0.02, scale: Number },
  minimum_voltage_volt: { least: 0.02, scale: Number },
  mean_temperature_celsius: { least: 3, scale: Number },
};

/** Median and spread of the values on one side; undefined where there are too few or one is not known. */
function sideOf(values: readonly (number | null)[]): { middle: number; spread: number } | undefined {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length < SIDE) return undefined;
  return { middle: median(known), spread: Math.max(...known) - Math.min(...known) };
}

/**
 * Positions at which cycling went on under other conditions: the medians of five cycles before and five after differ by
 * more than 5 % in a rate, 20 mV in an end voltage or 3 K, and by more than twice what either side spreads. A slow
 * drift is no change.
 *
 * @param cycles positions of the cycles that are compared, in their order
 */
export function conditionChanges(conditions: CycleConditions, cycles: readonly number[]): number[] {
  const scaled = (Object.keys(differences) as (keyof CycleConditions)[]).map((name) => {
    const { least, scale } = differences[name];
    const values = cycles.map((at) => conditions[name][at] ?? null);
    return { least, values: values.map((value) => (value === null ? null : scale(value))) };
  });
  return cycles.filter((_, at) =>
    scaled.some(({ least, values }) => {
      const before = sideOf(values.slice(Math.max(0, at - SIDE), at));
      const after = sideOf(values.slice(at, at + SIDE));
      if (before === undefined || after === undefined) return false;
      return Math.abs(after.middle - before.middle) > Math.max(least, 2 * (before.spread + after.spread));
    }),
  );
}

/**
 * Capacities as if the conditions had not changed: in ln Q each block between changes has a level of its own and all
 * have one slope (analysis of covariance; N. R. Draper & H. Smith, *Applied Regression Analysis*, 3rd ed., ch. 14); the
 * levels are brought to that of the first block.
 *
 * @param n cycle of each capacity, increasing
 * @param capacity of each, any unit, above 0
 * @param starts positions at which a block begins
 */
export function withoutLevels(
  n: readonly number[],
  capacity: readonly number[],
  starts: readonly number[],
): number[] {
  const edges = [0, ...starts.filter((start) => start > 0), n.length];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const blocks = edges.slice(1).map((end, k) => {
    const [from, to] = [edges[k] as number, end];
    const [x, y] = [n.slice(from, to), capacity.slice(from, to).map(Math.log)];
    return { x, y, meanX: mean(x), meanY: mean(y) };
  });
  let [product, square] = [0, 0];
  for (const { x, y, meanX, meanY } of blocks) {
    for (const [i, value] of x.entries()) {
      product += (value - meanX) * ((y[i] as number) - meanY);
      square += (value - meanX) ** 2;
    }
  }
  const slope = product / square;
  const levels = blocks.map(({ meanX, meanY }) => meanY - slope * meanX);
  return blocks.flatMap(({ y }, k) =>
    y.map((value) => Math.exp(value - (levels[k] as number) + (levels[0] as number))),
  );
}
