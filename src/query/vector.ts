import type { DuckDBDataChunk, DuckDBValue, DuckDBVector } from '@duckdb/node-api';
import { DuckDBTypeId as Id } from '../store/duckdb.js';

type Items =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** The memory of a vector of fixed-width values. Bit i of `validity` (lowest first) is 1 where row i has a value. */
export interface RawVector {
  items: Items;
  /** Absent where every row has a value. */
  validity: Uint8Array | undefined;
}

/** Types whose raw items are what a formatter takes. */
const plainNumbers = new Set([
  Id.TINYINT,
  Id.SMALLINT,
  Id.INTEGER,
  Id.BIGINT,
  Id.UTINYINT,
  Id.USMALLINT,
  Id.UINTEGER,
  Id.UBIGINT,
  Id.FLOAT,
  Id.DOUBLE,
]);

/** Types whose `items` are the values themselves or the ticks of a time: DuckDB's layout is Arrow's layout. */
const fixedWidth = new Set([
  ...plainNumbers,
  Id.DATE,
  Id.TIME,
  Id.TIMESTAMP,
  Id.TIMESTAMP_S,
  Id.TIMESTAMP_MS,
  Id.TIMESTAMP_NS,
  Id.TIMESTAMP_TZ,
]);

interface Inside {
  items?: unknown;
  validity?: { data?: BigUint64Array | null; offset?: number };
}

/**
 * The memory of a vector, where its values have a fixed width; undefined otherwise.
 *
 * This looks inside a class of `@duckdb/node-api` (pinned exactly): fetching values one by one boxes every number and
 * tests NULLs with BigInt arithmetic, several times slower. Where the inside looks different, the caller takes the slow way.
 */
export function rawVector(vector: DuckDBVector): RawVector | undefined {
  if (!fixedWidth.has(vector.type.typeId)) return undefined;
  const { items, validity } = vector as unknown as Inside;
  if (!ArrayBuffer.isView(items) || (items as Items).length !== vector.itemCount) return undefined;
  if (validity?.offset !== 0) return undefined;
  const { data } = validity;
  if (data === null) return { items: items as Items, validity: undefined };
  if (!(data instanceof BigUint64Array)) return undefined;
  return {
    items: items as Items,
    validity: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

/** Formats one column of a chunk; NULL becomes `whenNull`. */
export function formatColumn(
  chunk: DuckDBDataChunk,
  index: number,
  format: (value: DuckDBValue) => string,
  whenNull: string,
): string[] {
  const vector = chunk.getColumnVector(index);
  const raw = plainNumbers.has(vector.type.typeId) ? rawVector(vector) : undefined;
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
