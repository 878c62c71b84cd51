import { householderQr, solveUpperTriangle } from './householder.js';

const tolerance = 1e-12;

/** The unconstrained solution on the chosen columns of the triangle `r` (size × size) with right side `c`. */
function solveOnColumns(r: Float64Array, size: number, c: Float64Array, chosen: number[]): Float64Array {
  const part = new Float64Array(size * chosen.length);
  chosen.forEach((j, k) => {
    part.set(r.subarray(j * size, (j + 1) * size), k * size);
  });
  const side = c.slice();
  householderQr(part, size, chosen.length, [side]);
  const x = new Float64Array(chosen.length);
  solveUpperTriangle(part, size, chosen.length, side, x);
  return x;
}

/** The column, among those held at zero, whose growth lowers the residual most; −1 if none does. */
function steepest(
  r: Float64Array,
  size: number,
  residual: Float64Array,
  free: boolean[],
  least: number,
): number {
  let best = -1;
  let steepestSlope = least;
  for (let j = 0; j < size; j++) {
    if (free[j]) continue;
    let slope = 0;
    for (let i = 0; i <= j; i++) slope += r[i + j * size]! * residual[i]!;
    if (slope > steepestSlope) {
      steepestSlope = slope;
      best = j;
    }
  }
  return best;
}

function residualOf(r: Float64Array, size: number, c: Float64Array, x: Float64Array): Float64Array {
  const residual = c.slice();
  for (let j = 0; j < size; j++) {
    if (x[j] === 0) continue;
    for (let i = 0; i <= j; i++) residual[i]! -= r[i + j * size]! * x[j]!;
  }
  return residual;
}

/**
 * min ‖a·x − b‖ with every x ≥ 0, for `a` (rows × columns, rows ≥ columns, column-major) and `b` (rows).
 * Source: C. L. Lawson & R. J. Hanson, Solving Least Squares Problems (1974), chapter 23; a is reduced to its
 * triangle first, so that each step costs columns³ at most.
 */
export function nonnegativeLeastSquares(
  a: Float64Array,
  rows: number,
  columns: number,
  b: Float64Array,
): Float64Array {
  const work = a.slice(0, rows * columns);
  const side = b.slice(0, rows);
  householderQr(work, rows, columns, [side]);
  const r = new Float64Array(columns * columns);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i <= j; i++) r[i + j * columns] = work[i + j * rows]!;
  }
  const c = side.slice(0, columns);
  const x = new Float64Array(columns);
  const free = new Array<boolean>(columns).fill(false);
  const least = tolerance * Math.hypot(...b) * Math.hypot(...r.subarray(0, columns));
  for (let step = 0; step < 3 * columns; step++) {
    const entering = steepest(r, columns, residualOf(r, columns, c, x), free, least);
    if (entering < 0) break;
    free[entering] = true;
    settle(r, columns, c, x, free);
  }
  return x;
}

/**
 * Lawson & Hanson's inner loop: moves x to the solution on the free columns, and stops where a component would turn
 * negative.
 */
function settle(r: Float64Array, size: number, c: Float64Array, x: Float64Array, free: boolean[]): void {
  for (;;) {
    const chosen = free.flatMap((isFree, j) => (isFree ? [j] : []));
    if (chosen.length === 0) return;
    const wanted = solveOnColumns(r, size, c, chosen);
    let share = 1;
    chosen.forEach((j, k) => {
      if (wanted[k]! <= 0) share = Math.min(share, x[j]! / (x[j]! - wanted[k]!));
    });
    const whole = wanted.every((value) => value > 0);
    chosen.forEach((j, k) => {
      x[j] = whole ? wanted[k]! : x[j]! + share * (wanted[k]! - x[j]!);
      if (!whole && (x[j]! <= tolerance * Math.abs(wanted[k]!) || !Number.isFinite(x[j]!))) {
        x[j] = 0;
        free[j] = false;
      }
    });
    if (whole) return;
  }
}
