import type { Table } from 'apache-arrow';
import type { Database } from '../store/connection.js';
import { JSDuckDBValueConverter } from '../store/duckdb.js';
import { type DocumentedRelation, documentedSchema } from './documentation.js';
import { openForQueries } from './open.js';
import type { QueryParameters } from './parameters.js';
import { type QueryResult, runQuery } from './run.js';

/** A value of a row: DuckDB's types as JavaScript values; nested types are arrays and objects. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | Uint8Array
  | Value[]
  | { [key: string]: Value };
/** A row of a result, by column name. */
export type Row = Record<string, Value>;

/** A laboratory's database, open for reading. */
export interface Lab {
  readonly path: string;
  /**
   * The rows of a query. BIGINT within ±2^53 is a number, beyond it a bigint; a timestamp is a `Date` (milliseconds;
   * a wall clock without zone is taken as UTC). `$name`s in the query take their values from `parameters`.
   *
   * @throws CellarError (exit code 2) on a fault of the SQL, or a statement that does more than read
   */
  query<R = Row>(sql: string, parameters?: QueryParameters): Promise<R[]>;
  /** The same, up to 2,048 rows at a time, for results that do not fit in memory. One query at a time. */
  stream<R = Row>(sql: string, parameters?: QueryParameters): AsyncGenerator<R[], void, undefined>;
  /** The result as an Arrow table: columns as typed arrays, in full precision. */
  arrow(sql: string, parameters?: QueryParameters): Promise<Table>;
  /** Names of the tables and views. */
  tables(): Promise<string[]>;
  /** What the documented tables and views mean, with units and formulas. */
  schema(): Promise<DocumentedRelation[]>;
  /** Closes the database; nothing of it can be read afterwards. */
  close(): void;
}

const isSafe = (value: bigint) => value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;

/** Converts whole numbers to numbers where that loses nothing, also inside nested values. */
function plain(value: unknown): Value {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value as Value;
}

async function* rowBatches<R>({ columns, chunks }: QueryResult): AsyncGenerator<R[], void, undefined> {
  for await (const chunk of chunks) {
    const rows = chunk.convertRows(JSDuckDBValueConverter);
    yield rows.map(
      (row) => Object.fromEntries(columns.map(({ name }, index) => [name, plain(row[index])])) as R,
    );
  }
}

class OpenLab implements Lab {
  readonly path: string;
  private readonly database: Database;

  constructor(path: string, database: Database) {
    this.path = path;
    this.database = database;
  }

  async query<R = Row>(sql: string, parameters: QueryParameters = {}): Promise<R[]> {
    const rows: R[] = [];
    for await (const batch of this.stream<R>(sql, parameters)) for (const row of batch) rows.push(row);
    return rows;
  }

  async *stream<R = Row>(
    sql: string,
    parameters: QueryParameters = {},
  ): AsyncGenerator<R[], void, undefined> {
    yield* rowBatches<R>(await runQuery(this.database.connection, sql, parameters));
  }

  async arrow(sql: string, parameters: QueryParameters = {}): Promise<Table> {
    const { arrow } = await import('./formats/arrow.js');
    const { tableFromIPC } = await import('apache-arrow');
    const pieces: Uint8Array[] = [];
    for await (const piece of arrow(await runQuery(this.database.connection, sql, parameters)))
      pieces.push(piece);
    return tableFromIPC(Buffer.concat(pieces));
  }

  async tables(): Promise<string[]> {
    const rows = await this.query<{ table_name: string }>(
      'SELECT table_name FROM information_schema.tables ORDER BY table_name',
    );
    return rows.map(({ table_name }) => table_name);
  }

  schema(): Promise<DocumentedRelation[]> {
    return documentedSchema();
  }

  close(): void {
    this.database.close();
  }
}

/**
 * Opens the snapshot at `path` (e.g. `cellar.duckdb`) for reading. An ingest may publish a new snapshot meanwhile;
 * open again to see it.
 *
 * @throws CellarError (exit code 2) where there is no database
 */
export async function openLab(path: string): Promise<Lab> {
  return new OpenLab(path, await openForQueries(path));
}
