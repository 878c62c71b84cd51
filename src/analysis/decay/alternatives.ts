/** D under other defensible choices of estimator, window and points. */
import { decayEstimate } from './estimate.js';
import { fitLogLinear } from './log-linear.js';
import type { DecayEstimate, OtherDecay, WindowAnalysis } from './types.js';
import { errorOf, estimateWindow, type WindowOptions } from './window.js';

/** Points at the beginning that may still belong to the formation. */
const FIRST_POINTS = 5;
/** Fewer points than this say nothing about a rate. */
const FEWEST_POINTS = 5;

/** The estimator that is not reported, if its value differs by more than a standard error. */
function otherEstimator(n: Float64Array, window: WindowAnalysis, wander: number): OtherDecay[] {
  const { robust, log_ols, estimate } = window;
  const [alternative, slope, line] = robust.huber_reported
    ? ['least squares instead of Huber', log_ols.slope, log_ols]
    : ['Huber instead of least squares', robust.huber.slope, robust.inlier_ols ?? log_ols];
  if (!(Math.abs(slope - estimate.slope) > estimate.slope_se)) return [];
  return [{ choice: 'estimator', alternative, estimate: decayEstimate(slope, errorOf(line), n, wander) }];
}

function ofWindow(alternative: string, from: number, points: Points, how: WindowOptions): OtherDecay[] {
  const n = points.n.slice(from);
  if (from === 0 || n.length < FEWEST_POINTS) return [];
  const { estimate } = estimateWindow(n, points.capacity.slice(from), how);
  return [{ choice: 'window', alternative, estimate }];
}

interface Points {
  n: Float64Array;
  capacity: Float64Array;
}

/** Without the points that lie more than five robust scales from the line. */
function withoutOutliers({ n, capacity }: Points, { robust }: WindowAnalysis, wander: number): OtherDecay[] {
  const outliers = new Set(robust.outliers);
  const isKept = (_: number, i: number) => !outliers.has(i);
  const kept = n.filter(isKept);
  if (outliers.size === 0 || kept.length < FEWEST_POINTS) return [];
  const line = fitLogLinear(kept, capacity.filter(isKept));
  const estimate = decayEstimate(line.slope, errorOf(line), kept, wander);
  return [{ choice: 'points', alternative: 'without outliers', estimate }];
}

const isUsable = ({ D, slope_se }: DecayEstimate) => Number.isFinite(D) && Number.isFinite(slope_se);

/**
 * D of a judged window under the choices that nothing in the data decides.
 * Source of the list: the choices that laboratories make differently when they report a fade rate.
 *
 * @param n cycles of the judged window, increasing
 * @param capacity of each, any unit
 * @param window the judged analysis of the same points
 */
export function otherDecays(
  n: Float64Array,
  capacity: Float64Array,
  window: WindowAnalysis,
  how: WindowOptions,
): OtherDecay[] {
  if (n.length < FEWEST_POINTS) return [];
  const points = { n, capacity };
  const first = n[0] as number;
  const late = first + ((n.at(-1) as number) - first) / 3;
  return [
    ...otherEstimator(n, window, how.wander),
    ...(how.spaced ? [] : ofWindow('from the sixth ageing cycle on', FIRST_POINTS, points, how)),
    ...ofWindow(
      'the last two thirds',
      n.findIndex((cycle) => cycle >= late),
      points,
      how,
    ),
    ...withoutOutliers(points, window, how.wander),
  ].filter(({ estimate }) => isUsable(estimate));
}
