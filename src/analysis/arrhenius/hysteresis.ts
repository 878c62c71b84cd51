import { fisherFUpperTail, studentTTwoSidedP } from '../statistics/distributions.js';
import { leastSquares } from '../statistics/linear-regression.js';
import { kelvinOf } from './form.js';
import type { Reading } from './readings.js';
import type { HysteresisTest } from './types.js';

/**
 * Analysis of covariance: is ln σ on cooling shifted against heating, with one slope for both?
 * Source: N. R. Draper & H. Smith, Applied Regression Analysis, 3rd ed., chapter 14.
 *
 * @param points one per temperature and branch
 * @returns null unless both branches have two points and a degree of freedom is left
 */
export function testHysteresis(points: Reading[]): HysteresisTest | null {
  const known = points.filter((point) => point.branch !== null);
  const cooling = known.map((point) => (point.branch === 'cooling' ? 1 : 0));
  const coolingCount = cooling.reduce<number>((sum, value) => sum + value, 0);
  if (coolingCount < 2 || known.length - coolingCount < 2 || known.length < 4) return null;
  const fit = leastSquares(
    [known.map(() => 1), cooling, known.map((point) => 1 / kelvinOf(point))],
    known.map((point) => point.ln_conductivity),
  );
  const offset = fit.coefficients[1] as number;
  const se = Math.sqrt((fit.sse / fit.dof) * (fit.inverse[1]?.[1] as number));
  const t = se > 0 ? offset / se : offset === 0 ? 0 : Number.POSITIVE_INFINITY;
  return {
    ln_offset_cooling_minus_heating: offset,
    se,
    p_value: Number.isFinite(t) ? studentTTwoSidedP(t, fit.dof) : 0,
    F: t * t,
    F_p: Number.isFinite(t) ? fisherFUpperTail(t * t, 1, fit.dof) : 0,
    ratio: Math.exp(offset),
  };
}

/** The branches differ: significantly (p < 0.05) and by more than 5 %. */
export function isHysteresis(test: HysteresisTest): boolean {
  return test.p_value < 0.05 && Math.abs(test.ratio - 1) > 0.05;
}
