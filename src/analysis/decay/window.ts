import { sumOfSquares } from '../statistics/descriptive.js';
import { NO_BOUNDS } from '../statistics/intervals.js';
import { type SlopeError, slopeError } from '../statistics/trend.js';
import { compareFadeLaws, type RelativeNoise } from './adequacy.js';
import { decayEstimate, decayRow } from './estimate.js';
import { findKnee } from './knee.js';
import { fitLogLinear } from './log-linear.js';
import { fitExponential } from './nonlinear.js';
import { fitRecentDecay } from './recent.js';
import { fitRobust } from './robust.js';
import type { DecayEstimate, LogOls, RobustFits, WindowAnalysis } from './types.js';

/** Fewer check-ups than this give a rate without an interval. */
export const MINIMUM_CHECKUPS = 4;
/** Fewer check-ups than this are taken as independent; for more of them the correlation is estimated. */
const CORRELATED_CHECKUPS = 10;

/** How a window is analysed. */
export interface WindowOptions {
  /** Whether the points are check-ups: few and far apart. */
  spaced: boolean;
  /** Half width of slow changes, a fraction of the capacity. */
  wander: number;
}

/** D of one window of at least three cycles, with the fits that it was chosen from. */
export function estimateWindow(n: Float64Array, capacity: Float64Array, { spaced, wander }: WindowOptions) {
  const independent = spaced && n.length < CORRELATED_CHECKUPS;
  const log_ols = fitLogLinear(n, capacity, independent);
  const robust = fitRobust(n, capacity, log_ols);
  const exponential = fitExponential(n, capacity, log_ols);
  const { comparison, noise } = compareFadeLaws(n, capacity, exponential);
  const { slope, error, method } = reported(n, { log_ols, robust, noise, independent });
  return {
    log_ols,
    robust,
    exponential,
    comparison,
    noise,
    method,
    estimate: decayEstimate(slope, error, n, wander),
  };
}

/** All estimates on one window of cycles; at least three of them. */
export function analyseWindow(n: Float64Array, capacity: Float64Array, how: WindowOptions): WindowAnalysis {
  const { log_ols, robust, exponential, comparison, noise, method, estimate } = estimateWindow(
    n,
    capacity,
    how,
  );
  const unresolved = n.length < 3 || (how.spaced && n.length < MINIMUM_CHECKUPS);
  const row = decayRow(estimate, 'D', method);
  const kept = withoutPassingOutliers(n, capacity, robust);
  const knee = findKnee(kept.n, kept.capacity);
  return {
    n: n.length,
    log_ols,
    robust,
    exponential,
    model_comparison: comparison,
    knee,
    judged_knee:
      noise !== null && knee !== null && sumOfSquares(noise.residuals) <= knee.sse_hinge ? null : knee,
    estimate: unresolved ? withoutBounds(estimate) : estimate,
    recent: fitRecentDecay(kept.n, kept.capacity, how.wander),
    D: unresolved ? { ...row, ...NO_BOUNDS, status: 'warn' } : row,
  };
}

/**
 * The points without outliers, where these change D. Outliers that include the last point are kept: only later cycles
 * show whether the cell is dying or was interrupted.
 */
function withoutPassingOutliers(n: Float64Array, capacity: Float64Array, robust: RobustFits) {
  if (!robust.huber_reported) return { n, capacity };
  const outliers = new Set(robust.outliers);
  for (let i = n.length - 1; outliers.delete(i); i--);
  const isKept = (_: number, i: number) => !outliers.has(i);
  return { n: n.filter(isKept), capacity: capacity.filter(isKept) };
}

interface ReportedSlope {
  slope: number;
  error: Pick<SlopeError, 'slope_se' | 'rho1' | 'rho1_bias_corrected' | 'n_eff' | 'dof'>;
  method: string;
}

interface Fits {
  log_ols: LogOls;
  robust: RobustFits;
  /** Noise about the law that replaces the exponential. */
  noise: RelativeNoise | null;
  independent: boolean;
}

/** Which slope stands for the window, and from which residuals its error is taken. */
function reported(n: Float64Array, { log_ols, robust, noise, independent }: Fits): ReportedSlope {
  const { inlier_ols } = robust;
  if (robust.huber_reported && inlier_ols !== null) {
    const method = 'Huber on ln Q, error from the points that are not outliers';
    return { slope: robust.huber.slope, error: errorOf(inlier_ols), method };
  }
  if (noise !== null) {
    const method = 'least squares of ln Q, average over the window; error from the law that fits better';
    return { slope: log_ols.slope, error: slopeError(n, noise.residuals, noise.coefficients), method };
  }
  const method = independent
    ? 'least squares of ln Q, check-ups taken as independent'
    : 'least squares of ln Q, largest of three errors';
  return { slope: log_ols.slope, error: errorOf(log_ols), method };
}

/** The error of the slope of a line through ln Q. */
export function errorOf(line: LogOls): ReportedSlope['error'] {
  return { ...line, slope_se: line.D_se_reported / Math.exp(line.slope), dof: line.dof_eff };
}

function withoutBounds(estimate: DecayEstimate): DecayEstimate {
  return {
    ...estimate,
    ci95_statistical: [null, null],
    ci95: [null, null],
    lower95: null,
    upper95: null,
    upper99: null,
  };
}
