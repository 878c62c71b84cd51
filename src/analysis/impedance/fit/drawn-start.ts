import type { RandomSource } from '../../statistics/random.js';
import { arcsOf } from '../circuit/arcs.js';
import { toTransformed } from '../circuit/elements.js';
import { type Circuit, elementsOf } from '../circuit/parse.js';
import type { PreparedSpectrum } from '../spectrum.js';

const between = (uniform: RandomSource, low: number, high: number) => low + (high - low) * uniform();

/**
 * A start drawn over the whole band: the top of each arc anywhere in it, resistances of 0.03 to 3 times |Z| there,
 * exponents of 0.6 to 0.98; other elements of similar size anywhere in the band.
 */
export function drawnStart(
  circuit: Circuit,
  spectrum: PreparedSpectrum,
  uniform: RandomSource,
): Float64Array {
  const { frequency_hertz: f, real_impedance_ohm: re, imaginary_impedance_ohm: im } = spectrum;
  const somewhere = () => {
    const log_omega = between(
      uniform,
      Math.log(2 * Math.PI * f.at(-1)!) - 0.7,
      Math.log(2 * Math.PI * f[0]!) + 0.7,
    );
    let i = f.findIndex((value) => Math.log(2 * Math.PI * value) < log_omega);
    if (i < 0) i = f.length - 1;
    const size = Math.hypot(re[i]!, im[i]!) * Math.exp(between(uniform, Math.log(0.03), Math.log(3)));
    return { log_omega, size, n: between(uniform, 0.6, 0.98) };
  };
  const values = new Float64Array(circuit.parameters.length);
  for (const { element, first } of elementsOf(circuit.root)) {
    const { log_omega, size, n } = somewhere();
    const omega = Math.exp(log_omega);
    const bySymbol: Record<string, number[]> = {
      R: [size],
      L: [size / omega],
      C: [1 / (size * omega)],
      CPE: [1 / (size * omega ** n), n],
      W: [size * Math.sqrt(omega / 2)],
    };
    // The other elements have a resistance with a time constant, a coefficient, and an exponent where they have one.
    const byUnit: Record<string, number> = { s: 1 / omega, '1': n, 'ohm^-1 s^n': 1 / (size * omega ** n) };
    const general = element.parameters.map(({ unit }) => byUnit[unit] ?? size);
    values.set(bySymbol[element.symbol] ?? general, first);
  }
  for (const arc of arcsOf(circuit.root)) {
    const { log_omega, size, n } = somewhere();
    const tau = Math.exp(-log_omega);
    values[arc.resistance] = size;
    if (arc.time_constant !== undefined) values[arc.time_constant] = tau;
    if (arc.capacitance !== undefined) values[arc.capacitance] = tau / size;
    if (arc.exponent !== undefined) values[arc.exponent] = n;
    if (arc.coefficient !== undefined) values[arc.coefficient] = tau ** n / size;
  }
  return Float64Array.from(circuit.parameters, ({ transform }, j) => toTransformed(transform, values[j]!));
}
