import type {
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampValue,
  DuckDBType,
  DuckDBValue,
} from '@duckdb/node-api';
import { usageError } from '../../errors.js';
import { DuckDBTypeId as Id } from '../../store/duckdb.js';
import type { QueryResult } from '../run.js';
import { isNumeric, textFormatter } from '../values.js';
import { formatColumn } from '../vector.js';
import { emptyCell, limits, momentCell, numberCell, textCell, WorkbookWriter } from './workbook.js';

/**
 * Results as Excel workbooks: a sheet with a header that stays in sight, row by row, so that memory does not grow with
 * the result. Times with a zone are text. Rows beyond the limit of a sheet continue in the next one.
 */

const dayMilliseconds = 86_400_000;

/** Milliseconds since 1970 of a value of a date or time without zone. */
const instants: Partial<Record<Id, (value: DuckDBValue) => number>> = {
  [Id.DATE]: (value) => (value as DuckDBDateValue).days * dayMilliseconds,
  [Id.TIMESTAMP_S]: (value) => Number((value as DuckDBTimestampSecondsValue).seconds) * 1000,
  [Id.TIMESTAMP_MS]: (value) => Number((value as DuckDBTimestampMillisecondsValue).millis),
  [Id.TIMESTAMP]: (value) => Number((value as DuckDBTimestampValue).micros) / 1000,
  [Id.TIMESTAMP_NS]: (value) => Number((value as DuckDBTimestampNanosecondsValue).nanos) / 1e6,
};

function cellWriter(type: DuckDBType): (value: DuckDBValue) => string {
  const format = textFormatter(type);
  if (isNumeric(type)) return (value) => numberCell(format(value));
  if (type.typeId === Id.BOOLEAN) return (value) => `<c t="b"><v>${value === true ? 1 : 0}</v></c>`;
  const instant = instants[type.typeId as Id];
  if (instant === undefined) return (value) => textCell(format(value));
  const kind = type.typeId === Id.DATE ? 'date' : 'time';
  return (value) => momentCell(instant(value), kind) ?? textCell(format(value));
}

/** The cells of each row of a chunk. */
function chunkRows(chunk: DuckDBDataChunk, writers: readonly ((value: DuckDBValue) => string)[]): string[] {
  const columns = writers.map((write, index) => formatColumn(chunk, index, write, emptyCell));
  return Array.from({ length: chunk.rowCount }, (_, row) => {
    let text = '';
    for (const column of columns) text += column[row];
    return text;
  });
}

/**
 * A result as an Excel workbook, in pieces.
 *
 * @param rowsOfSheet rows of a sheet with its header, for tests
 * @throws CellarError (usage) where it has more columns or longer texts than a workbook takes
 */
export async function* xlsx(result: QueryResult, rowsOfSheet = limits.rows): AsyncGenerator<Uint8Array> {
  if (result.columns.length > limits.columns) {
    throw usageError(`a sheet has at most ${limits.columns} columns`, 'Save the result as CSV or Parquet.');
  }
  const workbook = new WorkbookWriter();
  const writers = result.columns.map(({ type }) => cellWriter(type));
  let sheets = 0;
  let rows = 0;
  const nextSheet = () => {
    workbook.beginSheet(
      ++sheets === 1 ? 'result' : `result${sheets}`,
      result.columns.map(({ name }) => ({ name })),
    );
    rows = 1;
  };
  nextSheet();
  for await (const chunk of result.chunks) {
    const written = chunkRows(chunk, writers);
    for (let at = 0; at < written.length; ) {
      if (rows >= rowsOfSheet) nextSheet();
      const fits = written.slice(at, at + rowsOfSheet - rows);
      workbook.rows(fits);
      at += fits.length;
      rows += fits.length;
    }
    yield* workbook.take();
  }
  workbook.end();
  yield* workbook.take();
}
