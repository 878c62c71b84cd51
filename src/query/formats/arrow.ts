import type { DuckDBDataChunk } from '@duckdb/node-api';
import {
  AsyncByteQueue,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from 'apache-arrow';
import type { QueryResult } from '../run.js';
import { arrowColumn } from './arrow-data.js';
import { arrowField } from './arrow-types.js';

/** Rows per record batch: large enough to make headers negligible, small enough to need little memory. */
const rowsPerBatch = 65_536;

/** Keeps what a writer emits until it is taken, so that the writer does not run ahead of a slow reader. */
class Outlet extends AsyncByteQueue<Uint8Array> {
  private pieces: Uint8Array[] = [];

  override write(value: Uint8Array): void {
    if (value.byteLength > 0) this.pieces.push(value);
  }

  take(): Uint8Array[] {
    return this.pieces.splice(0);
  }
}

/** The chunks of a result in groups of about `rowsPerBatch` rows. */
async function* batches(chunks: QueryResult['chunks']): AsyncGenerator<DuckDBDataChunk[]> {
  let held: DuckDBDataChunk[] = [];
  let rows = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    rows += chunk.rowCount;
    if (rows < rowsPerBatch) continue;
    yield held;
    held = [];
    rows = 0;
  }
  if (rows > 0) yield held;
}

/**
 * Arrow IPC, built from columns. `stream` is read front to back (a pipe, `.arrows`), `file` has an index at its end
 * (`.arrow`, Feather 2). The schema carries `metadata`.
 */
export async function* arrow(
  result: QueryResult,
  kind: 'stream' | 'file' = 'stream',
  metadata: ReadonlyMap<string, string> = new Map(),
): AsyncGenerator<Uint8Array> {
  const fields = result.columns.map(({ name, type }) => arrowField(name, type));
  const schema = new Schema(fields, new Map(metadata));
  const writer = kind === 'file' ? new RecordBatchFileWriter() : new RecordBatchStreamWriter();
  const outlet = new Outlet();
  writer.reset(outlet, schema);
  for await (const batch of batches(result.chunks)) {
    const children = result.columns.map(({ type }, index) => {
      const vectors = batch.map((chunk) => chunk.getColumnVector(index));
      return arrowColumn(type, vectors);
    });
    const length = batch.reduce((rows, { rowCount }) => rows + rowCount, 0);
    const data = makeData({ type: new Struct(fields), length, nullCount: 0, children });
    writer.write(new RecordBatch(schema, data));
    yield* outlet.take();
  }
  writer.finish();
  yield* outlet.take();
}
