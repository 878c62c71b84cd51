/**
 * Distribution functions and quantiles of the normal, Student t (also with non-integer degrees of freedom),
 * chi-square, F and noncentral t distributions. All probabilities are fractions.
 */
import { brentRoot } from './root-finding.js';
import { logGamma, regularizedIncompleteBeta, regularizedIncompleteGamma } from './special-functions.js';

export { logGamma, regularizedIncompleteBeta, regularizedIncompleteGamma } from './special-functions.js';

/** P(Z ≤ z) for a standard normal Z. */
export function normalCdf(z: number): number {
  const { lower, upper } = regularizedIncompleteGamma(0.5, (z * z) / 2);
  return z < 0 ? upper / 2 : 0.5 + lower / 2;
}

/** The z with P(Z ≤ z) = p. Newton steps from a rough start, in the tail where no digits are lost. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  // Abramowitz & Stegun 26.2.23, error below 4.5e-4; three Halley steps make it exact.
  const t = Math.sqrt(-2 * Math.log(p));
  let z =
    -t + (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const u = (normalCdf(z) - p) / density;
    z -= u / (1 + (z * u) / 2);
  }
  return z;
}

/** P(T > t) for t ≥ 0, without cancellation. */
function studentTUpperTail(t: number, dof: number): number {
  if (dof === Number.POSITIVE_INFINITY) return normalCdf(-t);
  const square = t * t;
  return 0.5 * regularizedIncompleteBeta(dof / (dof + square), dof / 2, 0.5, square / (dof + square));
}

/** P(T ≤ t) for Student's t; `dof` > 0, need not be an integer. */
export function studentTCdf(t: number, dof: number): number {
  if (!(dof > 0) || Number.isNaN(t)) return Number.NaN;
  return t < 0 ? studentTUpperTail(-t, dof) : 1 - studentTUpperTail(t, dof);
}

/** P(|T| ≥ |t|): the two-sided p-value. */
export function studentTTwoSidedP(t: number, dof: number): number {
  if (!(dof > 0) || Number.isNaN(t)) return Number.NaN;
  return 2 * studentTUpperTail(Math.abs(t), dof);
}

/** The t with P(T ≤ t) = p; `dof` > 0, need not be an integer. */
export function studentTQuantile(p: number, dof: number): number {
  if (!(p >= 0 && p <= 1) || !(dof > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p < 0.5) return -upperQuantile(p, dof);
  return upperQuantile(1 - p, dof);
}

/** The t > 0 with P(T > t) = tail, for tail < ½; solved for ln t, since heavy tails span many decades. */
function upperQuantile(tail: number, dof: number): number {
  if (tail === 0) return Number.POSITIVE_INFINITY;
  if (dof === Number.POSITIVE_INFINITY) return -normalQuantile(tail);
  const excess = (logT: number) => Math.log(studentTUpperTail(Math.exp(logT), dof) / tail);
  const centre = Math.log(-normalQuantile(tail));
  let low = centre - 1;
  let high = centre + 1;
  while (excess(low) < 0) low -= 2;
  while (excess(high) > 0 && high < 700) high += 2;
  return Math.exp(brentRoot(excess, low, high));
}

/** P(X ≤ x) for a chi-square variable. */
export function chiSquareCdf(x: number, dof: number): number {
  return regularizedIncompleteGamma(dof / 2, x / 2).lower;
}

/** The x with P(X ≤ x) = p for a chi-square variable. */
export function chiSquareQuantile(p: number, dof: number): number {
  if (!(p >= 0 && p < 1) || !(dof > 0)) return Number.NaN;
  if (p === 0) return 0;
  const excess = (logX: number) => chiSquareCdf(Math.exp(logX), dof) - p;
  let low = Math.log(dof) - 1;
  let high = Math.log(dof) + 1;
  while (excess(low) > 0) low -= 2;
  while (excess(high) < 0) high += 1;
  return Math.exp(brentRoot(excess, low, high));
}

/** P(F ≤ f) for Fisher's F with d1 and d2 degrees of freedom. */
export function fisherFCdf(f: number, d1: number, d2: number): number {
  if (f <= 0) return 0;
  const total = d1 * f + d2;
  return regularizedIncompleteBeta((d1 * f) / total, d1 / 2, d2 / 2, d2 / total);
}

/** P(F > f), without cancellation: the p-value of an F test. */
export function fisherFUpperTail(f: number, d1: number, d2: number): number {
  if (f <= 0) return 1;
  const total = d1 * f + d2;
  return regularizedIncompleteBeta(d2 / total, d2 / 2, d1 / 2, (d1 * f) / total);
}

/**
 * P(T ≤ t) for a noncentral t variable T = (Z + δ)/√(χ²_ν/ν).
 *
 * Integrates Φ(t·u − δ) over the density of u = √(χ²_ν/ν) with the trapezoid rule in ln u, where the integrand
 * is smooth and vanishes at both ends, so the rule converges exponentially; nothing underflows for large δ.
 */
export function noncentralTCdf(t: number, dof: number, delta: number): number {
  const width = Math.min(1 / Math.sqrt(2 * dof), 1 / (1 + Math.abs(t)), 0.35);
  const step = width / 6;
  const logFront = Math.LN2 + (dof / 2) * Math.log(dof / 2) - logGamma(dof / 2);
  const logDensity = (v: number) => logFront + dof * v - (dof * Math.exp(2 * v)) / 2;
  const negligible = logDensity(0) - 40;
  let sum = 0;
  for (let v = 0; logDensity(v) > negligible; v -= step) {
    sum += Math.exp(logDensity(v)) * normalCdf(t * Math.exp(v) - delta);
  }
  for (let v = step; logDensity(v) > negligible; v += step) {
    sum += Math.exp(logDensity(v)) * normalCdf(t * Math.exp(v) - delta);
  }
  return sum * step;
}

/** The t with P(T ≤ t) = p for a noncentral t variable with `dof` ν and noncentrality δ. */
export function noncentralTQuantile(p: number, dof: number, delta: number): number {
  const excess = (t: number) => noncentralTCdf(t, dof, delta) - p;
  let low = delta - 1;
  let high = delta + 2;
  let reach = 2;
  while (excess(low) > 0) {
    low -= reach;
    reach *= 2;
  }
  reach = 2;
  while (excess(high) < 0) {
    high += reach;
    reach *= 2;
  }
  return brentRoot(excess, low, high, 1e-13);
}

/**
 * Factor k of the one-sided normal tolerance bound mean − k·SD below which, with confidence `confidence`, at
 * most 1 − `coverage` of the population lies: k = t'_{confidence}(n−1, z_{coverage}·√n)/√n.
 * Source: G. J. Hahn, J. Qual. Technol. 2 (1970) 115; ISO 16269-6:2014.
 *
 * @param n number of samples, at least 2
 */
export function toleranceFactorOneSided(n: number, coverage = 0.9, confidence = 0.95): number {
  if (!(n >= 2)) return Number.NaN;
  const key = `${n} ${coverage} ${confidence}`;
  let factor = toleranceFactors.get(key);
  if (factor === undefined) {
    factor = noncentralTQuantile(confidence, n - 1, normalQuantile(coverage) * Math.sqrt(n)) / Math.sqrt(n);
    toleranceFactors.set(key, factor);
  }
  return factor;
}

/** Each factor takes milliseconds, and the same few sample sizes occur again and again. */
const toleranceFactors = new Map<string, number>();
