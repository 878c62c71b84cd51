import { existsSync } from 'node:fs';
import { chmod, copyFile, rename, rm } from 'node:fs/promises';
import { busyError, storageError, usageError } from '../errors.js';
import { layEmpty } from './empty.js';
import { examineDatabase, type Health } from './health.js';
import type { DatabasePaths } from './paths.js';
import { makeWhole } from './publish.js';

/**
 * What to do where writer and snapshot are not as the last run left them. The counter that every publication
 * increments shows which of the two is newer, and reading shows whether one is damaged; times show neither.
 */

type Sound = Extract<Health, { state: 'sound' }>;

const other = 'name another database with --db FILE';

function refuseSnapshot(paths: DatabasePaths, snapshot: Health, hasWriter: boolean): void {
  if (snapshot.state === 'closed')
    throw busyError(`${paths.snapshot} cannot be read: ${snapshot.message}`, 'try again');
  if (snapshot.state === 'foreign') {
    throw usageError(`${paths.snapshot} is left as it is: ${snapshot.message}`, other);
  }
  if (snapshot.state !== 'damaged' || hasWriter) return;
  const hint = `restore it from a backup, move it away and ingest again, or ${other}`;
  if (/0 bytes/.test(snapshot.message)) {
    throw usageError(`${paths.snapshot} is not a database: ${snapshot.message}`, `remove it, or ${other}`);
  }
  throw storageError(`${paths.snapshot} is damaged: ${snapshot.message}`, hint);
}

/** Writer and snapshot belong to two different databases; only the owner knows which one is meant. */
function refuseStranger(paths: DatabasePaths, writer: Sound, snapshot: Sound): void {
  const [here, there] = [writer.publication.databaseId, snapshot.publication.databaseId];
  if (here === null || there === null || here === there) return;
  throw usageError(
    `${paths.snapshot} is another database than the one written in ${paths.writer}`,
    'move one of the two away: without the snapshot it is published again, without the writer it is made from the snapshot',
  );
}

/** Copies an undamaged snapshot to the place of the writer. */
async function writerFromSnapshot(paths: DatabasePaths): Promise<void> {
  await makeWhole(paths.writer, paths, async (path) => {
    await copyFile(paths.snapshot, path);
    // The snapshot is marked read-only.
    await chmod(path, 0o666 & ~process.umask());
  });
}

async function newWriter(paths: DatabasePaths): Promise<void> {
  await makeWhole(paths.writer, paths, (path) => layEmpty(path, paths.scratch));
}

/** Path of a writer that was replaced by a snapshot. */
export const setAsidePath = (paths: DatabasePaths): string => `${paths.writer}.set-aside`;

async function setAside(paths: DatabasePaths): Promise<void> {
  await rename(paths.writer, setAsidePath(paths));
  await rm(`${paths.writer}.wal`, { force: true });
}

/**
 * Makes sure that there is an undamaged writer: the existing one, one made from the snapshot, or a new one. Changes
 * nothing where it refuses.
 *
 * @returns what was done, in words, where the writer was made again
 * @throws CellarError (usage) for a file that is not a database of Cellar, which is left as it is; (storage) where
 *   neither writer nor snapshot can be read
 */
export async function settleWriter(paths: DatabasePaths): Promise<string | undefined> {
  const hasWriter = existsSync(paths.writer);
  const snapshot = await examineDatabase(paths.snapshot, { keepsLog: false });
  refuseSnapshot(paths, snapshot, hasWriter);
  await rm(paths.spare, { force: true });
  if (!hasWriter) {
    // A log of a removed writer does not belong to the new one.
    await rm(`${paths.writer}.wal`, { force: true });
    if (snapshot.state === 'sound') await writerFromSnapshot(paths);
    else await newWriter(paths);
    return undefined;
  }
  const writer = await examineDatabase(paths.writer, { keepsLog: true });
  if (writer.state === 'closed') {
    throw busyError(`${paths.writer} cannot be opened: ${writer.message}`, 'close it there and try again');
  }
  if (writer.state === 'sound') {
    if (snapshot.state !== 'sound') return undefined;
    refuseStranger(paths, writer, snapshot);
    if (snapshot.publication.count <= writer.publication.count) return undefined;
    await setAside(paths);
    await writerFromSnapshot(paths);
    return `${paths.snapshot} is newer than what was written (published ${snapshot.publication.count} times, not ${writer.publication.count}): writing continues from it`;
  }
  const message = 'message' in writer ? writer.message : '';
  if (snapshot.state !== 'sound') {
    throw storageError(
      `${paths.writer} is damaged (${message}), and there is no sound snapshot to make it again from`,
      `put a backup in the place of ${paths.snapshot} and run again; or move ${paths.folder} away and ingest everything anew`,
    );
  }
  await setAside(paths);
  await writerFromSnapshot(paths);
  return `what is written was damaged (${message}) and was made again from the snapshot; what was stored after that is read again`;
}

/**
 * Checks what is named as a database before anything is created beside it.
 *
 * @throws CellarError (usage) for a folder, a device or an empty file
 */
export function checkName(paths: DatabasePaths, facts: import('node:fs').Stats | undefined): void {
  if (facts === undefined) return;
  if (facts.isDirectory()) throw usageError(`${paths.snapshot} is a folder, not a database`, other);
  if (!facts.isFile()) throw usageError(`${paths.snapshot} is not a regular file`, other);
  if (facts.size === 0 && !existsSync(paths.writer)) {
    throw usageError(`${paths.snapshot} is empty (0 bytes), not a database`, `remove it, or ${other}`);
  }
}
