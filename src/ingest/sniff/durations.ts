/**
 * Elapsed times as text: `00:01:02`, `144:02:18`, `0d 00:00:5.05`, `1 days 03:46:40`, `1.03:46:40`, `:1:02:03:04`,
 * `P1DT3H46M40S` (ISO 8601; years and months are not accepted, since their length varies), and dates that a
 * spreadsheet shows for a duration: `1/1/1900 3:46:40`.
 *
 * Many writers change the shape within a column (.NET writes `23:59:59`, then `1.00:00:00`), so the syntax of a column
 * is that of most values, and every shape is read.
 */

/** How an elapsed time is written: a number, or text of these shapes. */
export type DurationSyntax =
  | 'number'
  | 'hms'
  | 'dhms'
  | 'ms'
  | 'excel'
  | 'dotted-days'
  | 'iso'
  | 'excel-date';

type TextSyntax = Exclude<DurationSyntax, 'number'>;

const seconds = '\\d{1,2}(?:[.,]\\d+)?';
const anyNumber = '\\d+(?:[.,]\\d+)?';
/** The shapes; the groups are days, hours, minutes and seconds. */
const shapes: Record<Exclude<TextSyntax, 'excel-date'>, RegExp> = {
  hms: new RegExp(`^()(\\d+):(\\d{1,2}):(${seconds})$`),
  ms: new RegExp(`^()()(\\d+):(${seconds})$`),
  dhms: new RegExp(`^(\\d+) *d(?:ays?)?,? +(\\d+):(\\d{1,2}):(${seconds})$`, 'i'),
  'dotted-days': new RegExp(`^(\\d+)\\.(\\d{1,2}):(\\d{1,2}):(${seconds})$`),
  excel: new RegExp(`^:?(\\d+):(\\d{1,2}):(\\d{1,2}):(${seconds})$`),
  iso: new RegExp(
    `^P(?=.*\\d)(?:(${anyNumber})D)?(?:T(?:(${anyNumber})H)?(?:(${anyNumber})M)?(?:(${anyNumber})S)?)?$`,
    'i',
  ),
};

/** Dates around the spreadsheets' day 0; the groups are year, month and day or the parts as written, then the time. */
const isoDay = /^(1899|1900)[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?$/;
const slashDay = /^(\d{1,2})([/.-])(\d{1,2})\2(1899|1900)(?:,? +(.*))?$/;
const timeOfDay = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?(?: *([ap])\.?m\.?)?$/i;

/** Days before each month of 1900, a leap year to spreadsheets. */
const daysBefore = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];

/**
 * Days that a spreadsheet counts from its day 0 to a date it shows: 1900-01-01 is day 1, `1/0/1900` day 0; where the
 * calendar begins on 1899-12-30, that is day 0 and 1899-12-31 day 1.
 */
function spreadsheetDays(year: number, month: number, day: number): number | undefined {
  if (year === 1899) return month === 12 && (day === 30 || day === 31) ? day - 30 : undefined;
  const before = daysBefore[month - 1];
  return before === undefined || day > 31 ? undefined : before + day;
}

function timeSeconds(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return 0;
  const match = timeOfDay.exec(text);
  if (match === null) return undefined;
  const half = match[4]?.toLowerCase();
  const hour = half === undefined ? Number(match[1]) : (Number(match[1]) % 12) + (half === 'p' ? 12 : 0);
  return hour * 3600 + Number(match[2]) * 60 + Number((match[3] ?? '0').replace(',', '.'));
}

/** Seconds of a duration that a spreadsheet shows as a date near its day 0. */
function dateSeconds(text: string): number | undefined {
  const iso = isoDay.exec(text);
  const slash = iso === null ? slashDay.exec(text) : null;
  if (iso === null && slash === null) return undefined;
  const [first, second] = slash === null ? [0, 0] : [Number(slash[1]), Number(slash[3])];
  // With dots the day comes first; with slashes the month, unless there is no such month.
  const isDayFirst = slash?.[2] === '.' || first > 12;
  const [month, day] = isDayFirst ? [second, first] : [first, second];
  const days =
    iso === null
      ? spreadsheetDays(Number(slash![4]), month, day)
      : spreadsheetDays(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const time = timeSeconds((iso?.[4] ?? slash?.[5])?.trim());
  return days === undefined || time === undefined ? undefined : days * 86_400 + time;
}

/** The syntax of one value, or undefined where it is not an elapsed time. */
export function durationSyntax(value: string): DurationSyntax | undefined {
  const text = value.trim();
  if (/^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$/.test(text)) return 'number';
  for (const [syntax, shape] of Object.entries(shapes)) if (shape.test(text)) return syntax as TextSyntax;
  return dateSeconds(text) === undefined ? undefined : 'excel-date';
}

/** Seconds of an elapsed time, or undefined. `mm:ss` is minutes and seconds. */
export function durationSeconds(value: string): number | undefined {
  const text = value.trim();
  if (durationSyntax(text) === 'number') return Number(text.replace(',', '.'));
  return writtenSeconds(text);
}

/** Seconds of an elapsed time that is written as text of one of the shapes, or undefined. */
export function writtenSeconds(text: string): number | undefined {
  for (const shape of Object.values(shapes)) {
    const match = shape.exec(text);
    if (match === null) continue;
    const [days, hours, minutes, rest] = match
      .slice(1)
      .map((part) => Number((part || '0').replace(',', '.')));
    return days! * 86_400 + hours! * 3600 + minutes! * 60 + rest!;
  }
  return dateSeconds(text);
}
