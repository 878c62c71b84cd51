import type { Estimate } from '../verdict/judge.js';
import { insufficient, judge, type Limit, type Verdict } from '../verdict/judge.js';
import { cyclesNeededForDecay } from '../verdict/planning.js';
import { decayTo80 } from './end-of-life.js';
import type { DecayEstimate, DecayVerdict, Knee, RecentDecay } from './types.js';

/** What a claim of decay is judged by. */
export interface DecayEvidence {
  /** D of the window from the first included cycle to the observed end of life, or to the last cycle. */
  window: DecayEstimate;
  /** D over the last third of that window; null where it is too short for one. */
  recent: RecentDecay | null;
  knee: Knee | null;
  /** Cycles from the first included to the last one, both counted. */
  cycles_spanned: number;
  /** Cycles from the first included one to the observed end of life; null where not reached. */
  cycles_to_end_of_life: number | null;
  /** What must stand in the sentence without changing the verdict: outliers, another law. */
  remarks: string[];
}

/**
 * The rules for "D below a limit", first match wins: too short, still activating, knee, end of life too early, lower
 * 95 % bound at the limit, the same over the last third, the last third's D at the limit, and only then PASS by the
 * upper 99 % bound.
 *
 * @param limit fraction per cycle
 */
export function judgeDecay(evidence: DecayEvidence, limit = 0.0005, minimumCycles = 100): DecayVerdict {
  const { window, recent, knee, cycles_spanned, remarks } = evidence;
  const verdict = decide(evidence, { comparison: '<', threshold: limit }, minimumCycles);
  const notes = [...recentRemark(recent), ...remarks];
  return {
    ...verdict,
    target: `D < ${percent(limit)} %/cycle`,
    D_lower95: window.lower95,
    D_upper95: window.upper95,
    D_upper99: window.upper99,
    window_cycles: window.n,
    cycles_spanned,
    window,
    recent,
    knee,
    reason: [verdict.reason, ...notes].join('; '),
    notes: notes.map((message) => ({ code: 'REMARK', message })),
  };
}

/** D of the window with its bounds, as a verdict compares them; null without an interval. */
function estimateOf({ D, ci95, lower95, upper95, upper99 }: DecayEstimate): Estimate | null {
  if (lower95 === null || upper95 === null) return null;
  return {
    value: D,
    ci95_low: ci95[0],
    ci95_high: ci95[1],
    bound95_low: lower95,
    bound95_high: upper95,
    pass: { probability: 0.99, low: null, high: upper99 },
  };
}

function decide(evidence: DecayEvidence, limit: Limit, minimumCycles: number): Verdict {
  const { window, cycles_spanned } = evidence;
  if (cycles_spanned < minimumCycles) {
    const reason = `${cycles_spanned} of ${minimumCycles} cycles`;
    return insufficient(reason, `${minimumCycles - cycles_spanned} more cycles`);
  }
  const byBounds = judge(estimateOf(window), limit, 'D has no interval');
  const rule = ruleBeyondBounds(evidence, limit.threshold, byBounds.verdict === 'FAIL');
  if (rule !== null) return { ...byBounds, ...rule };
  if (window.lower95 === null) {
    return insufficient('D has no interval', 'four or more points that measure capacity');
  }
  return byBounds.verdict === 'INCONCLUSIVE'
    ? { ...byBounds, needed: whatSettles(window, limit.threshold) }
    : byBounds;
}

type Rule = Pick<Verdict, 'verdict' | 'reason' | 'needed'>;

/** What a number alone does not know; null where the bounds decide. */
export function ruleBeyondBounds(
  evidence: DecayEvidence,
  threshold: number,
  failsByBounds: boolean,
): Rule | null {
  const { window, recent, knee, cycles_to_end_of_life: end } = evidence;
  const fail = (reason: string): Rule => ({ verdict: 'FAIL', reason, needed: null });
  if (window.upper95 !== null && window.upper95 < 0) {
    const needed = 'cycle on until the capacity fades';
    return { verdict: 'INCONCLUSIVE', reason: 'the capacity still grows', needed };
  }
  const average = `${percent(window.D)} on average`;
  if (knee?.accepted && knee.D_after >= threshold) {
    const after = `${percent(knee.D_after)} %/cycle after the knee at n = ${knee.knee_cycle}`;
    return fail(`accelerating fade: ${after}, ${average}`);
  }
  if (end !== null && decayTo80(end) >= threshold) {
    return fail(`80 % was reached after ${end} cycles, which is too early for the limit`);
  }
  if (failsByBounds || recent === null) return null;
  if (recent.lower95 !== null && recent.lower95 >= threshold) {
    return fail(`accelerating fade: ${percent(recent.D)} %/cycle over the last third, ${average}`);
  }
  if (recent.D >= threshold) {
    const reason = `D over the last third, ${percent(recent.D)} %/cycle, is at or above the limit`;
    return { verdict: 'INCONCLUSIVE', reason, needed: 'more cycles, to tell whether the fade accelerates' };
  }
  return null;
}

function recentRemark(recent: RecentDecay | null): string[] {
  if (recent === null) return [];
  const [low, high] = recent.ci95;
  const interval = low === null || high === null ? '' : ` [${percent(low)}, ${percent(high)}]`;
  return [`D_recent, over the last third, is ${percent(recent.D)}${interval} %/cycle`];
}

function whatSettles(window: DecayEstimate, threshold: number): string {
  const { n, D } = window;
  const needed = cyclesNeededForDecay({
    cycles: n,
    standard_error: window.slope_se,
    effective: window.n_eff,
    wander: window.u_wander,
    distance: Math.abs(D - threshold),
    probability: D < threshold ? 0.99 : 0.95,
  });
  if (needed === null) return 'D is at the limit: no number of cycles would settle it';
  return `${needed - n} more cycles (${needed} in all), if rate and scatter stay as they are`;
}

function percent(fraction: number): string {
  return String(Number((100 * fraction).toPrecision(3)));
}
