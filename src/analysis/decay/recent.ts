import { fitLine, leastSquares } from '../statistics/linear-regression.js';
import { slopeError } from '../statistics/trend.js';
import { decayEstimate } from './estimate.js';
import type { RecentDecay } from './types.js';

const MINIMUM_WINDOW = 100;
const MINIMUM_SPAN = 50;
const MINIMUM_POINTS = 20;

/**
 * D over the last third of the cycles spanned, 50 cycles at least: the rate at which the cell fades now. The error is
 * taken from the residuals of a parabola, because a bend within the third is not noise.
 *
 * @param n cycles since the first included one, increasing
 * @param capacity positive
 * @param wander half width of slow changes, a fraction of the capacity
 * @returns null for a window of fewer than 100 cycles, or with fewer than 20 points in its last third
 */
export function fitRecentDecay(
  n: ArrayLike<number>,
  capacity: ArrayLike<number>,
  wander: number,
): RecentDecay | null {
  const last = n[n.length - 1] as number;
  const spanned = last - (n[0] as number) + 1;
  if (spanned < MINIMUM_WINDOW) return null;
  const begin = last - Math.max(MINIMUM_SPAN, spanned / 3);
  const used = Array.from(n, (_, i) => i).filter((i) => (n[i] as number) > begin);
  if (used.length < MINIMUM_POINTS) return null;
  const x = Float64Array.from(used, (i) => n[i] as number);
  const y = Float64Array.from(used, (i) => Math.log(capacity[i] as number));
  const line = fitLine(x, y);
  const scaled = x.map((cycles) => (cycles - line.x_mean) / (last - begin));
  const parabola = leastSquares([x.map(() => 1), scaled, scaled.map((v) => v * v)], y);
  const estimate = decayEstimate(line.slope, slopeError(x, parabola.residuals, 3), x, wander);
  return { ...estimate, first_n: x[0] as number };
}
