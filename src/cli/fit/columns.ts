import { readFile } from 'node:fs/promises';
import { usageError } from '../../errors.js';

/** Columns of a plain file by name, as written; a missing field is empty. */
export interface PlainColumns {
  path: string;
  names: string[];
  rows: Record<string, string>[];
  /** Physical line of each row, from 1. */
  lines: number[];
  /** Whether a comma is the decimal mark. */
  decimalComma: boolean;
}

const delimiters = ['\t', ';', ','] as const;

/** A table of named columns: delimiter tab, semicolon or comma, lines that begin with # are comments. */
export async function readColumns(path: string): Promise<PlainColumns> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw usageError(`${path} cannot be read: ${error.message}`, 'name a file of plain columns');
  });
  const { decodeText, detectEncoding } = await import('../../ingest/bytes/text.js');
  const text = decodeText(bytes, detectEncoding(bytes)).replace(/^\uFEFF/, '');
  const used = text
    .split(/\r\n|\n|\r/)
    .map((content, index) => ({ content, line: index + 1 }))
    .filter(({ content }) => content.trim() !== '' && !content.startsWith('#'));
  const [head, ...body] = used;
  if (head === undefined) throw usageError(`${path} is empty`, 'name a file of plain columns');
  const delimiter = delimiters.find((candidate) => head.content.includes(candidate)) ?? ',';
  const { splitLine } = await import('./split-line.js');
  const names = (await splitLine(head.content, delimiter)).map((name) => name.trim());
  const fields = await Promise.all(body.map(({ content }) => splitLine(content, delimiter)));
  return {
    path,
    names,
    rows: fields.map((row) => Object.fromEntries(names.map((name, i) => [name, (row[i] ?? '').trim()]))),
    lines: body.map(({ line }) => line),
    decimalComma: delimiter !== ',',
  };
}

/** Text that stands for a missing value. */
const absent = /^(na|n\/a|nan|null|none|-)?$/i;
const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * A column of numbers; a missing value is null.
 *
 * @throws CellarError (usage) that names the column, or the line of a field that is not a number
 */
export function numberColumn(table: PlainColumns, name: string): (number | null)[] {
  requireColumns(table, [name]);
  return table.rows.map((row, i) => {
    const written = row[name] ?? '';
    if (absent.test(written)) return null;
    const text = table.decimalComma ? written.replace(',', '.') : written;
    if (number.test(text)) return Number(text);
    throw usageError(
      `${table.path}, line ${table.lines[i]}, column ${name}: ${JSON.stringify(written)} is not a number`,
      'correct the file and run again',
    );
  });
}

/** A column of text; empty fields are null. Undefined where there is no such column. */
export function textColumn(table: PlainColumns, name: string): (string | null)[] | undefined {
  if (!table.names.includes(name)) return undefined;
  return table.rows.map((row) => (row[name] === '' ? null : (row[name] ?? null)));
}

/** A column of numbers where there is one. */
export function optionalNumbers(table: PlainColumns, name: string): (number | null)[] | undefined {
  return table.names.includes(name) ? numberColumn(table, name) : undefined;
}

/** @throws CellarError (usage) that names what is missing and what is there */
export function requireColumns(table: PlainColumns, wanted: readonly string[]): void {
  const missing = wanted.filter((name) => !table.names.includes(name));
  if (missing.length === 0) return;
  throw usageError(
    `${table.path} has no column ${missing.join(', ')}; its columns are: ${table.names.join(', ')}`,
    `name the columns so in the first line: ${wanted.join(', ')}`,
  );
}
