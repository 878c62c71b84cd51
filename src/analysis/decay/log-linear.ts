import { durbinWatson } from '../statistics/autocorrelation.js';
import { type Bounds, boundsAround, mapBounds } from '../statistics/intervals.js';
import { runsTest } from '../statistics/runs-test.js';
import { fitTrend } from '../statistics/trend.js';
import type { LogOls } from './types.js';

/** Fraction lost per cycle from the slope of ln Q: D = 1 − e^β. */
export function decayOfSlope(slope: number): number {
  return -Math.expm1(slope);
}

export function decayBounds(slope: number, slopeError: number, dof: number): Bounds {
  return mapBounds(boundsAround(slope, slopeError, dof), decayOfSlope, 'decreasing');
}

/**
 * ln Q = ln Q₀ + n·ln(1 − D) by least squares: errors of a capacity are nearly proportional to it, and equal after
 * taking logarithms. Error and degrees of freedom are those of a trend with correlated residuals.
 *
 * @param n cycles since the first included one
 * @param capacity positive, any unit
 * @param spaced whether the points are check-ups: few and far apart, so that they are taken as independent
 */
export function fitLogLinear(n: ArrayLike<number>, capacity: ArrayLike<number>, spaced = false): LogOls {
  const trend = fitTrend(n, Float64Array.from(capacity, Math.log), spaced);
  const { line } = trend;
  const bounds = decayBounds(line.slope, trend.slope_se, trend.dof);
  const ols = decayBounds(line.slope, line.slope_se, line.dof);
  const remaining = Math.exp(line.slope);
  const D = decayOfSlope(line.slope);
  const observed_span = (n[n.length - 1] as number) - (n[0] as number);
  const n80 = cyclesTo80(line.slope);
  const life = mapBounds(
    boundsAround(line.slope, trend.slope_se, trend.dof),
    (slope) => cyclesTo80(slope) ?? Number.NaN,
  );
  return {
    n: line.n,
    D,
    D_percent_per_cycle: 100 * D,
    Q0: Math.exp(line.intercept),
    slope: line.slope,
    slope_se_ols: trend.slope_se_ols,
    slope_se_newey_west: trend.slope_se_newey_west,
    newey_west_lag: trend.newey_west_lag,
    rho1: trend.rho1,
    rho1_bias_corrected: trend.rho1_bias_corrected,
    slope_se_ar1: trend.slope_se_ar1,
    D_se_ols: remaining * line.slope_se,
    D_se_newey_west: remaining * trend.slope_se_newey_west,
    D_se_ar1: remaining * trend.slope_se_ar1,
    D_ci95_ols: [ols.ci95_low, ols.ci95_high],
    n_eff: trend.n_eff,
    dof_eff: trend.dof,
    D_se_reported: remaining * trend.slope_se,
    D_ci95_reported: [bounds.ci95_low, bounds.ci95_high],
    D_upper95_one_sided: bounds.bound95_high,
    D_lower95_one_sided: bounds.bound95_low,
    Q0_se: Math.exp(line.intercept) * line.intercept_se * (trend.slope_se / line.slope_se || 1),
    r_squared: line.r_squared,
    residual_sd_ln: line.residual_sd,
    durbin_watson: durbinWatson(line.residuals),
    runs_test: runsTest(line.residuals),
    n80_fitted_Q0: n80,
    n80_ci95: [life.ci95_low, life.ci95_high],
    observed_span,
    n80_extrapolated: n80 !== null && n80 > observed_span,
  };
}

/** Cycles to 80 % of Q₀ at slope β of ln Q; null while nothing is lost. */
export function cyclesTo80(slope: number): number | null {
  return slope < 0 ? Math.log(0.8) / slope : null;
}
