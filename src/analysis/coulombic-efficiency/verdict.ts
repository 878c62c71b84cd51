import { Z_ONE_SIDED } from '../statistics/intervals.js';
import { insufficient, type Limit, type Verdict } from '../verdict/judge.js';
import { cyclesNeededForMean } from '../verdict/planning.js';
import type { EfficiencyStatistics } from './statistics.js';

const LARGEST_EXCLUDED_SHARE = 0.05;

/** What a claim of coulombic efficiency is judged by. */
export interface EfficiencyEvidence {
  /** Over the first `required` eligible cycles, or all there are; null when there is none. */
  statistics: EfficiencyStatistics | null;
  /** Interrupted or implausible cycles as a share of those between the first and the last eligible one. */
  excluded_share: number;
  possible_soft_short: boolean;
}

/**
 * "Above a threshold over N cycles": never PASS before N cycles, FAIL early when even 100 % from now on could not
 * reach it, PASS only when the mean's bound and every block of 100 cycles clear it.
 *
 * @param threshold fraction
 */
export function judgeEfficiency(evidence: EfficiencyEvidence, required = 500, threshold = 0.995): Verdict {
  const { statistics } = evidence;
  const limit: Limit = { comparison: '>', threshold };
  const n = statistics?.n ?? 0;
  if (statistics === null || n < required) return judgeShort(statistics, required, threshold);
  const { mean, lower95_one_sided: low, upper95_one_sided: high, ci95 } = statistics;
  if (low === null || high === null) return insufficient('the mean has no interval');
  const half = ci95[0] === null ? null : mean - ci95[0];
  const margin = half ? (mean - limit.threshold) / half : null;
  const done = { margin, needed: null, notes: [] };
  if (high <= threshold) {
    return {
      verdict: 'FAIL',
      reason: `the one-sided 95 % upper bound of the mean is not above ${threshold}`,
      ...done,
    };
  }
  const open = (reason: string, needed: string): Verdict => ({
    verdict: 'INCONCLUSIVE',
    reason,
    margin,
    needed,
    notes: [],
  });
  if (low <= threshold) {
    return open(
      'the threshold lies between the one-sided 95 % bounds of the mean',
      whatSettles(statistics, threshold),
    );
  }
  const objection = objectionToPass(evidence, threshold);
  if (objection) return open(objection.reason, objection.needed);
  const reason =
    'the one-sided 95 % lower bound of the mean and every block of 100 cycles are above the threshold';
  return { verdict: 'PASS', reason, ...done };
}

function judgeShort(statistics: EfficiencyStatistics | null, required: number, threshold: number): Verdict {
  const n = statistics?.n ?? 0;
  const left = required - n;
  const reachable = ((statistics ? statistics.mean * n : 0) + left) / required;
  if (reachable <= threshold) {
    const reason = `even ${left} further cycles at 100 % would leave the mean at ${reachable.toFixed(6)}`;
    return { verdict: 'FAIL', reason, margin: null, needed: null, notes: [] };
  }
  return insufficient(`${n} of ${required} cycles`, `${left} more eligible cycles`);
}

export interface Objection {
  reason: string;
  /** What would remove it. */
  needed: string;
}

/**
 * What stands against a PASS however good the mean is: a block of 100 cycles that is not above the threshold, a broken
 * series, or a soft short. Null where nothing does.
 */
export function objectionToPass(evidence: EfficiencyEvidence, threshold: number): Objection | null {
  const { statistics } = evidence;
  if (statistics === null) return null;
  const { block100_means: blocks } = statistics;
  const weak = blocks.findIndex((block) => block <= threshold);
  if (weak >= 0) {
    const span = `cycles ${100 * weak + 1} to ${100 * weak + 100}`;
    return {
      reason: `not sustained: the mean of ${span} is ${(blocks[weak] as number).toFixed(5)}`,
      needed: 'a cell that holds it in every block of 100 cycles',
    };
  }
  const downgrade = reasonToDowngrade(evidence);
  return downgrade && { reason: downgrade[0], needed: downgrade[1] };
}

function reasonToDowngrade(evidence: EfficiencyEvidence): [string, string] | null {
  if (evidence.excluded_share > LARGEST_EXCLUDED_SHARE) {
    const share = (100 * evidence.excluded_share).toFixed(1);
    return [`${share} % of the cycles are interrupted or implausible`, 'an uninterrupted series'];
  }
  if (evidence.possible_soft_short) {
    return ['a soft short is possible (POSSIBLE_SOFT_SHORT)', 'a cell without a short'];
  }
  return null;
}

function whatSettles(statistics: EfficiencyStatistics, threshold: number): string {
  const distance = Math.abs(statistics.mean - threshold);
  const perCycle = statistics.n / statistics.n_eff;
  const { n, sd, instrument_u } = statistics;
  const needed = cyclesNeededForMean(n, sd ?? 0, perCycle, instrument_u, distance);
  if (needed !== null) return `a series of ${needed} cycles, if mean and scatter stay as they are`;
  const accuracy = (100 * distance * Math.sqrt(3)) / Z_ONE_SIDED;
  return `a charge ratio known better than ±${accuracy.toPrecision(2)} %: more cycles alone do not settle it`;
}
