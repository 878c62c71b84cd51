import type { ClockSyntax, DateOrder } from './clock.js';

/**
 * Wall clocks of records as seconds since 1970, to the microsecond: the clock as if it were UTC, or in UTC where an
 * offset is written. Dates outside 1980 to 2200 are placeholders of some software, not clocks.
 */

const time = '(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:[.,](\\d{1,9}))?)?(?: *([AaPp])[Mm])?';
const iso = new RegExp(
  `^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?:[T ]+${time} *(Z|[+-]\\d{2}(?::?\\d{2})?)?)?$`,
);
const numeric = new RegExp(`^(\\d{1,2})([/.-])(\\d{1,2})\\2(\\d{4}|\\d{2}),?[T ]+${time}$`);
const named = new RegExp(`^(\\d{1,2})[- ]([A-Za-z]{3,9})\\.?[- ](\\d{4}|\\d{2}),? ${time}$`);
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const [earliest, latest] = [315_532_800, 7_289_654_399];
/** 1970-01-01 in steps of 100 ns since the year 1. */
const unixEpochTicks = 621_355_968_000_000_000n;

/** Days since 1970 of a date, or NaN where the date does not exist. */
export function dayNumber(year: number, month: number, day: number): number {
  const days = Date.UTC(year, month - 1, day) / 86_400_000;
  const date = new Date(days * 86_400_000);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? days : Number.NaN;
}

const fullYear = (text: string) =>
  text.length === 4 ? Number(text) : Number(text) + (Number(text) < 69 ? 2000 : 1900);

/**
 * Microseconds of a time of day whose parts are groups `at` to `at` + 4 of a match; midnight where none is written.
 */
function microseconds(match: RegExpExecArray, at: number): number {
  const [hour, minute, second, fraction, half] = match.slice(at, at + 5);
  if (hour === undefined) return 0;
  let hours = Number(hour);
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return Number.NaN;
    hours = (hours % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  const [minutes, seconds] = [Number(minute), Number(second ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
  const micros = Number((fraction ?? '').slice(0, 6).padEnd(6, '0'));
  return ((hours * 60 + minutes) * 60 + seconds) * 1e6 + micros;
}

/** Seconds east of UTC of a written offset. */
function offsetSeconds(text: string | undefined): number {
  if (text === undefined || text === 'Z') return 0;
  const digits = text.slice(1).replace(':', '');
  return (text[0] === '-' ? -1 : 1) * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2) || 0) * 60);
}

const join = (days: number, micros: number, offset = 0) => ((days * 86_400 - offset) * 1e6 + micros) / 1e6;

function textSeconds(text: string, syntax: ClockSyntax, order: DateOrder | undefined): number {
  let match = iso.exec(text);
  if (match !== null) {
    const day = dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
    return join(
      day,
      microseconds(match, 4),
      syntax.kind === 'iso' && syntax.hasZone ? offsetSeconds(match[9]) : 0,
    );
  }
  match = numeric.exec(text);
  if (match !== null) {
    if (order === undefined) return Number.NaN;
    const [first, second] = [Number(match[1]), Number(match[3])];
    const [month, day] = order === 'month-first' ? [first, second] : [second, first];
    return join(dayNumber(fullYear(match[4]!), month, day), microseconds(match, 5));
  }
  match = named.exec(text);
  if (match === null) return Number.NaN;
  const month = months.indexOf(match[2]!.slice(0, 3).toLowerCase()) + 1;
  return join(dayNumber(fullYear(match[3]!), month, Number(match[1])), microseconds(match, 4));
}

/** Seconds of a clock, or NaN where they are a placeholder. */
export const withinBounds = (seconds: number) =>
  seconds >= earliest && seconds <= latest ? seconds : Number.NaN;

/** Seconds of a clock that counts from a fixed day: Unix time, or the day numbers of Excel and MATLAB. */
export function countedSeconds(value: number, syntax: ClockSyntax): number {
  switch (syntax.kind) {
    case 'unix':
      return withinBounds(value / syntax.divide);
    case 'excel-day':
      return withinBounds((value - 25_569) * 86_400);
    case 'matlab-day':
      return withinBounds((value - 719_529) * 86_400);
    default:
      return Number.NaN;
  }
}

/** Seconds of a clock written as text (trimmed), or NaN. */
export function clockSeconds(text: string, syntax: ClockSyntax, order: DateOrder | undefined): number {
  if (syntax.kind === 'time-of-day') return Number.NaN;
  if (syntax.kind === 'ticks') {
    return /^\d{18}$/.test(text) ? withinBounds(Number(BigInt(text) - unixEpochTicks) / 1e7) : Number.NaN;
  }
  return withinBounds(textSeconds(text, syntax, order));
}
