import { effectiveCount } from '../statistics/autocorrelation.js';
import { aicc } from '../statistics/information-criterion.js';
import { fitLine, type LineFit, leastSquares } from '../statistics/linear-regression.js';
import { decayOfSlope } from './log-linear.js';
import type { Knee } from './types.js';

const MINIMUM_CYCLES = 30;
const CHI_SQUARE_95_ONE_DOF = 3.84;
const DECISIVE = -10;

/**
 * Two straight lines in ln Q that meet at one of the included cycles, at least max(10, 10 %) points on each side. A
 * knee is accepted if the bend is better than one line by 10 units of AICc, computed with the effective number of
 * points, and the capacity is lost at least twice as fast after it.
 * Sources: D. W. Bacon & D. G. Watts, Biometrika 58 (1971) 525; P. Fermín-Cueto et al., Energy and AI 1 (2020) 100006.
 *
 * @param n cycles since the first included one, increasing
 * @returns null below 30 cycles, or when ln Q is a line to rounding
 */
export function findKnee(n: ArrayLike<number>, capacity: ArrayLike<number>): Knee | null {
  const points = n.length;
  if (points < MINIMUM_CYCLES) return null;
  const y = Float64Array.from(capacity, Math.log);
  const line = fitLine(n, y);
  if (line.sse / points < 1e-20) return null;
  const margin = Math.max(10, Math.ceil(0.1 * points));
  const sse = hingeSse(n, line);
  let best = margin - 1;
  for (let i = margin - 1; i < points - margin; i++) {
    if ((sse[i] as number) < (sse[best] as number)) best = i;
  }
  const bend = n[best] as number;
  const hinge = leastSquares(
    [new Float64Array(points).fill(1), n, Float64Array.from(n, (v) => Math.max(v - bend, 0))],
    y,
  );
  const n_eff = effectiveCount(hinge.residuals);
  const [, before, change] = hinge.coefficients as unknown as [number, number, number];
  const D_before = decayOfSlope(before);
  const D_after = decayOfSlope(before + change);
  const ofHinge = aicc(n_eff, 5, hinge.sse / points);
  const ofLine = aicc(n_eff, 3, line.sse / points);
  const delta = ofHinge === null || ofLine === null ? null : ofHinge - ofLine;
  const plausible: number[] = [];
  for (let i = margin - 1; i < points - margin; i++) {
    if (n_eff * Math.log((sse[i] as number) / (sse[best] as number)) <= CHI_SQUARE_95_ONE_DOF) {
      plausible.push(n[i] as number);
    }
  }
  const faster = D_after > 0 && (D_before <= 0 || D_after >= 2 * D_before);
  return {
    knee_cycle: bend,
    knee_ci95: [plausible[0] ?? bend, plausible.at(-1) ?? bend],
    D_before,
    D_after,
    ratio: D_before === 0 ? null : D_after / D_before,
    sse_line: line.sse,
    sse_hinge: hinge.sse,
    n_eff,
    delta_aicc_eff: delta,
    F: (line.sse - hinge.sse) / 2 / (hinge.sse / (points - 4)),
    accepted: delta !== null && delta < DECISIVE && faster,
  };
}

/**
 * SSE of the hinge with its bend at each point, all in O(N): adding the column h = max(x − c, 0) to the line lowers
 * its SSE by (h·r)²/|Mh|², r the line's residuals and M the projection that removes constant and slope.
 */
function hingeSse(x: ArrayLike<number>, line: LineFit): Float64Array {
  const points = x.length;
  const result = new Float64Array(points).fill(line.sse);
  let count = 0;
  let sumX = 0;
  let sumXX = 0;
  let sumR = 0;
  let sumXR = 0;
  for (let i = points - 1; i >= 0; i--) {
    // Sums run over the points beyond the bend; x is taken from its mean, to keep digits.
    const c = (x[i] as number) - line.x_mean;
    const hr = sumXR - c * sumR;
    const h = sumX - count * c;
    const hh = sumXX - 2 * c * sumX + count * c * c;
    const hx = sumXX - c * sumX;
    const rest = hh - (h * h) / points - (hx * hx) / line.sxx;
    if (rest > 1e-9 * hh && hh > 0) result[i] = Math.max(line.sse - (hr * hr) / rest, line.sse * 1e-14);
    const r = line.residuals[i] as number;
    count++;
    sumX += c;
    sumXX += c * c;
    sumR += r;
    sumXR += c * r;
  }
  return result;
}
