import { general, text } from './text.js';

/** @typedef {import('../simulate/impedance.js').Spectrum} Spectrum */

/**
 * A plain table of impedance with the header given. A name with a leading minus gets the negated value.
 * @param {Spectrum[]} spectra one under the other, no blank line
 * @param {{columns: ('f' | 're' | 'im' | '-im' | 'modulus' | 'phase')[], header: string[] | null, delimiter: string}} dialect
 */
export function genericImpedance(spectra, dialect) {
  const rows = spectra.flatMap((spectrum) =>
    spectrum.points.map((p) => {
      const value = {
        f: p.frequency_hertz,
        re: p.real_impedance_ohm,
        im: p.imaginary_impedance_ohm,
        '-im': -p.imaginary_impedance_ohm,
        modulus: p.modulus_ohm,
        phase: p.phase_degree,
      };
      return dialect.columns.map((column) => general(value[column], 9)).join(dialect.delimiter);
    }),
  );
  return text(dialect.header ? [dialect.header.join(dialect.delimiter), ...rows] : rows);
}
