import { type Quantity, quantity } from '../result.js';
import { NO_BOUNDS } from '../statistics/intervals.js';
import { compareFadeLaws } from './adequacy.js';
import { findKnee } from './knee.js';
import { decayBounds, fitLogLinear } from './log-linear.js';
import { fitExponential } from './nonlinear.js';
import { fitRobust } from './robust.js';
import type { LogOls, RobustFits, WindowAnalysis } from './types.js';

/** Fewer check-ups give a rate without an interval. */
export const MINIMUM_CHECKUPS = 4;

/** All estimates on one window of cycles; at least three of them. */
export function analyseWindow(n: Float64Array, capacity: Float64Array, spaced: boolean): WindowAnalysis {
  const log_ols = fitLogLinear(n, capacity, spaced);
  const robust = fitRobust(n, capacity, log_ols);
  const exponential = fitExponential(n, capacity, log_ols);
  return {
    n: n.length,
    log_ols,
    robust,
    exponential,
    model_comparison: compareFadeLaws(n, capacity, exponential),
    knee: findKnee(n, capacity),
    D: reportedDecay(log_ols, robust, spaced),
  };
}

function reportedDecay(ols: LogOls, robust: RobustFits, spaced: boolean): Quantity {
  const { inlier_ols } = robust;
  if (robust.huber_reported && inlier_ols !== null) {
    const { slope, D } = robust.huber;
    const error = inlier_ols.D_se_reported;
    return decayQuantity(
      D,
      slope,
      error,
      inlier_ols,
      'Huber on ln Q, error from the points that are no outliers',
    );
  }
  const method = spaced
    ? 'least squares of ln Q, check-ups taken as independent'
    : 'least squares of ln Q, largest of three errors';
  const row = decayQuantity(ols.D, ols.slope, ols.D_se_reported, ols, method);
  return spaced && ols.n < MINIMUM_CHECKUPS ? { ...row, ...NO_BOUNDS, status: 'warn' } : row;
}

function decayQuantity(D: number, slope: number, error: number, source: LogOls, method: string): Quantity {
  const resolved = source.n > 2;
  const bounds = decayBounds(slope, error / Math.exp(slope), source.dof_eff);
  return quantity({
    quantity: 'D',
    value: D,
    unit: '1/cycle',
    standard_error: resolved ? error : null,
    ...bounds,
    n: source.n,
    dof: source.dof_eff,
    n_eff: source.n_eff,
    method,
    status: source.n_eff < 5 ? 'warn' : 'ok',
  });
}
