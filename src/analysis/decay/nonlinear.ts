import { boundsAround, mapBounds } from '../statistics/intervals.js';
import { leastSquares } from '../statistics/linear-regression.js';
import { decayOfSlope } from './log-linear.js';
import type { NlsFit } from './types.js';

/** The nonlinear fit and its residuals. */
export interface ExponentialFit extends NlsFit {
  residuals: Float64Array;
}

/**
 * Q = Q₀·e^{βn} by least squares on Q itself (absolute errors): Gauss–Newton with step halving on (ln Q₀, β), started
 * from the logarithmic fit; the interval of D is that of β, transformed.
 */
export function fitExponential(
  n: ArrayLike<number>,
  capacity: ArrayLike<number>,
  start: { Q0: number; slope: number },
): ExponentialFit {
  let lnQ0 = Math.log(start.Q0);
  let slope = start.slope;
  let current = residualsOf(n, capacity, lnQ0, slope);
  let inverse: Float64Array[] = [];
  for (let iteration = 0; iteration < 100; iteration++) {
    const model = Float64Array.from(n, (cycles) => Math.exp(lnQ0 + slope * cycles));
    const step = leastSquares([model, model.map((q, i) => q * (n[i] as number))], current.residuals);
    inverse = step.inverse;
    const [dLnQ0, dSlope] = step.coefficients as unknown as [number, number];
    // A step this small is the last one: convergence is nearly quadratic, and SSE no longer distinguishes better from
    // worse.
    const settled = Math.abs(dSlope) <= 1e-8 * Math.abs(slope) + 1e-15 && Math.abs(dLnQ0) <= 1e-9;
    let shrink = 1;
    let next = residualsOf(n, capacity, lnQ0 + dLnQ0, slope + dSlope);
    while (!settled && !(next.sse <= current.sse) && shrink > 1e-10) {
      shrink /= 2;
      next = residualsOf(n, capacity, lnQ0 + shrink * dLnQ0, slope + shrink * dSlope);
    }
    if (!settled && !(next.sse <= current.sse)) break;
    lnQ0 += shrink * dLnQ0;
    slope += shrink * dSlope;
    current = next;
    if (settled) break;
  }
  const dof = n.length - 2;
  const slopeError = Math.sqrt(((inverse[1]?.[1] ?? Number.NaN) * current.sse) / dof);
  const bounds = mapBounds(boundsAround(slope, slopeError, dof), decayOfSlope, 'decreasing');
  return {
    Q0: Math.exp(lnQ0),
    D: decayOfSlope(slope),
    D_se: Math.exp(slope) * slopeError,
    D_ci95: [bounds.ci95_low, bounds.ci95_high],
    sse: current.sse,
    residuals: current.residuals,
  };
}

function residualsOf(n: ArrayLike<number>, capacity: ArrayLike<number>, lnQ0: number, slope: number) {
  const residuals = Float64Array.from(capacity, (q, i) => q - Math.exp(lnQ0 + slope * (n[i] as number)));
  return { residuals, sse: residuals.reduce((sum, r) => sum + r * r, 0) };
}
