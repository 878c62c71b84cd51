import { solveLeastSquares } from '../../linear-algebra/householder.js';
import { moduli } from '../fit/problem.js';
import type { PreparedSpectrum } from '../spectrum.js';

/** A fit of R₀ + jωL + Σ R_m/(1 + jωτ_m) [+ 1/(jωC)] to a spectrum. Residuals are (data − model)/|Z|. */
export interface LinearModelFit {
  M: number;
  /** 1 − Σ|R_m < 0|/Σ|R_m ≥ 0|; 0 where no R_m is positive. */
  mu: number;
  residual_re: Float64Array;
  residual_im: Float64Array;
}

/** The same for any number of relaxations: the data relative to |Z|, as 2N rows. */
export interface LinearProblem {
  omega: Float64Array;
  weights: Float64Array;
  data: Float64Array;
}

export function linearProblem(spectrum: PreparedSpectrum): LinearProblem {
  const weights = moduli(spectrum).map((modulus) => 1 / modulus);
  const n = weights.length;
  const data = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    data[i] = weights[i]! * spectrum.real_impedance_ohm[i]!;
    data[n + i] = weights[i]! * spectrum.imaginary_impedance_ohm[i]!;
  }
  return { omega: spectrum.frequency_hertz.map((f) => 2 * Math.PI * f), weights, data };
}

/**
 * τ_m spaced evenly in the logarithm from 1/ω_max to 1/ω_min, and `decadesBeyond` further at either end; a single one
 * is placed at the slow end.
 */
function relaxationTimes(omega: Float64Array, M: number, decadesBeyond: number): Float64Array {
  const first = -Math.log(omega[0]!) - decadesBeyond * Math.LN10;
  const last = -Math.log(omega.at(-1)!) + decadesBeyond * Math.LN10;
  return Float64Array.from({ length: M }, (_, m) =>
    Math.exp(M === 1 ? last : first + ((last - first) * m) / (M - 1)),
  );
}

/** Columns of the weighted linear model: R₀, the M relaxations, L, and 1/C where asked for. */
export function designMatrix(problem: LinearProblem, M: number, addCapacitance: boolean, decadesBeyond = 0) {
  const { omega, weights } = problem;
  const n = omega.length;
  const rows = 2 * n;
  const columns = M + (addCapacitance ? 3 : 2);
  const matrix = new Float64Array(rows * columns);
  const times = relaxationTimes(omega, M, decadesBeyond);
  for (let i = 0; i < n; i++) {
    matrix[i] = weights[i]!;
    for (let m = 0; m < M; m++) {
      const x = omega[i]! * times[m]!;
      const re = weights[i]! / (1 + x * x);
      matrix[(m + 1) * rows + i] = re;
      matrix[(m + 1) * rows + n + i] = -x * re;
    }
    matrix[(M + 1) * rows + n + i] = weights[i]! * omega[i]!;
    if (addCapacitance) matrix[(M + 2) * rows + n + i] = -weights[i]! / omega[i]!;
  }
  return { matrix, rows, columns };
}

/** μ = 1 − Σ|R_m < 0|/Σ|R_m ≥ 0|: it falls when relaxations of both signs begin to describe noise. */
export function balanceOf(resistances: Float64Array): number {
  let negative = 0;
  let positive = 0;
  for (const r of resistances) {
    if (r < 0) negative -= r;
    else positive += r;
  }
  return positive > 0 ? 1 - negative / positive : 0;
}

/** Fits the linear model with M relaxations; resistances may be of either sign. */
export function fitLinearModel(problem: LinearProblem, M: number, addCapacitance: boolean): LinearModelFit {
  const { matrix, rows, columns } = designMatrix(problem, M, addCapacitance);
  const { solution } = solveLeastSquares(matrix, rows, columns, problem.data);
  const residual = problem.data.slice();
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) residual[i]! -= matrix[j * rows + i]! * solution[j]!;
  }
  const n = rows / 2;
  return {
    M,
    mu: balanceOf(solution.subarray(1, M + 1)),
    residual_re: residual.slice(0, n),
    residual_im: residual.slice(n),
  };
}
