import { existsSync, statSync } from 'node:fs';
import { busyError, usageError } from '../errors.js';
import type { Database } from './connection.js';

/** What a failure of DuckDB to open a file means. */
export function openingError(path: string, error: Error): Error {
  const holder = /Conflicting lock is held in (.*?)\. See/s.exec(error.message)?.[1];
  if (holder !== undefined) {
    return busyError(`${path} is open for writing in ${holder}`, 'Close it there and try again.');
  }
  if (/not a valid DuckDB database|Serialization Error|newer version|storage version/i.test(error.message)) {
    return usageError(
      `${path} cannot be opened: ${error.message.split('\n')[0]}`,
      'Name a database that Cellar wrote with --db FILE.',
    );
  }
  return error;
}

/**
 * Opens the published snapshot read-only.
 *
 * @throws CellarError (usage) where there is none or it is no database; (busy) where another program writes to it
 */
export async function openSnapshot(path: string): Promise<Database> {
  if (!existsSync(path)) {
    throw usageError(
      `there is no database at ${path}`,
      'Run `cellar ingest FOLDER` first, or name another with --db FILE.',
    );
  }
  if (!statSync(path).isFile())
    throw usageError(`${path} is not a database file`, 'Name one with --db FILE.');
  // Commands import this module as they start; the engine is loaded when it is needed.
  const { openReadOnly } = await import('./connection.js');
  try {
    return await openReadOnly(path);
  } catch (error) {
    throw openingError(path, error as Error);
  }
}
