import { readFile } from 'node:fs/promises';
import { parseString } from 'fast-csv';
import type { z } from 'zod';
import { editDistance } from '../../edit-distance.js';
import { decodeText, detectEncoding } from '../bytes/text.js';
import { type Mistake, mistake } from './mistakes.js';
import { isComment, type RawRow } from './raw-row.js';
import { workbookRows } from './workbook-rows.js';

/**
 * Tables as spreadsheets write them: any delimiter, decimal commas, blank rows, quoted comments, additional columns.
 */

/** A row of a metadata table with the line it stands in. */
export interface TableRow<T> {
  line: number;
  value: T;
  /** Content of columns that Cellar does not know, by their names; null where there are none. */
  own: Record<string, string> | null;
}

/** A metadata table as far as it can be read, and everything that is wrong with it. */
export interface ReadTable<T> {
  rows: TableRow<T>[];
  mistakes: Mistake[];
}

const delimiters = [';', '\t', ','] as const;

/** The delimiter of a table: the most frequent one in its header, or the one that a line states (`sep=;`). */
function delimiterOf(header: string): string {
  const count = (delimiter: string) => header.split(delimiter).length;
  return [...delimiters].sort((a, b) => count(b) - count(a))[0]!;
}

/** Rows of a text file with separated values, without comments and blank rows. */
async function textRows(path: string): Promise<{ rows: RawRow[]; delimiter: string }> {
  const bytes = await readFile(path);
  const text = decodeText(bytes, detectEncoding(bytes)).replace(/^\uFEFF/, '');
  const lines = text.split(/\r\n|\n|\r/);
  const declared = /^"?sep=(.)"?\s*$/i.exec(lines[0] ?? '')?.[1];
  const start = declared === undefined ? 0 : 1;
  const header = lines
    .slice(start)
    .find((line) => line.replace(/[;,\t"\s]/g, '') !== '' && !/^\s*"?#/.test(line));
  const delimiter = declared ?? delimiterOf(header ?? '');
  const rows: RawRow[] = [];
  for (let at = start; at < lines.length; at++) {
    const line = at + 1;
    let content = lines[at]!;
    // A quoted field may contain line ends.
    while ((content.split('"').length - 1) % 2 === 1 && !/^\s*#/.test(content) && at + 1 < lines.length) {
      content += `\n${lines[++at]!}`;
    }
    if (/^\s*#/.test(content)) continue;
    const fields = await fieldsOf(content, delimiter);
    if (!isComment(fields[0]) && fields.some((field) => field.trim() !== '')) rows.push({ line, fields });
  }
  return { rows, delimiter };
}

function fieldsOf(content: string, delimiter: string): Promise<string[]> {
  return new Promise((resolve) => {
    let fields: string[] = [];
    parseString<string[], string[]>(content, { delimiter, headers: false, trim: true })
      // An odd quote: the line is cut as it is, and its cells are judged.
      .on('error', () => resolve(content.split(delimiter)))
      .on('data', (row: string[]) => {
        fields = row;
      })
      .on('end', () => resolve(fields));
  });
}

const unitEnding =
  /_(um|mm|cm|nm|m|mg|g|kg|ug|mah|ah|cm2|mm2|m2|cm3|mm3|ml|ohm|mohm|volt|v|mv|mpa|bar|kelvin|celsius|c|percent)$/;

/** What is wrong with a column that Cellar does not know; undefined where it is one of the laboratory's own. */
function doubtOf(name: string, known: readonly string[], present: ReadonlySet<string>): string | undefined {
  if (name === '') return undefined;
  const stem = name.replace(unitEnding, '');
  const sameQuantity = known.find(
    (column) => unitEnding.test(column) && column.replace(unitEnding, '') === stem && stem !== name,
  );
  if (sameQuantity !== undefined) {
    return `"${name}" is not a column; Cellar reads ${sameQuantity}: convert the values`;
  }
  const near = known.find(
    (column) => !present.has(column) && editDistance(name, column) <= (column.length > 9 ? 2 : 1),
  );
  return near === undefined ? undefined : `"${name}" is not a column; is it ${near}?`;
}

/** Whether numbers of a table have a decimal comma; decided by all of its cells, never by a single one. */
function hasDecimalCommas(rows: readonly RawRow[], columns: readonly number[], delimiter: string): boolean {
  const cells = rows.flatMap(({ fields }) => columns.map((at) => fields[at]?.trim() ?? ''));
  if (!cells.some((cell) => /^[+-]?\d*,\d+([eE][+-]?\d+)?$/.test(cell))) return false;
  // Where the comma is not a delimiter, 1,234 may be a thousand.
  return delimiter !== ',' || cells.some((cell) => /^[+-]?\d*,(\d{1,2}|\d{4,})$|^[+-]?0?,\d+$/.test(cell));
}

function pointed(value: string, isComma: boolean): { value: string; doubt?: string } {
  if (!isComma) return { value };
  if (/^[+-]?\d*,\d+([eE][+-]?\d+)?$/.test(value)) return { value: value.replace(',', '.') };
  if (/^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/.test(value)) {
    return {
      value,
      doubt: 'must say whether the point marks thousands or decimals: other cells have a decimal comma',
    };
  }
  return { value };
}

interface Header {
  line: number;
  /** Position of each known column. */
  places: Map<string, number>;
  own: { name: string; at: number }[];
}

function readHeader(path: string, row: RawRow, known: readonly string[], mistakes: Mistake[]): Header {
  const header: Header = { line: row.line, places: new Map(), own: [] };
  const present = new Set(row.fields.map((name) => name.trim().toLowerCase()));
  for (const [at, written] of row.fields.entries()) {
    const name = written.trim();
    const column = known.find((candidate) => candidate === name.toLowerCase());
    if (column !== undefined && header.places.has(column)) {
      mistakes.push(mistake(path, row.line, column, 'appears twice in the header', 'remove one of the two'));
    } else if (column !== undefined) header.places.set(column, at);
    else {
      const doubt = doubtOf(name.toLowerCase(), known, present);
      if (doubt === undefined) header.own.push({ name, at });
      else mistakes.push(mistake(path, row.line, null, doubt, 'correct the header and run again'));
    }
  }
  return header;
}

/** Columns of numbers: those whose schema refuses a word. */
function numericColumns(shape: z.ZodObject): string[] {
  return Object.entries(shape.shape)
    .filter(([, type]) => !(type as z.ZodType).safeParse('a word').success)
    .filter(([, type]) =>
      [0.5, 1, 2000].some((number) => (type as z.ZodType).safeParse(String(number)).success),
    )
    .map(([name]) => name);
}

/**
 * Reads a metadata table and checks every cell; an empty cell is null. All mistakes are reported at once; only correct
 * rows are returned.
 *
 * @param key column whose values must be unique, if any
 * @throws errors of the file system; ContainerRefusal where a workbook cannot be read
 */
export async function readTable<Shape extends z.ZodObject>(
  path: string,
  shape: Shape,
  key: string | undefined,
): Promise<ReadTable<z.output<Shape>>> {
  // In a workbook numbers are numbers; only a cell that was typed as text may have a decimal comma.
  const { rows, delimiter } = /\.xlsx$/i.test(path)
    ? { rows: await workbookRows(path, Object.keys(shape.shape)), delimiter: ';' }
    : await textRows(path);
  return checkTable(path, rows, delimiter, shape, key);
}

/** The same for rows that were read by other means. */
export function checkTable<Shape extends z.ZodObject>(
  path: string,
  [first, ...rows]: readonly RawRow[],
  delimiter: string,
  shape: Shape,
  key: string | undefined,
): ReadTable<z.output<Shape>> {
  const mistakes: Mistake[] = [];
  if (first === undefined) return { rows: [], mistakes };
  const known = Object.keys(shape.shape);
  const header = readHeader(path, first, known, mistakes);
  if (key !== undefined && !header.places.has(key)) {
    mistakes.push(
      mistake(path, first.line, key, 'is missing in the header', `columns are: ${known.join(', ')}`),
    );
    return { rows: [], mistakes };
  }
  const numeric = numericColumns(shape);
  const places = numeric.flatMap((name) => header.places.get(name) ?? []);
  const isComma = hasDecimalCommas(rows, places, delimiter);
  const seen = new Map<string, number>();
  const read: TableRow<z.output<Shape>>[] = [];
  for (const { line, fields } of rows) {
    const record: Record<string, string | null> = {};
    const count = mistakes.length;
    for (const name of known) {
      const text = (fields[header.places.get(name) ?? -1] ?? '').trim();
      const { value, doubt } = pointed(text, isComma && numeric.includes(name));
      record[name] = value === '' ? null : value;
      if (doubt !== undefined) mistakes.push(mistake(path, line, name, `${doubt} (found "${text}")`));
    }
    const checked = shape.safeParse(record);
    for (const issue of checked.success ? [] : checked.error.issues) {
      const column = String(issue.path[0] ?? '');
      mistakes.push(
        mistake(path, line, column, `${issue.message} (found ${JSON.stringify(record[column])})`),
      );
    }
    const id = key === undefined ? null : record[key];
    if (id != null) {
      const before = seen.get(id);
      if (before !== undefined) {
        mistakes.push(
          mistake(path, line, key!, `${id} is already in line ${before}`, 'give each row its own id'),
        );
      }
      seen.set(id, line);
    }
    if (mistakes.length > count || !checked.success) continue;
    read.push({ line, value: checked.data as z.output<Shape>, own: ownOf(header, fields) });
  }
  return { rows: read, mistakes };
}

function ownOf({ own }: Header, fields: readonly string[]): Record<string, string> | null {
  const entries = own
    .filter(({ name }) => name !== '')
    .map(({ name, at }) => [name, (fields[at] ?? '').trim()] as const)
    .filter(([, value]) => value !== '');
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
