/** Judges one result against one limit. */
import type { Message } from '../../messages/message.js';
import { verdictMessages as say } from '../../messages/verdict.js';
import type { Bounds } from '../statistics/intervals.js';

/** The four possible verdicts. */
export type VerdictWord = 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'INSUFFICIENT DATA';

/** How a value has to compare with its threshold. */
export type Comparison = '>' | '<' | '>=' | '<=';

/** What a value is judged against; the threshold in the unit of the value. */
export interface Limit {
  comparison: Comparison;
  threshold: number;
}

/** A value with the bounds that follow from its statistics and its instruments. */
export interface Estimate extends Bounds {
  value: number;
  /** Bounds that a PASS needs, where 95 % is not enough. */
  pass?: { probability: number; low: number | null; high: number | null };
  /** The number can be below (or above) the truth by an unknown amount, so that its other bound shows nothing. */
  one_sided?: OneSided | null;
}

/** The number is only a lower (or upper) bound of the truth, whatever its interval: why, and what would settle it. */
export interface OneSided {
  bound: 'lower' | 'upper';
  /** Stable code of the reason. */
  code: string;
  reason: Message;
  needed: Message;
  /** The truth differs from the number by no more than this factor; beyond it the other bound counts again. */
  factor?: number;
}

/** A note to a verdict: a stable code, its words, and the values in them. */
export type VerdictNote = Message;

/** A verdict with its reason, in words and as a code with values. */
export interface Verdict {
  verdict: VerdictWord;
  reason: string;
  /**
   * Distance from the limit in half widths of the two-sided 95 % interval, on the side of the limit; positive where
   * the target is met. Null without an interval or for an exact value.
   */
  margin: number | null;
  /** What would settle an open verdict; null for PASS and FAIL. */
  needed: string | null;
  notes: VerdictNote[];
  /** The reason, and what would settle it, as codes with values. */
  because: Message;
  needs: Message | null;
}

/** Makes a verdict with its reason; PASS and FAIL need nothing more. */
export const verdictOf = (
  verdict: VerdictWord,
  because: Message,
  needs: Message | null = null,
  { margin = null, notes = [] }: { margin?: number | null; notes?: VerdictNote[] } = {},
): Verdict => ({
  verdict,
  reason: because.message,
  margin,
  needed: needs?.message ?? null,
  notes,
  because,
  needs,
});

/** The verdict changed to one that something else decides. */
export const decidedBy = (
  verdict: Verdict,
  word: VerdictWord,
  because: Message,
  needs: Message | null,
): Verdict => ({ ...verdict, ...verdictOf(word, because, needs, verdict) });

/** The verdict with another way to settle it. */
export const settledWith = (verdict: Verdict, needs: Message | null): Verdict => ({
  ...verdict,
  needed: needs?.message ?? null,
  needs,
});

/** A number without any uncertainty of its own, such as a quoted price: both bounds are equal to it. */
export function exactEstimate(value: number): Estimate {
  return { value, ci95_low: value, ci95_high: value, bound95_low: value, bound95_high: value };
}

/** Whether a value, without any uncertainty, meets a limit. */
export function isMet(value: number, { comparison, threshold }: Limit): boolean {
  switch (comparison) {
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
  }
}

/** Whether more is better, so that the limit is a lower one. */
export function isLowerLimit({ comparison }: Limit): boolean {
  return comparison === '>' || comparison === '>=';
}

/**
 * PASS when the one-sided 95 % bound that faces the limit meets it, FAIL when the other bound misses it, else
 * INCONCLUSIVE. A strict comparison is taken as strict: exactly 50 % is not more than 50 %.
 * Source: JCGM 106:2012, simple acceptance with a guard band of one-sided 95 % coverage.
 *
 * @param estimate null, or with a null bound, when the required evidence is missing
 * @param missing what is missing, for the sentence
 */
export function judge(
  estimate: Estimate | null,
  limit: Limit,
  missing: Message = say('NO_INTERVAL'),
): Verdict {
  if (estimate === null || estimate.bound95_low === null || estimate.bound95_high === null) {
    return insufficient(missing);
  }
  const isLower = isLowerLimit(limit);
  const better = isLower ? estimate.bound95_high : estimate.bound95_low;
  const bound95 = isLower ? estimate.bound95_low : estimate.bound95_high;
  const worse = (isLower ? estimate.pass?.low : estimate.pass?.high) ?? bound95;
  const margin = marginOf(estimate, limit);
  const { comparison, threshold } = limit;
  const exact = bound95 === better;
  const side = estimate.one_sided?.bound;
  // A lower bound of the truth cannot prove "below", an upper bound cannot prove "above".
  const canPass = side === undefined || (side === 'lower') === isLower;
  const factor = estimate.one_sided?.factor;
  const canFail =
    side === undefined ||
    (side === 'lower') !== isLower ||
    (factor !== undefined && !isMet(better * factor, limit));
  const open = (because: Message, needs: Message) => verdictOf('INCONCLUSIVE', because, needs, { margin });
  const blocked = ({ reason, needed }: OneSided) => open(reason, needed);
  const values = { comparison, threshold };
  if (isMet(worse, limit)) {
    if (!canPass && estimate.one_sided) return blocked(estimate.one_sided);
    const percent = 100 * (estimate.pass?.probability ?? 0.95);
    const because = exact ? say('VALUE_MEETS', values) : say('BOUND_MEETS', { percent, ...values });
    return verdictOf('PASS', because, null, { margin });
  }
  if (!isMet(better, limit)) {
    if (!canFail && estimate.one_sided) return blocked(estimate.one_sided);
    const because = say(exact ? 'VALUE_MISSES' : 'BOUND_MISSES', values);
    return verdictOf('FAIL', because, null, { margin });
  }
  if (isMet(bound95, limit)) {
    const percent = 100 * (estimate.pass?.probability ?? 0.95);
    return open(say('BOUND_NOT_ENOUGH', { percent, ...values }), UNDECIDED);
  }
  return open(say('LIMIT_BETWEEN_BOUNDS', { threshold }), UNDECIDED);
}

/** What settles a verdict when the limit lies between the bounds, unless something more specific is known. */
export const UNDECIDED: Message = say('MORE_DATA');

/** Whether nothing more specific is known that would settle it. */
export const isUndecided = ({ needs }: Pick<Verdict, 'needs'>): boolean => needs?.code === UNDECIDED.code;

/** The verdict where required evidence is missing; `needed` says what would help. */
export const insufficient = (because: Message, needs: Message = because): Verdict =>
  verdictOf('INSUFFICIENT DATA', because, needs);

function marginOf(estimate: Estimate, limit: Limit): number | null {
  const lower = isLowerLimit(limit);
  const end = lower ? estimate.ci95_low : estimate.ci95_high;
  if (end === null) return null;
  const half = Math.abs(estimate.value - end);
  if (!(half > 0)) return null;
  const distance = lower ? estimate.value - limit.threshold : limit.threshold - estimate.value;
  return distance / half;
}

/** How many PASS lie within one half width of their limit: of about 15 borderline cases one passes by chance. */
export function narrowPasses(verdicts: readonly Pick<Verdict, 'verdict' | 'margin'>[]): number {
  return verdicts.filter(({ verdict, margin }) => verdict === 'PASS' && margin !== null && margin < 1).length;
}
