/** Gamma and beta functions for the distributions, with a relative accuracy of about 1e-13. */

const HALF_LOG_TWO_PI = 0.9189385332046727;
const STIRLING_FROM = 12;

/**
 * ln Γ(x) − [(x−½) ln x − x + ½ ln 2π] for x ≥ 12: the tail of Stirling's series.
 * Source: Abramowitz & Stegun 6.1.41.
 */
function stirlingTail(x: number): number {
  const y = 1 / (x * x);
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - (y * 691) / 360360))))) / x;
}

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shifted = x;
  let product = 1;
  while (shifted < STIRLING_FROM) {
    product *= shifted;
    shifted += 1;
  }
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + stirlingTail(shifted);
  return stirling - Math.log(product);
}

/** ln B(a, b); for large arguments the parts of the three ln Γ that cancel are removed explicitly. */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < STIRLING_FROM) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const ratio = small / (small + large);
  const logShare = Math.log1p(-ratio);
  if (small < STIRLING_FROM) {
    const tail = stirlingTail(large) - stirlingTail(small + large);
    return logGamma(small) + tail + small - small * Math.log(small + large) + (large - 0.5) * logShare;
  }
  const tail = stirlingTail(small) + stirlingTail(large) - stirlingTail(small + large);
  return HALF_LOG_TWO_PI - 0.5 * Math.log(large) + tail + (small - 0.5) * Math.log(ratio) + large * logShare;
}

/**
 * Continued fraction of the incomplete beta function by the modified Lentz method.
 * Source: Abramowitz & Stegun 26.5.8; Press et al., Numerical Recipes 6.4.
 */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + even / c;
    if (Math.abs(c) < tiny) c = tiny;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + odd / c;
    if (Math.abs(c) < tiny) c = tiny;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}

/**
 * Regularised incomplete beta function I_x(a, b).
 *
 * @param complement 1 − x, where the caller knows it more exactly than a subtraction gives it
 */
export function regularizedIncompleteBeta(x: number, a: number, b: number, complement = 1 - x): number {
  if (Number.isNaN(x) || !(a > 0) || !(b > 0)) return Number.NaN;
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  const logX = x > 0.5 ? Math.log1p(-complement) : Math.log(x);
  const logComplement = x > 0.5 ? Math.log(complement) : Math.log1p(-x);
  const front = Math.exp(a * logX + b * logComplement - logBeta(a, b));
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(complement, b, a)) / b;
}

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P, each without cancellation.
 * Source: Press et al., Numerical Recipes 6.2 (series below a + 1, Lentz fraction above).
 */
export function regularizedIncompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (!(a > 0) || Number.isNaN(x)) return { lower: Number.NaN, upper: Number.NaN };
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const front = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let k = 1; k < 100_000 && term > sum * 1e-17; k++) {
      term *= x / (a + k);
      sum += term;
    }
    const lower = Math.min(front * sum, 1);
    return { lower, upper: 1 - lower };
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 100_000; k++) {
    const an = -k * (k - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const delta = d * c;
    fraction *= delta;
    if (Math.abs(delta - 1) < 1e-16) break;
  }
  const upper = Math.min(front * fraction, 1);
  return { lower: 1 - upper, upper };
}
