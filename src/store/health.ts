import { existsSync, statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CellarError } from '../errors.js';
import { type Database, identifier, openReadOnly, select } from './connection.js';
import { foreignLog, openAside } from './foreign-log.js';
import { fileIdentity, noteOpen } from './open-files.js';
import { type Publication, readPublication } from './publication.js';
import { storedSchemaVersion } from './schema.js';

/** What a file really is that should be a database of Cellar. */
export type Health =
  | { state: 'absent' }
  | { state: 'sound'; publication: Publication }
  /** Broken: empty, cut, or a block whose checksum does not fit. */
  | { state: 'damaged'; message: string }
  /** Something that Cellar did not write. */
  | { state: 'foreign'; message: string }
  /** Open for writing elsewhere, or not to be read. */
  | { state: 'closed'; message: string };

/** DuckDB's messages about a damaged file. */
const damage =
  /Corrupt database file|computed checksum|Could not read enough bytes|Failed to deserialize|Serialization Error|unexpected end/i;

/** Whether a failure of the engine means that the file is damaged. */
export const meansDamage = (error: unknown): boolean => error instanceof Error && damage.test(error.message);

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0]!;

/** Opens a file read-only, leaving a log that another client put beside it unread. */
export function openUnlogged(path: string): Promise<Database> {
  return existsSync(foreignLog(path)) ? openAside(path, openReadOnly) : openReadOnly(path);
}

/**
 * Reads every block of every table, so that a damaged one shows.
 *
 * @returns a checksum of each table, the same for the same rows in any order
 * @throws the error of the engine for a damaged block
 */
export async function readThrough(connection: DuckDBConnection): Promise<Map<string, string>> {
  const columns = await select<{ table_name: string; columns: string[] }>(
    connection,
    `SELECT table_name, list(column_name ORDER BY column_index) AS columns FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
       AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = current_database())
     GROUP BY table_name ORDER BY table_name`,
  );
  const sums = new Map<string, string>();
  for (const { table_name, columns: names } of columns) {
    const values = names.map(identifier).join(', ');
    const [row] = await select<{ sum: string }>(
      connection,
      `SELECT count(*) || '/' || coalesce(sum(hash(${values})::HUGEINT), 0) AS sum FROM ${identifier(table_name)}`,
    );
    sums.set(table_name, row!.sum);
  }
  return sums;
}

/** Whether Cellar wrote a database: it has its schema version in `meta`. */
export async function isCellars(connection: DuckDBConnection): Promise<boolean> {
  try {
    return (await storedSchemaVersion(connection)) > 0;
  } catch (error) {
    // Another program's table of that name.
    if (/^(Binder|Catalog|Conversion) Error/.test((error as Error).message)) return false;
    throw error;
  }
}

export const foreignMessage = 'it is a DuckDB database that Cellar did not write';

/** What an error of opening or reading tells about the file. */
function healthOf(error: unknown, path: string): Health {
  const message = firstLine(error);
  // The engine does not fail when reading an undamaged file completely.
  if (meansDamage(error) || /INTERNAL Error|invalidated/.test(message)) return { state: 'damaged', message };
  if (/not a valid DuckDB database/i.test(message)) {
    return statSync(path).size === 0
      ? { state: 'damaged', message: 'it is empty (0 bytes)' }
      : { state: 'foreign', message: 'it is not a DuckDB database' };
  }
  return { state: 'closed', message };
}

/** Examines a database from its first block to its last. `keepsLog`: a log beside it belongs to it. */
export async function examineDatabase(path: string, { keepsLog }: { keepsLog: boolean }): Promise<Health> {
  if (!existsSync(path)) return { state: 'absent' };
  let database: Database;
  const forget = noteOpen(fileIdentity(path));
  try {
    database = await (keepsLog ? openReadOnly(path) : openUnlogged(path));
  } catch (error) {
    forget();
    // A setting that is no setting says nothing of the file.
    if (error instanceof CellarError) throw error;
    return healthOf(error, path);
  }
  try {
    if (!(await isCellars(database.connection))) return { state: 'foreign', message: foreignMessage };
    await readThrough(database.connection);
    return { state: 'sound', publication: await readPublication(database.connection) };
  } catch (error) {
    return healthOf(error, path);
  } finally {
    forget(() => database.close());
  }
}
