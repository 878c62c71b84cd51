/**
 * One-dimensional root finding and minimisation on a bracket, for quantiles, the variance between samples, and
 * profiles.
 */

/**
 * Root of a continuous function on a bracket with a sign change, by Brent's method.
 * Source: R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 4.
 *
 * @throws RangeError when f(low) and f(high) have the same sign
 */
export function brentRoot(
  f: (x: number) => number,
  low: number,
  high: number,
  tolerance = 1e-15,
  maximumIterations = 200,
): number {
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (fa > 0 === fb > 0) throw new RangeError(`no sign change between ${low} and ${high}`);
  let c = a;
  let fc = fa;
  let step = b - a;
  let previousStep = step;
  for (let iteration = 0; iteration < maximumIterations; iteration++) {
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      step = b - a;
      previousStep = step;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const accuracy = 2 * Number.EPSILON * Math.abs(b) + 0.5 * tolerance;
    const half = 0.5 * (c - b);
    if (Math.abs(half) <= accuracy || fb === 0) return b;
    let bisect = true;
    if (Math.abs(previousStep) >= accuracy && Math.abs(fa) > Math.abs(fb)) {
      const s = fb / fa;
      let p: number;
      let q: number;
      if (a === c) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const u = fa / fc;
        const r = fb / fc;
        p = s * (2 * half * u * (u - r) - (b - a) * (r - 1));
        q = (u - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      p = Math.abs(p);
      if (2 * p < Math.min(3 * half * q - Math.abs(accuracy * q), Math.abs(previousStep * q))) {
        previousStep = step;
        step = p / q;
        bisect = false;
      }
    }
    if (bisect) {
      step = half;
      previousStep = half;
    }
    a = b;
    fa = fb;
    b += Math.abs(step) > accuracy ? step : Math.sign(half) * accuracy;
    fb = f(b);
  }
  return b;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Minimum of a unimodal function on [low, high] by golden-section search, to an absolute tolerance in x. */
export function goldenSectionMinimum(
  f: (x: number) => number,
  low: number,
  high: number,
  tolerance: number,
): { x: number; value: number } {
  let a = low;
  let b = high;
  let c = b - GOLDEN * (b - a);
  let d = a + GOLDEN * (b - a);
  let fc = f(c);
  let fd = f(d);
  while (b - a > tolerance) {
    if (fc < fd) {
      b = d;
      d = c;
      fd = fc;
      c = b - GOLDEN * (b - a);
      fc = f(c);
    } else {
      a = c;
      c = d;
      fc = fd;
      d = a + GOLDEN * (b - a);
      fd = f(d);
    }
  }
  return fc < fd ? { x: c, value: fc } : { x: d, value: fd };
}
