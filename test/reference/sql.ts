import type { UnitConversion } from '../../src/ingest/formats/units.js';
import type { ClockSyntax, DateOrder } from '../../src/ingest/sniff/clock.js';
import type { DurationSyntax } from '../../src/ingest/sniff/durations.js';
import { literal } from '../../src/store/connection.js';

/** Clocks, elapsed times and units as SQL: the same values by DuckDB's own functions. */

const unixEpochTicks = 621_355_968_000_000_000;
type TextSyntax = Exclude<DurationSyntax, 'number'>;

/**
 * SQL that turns `expression`, text or for a counted clock a number, into seconds since 1970, the wall clock read as if it were UTC, or in UTC where
 * an offset is written; NULL where it is no clock.
 */
export function clockSecondsSql(
  expression: string,
  syntax: ClockSyntax,
  order: DateOrder | undefined,
): string {
  const seconds = unboundedSecondsSql(expression, syntax, order);
  // Outside 1980 to 2200 it is a placeholder, as in `parseClock`.
  return `CASE WHEN ${seconds} BETWEEN 315532800 AND 7289654399 THEN ${seconds} END`;
}

function unboundedSecondsSql(expression: string, syntax: ClockSyntax, order: DateOrder | undefined): string {
  const number = `TRY_CAST(${expression} AS DOUBLE)`;
  switch (syntax.kind) {
    case 'iso':
      if (syntax.hasZone === true) return `epoch_us(TRY_CAST(${expression} AS TIMESTAMPTZ)) / 1e6`;
      return `epoch_us(coalesce(TRY_CAST(${expression} AS TIMESTAMP), try_strptime(trim(${expression}), ['%Y-%m-%d %I:%M:%S %p', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M:%S.%f']))) / 1e6`;
    case 'numeric': {
      if (order === undefined) return 'NULL::DOUBLE';
      const s = syntax.separator;
      const date = order === 'month-first' ? `%m${s}%d${s}` : `%d${s}%m${s}`;
      const times = [
        ' %H:%M:%S',
        ' %H:%M:%S.%f',
        ' %I:%M:%S %p',
        ' %H:%M',
        ' %I:%M %p',
        ', %H:%M',
        ', %H:%M:%S',
      ];
      const year = syntax.hasShortYear === true ? '%y' : '%Y';
      const formats = times.map((time) => literal(date + year + time));
      return `epoch_us(try_strptime(trim(${expression}), [${formats.join(', ')}])) / 1e6`;
    }
    case 'named-month':
      return `epoch_us(try_strptime(trim(${expression}), ['%d-%b-%y %I:%M:%S %p', '%d-%b-%Y %I:%M:%S %p', '%d-%b-%y %H:%M:%S', '%d-%b-%Y %H:%M:%S', '%d %B %Y, %I:%M:%S %p', '%d %B %Y %H:%M:%S'])) / 1e6`;
    case 'unix':
      return `${number} / ${syntax.divide}`;
    case 'ticks':
      return `(TRY_CAST(${expression} AS HUGEINT) - ${unixEpochTicks}) / 1e7`;
    case 'excel-day':
      return `(${number} - 25569) * 86400`;
    case 'matlab-day':
      return `(${number} - 719529) * 86400`;
    case 'time-of-day':
      return 'NULL::DOUBLE';
  }
}

const seconds = '\\d{1,2}(?:[.,]\\d+)?';
/** The shapes; the groups are days, hours, minutes and seconds. */
const shapes: Record<Exclude<TextSyntax, 'excel-date'>, RegExp> = {
  hms: new RegExp(`^()(\\d+):(\\d{1,2}):(${seconds})$`),
  ms: new RegExp(`^()()(\\d+):(${seconds})$`),
  dhms: new RegExp(`^(\\d+) *d(?:ays?)?,? +(\\d+):(\\d{1,2}):(${seconds})$`, 'i'),
  'dotted-days': new RegExp(`^(\\d+)\\.(\\d{1,2}):(\\d{1,2}):(${seconds})$`),
  excel: new RegExp(`^:?(\\d+):(\\d{1,2}):(\\d{1,2}):(${seconds})$`),
  iso: /^P[\dDTHMS.,]+$/i,
};

/** Dates around the spreadsheets' day 0; the groups are year, month and day or the parts as they stand, then the time. */
const isoDay = /^(1899|1900)[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?$/;
const slashDay = /^(\d{1,2})([/.-])(\d{1,2})\2(1899|1900)(?:,? +(.*))?$/;
/** Days before each month of 1900, a leap year to spreadsheets. */
const daysBefore = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];

/** SQL for the seconds of the text `expression`; NULL where it is no elapsed time as text. Exact, unlike INTERVAL. */
export function durationSecondsSql(expression: string, syntax: TextSyntax): string {
  const text = `trim(${expression})`;
  const part = (index: number, of: string) => `TRY_CAST(split_part(${of}, ':', ${index}) AS DOUBLE)`;
  const clock = (of: string) => `${part(1, of)} * 3600 + ${part(2, of)} * 60 + ${part(3, of)}`;
  const days = (pattern: string) => `TRY_CAST(regexp_extract(${text}, '${pattern}', 1) AS DOUBLE) * 86400`;
  const behindDays = `regexp_replace(${text}, '^\\d+ *[dD][^ ]* +', '')`;
  const excel = `ltrim(${text}, ':')`;
  const isoPart = (letter: string) =>
    `coalesce(TRY_CAST(nullif(regexp_extract(${text}, '(?i)([0-9.]+)${letter}', 1), '') AS DOUBLE), 0)`;
  const readings: Record<Exclude<TextSyntax, 'excel-date'>, string> = {
    iso: `${isoPart('D')} * 86400 + ${isoPart('H')} * 3600 + ${isoPart('M')} * 60 + ${isoPart('S')}`,
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

/** SQL that converts `expression`, a DOUBLE, to the canonical unit. */
export function convertedSql(expression: string, conversion: UnitConversion): string {
  let sql = expression;
  if (conversion.multiply !== undefined) sql = `(${sql}) * ${conversion.multiply}`;
  if (conversion.divide !== undefined) sql = `(${sql}) / ${conversion.divide}`;
  if (conversion.add !== undefined) sql = `(${sql}) + (${conversion.add})`;
  return sql;
}
