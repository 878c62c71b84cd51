/** Several cells or pellets of one material: the sample, not the cycle or the spectrum, is what repeats. */

import { mean, standardDeviation } from '../statistics/descriptive.js';
import { studentTQuantile, toleranceFactorOneSided } from '../statistics/distributions.js';
import { boundsAround, mapBounds, NO_BOUNDS } from '../statistics/intervals.js';
import { brentRoot } from '../statistics/root-finding.js';
import {
  type Estimate,
  insufficient,
  isLowerLimit,
  isMet,
  judge,
  type Limit,
  type Verdict,
} from './judge.js';
import { samplesNeeded } from './planning.js';

/** How samples are pooled. */
export interface PoolingOptions {
  /** Multiplicative quantities (conductivity, resistance) are pooled as logarithms. */
  log?: boolean;
  /** Standard error of each value, same unit; all or none. */
  standard_errors?: readonly number[];
  /** Uncertainty common to all samples (same balance, same micrometer), same unit; relative when `log`. */
  systematic?: number;
}

export interface PooledEstimate extends Estimate {
  m: number;
  log: boolean;
  /** Between samples; on the ln scale when `log`. */
  sd: number | null;
  /** Standard error of the mean on the scale of pooling. */
  standard_error: number | null;
  /** Variance between samples beyond their own errors (Paule–Mandel); null without own errors. */
  tau2: number | null;
  /** Where the next sample would fall, two-sided 95 %. */
  prediction95: [number | null, number | null];
  /** 90 % of samples lie above it (below the upper one), with 95 % confidence. */
  lower_tolerance_90_95: number | null;
  upper_tolerance_90_95: number | null;
  highest: number;
  lowest: number;
}

/**
 * Mean over samples with t of m − 1 degrees of freedom; with own standard errors a random-effects mean: τ² by
 * Paule–Mandel, standard error by Hartung–Knapp with a factor not below 1.
 * Sources: R. C. Paule & J. Mandel, J. Res. NBS 87 (1982) 377; J. Hartung & G. Knapp, Stat. Med. 20 (2001) 3875;
 * G. J. Hahn, J. Qual. Technol. 2 (1970) 115 for prediction and tolerance.
 *
 * @param values one per sample, at least one; positive when `log`
 */
export function poolSamples(values: readonly number[], options: PoolingOptions = {}): PooledEstimate {
  const log = options.log ?? false;
  const m = values.length;
  if (m === 0) throw new RangeError('nothing to pool');
  if (log && values.some((value) => !(value > 0)))
    throw new RangeError('only positive values can be pooled as logarithms');
  const back = log ? Math.exp : (x: number) => x;
  const y = log ? values.map(Math.log) : [...values];
  const errors = options.standard_errors?.map((error, i) => (log ? error / (values[i] as number) : error));
  const sd = m > 1 ? standardDeviation(y) : null;
  const effects = m > 1 && errors ? randomEffects(y, errors) : null;
  const centre = effects?.mu ?? mean(y);
  const standard_error = effects?.se_hk ?? (sd === null ? null : sd / Math.sqrt(m));
  const bounds =
    standard_error === null
      ? NO_BOUNDS
      : boundsAround(centre, standard_error, m - 1, options.systematic ?? 0);
  const spread = effects ? Math.sqrt(effects.tau2 + effects.se_hk ** 2 + mean(effects.variances)) : null;
  const next = sd === null ? null : studentTQuantile(0.975, m - 1) * (spread ?? sd * Math.sqrt(1 + 1 / m));
  const tolerance = sd === null ? null : toleranceFactorOneSided(m) * sd;
  return {
    m,
    log,
    value: back(centre),
    ...mapBounds(bounds, back),
    sd,
    standard_error,
    tau2: effects?.tau2 ?? null,
    prediction95: next === null ? [null, null] : [back(centre - next), back(centre + next)],
    lower_tolerance_90_95: tolerance === null ? null : back(mean(y) - tolerance),
    upper_tolerance_90_95: tolerance === null ? null : back(mean(y) + tolerance),
    highest: Math.max(...values),
    lowest: Math.min(...values),
  };
}

/** Mean, variance between samples (τ²) and Hartung–Knapp standard error. */
export interface RandomEffects {
  mu: number;
  tau2: number;
  se_hk: number;
  variances: number[];
}

/** Random-effects mean of two or more values with their own standard errors. */
export function randomEffects(y: readonly number[], standardErrors: readonly number[]): RandomEffects {
  const variances = standardErrors.map((error) => error * error);
  const at = (tau2: number) => {
    const weights = variances.map((variance) => 1 / (variance + tau2));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const mu = y.reduce((sum, value, i) => sum + (weights[i] as number) * value, 0) / total;
    const q = y.reduce((sum, value, i) => sum + (weights[i] as number) * (value - mu) ** 2, 0);
    return { mu, total, q };
  };
  const dof = y.length - 1;
  const excess = (tau2: number) => at(tau2).q - dof;
  const smallest = Math.min(...variances);
  let tau2 = 0;
  if (!(smallest > 0)) tau2 = standardDeviation(y) ** 2;
  else if (excess(0) > 0) {
    let high = standardDeviation(y) ** 2;
    while (excess(high) > 0) high *= 2;
    tau2 = brentRoot(excess, 0, high, 1e-16 * high);
  }
  const { mu, total, q } = at(tau2);
  return { mu, tau2, se_hk: Math.sqrt(Math.max(1, q / dof) / total), variances };
}

/**
 * The verdict on a material. One sample supports no statement on the material; a champion above the limit is not the
 * material.
 *
 * @param batches batch of each sample, where known: samples of one batch share its error
 */
export function judgeMaterial(
  pool: PooledEstimate,
  limit: Limit,
  batches?: readonly (string | null)[],
): Verdict {
  if (pool.m < 2) {
    const reason = '1 sample: the scatter between samples is unknown, the verdict holds for this cell only';
    return insufficient(reason, 'measure at least two more samples, three in all');
  }
  const verdict = judge(pool, limit);
  const notes = [...verdict.notes];
  const champion = isLowerLimit(limit) ? pool.highest : pool.lowest;
  if (verdict.verdict !== 'PASS' && isMet(champion, limit)) {
    notes.push('champion: the best sample meets the target, the material is not shown to');
  }
  const named = (batches ?? []).filter((batch) => batch !== null && batch !== '');
  if (named.length === pool.m && new Set(named).size === 1) {
    notes.push(`batch: all ${pool.m} samples are from batch ${named[0]} and share its error`);
  }
  const open = verdict.verdict === 'INCONCLUSIVE';
  return { ...verdict, notes, needed: open ? whatSettles(pool, limit) : null };
}

function whatSettles(pool: PooledEstimate, limit: Limit): string {
  if (pool.m === 2) return 'measure a third sample: with two, the bounds are 6.3 standard errors wide';
  const scale = (value: number) => (pool.log ? Math.log(value) : value);
  const distance = Math.abs(scale(pool.value) - scale(limit.threshold));
  const needed = samplesNeeded(pool.m, (pool.standard_error as number) * Math.sqrt(pool.m), distance);
  if (needed === null) return 'the mean is at the limit: no number of samples would settle it';
  return `${needed - pool.m} more samples (${needed} in all), if mean and scatter stay as they are`;
}
