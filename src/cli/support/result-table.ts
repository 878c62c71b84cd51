import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { QueryResult } from '../../query/run.js';
import { displayFormatter, isNumeric } from '../../query/values.js';
import { formatColumn } from '../../query/vector.js';
import type { Style } from './style.js';
import { layoutTable, type TableLayout, tableHead, tableRow } from './table.js';

export interface ResultTableOptions {
  width: number;
  style: Style;
  /** Stop after this many rows. */
  maximumRows: number;
}

/** Number of rows that decide the widths of columns; wider values in later rows overflow. */
const sampleRows = 1_000;

function rowReader({ columns }: QueryResult): (chunk: DuckDBDataChunk) => string[][] {
  const formats = columns.map(({ type }) => displayFormatter(type));
  return (chunk) => {
    const texts = formats.map((format, index) => formatColumn(chunk, index, format, 'NULL'));
    return Array.from({ length: chunk.rowCount }, (_, row) => texts.map((column) => column[row]!));
  };
}

/** What became of the rows: how many were printed, and whether more were left. */
export interface PrintedRows {
  rows: number;
  isComplete: boolean;
}

/** A result as an aligned table, in pieces; returns how much of it was printed. */
export async function* resultTable(
  result: QueryResult,
  { width, style, maximumRows }: ResultTableOptions,
): AsyncGenerator<string, PrintedRows> {
  const columns = result.columns.map(({ name, type }) => ({
    name,
    align: isNumeric(type) ? ('right' as const) : ('left' as const),
  }));
  const read = rowReader(result);
  let layout: TableLayout | undefined;
  let waiting: string[][] = [];
  let printed = 0;
  let isComplete = true;

  const flush = () => {
    const head = layout === undefined;
    layout ??= layoutTable(columns, waiting, width, style);
    const lines = head ? tableHead(layout) : [];
    for (const row of waiting) {
      printed += 1;
      lines.push(...tableRow(layout, row, printed));
    }
    waiting = [];
    return lines.map((line) => `${line}\n`).join('');
  };

  for await (const chunk of result.chunks) {
    const room = maximumRows - printed - waiting.length;
    const rows = read(chunk);
    if (rows.length > room) isComplete = false;
    waiting.push(...rows.slice(0, room));
    if (!isComplete) break;
    if (layout !== undefined || waiting.length >= sampleRows) yield flush();
  }
  if (waiting.length > 0 || layout === undefined) yield flush();
  return { rows: printed, isComplete };
}
