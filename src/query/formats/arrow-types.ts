import type { DuckDBType } from '@duckdb/node-api';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  Map_,
  Null,
  Struct,
  TimeMicrosecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';
import { DuckDBTypeId as Id } from '../../store/duckdb.js';

const simple: Partial<Record<Id, () => DataType>> = {
  [Id.SQLNULL]: () => new Null(),
  [Id.BOOLEAN]: () => new Bool(),
  [Id.TINYINT]: () => new Int8(),
  [Id.SMALLINT]: () => new Int16(),
  [Id.INTEGER]: () => new Int32(),
  [Id.BIGINT]: () => new Int64(),
  [Id.UTINYINT]: () => new Uint8(),
  [Id.USMALLINT]: () => new Uint16(),
  [Id.UINTEGER]: () => new Uint32(),
  [Id.UBIGINT]: () => new Uint64(),
  // Sums of integers are HUGEINT; like DuckDB's own Arrow export, a decimal keeps all their digits.
  [Id.HUGEINT]: () => new Decimal(0, 38),
  [Id.FLOAT]: () => new Float32(),
  [Id.DOUBLE]: () => new Float64(),
  [Id.BLOB]: () => new Binary(),
  [Id.DATE]: () => new DateDay(),
  [Id.TIME]: () => new TimeMicrosecond(),
  [Id.TIMESTAMP_S]: () => new TimestampSecond(),
  [Id.TIMESTAMP_MS]: () => new TimestampMillisecond(),
  [Id.TIMESTAMP]: () => new TimestampMicrosecond(),
  [Id.TIMESTAMP_NS]: () => new TimestampNanosecond(),
  [Id.TIMESTAMP_TZ]: () => new TimestampMicrosecond('UTC'),
};

/** The Arrow type that holds a DuckDB type without loss; a type that Arrow does not have becomes text as in CSV. */
export function arrowType(type: DuckDBType): DataType {
  switch (type.typeId) {
    case Id.DECIMAL:
      return new Decimal(type.scale, type.width);
    case Id.LIST:
      return new List(arrowField('item', type.valueType));
    case Id.ARRAY:
      return new FixedSizeList(type.length, arrowField('item', type.valueType));
    case Id.STRUCT:
      return new Struct(type.entryNames.map((name, index) => arrowField(name, type.entryTypes[index]!)));
    case Id.MAP: {
      const entry = new Struct<{ key: DataType; value: DataType }>([
        new Field('key', arrowType(type.keyType), false),
        arrowField('value', type.valueType),
      ]);
      return new Map_(new Field('entries', entry, false));
    }
    default:
      return simple[type.typeId]?.() ?? new Utf8();
  }
}

export function arrowField(name: string, type: DuckDBType): Field {
  return new Field(name, arrowType(type), true);
}
