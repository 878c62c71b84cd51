import { remembered } from '../../remembered.js';

/** Order of day and month in numeric dates. */
export type DateOrder = 'month-first' | 'day-first';

/** How the clock of a file is written. */
export type ClockSyntax =
  /** `hasZone`: with an offset from UTC after the time. */
  | { kind: 'iso'; hasZone?: true }
  | { kind: 'numeric'; separator: '/' | '-' | '.'; hasShortYear?: true }
  | { kind: 'named-month' }
  | { kind: 'time-of-day' }
  | { kind: 'unix'; divide: number }
  /** Steps of 100 ns since the year 1. */
  | { kind: 'ticks' }
  | { kind: 'excel-day' }
  | { kind: 'matlab-day' };

const isoDate = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?$/;
const numericDate = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[, T]+(.*))?$/;
const timeOfDay = /^(\d{1,3}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*([AaPp][Mm])?\s*(Z|[+-]\d{2}:?\d{2})?$/;
const dayMonthName = /^(\d{1,2})[- ]([A-Za-z]{3,9})\.?[- ,]+(\d{2,4})(?:[, ]+(.*))?$/;
const monthNameDay = /^(?:[A-Za-z]+day,?\s+)?([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?:[, ]+(.*))?$/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** 1970-01-01 in steps of 100 ns since the year 1. */
const unixEpochTicks = 621_355_968_000_000_000;

/** Clocks that count in a unit from a fixed day; a double holds them to the microsecond. */
const counted: ReadonlySet<ClockSyntax['kind']> = new Set(['unix', 'excel-day', 'matlab-day']);

/** Whether a clock is read as a number rather than as text. */
export const isCountedClock = (syntax: ClockSyntax | undefined): boolean =>
  syntax !== undefined && counted.has(syntax.kind);

/** The same syntax is the same object, so that values can be counted by it. */
const syntaxes = {
  iso: { kind: 'iso' },
  isoWithZone: { kind: 'iso', hasZone: true },
  namedMonth: { kind: 'named-month' },
  timeOfDay: { kind: 'time-of-day' },
  unixSeconds: { kind: 'unix', divide: 1 },
  unixMilliseconds: { kind: 'unix', divide: 1000 },
  unixTicks: { kind: 'unix', divide: 10_000_000 },
  ticks: { kind: 'ticks' },
  excelDay: { kind: 'excel-day' },
  matlabDay: { kind: 'matlab-day' },
} satisfies Record<string, ClockSyntax>;
const numericSyntax = remembered((mark: string): ClockSyntax => {
  const separator = mark[0] as '/' | '-' | '.';
  return { kind: 'numeric', separator, ...(mark.length === 3 ? { hasShortYear: true } : {}) };
});

const plainNumber = /^\d+(\.\d+)?([eE]\+?\d+)?$/;

/** How a value of a clock column is written, or undefined where it is not a clock. */
export function clockSyntax(value: string): ClockSyntax | undefined {
  const text = value.trim();
  if (plainNumber.test(text)) return numberClock(Number(text));
  const date = isoDate.exec(text);
  if (date !== null) return writtenOffset(date[4] ?? '') === undefined ? syntaxes.iso : syntaxes.isoWithZone;
  const numeric = numericDate.exec(text);
  if (numeric !== null) return numericSyntax(numeric[2]! + (numeric[4]!.length === 2 ? 'yy' : 'yyyy'));
  if (dayMonthName.test(text) || monthNameDay.test(text)) return syntaxes.namedMonth;
  return timeOfDay.test(text) ? syntaxes.timeOfDay : undefined;
}

/** The offset from UTC that is written after a time, or undefined where there is none. */
export function writtenOffset(value: string): string | undefined {
  return /[\d.](Z|[+-]\d{2}:?\d{2})$/.exec(value.trim())?.[1];
}

/** Unix seconds or milliseconds, Excel's and MATLAB's day numbers, recognised by their size for years 1990 to 2100. */
function numberClock(value: number): ClockSyntax | undefined {
  if (value > 6.3e8 && value < 4.2e9) return syntaxes.unixSeconds;
  if (value > 6.3e11 && value < 4.2e12) return syntaxes.unixMilliseconds;
  if (value > 6.3e15 && value < 4.2e16) return syntaxes.unixTicks;
  if (value > 6.27e17 && value < 6.63e17) return syntaxes.ticks;
  if (value > 32_000 && value < 74_000) return syntaxes.excelDay;
  if (value > 726_000 && value < 767_100) return syntaxes.matlabDay;
  return undefined;
}

/** Day and month of a numeric date as written, for deciding their order. */
export function dateParts(value: string): { first: number; second: number } | undefined {
  const match = numericDate.exec(value.trim());
  return match === null ? undefined : { first: Number(match[1]), second: Number(match[3]) };
}

/** The order that the values of a column prove: a number above 12 is a day. */
export function provenDateOrder(values: Iterable<string>): DateOrder | undefined {
  for (const value of values) {
    const parts = dateParts(value);
    if (parts === undefined) continue;
    if (parts.first > 12 && parts.second <= 12) return 'day-first';
    if (parts.second > 12 && parts.first <= 12) return 'month-first';
  }
  return undefined;
}

function timeMilliseconds(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return 0;
  const match = timeOfDay.exec(text.trim());
  if (match === null) return undefined;
  let hour = Number(match[1]);
  const half = match[4]?.toLowerCase();
  if (half !== undefined) hour = (hour % 12) + (half === 'pm' ? 12 : 0);
  const second = Number((match[3] ?? '0').replace(',', '.'));
  return Math.round(((hour * 60 + Number(match[2])) * 60 + second) * 1000);
}

/** @param year as written: two digits stand for 1970 to 2069, four for themselves */
function dateMilliseconds(year: string, month: number, day: number): number | undefined {
  const fullYear = year.length > 2 ? Number(year) : Number(year) + (Number(year) < 70 ? 2000 : 1900);
  const time = Date.UTC(fullYear, month - 1, day);
  const date = new Date(time);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  // Some software writes 1/1/0001 for "not yet".
  return exists && fullYear >= 1980 && fullYear <= 2200 ? time : undefined;
}

function monthNumber(name: string): number {
  return months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

/**
 * A wall clock as milliseconds, as if it were UTC (an offset after it is ignored); undefined where it is not a clock.
 *
 * @param order of day and month in numeric dates; undefined: such a date cannot be read
 */
export function parseClock(value: string, order: DateOrder | undefined): number | undefined {
  const text = value.trim();
  if (plainNumber.test(text)) return numericClockMilliseconds(Number(text));
  const date = isoDate.exec(text);
  if (date !== null)
    return sum(dateMilliseconds(date[1]!, Number(date[2]), Number(date[3])), timeMilliseconds(date[4]));
  const numeric = numericDate.exec(text);
  if (numeric !== null) {
    const first = Number(numeric[1]);
    const second = Number(numeric[3]);
    const decided = order ?? (first > 12 ? 'day-first' : second > 12 ? 'month-first' : undefined);
    if (decided === undefined) return undefined;
    const [month, day] = decided === 'month-first' ? [first, second] : [second, first];
    return sum(dateMilliseconds(numeric[4]!, month, day), timeMilliseconds(numeric[5]));
  }
  const dayFirst = dayMonthName.exec(text);
  if (dayFirst !== null) {
    const date = dateMilliseconds(dayFirst[3]!, monthNumber(dayFirst[2]!), Number(dayFirst[1]));
    return sum(date, timeMilliseconds(dayFirst[4]));
  }
  const monthFirst = monthNameDay.exec(text);
  if (monthFirst !== null) {
    const date = dateMilliseconds(monthFirst[3]!, monthNumber(monthFirst[1]!), Number(monthFirst[2]));
    return sum(date, timeMilliseconds(monthFirst[4]));
  }
  return undefined;
}

function numericClockMilliseconds(value: number): number | undefined {
  const syntax = numberClock(value);
  switch (syntax?.kind) {
    case 'unix':
      return Math.round((value / syntax.divide) * 1000);
    case 'ticks':
      return Math.round((value - unixEpochTicks) / 10_000);
    case 'excel-day':
      return Math.round((value - 25_569) * 86_400) * 1000;
    case 'matlab-day':
      return Math.round((value - 719_529) * 86_400_000);
    default:
      return undefined;
  }
}

const sum = (date: number | undefined, time: number | undefined): number | undefined =>
  date === undefined || time === undefined ? undefined : date + time;
