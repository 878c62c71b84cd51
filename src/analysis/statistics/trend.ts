import { type EffectiveSize, effectiveSize, neweyWestLag, neweyWestSlopeError } from './autocorrelation.js';
import { fitLine, type LineFit } from './linear-regression.js';

/** Standard error of a straight line's slope, from residuals that may be correlated. */
export interface SlopeError extends EffectiveSize {
  newey_west_lag: number;
  slope_se_ols: number;
  slope_se_newey_west: number;
  slope_se_ar1: number;
  /** The largest of the three errors, NaN without a degree of freedom. */
  slope_se: number;
  dof: number;
}

export interface Trend extends SlopeError {
  line: LineFit;
}

/** Residuals this small compared with the values are rounding errors, whose correlation means nothing. */
const ROUNDING = 1e-12;

/**
 * Straight line through a series whose residuals are correlated, with the error of `slopeError`.
 *
 * @param independent whether the points are so few and so far apart that no correlation is expected or can be
 *   estimated
 */
export function fitTrend(x: ArrayLike<number>, y: ArrayLike<number>, independent = false): Trend {
  const line = fitLine(x, y);
  let largest = 0;
  for (let i = 0; i < y.length; i++) largest = Math.max(largest, Math.abs(y[i] as number));
  const uncorrelated = independent || !(line.residual_sd > ROUNDING * largest);
  return { line, ...slopeError(x, line.residuals, 2, uncorrelated) };
}

/**
 * Standard error of the slope of a line over x whose noise is `residuals`: the largest of OLS, Newey–West and the
 * AR(1) one, se_OLS·√((1 + r)/(1 − r)) with the bias-corrected r; it is used with t of max(n_eff − 2, 1) degrees of
 * freedom. The residuals may come from another law than the line: where the line has the wrong shape, its own
 * residuals contain the misfit, which is not noise.
 * Sources: W. K. Newey & K. D. West, Econometrica 55 (1987) 703; F. H. C. Marriott & J. A. Pope, Biometrika 41 (1954)
 * 390.
 *
 * @param coefficients fitted by the law that left the residuals; 2 for the line itself
 * @param independent whether no correlation is estimated
 */
export function slopeError(
  x: ArrayLike<number>,
  residuals: ArrayLike<number>,
  coefficients: number,
  independent = false,
): SlopeError {
  const n = x.length;
  const resolved = n > coefficients;
  let centre = 0;
  for (let i = 0; i < n; i++) centre += (x[i] as number) / n;
  let sxx = 0;
  let sse = 0;
  for (let i = 0; i < n; i++) {
    sxx += ((x[i] as number) - centre) ** 2;
    sse += (residuals[i] as number) ** 2;
  }
  const size = independent
    ? { rho1: 0, rho1_bias_corrected: 0, inflation: 1, n_eff: n }
    : effectiveSize(residuals, 2);
  const slope_se_ols = resolved ? Math.sqrt(sse / (n - coefficients) / sxx) : Number.NaN;
  const newey_west_lag = neweyWestLag(n);
  const slope_se_newey_west = resolved ? neweyWestSlopeError(x, residuals, newey_west_lag) : Number.NaN;
  const slope_se_ar1 = slope_se_ols * Math.sqrt(size.inflation);
  return {
    ...size,
    newey_west_lag,
    slope_se_ols,
    slope_se_newey_west,
    slope_se_ar1,
    slope_se: Math.max(slope_se_ols, slope_se_newey_west, slope_se_ar1),
    dof: resolved ? Math.max(size.n_eff - 2, 1) : 0,
  };
}
