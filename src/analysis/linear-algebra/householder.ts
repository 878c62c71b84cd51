/**
 * QR factorisation by Householder reflections, and linear least squares with it.
 * Matrices are column-major: element (i, j) of a matrix with `rows` rows stands at `i + j·rows`.
 * Source: G. H. Golub & C. F. Van Loan, Matrix Computations, 4th ed., algorithms 5.2.1 and 5.4.1.
 */

/** Squared length of column `j` below (and with) row `from`. */
function squaredNorm(a: Float64Array, rows: number, j: number, from: number): number {
  let sum = 0;
  for (let i = from + j * rows; i < (j + 1) * rows; i++) sum += a[i]! * a[i]!;
  return sum;
}

function swapColumns(a: Float64Array, rows: number, j: number, k: number): void {
  for (let i = 0; i < rows; i++) {
    const held = a[i + j * rows]!;
    a[i + j * rows] = a[i + k * rows]!;
    a[i + k * rows] = held;
  }
}

/**
 * Moves the longest remaining column to position `j`; `lengths` holds the squared lengths of the remaining columns.
 */
function pivot(
  a: Float64Array,
  rows: number,
  lengths: Float64Array,
  j: number,
  permutation: Int32Array,
): void {
  let longest = j;
  for (let k = j + 1; k < lengths.length; k++) if (lengths[k]! > lengths[longest]!) longest = k;
  if (longest === j) return;
  swapColumns(a, rows, j, longest);
  [permutation[j], permutation[longest]] = [permutation[longest]!, permutation[j]!];
  lengths[longest] = lengths[j]!;
}

/** target ← (I − 2vvᵀ/vᵀv)·target for the `length` elements from `t`; v is `length` elements of `a` from `v`. */
function reflect(
  a: Float64Array,
  v: number,
  target: Float64Array,
  t: number,
  length: number,
  twoOverVv: number,
) {
  let dot = 0;
  for (let i = 0; i < length; i++) dot += a[v + i]! * target[t + i]!;
  dot *= twoOverVv;
  for (let i = 0; i < length; i++) target[t + i]! -= dot * a[v + i]!;
}

/**
 * `reflect` for four columns of `a`, the first from `t`, each next one `rows` further. The four sums run in parallel
 * instead of waiting for their own last addition (measured: a quarter less time). The order of additions is the same,
 * and so are the digits.
 */
function reflectFour(a: Float64Array, v: number, t: number, rows: number, length: number, twoOverVv: number) {
  const [t1, t2, t3] = [t + rows, t + 2 * rows, t + 3 * rows];
  let [dot, dot1, dot2, dot3] = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const element = a[v + i]!;
    dot += element * a[t + i]!;
    dot1 += element * a[t1 + i]!;
    dot2 += element * a[t2 + i]!;
    dot3 += element * a[t3 + i]!;
  }
  dot *= twoOverVv;
  dot1 *= twoOverVv;
  dot2 *= twoOverVv;
  dot3 *= twoOverVv;
  for (let i = 0; i < length; i++) {
    const element = a[v + i]!;
    a[t + i]! -= dot * element;
    a[t1 + i]! -= dot1 * element;
    a[t2 + i]! -= dot2 * element;
    a[t3 + i]! -= dot3 * element;
  }
}

/**
 * Factors `a` (rows × columns, rows ≥ columns) in place: its upper triangle becomes R, and each vector in `rightSides`
 * (length rows) becomes Qᵀ·vector. What is left below the diagonal has no meaning. With `permutation` (length columns,
 * filled here) columns are pivoted, longest first: column j of the factored matrix is column permutation[j] of the
 * original.
 */
export function householderQr(
  a: Float64Array,
  rows: number,
  columns: number,
  rightSides: Float64Array[] = [],
  permutation: Int32Array | null = null,
): void {
  const lengths = new Float64Array(permutation ? columns : 0);
  for (let j = 0; j < lengths.length; j++) {
    permutation![j] = j;
    lengths[j] = squaredNorm(a, rows, j, 0);
  }
  for (let j = 0; j < columns; j++) {
    if (permutation) pivot(a, rows, lengths, j, permutation);
    const diagonal = j + j * rows;
    const norm = Math.sqrt(squaredNorm(a, rows, j, j));
    if (norm === 0) continue;
    const head = a[diagonal]!;
    const replaced = head > 0 ? -norm : norm;
    const length = rows - j;
    a[diagonal] = head - replaced;
    const twoOverVv = -1 / (replaced * a[diagonal]!);
    let k = j + 1;
    for (; k + 4 <= columns; k += 4) reflectFour(a, diagonal, j + k * rows, rows, length, twoOverVv);
    for (; k < columns; k++) reflect(a, diagonal, a, j + k * rows, length, twoOverVv);
    for (const side of rightSides) reflect(a, diagonal, side, j, length, twoOverVv);
    a[diagonal] = replaced;
    for (let k = j + 1; k < lengths.length; k++) lengths[k]! -= a[j + k * rows]! ** 2;
  }
}

/** Solves R·x = b for the upper triangle R of the first `size` columns of `a`; a zero on the diagonal gives 0. */
export function solveUpperTriangle(
  a: Float64Array,
  rows: number,
  size: number,
  b: Float64Array,
  x: Float64Array,
): void {
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let j = i + 1; j < size; j++) sum -= a[i + j * rows]! * x[j]!;
    const diagonal = a[i + i * rows]!;
    x[i] = diagonal === 0 ? 0 : sum / diagonal;
  }
}

/**
 * min ‖a·x − b‖ by QR with column pivoting, columns scaled to unit length first; where columns are dependent, the
 * superfluous ones get 0. `a` (rows × columns) and `b` (rows) are not changed.
 */
export function solveLeastSquares(
  a: Float64Array,
  rows: number,
  columns: number,
  b: Float64Array,
): { solution: Float64Array; rank: number } {
  const work = a.slice(0, rows * columns);
  const scale = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    scale[j] = Math.sqrt(squaredNorm(work, rows, j, 0)) || 1;
    for (let i = j * rows; i < (j + 1) * rows; i++) work[i]! /= scale[j]!;
  }
  const permutation = new Int32Array(columns);
  const side = b.slice(0, rows);
  householderQr(work, rows, columns, [side], permutation);
  const smallest = Math.abs(work[0]!) * Number.EPSILON * Math.max(rows, columns);
  let rank = 0;
  while (rank < Math.min(rows, columns) && Math.abs(work[rank + rank * rows]!) > smallest) rank++;
  const pivoted = new Float64Array(columns);
  solveUpperTriangle(work, rows, rank, side, pivoted);
  const solution = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    const original = permutation[j]!;
    solution[original] = pivoted[j]! / scale[original]!;
  }
  return { solution, rank };
}
