import { type Spectrum, simulateImpedance } from '../../../src/analysis/impedance/index.js';
import { mulberry32, normalDeviates } from '../../../src/analysis/statistics/random.js';

/** Frequencies from high to low, evenly spaced in the logarithm. */
export function frequencies(high: number, low: number, perDecade: number): Float64Array {
  const count = Math.round(Math.log10(high / low) * perDecade) + 1;
  return Float64Array.from({ length: count }, (_, i) => high * (low / high) ** (i / (count - 1)));
}

/** A spectrum of a circuit with independent normal noise, relative to |Z|, on both parts. */
export function simulated(
  code: string,
  values: Record<string, number>,
  frequency_hertz: Float64Array,
  noise = 0,
  seed = 1,
): Spectrum & { real_impedance_ohm: Float64Array; imaginary_impedance_ohm: Float64Array } {
  const normal = normalDeviates(mulberry32(seed));
  const { real_impedance_ohm: re, imaginary_impedance_ohm: im } = simulateImpedance(
    code,
    values,
    frequency_hertz,
  );
  const modulus = re.map((value, i) => Math.hypot(value, im[i]!));
  return {
    frequency_hertz,
    real_impedance_ohm: re.map((value, i) => value + noise * modulus[i]! * normal()),
    imaginary_impedance_ohm: im.map((value, i) => value + noise * modulus[i]! * normal()),
  };
}
