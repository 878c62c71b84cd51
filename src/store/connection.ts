import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { DuckDBInstance, timestampValue } from './duckdb.js';
import { type ColumnType, tableDefinition } from './tables/index.js';

/** An open database: one instance, one connection. */
export interface Database {
  instance: DuckDBInstance;
  connection: DuckDBConnection;
  close(): void;
}

/** Values that can be bound to a statement or appended to a table. */
export type SqlValue = string | number | bigint | boolean | Date | null;
export type SqlRow = Record<string, SqlValue>;

/** How much memory the engine may take where CELLAR_MEMORY_LIMIT does not say it (measured: no slower than without a limit). */
const usualMemory = '800MB';
/** Beside the reading of files: with it a process that reads 1 GB stays below 700 MB. */
const memoryOfWriters = '600MB';

function memoryLimit(usual: string): string {
  const given = process.env.CELLAR_MEMORY_LIMIT?.trim() || usual;
  if (/^\d+(\.\d+)?\s*([kmgt]i?b)$/i.test(given) && Number.parseFloat(given) > 0) return given;
  throw usageError(`CELLAR_MEMORY_LIMIT is ${given}`, 'give a size with its unit, such as 800MB or 2GB');
}

/** How many threads the engine may use: CELLAR_THREADS, else as many as there are cores. */
function threads(): Record<string, string> {
  const given = process.env.CELLAR_THREADS?.trim();
  if (given === undefined || given === '') return {};
  if (/^[1-9]\d*$/.test(given)) return { threads: given };
  throw usageError(`CELLAR_THREADS is ${given}`, 'give a number of threads, such as 1');
}

/** Settings of every connection: nothing is downloaded, and memory is limited. */
function settings(memory: string): Record<string, string> {
  return {
    memory_limit: memoryLimit(memory),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // What is taken for a small side of an ASOF join may have millions of rows: each would be held against every other.
    asof_loop_join_threshold: '0',
    ...threads(),
  };
}

/** What DuckDB says of a file that is none of its own. Of SQLite's it says nothing: it looks for an extension that reads them. */
function refuseSqlite(path: string): void {
  if (path === ':memory:' || !existsSync(path) || !statSync(path).isFile()) return;
  const file = openSync(path, 'r');
  try {
    const begin = Buffer.alloc(15);
    readSync(file, begin, 0, begin.length, 0);
    if (begin.toString('latin1') !== 'SQLite format 3') return;
  } finally {
    closeSync(file);
  }
  throw new Error(
    `The file "${path}" exists, but it is not a valid DuckDB database file: it is an SQLite database`,
  );
}

async function open(path: string, options: Record<string, string>): Promise<Database> {
  refuseSqlite(path);
  const instance = await DuckDBInstance.create(path, options);
  const connection = await instance.connect();
  return {
    instance,
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Opens a database for writing; DuckDB may spill into `scratch`. */
export function openWritable(path: string, scratch?: string): Promise<Database> {
  return open(path, {
    ...settings(memoryOfWriters),
    ...(scratch === undefined ? {} : { temp_directory: scratch }),
  });
}

/** Opens a database read-only. */
export function openReadOnly(path: string): Promise<Database> {
  return open(path, { ...settings(usualMemory), access_mode: 'READ_ONLY' });
}

/** A database in memory, e.g. for queries on raw exports. */
export function openInMemory(): Promise<Database> {
  return open(':memory:', settings(usualMemory));
}

/** A string as a SQL literal; NUL, which SQL text cannot contain, becomes its symbol. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('\0', '\u2400')}'`;
}

/** The path of one file as a SQL literal for functions that read globs: `a[1].csv` is that file, not `a1.csv`. */
export function pathLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'));
}

/** A name as a quoted SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function bindable(value: SqlValue): DuckDBValue {
  return value instanceof Date ? timestampValue(BigInt(value.getTime()) * 1000n) : value;
}

/** Runs a statement; returns nothing. */
export async function run(connection: DuckDBConnection, sql: string, values: SqlValue[] = []): Promise<void> {
  await connection.run(sql, values.map(bindable));
}

/**
 * The rows of a query as objects. BIGINT within ±2^53 becomes a number, beyond it stays a bigint; timestamps become
 * `Date`. For results that easily fit in memory: ledgers, series of one cell, but never all measurements.
 */
export async function select<Row = Record<string, unknown>>(
  connection: DuckDBConnection,
  sql: string,
  values: SqlValue[] = [],
): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql, values.map(bindable));
  const found = reader.getRowObjectsJS() as Record<string, unknown>[];
  for (const row of found) {
    for (const [key, value] of Object.entries(row)) {
      if (typeof value === 'bigint' && value >= -9007199254740991n && value <= 9007199254740991n) {
        row[key] = Number(value);
      }
    }
  }
  return found as Row[];
}

/** Runs `work` in one transaction: all of it is committed, or none. */
export async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT has already rolled back.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * Appends rows to a table of the schema, or to a table of another name and catalogue with the same columns; columns
 * that a row does not have become NULL.
 */
export async function insertRows(
  connection: DuckDBConnection,
  table: string,
  rows: readonly SqlRow[],
  into?: { catalog: string; table: string },
): Promise<void> {
  if (rows.length === 0) return;
  const { columns } = tableDefinition(table);
  const known = new Set(columns.map(({ name }) => name));
  const appender = await connection.createAppender(into?.table ?? table, undefined, into?.catalog);
  for (const row of rows) {
    const stray = Object.keys(row).find((name) => !known.has(name));
    if (stray !== undefined) throw new Error(`table ${table} has no column ${stray}`);
    for (const { name, type } of columns) append(appender, type, row[name] ?? null);
    appender.endRow();
  }
  appender.closeSync();
}

type Appender = Awaited<ReturnType<DuckDBConnection['createAppender']>>;

function append(appender: Appender, type: ColumnType, value: SqlValue): void {
  if (value === null) appender.appendNull();
  else if (type === 'BIGINT') appender.appendBigInt(BigInt(value as number | bigint));
  else if (type === 'INTEGER') appender.appendInteger(Number(value));
  else if (type === 'DOUBLE') appender.appendDouble(Number(value));
  else if (type === 'BOOLEAN') appender.appendBoolean(Boolean(value));
  else if (type === 'TIMESTAMP') {
    appender.appendTimestamp(timestampValue(BigInt((value as Date).getTime()) * 1000n));
  } else appender.appendVarchar(String(value));
}

/** The next free number of an integer key; call it inside the transaction that uses it. */
export async function nextId(connection: DuckDBConnection, table: string, key: string): Promise<number> {
  const [row] = await select<{ next: number }>(
    connection,
    `SELECT coalesce(max(${identifier(key)}), 0) + 1 AS next FROM ${identifier(table)}`,
  );
  return row?.next ?? 1;
}
