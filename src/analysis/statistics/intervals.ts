/** Two-sided 95 % intervals and one-sided 95 % bounds, as every reported quantity carries them. */
import { normalQuantile, studentTQuantile } from './distributions.js';

export interface Bounds {
  ci95_low: number | null;
  ci95_high: number | null;
  bound95_low: number | null;
  bound95_high: number | null;
}

export const NO_BOUNDS: Readonly<Bounds> = Object.freeze({
  ci95_low: null,
  ci95_high: null,
  bound95_low: null,
  bound95_high: null,
});

/** Normal quantiles 0.975 and 0.95. */
export const Z_TWO_SIDED = 1.959963984540054;
export const Z_ONE_SIDED = 1.6448536269514722;

/**
 * value ± √((t·se)² + (z·u)²): statistical and instrument uncertainty combined as expanded uncertainties, the
 * first with t of `dof`, the second normal. Source: JCGM 100:2008 (GUM), 5.1 and 6.2.
 *
 * @param systematic standard uncertainty of instrument or geometry, same unit as the value
 */
export function boundsAround(value: number, standardError: number, dof: number, systematic = 0): Bounds {
  if (!Number.isFinite(value) || !Number.isFinite(standardError) || !(dof > 0)) return { ...NO_BOUNDS };
  const two = Math.hypot(studentTQuantile(0.975, dof) * standardError, Z_TWO_SIDED * systematic);
  const one = Math.hypot(studentTQuantile(0.95, dof) * standardError, Z_ONE_SIDED * systematic);
  return {
    ci95_low: value - two,
    ci95_high: value + two,
    bound95_low: value - one,
    bound95_high: value + one,
  };
}

/**
 * √((t·se)² + (z·u)²) at one probability: half width of an interval that combines a statistical error with a term that
 * repetition does not show.
 * Source: as `boundsAround`.
 *
 * @param probability of the quantiles t and z, such as 0.99 for a one-sided 99 % bound
 * @returns NaN where there is no degree of freedom
 */
export function expandedHalfWidth(
  probability: number,
  standardError: number,
  dof: number,
  systematic = 0,
): number {
  if (!Number.isFinite(standardError) || !(dof > 0)) return Number.NaN;
  const statistical = studentTQuantile(probability, dof) * standardError;
  return Math.hypot(statistical, normalQuantile(probability) * systematic);
}

/** Bounds of f(value) for a monotone f; a decreasing one swaps the ends. What is not finite becomes null. */
export function mapBounds(
  bounds: Bounds,
  f: (x: number) => number,
  direction: 'increasing' | 'decreasing' = 'increasing',
): Bounds {
  const map = (x: number | null) => {
    const y = x === null ? null : f(x);
    return y !== null && Number.isFinite(y) ? y : null;
  };
  const swap = direction === 'decreasing';
  return {
    ci95_low: map(swap ? bounds.ci95_high : bounds.ci95_low),
    ci95_high: map(swap ? bounds.ci95_low : bounds.ci95_high),
    bound95_low: map(swap ? bounds.bound95_high : bounds.bound95_low),
    bound95_high: map(swap ? bounds.bound95_low : bounds.bound95_high),
  };
}
