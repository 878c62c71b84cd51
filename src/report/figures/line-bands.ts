import type { Quantity } from '../../analysis/result.js';
import { studentTQuantile } from '../../analysis/statistics/distributions.js';

/** A straight line with its 95 % bands, as functions of x. */
export interface LineBands {
  at(x: number): number;
  confidence(x: number): readonly [number, number];
  prediction(x: number): readonly [number, number];
  /** False where two points or exact data have no scatter. */
  hasIntervals: boolean;
}

/**
 * The line of a stored regression, its confidence band ŷ ± t·s·√h and its prediction band ŷ ± t·s·√(1 + h), with h(x)
 * = 1/n + (x − x̄)²/Sxx. Sxx and x̄ follow from the standard errors of slope and intercept, s/√Sxx and s·√(1/n +
 * x̄²/Sxx), so that the band is that of the fit that was stored, weights included.
 * Source: N. R. Draper & H. Smith, Applied Regression Analysis, 3rd ed., chapter 3.
 *
 * @param results rows `slope_K` and `intercept` of ln σ on 1/T
 * @param s residual standard deviation
 * @returns null where these rows are missing
 */
export function lineBands(results: readonly Quantity[], s: number | null): LineBands | null {
  const slope = results.find(({ quantity }) => quantity === 'slope_K');
  const intercept = results.find(({ quantity }) => quantity === 'intercept');
  if (slope?.value == null || intercept?.value == null) return null;
  const [a, b] = [intercept.value, slope.value];
  const at = (x: number) => a + b * x;
  const dof = slope.dof ?? 0;
  if (!(dof >= 1) || s === null || !(s > 0) || !slope.standard_error || !intercept.standard_error) {
    const exactly = (x: number) => [at(x), at(x)] as const;
    return { at, confidence: exactly, prediction: exactly, hasIntervals: false };
  }
  const n = slope.n ?? dof + 2;
  const sxx = (s / slope.standard_error) ** 2;
  const mean = Math.sqrt(Math.max((intercept.standard_error / s) ** 2 - 1 / n, 0) * sxx);
  const half = studentTQuantile(0.975, dof) * s;
  const leverage = (x: number) => 1 / n + (x - mean) ** 2 / sxx;
  const around = (x: number, extra: number) => {
    const reach = half * Math.sqrt(leverage(x) + extra);
    return [at(x) - reach, at(x) + reach] as const;
  };
  return {
    at,
    confidence: (x) => around(x, 0),
    prediction: (x) => around(x, 1),
    hasIntervals: true,
  };
}
