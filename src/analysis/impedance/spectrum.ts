import { type ExcludedPoint, NotComputable } from '../result.js';

/** An impedance spectrum as measured: any order, Z'' < 0 for a capacitor. */
export interface Spectrum {
  frequency_hertz: ArrayLike<number>;
  real_impedance_ohm: ArrayLike<number>;
  imaginary_impedance_ohm: ArrayLike<number>;
}

/** A spectrum fit for analysis: finite, frequencies falling and distinct. */
export interface PreparedSpectrum {
  frequency_hertz: Float64Array;
  real_impedance_ohm: Float64Array;
  imaginary_impedance_ohm: Float64Array;
  /** The input index of each point; of the first one where repeated frequencies were averaged. */
  input_index: Int32Array;
  excluded: ExcludedPoint[];
}

function whyUnusable(frequency: number, re: number, im: number): string | undefined {
  if (!Number.isFinite(frequency) || frequency <= 0) return `frequency ${frequency} Hz is not above 0`;
  if (!Number.isFinite(re) || !Number.isFinite(im)) return 'impedance is not a finite number';
  if (re === 0 && im === 0) return 'impedance is zero, so that it has no relative error';
  return undefined;
}

/**
 * Sorts from high to low frequency, leaves out what is not finite or not above 0 Hz, and averages points of exactly
 * the same frequency. Whatever is left out or merged is listed by its input index.
 * Inductive points at the high end stay: leaving them out biases the fit unless the circuit has its inductance.
 * @throws NotComputable `LENGTH_MISMATCH` for arrays of different lengths
 */
export function prepareSpectrum(spectrum: Spectrum): PreparedSpectrum {
  const { frequency_hertz: f, real_impedance_ohm: re, imaginary_impedance_ohm: im } = spectrum;
  if (f.length !== re.length || f.length !== im.length) {
    throw new NotComputable(
      'LENGTH_MISMATCH',
      `frequency, real and imaginary part have different lengths: ${f.length}, ${re.length}, ${im.length}`,
    );
  }
  const excluded: ExcludedPoint[] = [];
  const usable: number[] = [];
  for (let i = 0; i < f.length; i++) {
    const reason = whyUnusable(f[i]!, re[i]!, im[i]!);
    if (reason === undefined) usable.push(i);
    else excluded.push({ index: i, reason });
  }
  usable.sort((a, b) => f[b]! - f[a]! || a - b);
  const groups: number[][] = [];
  for (const i of usable) {
    const group = groups.at(-1);
    if (group && f[group[0]!] === f[i]) {
      group.push(i);
      excluded.push({ index: i, reason: `same frequency as point ${group[0]}: averaged with it` });
    } else groups.push([i]);
  }
  const mean = (values: ArrayLike<number>) =>
    Float64Array.from(groups, (group) => group.reduce((sum, i) => sum + values[i]!, 0) / group.length);
  return {
    frequency_hertz: Float64Array.from(groups, (group) => f[group[0]!]!),
    real_impedance_ohm: mean(re),
    imaginary_impedance_ohm: mean(im),
    input_index: Int32Array.from(groups, (group) => group[0]!),
    excluded: excluded.sort((a, b) => a.index - b.index),
  };
}

/** How many points from the highest frequency on have Z'' > 0. */
export function inductivePoints(spectrum: PreparedSpectrum): number {
  const first = spectrum.imaginary_impedance_ohm.findIndex((value) => value <= 0);
  return first < 0 ? spectrum.imaginary_impedance_ohm.length : first;
}

/** A part of a prepared spectrum without its first `count` points, which are listed as excluded for `reason`. */
export function withoutFirstPoints(
  spectrum: PreparedSpectrum,
  count: number,
  reason: string,
): PreparedSpectrum {
  const left = Array.from(spectrum.input_index.subarray(0, count), (index) => ({ index, reason }));
  return {
    frequency_hertz: spectrum.frequency_hertz.slice(count),
    real_impedance_ohm: spectrum.real_impedance_ohm.slice(count),
    imaginary_impedance_ohm: spectrum.imaginary_impedance_ohm.slice(count),
    input_index: spectrum.input_index.slice(count),
    excluded: [...spectrum.excluded, ...left].sort((a, b) => a.index - b.index),
  };
}
