/**
 * Elementary functions built from + - * / and Math.sqrt alone. IEEE 754 fixes those to the last bit, whereas
 * Math.exp, Math.pow, Math.cos and their kin may differ between engine versions; the sample files must not.
 * Accurate to about 1e-15 relative over the ranges used here.
 */

/** ln 2 in two parts, the first short enough that its product with a whole number is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** e^x. @param {number} x */
export function exp(x) {
  const power = Math.round(x / (LN2_HIGH + LN2_LOW));
  const rest = x - power * LN2_HIGH - power * LN2_LOW;
  let sum = 1;
  for (let n = 20; n >= 1; n--) sum = 1 + (rest * sum) / n;
  return scaleByPowerOfTwo(sum, power);
}

/** Natural logarithm of a positive number. @param {number} x */
export function ln(x) {
  let mantissa = x;
  let power = 0;
  while (mantissa > Math.SQRT2) {
    mantissa /= 2;
    power++;
  }
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    power--;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let n = 29; n >= 1; n -= 2) sum = sum * s * s + 1 / n;
  return power * LN2_HIGH + (2 * s * sum + power * LN2_LOW);
}

/** base^exponent for a positive base. @param {number} base @param {number} exponent */
export function pow(base, exponent) {
  return exp(exponent * ln(base));
}

/** Sine of an angle within a few turns. @param {number} angle radian */
export function sin(angle) {
  const x = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  let sum = 0;
  for (let n = 31; n >= 1; n -= 2) sum = 1 - (x * x * sum) / ((n + 1) * (n + 2));
  return x * sum;
}

/** Cosine of an angle within a few turns. @param {number} angle radian */
export function cos(angle) {
  return sin(Math.PI / 2 - angle);
}

/** Angle of (x, y) in (-pi/2, pi/2), for x > 0. @param {number} y @param {number} x */
export function angleOf(y, x) {
  let tangent = y / x;
  for (let halving = 0; halving < 3; halving++) tangent = tangent / (1 + Math.sqrt(1 + tangent * tangent));
  let sum = 0;
  for (let n = 25; n >= 1; n -= 2) sum = 1 / n - tangent * tangent * sum;
  return 8 * tangent * sum;
}

/** @param {number} x @param {number} power */
function scaleByPowerOfTwo(x, power) {
  const factor = power < 0 ? 0.5 : 2;
  let scaled = x;
  for (let n = Math.abs(power); n > 0; n--) scaled *= factor;
  return scaled;
}
