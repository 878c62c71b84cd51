import { normalCdf } from './distributions.js';

export interface RunsTest {
  runs: number;
  n_pos: number;
  n_neg: number;
  z: number | null;
  p: number | null;
}

/**
 * Wald–Wolfowitz test that the signs of residuals alternate at random; zeros are left out.
 * z < 0 means too few runs: the residuals stay on one side. Two-sided p by the normal approximation.
 * Source: A. Wald & J. Wolfowitz, Ann. Math. Stat. 11 (1940) 147.
 */
export function runsTest(residuals: ArrayLike<number>): RunsTest {
  let runs = 0;
  let n_pos = 0;
  let n_neg = 0;
  let previous = 0;
  for (let i = 0; i < residuals.length; i++) {
    const sign = Math.sign(residuals[i] as number);
    if (sign === 0) continue;
    if (sign > 0) n_pos++;
    else n_neg++;
    if (sign !== previous) runs++;
    previous = sign;
  }
  const n = n_pos + n_neg;
  const product = 2 * n_pos * n_neg;
  const variance = n > 1 ? (product * (product - n)) / (n * n * (n - 1)) : 0;
  if (!(variance > 0)) return { runs, n_pos, n_neg, z: null, p: null };
  const z = (runs - product / n - 1) / Math.sqrt(variance);
  return { runs, n_pos, n_neg, z, p: 2 * normalCdf(-Math.abs(z)) };
}
