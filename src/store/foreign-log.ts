import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { storageError } from '../errors.js';
import { databasePaths } from './paths.js';

/**
 * A client that opens the snapshot for writing leaves `NAME.wal` beside it. DuckDB replays such a log into any later
 * file of this name, so that rows which a crashed notebook deleted would be missing for everybody. Cellar publishes
 * without a log, so a log there always comes from another client.
 */
export const foreignLog = (snapshot: string): string => `${snapshot}.wal`;

/** The finding in words, or undefined where there is no such log beside the snapshot. */
export function describeForeignLog(snapshot: string): string | undefined {
  const path = foreignLog(snapshot);
  if (!existsSync(path)) return undefined;
  return `FOREIGN_LOG: ${path} is what another client wrote into the snapshot; Cellar does not read it, other clients do`;
}

/** Removes the log of another client. A client that is still writing keeps its open log, without a name. */
export async function removeForeignLog(snapshot: string): Promise<void> {
  await rm(foreignLog(snapshot), { force: true }).catch(() => undefined);
}

/** Prefix of a folder with a snapshot under another path. */
export const asidePrefix = 'reader-';

/**
 * Calls `open` with another path of the same file, without a log beside it.
 *
 * @throws CellarError (storage) where the file system allows only one name for a file
 */
export async function openAside<T>(snapshot: string, open: (path: string) => Promise<T>): Promise<T> {
  const { folder } = databasePaths(snapshot);
  let aside: string | undefined;
  try {
    await mkdir(folder, { recursive: true });
    aside = await mkdtemp(join(folder, asidePrefix));
    const path = join(aside, basename(snapshot));
    await link(snapshot, path);
    return await open(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw storageError(
      `${foreignLog(snapshot)} is another client's log and would be read into the snapshot (${message})`,
      'close the client that wrote it, remove the log, and try again; the next ingest removes it too',
    );
  } finally {
    // Where an open file cannot be removed, the next run that writes removes it.
    if (aside !== undefined) await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
}
