import type { DuckDBType } from '@duckdb/node-api';
import { identifier, literal } from '../../store/connection.js';
import { DuckDBTypeId as Id } from '../../store/duckdb.js';
import { plainNumbers } from '../../store/raw-vector.js';
import type { ResultColumn } from '../run.js';
import { firstWord } from '../sql-text.js';
import { isNumeric } from '../values.js';
import { type CsvOptions, formulaStart, harmlessStart, withoutFormula } from './csv.js';

/**
 * COPY statements: large results go from the engine to a file on all cores, several times faster than through
 * JavaScript. Only for `-o`, since standard output is not a file on every system.
 */

/** The query with its columns as `c0, c1, …` (names may repeat in a query), each through `expression`. */
function wrap(
  query: string,
  columns: readonly ResultColumn[],
  expression: (type: DuckDBType, name: string) => string,
) {
  const inner = columns.map((_, index) => `c${index}`);
  const outer = columns.map(
    ({ name, type }, index) => `${expression(type, `c${index}`)} AS ${identifier(name)}`,
  );
  // The line end closes a comment the query may end with.
  return `SELECT ${outer.join(', ')} FROM (${query}\n) AS query(${inner.join(', ')})`;
}

/** Statements that return rows but cannot be subqueries. */
const isBare = (query: string) => /^(EXPLAIN|PRAGMA)$/.test(firstWord(query));

/** Options of a COPY to Parquet, with `metadata` as its key-value metadata. */
export function parquetOptions(metadata: ReadonlyMap<string, string> = new Map()): string {
  const pairs = [...metadata].map(([key, value]) => `${identifier(key)}: ${literal(value)}`);
  const keyValues = pairs.length === 0 ? '' : `, KV_METADATA {${pairs.join(', ')}}`;
  return `FORMAT parquet, COMPRESSION zstd${keyValues}`;
}

/** COPY to Parquet; integers of 128 bits become decimals, since Parquet would make doubles of them. */
export function copyToParquet(
  query: string,
  columns: readonly ResultColumn[],
  file: string,
): string | undefined {
  if (isBare(query)) return undefined;
  const keep = ({ typeId }: DuckDBType, name: string) =>
    typeId === Id.HUGEINT ? `${name}::DECIMAL(38, 0)` : name;
  return `COPY (${wrap(query, columns, keep)}) TO ${literal(file)} (${parquetOptions()}, USE_TMP_FILE false)`;
}

/** Types whose CSV text DuckDB can write as `csv.ts` would. */
const simple = new Set([
  ...plainNumbers,
  Id.BOOLEAN,
  Id.HUGEINT,
  Id.DECIMAL,
  Id.VARCHAR,
  Id.DATE,
  Id.TIMESTAMP,
]);

function csvText(type: DuckDBType, name: string, decimalComma: boolean): string {
  const text = `${name}::VARCHAR`;
  if (type.typeId === Id.TIMESTAMP) return `replace(${text}, ' ', 'T')`;
  if (type.typeId === Id.VARCHAR) {
    return `CASE WHEN regexp_matches(${name}, ${literal(formulaStart)})
      AND NOT regexp_matches(${name}, ${literal(harmlessStart)}) THEN '''' || ${name} ELSE ${name} END`;
  }
  if (!isNumeric(type)) return name;
  const number = decimalComma ? `replace(${text}, '.', ',')` : text;
  if (type.typeId !== Id.DOUBLE && type.typeId !== Id.FLOAT) return number;
  return `CASE WHEN isfinite(${name}) THEN ${number} WHEN isnan(${name}) THEN 'NaN'
    WHEN ${name} > 0 THEN 'Infinity' WHEN ${name} < 0 THEN '-Infinity' END`;
}

/** COPY to CSV; undefined where a column needs the writer in `csv.ts`. */
export function copyToCsv(
  query: string,
  columns: readonly ResultColumn[],
  file: string,
  options: CsvOptions,
): string | undefined {
  if (isBare(query) || !columns.every(({ type }) => simple.has(type.typeId))) return undefined;
  const decimalComma = options.decimalComma === true;
  const separator = options.separator ?? (decimalComma ? ';' : ',');
  const named = columns.map(({ name, type }) => ({ name: withoutFormula(name), type }));
  const select = wrap(query, named, (type, name) => csvText(type, name, decimalComma));
  const form = `FORMAT csv, HEADER, DELIMITER ${literal(separator)}, QUOTE '"', NULLSTR '', USE_TMP_FILE false`;
  return `COPY (${select}) TO ${literal(file)} (${form})`;
}
