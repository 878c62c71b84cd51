import { householderQr } from '../../linear-algebra/householder.js';
import { singularValues } from '../../linear-algebra/singular-values.js';

/** Singular values below this share of the largest are raised to it, so that errors stay finite, though very large. */
const smallestShare = 1e-15;
/** Beyond this condition number the parameters of the smallest singular values are not determined. */
const largestCondition = 1e8;
/** A parameter takes part in a singular vector when its component exceeds this. */
const takingPart = 0.3;

export interface Uncertainty {
  /** Covariance of the transformed parameters: s²(JᵀJ)⁻¹, k × k. */
  covariance: Float64Array;
  /** Largest over smallest singular value of the Jacobian; null where that overflows. */
  condition_number: number | null;
  correlation_max_abs: number | null;
  /** Per parameter: whether it takes part in a direction that the data leave undetermined. */
  singular: boolean[];
}

/**
 * Covariance by singular values of the Jacobian (rows × k, column-major) at the optimum.
 * @param variance s² = SSR/dof
 */
export function uncertaintyOf(
  jacobian: Float64Array,
  rows: number,
  k: number,
  variance: number,
): Uncertainty {
  const work = jacobian.slice();
  householderQr(work, rows, k);
  const triangle = new Float64Array(k * k);
  for (let j = 0; j < k; j++) for (let i = 0; i <= j; i++) triangle[i + j * k] = work[i + j * rows]!;
  const { values, right } = singularValues(triangle, k, k);
  const largest = values[0]!;
  const covariance = new Float64Array(k * k);
  const singular = new Array<boolean>(k).fill(false);
  for (let s = 0; s < k; s++) {
    const value = Math.max(values[s]!, largest * smallestShare);
    for (let i = 0; i < k; i++) {
      const component = right[i + s * k]! / value;
      for (let j = 0; j < k; j++)
        covariance[i + j * k]! += ((variance * component) / value) * right[j + s * k]!;
      if (largest > largestCondition * values[s]! && Math.abs(right[i + s * k]!) > takingPart)
        singular[i] = true;
    }
  }
  const condition = largest / values[k - 1]!;
  return {
    covariance,
    condition_number: Number.isFinite(condition) ? condition : null,
    correlation_max_abs: largestCorrelation(covariance, k),
    singular,
  };
}

function largestCorrelation(covariance: Float64Array, k: number): number | null {
  if (k < 2) return null;
  let largest = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) {
      const scale = Math.sqrt(covariance[i + i * k]! * covariance[j + j * k]!);
      if (scale > 0) largest = Math.max(largest, Math.abs(covariance[i + j * k]!) / scale);
    }
  }
  return largest;
}

/** Standard error of a function of the transformed parameters with this gradient. */
export function propagated(covariance: Float64Array, gradient: Float64Array): number {
  const k = gradient.length;
  let variance = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) variance += gradient[i]! * gradient[j]! * covariance[i + j * k]!;
  }
  return Math.sqrt(Math.max(variance, 0));
}
