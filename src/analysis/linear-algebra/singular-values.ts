const maximumSweeps = 60;

/** Rotates columns p and q of `a` (and of `v`) until they are orthogonal; false where they already are. */
function orthogonalise(
  a: Float64Array,
  rows: number,
  v: Float64Array,
  columns: number,
  p: number,
  q: number,
) {
  let alpha = 0;
  let beta = 0;
  let gamma = 0;
  for (let i = 0; i < rows; i++) {
    const x = a[i + p * rows]!;
    const y = a[i + q * rows]!;
    alpha += x * x;
    beta += y * y;
    gamma += x * y;
  }
  if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta) || gamma === 0) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  rotate(a, rows, p, q, cosine, cosine * tangent);
  rotate(v, columns, p, q, cosine, cosine * tangent);
  return true;
}

function rotate(a: Float64Array, rows: number, p: number, q: number, cosine: number, sine: number): void {
  for (let i = 0; i < rows; i++) {
    const x = a[i + p * rows]!;
    const y = a[i + q * rows]!;
    a[i + p * rows] = cosine * x - sine * y;
    a[i + q * rows] = sine * x + cosine * y;
  }
}

/** Singular values, largest first, and the right singular vectors (column-major, columns × columns). */
export interface SingularValues {
  values: Float64Array;
  right: Float64Array;
}

/**
 * Singular values of `a` (rows × columns, column-major, left untouched) by one-sided Jacobi rotations, which keep the
 * relative accuracy of small singular values when columns differ by orders of magnitude.
 * Source: J. Demmel & K. Veselić, SIAM J. Matrix Anal. Appl. 13 (1992) 1204.
 */
export function singularValues(a: Float64Array, rows: number, columns: number): SingularValues {
  const work = a.slice(0, rows * columns);
  const v = new Float64Array(columns * columns);
  for (let j = 0; j < columns; j++) v[j + j * columns] = 1;
  for (let sweep = 0; sweep < maximumSweeps; sweep++) {
    let rotated = false;
    for (let p = 0; p < columns - 1; p++) {
      for (let q = p + 1; q < columns; q++) rotated = orthogonalise(work, rows, v, columns, p, q) || rotated;
    }
    if (!rotated) break;
  }
  const lengths = Array.from({ length: columns }, (_, j) =>
    Math.hypot(...work.subarray(j * rows, (j + 1) * rows)),
  );
  const order = lengths.map((_, j) => j).sort((p, q) => lengths[q]! - lengths[p]!);
  const values = Float64Array.from(order, (j) => lengths[j]!);
  const right = new Float64Array(columns * columns);
  order.forEach((from, to) => {
    right.set(v.subarray(from * columns, (from + 1) * columns), to * columns);
  });
  return { values, right };
}
