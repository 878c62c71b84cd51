import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import { isPlainNumber, rawVector } from '../store/raw-vector.js';

/** Formats one column of a chunk; NULL becomes `whenNull`. */
export function formatColumn(
  chunk: DuckDBDataChunk,
  index: number,
  format: (value: DuckDBValue) => string,
  whenNull: string,
): string[] {
  const vector = chunk.getColumnVector(index);
  const raw = isPlainNumber(vector.type.typeId) ? rawVector(vector) : undefined;
  const texts = new Array<string>(chunk.rowCount);
  if (raw === undefined) {
    for (let row = 0; row < texts.length; row++) {
      const value = vector.getItem(row);
      texts[row] = value === null ? whenNull : format(value);
    }
    return texts;
  }
  const { items, validity } = raw;
  for (let row = 0; row < texts.length; row++) {
    const isValid = validity === undefined || (validity[row >> 3]! & (1 << (row & 7))) !== 0;
    texts[row] = isValid ? format(items[row]!) : whenNull;
  }
  return texts;
}
