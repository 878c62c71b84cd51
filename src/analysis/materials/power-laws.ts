/** Laws fitted on logarithmic axes: loss over time, cost over volume. */
import { NotComputable, type Quantity, quantity } from '../result.js';
import { boundsAround, mapBounds } from '../statistics/intervals.js';
import { fitLine } from '../statistics/linear-regression.js';

/** y = coefficient·x^exponent, fitted in logarithms. */
export interface PowerLawFit {
  exponent: Quantity;
  /** Value at x = 1. */
  coefficient: Quantity;
  r_squared: number;
}

/**
 * y = C·x^n as a line through ln y over ln x, for the exponent of a loss law or, negated, of a learning curve.
 *
 * @throws NotComputable `FEW_POINTS` below three positive pairs with two different x
 */
export function fitPowerLaw(x: ArrayLike<number>, y: ArrayLike<number>): PowerLawFit {
  const pairs = Array.from(x, (value, i) => ({ x: value, y: y[i] as number })).filter(
    (p) => p.x > 0 && p.y > 0,
  );
  if (new Set(pairs.map((p) => p.x)).size < 2 || pairs.length < 3) {
    throw new NotComputable('FEW_POINTS', `${pairs.length} positive points; a power law needs three`);
  }
  const line = fitLine(
    pairs.map((p) => Math.log(p.x)),
    pairs.map((p) => Math.log(p.y)),
  );
  const method = 'least squares of ln y on ln x';
  const shared = { n: line.n, dof: line.dof, n_eff: line.n, method };
  const lnC = boundsAround(line.intercept, line.intercept_se, line.dof);
  return {
    exponent: quantity({
      quantity: 'exponent',
      value: line.slope,
      unit: '1',
      standard_error: line.slope_se,
      ...boundsAround(line.slope, line.slope_se, line.dof),
      ...shared,
    }),
    coefficient: quantity({
      quantity: 'coefficient',
      value: Math.exp(line.intercept),
      unit: '',
      standard_error: Math.exp(line.intercept) * line.intercept_se,
      ...mapBounds(lnC, Math.exp),
      ...shared,
    }),
    r_squared: line.r_squared,
  };
}
