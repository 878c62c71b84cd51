/**
 * Akaike's criterion corrected for small samples, n·ln(SSE/n) + 2k + 2k(k+1)/(n − k − 1).
 * Source: C. M. Hurvich & C.-L. Tsai, Biometrika 76 (1989) 297.
 *
 * @param n points, or their effective number where residuals are correlated
 * @param k number of fitted parameters, including the variance
 * @param meanSquare SSE/n of all points
 * @returns null where it is undefined: n − k − 1 ≤ 0 or a perfect fit
 */
export function aicc(n: number, k: number, meanSquare: number): number | null {
  if (n - k - 1 <= 0 || !(meanSquare > 0)) return null;
  return n * Math.log(meanSquare) + 2 * k + (2 * k * (k + 1)) / (n - k - 1);
}
