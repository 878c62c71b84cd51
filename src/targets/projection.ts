/** Words of `whenDone` (metrics/cycling.ts) that name a date. */
const projection = /around (\d{4}-\d{2}-\d{2}) if it goes on without a break/g;

/** Words of `whenDone` behind how long it takes. */
const pace = /(, about \S+ \S+ more) at [^;]*/g;

/** What is missing and how long that takes, without the pace and the date it is told from. */
export const withoutPace = (missing: string): string => missing.replace(pace, '$1');

/**
 * The date until which everything that is missing could have been measured, at the pace of the data so far: the last
 * one that the sentences name. Null where none names one.
 */
export function projectedDate(missing: string | null): Date | null {
  const dates = [...(missing ?? '').matchAll(projection)].map(([, date]) => date as string).sort();
  const last = dates.at(-1);
  return last === undefined ? null : new Date(`${last}T00:00:00Z`);
}
