import { median } from '../statistics/descriptive.js';

const END_OF_LIFE_SHARE = 0.8;

/** Medians of the first five and the last five included cycles; a single bad cycle does not change them. */
export interface EndPoints {
  initial_capacity_median5: number;
  capacity_retention_last: number;
  /** 1 − (last/first)^{1/Δn}: a plausibility figure beside the fits; null where the ends coincide. */
  endpoint_mean_D: number | null;
}

export function endPoints(n: ArrayLike<number>, capacity: ArrayLike<number>): EndPoints {
  const cycles = Array.from(n);
  const values = Array.from(capacity);
  const initial = median(values.slice(0, 5));
  const retention = median(values.slice(-5)) / initial;
  const between = median(cycles.slice(-5)) - median(cycles.slice(0, 5));
  return {
    initial_capacity_median5: initial,
    capacity_retention_last: retention,
    endpoint_mean_D: between > 0 ? -Math.expm1(Math.log(retention) / between) : null,
  };
}

/**
 * Index of the first cycle from which the running median of five stays below 80 % of the initial capacity; null if
 * that has not happened. Single cycles (interrupted, or after a rest) fall below too easily.
 */
export function endOfLifeIndex(capacity: ArrayLike<number>, initial: number): number | null {
  const values = Array.from(capacity);
  let index: number | null = null;
  for (let i = values.length - 1; i >= 0; i--) {
    const running = median(values.slice(Math.max(0, i - 2), i + 3));
    if (running >= END_OF_LIFE_SHARE * initial) break;
    index = i;
  }
  return index;
}

/** Index of the first single cycle below 80 % of the initial capacity; shown, never judged. */
export function firstBelow80(capacity: ArrayLike<number>, initial: number): number | null {
  const index = Array.from(capacity).findIndex((value) => value < END_OF_LIFE_SHARE * initial);
  return index < 0 ? null : index;
}

/** Constant fraction per cycle that leaves 80 % after `cycles`: 1 − 0.8^{1/n}. */
export function decayTo80(cycles: number): number {
  return -Math.expm1(Math.log(END_OF_LIFE_SHARE) / cycles);
}
