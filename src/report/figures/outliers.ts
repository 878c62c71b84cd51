import { median } from '../../analysis/statistics/descriptive.js';

/** A value sets the scale only up to this distance from the middle, in half ranges of the ordinary values. */
const REACH = 4;
/** Values that hardly differ still need space for their neighbours. */
const LEAST_SHARE = 0.01;

/** Whether a value lies near enough to ordinary ones to be shown to scale with them. */
export function isCalm(value: number, ordinary: readonly number[]): boolean {
  if (ordinary.length === 0) return true;
  const middle = median(ordinary as number[]);
  const half = Math.max(
    ...ordinary.map((one) => Math.abs(one - middle)).filter(Number.isFinite),
    LEAST_SHARE * Math.abs(middle),
  );
  return Math.abs(value - middle) <= REACH * half;
}
