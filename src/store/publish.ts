import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { type Database, identifier, literal } from './connection.js';
import type { DatabasePaths } from './paths.js';

const runFile = promisify(execFile);

/**
 * Copies a file and makes it durable, by a reflink where the file system can. For a process of its own, because closing
 * a copy of the live database inside the process that has it open would release DuckDB's lock on it.
 */
const copyProgram = `const { constants, copyFileSync, fsyncSync, openSync } = require('node:fs');
const [from, to] = process.argv.slice(1);
copyFileSync(from, to, constants.COPYFILE_FICLONE);
fsyncSync(openSync(to, 'r+'));`;

/** `published`: readers see it now. `waiting`: a reader holds the old one; the new one lies beside it. */
export type Published = 'published' | 'waiting';

/** Where a snapshot waits that could not be put in place because a reader holds the old one (Windows). */
export const waitingSnapshot = (paths: DatabasePaths): string => `${paths.snapshot}.next`;

async function copyAfterCheckpoint(database: Database, paths: DatabasePaths, target: string): Promise<void> {
  await database.connection.run('CHECKPOINT');
  try {
    await runFile(process.execPath, ['--eval', copyProgram, '--', paths.writer, target]);
  } catch {
    // Where another process may not read the file that is open here, the engine copies it itself.
    await rm(target, { force: true });
    await copyThroughEngine(database, target);
  }
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
