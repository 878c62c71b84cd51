import type { Quantity } from '../result.js';
import { insufficient, judge, type Limit, type Verdict } from '../verdict/judge.js';
import { cyclesNeededForDecay } from '../verdict/planning.js';
import { decayTo80 } from './end-of-life.js';
import type { DecayVerdict, Knee } from './types.js';

/** What a claim of decay is judged by. */
export interface DecayEvidence {
  /** D of the window from the first included cycle to the observed end of life, or to the last cycle. */
  D: Quantity;
  knee: Knee | null;
  /** Cycles from the first included to the last one, both counted. */
  cycles_spanned: number;
  /** Cycles from the first included one to the observed end of life; null where not reached. */
  cycles_to_end_of_life: number | null;
  window_cycles: number;
  /** What must stand in the sentence without changing the verdict: outliers, another law. */
  remarks: string[];
}

/**
 * The rules for "D below a limit", first match wins: too short, still activating, accelerating, end of life too
 * early, and only then the one-sided 95 % bounds.
 *
 * @param limit fraction per cycle
 */
export function judgeDecay(evidence: DecayEvidence, limit = 0.0005, minimumCycles = 100): DecayVerdict {
  const { D } = evidence;
  const verdict = decide(evidence, { comparison: '<', threshold: limit }, minimumCycles);
  return {
    ...verdict,
    target: `D < ${percent(limit)} %/cycle`,
    D_lower95: D.bound95_low,
    D_upper95: D.bound95_high,
    window_cycles: evidence.window_cycles,
    reason: [verdict.reason, ...evidence.remarks].join('; '),
    notes: evidence.remarks,
  };
}

function decide(evidence: DecayEvidence, limit: Limit, minimumCycles: number): Verdict {
  const { D, knee, cycles_spanned, cycles_to_end_of_life } = evidence;
  const { threshold } = limit;
  if (cycles_spanned < minimumCycles) {
    const reason = `${cycles_spanned} of ${minimumCycles} cycles`;
    return insufficient(reason, `${minimumCycles - cycles_spanned} more cycles`);
  }
  const measured = D.value !== null && D.bound95_low !== null;
  const byBounds = judge(measured ? { ...D, value: D.value as number } : null, limit, 'D has no interval');
  const fail = (reason: string): Verdict => ({ ...byBounds, verdict: 'FAIL', reason, needed: null });
  if (D.bound95_high !== null && D.bound95_high < 0) {
    const reason = 'the capacity still grows';
    return { ...byBounds, verdict: 'INCONCLUSIVE', reason, needed: 'cycle on until the capacity fades' };
  }
  if (knee?.accepted && knee.D_after >= threshold) {
    const after = `${percent(knee.D_after)} %/cycle after the knee at n = ${knee.knee_cycle}`;
    return fail(`accelerating fade: ${after}, ${percent(D.value ?? Number.NaN)} on average`);
  }
  if (cycles_to_end_of_life !== null && decayTo80(cycles_to_end_of_life) >= threshold) {
    return fail(`80 % was reached after ${cycles_to_end_of_life} cycles, which is too early for the limit`);
  }
  if (!measured) return insufficient('D has no interval', 'four or more points that measure capacity');
  return byBounds.verdict === 'INCONCLUSIVE' ? { ...byBounds, needed: whatSettles(D, threshold) } : byBounds;
}

function whatSettles(D: Quantity, threshold: number): string {
  const n = D.n as number;
  const distance = Math.abs((D.value as number) - threshold);
  const needed = cyclesNeededForDecay(n, D.standard_error as number, D.n_eff as number, distance);
  if (needed === null) return 'D is at the limit: no number of cycles would settle it';
  return `${needed - n} more cycles (${needed} in all), if rate and scatter stay as they are`;
}

function percent(fraction: number): string {
  return String(Number((100 * fraction).toPrecision(3)));
}
