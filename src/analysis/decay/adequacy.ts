/** Whether the capacity fades by a constant fraction per cycle, or linearly, with √n or with another power. */
import { effectiveCount } from '../statistics/autocorrelation.js';
import { mean } from '../statistics/descriptive.js';
import { aicc } from '../statistics/information-criterion.js';
import { fitLine } from '../statistics/linear-regression.js';
import { goldenSectionMinimum } from '../statistics/root-finding.js';
import type { ExponentialFit } from './nonlinear.js';
import type { FadeComparison, FadeModel, FadeModelName } from './types.js';

/** Residuals of a law, relative to the fitted capacity and with their mean removed. */
export interface RelativeNoise {
  residuals: Float64Array;
  /** Number of coefficients of the law, not counting the variance. */
  coefficients: number;
}

export interface FadeLaws {
  comparison: FadeComparison;
  /** Noise about the law that replaces the exponential; null where the exponential holds. */
  noise: RelativeNoise | null;
}

const EXPONENT_RANGE: readonly [number, number] = [0.2, 6];
/** Another law must be better by this many units of AICc, computed with the effective number of points. */
const DECISIVE = 10;
/** With fewer points than this no other law replaces the exponential. */
const MINIMUM_POINTS = 10;

interface Candidate extends FadeModel {
  residuals: Float64Array;
}

/** Q = Q₀ − a·n^z with z given. */
function powerLaw(n: ArrayLike<number>, capacity: ArrayLike<number>, exponent: number, k: number): Candidate {
  const line = fitLine(
    Float64Array.from(n, (cycles) => cycles ** exponent),
    capacity,
  );
  return {
    sse: line.sse,
    k,
    aicc: aicc(line.n, k, line.sse / line.n),
    Q0: line.intercept,
    coefficient: -line.slope,
    residuals: line.residuals,
  };
}

function freePowerLaw(n: ArrayLike<number>, capacity: ArrayLike<number>): Candidate {
  const [low, high] = EXPONENT_RANGE;
  const sseAt = (z: number) => powerLaw(n, capacity, z, 4).sse;
  const step = (high - low) / 58;
  let best = low;
  let least = sseAt(low);
  for (let i = 1; i <= 58; i++) {
    const sse = sseAt(low + i * step);
    if (sse < least) {
      best = low + i * step;
      least = sse;
    }
  }
  const { x } = goldenSectionMinimum(sseAt, Math.max(best - step, low), Math.min(best + step, high), 1e-8);
  const at_bound = x - low < 1e-3 || high - x < 1e-3;
  return { ...powerLaw(n, capacity, x, 4), exponent: x, at_bound };
}

/**
 * Compares the laws by AICc on all points, and decides with the effective number of points of the better law, since
 * residuals of capacity series are correlated. Where another law is better, the residuals of the exponential are
 * misfit, not noise; the noise is then taken from the better law.
 * Sources: C. M. Hurvich & C.-L. Tsai, Biometrika 76 (1989) 297; P. M. Attia et al., J. Electrochem. Soc. 169 (2022)
 * 060517.
 */
export function compareFadeLaws(
  n: ArrayLike<number>,
  capacity: ArrayLike<number>,
  exponential: ExponentialFit,
): FadeLaws {
  const points = n.length;
  const candidates: Record<FadeModelName, Candidate> = {
    exponential: {
      sse: exponential.sse,
      k: 3,
      aicc: aicc(points, 3, exponential.sse / points),
      Q0: exponential.Q0,
      D: exponential.D,
      residuals: exponential.residuals,
    },
    linear: powerLaw(n, capacity, 1, 3),
    sqrt: powerLaw(n, capacity, 0.5, 3),
    power: freePowerLaw(n, capacity),
  };
  const names = Object.keys(candidates) as FadeModelName[];
  const worst = Number.POSITIVE_INFINITY;
  const best = names.reduce((a, b) =>
    (candidates[b].aicc ?? worst) < (candidates[a].aicc ?? worst) ? b : a,
  );
  const lead = candidates.exponential.aicc;
  const decision = decide(candidates, names, capacity);
  const comparison = {
    models: Object.fromEntries(
      names.map((name) => {
        const { residuals: _residuals, ...model } = candidates[name];
        return [name, model];
      }),
    ) as unknown as FadeComparison['models'],
    best,
    delta_aicc_exponential: lead === null ? null : lead - (candidates[best].aicc as number),
    ...decision,
  };
  if (!decision.law_inadequate) return { comparison, noise: null };
  const law = candidates[decision.best_eff];
  const noise = { residuals: relativeResiduals(law, capacity), coefficients: law.k - 1 };
  return { comparison, noise };
}

function relativeResiduals({ residuals }: Candidate, capacity: ArrayLike<number>): Float64Array {
  const relative = residuals.map((r, i) => r / ((capacity[i] as number) - r));
  const centre = mean(Array.from(relative));
  return relative.map((r) => r - centre);
}

function decide(
  candidates: Record<FadeModelName, Candidate>,
  names: FadeModelName[],
  capacity: ArrayLike<number>,
) {
  const points = capacity.length;
  let best_eff: FadeModelName = 'exponential';
  let widest: number | null = null;
  const { exponential } = candidates;
  // Residuals at the level of rounding say nothing about the law.
  const exact = Math.sqrt(exponential.sse / points) < 1e-9 * exponential.Q0;
  for (const name of exact ? [] : names) {
    if (name === 'exponential') continue;
    const other = candidates[name];
    const better = other.sse < exponential.sse ? other : exponential;
    const n_eff = effectiveCount(relativeResiduals(better, capacity));
    const own = aicc(n_eff, exponential.k, exponential.sse / points);
    const its = aicc(n_eff, other.k, other.sse / points);
    if (own === null || its === null) continue;
    if (widest === null || own - its > widest) {
      widest = own - its;
      if (widest > 0) best_eff = name;
    }
  }
  return {
    delta_aicc_eff_exponential: widest,
    best_eff,
    law_inadequate: points >= MINIMUM_POINTS && widest !== null && widest > DECISIVE,
  };
}

/**
 * Largest |mean of 11 neighbouring residuals| as a fraction of the mean capacity: systematic misfit rather than noise.
 */
export function largestRunningMisfit(
  residuals: ArrayLike<number>,
  capacity: ArrayLike<number>,
): number | null {
  const width = 11;
  if (residuals.length < width) return null;
  let total = 0;
  for (let i = 0; i < capacity.length; i++) total += capacity[i] as number;
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < residuals.length; i++) {
    sum += residuals[i] as number;
    if (i >= width) sum -= residuals[i - width] as number;
    if (i >= width - 1) largest = Math.max(largest, Math.abs(sum / width));
  }
  return largest / (total / capacity.length);
}
