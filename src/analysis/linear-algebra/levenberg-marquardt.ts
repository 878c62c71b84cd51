import { normalStep, qrStep } from './damped-step.js';

/** A nonlinear least-squares problem. It owns its buffers, so that nothing is allocated between steps. */
export interface LeastSquaresProblem {
  parameterCount: number;
  residualCount: number;
  /** Filled by `evaluate`. */
  residual: Float64Array;
  /** Filled by `evaluate` on demand: ∂residual/∂parameter, column-major, residualCount × parameterCount. */
  jacobian: Float64Array;
  evaluate(parameters: Float64Array, withJacobian: boolean): void;
  /** True where the search has left what the model is meant for; the start is then given up. */
  hasRunAway(parameters: Float64Array): boolean;
}

export interface Minimum {
  parameters: Float64Array;
  /** Sum of squared residuals. */
  ssr: number;
  iterations: number;
  /** `flat`: the sum no longer changes although a parameter still moves, so that the parameter is not determined. */
  /** `given_up`: too slow to get below the sum that had to be beaten. */
  ending: 'converged' | 'flat' | 'run_away' | 'iteration_limit' | 'given_up';
}

export interface LevenbergMarquardtSettings {
  maximum_iterations: number;
  ssr_relative_tolerance: number;
  step_tolerance: number;
  /** Steps by the normal equations instead of QR: four times as fast, exact to half of the digits. */
  by_normal_equations: boolean;
}

export const defaultSettings: LevenbergMarquardtSettings = {
  maximum_iterations: 200,
  ssr_relative_tolerance: 1e-12,
  step_tolerance: 1e-9,
  by_normal_equations: false,
};

/** Longest change of one parameter in one step: parameters are logarithms, and e³ is far enough. */
const longestStep = 3;
/**
 * How often it is checked whether a start can still get below the sum to beat, if it went on at its present speed for
 * this many times as long.
 */
const pause = 5;
const patience = 10;
/** After this many consecutive steps without progress, a start that still moves counts as flat. */
const flatSteps = 4;

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

/**
 * A Levenberg–Marquardt minimiser for one problem, reusable for any number of starts. Marquardt's scaling by
 * column lengths; damping by Nielsen's rule.
 * Sources: D. W. Marquardt, J. SIAM 11 (1963) 431; J. J. Moré, Lect. Notes Math. 630 (1978) 105;
 * H. B. Nielsen, Damping parameter in Marquardt's method, IMM-REP-1999-05 (1999).
 */
export function levenbergMarquardt(problem: LeastSquaresProblem, settings = defaultSettings) {
  const k = problem.parameterCount;
  const system = settings.by_normal_equations ? normalStep(problem) : qrStep(problem);
  const { gradient, scale } = system;
  const step = new Float64Array(k);
  const trial = new Float64Array(k);

  /** Fills `step` for this damping; returns the decrease of the sum that the linear model predicts. */
  function solveDamped(lambda: number): number {
    system.solve(lambda, step);
    let longest = 0;
    for (let j = 0; j < k; j++) longest = Math.max(longest, Math.abs(step[j]!));
    const shortened = longest > longestStep ? longestStep / longest : 1;
    let predicted = 0;
    for (let j = 0; j < k; j++) {
      const damped = lambda * scale[j]! * scale[j]! * step[j]! * step[j]!;
      predicted += shortened * (shortened * damped - gradient[j]! * step[j]! * (2 - shortened));
      step[j]! *= shortened;
    }
    return predicted;
  }

  /** Minimises from `start` (not changed); given up where the sum falls too slowly to get below `toBeat`. */
  return function minimise(start: Float64Array, toBeat = Number.POSITIVE_INFINITY): Minimum {
    const parameters = start.slice();
    problem.evaluate(parameters, true);
    let ssr = sumOfSquares(problem.residual);
    const answer = (iterations: number, ending: Minimum['ending']): Minimum => ({
      parameters,
      ssr,
      iterations,
      ending,
    });
    if (!Number.isFinite(ssr)) return answer(0, 'run_away');
    system.take();
    let lambda = 0.1;
    let growth = 2;
    let idle = 0;
    let before = ssr;
    for (let iteration = 1; iteration <= settings.maximum_iterations; iteration++) {
      if (iteration % pause === 0) {
        if (ssr > toBeat && patience * Math.log(before / ssr) < Math.log(ssr / toBeat))
          return answer(iteration, 'given_up');
        before = ssr;
      }
      const predicted = solveDamped(lambda);
      let longest = 0;
      for (let j = 0; j < k; j++) {
        trial[j] = parameters[j]! + step[j]!;
        longest = Math.max(longest, Math.abs(step[j]!));
      }
      if (problem.hasRunAway(trial)) return answer(iteration, 'run_away');
      problem.evaluate(trial, true);
      const trialSsr = sumOfSquares(problem.residual);
      const decrease = ssr - trialSsr;
      if (decrease > 0) {
        const quality = decrease / predicted;
        const progress = decrease / ssr;
        parameters.set(trial);
        ssr = trialSsr;
        if (progress < settings.ssr_relative_tolerance) {
          if (longest < settings.step_tolerance) return answer(iteration, 'converged');
          if (++idle >= flatSteps) return answer(iteration, 'flat');
        } else idle = 0;
        if (ssr === 0) return answer(iteration, 'converged');
        lambda *= Math.max(1 / 3, 1 - (2 * quality - 1) ** 3);
        growth = 2;
        system.take();
      } else {
        // Neither a shorter step nor the model itself promises more than rounding errors.
        if (longest < settings.step_tolerance || predicted <= ssr * 1e-14)
          return answer(iteration, 'converged');
        lambda *= growth;
        growth *= 2;
      }
    }
    return answer(settings.maximum_iterations, 'iteration_limit');
  };
}
