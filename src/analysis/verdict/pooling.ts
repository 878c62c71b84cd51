/** Several cells or pellets of one material: the sample is the unit of repetition, not the cycle or the spectrum. */

import type { Message } from '../../messages/message.js';
import { verdictMessages as say } from '../../messages/verdict.js';
import { mean, standardDeviation } from '../statistics/descriptive.js';
import { studentTQuantile, toleranceFactorOneSided } from '../statistics/distributions.js';
import { NO_BOUNDS } from '../statistics/intervals.js';
import { brentRoot } from '../statistics/root-finding.js';
import {
  boundsAt,
  boundsFrom,
  combined,
  fromScatter,
  type UncertaintyComponent,
} from '../uncertainty/index.js';
import {
  type Estimate,
  insufficient,
  isLowerLimit,
  isMet,
  isUndecided,
  judge,
  type Limit,
  settledWith,
  type Verdict,
  type VerdictNote,
} from './judge.js';
import { whatSettlesPool } from './settle.js';

/** How samples are pooled. */
export interface PoolingOptions {
  /** Multiplicative quantities (conductivity, resistance) are pooled as logarithms. */
  log?: boolean;
  /** Standard error of each value, same unit; for all values or for none. Used only for the random-effects mean. */
  standard_errors?: readonly number[];
  /** Batch of each sample; null where it is not stated. */
  batches?: readonly (string | null)[];
  /** Uncertainties that all samples share (same balance, gauge, chamber), same unit; relative when `log`. */
  shared?: readonly UncertaintyComponent[];
  /** Probability of the one-sided bound that a PASS needs, where it is not 0.95. */
  pass_probability?: number;
}

/** What a pooled number is about. */
export type PoolScope =
  | { of: 'material' }
  | { of: 'batch'; batch: string }
  /** Some or all samples have no batch: whether they share one nobody knows. */
  | { of: 'batch not stated' };

/** The random-effects mean, shown beside the judged one; on the scale of pooling. */
export interface RandomEffectsBeside {
  mu: number;
  tau2: number;
  se_hk: number;
  ci95: [number, number];
}

export interface PooledEstimate extends Estimate {
  m: number;
  log: boolean;
  scope: PoolScope;
  /** Batches that were averaged over; null where the samples were. */
  batches: number | null;
  /** Mean of each of these batches. */
  batch_means: number[] | null;
  /** Between all samples; on the ln scale when `log`. */
  sd: number | null;
  /** Standard error of the mean on the scale of pooling, and its degrees of freedom. */
  standard_error: number | null;
  dof: number | null;
  /** Everything its bounds are computed from, on the scale of pooling. */
  components: UncertaintyComponent[];
  /** Combined standard uncertainty of what all samples share, on the scale of pooling. */
  u_shared: number;
  /** Two-sided 95 % interval of the scatter alone. */
  ci95_statistical: [number | null, number | null];
  /** Shown beside the judged mean, never judged; null where the values have no errors of their own. */
  random_effects: RandomEffectsBeside | null;
  /** Where the next sample would fall, two-sided 95 %. */
  prediction95: [number | null, number | null];
  /** 90 % of samples lie above it (below the upper one), with 95 % confidence. */
  lower_tolerance_90_95: number | null;
  upper_tolerance_90_95: number | null;
  highest: number;
  lowest: number;
}

/**
 * The plain mean over samples with t of m − 1 degrees of freedom, or over the means of two or more named batches with
 * t of b − 1: samples of one batch repeat the error of the batch. What all samples share is added in quadrature and
 * not divided by their number. A random-effects mean (τ² by Paule–Mandel, standard error by Hartung–Knapp with a
 * factor not below 1) is given as well.
 * Sources: JCGM 100:2008, 5.1; R. C. Paule & J. Mandel, J. Res. NBS 87 (1982) 377; J. Hartung & G. Knapp, Stat. Med.
 * 20 (2001) 3875; G. J. Hahn, J. Qual. Technol. 2 (1970) 115 for prediction and tolerance.
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
  const { scope, means } = batchesOf(y, options.batches ?? []);
  const units = means ?? y;
  const sd = m > 1 ? standardDeviation(y) : null;
  const centre = mean(units);
  const value = back(centre);
  const standard_error = units.length > 1 ? standardDeviation(units) / Math.sqrt(units.length) : null;
  const dof = units.length > 1 ? units.length - 1 : null;
  const shared = [...(options.shared ?? [])];
  const scatter =
    standard_error === null || dof === null
      ? []
      : [fromScatter(means === null ? 'between cells' : 'between batches', standard_error, dof)];
  const components = [...scatter, ...shared];
  const scale = log ? 'ln' : 'linear';
  const probability = options.pass_probability;
  const bounds = scatter.length === 0 ? NO_BOUNDS : boundsFrom(value, components, scale);
  const [low, high] =
    scatter.length === 0 || probability === undefined
      ? [null, null]
      : boundsAt(value, components, scale, probability);
  const statistical = boundsFrom(value, scatter, scale);
  const next = sd === null ? null : studentTQuantile(0.975, m - 1) * sd * Math.sqrt(1 + 1 / m);
  const tolerance = sd === null ? null : toleranceFactorOneSided(m) * sd;
  return {
    m,
    log,
    scope,
    batches: means?.length ?? (scope.of === 'batch' ? 1 : null),
    batch_means: means?.map(back) ?? null,
    value,
    ...bounds,
    ...(probability === undefined ? {} : { pass: { probability, low, high } }),
    sd,
    standard_error,
    dof,
    components,
    u_shared: combined(shared),
    ci95_statistical: [statistical.ci95_low, statistical.ci95_high],
    random_effects: effectsBeside(values, y, options),
    prediction95: next === null ? [null, null] : [back(mean(y) - next), back(mean(y) + next)],
    lower_tolerance_90_95: tolerance === null ? null : back(mean(y) - tolerance),
    upper_tolerance_90_95: tolerance === null ? null : back(mean(y) + tolerance),
    highest: Math.max(...values),
    lowest: Math.min(...values),
  };
}

/**
 * What the samples are about and, with two or more named batches, the mean of each; samples without a batch form one
 * more.
 */
function batchesOf(
  y: readonly number[],
  batches: readonly (string | null)[],
): { scope: PoolScope; means: number[] | null } {
  const names = y.map((_, i) => batches[i] || null);
  const named = [...new Set(names.filter((name) => name !== null))];
  const [only] = named;
  if (only === undefined) return { scope: { of: 'batch not stated' }, means: null };
  if (named.length === 1) {
    const isStated = names.every((name) => name !== null);
    return { scope: isStated ? { of: 'batch', batch: only } : { of: 'batch not stated' }, means: null };
  }
  const means = [...new Set(names)].map((batch) => mean(y.filter((_, i) => names[i] === batch)));
  return { scope: { of: 'material' }, means };
}

function effectsBeside(
  values: readonly number[],
  y: readonly number[],
  { log, standard_errors }: PoolingOptions,
): RandomEffectsBeside | null {
  if (standard_errors === undefined || y.length < 2) return null;
  const errors = standard_errors.map((error, i) => (log ? error / (values[i] as number) : error));
  const { mu, tau2, se_hk } = randomEffects(y, errors);
  const half = studentTQuantile(0.975, y.length - 1) * se_hk;
  return { mu, tau2, se_hk, ci95: [mu - half, mu + half] };
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
  // Of equal values only rounding makes an excess, which no variance between samples takes away.
  else if (standardDeviation(y) ** 2 > 0 && excess(0) > 0) {
    let high = standardDeviation(y) ** 2;
    while (excess(high) > 0) high *= 2;
    tau2 = brentRoot(excess, 0, high, 1e-16 * high);
  }
  const { mu, total, q } = at(tau2);
  return { mu, tau2, se_hk: Math.sqrt(Math.max(1, q / dof) / total), variances };
}

/** A scope in words: `material`, `batch B1`, `batch not stated`. */
export const scopeText = (scope: PoolScope): string =>
  scope.of === 'batch' ? `batch ${scope.batch}` : scope.of;

/**
 * The verdict on a material, or on its only batch. One sample supports no statement: a single outstanding cell is not
 * the material.
 */
export function judgeMaterial(pool: PooledEstimate, limit: Limit): Verdict {
  if (pool.m < 2) {
    return insufficient(say('ONE_SAMPLE'), say('MORE_SAMPLES_THREE'));
  }
  const verdict = judge(pool, limit);
  const notes = [...verdict.notes];
  const champion = isLowerLimit(limit) ? pool.highest : pool.lowest;
  if (verdict.verdict !== 'PASS' && isMet(champion, limit)) {
    notes.push({ ...say('CHAMPION'), values: { best: champion } });
  }
  notes.push(scopeNote(pool));
  const isOpen = verdict.verdict === 'INCONCLUSIVE' && isUndecided(verdict);
  return { ...(isOpen ? settledWith(verdict, whatSettles(pool, limit)) : verdict), notes };
}

function scopeNote({ scope, m, batches }: PooledEstimate): VerdictNote {
  switch (scope.of) {
    case 'batch':
      return say('ONE_BATCH', { batch: scope.batch, samples: m });
    case 'material':
      return say('BATCH_MEANS', { batches, samples: m });
    default:
      return say('BATCH_NOT_STATED', { samples: m });
  }
}

function whatSettles(pool: PooledEstimate, limit: Limit): Message {
  const scale = (value: number) => (pool.log ? Math.log(value) : value);
  const distance = Math.abs(scale(pool.value) - scale(limit.threshold));
  // A PASS may need more than 95 %, a FAIL does not.
  const probability = isMet(pool.value, limit) ? pool.pass?.probability : undefined;
  return whatSettlesPool({
    ...pool,
    distance,
    standard_error: pool.standard_error as number,
    ...(probability === undefined ? {} : { probability }),
  });
}
