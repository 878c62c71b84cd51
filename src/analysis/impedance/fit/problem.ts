import type { LeastSquaresProblem } from '../../linear-algebra/levenberg-marquardt.js';
import { bandOf, type ComplexArray, toTransformed } from '../circuit/elements.js';
import { compileCircuit } from '../circuit/evaluate.js';
import type { Circuit } from '../circuit/parse.js';
import type { PreparedSpectrum } from '../spectrum.js';

/** `modulus`: residuals divided by |Z| of the data. `unit`: residuals in ohm. */
export type Weighting = 'modulus' | 'unit';

/** Parameters outside this range (ohm, F, …) mean that a start has diverged. */
const smallest = 1e-30;
const largest = 1e30;

/** A circuit against a spectrum: residuals are the N real parts, then the N imaginary parts, weighted. */
export interface CircuitProblem extends LeastSquaresProblem {
  circuit: Circuit;
  spectrum: PreparedSpectrum;
  weighting: Weighting;
  /** 1/|Z| of the data, or 1, for each point. */
  weights: Float64Array;
  /** Weights of a robust fit: factors on each of the 2N residuals. */
  setRobustFactors(factors: Float64Array | null): void;
  /** Modelled impedance after the last evaluate; overwritten by the next. */
  modelled: ComplexArray;
}

export function moduli(spectrum: PreparedSpectrum): Float64Array {
  return spectrum.real_impedance_ohm.map((re, i) => Math.hypot(re, spectrum.imaginary_impedance_ohm[i]!));
}

export function circuitProblem(
  circuit: Circuit,
  spectrum: PreparedSpectrum,
  weighting: Weighting,
): CircuitProblem {
  const n = spectrum.frequency_hertz.length;
  const rows = 2 * n;
  const k = circuit.parameters.length;
  const evaluator = compileCircuit(circuit, bandOf(spectrum.frequency_hertz));
  const residual = new Float64Array(rows);
  const jacobian = new Float64Array(rows * k);
  const derivatives = Array.from({ length: k }, (_, j) => ({
    re: jacobian.subarray(j * rows, j * rows + n),
    im: jacobian.subarray(j * rows + n, (j + 1) * rows),
  }));
  const weights = moduli(spectrum).map((modulus) => (weighting === 'modulus' ? 1 / modulus : 1));
  const rowWeights = new Float64Array(rows);
  const setRobustFactors = (factors: Float64Array | null) => {
    for (let i = 0; i < rows; i++) rowWeights[i] = weights[i % n]! * (factors ? factors[i]! : 1);
  };
  setRobustFactors(null);
  const lowest = Float64Array.from(circuit.parameters, ({ transform }) =>
    transform === 'log' ? Math.log(smallest) : toTransformed('logit', 1e-9),
  );
  const highest = Float64Array.from(circuit.parameters, ({ transform }) =>
    transform === 'log' ? Math.log(largest) : 36,
  );
  const { real_impedance_ohm, imaginary_impedance_ohm } = spectrum;
  const { re, im } = evaluator.z;
  return {
    circuit,
    spectrum,
    weighting,
    weights,
    setRobustFactors,
    modelled: evaluator.z,
    parameterCount: k,
    residualCount: rows,
    residual,
    jacobian,
    evaluate(theta, withJacobian) {
      evaluator.evaluate(theta, withJacobian ? derivatives : null);
      for (let i = 0; i < n; i++) {
        residual[i] = rowWeights[i]! * (re[i]! - real_impedance_ohm[i]!);
        residual[n + i] = rowWeights[n + i]! * (im[i]! - imaginary_impedance_ohm[i]!);
      }
      if (!withJacobian) return;
      for (let j = 0; j < k; j++) {
        for (let i = 0, at = j * rows; i < rows; i++, at++) jacobian[at]! *= rowWeights[i]!;
      }
    },
    hasRunAway(theta) {
      for (let j = 0; j < k; j++) if (!(theta[j]! > lowest[j]! && theta[j]! < highest[j]!)) return true;
      return false;
    },
  };
}
