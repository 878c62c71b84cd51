import { open } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, openInMemory, pathLiteral, run, select } from '../../store/connection.js';
import { ContainerRefusal } from './record-table.js';
import { type StoredColumns, type TextView, viewPath } from './view.js';

/** Parquet files, read by the engine: columns by their names, rows in the order of the file. */

const footer = 'PAR1';
/** Number of records in the text by which a long file is recognised. */
const headRecords = 8192;

/** Whether the file has the right end, which holds its description. */
async function checkEnd(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    if (size < 12 || buffer.toString('latin1') !== footer) {
      throw new ContainerRefusal(
        'incomplete parquet file: the end of the file is missing (still being copied?)',
      );
    }
  } finally {
    await handle.close();
  }
}

type Column = StoredColumns['columns'][number];

/** Durations that Arrow stores as whole numbers, by the type that they are given here: how many make a second. */
const durations: Readonly<Record<string, string>> = {
  'DURATION(s)': '1.0',
  'DURATION(ms)': '1e3',
  'DURATION(us)': '1e6',
  'DURATION(ns)': '1e9',
};

/**
 * The columns with durations told from numbers: Parquet knows no such type, and pandas, polars and others that write by
 * Arrow keep it in the file's metadata alone.
 */
async function withDurations(
  connection: DuckDBConnection,
  path: string,
  columns: readonly Column[],
): Promise<Column[]> {
  if (!columns.some(({ type }) => type === 'BIGINT')) return [...columns];
  const [schema] = await select<{ value: string }>(
    connection,
    `SELECT CAST(value AS VARCHAR) AS value FROM parquet_kv_metadata(${pathLiteral(path)})
     WHERE CAST(key AS VARCHAR) = 'ARROW:schema'`,
  );
  if (schema === undefined) return [...columns];
  const { DataType, RecordBatchReader } = await import('apache-arrow');
  const units = Object.keys(durations);
  const typeOf = new Map<string, string | undefined>();
  try {
    const reader = RecordBatchReader.from(Buffer.from(schema.value, 'base64'));
    for (const { name, type } of reader.open().schema.fields)
      if (DataType.isDuration(type)) typeOf.set(name, units[type.unit]);
  } catch {
    // Not what Arrow writes: the numbers stay numbers.
    return [...columns];
  }
  return columns.map(({ name, type }) => ({
    name,
    type: type === 'BIGINT' ? (typeOf.get(name) ?? type) : type,
  }));
}

const isWord = (type: string) => type === 'VARCHAR' || type.startsWith('ENUM');

/** SQL for a column as text without loss; undefined for a column that has no plain values. */
function textSql({ name, type }: Column): string | undefined {
  const column = identifier(name);
  if (/^(STRUCT|MAP|UNION|BLOB|BIT|GEOMETRY)|\[\d*\]$/.test(type)) return undefined;
  if (type === 'FLOAT') return `CAST(${column} AS DOUBLE)`;
  if (type.startsWith('TIMESTAMP WITH TIME ZONE')) {
    return `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%f') || '+00:00'`;
  }
  if (type.startsWith('TIMESTAMP')) return `strftime(CAST(${column} AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%f')`;
  if (type === 'INTERVAL') return `epoch(${column})`;
  const perSecond = durations[type];
  if (perSecond !== undefined) return `(${column} / ${perSecond})`;
  if (type === 'BOOLEAN') return `CAST(${column} AS INTEGER)`;
  if (isWord(type)) return `regexp_replace(CAST(${column} AS VARCHAR), '[[:cntrl:]"]', ' ', 'g')`;
  return column;
}

/** SQL for the text of a column without blanks around it. */
export const wordSql = (column: Column): string => `trim(CAST(${textSql(column)} AS VARCHAR), ' ')`;

/** SQL for a column as DOUBLE, nearest to what is stored; undefined where it does not hold numbers. */
export function numberSql(column: Column): string | undefined {
  const { name, type } = column;
  if (type in durations || /^(FLOAT|DOUBLE|U?(TINY|SMALL|BIG)INT|U?INTEGER|BOOLEAN|INTERVAL)$/.test(type))
    return `CAST(${textSql(column)} AS DOUBLE)`;
  // By its digits, because a quotient of whole numbers beyond 2^53 would be rounded twice.
  return /^(DECIMAL|U?HUGEINT)/.test(type)
    ? `CAST(CAST(${identifier(name)} AS VARCHAR) AS DOUBLE)`
    : undefined;
}

/** SQL for an instant as seconds since 1970, a wall clock as if it were UTC; undefined where it is not an instant. */
export function clockSql({ name, type }: Column): string | undefined {
  if (type.startsWith('TIMESTAMP WITH TIME ZONE')) return `epoch_us(${identifier(name)}) / 1e6`;
  if (!type.startsWith('TIMESTAMP')) return undefined;
  return `epoch_us(CAST(${identifier(name)} AS TIMESTAMP)) / 1e6`;
}

export const parquetSql = (path: string): string => `read_parquet(${pathLiteral(path)})`;

/** Writes the first records, or all, as the text of a view. */
async function writeText(
  connection: DuckDBConnection,
  { path, columns }: StoredColumns,
  view: string,
  most?: number,
): Promise<void> {
  const shown = columns.map(
    (column) => `${textSql(column)} AS ${identifier(column.name.replace(/[\p{Cc}"]/gu, ' '))}`,
  );
  await run(
    connection,
    `COPY (SELECT ${shown.join(', ')} FROM ${parquetSql(path)} ${most === undefined ? '' : `LIMIT ${most}`})
     TO ${pathLiteral(view)} (FORMAT csv, DELIMITER '\t', HEADER true, QUOTE '', ESCAPE '')`,
  );
}

/** Works with the engine on Parquet files; a file that it cannot read is a damaged one. */
export async function onParquet<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const database = await openInMemory();
  try {
    return await work(database.connection);
  } catch (error) {
    if (error instanceof ContainerRefusal) throw error;
    const [reason] = (error as Error).message.split('\n');
    throw new ContainerRefusal(`damaged Parquet file: ${reason}`);
  } finally {
    database.close();
  }
}

/**
 * Opens a Parquet file: its beginning as text, and its columns where there is more.
 *
 * @param isKept whether the file stays in place until it is loaded; otherwise all of it is written as text
 * @throws ContainerRefusal where it is cut or damaged
 */
export async function openParquet(path: string, isKept: boolean): Promise<TextView> {
  await checkEnd(path);
  const view = viewPath();
  const columns = await onParquet(async (connection) => {
    const described = await select<{ column_name: string; column_type: string }>(
      connection,
      `DESCRIBE SELECT * FROM ${parquetSql(path)}`,
    );
    const all = described.map(({ column_name: name, column_type: type }) => ({ name, type }));
    const shown = (await withDurations(connection, path, all)).filter(
      (column) => textSql(column) !== undefined,
    );
    if (shown.length === 0) throw new ContainerRefusal('a Parquet file without a column of values');
    const [counted] = await select<{ n: number }>(
      connection,
      `SELECT count(*) AS n FROM ${parquetSql(path)}`,
    );
    const stored: StoredColumns = { path, columns: shown, recordCount: counted!.n };
    const isLong = isKept && stored.recordCount > headRecords;
    await writeText(connection, stored, view, isLong ? headRecords : undefined);
    return isLong ? stored : undefined;
  });
  return { path: view, unit: 'record', heads: [{ line: 1, count: 1 }], sheets: [], notes: [], columns };
}

/** Writes all records into the text of a view. */
export async function completeParquet(view: TextView, columns: StoredColumns): Promise<void> {
  await onParquet((connection) => writeText(connection, columns, view.path));
}

/** Records as the lines of a view's text, in their order. `records`: their numbers, from 0. */
export async function parquetLines(
  { path, columns }: StoredColumns,
  records: readonly number[],
): Promise<string[]> {
  const fields = columns.map((column) => `coalesce(CAST(${textSql(column)} AS VARCHAR), '')`);
  const found = await onParquet((connection) =>
    select<{ line: string }>(
      connection,
      `SELECT concat_ws('\t', ${fields.join(', ')}) AS line
       FROM read_parquet(${pathLiteral(path)}, file_row_number = true)
       WHERE file_row_number IN (SELECT unnest([${records.join(', ')}])) ORDER BY file_row_number`,
    ),
  );
  return found.map(({ line }) => line);
}
