/**
 * Elapsed times as text: `00:01:02`, `144:02:18`, `0d 00:00:5.05`, `1 days 03:46:40`, `1.03:46:40`, `:1:02:03:04`, and
 * dates that a spreadsheet shows for a duration: `1/1/1900 3:46:40`.
 *
 * Many writers change the shape within a column (.NET writes `23:59:59`, then `1.00:00:00`), so the syntax of a column
 * says what most values look like, and every shape is read.
 */

/** How an elapsed time is written: a number, or text of these shapes. */
export type DurationSyntax = 'number' | 'hms' | 'dhms' | 'ms' | 'excel' | 'dotted-days' | 'excel-date';

type TextSyntax = Exclude<DurationSyntax, 'number'>;

const seconds = '\\d{1,2}(?:[.,]\\d+)?';
/** The shapes; the groups are days, hours, minutes and seconds. */
const shapes: Record<Exclude<TextSyntax, 'excel-date'>, RegExp> = {
  hms: new RegExp(`^()(\\d+):(\\d{1,2}):(${seconds})$`),
  ms: new RegExp(`^()()(\\d+):(${seconds})$`),
  dhms: new RegExp(`^(\\d+) *d(?:ays?)?,? +(\\d+):(\\d{1,2}):(${seconds})$`, 'i'),
  'dotted-days': new RegExp(`^(\\d+)\\.(\\d{1,2}):(\\d{1,2}):(${seconds})$`),
  excel: new RegExp(`^:?(\\d+):(\\d{1,2}):(\\d{1,2}):(${seconds})$`),
};

/** Dates around the spreadsheets' day 0; the groups are year, month and day or the parts as they stand, then the time. */
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
  // Dots are day first; slashes month first, unless there is no such month.
  const isDayFirst = slash?.[2] === '.' || first > 12;
  const [month, day] = isDayFirst ? [second, first] : [first, second];
  const days =
    iso === null
      ? spreadsheetDays(Number(slash![4]), month, day)
      : spreadsheetDays(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const time = timeSeconds((iso?.[4] ?? slash?.[5])?.trim());
  return days === undefined || time === undefined ? undefined : days * 86_400 + time;
}

/** The syntax of one value, or undefined where it is no elapsed time. */
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
  for (const shape of Object.values(shapes)) {
    const match = shape.exec(text);
    if (match === null) continue;
    const [days, hours, minutes, rest] = match.slice(1).map((part) => Number(part.replace(',', '.')));
    return days! * 86_400 + hours! * 3600 + minutes! * 60 + rest!;
  }
  return dateSeconds(text);
}

/** SQL for the seconds of the text `expression`; NULL where it is no elapsed time as text. Exact, unlike INTERVAL. */
export function durationSecondsSql(expression: string, syntax: TextSyntax): string {
  const text = `trim(${expression})`;
  const part = (index: number, of: string) => `TRY_CAST(split_part(${of}, ':', ${index}) AS DOUBLE)`;
  const clock = (of: string) => `${part(1, of)} * 3600 + ${part(2, of)} * 60 + ${part(3, of)}`;
  const days = (pattern: string) => `TRY_CAST(regexp_extract(${text}, '${pattern}', 1) AS DOUBLE) * 86400`;
  const behindDays = `regexp_replace(${text}, '^\\d+ *[dD][^ ]* +', '')`;
  const excel = `ltrim(${text}, ':')`;
  const readings: Record<Exclude<TextSyntax, 'excel-date'>, string> = {
    hms: clock(text),
    ms: `${part(1, text)} * 60 + ${part(2, text)}`,
    dhms: `${days('^(\\d+)')} + ${clock(behindDays)}`,
    'dotted-days': `${days('^(\\d+)')} + ${clock(`regexp_replace(${text}, '^\\d+\\.', '')`)}`,
    excel: `${part(1, excel)} * 86400 + ${part(2, excel)} * 3600 + ${part(3, excel)} * 60 + ${part(4, excel)}`,
  };
  const when = (name: keyof typeof readings) =>
    `WHEN regexp_full_match(${text}, '${sqlPattern(shapes[name])}') THEN ${readings[name]}`;
  const others = (Object.keys(readings) as (keyof typeof readings)[]).filter((name) => name !== syntax);
  const first = syntax === 'excel-date' ? [] : [syntax];
  return `CASE ${[...first, ...others].map(when).join(' ')} ${dateSecondsSql(text)} END`;
}

/** A shape as DuckDB's regular expressions take it, decimal comma left out: text has been given points before. */
const sqlPattern = (shape: RegExp) =>
  `${shape.flags.includes('i') ? '(?i)' : ''}${shape.source.replace(/^\^|\$$/g, '').replaceAll('(?:[.,]', '(?:\\.')}`;

function dateSecondsSql(text: string): string {
  const [iso, slash] = [sqlPattern(isoDay), sqlPattern(slashDay).replace('\\2', '[/.-]')];
  const number = (pattern: string, group: number) =>
    `TRY_CAST(regexp_extract(${text}, '^${pattern}$', ${group}) AS INTEGER)`;
  const month = (m: string) => `list_extract([${daysBefore.join(', ')}], ${m})`;
  const daysOf = (y: string, m: string, d: string) =>
    `CASE ${y} WHEN 1899 THEN ${d} - 30 ELSE ${month(m)} + ${d} END`;
  const time = `regexp_extract(${text}, '(?:[T ]+)(\\d.*)$', 1)`;
  const parsed = [' %I:%M:%S %p', ' %H:%M:%S.%f', ' %H:%M:%S', ' %H:%M'].map((shape) => `'%Y-%m-%d${shape}'`);
  const seconds = `CASE WHEN ${time} = '' THEN 0 ELSE epoch_us(try_strptime('1970-01-01 ' || ${time}, [${parsed.join(', ')}])) / 1e6 END`;
  const [first, second] = [number(slash, 1), number(slash, 3)];
  const isDayFirst = `(contains(split_part(${text}, ' ', 1), '.') OR ${first} > 12)`;
  const isoDays = daysOf(number(iso, 1), number(iso, 2), number(iso, 3));
  const slashDays = daysOf(
    number(slash, 4),
    `CASE WHEN ${isDayFirst} THEN ${second} ELSE ${first} END`,
    `CASE WHEN ${isDayFirst} THEN ${first} ELSE ${second} END`,
  );
  return `WHEN regexp_full_match(${text}, '${iso}') THEN (${isoDays}) * 86400 + ${seconds}
    WHEN regexp_full_match(${text}, '${slash}') THEN (${slashDays}) * 86400 + ${seconds}`;
}
