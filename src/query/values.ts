import type {
  DuckDBArrayValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBType,
  DuckDBUnionValue,
  DuckDBValue,
} from '@duckdb/node-api';
import { DuckDBTypeId as Id } from '../store/duckdb.js';

/**
 * How each DuckDB type is written in text formats. One formatter is made per column, then called per value, so that
 * types are looked at once. NULL never reaches a formatter.
 *
 * Plain text (CSV, table): numbers in full precision, `NaN`, `Infinity`, timestamps as ISO 8601, nested values as
 * JSON. JSON: the same, but integers beyond ±2^53 and decimals of more than 15 digits are strings, since JSON readers
 * would round them; NaN and infinities are null, since JSON has none.
 */
type Formatter = (value: DuckDBValue) => string;

/** The shortest decimal number that is this 32-bit float again; as a double it would have meaningless digits. */
function float32Text(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** The shortest decimal number that is this double again. */
function float64Text(value: number): string {
  return value === 0 && 1 / value < 0 ? '-0' : String(value);
}

const maximumDateMilliseconds = 8.64e15;
/** What DuckDB stores for `infinity`. */
const endOfTime = 2n ** 63n - 1n;

/** ISO 8601 with as many decimals as are needed; `per` is ticks per second. */
function isoTimestamp(value: DuckDBValue, ticks: bigint, per: bigint, zone = ''): string {
  if (ticks === endOfTime) return 'infinity';
  if (ticks === -endOfTime) return '-infinity';
  let seconds = ticks / per;
  let fraction = ticks % per;
  if (fraction < 0n) {
    seconds -= 1n;
    fraction += per;
  }
  const milliseconds = Number(seconds) * 1000;
  // For years hundreds of thousands away there is no agreed form in ISO 8601; DuckDB's own is used.
  if (Math.abs(milliseconds) > maximumDateMilliseconds) return String(value);
  const whole = new Date(milliseconds).toISOString().slice(0, -5);
  if (fraction === 0n) return whole + zone;
  const decimals = String(fraction)
    .padStart(String(per).length - 1, '0')
    .replace(/0+$/, '');
  return `${whole}.${decimals}${zone}`;
}

const timestamps: Partial<Record<Id, Formatter>> = {
  [Id.TIMESTAMP_S]: (value) => isoTimestamp(value, (value as DuckDBTimestampSecondsValue).seconds, 1n),
  [Id.TIMESTAMP_MS]: (value) =>
    isoTimestamp(value, (value as DuckDBTimestampMillisecondsValue).millis, 1_000n),
  [Id.TIMESTAMP]: (value) => isoTimestamp(value, (value as DuckDBTimestampValue).micros, 1_000_000n),
  [Id.TIMESTAMP_NS]: (value) =>
    isoTimestamp(value, (value as DuckDBTimestampNanosecondsValue).nanos, 1_000_000_000n),
  [Id.TIMESTAMP_TZ]: (value) =>
    isoTimestamp(value, (value as DuckDBTimestampTZValue).micros, 1_000_000n, 'Z'),
};

const integers = new Set([
  Id.TINYINT,
  Id.SMALLINT,
  Id.INTEGER,
  Id.BIGINT,
  Id.HUGEINT,
  Id.UTINYINT,
  Id.USMALLINT,
  Id.UINTEGER,
  Id.UBIGINT,
  Id.UHUGEINT,
  Id.BIGNUM,
]);

/** Whether values of the type are numbers: right-aligned in tables, with a decimal mark in CSV. */
export function isNumeric({ typeId }: DuckDBType): boolean {
  return integers.has(typeId) || typeId === Id.DOUBLE || typeId === Id.FLOAT || typeId === Id.DECIMAL;
}

const nested = new Set([Id.LIST, Id.ARRAY, Id.STRUCT, Id.MAP, Id.UNION]);

/** Formats the values of a column as plain text. */
export function textFormatter(type: DuckDBType): Formatter {
  if (type.typeId === Id.DOUBLE) return (value) => float64Text(value as number);
  if (type.typeId === Id.FLOAT) return (value) => float32Text(value as number);
  if (nested.has(type.typeId)) return jsonFormatter(type);
  return timestamps[type.typeId] ?? String;
}

const quoted =
  (format: Formatter): Formatter =>
  (value) =>
    JSON.stringify(format(value));

function jsonInteger(value: DuckDBValue): string {
  const text = String(value);
  return text.length <= 15 || Number.isSafeInteger(Number(text)) ? text : `"${text}"`;
}

/**
 * A number for a screen: its whole integer part, and decimals up to seven significant digits, at least three where the
 * number is large (a Unix time keeps its milliseconds).
 */
function shortText(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return float64Text(value);
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude < -4) return String(Number(value.toPrecision(7)));
  return String(Number(value.toFixed(Math.max(3, 6 - magnitude))));
}

/** Formats the values of a column for a table on a screen. */
export function displayFormatter(type: DuckDBType): Formatter {
  const isReal = type.typeId === Id.DOUBLE || type.typeId === Id.FLOAT;
  return isReal ? (value) => shortText(value as number) : textFormatter(type);
}

/** Formats values of a column as pieces of JSON. */
export function jsonFormatter(type: DuckDBType): Formatter {
  const { typeId } = type;
  if (integers.has(typeId)) return jsonInteger;
  switch (typeId) {
    case Id.SQLNULL:
      return () => 'null';
    case Id.BOOLEAN:
      return String;
    case Id.DOUBLE:
      return (value) => (Number.isFinite(value) ? float64Text(value as number) : 'null');
    case Id.FLOAT:
      return (value) => (Number.isFinite(value) ? float32Text(value as number) : 'null');
    case Id.DECIMAL:
      return (value) => {
        const text = String(value as DuckDBDecimalValue);
        return text.length <= 16 ? text : `"${text}"`;
      };
    case Id.VARCHAR:
      // A JSON column is already JSON; line ends in it can only be between values, and would break NDJSON.
      return type.alias === 'JSON' ? (value) => String(value).replace(/[\r\n]+/g, ' ') : JSON.stringify;
    default:
      return nested.has(typeId) ? jsonNested(type) : quoted(textFormatter(type));
  }
}

/** Formats a value that may be NULL. */
function orNull(format: Formatter): (value: DuckDBValue | undefined) => string {
  return (value) => (value === null || value === undefined ? 'null' : format(value));
}

function jsonNested(type: DuckDBType): Formatter {
  switch (type.typeId) {
    case Id.LIST:
    case Id.ARRAY: {
      const item = orNull(jsonFormatter(type.valueType));
      return (value) => `[${(value as DuckDBListValue | DuckDBArrayValue).items.map(item).join(',')}]`;
    }
    case Id.STRUCT: {
      const fields = type.entryNames.map((name, index) => {
        const format = orNull(jsonFormatter(type.entryTypes[index]!));
        return (entries: DuckDBStructValue['entries']) => `${JSON.stringify(name)}:${format(entries[name])}`;
      });
      return (value) => {
        const { entries } = value as DuckDBStructValue;
        return `{${fields.map((field) => field(entries)).join(',')}}`;
      };
    }
    case Id.MAP: {
      const key = textFormatter(type.keyType);
      const item = orNull(jsonFormatter(type.valueType));
      return (value) =>
        `{${(value as DuckDBMapValue).entries
          .map((entry) => `${JSON.stringify(key(entry.key))}:${item(entry.value)}`)
          .join(',')}}`;
    }
    case Id.UNION: {
      const members = new Map(type.memberTags.map((tag, index) => [tag, type.memberTypes[index]!]));
      return (value) => {
        const { tag, value: inner } = value as DuckDBUnionValue;
        const member = members.get(tag);
        return member === undefined ? 'null' : orNull(jsonFormatter(member))(inner);
      };
    }
    default:
      return quoted(String);
  }
}
