import { type EffectiveSize, effectiveSize, neweyWestLag, neweyWestSlopeError } from './autocorrelation.js';
import { fitLine, type LineFit } from './linear-regression.js';

export interface Trend extends EffectiveSize {
  line: LineFit;
  newey_west_lag: number;
  slope_se_newey_west: number;
  slope_se_ar1: number;
  /** The largest of the three errors, NaN without a degree of freedom. */
  slope_se: number;
  dof: number;
}

/** Residuals this small against the values are rounding, whose correlation means nothing. */
const ROUNDING = 1e-12;

/**
 * Straight line through a series whose residuals are correlated. The standard error of the slope is the largest of
 * OLS, Newey–West and the AR(1) one, se_OLS·√((1 + r)/(1 − r)) with the bias-corrected r; it goes with t of
 * max(n_eff − 2, 1) degrees of freedom.
 * Sources: W. K. Newey & K. D. West, Econometrica 55 (1987) 703; F. H. C. Marriott & J. A. Pope,
 * Biometrika 41 (1954) 390.
 *
 * @param independent points so far apart that no correlation can be expected, nor estimated from so few
 */
export function fitTrend(x: ArrayLike<number>, y: ArrayLike<number>, independent = false): Trend {
  const line = fitLine(x, y);
  let largest = 0;
  for (let i = 0; i < y.length; i++) largest = Math.max(largest, Math.abs(y[i] as number));
  const uncorrelated = independent || !(line.residual_sd > ROUNDING * largest);
  const size = uncorrelated
    ? { rho1: 0, rho1_bias_corrected: 0, inflation: 1, n_eff: line.n }
    : effectiveSize(line.residuals, 2);
  const newey_west_lag = neweyWestLag(line.n);
  const resolved = line.dof > 0;
  const slope_se_newey_west = resolved ? neweyWestSlopeError(x, line.residuals, newey_west_lag) : Number.NaN;
  const slope_se_ar1 = line.slope_se * Math.sqrt(size.inflation);
  return {
    ...size,
    line,
    newey_west_lag,
    slope_se_newey_west,
    slope_se_ar1,
    slope_se: Math.max(line.slope_se, slope_se_newey_west, slope_se_ar1),
    dof: resolved ? Math.max(size.n_eff - 2, 1) : 0,
  };
}
