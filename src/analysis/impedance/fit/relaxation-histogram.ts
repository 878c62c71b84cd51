import { nonnegativeLeastSquares } from '../../linear-algebra/nonnegative-least-squares.js';
import type { ComplexArray } from '../circuit/elements.js';
import type { PreparedSpectrum } from '../spectrum.js';
import { cutAtMinima, type Hump, selectHumps } from './humps.js';
import { moduli } from './problem.js';

/** The parts of the spectrum other than arcs. */
export interface Surroundings {
  series_resistance_ohm: number;
  inductance_henry: number;
  /** The low-frequency end as 1/(Q(jω)ⁿ); coefficient null where there is none. */
  tail_coefficient: number | null;
  tail_exponent: number;
}

interface Histogram extends Surroundings {
  /** Falling angular frequencies of the spectrum, and 1/|Z| at them. */
  omega: Float64Array;
  weights: Float64Array;
  log_time: Float64Array;
  resistance_ohm: Float64Array;
}

/** Which parts besides arcs a circuit has. */
export interface Parts {
  series: boolean;
  inductance: boolean;
  tail: boolean;
}

/** Twice as many find no more minima (measured with 1,280 simulated spectra) and take four times as long. */
const timesPerDecade = 5;
const decadesBeyondBand = 0.5;
/** Penalty on each R_k relative to |Z| at its frequency, so that noise splits fewer humps while arcs stay separate. */
const ridge = 0.1;
const tailExponents = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * Times evenly spaced in ln τ from half a decade outside the band on both sides; with a tail only up to the end of
 * the band, since beyond it an arc cannot be told from the tail.
 */
function timeGrid(omega: Float64Array, tail: boolean): Float64Array {
  const margin = decadesBeyondBand * Math.LN10;
  const first = -Math.log(omega[0]!) - margin;
  const last = -Math.log(omega.at(-1)!) + (tail ? -margin : margin);
  const count = Math.max(2, Math.round(((last - first) / Math.LN10) * timesPerDecade) + 1);
  return Float64Array.from({ length: count }, (_, k) => first + ((last - first) * k) / (count - 1));
}

/** The weight of the first point below the frequency 1/τ. */
function weightAt(omega: Float64Array, weights: Float64Array, logTau: number): number {
  return weights.at(omega.findIndex((w) => Math.log(w) < -logTau))!;
}

/** The columns of the linear model, each as impedance at every frequency: arcs, then R₀, L and tails. */
function modelColumns(omega: Float64Array, log_time: Float64Array, parts: Parts): ComplexArray[] {
  const zeros = () => new Float64Array(omega.length);
  const columns = Array.from(log_time, (logTau) => {
    const x = omega.map((w) => w * Math.exp(logTau));
    return {
      re: x.map((value) => 1 / (1 + value * value)),
      im: x.map((value) => -value / (1 + value * value)),
    };
  });
  if (parts.series) columns.push({ re: zeros().fill(1), im: zeros() });
  if (parts.inductance) columns.push({ re: zeros(), im: omega.map((w) => w / omega[0]!) });
  if (!parts.tail) return columns;
  for (const n of tailExponents) {
    const size = omega.map((w) => (w / omega.at(-1)!) ** -n);
    columns.push({
      re: size.map((value) => value * Math.cos((n * Math.PI) / 2)),
      im: size.map((value) => -value * Math.sin((n * Math.PI) / 2)),
    });
  }
  return columns;
}

/**
 * Non-negative least squares of Z ≈ Σ R_k/(1 + jωτ_k) [+ R₀] [+ jωL] [+ tails 1/(Q(jω)ⁿ) of several n], relative to
 * |Z|, with a small ridge on the R_k.
 */
function relaxationHistogram(spectrum: PreparedSpectrum, parts: Parts): Histogram {
  const { real_impedance_ohm, imaginary_impedance_ohm } = spectrum;
  const omega = spectrum.frequency_hertz.map((f) => 2 * Math.PI * f);
  const weights = moduli(spectrum).map((modulus) => 1 / modulus);
  const n = omega.length;
  const log_time = timeGrid(omega, parts.tail);
  const times = log_time.length;
  const columns = modelColumns(omega, log_time, parts);
  const rows = 2 * n + times;
  const a = new Float64Array(rows * columns.length);
  columns.forEach((column, k) => {
    for (let i = 0; i < n; i++) {
      a[k * rows + i] = weights[i]! * column.re[i]!;
      a[k * rows + n + i] = weights[i]! * column.im[i]!;
    }
    if (k < times) a[k * rows + 2 * n + k] = ridge * weightAt(omega, weights, log_time[k]!);
  });
  const b = new Float64Array(rows);
  for (let i = 0; i < n; i++) {
    b[i] = weights[i]! * real_impedance_ohm[i]!;
    b[n + i] = weights[i]! * imaginary_impedance_ohm[i]!;
  }
  const x = nonnegativeLeastSquares(a, rows, columns.length, b);
  const tails = parts.tail ? x.subarray(columns.length - tailExponents.length) : new Float64Array(0);
  return {
    omega,
    weights,
    log_time,
    resistance_ohm: x.slice(0, times),
    series_resistance_ohm: parts.series ? x[times]! : 0,
    inductance_henry: parts.inductance ? x[times + (parts.series ? 1 : 0)]! / omega[0]! : 0,
    ...combinedTail(tails, omega.at(-1)!),
  };
}

/** One tail instead of several, of the same size at the lowest frequency and of their mean exponent. */
function combinedTail(sizes: Float64Array, omegaLast: number) {
  const sum = sizes.reduce((a, b) => a + b, 0);
  if (sum === 0) return { tail_coefficient: null, tail_exponent: 0.5 };
  const exponent = sizes.reduce((total, size, i) => total + size * tailExponents[i]!, 0) / sum;
  const tail_exponent = Math.min(exponent, 0.98);
  return { tail_coefficient: omegaLast ** -tail_exponent / sum, tail_exponent };
}

/** The few histograms that all circuits fitted to a spectrum have in common. */
const histograms = new WeakMap<PreparedSpectrum, Map<string, Histogram>>();

function histogramOf(spectrum: PreparedSpectrum, parts: Parts): Histogram {
  const known = histograms.get(spectrum) ?? new Map<string, Histogram>();
  histograms.set(spectrum, known);
  const key = `${parts.series} ${parts.inductance} ${parts.tail}`;
  const histogram = known.get(key) ?? relaxationHistogram(spectrum, parts);
  known.set(key, histogram);
  return histogram;
}

/** The other parts, and one or more selections of `count` arcs, fastest first, that resemble the spectrum. */
export function guessArcs(
  spectrum: PreparedSpectrum,
  parts: Parts,
  count: number,
): Surroundings & { selections: Hump[][] } {
  const { log_time, resistance_ohm, omega, weights, ...surroundings } = histogramOf(spectrum, parts);
  if (count === 0) return { ...surroundings, selections: [[]] };
  const found = cutAtMinima(log_time, resistance_ohm);
  /** The share of an arc in |Z| at its own frequency. */
  const significance = (hump: Hump) => hump.resistance_ohm * weightAt(omega, weights, hump.log_time);
  const middle = (log_time[0]! + log_time.at(-1)!) / 2;
  const nothing = { resistance_ohm: 0.1 / weights.at(-1)!, log_time: middle, log_time_variance: 1 };
  return {
    ...surroundings,
    selections: selectHumps(found.length > 0 ? found : [nothing], count, significance),
  };
}
