/** Straight lines that are insensitive to outliers: Theil–Sen and Huber. */
import { robustScale } from './descriptive.js';
import { Z_TWO_SIDED } from './intervals.js';
import { fitLine } from './linear-regression.js';

/** Numbers of tied values, one entry per group of at least two equal values. */
function tieGroups(values: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).sort();
  const groups: number[] = [];
  let start = 0;
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[start]) continue;
    if (i - start > 1) groups.push(i - start);
    start = i;
  }
  return groups;
}

/** Sorts `values` in place by merging and returns how many pairs i < j had values[i] > values[j]. */
function countInversions(values: Float64Array, buffer: Float64Array): number {
  const n = values.length;
  let from = values;
  let to = buffer;
  let inversions = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let i = start;
      let j = middle;
      for (let k = start; k < end; k++) {
        if (i < middle && (j >= end || (from[i] as number) <= (from[j] as number))) {
          to[k] = from[i++] as number;
        } else {
          inversions += middle - i;
          to[k] = from[j++] as number;
        }
      }
    }
    [from, to] = [to, from];
  }
  return inversions;
}

/**
 * Order statistics of the slopes of all pairs without listing them: the pairs with a slope below s are the
 * inversions of y − s·x, so each slope is found by bisection in O(N log N) instead of O(N²) memory.
 */
class PairwiseSlopes {
  readonly count: number;
  private readonly x: Float64Array;
  private readonly y: Float64Array;
  private readonly shifted: Float64Array;
  private readonly buffer: Float64Array;
  private readonly steepest: number;

  constructor(x: ArrayLike<number>, y: ArrayLike<number>) {
    const order = Array.from({ length: x.length }, (_, i) => i).sort(
      (i, j) => (x[i] as number) - (x[j] as number) || (y[i] as number) - (y[j] as number),
    );
    this.x = Float64Array.from(order, (i) => x[i] as number);
    this.y = Float64Array.from(order, (i) => y[i] as number);
    this.shifted = new Float64Array(x.length);
    this.buffer = new Float64Array(x.length);
    const tied = tieGroups(x).reduce((sum, k) => sum + (k * (k - 1)) / 2, 0);
    this.count = (x.length * (x.length - 1)) / 2 - tied;
    let steepest = 0;
    for (let i = 1; i < order.length; i++) {
      const dx = (this.x[i] as number) - (this.x[i - 1] as number);
      const dy = (this.y[i] as number) - (this.y[i - 1] as number);
      if (dx > 0) steepest = Math.max(steepest, Math.abs(dy / dx));
    }
    // Two points with equal x but different y can form a steeper pair with a third point than neighbours do.
    if (tied > 0) {
      const sorted = Float64Array.from(this.y).sort();
      const span = (sorted.at(-1) as number) - (sorted[0] as number);
      let nearest = Number.POSITIVE_INFINITY;
      for (let i = 1; i < order.length; i++) {
        const dx = (this.x[i] as number) - (this.x[i - 1] as number);
        if (dx > 0) nearest = Math.min(nearest, dx);
      }
      steepest = Math.max(steepest, span / nearest);
    }
    this.steepest = steepest * (1 + 1e-9) + Number.MIN_VALUE;
  }

  private countBelow(slope: number): number {
    for (let i = 0; i < this.x.length; i++) {
      this.shifted[i] = (this.y[i] as number) - slope * (this.x[i] as number);
    }
    return countInversions(this.shifted, this.buffer);
  }

  /** The slope with `rank` smaller ones, rank 0 … count − 1. */
  at(rank: number): number {
    let low = -this.steepest;
    let high = this.steepest;
    for (let step = 0; step < 200; step++) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if (this.countBelow(middle) > rank) high = middle;
      else low = middle;
    }
    return (low + high) / 2;
  }
}

export interface TheilSenFit {
  slope: number;
  /** Sen's distribution-free 95 % interval; it takes the points as independent. */
  slope_ci95_low: number;
  slope_ci95_high: number;
}

/** Nearest integer, halves to the even one. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/**
 * Median of the slopes of all pairs, and Sen's rank interval.
 * Source: P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379.
 */
export function theilSenLine(x: ArrayLike<number>, y: ArrayLike<number>): TheilSenFit {
  const slopes = new PairwiseSlopes(x, y);
  const pairs = slopes.count;
  if (pairs < 1) throw new RangeError('a line needs at least two different x');
  const middle = pairs >> 1;
  const slope = pairs % 2 === 1 ? slopes.at(middle) : (slopes.at(middle - 1) + slopes.at(middle)) / 2;
  const n = x.length;
  let variance = n * (n - 1) * (2 * n + 5);
  for (const k of [...tieGroups(x), ...tieGroups(y)]) variance -= k * (k - 1) * (2 * k + 5);
  const reach = Z_TWO_SIDED * Math.sqrt(variance / 18);
  const lowRank = Math.max(roundHalfEven((pairs - reach) / 2) - 1, 0);
  const highRank = Math.min(roundHalfEven((pairs + reach) / 2), pairs - 1);
  return { slope, slope_ci95_low: slopes.at(lowRank), slope_ci95_high: slopes.at(highRank) };
}

export interface HuberFit {
  slope: number;
  intercept: number;
  /** 1.4826·median|r| of the final residuals. */
  scale: number;
  weights: Float64Array;
  residuals: Float64Array;
  iterations: number;
}

const HUBER_CONSTANT = 1.345;

/**
 * Huber's M-estimate of a line by iteratively reweighted least squares; 95 % efficient for normal errors.
 * Source: P. J. Huber, Ann. Math. Stat. 35 (1964) 73.
 */
export function huberLine(x: ArrayLike<number>, y: ArrayLike<number>, maximumIterations = 200): HuberFit {
  let weights = new Float64Array(x.length).fill(1);
  let fit = fitLine(x, y);
  let scale = robustScale(fit.residuals);
  let iterations = 0;
  while (iterations < maximumIterations && scale > 0) {
    iterations++;
    const limit = HUBER_CONSTANT * scale;
    weights = Float64Array.from(fit.residuals, (r) => (Math.abs(r) <= limit ? 1 : limit / Math.abs(r)));
    const next = fitLine(x, y, weights);
    const settled = Math.abs(next.slope - fit.slope) <= 1e-12 * Math.max(Math.abs(fit.slope), 1e-12);
    fit = next;
    scale = robustScale(fit.residuals);
    if (settled) break;
  }
  return { slope: fit.slope, intercept: fit.intercept, scale, weights, residuals: fit.residuals, iterations };
}
