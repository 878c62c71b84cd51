/** Laws fitted on logarithmic axes: loss over time, cost over volume, and calendar ageing over temperature. */
import { BOLTZMANN_EV_PER_KELVIN } from '../constants.js';
import { NotComputable, type Quantity, quantity } from '../result.js';
import { boundsAround, mapBounds } from '../statistics/intervals.js';
import { fitLine, leastSquares } from '../statistics/linear-regression.js';

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

const MINIMUM_TEMPERATURES = 3;
const MINIMUM_TIMES = 5;

/**
 * Q_loss = A·exp(−Eₐ/kT)·tⁿ as one plane ln Q = ln A − Eₐ/(kT) + n·ln t over several temperatures.
 * Source: I. Bloom et al., J. Power Sources 101 (2001) 238.
 *
 * @param loss fraction lost, positive
 * @throws NotComputable `FEW_TEMPERATURES`, `FEW_TIMES`: three temperatures and five times are needed
 */
export function fitCalendarLoss(
  loss: ArrayLike<number>,
  time: ArrayLike<number>,
  temperatureKelvin: ArrayLike<number>,
): { n: Quantity; Ea_eV: Quantity; lnA: Quantity } {
  const rows = Array.from(loss, (q, i) => ({
    q,
    t: time[i] as number,
    kelvin: temperatureKelvin[i] as number,
  }));
  const usable = rows.filter((row) => row.q > 0 && row.t > 0 && row.kelvin > 0);
  const temperatures = new Set(usable.map((row) => Math.round(row.kelvin))).size;
  const times = new Set(usable.map((row) => row.t)).size;
  if (temperatures < MINIMUM_TEMPERATURES) {
    throw new NotComputable('FEW_TEMPERATURES', `${temperatures} temperatures; the loss law needs three`);
  }
  if (times < MINIMUM_TIMES) throw new NotComputable('FEW_TIMES', `${times} times; the loss law needs five`);
  const fit = leastSquares(
    [usable.map(() => 1), usable.map((row) => 1 / row.kelvin), usable.map((row) => Math.log(row.t))],
    usable.map((row) => Math.log(row.q)),
  );
  const variance = fit.sse / fit.dof;
  const row = (name: string, unit: string, k: number, factor: number) => {
    const value = factor * (fit.coefficients[k] as number);
    const error = Math.abs(factor) * Math.sqrt(variance * (fit.inverse[k]?.[k] as number));
    return quantity({
      quantity: name,
      value,
      unit,
      standard_error: error,
      ...boundsAround(value, error, fit.dof),
      n: usable.length,
      dof: fit.dof,
      n_eff: usable.length,
      method: 'least squares of ln loss on 1/T and ln t',
    });
  };
  return {
    n: row('n', '1', 2, 1),
    Ea_eV: row('Ea_eV', 'eV', 1, -BOLTZMANN_EV_PER_KELVIN),
    lnA: row('lnA', 'ln(fraction)', 0, 1),
  };
}
