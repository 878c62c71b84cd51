import { NotComputable } from '../../result.js';
import { inCanonicalOrder } from '../circuit/arcs.js';
import { slopeOfTransform } from '../circuit/elements.js';
import { type Circuit, untransformed } from '../circuit/parse.js';
import type { FittedModel } from '../result.js';
import type { PreparedSpectrum } from '../spectrum.js';
import type { MultistartMinimum } from './minimum.js';
import { type MultistartSettings, minimiseFromManyStarts } from './multistart.js';
import { type CircuitProblem, circuitProblem, type Weighting } from './problem.js';
import { type FitQuality, qualityOf } from './quality.js';
import { type Uncertainty, uncertaintyOf } from './uncertainty.js';

/** Relative standard error above which a parameter is not identifiable, and above which it is weak. */
export const unidentifiableError = 1;
export const weakError = 0.3;
/** Root mean square residuals (fraction of |Z|) above which a fit is poor, and above which it is of no use. */
export const poorFit = 0.02;
export const uselessFit = 0.05;
/** A CPE exponent above this is at its bound: the element is a capacitor. */
export const boundExponent = 0.9999;

/** A circuit fitted to a spectrum, with everything that later steps need. */
export interface CircuitFit {
  problem: CircuitProblem;
  minimum: MultistartMinimum;
  quality: FitQuality;
  uncertainty: Uncertainty;
  model: FittedModel;
  /** Standard errors of the parameters in their units, residuals taken as independent. */
  standard_errors: Float64Array;
  /** Names of the parameters that the spectrum does not determine. */
  not_identifiable: string[];
}

/**
 * The problem of fitting a circuit to a spectrum.
 * @throws NotComputable `TOO_FEW_POINTS` where 2N residuals do not exceed the number of parameters
 */
export function problemOf(
  circuit: Circuit,
  spectrum: PreparedSpectrum,
  weighting: Weighting,
): CircuitProblem {
  const n = spectrum.frequency_hertz.length;
  const k = circuit.parameters.length;
  if (2 * n - k < 1) {
    throw new NotComputable(
      'TOO_FEW_POINTS',
      `${circuit.code} has ${k} parameters; ${n} usable frequencies give ${2 * n} numbers, which is too few`,
    );
  }
  return circuitProblem(circuit, spectrum, weighting);
}

/**
 * Complex nonlinear least squares of one circuit (J. R. Macdonald & J. A. Garber, J. Electrochem. Soc. 124 (1977)
 * 1022; B. A. Boukamp 1995), from many starts.
 * @throws NotComputable `TOO_FEW_POINTS` where 2N residuals do not exceed the number of parameters
 */
export function fitCircuit(
  circuit: Circuit,
  spectrum: PreparedSpectrum,
  weighting: Weighting,
  settings: MultistartSettings,
): CircuitFit {
  const problem = problemOf(circuit, spectrum, weighting);
  return circuitFitAt(problem, minimiseFromManyStarts(problem, settings));
}

/** The result at a minimum: values, errors and quality. */
export function circuitFitAt(problem: CircuitProblem, found: MultistartMinimum): CircuitFit {
  const { circuit } = problem;
  const k = circuit.parameters.length;
  const minimum = { ...found, parameters: inCanonicalOrder(circuit, found.parameters) };
  problem.evaluate(minimum.parameters, true);
  const quality = qualityOf(problem);
  const uncertainty = uncertaintyOf(problem.jacobian, problem.residualCount, k, quality.chi2_reduced);
  const values = untransformed(circuit, minimum.parameters);
  const standard_errors = values.map(
    (value, j) =>
      slopeOfTransform(circuit.parameters[j]!.transform, value) *
      Math.sqrt(uncertainty.covariance[j + j * k]!),
  );
  const isUndetermined = (j: number) =>
    uncertainty.singular[j]! ||
    !(standard_errors[j]! <= unidentifiableError * values[j]!) ||
    (circuit.parameters[j]!.transform === 'logit' && values[j]! > boundExponent);
  return {
    problem,
    minimum,
    quality,
    uncertainty,
    model: {
      circuit,
      values,
      covariance: uncertainty.covariance,
      dof: quality.dof,
      n_points: problem.spectrum.frequency_hertz.length,
      se_adjust_factor: quality.se_adjust_factor,
    },
    standard_errors,
    not_identifiable: circuit.parameters.filter((_, j) => isUndetermined(j)).map(({ name }) => name),
  };
}
