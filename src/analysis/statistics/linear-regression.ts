/** Ordinary and weighted least squares for one straight line and for a few columns. */
import { householderQr, solveUpperTriangle } from '../linear-algebra/householder.js';
import { sumOfSquares } from './descriptive.js';

export interface LineFit {
  n: number;
  dof: number;
  slope: number;
  intercept: number;
  /** NaN when there is no degree of freedom left. */
  slope_se: number;
  intercept_se: number;
  residual_sd: number;
  /** Σ w·r², w = 1 without weights. */
  sse: number;
  r_squared: number;
  x_mean: number;
  sxx: number;
  weight_sum: number;
  /** Unweighted residuals y − ŷ. */
  residuals: Float64Array;
}

/**
 * Straight line by (weighted) least squares. Standard errors come from the scatter about the line, s² = SSE/(n − 2),
 * also with weights, which therefore need to be right only relative to each other.
 *
 * @param x n abscissae, not all equal
 * @param weights n positive weights, 1/variance
 * @throws RangeError when fewer than two distinct x are given
 */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>, weights?: ArrayLike<number>): LineFit {
  const n = x.length;
  const w = (i: number) => (weights ? (weights[i] as number) : 1);
  let weight_sum = 0;
  let x_mean = 0;
  let yMean = 0;
  for (let i = 0; i < n; i++) {
    weight_sum += w(i);
    x_mean += w(i) * (x[i] as number);
    yMean += w(i) * (y[i] as number);
  }
  x_mean /= weight_sum;
  yMean /= weight_sum;
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < n; i++) {
    const dx = (x[i] as number) - x_mean;
    const dy = (y[i] as number) - yMean;
    sxx += w(i) * dx * dx;
    sxy += w(i) * dx * dy;
    syy += w(i) * dy * dy;
  }
  if (!(sxx > 0)) throw new RangeError('a line needs at least two different x');
  const slope = sxy / sxx;
  const intercept = yMean - slope * x_mean;
  const residuals = new Float64Array(n);
  let sse = 0;
  for (let i = 0; i < n; i++) {
    const residual = (y[i] as number) - yMean - slope * ((x[i] as number) - x_mean);
    residuals[i] = residual;
    sse += w(i) * residual * residual;
  }
  const dof = n - 2;
  const residual_sd = dof > 0 ? Math.sqrt(sse / dof) : Number.NaN;
  return {
    n,
    dof,
    slope,
    intercept,
    slope_se: residual_sd / Math.sqrt(sxx),
    intercept_se: residual_sd * Math.sqrt(1 / weight_sum + (x_mean * x_mean) / sxx),
    residual_sd,
    sse,
    r_squared: syy > 0 ? 1 - sse / syy : 1,
    x_mean,
    sxx,
    weight_sum,
    residuals,
  };
}

/** Variance of the line's height at x0 in units of the residual variance. */
export function leverageAt(fit: LineFit, x0: number): number {
  return 1 / fit.weight_sum + (x0 - fit.x_mean) ** 2 / fit.sxx;
}

export interface LeastSquaresFit {
  coefficients: Float64Array;
  /** (XᵀX)⁻¹, row by row; times SSE/dof it is the covariance of the coefficients. */
  inverse: Float64Array[];
  sse: number;
  dof: number;
  residuals: Float64Array;
}

/**
 * Least squares on a few columns by Householder QR, with what the covariance needs.
 *
 * @param columns p columns of n values each, linearly independent
 * @throws RangeError when the columns are not independent or n < p
 */
export function leastSquares(columns: ArrayLike<number>[], y: ArrayLike<number>): LeastSquaresFit {
  const n = y.length;
  const p = columns.length;
  if (n < p) throw new RangeError(`${p} coefficients need at least ${p} points, there are ${n}`);
  const scales = columns.map((column) => Math.sqrt(sumOfSquares(column)) || 1);
  const matrix = new Float64Array(n * p);
  columns.forEach((column, k) => {
    for (let i = 0; i < n; i++) matrix[i + k * n] = column[i]! / scales[k]!;
  });
  const rotated = Float64Array.from(y);
  householderQr(matrix, n, p, [rotated]);
  for (let k = 0; k < p; k++) {
    if (Math.abs(matrix[k + k * n]!) < 1e-13) throw new RangeError('columns are linearly dependent');
  }
  const solved = new Float64Array(p);
  solveUpperTriangle(matrix, n, p, rotated, solved);
  const coefficients = solved.map((value, k) => value / scales[k]!);
  const residuals = Float64Array.from(y, (value, i) =>
    columns.reduce((rest, column, k) => rest - coefficients[k]! * column[i]!, value),
  );
  return {
    coefficients,
    inverse: invertGram(matrix, n, scales),
    sse: sumOfSquares(residuals),
    dof: n - p,
    residuals,
  };
}

/** (XᵀX)⁻¹ = R⁻¹R⁻ᵀ, column scaling undone. */
function invertGram(factored: Float64Array, n: number, scales: number[]): Float64Array[] {
  const p = scales.length;
  const columns = scales.map((_, k) => {
    const unit = new Float64Array(p);
    unit[k] = 1;
    const column = new Float64Array(p);
    solveUpperTriangle(factored, n, p, unit, column);
    return column;
  });
  return scales.map((rowScale, i) =>
    Float64Array.from(scales, (columnScale, j) => {
      const sum = columns.reduce((total, column) => total + column[i]! * column[j]!, 0);
      return sum / (rowScale * columnScale);
    }),
  );
}
