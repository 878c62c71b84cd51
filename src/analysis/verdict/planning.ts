/**
 * What would settle an open verdict: how much more must be measured until the one-sided 95 % bound is on the right
 * side of the limit, if estimate and scatter do not change.
 */
import { normalQuantile, studentTQuantile } from '../statistics/distributions.js';
import { expandedHalfWidth, Z_ONE_SIDED } from '../statistics/intervals.js';

const LARGEST_PLAN = 100_000;

/** Smallest n ≥ from with halfWidth(n) < distance, halfWidth falling with n; null if no n up to 100 000 does. */
function smallestCount(from: number, distance: number, halfWidth: (n: number) => number): number | null {
  if (!(distance > 0)) return null;
  let high = from;
  while (halfWidth(high) >= distance) {
    if (high >= LARGEST_PLAN) return null;
    high = Math.min(high * 2, LARGEST_PLAN);
  }
  let low = from;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (halfWidth(middle) < distance) high = middle;
    else low = middle + 1;
  }
  return high;
}

/**
 * Total number of samples, at least three, with which the bound of the mean clears a limit at `distance`.
 *
 * @param m samples so far
 * @param sd between samples, unit of the distance
 * @param shared standard uncertainty that all samples share, which does not shrink
 * @param probability one-sided, of the bound that has to clear the limit
 */
export function samplesNeeded(
  m: number,
  sd: number,
  distance: number,
  shared = 0,
  probability = 0.95,
): number | null {
  const z = normalQuantile(probability);
  return smallestCount(Math.max(3, m), distance, (n) =>
    Math.hypot((studentTQuantile(probability, n - 1) * sd) / Math.sqrt(n), z * shared),
  );
}

/**
 * Total number of cycles with which the bound of a mean coulombic efficiency clears a limit. The term of the
 * instrument does not shrink.
 *
 * @param perCycle how many cycles count as one independent one, N/n_eff
 * @returns null when the instrument alone is wider than the distance, or no number of cycles is enough
 */
export function cyclesNeededForMean(
  n: number,
  sd: number,
  perCycle: number,
  instrument: number,
  distance: number,
): number | null {
  return smallestCount(n, distance, (cycles) => {
    const independent = cycles / perCycle;
    const t = studentTQuantile(0.95, Math.max(independent - 1, 1));
    return Math.hypot((t * sd) / Math.sqrt(independent), Z_ONE_SIDED * instrument);
  });
}

/** The present state of a decay rate; errors and distance are fractions per cycle. */
export interface DecayPlan {
  cycles: number;
  standard_error: number;
  /** Independent points among the cycles. */
  effective: number;
  /** Standard uncertainty from slow changes; 0 where there is none. */
  wander?: number;
  distance: number;
  /** One-sided, of the bound that has to clear the limit. */
  probability?: number;
}

/**
 * Total number of cycles with which the bound of a decay rate clears a limit: the standard error of a slope falls with
 * N^{3/2}, the effect of slow changes with N.
 */
export function cyclesNeededForDecay(plan: DecayPlan): number | null {
  const { cycles: n, standard_error, effective, wander = 0, distance, probability = 0.95 } = plan;
  return smallestCount(n, distance, (cycles) => {
    const growth = cycles / n;
    const dof = Math.max(effective * growth - 2, 1);
    return expandedHalfWidth(probability, standard_error / growth ** 1.5, dof, wander / growth);
  });
}

/**
 * Total number of temperatures, spread as before, with which the bound of ln σ at 25 °C clears a limit. The term of
 * the geometry does not shrink.
 *
 * @param n temperatures so far, at least three
 * @param standardError of ln σ
 * @param geometry relative standard uncertainty of the cell constant
 * @param distance |ln σ − ln limit|
 */
export function temperaturesNeeded(
  n: number,
  standardError: number,
  geometry: number,
  distance: number,
): number | null {
  return smallestCount(Math.max(n, 4), distance, (count) => {
    const error = standardError * Math.sqrt(n / count);
    return Math.hypot(studentTQuantile(0.95, count - 2) * error, Z_ONE_SIDED * geometry);
  });
}
