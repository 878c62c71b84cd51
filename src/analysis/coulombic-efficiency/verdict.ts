import { cyclingMessages as say } from '../../messages/cycling.js';
import type { Message } from '../../messages/message.js';
import { verdictMessages } from '../../messages/verdict.js';
import { Z_ONE_SIDED } from '../statistics/intervals.js';
import { insufficient, type Limit, type Verdict, verdictOf } from '../verdict/judge.js';
import { cyclesNeededForMean } from '../verdict/planning.js';
import type { EfficiencyStatistics } from './statistics.js';

const LARGEST_EXCLUDED_SHARE = 0.05;

/** What a claim of coulombic efficiency is judged by. */
export interface EfficiencyEvidence {
  /**
   * Statistics over the first `required` eligible cycles, or over all where there are fewer; null where there are
   * none.
   */
  statistics: EfficiencyStatistics | null;
  /** Interrupted or implausible cycles as a share of those between the first and the last eligible one. */
  excluded_share: number;
  possible_soft_short: boolean;
}

/**
 * "Above a threshold over N cycles": never PASS before N cycles; FAIL early if even 100 % from now on could not reach
 * it; PASS only if the bound of the mean and every block of 100 cycles are above it.
 *
 * @param threshold fraction
 */
export function judgeEfficiency(evidence: EfficiencyEvidence, required = 500, threshold = 0.995): Verdict {
  const { statistics } = evidence;
  const limit: Limit = { comparison: '>', threshold };
  const n = statistics?.n ?? 0;
  if (statistics === null || n < required) return judgeShort(statistics, required, threshold);
  const { mean, lower95_one_sided: low, upper95_one_sided: high, ci95 } = statistics;
  if (low === null || high === null) return insufficient(verdictMessages('NO_MEAN_INTERVAL'));
  const half = ci95[0] === null ? null : mean - ci95[0];
  const margin = half ? (mean - limit.threshold) / half : null;
  if (high <= threshold) {
    return verdictOf('FAIL', say('MEAN_BOUND_MISSES', { threshold }), null, { margin });
  }
  const open = (because: Message, needs: Message) => verdictOf('INCONCLUSIVE', because, needs, { margin });
  if (low <= threshold) return open(say('THRESHOLD_BETWEEN'), whatSettles(statistics, threshold));
  const objection = objectionToPass(evidence, threshold);
  if (objection) return open(objection.because, objection.needs);
  return verdictOf('PASS', say('MEAN_AND_BLOCKS'), null, { margin });
}

function judgeShort(statistics: EfficiencyStatistics | null, required: number, threshold: number): Verdict {
  const n = statistics?.n ?? 0;
  const left = required - n;
  const reachable = ((statistics ? statistics.mean * n : 0) + left) / required;
  if (reachable <= threshold) {
    return verdictOf('FAIL', say('EVEN_PERFECT', { left, mean: reachable.toFixed(6) }));
  }
  return insufficient(say('CYCLES_OF', { done: n, required }), say('MORE_ELIGIBLE', { more: left }));
}

/** What prevents a PASS, and what would remove it, in words and as codes with values. */
export interface Objection {
  reason: string;
  needed: string;
  because: Message;
  needs: Message;
}

const objection = (because: Message, needs: Message): Objection => ({
  reason: because.message,
  needed: needs.message,
  because,
  needs,
});

/**
 * What prevents a PASS however good the mean is: a block of 100 cycles that is not above the threshold, a broken
 * series, or a soft short. Null where nothing does.
 */
export function objectionToPass(evidence: EfficiencyEvidence, threshold: number): Objection | null {
  const { statistics } = evidence;
  if (statistics === null) return null;
  const { block100_means: blocks } = statistics;
  const weak = blocks.findIndex((block) => block <= threshold);
  if (weak >= 0) {
    const block = { from: 100 * weak + 1, to: 100 * weak + 100, mean: (blocks[weak] as number).toFixed(5) };
    return objection(say('NOT_SUSTAINED', block), say('CELL_THAT_HOLDS'));
  }
  return reasonToDowngrade(evidence);
}

function reasonToDowngrade(evidence: EfficiencyEvidence): Objection | null {
  if (evidence.excluded_share > LARGEST_EXCLUDED_SHARE) {
    const percent = (100 * evidence.excluded_share).toFixed(1);
    return objection(say('MANY_EXCLUDED', { percent }), say('UNINTERRUPTED'));
  }
  if (evidence.possible_soft_short) {
    return objection(say('SOFT_SHORT_POSSIBLE'), say('CELL_WITHOUT_SHORT'));
  }
  // More comes back than went in: a short, a turned current or a calibration, and no efficiency.
  if ((evidence.statistics?.lower95_one_sided ?? 0) > 1) {
    return objection(say('MEAN_ABOVE_ONE'), say('WHY_ABOVE_ONE'));
  }
  return null;
}

function whatSettles(statistics: EfficiencyStatistics, threshold: number): Message {
  const distance = Math.abs(statistics.mean - threshold);
  const perCycle = statistics.n / statistics.n_eff;
  const { n, sd, instrument_u } = statistics;
  const needed = cyclesNeededForMean(n, sd ?? 0, perCycle, instrument_u, distance);
  if (needed !== null) return say('SERIES_OF', { cycles: needed });
  const accuracy = (100 * distance * Math.sqrt(3)) / Z_ONE_SIDED;
  return say('RATIO_KNOWN', { percent: accuracy.toPrecision(2) });
}
