import { householderQr, solveUpperTriangle } from '../../linear-algebra/householder.js';
import { median } from '../../statistics/descriptive.js';
import { fisherFUpperTail } from '../../statistics/distributions.js';
import { balanceOf, designMatrix, type LinearProblem } from './linear-model.js';

/**
 * The model by which single points and the noise of a spectrum are judged: relaxations half a decade beyond the band at
 * either end, so that a depressed tail can be followed to its last point.
 */
export interface PointModel {
  M: number;
  /** Standard deviation of the residuals as a fraction of |Z|, √(SSR/(2N − rank)): the noise of the spectrum. */
  s_kk: number;
}

/** A point that lies off the others, and by how much. */
export interface DeviatingPoint {
  /** Counted from the highest frequency. */
  index: number;
  /** |Z measured − Z by the other points|/|Z|. */
  deviation: number;
}

const decadesBeyond = 0.5;
const relaxationsPerDecade = { least: 3, most: 7 };
const muThreshold = 0.85;
/** Columns whose pivot is below this share of the largest one are dropped. */
const smallestPivot = 1e-8;
/** Probability of one false alarm per spectrum, and the smallest deviation that matters. */
const significance = 0.05;
const smallestDeviation = 0.005;
/** The outermost points, which trimming examines. */
const endPoints = 2;
const neighbours = 6;
const neighbourFactor = 4;
/** Median of |d| over its standard deviation in each component (Rayleigh). */
const rayleighMedian = 1.177;

/** The linear model solved for the points `kept`; matrices hold only the columns that are used. */
interface PointSolution {
  M: number;
  mu: number;
  rank: number;
  ssr: number;
  residual: Float64Array;
  /** Orthonormal basis of the used columns, 2·kept × rank, column-major. */
  basis(): Float64Array;
}

/** Scales columns to length 1, factorises with pivoting, and drops columns that add hardly anything. */
function solve(
  problem: LinearProblem,
  kept: readonly number[],
  M: number,
  addCapacitance: boolean,
): PointSolution {
  const n = problem.omega.length;
  const full = designMatrix(problem, M, addCapacitance, decadesBeyond);
  const { columns } = full;
  const rows = 2 * kept.length;
  const scaled = new Float64Array(rows * columns);
  const factors = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    let length = 0;
    kept.forEach((i, at) => {
      const re = full.matrix[j * full.rows + i]!;
      const im = full.matrix[j * full.rows + n + i]!;
      scaled[j * rows + at] = re;
      scaled[j * rows + kept.length + at] = im;
      length += re * re + im * im;
    });
    factors[j] = length > 0 ? 1 / Math.sqrt(length) : 0;
    for (let i = j * rows; i < (j + 1) * rows; i++) scaled[i]! *= factors[j]!;
  }
  const factored = scaled.slice();
  const permutation = new Int32Array(columns);
  const residual = Float64Array.from([...kept, ...kept.map((i) => n + i)], (i) => problem.data[i]!);
  const side = residual.slice();
  householderQr(factored, rows, columns, [side], permutation);
  const limit = Math.abs(factored[0]!) * smallestPivot;
  let rank = 0;
  while (rank < Math.min(rows, columns) && Math.abs(factored[rank + rank * rows]!) > limit) rank++;
  const pivoted = new Float64Array(columns);
  solveUpperTriangle(factored, rows, rank, side, pivoted);
  const resistances = new Float64Array(M);
  for (let j = 0; j < rank; j++) {
    const column = permutation[j]!;
    for (let i = 0; i < rows; i++) residual[i]! -= scaled[column * rows + i]! * pivoted[j]!;
    if (column >= 1 && column <= M) resistances[column - 1] = pivoted[j]! * factors[column]!;
  }
  return {
    M,
    mu: balanceOf(resistances),
    rank,
    ssr: residual.reduce((sum, r) => sum + r * r, 0),
    residual,
    basis() {
      // U = A·R⁻¹, column by column.
      const u = new Float64Array(rows * rank);
      for (let j = 0; j < rank; j++) {
        u.set(scaled.subarray(permutation[j]! * rows, (permutation[j]! + 1) * rows), j * rows);
        for (let k = 0; k < j; k++) {
          const r = factored[k + j * rows]!;
          for (let i = 0; i < rows; i++) u[i + j * rows]! -= r * u[i + k * rows]!;
        }
        const diagonal = factored[j + j * rows]!;
        for (let i = 0; i < rows; i++) u[i + j * rows]! /= diagonal;
      }
      return u;
    },
  };
}

function solveForNoise(problem: LinearProblem, addCapacitance: boolean): PointSolution {
  const n = problem.omega.length;
  const kept = Array.from({ length: n }, (_, i) => i);
  const decades = Math.log10(problem.omega[0]! / problem.omega.at(-1)!) + 2 * decadesBeyond;
  const last = Math.max(1, Math.min(Math.ceil(relaxationsPerDecade.most * decades), n - 2));
  const first = Math.min(Math.ceil(relaxationsPerDecade.least * decades), last);
  let solved = solve(problem, kept, first, addCapacitance);
  while (solved.mu >= muThreshold && solved.M < last) {
    solved = solve(problem, kept, solved.M + 1, addCapacitance);
  }
  return solved;
}

interface Deviation {
  point: number;
  size: number;
  /** Gain in the sum of squares if the point is left out. */
  gain: number;
}

/** Difference between each kept point and the value that the others predict: d = (I − U_iU_iᵀ)⁻¹·e. */
function deviations({ residual, rank, basis }: PointSolution, kept: readonly number[]): Deviation[] {
  const u = basis();
  const m = kept.length;
  return kept.map((point, i) => {
    let [rr, ri, ii] = [1, 0, 1];
    for (let j = 0; j < rank; j++) {
      const re = u[i + j * 2 * m]!;
      const im = u[m + i + j * 2 * m]!;
      rr -= re * re;
      ri -= re * im;
      ii -= im * im;
    }
    const [eRe, eIm] = [residual[i]!, residual[m + i]!];
    const determinant = rr * ii - ri * ri;
    // A point that alone determines a column cannot be judged by the others.
    if (!(determinant > 1e-12)) return { point, size: 0, gain: 0 };
    const dRe = (ii * eRe - ri * eIm) / determinant;
    const dIm = (rr * eIm - ri * eRe) / determinant;
    return { point, size: Math.hypot(dRe, dIm), gain: eRe * dRe + eIm * dIm };
  });
}

/** The noise around a point: median deviation of the six nearest points that were kept. */
function noiseAround(point: number, others: Deviation[]): number {
  const nearest = [...others].sort((a, b) => Math.abs(a.point - point) - Math.abs(b.point - point));
  return median(nearest.slice(0, neighbours).map(({ size }) => size)) / rayleighMedian;
}

/**
 * The kept point that lies off the others most significantly, if any does; points in `passed` are not examined again.
 */
function mostDeviating(
  solved: PointSolution,
  kept: readonly number[],
  passed: ReadonlySet<number>,
  n: number,
) {
  const dof = 2 * kept.length - solved.rank;
  if (dof <= 2) return undefined;
  const found = deviations(solved, kept)
    .filter(({ point }) => point >= endPoints && point < n - endPoints && !passed.has(point))
    .map((deviation) => {
      const rest = solved.ssr - deviation.gain;
      return {
        ...deviation,
        F: rest > 0 ? deviation.gain / 2 / (rest / (dof - 2)) : Number.POSITIVE_INFINITY,
      };
    })
    .filter(({ F, size }) => size > smallestDeviation && n * fisherFUpperTail(F, 2, dof - 2) < significance);
  return found.sort((a, b) => b.F - a.F)[0];
}

/**
 * Noise of a spectrum and the points that lie off it, by deleted residuals (D. A. Belsley, E. Kuh & R. E. Welsch,
 * Regression Diagnostics, 1980): stepwise, the most significant first, each accepted only if it also stands out from
 * the points beside it. A plain residual would flag the neighbours of a bad point as well.
 */
export function fitPointModel(
  problem: LinearProblem,
  addCapacitance: boolean,
): PointModel & { deviating: DeviatingPoint[] } {
  const n = problem.omega.length;
  const whole = solveForNoise(problem, addCapacitance);
  const dof = 2 * n - whole.rank;
  const s_kk = dof > 0 ? Math.sqrt(whole.ssr / dof) : 0;
  const most = Math.max(3, Math.floor(0.1 * n));
  const passed = new Set<number>();
  const deviating: DeviatingPoint[] = [];
  let kept = Array.from({ length: n }, (_, i) => i);
  let solved = whole;
  while (deviating.length < most) {
    const worst = mostDeviating(solved, kept, passed, n);
    if (!worst) break;
    const without = kept.filter((i) => i !== worst.point);
    const refit = solve(problem, without, whole.M, addCapacitance);
    if (worst.size > neighbourFactor * noiseAround(worst.point, deviations(refit, without))) {
      deviating.push({ index: worst.point, deviation: worst.size });
      kept = without;
      solved = refit;
    } else passed.add(worst.point);
  }
  return { M: whole.M, s_kk, deviating: deviating.sort((a, b) => a.index - b.index) };
}
