import { type Quantity, quantity } from '../result.js';
import { type Bounds, boundsAround, expandedHalfWidth, mapBounds } from '../statistics/intervals.js';
import type { SlopeError } from '../statistics/trend.js';
import { decayOfSlope } from './log-linear.js';
import type { DecayEstimate } from './types.js';

type Noise = Pick<SlopeError, 'slope_se' | 'rho1' | 'rho1_bias_corrected' | 'n_eff' | 'dof'>;

/**
 * Standard uncertainty of the slope of ln Q from slow changes of the capacity that no residual shows (season, chamber
 * set point, a moved cell, drift of the current): u = (2w/√3)/span. The capacity may be wrong by up to ±w at either
 * end, every value in this range being equally likely.
 * Source of the type-B term: JCGM 100:2008 (GUM), 4.3.7.
 *
 * @param halfWidth w, a fraction of the capacity
 * @param span cycles from the first to the last of the window
 */
export function wanderOfSlope(halfWidth: number, span: number): number {
  return (2 * halfWidth) / Math.sqrt(3) / span;
}

/**
 * D of one window with the statistical interval and with the interval that includes the wander: expanded uncertainties
 * are added in quadrature on the slope of ln Q, and its ends are transformed by D = 1 − e^β.
 *
 * @param n cycles of the window, increasing
 * @param wander half width of slow changes, a fraction of the capacity
 */
export function decayEstimate(
  slope: number,
  noise: Noise,
  n: ArrayLike<number>,
  wander: number,
): DecayEstimate {
  const u_wander = wanderOfSlope(wander, (n[n.length - 1] as number) - (n[0] as number));
  const { slope_se, dof } = noise;
  const statistical = boundsOfDecay(slope, slope_se, dof, 0);
  const full = boundsOfDecay(slope, slope_se, dof, u_wander);
  const upper99 = decayOfSlope(slope - expandedHalfWidth(0.99, slope_se, dof, u_wander));
  return {
    n: n.length,
    D: decayOfSlope(slope),
    slope,
    slope_se,
    rho1: noise.rho1,
    rho1_bias_corrected: noise.rho1_bias_corrected,
    n_eff: noise.n_eff,
    dof_eff: dof,
    u_wander,
    ci95_statistical: [statistical.ci95_low, statistical.ci95_high],
    ci95: [full.ci95_low, full.ci95_high],
    lower95: full.bound95_low,
    upper95: full.bound95_high,
    upper99: Number.isFinite(upper99) ? upper99 : null,
  };
}

function boundsOfDecay(slope: number, error: number, dof: number, wander: number): Bounds {
  return mapBounds(boundsAround(slope, error, dof, wander), decayOfSlope, 'decreasing');
}

/** The same as a row of the table of the fit; the standard error is the statistical one. */
export function decayRow(estimate: DecayEstimate, name: string, method: string): Quantity {
  const { D, slope, slope_se, n, dof_eff, n_eff, ci95, lower95, upper95 } = estimate;
  const error = slope_se * Math.exp(slope);
  return quantity({
    quantity: name,
    value: D,
    unit: '1/cycle',
    standard_error: Number.isFinite(error) ? error : null,
    ci95_low: ci95[0],
    ci95_high: ci95[1],
    bound95_low: lower95,
    bound95_high: upper95,
    n,
    dof: dof_eff,
    n_eff,
    method,
    status: n_eff < 5 ? 'warn' : 'ok',
  });
}
