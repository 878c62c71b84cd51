/** Words of `whenDone` (metrics/cycling.ts) that name a date. */
const projection = /around (\d{4}-\d{2}-\d{2}) if it goes on without a break/g;

/** All words of `whenDone` where they name a date. */
const wholeProjection = /, about \S+ \S+ more at [^;:]*: around [^;]*/g;

/** What is missing, without the dates until which it could have been measured. */
export const withoutDates = (missing: string): string => missing.replace(wholeProjection, '');

/**
 * The date until which everything that is missing could have been measured, at the pace of the data so far: the last
 * one that the sentences name. Null where none names one.
 */
export function projectedDate(missing: string | null): Date | null {
  const dates = [...(missing ?? '').matchAll(projection)].map(([, date]) => date as string).sort();
  const last = dates.at(-1);
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
