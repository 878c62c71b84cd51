import type { Evidence } from './evidence.js';

/** Words of `whenDone` (metrics/cycling.ts) that name a date. */
const projection = /around (\d{4}-\d{2}-\d{2}) if it goes on without a break/g;

/** All words of `whenDone` where they name a date. */
const wholeProjection = /, about \S+ \S+ more at [^;:]*: around [^;]*/g;

/** What is missing, without the dates until which it could have been measured. */
export const withoutDates = (missing: string): string => missing.replace(wholeProjection, '');

const projectedDates = (missing: string | null): string[] =>
  [...(missing ?? '').matchAll(projection)].map(([, date]) => date as string).sort();

/**
 * The date until which everything that is missing could have been measured, at the pace of the data so far: the last
 * one that the sentences name. Null where none names one.
 */
export function projectedDate(missing: string | null): Date | null {
  const last = projectedDates(missing).at(-1);
  return last === undefined ? null : new Date(`${last}T00:00:00Z`);
}

/**
 * What is missing as it reads on a day: a date that has passed is not projected any more.
 *
 * @param today `2026-12-31`
 */
export const asOf = (missing: string, today: string): string =>
  missing.replace(projection, (words, date: string) =>
    date >= today
      ? words
      : 'longer than the time since its last record: the test stands still, or newer records are not read',
  );

/** Evidence whose cells say what they lack as it reads on a day. */
export const evidenceAsOf = (evidence: Evidence, today: string): Evidence => ({
  ...evidence,
  cells: evidence.cells.map((cell) => ({
    ...cell,
    missing: cell.missing === null ? null : asOf(cell.missing, today),
  })),
});

/** The last of all dates that the evidence behind verdicts projects before a day; null where none has passed. */
export function lastPassed(
  judged: readonly { missing: string | null; evidence: Evidence }[],
  today: string,
): string | null {
  const dates = judged.flatMap(({ missing, evidence }) =>
    [missing, ...evidence.cells.map((cell) => cell.missing)].flatMap(projectedDates),
  );
  return (
    dates
      .filter((date) => date < today)
      .sort()
      .at(-1) ?? null
  );
}
