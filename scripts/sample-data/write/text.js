/** Spellings of numbers, times and dates as instruments write them. No locale function: output must not depend on the machine. */

/** Fixed decimals, without a minus before zero. @param {number} x @param {number} decimals */
export function fixed(x, decimals) {
  const text = x.toFixed(decimals);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** `1.2345678E+003`, the exponent padded. @param {number} x @param {number} decimals @param {number} [exponentDigits] */
export function scientific(x, decimals, exponentDigits = 3) {
  const [mantissa, exponent] = (x === 0 ? 0 : x).toExponential(decimals).split('e');
  const value = Number(exponent);
  return `${mantissa}E${value < 0 ? '-' : '+'}${String(Math.abs(value)).padStart(exponentDigits, '0')}`;
}

/** At most so many significant digits, no trailing zeros, as a printf %g. @param {number} x @param {number} digits */
export function general(x, digits) {
  return String(Number(x.toPrecision(digits)));
}

/** `26:03:04.250`, hours unbounded. @param {number} second @param {number} [decimals] */
export function hoursMinutesSeconds(second, decimals = 0) {
  const { hour, minute, rest } = clockParts(second, decimals);
  return `${two(hour)}:${two(minute)}:${padded(rest, decimals)}`;
}

/** `  1d 02:03:04.25`, Maccor's spelling. @param {number} second @param {number} decimals */
export function daysHoursMinutesSeconds(second, decimals) {
  const { hour, minute, rest } = clockParts(second, decimals);
  return `${String(Math.floor(hour / 24)).padStart(3)}d ${two(hour % 24)}:${two(minute)}:${padded(rest, decimals)}`;
}

/** @param {number} second @param {number} decimals */
function clockParts(second, decimals) {
  const unit = 10 ** decimals;
  const ticks = Math.round(second * unit);
  return {
    hour: Math.floor(ticks / (3600 * unit)),
    minute: Math.floor(ticks / (60 * unit)) % 60,
    rest: (ticks % (60 * unit)) / unit,
  };
}

/** @param {number} second below 60 @param {number} decimals */
function padded(second, decimals) {
  return second.toFixed(decimals).padStart(decimals > 0 ? 3 + decimals : 2, '0');
}

/** A moment of a clock on the wall, without zone. @typedef {number} Clock milliseconds as if the clock were UTC */

/** @param {string} iso `2026-01-12T08:30:00` @returns {Clock} */
export function clockOf(iso) {
  return Date.parse(`${iso}Z`);
}

/** @param {Clock} clock @param {number} second */
export function later(clock, second) {
  return clock + Math.round(second * 1000);
}

/** `2026-01-12T08:30:00` @param {Clock} clock */
export function isoClock(clock) {
  return new Date(clock).toISOString().slice(0, 19);
}

/** `2026-01-12 08:30:00` @param {Clock} clock @param {0 | 3} [decimals] */
export function isoDateTime(clock, decimals = 0) {
  return new Date(clock)
    .toISOString()
    .slice(0, decimals === 3 ? 23 : 19)
    .replace('T', ' ');
}

/** `01/12/2026` @param {Clock} clock */
export function monthFirstDate(clock) {
  const { year, month, day } = dateParts(clock);
  return `${two(month)}/${two(day)}/${year}`;
}

/** `01/12/2026 08:30:00` @param {Clock} clock @param {0 | 3} [decimals] */
export function monthFirst(clock, decimals = 0) {
  return `${monthFirstDate(clock)} ${isoDateTime(clock, decimals).slice(11)}`;
}

/** `1/12/2026` @param {Clock} clock */
export function shortMonthFirstDate(clock) {
  const { year, month, day } = dateParts(clock);
  return `${month}/${day}/${year}`;
}

/** `12.01.2026 08:30:00` @param {Clock} clock */
export function dayFirst(clock) {
  const { year, month, day } = dateParts(clock);
  return `${two(day)}.${two(month)}.${year} ${timeOfDay(clock)}`;
}

/** `08:30:00` @param {Clock} clock */
export function timeOfDay(clock) {
  return isoDateTime(clock).slice(11);
}

/** `8:30:00 PM` @param {Clock} clock */
export function twelveHour(clock) {
  const [hour, minute, second] = timeOfDay(clock).split(':');
  return `${Number(hour) % 12 || 12}:${minute}:${second} ${Number(hour) < 12 ? 'AM' : 'PM'}`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** @param {Clock} clock */
export function dateParts(clock) {
  const date = new Date(clock);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    monthName: MONTHS[date.getUTCMonth()],
    weekday: WEEKDAYS[date.getUTCDay()],
  };
}

/** @param {number} n */
export function two(n) {
  return String(n).padStart(2, '0');
}

/** Joins lines with the line end given, one after the last line too. @param {string[]} lines @param {string} lineEnd */
export function text(lines, lineEnd = '\n') {
  return lines.map((line) => line + lineEnd).join('');
}

/** The same numbers with a comma for the decimal point, in text that has no other point between digits. */
export function withDecimalComma(/** @type {string} */ plain) {
  return plain.replace(/(\d)\.(\d)/g, '$1,$2');
}
