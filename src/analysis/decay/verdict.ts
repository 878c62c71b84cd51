import { cyclingMessages as say } from '../../messages/cycling.js';
import type { Message } from '../../messages/message.js';
import { verdictMessages } from '../../messages/verdict.js';
import type { Estimate, VerdictWord } from '../verdict/judge.js';
import { decidedBy, insufficient, judge, type Limit, settledWith, type Verdict } from '../verdict/judge.js';
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
  /** What the sentence must mention although it does not change the verdict: outliers, another law. */
  remarks: Message[];
}

/**
 * The rules for "D below a limit"; the first that applies decides: too short, still activating, knee, end of life too
 * early, lower 95 % bound at or above the limit, the same over the last third, D of the last third at or above the
 * limit, and only then PASS by the upper 99 % bound.
 *
 * @param limit fraction per cycle
 */
export function judgeDecay(evidence: DecayEvidence, limit = 0.0005, minimumCycles = 100): DecayVerdict {
  const { window, recent, knee, cycles_spanned, remarks } = evidence;
  const verdict = decide(evidence, { comparison: '<', threshold: limit }, minimumCycles);
  const notes = [...recentRemark(recent), ...remarks];
  const because = verdictMessages('REASONS', { parts: [verdict.because, ...notes] });
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
    reason: because.message,
    because,
    notes,
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
    return insufficient(
      say('CYCLES_OF', { done: cycles_spanned, required: minimumCycles }),
      say('MORE_CYCLES', { more: minimumCycles - cycles_spanned }),
    );
  }
  const byBounds = judge(estimateOf(window), limit, verdictMessages('NO_DECAY_INTERVAL'));
  const rule = ruleBeyondBounds(evidence, limit.threshold, byBounds.verdict === 'FAIL');
  if (rule !== null) return decidedBy(byBounds, rule.verdict, rule.because, rule.needs);
  if (window.lower95 === null) {
    return insufficient(verdictMessages('NO_DECAY_INTERVAL'), say('FOUR_POINTS'));
  }
  return byBounds.verdict === 'INCONCLUSIVE'
    ? settledWith(byBounds, whatSettles(window, limit.threshold))
    : byBounds;
}

/** A verdict that comes from a rule. */
export interface DecayRule {
  verdict: VerdictWord;
  because: Message;
  needs: Message | null;
}

/** A verdict that does not follow from the bounds; null where the bounds decide. */
export function ruleBeyondBounds(
  evidence: DecayEvidence,
  threshold: number,
  failsByBounds: boolean,
): DecayRule | null {
  const { window, recent, knee, cycles_to_end_of_life: end } = evidence;
  const fail = (because: Message): DecayRule => ({ verdict: 'FAIL', because, needs: null });
  if (window.upper95 !== null && window.upper95 < 0) {
    return { verdict: 'INCONCLUSIVE', because: say('STILL_GROWS'), needs: say('UNTIL_FADE') };
  }
  const average = percent(window.D);
  if (knee?.accepted && knee.D_after >= threshold) {
    return fail(say('KNEE_FADE', { after: percent(knee.D_after), knee: knee.knee_cycle, average }));
  }
  if (end !== null && decayTo80(end) >= threshold) {
    return fail(say('TOO_EARLY_80', { cycles: end }));
  }
  if (failsByBounds || recent === null) return null;
  if (recent.lower95 !== null && recent.lower95 >= threshold) {
    return fail(say('LATE_FADE', { recent: percent(recent.D), average }));
  }
  if (recent.D >= threshold) {
    const because = say('RECENT_AT_LIMIT', { recent: percent(recent.D) });
    return { verdict: 'INCONCLUSIVE', because, needs: say('MORE_TO_TELL') };
  }
  return null;
}

function recentRemark(recent: RecentDecay | null): Message[] {
  if (recent === null) return [];
  const [low, high] = recent.ci95;
  const values = { recent: percent(recent.D) };
  return [
    low === null || high === null
      ? say('D_RECENT', values)
      : say('D_RECENT/interval', { ...values, low: percent(low), high: percent(high) }),
  ];
}

function whatSettles(window: DecayEstimate, threshold: number): Message {
  const { n, D } = window;
  const needed = cyclesNeededForDecay({
    cycles: n,
    standard_error: window.slope_se,
    effective: window.n_eff,
    wander: window.u_wander,
    distance: Math.abs(D - threshold),
    probability: D < threshold ? 0.99 : 0.95,
  });
  if (needed === null) return say('D_AT_LIMIT');
  return say('MORE_CYCLES_IF', { more: needed - n, all: needed });
}

function percent(fraction: number): string {
  return String(Number((100 * fraction).toPrecision(3)));
}
