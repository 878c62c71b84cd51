/** Targets with dates: met, missed, or on the way at the present pace. */
import { fitLine } from '../analysis/statistics/linear-regression.js';
import { isMet, type Limit } from '../analysis/verdict/index.js';
import type { JudgedTarget } from './evaluate.js';
import { projectedDate } from './projection.js';

/** State of a target with a date; `open`: there is no pace to project from. */
export type DueState = 'met' | 'missed' | 'on time' | 'late' | 'open';

/** A date with what has to be met by then, and its state. */
export interface DueStatus {
  due: string;
  threshold: number;
  state: DueState;
  /** When it would be met at the present pace, `2026-12-31`; null: never, or unknown. */
  projected: string | null;
  /** The basis of the projection: running tests, or values of earlier verdicts. */
  from: 'tests' | 'values' | null;
}

/** A value that was judged before. */
export interface PastValue {
  started_at: Date;
  value: number | null;
}

type VerdictWithDue = Pick<JudgedTarget, 'verdict' | 'value' | 'milestones' | 'target'> & {
  said: Pick<JudgedTarget['said'], 'missing'>;
};

export const DAY_MS = 86_400_000;
/** Fewer earlier values than this show no pace. */
const FEWEST_VALUES = 3;
/** Nothing is projected further than this. */
const FARTHEST_DAYS = 3650;

export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/**
 * Days from today until a straight line through the values reaches the limit; null: it does not. Undefined: too few
 * values, or the line reached the limit in the past although the newest value has not.
 */
function daysByValues(past: readonly PastValue[], limit: Limit, today: string): number | null | undefined {
  const known = past.filter((one): one is PastValue & { value: number } => one.value !== null);
  const now = Date.parse(today);
  const x = known.map(({ started_at }) => (started_at.getTime() - now) / DAY_MS);
  if (new Set(x.map(Math.round)).size < FEWEST_VALUES) return undefined;
  const { intercept, slope } = fitLine(
    x,
    known.map(({ value }) => value),
  );
  if (isMet(intercept, limit)) return undefined;
  const days = (limit.threshold - intercept) / slope;
  return Number.isFinite(days) && days > 0 && days < FARTHEST_DAYS ? days : null;
}

function projection(
  judged: VerdictWithDue,
  threshold: number,
  past: readonly PastValue[],
  today: string,
): Pick<DueStatus, 'projected' | 'from'> {
  const { value, target } = judged;
  const limit = { comparison: target.comparison, threshold };
  const isThere = value !== null && isMet(value, limit);
  if (isThere) {
    const date = projectedDate(judged.said.missing);
    // A projected date in the past comes from tests that have stopped.
    const isAhead = date !== null && dayOf(date) >= today;
    return isAhead ? { projected: dayOf(date), from: 'tests' } : { projected: null, from: null };
  }
  const days = daysByValues(past, limit, today);
  if (days === undefined) return { projected: null, from: null };
  const projected = days === null ? null : dayOf(new Date(Date.parse(today) + Math.ceil(days) * DAY_MS));
  return { projected, from: 'values' };
}

/**
 * Every date of a target, milestones first; none where it has no date.
 *
 * @param past earlier values of the same target and material, oldest first, the present one included
 * @param today `2026-12-31`; a date that is today is not missed yet
 */
export function dueStatuses(judged: VerdictWithDue, past: readonly PastValue[], today: string): DueStatus[] {
  const { target, milestones, verdict } = judged;
  const own = target.due === null ? [] : [{ due: target.due, threshold: target.threshold, verdict }];
  return [...milestones, ...own].map(({ due, threshold, verdict: word }) => {
    const none = { projected: null, from: null };
    if (word === 'PASS') return { due, threshold, state: 'met', ...none };
    if (due < today) return { due, threshold, state: 'missed', ...none };
    const ahead = projection(judged, threshold, past, today);
    if (ahead.from === null) return { due, threshold, state: 'open', ...ahead };
    const isLate = ahead.projected === null || ahead.projected > due;
    return { due, threshold, state: isLate ? 'late' : 'on time', ...ahead };
  });
}

/** The state of a date, in a few words. */
export function dueText({ due, state, projected, from }: DueStatus): string {
  const pace = from === 'tests' ? 'if the tests go on as they do' : 'at the pace of the values so far';
  switch (state) {
    case 'met':
      return `due ${due}: met`;
    case 'missed':
      return `due ${due}: missed`;
    case 'open':
      return `due ${due}: no pace to project from`;
    default:
      return projected === null
        ? `due ${due}: ${state} (projection: never ${pace})`
        : `due ${due}: ${state} (projection: ${projected}, ${pace})`;
  }
}

/** Whether a target or one of its milestones was not met at its date. */
export const isOverdue = (judged: VerdictWithDue, today: string): boolean =>
  dueStatuses(judged, [], today).some(({ state }) => state === 'missed');
