import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import { DuckDBTypeId as Id } from '../../store/duckdb.js';
import type { QueryResult, ResultColumn } from '../run.js';
import { isNumeric, textFormatter } from '../values.js';
import { formatColumn } from '../vector.js';

export interface CsvOptions {
  /** Numbers with a decimal comma and fields between semicolons, as spreadsheets of many countries expect. */
  decimalComma?: boolean;
  /** Field separator; the default is `,`, or `;` with a decimal comma. */
  separator?: string;
  /** Begins with the mark by which Excel recognises UTF-8. */
  mark?: boolean;
}

/**
 * What spreadsheets run as a formula when they open a CSV: text that begins with one of these characters and is not a
 * number. Names of files, cells and columns may come from outside; an apostrophe keeps them text. Other formats store
 * them unchanged.
 */
export const formulaStart = '^[=@+\\-\\t\\r]';
export const harmlessStart = '^[+-]?([0-9.,]+([eE][+-]?[0-9]+)?)?$';
const [starts, harmless] = [new RegExp(formulaStart), new RegExp(harmlessStart)];
/** Text of a CSV field that no spreadsheet interprets as a formula. */
export const withoutFormula = (text: string): string =>
  starts.test(text) && !harmless.test(text) ? `'${text}` : text;

type FieldWriter = (value: DuckDBValue) => string;

/** A field is quoted where RFC 4180 asks for it, where a reader would trim it, and where it is empty but not NULL. */
function quotable(separator: string): RegExp {
  return new RegExp(`["\\r\\n${separator}]|^\\s|\\s$|^$`);
}

function quoteWhere(special: RegExp, text: string): string {
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function fieldWriter({ type }: ResultColumn, separator: string, decimalComma: boolean): FieldWriter {
  const format = textFormatter(type);
  if (isNumeric(type)) return decimalComma ? (value) => format(value).replace('.', ',') : format;
  const special = quotable(separator);
  if (type.typeId !== Id.VARCHAR && type.typeId !== Id.ENUM)
    return (value) => quoteWhere(special, format(value));
  return (value) => quoteWhere(special, withoutFormula(format(value)));
}

function chunkText(chunk: DuckDBDataChunk, writers: readonly FieldWriter[], separator: string): string {
  const columns = writers.map((write, index) => formatColumn(chunk, index, write, ''));
  let text = '';
  for (let row = 0; row < chunk.rowCount; row++) {
    for (let column = 0; column < columns.length; column++) {
      text += column === 0 ? columns[column]![row] : separator + columns[column]![row];
    }
    text += '\n';
  }
  return text;
}

/**
 * CSV with a header line, one piece of text per chunk. NULL is an empty field and the empty text is `""`, so that
 * readers can distinguish them.
 */
export async function* csv(result: QueryResult, options: CsvOptions = {}): AsyncGenerator<string> {
  const decimalComma = options.decimalComma === true;
  const separator = options.separator ?? (decimalComma ? ';' : ',');
  const special = quotable(separator);
  const header = result.columns.map(({ name }) => quoteWhere(special, withoutFormula(name)));
  yield `${options.mark === true ? '\uFEFF' : ''}${header.join(separator)}\n`;
  const writers = result.columns.map((column) => fieldWriter(column, separator, decimalComma));
  for await (const chunk of result.chunks) yield chunkText(chunk, writers, separator);
}
