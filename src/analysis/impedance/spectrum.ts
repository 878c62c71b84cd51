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
 * Sorts from high to low frequency, leaves out points that are not finite or not above 0 Hz, and averages points of
 * exactly the same frequency. Everything that is left out or merged is listed by its input index. Inductive points at
 * the high end stay: leaving them out biases the fit unless the circuit has its inductance.
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

/**
 * A prepared spectrum with only the points for which `keep` is true (by position, from the highest frequency); the
 * others are listed with `reason`.
 */
export function withoutPoints(
  spectrum: PreparedSpectrum,
  keep: (index: number) => boolean,
  reason: string,
): PreparedSpectrum {
  const places = Array.from(spectrum.frequency_hertz, (_, i) => i);
  const kept = places.filter(keep);
  if (kept.length === places.length) return spectrum;
  const part = (values: Float64Array) => Float64Array.from(kept, (i) => values[i]!);
  const left = places.filter((i) => !keep(i)).map((i) => ({ index: spectrum.input_index[i]!, reason }));
  return {
    frequency_hertz: part(spectrum.frequency_hertz),
    real_impedance_ohm: part(spectrum.real_impedance_ohm),
    imaginary_impedance_ohm: part(spectrum.imaginary_impedance_ohm),
    input_index: Int32Array.from(kept, (i) => spectrum.input_index[i]!),
    excluded: [...spectrum.excluded, ...left].sort((a, b) => a.index - b.index),
  };
}

/** What a user leaves out of a spectrum: frequencies outside a band, and single ones. Null or absent: nothing. */
export interface FrequencyWindow {
  min_hertz?: number | null | undefined;
  max_hertz?: number | null | undefined;
  /** Matched within 0.5 %. */
  exclude_hertz?: readonly number[] | null | undefined;
}

const frequencyTolerance = 0.005;

/** A prepared spectrum inside a user's window. */
export function insideWindow(spectrum: PreparedSpectrum, window: FrequencyWindow): PreparedSpectrum {
  const { min_hertz, max_hertz, exclude_hertz } = window;
  const isKept = (f: number) =>
    f >= (min_hertz ?? 0) &&
    f <= (max_hertz ?? Number.POSITIVE_INFINITY) &&
    !(exclude_hertz ?? []).some((left) => Math.abs(f - left) <= frequencyTolerance * left);
  return withoutPoints(spectrum, (i) => isKept(spectrum.frequency_hertz[i]!), 'left out by the user');
}
