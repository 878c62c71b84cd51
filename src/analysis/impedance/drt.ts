import { impedanceMessages as say } from '../../messages/impedance.js';
import { nonnegativeLeastSquares } from '../linear-algebra/nonnegative-least-squares.js';
import { type FitResult, type Quantity, quantity } from '../result.js';
import { moduli } from './fit/problem.js';
import { hasCapacitiveEnd } from './kramers-kronig/capacitive-end.js';
import { testPreparedSpectrum } from './kramers-kronig/linear-test.js';
import { type PreparationOptions, prepareForFit } from './prepare.js';
import type { PreparedSpectrum, Spectrum } from './spectrum.js';

/** A peak of the distribution: mean τ (s) of its hump, its resistance (ohm) and share of the polarisation. */
export interface RelaxationPeak {
  tau_s: number;
  R_ohm: number;
  share: number;
}

/** Distribution of relaxation times: a picture of a spectrum on which no verdict rests. */
export interface DrtFit extends FitResult {
  tau_s: number[];
  R_k_ohm: number[];
  peaks: RelaxationPeak[];
  lambda: number;
}

const timesPerDecade = 10;
const decadesBeyond = 1;
/** The largest λ for which the residual stays within this many times the noise (V. A. Morozov's discrepancy principle). */
const discrepancy = 1.5;
const lambdas = Array.from({ length: 15 }, (_, i) => 10 ** (2 - i / 2));
/** Humps below this share of the polarisation are not reported. */
const leastShare = 0.03;

interface Basis {
  matrix: Float64Array;
  rows: number;
  columns: number;
  tau: Float64Array;
  scale: number;
}

/** Weighted columns: R_k of each τ, R∞, L, and 1/C where the end is capacitive; the last rows are the ridge's. */
function basisOf(spectrum: PreparedSpectrum, capacitive: boolean): Basis {
  const omega = spectrum.frequency_hertz.map((f) => 2 * Math.PI * f);
  const modulus = moduli(spectrum);
  const n = omega.length;
  const first = -Math.log10(omega[0]!) - decadesBeyond;
  const last = -Math.log10(omega.at(-1)!) + decadesBeyond;
  const count = Math.round((last - first) * timesPerDecade) + 1;
  const tau = Float64Array.from(
    { length: count },
    (_, k) => 10 ** (first + ((last - first) * k) / (count - 1)),
  );
  const scale = modulus.reduce((a, b) => Math.max(a, b));
  const columns = count + (capacitive ? 3 : 2);
  const rows = 2 * n + count;
  const matrix = new Float64Array(rows * columns);
  for (let i = 0; i < n; i++) {
    const weight = 1 / modulus[i]!;
    for (let k = 0; k < count; k++) {
      const x = omega[i]! * tau[k]!;
      const re = (weight * scale) / (1 + x * x);
      matrix[k * rows + i] = re;
      matrix[k * rows + n + i] = -x * re;
    }
    matrix[count * rows + i] = weight * scale;
    matrix[(count + 1) * rows + n + i] = (weight * scale * omega[i]!) / omega[0]!;
    if (capacitive) matrix[(count + 2) * rows + n + i] = (-weight * scale * omega.at(-1)!) / omega[i]!;
  }
  return { matrix, rows, columns, tau, scale };
}

interface DrtSolution {
  x: Float64Array;
  lambda: number;
  rms: number;
}

function solve(
  spectrum: PreparedSpectrum,
  { matrix, rows, columns, tau }: Basis,
  lambda: number,
): DrtSolution {
  const n = spectrum.frequency_hertz.length;
  const modulus = moduli(spectrum);
  const ridge = Math.sqrt(lambda);
  for (let k = 0; k < tau.length; k++) matrix[k * rows + 2 * n + k] = ridge;
  const b = new Float64Array(rows);
  for (let i = 0; i < n; i++) {
    b[i] = spectrum.real_impedance_ohm[i]! / modulus[i]!;
    b[n + i] = spectrum.imaginary_impedance_ohm[i]! / modulus[i]!;
  }
  const x = nonnegativeLeastSquares(matrix, rows, columns, b);
  let squares = 0;
  for (let i = 0; i < 2 * n; i++) {
    let r = b[i]!;
    for (let j = 0; j < columns; j++) r -= matrix[j * rows + i]! * x[j]!;
    squares += r * r;
  }
  return { x, lambda, rms: Math.sqrt(squares / (2 * n)) };
}

/** Humps between the minima of the distribution, in the order of τ. */
function peaksOf(tau: Float64Array, R: Float64Array): RelaxationPeak[] {
  const total = R.reduce((a, b) => a + b, 0);
  const cuts = [0];
  for (let k = 1; k < R.length - 1; k++) if (R[k]! <= R[k - 1]! && R[k]! < R[k + 1]!) cuts.push(k);
  cuts.push(R.length);
  return cuts.slice(1).flatMap((to, i) => {
    let sum = 0;
    let mean = 0;
    for (let k = cuts[i]!; k < to; k++) {
      sum += R[k]!;
      mean += R[k]! * Math.log(tau[k]!);
    }
    if (!(sum > leastShare * total)) return [];
    return [{ tau_s: Math.exp(mean / sum), R_ohm: sum, share: sum / total }];
  });
}

/**
 * Distribution of relaxation times by non-negative ridge regression, with the largest ridge that the noise of the
 * spectrum allows, because smaller ones split peaks (measured with 24 simulated spectra: the number of peaks is right
 * in 22 of them, with a fixed ridge of 1e-4 in one).
 * @throws NotComputable where the spectrum has fewer than five usable points
 */
export function fitDrt(given: Spectrum, options: PreparationOptions = {}): DrtFit {
  const { spectrum, kramers_kronig, warnings } = prepareForFit(given, options);
  const test = kramers_kronig ?? testPreparedSpectrum(spectrum);
  const capacitive = hasCapacitiveEnd(spectrum);
  const basis = basisOf(spectrum, capacitive);
  let solved = solve(spectrum, basis, lambdas[0]!);
  for (const lambda of lambdas.slice(1)) {
    if (solved.rms <= discrepancy * test.s_kk) break;
    solved = solve(spectrum, basis, lambda);
  }
  const { tau, scale } = basis;
  const R = solved.x.slice(0, tau.length).map((value) => value * scale);
  const omega = spectrum.frequency_hertz.map((f) => 2 * Math.PI * f);
  const peaks = peaksOf(tau, R);
  const method = 'non-negative ridge regression, ridge by the discrepancy principle';
  const n = spectrum.frequency_hertz.length;
  const row = (name: string, value: number, unit: string): Quantity =>
    quantity({ quantity: name, value, unit, n, method });
  const capacitance = solved.x[tau.length + 2];
  const isReached = solved.rms <= discrepancy * test.s_kk;
  return {
    results: [
      row('R_infinity_ohm', solved.x[tau.length]! * scale, 'ohm'),
      row(
        'R_polarisation_ohm',
        R.reduce((a, b) => a + b, 0),
        'ohm',
      ),
      row('L_henry', (solved.x[tau.length + 1]! * scale) / omega[0]!, 'H'),
      ...(capacitance ? [row('C_series_farad', 1 / (capacitance * scale * omega.at(-1)!), 'F')] : []),
      ...peaks.flatMap(({ tau_s, R_ohm }, i) => [
        row(`peak${i + 1}_tau_s`, tau_s, 's'),
        row(`peak${i + 1}_R_ohm`, R_ohm, 'ohm'),
      ]),
    ],
    goodness: {
      lambda: solved.lambda,
      rms_residual: solved.rms,
      s_kk: test.s_kk,
      peaks: peaks.length,
      kramers_kronig: test.verdict,
    },
    warnings: [...warnings, ...test.warnings, ...(isReached ? [] : [say('DRT_MISFIT')])],
    excluded: spectrum.excluded,
    tau_s: [...tau],
    R_k_ohm: [...R],
    peaks,
    lambda: solved.lambda,
  };
}
