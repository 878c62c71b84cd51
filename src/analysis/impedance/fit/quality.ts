import { lagOneAutocorrelation } from '../../statistics/autocorrelation.js';
import { sumOfSquares } from '../../statistics/descriptive.js';
import { aicc } from '../../statistics/information-criterion.js';
import { type CircuitProblem, moduli } from './problem.js';

/** Figures of a fit as a whole, named as everywhere in the project's output. */
export interface FitQuality {
  n_points: number;
  n_params: number;
  dof: number;
  ssr_weighted: number;
  chi2_reduced: number;
  /** Root mean square of the 2N weighted residuals: fraction of |Z| with modulus weighting, ohm with unit weighting. */
  rel_rms_residual: number;
  /** Root mean square and largest of the 2N residuals as fraction of |Z|, whatever the weighting. */
  rms_residual_of_modulus: number;
  max_residual_of_modulus: number;
  /** Root mean square over the N points of |Z_fit − Z| (ohm). */
  rms_residual_ohm: number;
  aicc: number | null;
  /** Mean of real and imaginary residuals' lag-1 autocorrelation, within [0, 0.95]. */
  residual_lag1_autocorrelation: number;
  /** √((1 + r)/(1 − r)): the factor by which a standard error grows if residuals are correlated. */
  se_adjust_factor: number;
}

const largestAutocorrelation = 0.95;

/** Quality of the fit at the parameters at which `problem` was evaluated last. */
export function qualityOf(problem: CircuitProblem): FitQuality {
  const n = problem.spectrum.frequency_hertz.length;
  const k = problem.parameterCount;
  const dof = 2 * n - k;
  const ssr = sumOfSquares(problem.residual);
  const modulus = moduli(problem.spectrum);
  const inOhm = problem.residual.map((r, i) => r / problem.weights[i % n]!);
  const relative = inOhm.map((r, i) => r / modulus[i % n]!);
  const r1 =
    (lagOneAutocorrelation(problem.residual.subarray(0, n)) +
      lagOneAutocorrelation(problem.residual.subarray(n))) /
    2;
  const r = Math.min(Math.max(r1, 0), largestAutocorrelation);
  return {
    n_points: n,
    n_params: k,
    dof,
    ssr_weighted: ssr,
    chi2_reduced: ssr / dof,
    rel_rms_residual: Math.sqrt(ssr / (2 * n)),
    rms_residual_of_modulus: Math.sqrt(sumOfSquares(relative) / (2 * n)),
    max_residual_of_modulus: relative.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    rms_residual_ohm: Math.sqrt(sumOfSquares(inOhm) / n),
    aicc: aicc(2 * n, k + 1, ssr / (2 * n)),
    residual_lag1_autocorrelation: r,
    se_adjust_factor: Math.sqrt((1 + r) / (1 - r)),
  };
}
