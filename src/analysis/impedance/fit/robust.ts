import { levenbergMarquardt } from '../../linear-algebra/levenberg-marquardt.js';
import { robustScale } from '../../statistics/descriptive.js';
import { untransformed } from '../circuit/parse.js';
import type { RobustFit } from '../result.js';
import type { CircuitFit } from './fit-circuit.js';

const huberConstant = 1.345;
const mostIterations = 100;
const settled = 1e-8;
/** A scale below this is only rounding, and there is nothing to weight. */
const smallestScale = 1e-12;
/** A resistance differs if it changes by more than this many adjusted standard errors and by more than this share. */
const differingErrors = 2;
const differingShare = 1e-6;

/**
 * Huber's estimate by iteratively reweighted least squares on the weighted residuals, started at the optimum of `fit`:
 * scale 1.4826·median|e| in each round, weight min(1, 1.345·scale/|e|).
 * Source: P. J. Huber, Ann. Math. Stat. 35 (1964) 73.
 */
export function fitRobustly(fit: CircuitFit): RobustFit {
  const { problem } = fit;
  const minimise = levenbergMarquardt(problem);
  const factors = new Float64Array(problem.residualCount);
  let theta: Float64Array = fit.minimum.parameters.slice();
  let scale = 0;
  let n_downweighted = 0;
  let iterations = 0;
  for (let change = Number.POSITIVE_INFINITY; change > settled && iterations < mostIterations; iterations++) {
    problem.setRobustFactors(null);
    problem.evaluate(theta, false);
    scale = robustScale(problem.residual);
    if (!(scale > smallestScale)) break;
    n_downweighted = 0;
    for (let i = 0; i < factors.length; i++) {
      const weight = Math.min(1, (huberConstant * scale) / Math.abs(problem.residual[i]!));
      if (weight < 1) n_downweighted++;
      factors[i] = Math.sqrt(weight);
    }
    problem.setRobustFactors(factors);
    const next = minimise(theta).parameters;
    change = next.reduce((largest, value, j) => Math.max(largest, Math.abs(value - theta[j]!)), 0);
    theta = next;
  }
  problem.setRobustFactors(null);
  problem.evaluate(fit.minimum.parameters, true);
  const values = untransformed(problem.circuit, theta);
  const differing = problem.circuit.parameters
    .filter(({ name, unit }, j) => {
      const shift = Math.abs(values[j]! - fit.model.values[j]!);
      const isReported = unit === 'ohm' && !fit.not_identifiable.includes(name);
      return (
        isReported &&
        shift > differingErrors * fit.standard_errors[j]! * fit.model.se_adjust_factor &&
        shift > differingShare * fit.model.values[j]!
      );
    })
    .map(({ name }) => name);
  const parameters = Object.fromEntries(problem.circuit.parameters.map(({ name }, j) => [name, values[j]!]));
  return { parameters, scale, n_downweighted, iterations, differing };
}
