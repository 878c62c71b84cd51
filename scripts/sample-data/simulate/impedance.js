import { angleOf, cos, exp, pow, sin } from './arithmetic.js';

/** @typedef {{re: number, im: number}} Complex */

/**
 * A circuit element: R ohm, L henry, C farad, CPE with Q in S s^n and exponent n, or a parallel pair of a resistor
 * and a CPE. Elements of a list are in series.
 * @typedef {{kind: 'R', ohm: number} | {kind: 'L', henry: number} | {kind: 'CPE', q: number, n: number}
 *   | {kind: 'RCPE', ohm: number, q: number, n: number}} Element
 */

/**
 * One measured sweep.
 * @typedef {object} Spectrum
 * @property {SpectrumPoint[]} points high to low frequency
 */

/**
 * @typedef {object} SpectrumPoint
 * @property {number} frequency_hertz
 * @property {number} real_impedance_ohm
 * @property {number} imaginary_impedance_ohm negative for a capacitive arc
 * @property {number} modulus_ohm
 * @property {number} phase_degree
 * @property {number} time_second since the sweep began
 */

/**
 * Measures a circuit. Noise is Gaussian, proportional to |Z|, independent in real and imaginary part.
 * @param {Element[]} circuit
 * @param {{from_hertz: number, to_hertz: number, points_per_decade: number, noise_relative: number}} sweep
 * @param {import('./random.js').Random} random
 * @returns {Spectrum}
 */
export function measureSpectrum(circuit, sweep, random) {
  let time = 0;
  const points = frequenciesOf(sweep).map((frequency) => {
    const ideal = impedanceOf(circuit, 2 * Math.PI * frequency);
    const deviation = sweep.noise_relative * modulusOf(ideal);
    const z = { re: ideal.re + deviation * random.normal(), im: ideal.im + deviation * random.normal() };
    time += 0.4 + 3 / frequency;
    return {
      frequency_hertz: frequency,
      real_impedance_ohm: z.re,
      imaginary_impedance_ohm: z.im,
      modulus_ohm: modulusOf(z),
      phase_degree: (angleOf(z.im, z.re) * 180) / Math.PI,
      time_second: time,
    };
  });
  return { points };
}

/** Impedance of elements in series. @param {Element[]} circuit @param {number} omega rad/s @returns {Complex} */
export function impedanceOf(circuit, omega) {
  let re = 0;
  let im = 0;
  for (const element of circuit) {
    const z = elementImpedance(element, omega);
    re += z.re;
    im += z.im;
  }
  return { re, im };
}

/** @param {Element} element @param {number} omega @returns {Complex} */
function elementImpedance(element, omega) {
  switch (element.kind) {
    case 'R':
      return { re: element.ohm, im: 0 };
    case 'L':
      return { re: 0, im: omega * element.henry };
    case 'CPE':
      return reciprocal(cpeAdmittance(element, omega));
    case 'RCPE': {
      const admittance = cpeAdmittance(element, omega);
      return reciprocal({ re: admittance.re + 1 / element.ohm, im: admittance.im });
    }
  }
}

/** Y = Q (j omega)^n. @param {{q: number, n: number}} cpe @param {number} omega @returns {Complex} */
function cpeAdmittance(cpe, omega) {
  const modulus = cpe.q * pow(omega, cpe.n);
  const angle = (cpe.n * Math.PI) / 2;
  return { re: modulus * cos(angle), im: modulus * sin(angle) };
}

/** @param {Complex} z @returns {Complex} */
function reciprocal(z) {
  const square = z.re * z.re + z.im * z.im;
  return { re: z.re / square, im: -z.im / square };
}

/** @param {Complex} z */
function modulusOf(z) {
  return Math.sqrt(z.re * z.re + z.im * z.im);
}

/** @param {{from_hertz: number, to_hertz: number, points_per_decade: number}} sweep */
function frequenciesOf(sweep) {
  const frequencies = [];
  for (let k = 0; ; k++) {
    const frequency = sweep.from_hertz * exp((-k * Math.LN10) / sweep.points_per_decade);
    if (frequency < sweep.to_hertz * 0.999) return frequencies;
    frequencies.push(Number(frequency.toPrecision(7)));
  }
}

/** Q of a CPE that, in parallel with R, peaks like a capacitance C: Q = (C R)^n / R. */
export function cpeOfArc(/** @type {number} */ ohm, /** @type {number} */ farad, /** @type {number} */ n) {
  return pow(ohm * farad, n) / ohm;
}
