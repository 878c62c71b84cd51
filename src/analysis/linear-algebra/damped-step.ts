/**
 * The linear problem of one Levenberg–Marquardt step, min ‖J·step + r‖² + λ‖scale·step‖², solved in two ways.
 * Matrices are column-major, as in `householder.ts`.
 */
import { householderQr, solveUpperTriangle } from './householder.js';

/** Residuals and their derivatives (rows × columns, column-major), overwritten by each evaluation. */
export interface LinearisedProblem {
  residualCount: number;
  parameterCount: number;
  residual: Float64Array;
  jacobian: Float64Array;
}

/** Solves the damped problem at one point for any number of λ. It owns its buffers. */
export interface DampedStep {
  /** Jᵀr. */
  readonly gradient: Float64Array;
  /** Lengths of the columns of J (Marquardt's scaling); a very short column counts as longer. */
  readonly scale: Float64Array;
  /** Reads the present J and r. */
  take(): void;
  /** Fills `step` for this λ. */
  solve(lambda: number, step: Float64Array): void;
}

/** A column shorter than this share of the longest is damped as if it were that long. */
const shortestColumnShare = 1e-8;

function setScale(scale: Float64Array): void {
  let longest = 0;
  for (let j = 0; j < scale.length; j++) longest = Math.max(longest, scale[j]!);
  for (let j = 0; j < scale.length; j++) scale[j] = Math.max(scale[j]!, longest * shortestColumnShare);
}

/**
 * By QR, which keeps every digit that the problem has.
 * Source: J. J. Moré, Lect. Notes Math. 630 (1978) 105.
 */
export function qrStep(problem: LinearisedProblem): DampedStep {
  const { residualCount: m, parameterCount: k } = problem;
  const factored = new Float64Array(m * k);
  const side = new Float64Array(m);
  const stacked = new Float64Array(2 * k * k);
  const stackedSide = new Float64Array(2 * k);
  const gradient = new Float64Array(k);
  const scale = new Float64Array(k);
  return {
    gradient,
    scale,
    take() {
      factored.set(problem.jacobian);
      side.set(problem.residual);
      for (let j = 0; j < k; j++) {
        let length = 0;
        let slope = 0;
        for (let i = 0; i < m; i++) {
          const element = factored[i + j * m]!;
          length += element * element;
          slope += element * side[i]!;
        }
        gradient[j] = slope;
        scale[j] = Math.sqrt(length);
      }
      setScale(scale);
      householderQr(factored, m, k, [side]);
    },
    solve(lambda, step) {
      stacked.fill(0);
      stackedSide.fill(0);
      const root = Math.sqrt(lambda);
      for (let j = 0; j < k; j++) {
        for (let i = 0; i <= j; i++) stacked[i + j * 2 * k] = factored[i + j * m]!;
        stacked[k + j + j * 2 * k] = root * scale[j]!;
        stackedSide[j] = -side[j]!;
      }
      householderQr(stacked, 2 * k, k, [stackedSide]);
      solveUpperTriangle(stacked, 2 * k, k, stackedSide, step);
    },
  };
}

/**
 * JᵀJ from row i on, in the upper triangle (k × k, row-major): eight sums in parallel (two columns with four), none of
 * which waits for another, each in the order of the residuals.
 */
function normalMatrix(
  { residualCount: m, parameterCount: k, jacobian: a }: LinearisedProblem,
  to: Float64Array,
): void {
  let i = 0;
  for (; i + 2 <= k; i += 2) {
    const [s, s1] = [i * m, (i + 1) * m];
    let j = i;
    for (; j + 4 <= k; j += 4) {
      const [t, t1, t2, t3] = [j * m, (j + 1) * m, (j + 2) * m, (j + 3) * m];
      let [dot, dot1, dot2, dot3, next, next1, next2, next3] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let at = 0; at < m; at++) {
        const own = a[s + at]!;
        const own1 = a[s1 + at]!;
        const b = a[t + at]!;
        const b1 = a[t1 + at]!;
        const b2 = a[t2 + at]!;
        const b3 = a[t3 + at]!;
        dot += own * b;
        dot1 += own * b1;
        dot2 += own * b2;
        dot3 += own * b3;
        next += own1 * b;
        next1 += own1 * b1;
        next2 += own1 * b2;
        next3 += own1 * b3;
      }
      to[i * k + j] = dot;
      to[i * k + j + 1] = dot1;
      to[i * k + j + 2] = dot2;
      to[i * k + j + 3] = dot3;
      to[(i + 1) * k + j] = next;
      to[(i + 1) * k + j + 1] = next1;
      to[(i + 1) * k + j + 2] = next2;
      to[(i + 1) * k + j + 3] = next3;
    }
    for (; j < k; j++) {
      const t = j * m;
      let [dot, next] = [0, 0];
      for (let at = 0; at < m; at++) {
        const b = a[t + at]!;
        dot += a[s + at]! * b;
        next += a[s1 + at]! * b;
      }
      to[i * k + j] = dot;
      to[(i + 1) * k + j] = next;
    }
  }
  // With an odd number of columns the last one is treated alone.
  if (i < k) to[i * k + i] = dotProduct(a, i * m, a, i * m, m);
}

function dotProduct(a: Float64Array, from: number, b: Float64Array, other: number, m: number): number {
  let sum = 0;
  for (let at = 0; at < m; at++) sum += a[from + at]! * b[other + at]!;
  return sum;
}

/** Jᵀr, four sums in parallel. */
function gradientOf(
  { residualCount: m, parameterCount: k, jacobian: a, residual }: LinearisedProblem,
  to: Float64Array,
): void {
  let j = 0;
  for (; j + 4 <= k; j += 4) {
    const [t, t1, t2, t3] = [j * m, (j + 1) * m, (j + 2) * m, (j + 3) * m];
    let [dot, dot1, dot2, dot3] = [0, 0, 0, 0];
    for (let at = 0; at < m; at++) {
      const r = residual[at]!;
      dot += a[t + at]! * r;
      dot1 += a[t1 + at]! * r;
      dot2 += a[t2 + at]! * r;
      dot3 += a[t3 + at]! * r;
    }
    to[j] = dot;
    to[j + 1] = dot1;
    to[j + 2] = dot2;
    to[j + 3] = dot3;
  }
  for (; j < k; j++) to[j] = dotProduct(a, j * m, residual, 0, m);
}

/** λ counts as at least this, so that the scaled matrix keeps a Cholesky factor in double precision. */
const leastDamping = 1e-12;

/** Lower triangle L of A = L·Lᵀ in place of that of A (k × k, row-major); false where A is not positive. */
function cholesky(a: Float64Array, k: number): boolean {
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * k + j]!;
      for (let s = 0; s < j; s++) sum -= a[i * k + s]! * a[j * k + s]!;
      if (i !== j) a[i * k + j] = sum / a[j * k + j]!;
      else if (sum > 0) a[i * k + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** b ← (L·Lᵀ)⁻¹·b. */
function solveByCholesky(lower: Float64Array, k: number, b: Float64Array): void {
  for (let i = 0; i < k; i++) {
    let sum = b[i]!;
    for (let s = 0; s < i; s++) sum -= lower[i * k + s]! * b[s]!;
    b[i] = sum / lower[i * k + i]!;
  }
  for (let i = k - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let s = i + 1; s < k; s++) sum -= lower[s * k + i]! * b[s]!;
    b[i] = sum / lower[i * k + i]!;
  }
}

/**
 * By the normal equations of the columns scaled to length 1 and Cholesky's factors: a quarter of the work of QR, but
 * only half of its digits where columns are nearly dependent. It is meant for the way to a minimum, not for the last
 * digits.
 */
export function normalStep(problem: LinearisedProblem): DampedStep {
  const { parameterCount: k } = problem;
  const gradient = new Float64Array(k);
  const scale = new Float64Array(k);
  const products = new Float64Array(k * k);
  const scaled = new Float64Array(k * k);
  const lower = new Float64Array(k * k);
  return {
    gradient,
    scale,
    take() {
      normalMatrix(problem, products);
      gradientOf(problem, gradient);
      for (let i = 0; i < k; i++) scale[i] = Math.sqrt(products[i * k + i]!);
      setScale(scale);
      for (let i = 0; i < k; i++) {
        for (let j = 0; j <= i; j++) scaled[i * k + j] = products[j * k + i]! / (scale[i]! * scale[j]!);
      }
    },
    solve(lambda, step) {
      for (let damping = Math.max(lambda, leastDamping); ; damping *= 10) {
        lower.set(scaled);
        for (let i = 0; i < k; i++) lower[i * k + i]! += damping;
        if (cholesky(lower, k)) break;
        // Not finite: the sum of the caller is not finite either, and the start is given up.
        if (!(damping < 1)) {
          step.fill(0);
          return;
        }
      }
      for (let i = 0; i < k; i++) step[i] = -gradient[i]! / scale[i]!;
      solveByCholesky(lower, k, step);
      for (let i = 0; i < k; i++) step[i]! /= scale[i]!;
    },
  };
}
