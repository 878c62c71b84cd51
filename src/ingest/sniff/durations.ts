/** Elapsed times as text: `00:01:02`, `144:02:18`, `0d 00:00:5.05`, `00:00:01.250`, `:1:02:03:04`. */

const dayDuration = /^\s*(\d+)\s*d\s+(\d+):(\d+):(\d+(?:[.,]\d+)?)\s*$/i;
const clockDuration = /^\s*(?:(\d+):)?(\d+):(\d{1,2}(?:[.,]\d+)?)\s*$/;
const excelDuration = /^\s*:?(\d+):(\d+):(\d+):(\d+(?:[.,]\d+)?)\s*$/;

/** How an elapsed time is written: a number, or text of these shapes. */
export type DurationSyntax = 'number' | 'hms' | 'dhms' | 'ms' | 'excel';

/** The syntax of one value, or undefined where it is no elapsed time. */
export function durationSyntax(value: string): DurationSyntax | undefined {
  const text = value.trim();
  if (/^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$/.test(text)) return 'number';
  if (dayDuration.test(text)) return 'dhms';
  if (excelDuration.test(text)) return 'excel';
  const match = clockDuration.exec(text);
  if (match === null) return undefined;
  return match[1] === undefined ? 'ms' : 'hms';
}

/** Seconds of an elapsed time, or undefined. `mm:ss` is minutes and seconds. */
export function durationSeconds(value: string): number | undefined {
  const text = value.trim().replace(',', '.');
  const syntax = durationSyntax(text);
  if (syntax === 'number') return Number(text);
  const parts = text
    .replace(/d\s+/i, ':')
    .split(':')
    .filter((part) => part !== '')
    .map(Number);
  switch (syntax) {
    case 'ms':
      return parts[0]! * 60 + parts[1]!;
    case 'hms':
      return parts[0]! * 3600 + parts[1]! * 60 + parts[2]!;
    case 'dhms':
    case 'excel':
      return parts[0]! * 86_400 + parts[1]! * 3600 + parts[2]! * 60 + parts[3]!;
    default:
      return undefined;
  }
}

const patterns: Record<Exclude<DurationSyntax, 'number'>, string> = {
  hms: '\\s*\\d+:\\d{1,2}:\\d{1,2}(\\.\\d+)?\\s*',
  dhms: '\\s*\\d+ *d +\\d+:\\d+:\\d+(\\.\\d+)?\\s*',
  ms: '\\s*\\d+:\\d{1,2}(\\.\\d+)?\\s*',
  excel: '\\s*:?\\d+:\\d+:\\d+:\\d+(\\.\\d+)?\\s*',
};

/** SQL for the seconds of the text `expression`; NULL where it is not written in `syntax`. Exact, unlike INTERVAL. */
export function durationSecondsSql(expression: string, syntax: Exclude<DurationSyntax, 'number'>): string {
  const text = `trim(${expression})`;
  const part = (index: number, of = text) => `TRY_CAST(split_part(${of}, ':', ${index}) AS DOUBLE)`;
  const clock = `regexp_replace(${text}, '^\\d+ *d +', '')`;
  const days = `TRY_CAST(regexp_extract(${text}, '^(\\d+) *d', 1) AS DOUBLE)`;
  const excel = `ltrim(${text}, ':')`;
  const seconds: Record<typeof syntax, string> = {
    hms: `${part(1)} * 3600 + ${part(2)} * 60 + ${part(3)}`,
    dhms: `${days} * 86400 + ${part(1, clock)} * 3600 + ${part(2, clock)} * 60 + ${part(3, clock)}`,
    ms: `${part(1)} * 60 + ${part(2)}`,
    excel: `${part(1, excel)} * 86400 + ${part(2, excel)} * 3600 + ${part(3, excel)} * 60 + ${part(4, excel)}`,
  };
  return `CASE WHEN regexp_full_match(${expression}, '${patterns[syntax]}') THEN ${seconds[syntax]} END`;
}
