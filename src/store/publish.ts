import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { type Database, identifier, literal } from './connection.js';
import type { DatabasePaths } from './paths.js';

const runFile = promisify(execFile);

/**
 * Programs that copy a file, by a reflink where the file system can; the first that works is taken. Processes of their
 * own, because closing a copy of the live database inside the process that has it open would release DuckDB's lock on it.
 */
const copiers: readonly (readonly [program: string, ...parameters: string[]])[] = [
  // Starts in a twentieth of the time that Node takes.
  ...(process.platform === 'linux' ? [['cp', '--reflink=auto', '--'] as const] : []),
  [
    process.execPath,
    '--eval',
    `const { constants, copyFileSync } = require('node:fs');
     copyFileSync(process.argv[1], process.argv[2], constants.COPYFILE_FICLONE);`,
    '--',
  ],
];

/** `published`: readers see it now. `waiting`: a reader holds the old one; the new one lies beside it. */
export type Published = 'published' | 'waiting';

/** Where a snapshot waits that could not be put in place because a reader holds the old one (Windows). */
export const waitingSnapshot = (paths: DatabasePaths): string => `${paths.snapshot}.next`;

async function copyAfterCheckpoint(database: Database, paths: DatabasePaths, target: string): Promise<void> {
  await database.connection.run('CHECKPOINT');
  if (!(await copiedByProgram(paths.writer, target))) await copyThroughEngine(database, target);
  await makeDurable(target);
}

/** False where no program can: a system may not let another process read the file that is open here. */
async function copiedByProgram(from: string, target: string): Promise<boolean> {
  for (const [program, ...parameters] of copiers) {
    try {
      await runFile(program, [...parameters, from, target]);
      return true;
    } catch {
      await rm(target, { force: true });
    }
  }
  return false;
}

async function makeDurable(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}

async function copyThroughEngine(database: Database, target: string): Promise<void> {
  const { connection } = database;
  const [row] = (await connection.runAndReadAll('SELECT current_database() AS name')).getRowObjectsJS();
  await connection.run(`ATTACH ${literal(target)} AS cellar_snapshot`);
  try {
    await connection.run(`COPY FROM DATABASE ${identifier(String(row?.name))} TO cellar_snapshot`);
  } finally {
    await connection.run('DETACH cellar_snapshot');
  }
}

/**
 * Makes what was committed visible to readers: a copy of the database that is written, put in place of the snapshot
 * by an atomic rename. A query that is open keeps the old one.
 */
export async function publishSnapshot(database: Database, paths: DatabasePaths): Promise<Published> {
  const target = `${unfinishedPrefix(paths)}${process.pid}.tmp`;
  await rm(target, { force: true });
  try {
    await copyAfterCheckpoint(database, paths, target);
    return await putInPlace(target, paths);
  } catch (error) {
    // A copy that a full disk cut off would only keep it full.
    await rm(target, { force: true });
    throw error;
  }
}

/** Begins the path of every copy that is not in place yet. */
const unfinishedPrefix = (paths: DatabasePaths): string => `${paths.writer}.copy-`;

/** Removes what killed processes left: copies they did not finish, permits to take a lock over. For whoever holds the lock. */
export async function removeUnfinished(paths: DatabasePaths): Promise<void> {
  const copy = basename(unfinishedPrefix(paths));
  const lock = basename(paths.lock);
  const left = (await readdir(paths.folder)).filter(
    (name) => name.startsWith(copy) || (name.startsWith(lock) && name.endsWith('.takeover')),
  );
  for (const name of left) await rm(join(paths.folder, name), { force: true }).catch(() => undefined);
}

/** Makes a file at `path` that is there completely or not at all. */
export async function makeWhole(
  path: string,
  paths: DatabasePaths,
  make: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${unfinishedPrefix(paths)}${process.pid}.tmp`;
  await make(unfinished);
  await rename(unfinished, path);
}

async function putInPlace(target: string, paths: DatabasePaths): Promise<Published> {
  try {
    await rename(target, paths.snapshot);
    await rm(waitingSnapshot(paths), { force: true });
    return 'published';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'EBUSY' && code !== 'EACCES') throw error;
    await rename(target, waitingSnapshot(paths));
    return 'waiting';
  }
}

/** Puts a waiting snapshot in place, if there is one and nobody holds the old one any more. */
export async function publishWaiting(paths: DatabasePaths): Promise<void> {
  const waiting = waitingSnapshot(paths);
  try {
    await stat(waiting);
    await rename(waiting, paths.snapshot);
  } catch {
    // None waits, or the old one is still held: the next run tries again.
  }
}

/** Whether the snapshot is as new as what was written; one that was stored after it, or is still in the log, is not. */
export async function isSnapshotCurrent(paths: DatabasePaths): Promise<boolean> {
  try {
    const [snapshot, writer] = await Promise.all([stat(paths.snapshot), stat(paths.writer)]);
    return snapshot.mtimeMs >= writer.mtimeMs && !existsSync(`${paths.writer}.wal`);
  } catch {
    return false;
  }
}
