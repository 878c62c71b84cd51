import { existsSync, statSync } from 'node:fs';
import { busyError, storageError, usageError } from '../errors.js';
import type { Database } from './connection.js';
import { fileIdentity, fileState, noteOpen } from './open-files.js';
import { databasePaths, followLink } from './paths.js';
import { forgetSeen } from './seen.js';

/** The meaning of a failure of DuckDB to open a file. */
export function openingError(path: string, error: Error): Error {
  const holder = /Conflicting lock is held in (.*?)\. See/s.exec(error.message)?.[1];
  if (holder !== undefined) {
    return busyError(`${path} is open for writing in ${holder}`, 'Close it there and try again.');
  }
  if (/not a valid DuckDB database|newer version|storage version/i.test(error.message)) {
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
 * @throws CellarError (usage) where there is none or it is not a database; (busy) where another program writes to it
 */
export async function openSnapshot(database: string): Promise<Database> {
  const path = followLink(database);
  if (!existsSync(path)) {
    throw usageError(
      `there is no database at ${path}`,
      'Run `cellar ingest FOLDER` first, or name another with --db FILE.',
    );
  }
  if (!statSync(path).isFile())
    throw usageError(`${path} is not a database file`, 'Name one with --db FILE.');
  // Commands import this module when they start; the engine is loaded when it is needed.
  const { foreignMessage, isCellars } = await import('./health.js');
  const opened = await openUnchanged(path);
  try {
    if (await isCellars(opened.connection)) return opened;
  } catch (error) {
    opened.close();
    throw await damageError(path, openingError(path, error as Error));
  }
  opened.close();
  throw usageError(`${path} is not a database of Cellar: ${foreignMessage}`, 'Name one with --db FILE.');
}

/** How often a snapshot is opened again because it was replaced meanwhile. */
const openings = 100;

/**
 * Opens the file and checks that it is the same before and after: if it was replaced before the engine locked it, a
 * later publication may write into it.
 */
async function openUnchanged(path: string): Promise<Database> {
  const { openUnlogged } = await import('./health.js');
  for (let opening = 0; opening < openings; opening++) {
    const before = fileState(path);
    const forget = noteOpen(fileIdentity(path));
    const isChanged = () => before !== fileState(path);
    try {
      const database = await openUnlogged(path);
      const close = () => forget(() => database.close());
      if (!isChanged()) return { ...database, close };
      close();
    } catch (error) {
      forget();
      if (!isChanged()) throw await damageError(path, openingError(path, error as Error));
    }
  }
  throw busyError(`${path} is replaced again and again while it is opened`, 'Try again.');
}

/** A damaged snapshot is published again by the next run, which is made to examine it. */
export async function damageError(path: string, error: Error): Promise<Error> {
  const { meansDamage } = await import('./health.js');
  if (!meansDamage(error)) return error;
  await forgetSeen(databasePaths(path));
  return storageError(
    `${path} is damaged: ${error.message.split('\n')[0]}`,
    'The next `cellar ingest` or `cellar check` publishes it again from what was stored; `cellar doctor` says more.',
  );
}
