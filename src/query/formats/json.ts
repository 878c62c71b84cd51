import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { QueryResult } from '../run.js';
import { jsonFormatter } from '../values.js';
import { formatColumn } from '../vector.js';

/** Turns a chunk into one JSON object per row, keys in the order of the columns. */
function rowWriter({ columns }: QueryResult): (chunk: DuckDBDataChunk) => string[] {
  const formats = columns.map(({ type }) => jsonFormatter(type));
  const keys = columns.map(({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  return (chunk) => {
    const fields = formats.map((format, index) => formatColumn(chunk, index, format, 'null'));
    return Array.from({ length: chunk.rowCount }, (_, row) => {
      let text = '';
      for (let column = 0; column < fields.length; column++) text += keys[column]! + fields[column]![row];
      return `${text}}`;
    });
  };
}

/** A JSON array of objects, one line per row. */
export async function* json(result: QueryResult): AsyncGenerator<string> {
  const rows = rowWriter(result);
  let before = '[\n';
  for await (const chunk of result.chunks) {
    yield before + rows(chunk).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** One JSON object per line. */
export async function* ndjson(result: QueryResult): AsyncGenerator<string> {
  const rows = rowWriter(result);
  for await (const chunk of result.chunks) yield `${rows(chunk).join('\n')}\n`;
}
