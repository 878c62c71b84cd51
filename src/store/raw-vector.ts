import type { DuckDBVector } from '@duckdb/node-api';
import { DuckDBTypeId as Id } from './duckdb.js';

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

/** Types whose raw items are already numbers. */
export const plainNumbers = new Set([
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

interface VectorMemory {
  items?: unknown;
  validity?: { data?: BigUint64Array | null; offset?: number };
}

/**
 * The memory of a vector, where its values have a fixed width; undefined otherwise.
 *
 * This reads private fields of a class of `@duckdb/node-api` (pinned exactly), because fetching values one by one
 * boxes every number and tests NULLs with BigInt arithmetic, which is several times slower. If these fields look
 * different, the caller takes the slow way.
 */
export function rawVector(vector: DuckDBVector): RawVector | undefined {
  if (!fixedWidth.has(vector.type.typeId)) return undefined;
  const { items, validity } = vector as unknown as VectorMemory;
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

/** The values of a column of plain numbers without NULL; undefined where they have to be fetched one by one. */
export function plainItems(vector: DuckDBVector): Items | undefined {
  const raw = plainNumbers.has(vector.type.typeId) ? rawVector(vector) : undefined;
  return raw?.items;
}

/** Whether the raw items of a type are already numbers. */
export const isPlainNumber = (type: Id): boolean => plainNumbers.has(type);
