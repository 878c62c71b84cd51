import { createWriteStream, existsSync, rmSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { arrow } from './formats/arrow.js';
import { copyToCsv, copyToParquet } from './formats/copy.js';
import { type CsvOptions, csv } from './formats/csv.js';
import { json, ndjson } from './formats/json.js';
import { xlsx } from './formats/xlsx.js';
import type { QueryParameters } from './parameters.js';
import { copyQuery, type QueryResult, runQuery } from './run.js';

/** Formats for a result; `table` is only for people. */
export const fileFormats = ['csv', 'json', 'ndjson', 'parquet', 'arrow', 'xlsx'] as const;
export type FileFormat = (typeof fileFormats)[number];

const extensions: Record<string, FileFormat> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
  '.feather': 'arrow',
  '.xlsx': 'xlsx',
};

/** The format for the name of a file. Usage error for a name without a known extension. */
export function formatOfFile(file: string): FileFormat {
  const format = extensions[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw usageError(
    `the name ${file} does not tell the format`,
    `End it in ${Object.keys(extensions).join(', ')}, or add --format.`,
  );
}

/** The file that is written while `file` is not complete; in the same folder, so that a rename puts it in place. */
export function partialPath(file: string): string {
  return `${resolve(file)}.${process.pid}.partial`;
}

export interface SaveRequest {
  sql: string;
  parameters: QueryParameters;
  file: string;
  format: FileFormat;
  csv?: CsvOptions;
}

/** Checks the target first, so that no long query runs in vain. */
export function checkTarget(file: string): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder))
    throw usageError(`there is no folder ${folder}`, 'Make it, or choose another for -o.');
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw usageError(`${file} is a folder`, 'Give -o the name of a file.');
  }
}

/** A result as the bytes or text of a format; Parquet is not among them, since only a file can hold it. */
export function encode(
  result: QueryResult,
  format: Exclude<FileFormat, 'parquet'>,
  options: CsvOptions = {},
  arrowKind: 'stream' | 'file' = 'stream',
): AsyncGenerator<string | Uint8Array> {
  switch (format) {
    case 'csv':
      return csv(result, options);
    case 'json':
      return json(result);
    case 'ndjson':
      return ndjson(result);
    case 'arrow':
      return arrow(result, arrowKind);
    case 'xlsx':
      return xlsx(result);
  }
}

async function writePartial(
  connection: DuckDBConnection,
  request: SaveRequest,
  partial: string,
): Promise<void> {
  const { sql, parameters, format, file } = request;
  const csvOptions = { ...(file.toLowerCase().endsWith('.tsv') ? { separator: '\t' } : {}), ...request.csv };
  if (format === 'parquet') {
    const isWritten = await copyQuery(connection, sql, parameters, (query, columns) =>
      copyToParquet(query, columns, partial),
    );
    if (!isWritten)
      throw usageError(
        'the plan that EXPLAIN prints is not a table, which Parquet needs',
        'Leave -o out, or save it as CSV.',
      );
    return;
  }
  if (format === 'csv' && csvOptions.mark !== true) {
    const isWritten = await copyQuery(connection, sql, parameters, (query, columns) =>
      copyToCsv(query, columns, partial, csvOptions),
    );
    if (isWritten) return;
  }
  const result = await runQuery(connection, sql, parameters);
  const kind = file.toLowerCase().endsWith('.arrows') ? 'stream' : 'file';
  await pipeline(Readable.from(encode(result, format, csvOptions, kind)), createWriteStream(partial));
}

/**
 * Writes a query's result to a file, which appears complete or not at all. The connection must allow writing to
 * `partialPath(request.file)`.
 */
export async function saveQuery(connection: DuckDBConnection, request: SaveRequest): Promise<void> {
  const partial = partialPath(request.file);
  try {
    await writePartial(connection, request, partial);
    await rename(partial, request.file);
  } finally {
    rmSync(partial, { force: true });
  }
}
