import type {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBType,
  DuckDBValue,
  DuckDBVector,
} from '@duckdb/node-api';
import { type Data, type Map_, makeData } from 'apache-arrow';
import { DuckDBTypeId as Id } from '../../store/duckdb.js';
import { type RawVector, rawVector } from '../../store/raw-vector.js';
import { textFormatter } from '../values.js';
import { arrowType } from './arrow-types.js';

/** Values of one column over some rows; NULL is null. */
type Values = readonly (DuckDBValue | null)[];

/** One bit per row, 1 where there is a value; rows without a value are counted. */
function validity(values: Values): { nullBitmap: Uint8Array; nullCount: number } {
  const nullBitmap = new Uint8Array((values.length + 7) >> 3);
  let nullCount = 0;
  for (let row = 0; row < values.length; row++) {
    if (values[row] === null) nullCount++;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  }
  return { nullBitmap, nullCount };
}

function packBits(values: Values): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, row) => {
    if (value === true) bits[row >> 3]! |= 1 << (row & 7);
  });
  return bits;
}

type NumberArray =
  | Int8ArrayConstructor
  | Int16ArrayConstructor
  | Int32ArrayConstructor
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Uint32ArrayConstructor
  | Float32ArrayConstructor
  | Float64ArrayConstructor;

const numberArrays: Partial<Record<Id, NumberArray>> = {
  [Id.TINYINT]: Int8Array,
  [Id.SMALLINT]: Int16Array,
  [Id.INTEGER]: Int32Array,
  [Id.UTINYINT]: Uint8Array,
  [Id.USMALLINT]: Uint16Array,
  [Id.UINTEGER]: Uint32Array,
  [Id.FLOAT]: Float32Array,
  [Id.DOUBLE]: Float64Array,
};

/** The 64-bit integer behind a value. */
const ticks: Partial<Record<Id, (value: DuckDBValue) => bigint>> = {
  [Id.BIGINT]: (value) => value as bigint,
  [Id.UBIGINT]: (value) => BigInt.asIntN(64, value as bigint),
  [Id.TIME]: (value) => (value as DuckDBTimeValue).micros,
  [Id.TIMESTAMP_S]: (value) => (value as DuckDBTimestampSecondsValue).seconds,
  [Id.TIMESTAMP_MS]: (value) => (value as DuckDBTimestampMillisecondsValue).millis,
  [Id.TIMESTAMP]: (value) => (value as DuckDBTimestampValue).micros,
  [Id.TIMESTAMP_TZ]: (value) => (value as DuckDBTimestampValue).micros,
  [Id.TIMESTAMP_NS]: (value) => (value as DuckDBTimestampNanosecondsValue).nanos,
};

/** Plain loops: `TypedArray.from` goes through an iterator and takes several times as long. */
function numbers(values: Values, NumbersOf: NumberArray): InstanceType<NumberArray> {
  const data = new NumbersOf(values.length);
  for (let row = 0; row < values.length; row++) data[row] = values[row] as number;
  return data;
}

/** 64-bit integers, signed or not: Arrow's readers look at the type. */
function integers64(values: Values, toTicks: (value: DuckDBValue) => bigint, signed: boolean) {
  const data = new BigInt64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value !== null) data[row] = toTicks(value);
  }
  return signed ? data : new BigUint64Array(data.buffer);
}

/** 128-bit integers in two's complement, as four 32-bit words, lowest first. */
function integers128(values: Values, toInteger: (value: DuckDBValue) => bigint): Uint32Array {
  const halves = new BigUint64Array(values.length * 2);
  values.forEach((value, row) => {
    if (value === null) return;
    const integer = BigInt.asUintN(128, toInteger(value));
    halves[row * 2] = BigInt.asUintN(64, integer);
    halves[row * 2 + 1] = integer >> 64n;
  });
  return new Uint32Array(halves.buffer);
}

/** Byte strings one after another, and the offset of each. */
function bytes(parts: readonly (Uint8Array | null)[]): { valueOffsets: Int32Array; data: Uint8Array } {
  const valueOffsets = new Int32Array(parts.length + 1);
  parts.forEach((part, row) => {
    valueOffsets[row + 1] = valueOffsets[row]! + (part?.length ?? 0);
  });
  const data = new Uint8Array(valueOffsets[parts.length]!);
  parts.forEach((part, row) => {
    if (part !== null) data.set(part, valueOffsets[row]!);
  });
  return { valueOffsets, data };
}

/** Lists one after another, and the offset of each. */
function flatten<Item>(lists: readonly (readonly Item[] | null)[]): {
  valueOffsets: Int32Array;
  items: Item[];
} {
  const valueOffsets = new Int32Array(lists.length + 1);
  const items: Item[] = [];
  lists.forEach((list, row) => {
    for (const item of list ?? []) items.push(item);
    valueOffsets[row + 1] = items.length;
  });
  return { valueOffsets, items };
}

/** One bit per row from the bits of each vector. */
function joinValidity(
  vectors: readonly RawVector[],
  length: number,
): { nullBitmap: Uint8Array; nullCount: number } {
  const nullBitmap = new Uint8Array((length + 7) >> 3);
  let row = 0;
  let valid = 0;
  for (const { items, validity } of vectors) {
    for (let index = 0; index < items.length; index++, row++) {
      if (validity !== undefined && (validity[index >> 3]! & (1 << (index & 7))) === 0) continue;
      nullBitmap[row >> 3]! |= 1 << (row & 7);
      valid++;
    }
  }
  return { nullBitmap, nullCount: length - valid };
}

/** The Arrow data of one column over several vectors: copied as memory where the width is fixed, else by value. */
export function arrowColumn(type: DuckDBType, vectors: readonly DuckDBVector[]): Data {
  const raw = vectors.map(rawVector).filter((vector) => vector !== undefined);
  if (raw.length !== vectors.length || raw.length === 0) {
    return arrowData(
      type,
      vectors.flatMap((vector) => vector.toArray()),
    );
  }
  const length = raw.reduce((sum, { items }) => sum + items.length, 0);
  const ItemsOf = raw[0]!.items.constructor as new (length: number) => Float64Array;
  const data = new ItemsOf(length);
  let at = 0;
  for (const { items } of raw) {
    data.set(items as Float64Array, at);
    at += items.length;
  }
  const nulls = raw.every(({ validity }) => validity === undefined)
    ? { nullCount: 0 }
    : joinValidity(raw, length);
  return makeData({ type: arrowType(type), length, data, ...nulls } as never);
}

/** The Arrow data of a column's values. */
function arrowData(type: DuckDBType, values: Values): Data {
  const common = { type: arrowType(type), length: values.length, ...validity(values) };
  return makeData({ ...common, ...content(type, values) } as never);
}

/** What Arrow stores in addition to type, length and validity; it depends on the type. */
function content(type: DuckDBType, values: Values): object {
  const { typeId } = type;
  const NumbersOf = numberArrays[typeId];
  if (NumbersOf !== undefined) return { data: numbers(values, NumbersOf) };
  const toTicks = ticks[typeId];
  if (toTicks !== undefined) return { data: integers64(values, toTicks, typeId !== Id.UBIGINT) };
  switch (typeId) {
    case Id.SQLNULL:
      return {};
    case Id.BOOLEAN:
      return { data: packBits(values) };
    case Id.DATE:
      return { data: Int32Array.from(values, (value) => (value as DuckDBDateValue | null)?.days ?? 0) };
    case Id.HUGEINT:
      return { data: integers128(values, (value) => value as bigint) };
    case Id.DECIMAL:
      return { data: integers128(values, (value) => (value as DuckDBDecimalValue).value) };
    case Id.BLOB:
      return bytes(values.map((value) => (value as DuckDBBlobValue | null)?.bytes ?? null));
    case Id.LIST: {
      const { valueOffsets, items } = flatten(
        values.map((value) => (value as DuckDBListValue | null)?.items ?? null),
      );
      return { valueOffsets, child: arrowData(type.valueType, items) };
    }
    case Id.ARRAY: {
      const empty = Array.from({ length: type.length }, () => null);
      const { items } = flatten(values.map((value) => (value as DuckDBListValue | null)?.items ?? empty));
      return { child: arrowData(type.valueType, items) };
    }
    case Id.STRUCT: {
      const field = (name: string) =>
        values.map((value) => (value as DuckDBStructValue | null)?.entries[name] ?? null);
      return {
        children: type.entryNames.map((name, index) => arrowData(type.entryTypes[index]!, field(name))),
      };
    }
    case Id.MAP:
      return mapContent(type, values);
    default:
      return textContent(type, values);
  }
}

function mapContent(type: DuckDBMapType, values: Values): object {
  const { valueOffsets, items } = flatten(
    values.map((value) => (value as DuckDBMapValue | null)?.entries ?? null),
  );
  const keys = items.map(({ key }) => key);
  const held = items.map(({ value }) => value);
  const entries = {
    type: (arrowType(type) as Map_).children[0]!.type,
    length: items.length,
    nullCount: 0,
    children: [arrowData(type.keyType, keys), arrowData(type.valueType, held)],
  };
  return { valueOffsets, child: makeData(entries) };
}

function textContent(type: DuckDBType, values: Values): object {
  const format = textFormatter(type);
  const texts = values.map((value) => (value === null ? '' : format(value)));
  const data = new TextEncoder().encode(texts.join(''));
  const valueOffsets = new Int32Array(texts.length + 1);
  // One encoding of the whole is much faster than one per value; plain ASCII has as many bytes as characters.
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  const lengthOf = data.length === characters ? (text: string) => text.length : Buffer.byteLength;
  texts.forEach((text, row) => {
    valueOffsets[row + 1] = valueOffsets[row]! + lengthOf(text);
  });
  return { valueOffsets, data };
}
