/** How the lines of a table are cut into fields and its numbers written. */
export interface Dialect {
  delimiter: '\t' | ',' | ';' | 'whitespace';
  decimal: '.' | ',';
}

const numberWithComma = /^[+-]?\d+,\d+([eE][+-]?\d+)?$/;
const numberWithPoint = /^[+-]?\d*\.\d+([eE][+-]?\d+)?$/;

/** Cuts a line into its fields; quotes are honoured, and a doubled quote inside quotes is one. */
export function splitFields(line: string, delimiter: Dialect['delimiter']): string[] {
  if (delimiter === 'whitespace') return line.trim().split(/\s+/);
  if (!line.includes('"')) return line.split(delimiter);
  return splitQuoted(line, delimiter) ?? line.split(delimiter);
}

/** Fields of a line with quotes, or undefined where a quote is not closed. */
export function splitQuoted(line: string, delimiter: string): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] === '"') {
      let text = '';
      let from = at + 1;
      for (;;) {
        const close = line.indexOf('"', from);
        if (close === -1) return undefined;
        text += line.slice(from, close);
        if (line[close + 1] === '"') {
          text += '"';
          from = close + 2;
          continue;
        }
        at = close + 1;
        break;
      }
      if (at < line.length && line[at] !== delimiter) return undefined;
      fields.push(text);
      at++;
      if (at > line.length) break;
      continue;
    }
    const end = line.indexOf(delimiter, at);
    if (end === -1) {
      fields.push(line.slice(at));
      break;
    }
    fields.push(line.slice(at, end));
    at = end + 1;
  }
  return fields;
}

/** Unwraps a line that a spreadsheet put into one pair of quotes as a whole; other lines stay as they are. */
export function unwrapLine(line: string, delimiter: Dialect['delimiter']): string {
  if (delimiter === 'whitespace' || !line.startsWith('"') || !line.endsWith('"')) return line;
  const fields = splitQuoted(line, delimiter);
  const only = fields?.length === 1 ? fields[0] : undefined;
  return only?.includes(delimiter) === true ? only : line;
}

/** The delimiter that cuts most lines into the same number of at least two fields. */
export function detectDelimiter(lines: readonly string[]): Dialect['delimiter'] {
  const used = lines.filter((line) => line.trim() !== '');
  const candidates: Dialect['delimiter'][] = ['\t', ';', ',', 'whitespace'];
  let best: Dialect['delimiter'] = ',';
  let bestScore = 0;
  for (const delimiter of candidates) {
    const counts = new Map<number, number>();
    for (const line of used) {
      const count = splitFields(unwrapLine(line, delimiter), delimiter).length;
      if (count > 1) counts.set(count, (counts.get(count) ?? 0) + 1);
    }
    for (const [count, times] of counts) {
      // Blanks also separate words of prose, so they count only where no other delimiter does.
      const score = delimiter === 'whitespace' ? times * 0.5 : times * Math.min(count, 3);
      if (score > bestScore) [best, bestScore] = [delimiter, score];
    }
  }
  return best;
}

/**
 * The decimal mark of most values. Where commas separate the fields, a comma inside a field was in quotes, as written
 * by a spreadsheet with a decimal comma. Commas that group thousands occur together with values that have a point.
 */
export function detectDecimal(rows: readonly (readonly string[])[]): '.' | ',' {
  if (!rows.some((row) => row.some((field) => field.includes(',')))) return '.';
  let [commas, points] = [0, 0];
  for (const row of rows) {
    for (const field of row) {
      if (field.includes('.') && numberWithPoint.test(field.trim())) points++;
      else if (field.includes(',') && numberWithComma.test(field.trim())) commas++;
    }
  }
  if (commas <= points) return '.';
  return groupsThousands(rows) ? '.' : ',';
}

const grouped = /^[1-9]\d{0,2}(,\d{3})+$/;

/**
 * Whether the commas of whole numbers group thousands: no number of more than three digits goes without, and a column, as
 * the time is one, rises all the way with them and falls with decimals.
 */
function groupsThousands(rows: readonly (readonly string[])[]): boolean {
  const fields = rows.flat().filter((field) => numberWithComma.test(field.trim()));
  if (!fields.every((field) => grouped.test(field.trim()))) return false;
  if (rows.some((row) => row.some((field) => /^[+-]?\d{4,}([.,]|$)/.test(field.trim())))) return false;
  const width = usualFieldCount(rows);
  return Array.from({ length: width }, (_, at) => rows.map((row) => (row[at] ?? '').trim())).some(
    (column) => {
      if (!column.some((field) => grouped.test(field))) return false;
      const rises = (mark: string) => {
        const values = column.map((field) => Number(field.replaceAll(',', mark)));
        return values.every((value, i) => i === 0 || value >= values[i - 1]!);
      };
      return rises('') && !rises('.');
    },
  );
}

/** Field count of the data rows: the most frequent one, the larger on a tie. */
export function usualFieldCount(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let best = 0;
  let times = 0;
  for (const [count, seen] of counts) {
    if (seen > times || (seen === times && count > best)) [best, times] = [count, seen];
  }
  return best;
}
