import { tmpdir } from 'node:os';
import { join, parse, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Database, literal } from '../store/connection.js';
import { openSnapshot } from '../store/snapshot.js';

export interface LockOptions {
  /** Lets queries read files by read_csv, read_parquet, …; default false. */
  allowFiles?: boolean;
  /** The only file that a COPY by Cellar itself may write, e.g. for `-o result.parquet`. */
  writableFile?: string;
  /** More settings of the engine, as `name = value`. */
  settings?: readonly string[];
}

/** Opens the snapshot at `path` for queries: read-only and locked. Errors as `openSnapshot`. */
export async function openForQueries(path: string, options: LockOptions = {}): Promise<Database> {
  const database = await openSnapshot(path);
  try {
    await lockDown(database.connection, options);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The root folders of the machine, for reading. Windows has one per drive. */
function roots(): string[] {
  return [...new Set([process.cwd(), tmpdir(), resolve('/')].map((path) => parse(path).root))];
}

/**
 * Locks what a query does not need: other files (unless allowed), extensions, settings. Results that do not fit in
 * memory still spill to disk, into the temporary folder of the system, because the folder of the snapshot may be
 * write-protected.
 */
export async function lockDown(connection: DuckDBConnection, options: LockOptions = {}): Promise<void> {
  const settings = [
    ...(options.settings ?? []),
    `temp_directory = ${literal(join(tmpdir(), `cellar-${process.pid}`))}`,
    ...(options.writableFile === undefined ? [] : [`allowed_paths = [${literal(options.writableFile)}]`]),
    ...(options.allowFiles === true ? [`allowed_directories = [${roots().map(literal).join(', ')}]`] : []),
    'enable_external_access = false',
    'lock_configuration = true',
  ];
  for (const setting of settings) await connection.run(`SET ${setting}`);
}
