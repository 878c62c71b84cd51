import { readFile } from 'node:fs/promises';
import { parseString } from 'fast-csv';
import type { z } from 'zod';
import { usageError } from '../../errors.js';
import { decodeText, detectEncoding } from '../bytes/text.js';

/** A row of a metadata table with the line it stands in. */
export interface TableRow<T> {
  line: number;
  value: T;
}

interface RawRow {
  line: number;
  fields: string[];
}

/** Fields of every line of a CSV file; lines that begin with # are comments. */
async function rawRows(path: string): Promise<RawRow[]> {
  const bytes = await readFile(path);
  const text = decodeText(bytes, detectEncoding(bytes)).replace(/^\uFEFF/, '');
  const lines = text.split(/\r\n|\n|\r/);
  const numbered = lines.map((content, index) => ({ content, line: index + 1 }));
  const used = numbered.filter(({ content }) => content.trim() !== '' && !content.startsWith('#'));
  const delimiter = (used[0]?.content ?? '').includes(';') ? ';' : ',';
  return Promise.all(
    used.map(async ({ content, line }) => ({
      line,
      fields: await parseLine(content, delimiter, path, line),
    })),
  );
}

function parseLine(content: string, delimiter: string, path: string, line: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let fields: string[] = [];
    parseString<string[], string[]>(content, { delimiter, headers: false, trim: true })
      .on('error', (error) =>
        reject(usageError(`${path}, line ${line}: ${error.message}`, 'mend the line and run again')),
      )
      .on('data', (row: string[]) => {
        fields = row;
      })
      .on('end', () => resolve(fields));
  });
}

/**
 * Reads a metadata table and checks every cell; an empty cell is null.
 *
 * @param key column whose values must be unique, if any
 * @throws CellarError (usage) that names file, line and column
 */
export async function readTable<Shape extends z.ZodObject>(
  path: string,
  shape: Shape,
  key: string | undefined,
): Promise<TableRow<z.output<Shape>>[]> {
  const [header, ...rows] = await rawRows(path);
  if (header === undefined) return [];
  const known = Object.keys(shape.shape);
  for (const name of header.fields) {
    if (known.includes(name)) continue;
    throw usageError(
      `${path}, line ${header.line}: no column is named ${name === '' ? 'nothing (empty header)' : `"${name}"`}`,
      `columns are: ${known.join(', ')}`,
    );
  }
  const seen = new Map<string, number>();
  return rows.map(({ line, fields }) => {
    const record = Object.fromEntries(known.map((name) => [name, cell(header.fields, fields, name)]));
    const checked = shape.safeParse(record);
    if (!checked.success) {
      const issue = checked.error.issues[0];
      const column = String(issue?.path[0] ?? '');
      throw usageError(
        `${path}, line ${line}, column ${column}: ${issue?.message} (found ${JSON.stringify(record[column])})`,
        'mend the cell and run again',
      );
    }
    if (key !== undefined) {
      const id = String(record[key]);
      const before = seen.get(id);
      if (before !== undefined) {
        throw usageError(
          `${path}, line ${line}, column ${key}: ${id} is already in line ${before}`,
          'give each row an id of its own',
        );
      }
      seen.set(id, line);
    }
    return { line, value: checked.data as z.output<Shape> };
  });
}

function cell(header: readonly string[], fields: readonly string[], name: string): string | null {
  const index = header.indexOf(name);
  const value = index === -1 ? '' : (fields[index] ?? '').trim();
  return value === '' ? null : value;
}
