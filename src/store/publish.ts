import { execFile } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { copyChangedBlocks } from './blocks.js';
import { type Database, identifier, literal, select } from './connection.js';
import { asidePrefix, removeForeignLog } from './foreign-log.js';
import { fileIdentity, isHeld, isOpenHere } from './open-files.js';
import type { DatabasePaths } from './paths.js';
import { notePublication } from './publication.js';

const runFile = promisify(execFile);

/**
 * Programs that copy a file, by a reflink where the file system can; the first that works is taken. They run as
 * separate processes, because closing a copy of the live database inside the process that has it open would release
 * DuckDB's lock on it.
 */
const copiers: readonly (readonly [program: string, ...parameters: string[]])[] = [
  // It starts in a twentieth of the time that Node needs.
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
export type PublishOutcome = 'published' | 'waiting';

/** Path of a snapshot that waits because a reader holds the old one (Windows). */
export const waitingSnapshot = (paths: DatabasePaths): string => `${paths.snapshot}.next`;

/** False where no program can: on some systems another process cannot read the file that is open here. */
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

/** Nobody may write into a published file; the owner decides who may read it. */
const publishedMode = (): number => 0o444 & ~process.umask();

/** Brings snapshots of an open writer to readers. */
export interface Publisher {
  /**
   * Makes what was committed visible to readers: a copy of the writer replaces the snapshot by an atomic rename. An
   * open query keeps the old one. If nobody reads the last but one snapshot any more, it is brought up to date and
   * used as the copy; otherwise everything is copied.
   */
  publish(): Promise<PublishOutcome>;
  /** To be called once the writer is closed. */
  close(): void;
}

/** A publisher for the writer that is open as `database`. */
export function createPublisher(database: Database, paths: DatabasePaths): Publisher {
  // Opened once and closed after the engine has let go of the file: closing it sooner would release the engine's lock.
  let source: number | undefined;
  return {
    async publish() {
      await notePublication(database.connection);
      await database.connection.run('CHECKPOINT');
      const target = unfinishedPath(paths);
      await rm(target, { force: true });
      try {
        source ??= openSource(paths.writer);
        const isUpdated = source !== undefined && (await updateSpare(database, paths, source, target));
        if (!isUpdated) await copyWhole(database, paths, target);
        await chmod(target, publishedMode());
        return await putInPlace(target, paths);
      } catch (error) {
        // An incomplete copy would only keep a full disk full.
        await rm(target, { force: true });
        throw error;
      }
    },
    close() {
      if (source !== undefined) closeSync(source);
      source = undefined;
    },
  };
}

/** Undefined where the system does not let anybody else open the file that the engine has open. */
function openSource(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

async function copyWhole(database: Database, paths: DatabasePaths, target: string): Promise<void> {
  if (!(await copiedByProgram(paths.writer, target))) await copyThroughEngine(database, target);
  await chmod(target, 0o666 & ~process.umask());
  await makeDurable(target);
}

/** Whether the spare is a separate file without known readers: not the snapshot, and not a link. */
async function isSpareOwn(paths: DatabasePaths): Promise<boolean> {
  const facts = await stat(paths.spare).catch(() => undefined);
  if (facts === undefined || facts.nlink !== 1) return false;
  const identity = fileIdentity(paths.spare);
  if (identity === undefined || identity === fileIdentity(paths.snapshot) || isOpenHere(identity))
    return false;
  return !isHeld(identity, [paths.snapshot, paths.spare, waitingSnapshot(paths)]);
}

/**
 * Lets DuckDB lock the spare while `write` changes it, so that a process that opened it as the snapshot and requests
 * the lock only now is refused, instead of reading a mixture.
 *
 * @throws while another process reads the spare
 */
async function whileLocked(
  { connection }: Database,
  spare: string,
  write: () => Promise<void>,
): Promise<void> {
  await connection.run(`ATTACH ${literal(spare)} AS cellar_spare`);
  const unlock = () => connection.run('DETACH cellar_spare');
  // On Windows nobody can write into a locked file, and the system itself keeps readers out.
  if (process.platform === 'win32') {
    await unlock();
    return write();
  }
  try {
    await write();
  } finally {
    await unlock();
  }
}

/**
 * Brings the spare up to date and moves it to `target`; false where that is not possible, and the spare is removed.
 */
async function updateSpare(
  database: Database,
  paths: DatabasePaths,
  source: number,
  target: string,
): Promise<boolean> {
  try {
    if (!(await isSpareOwn(paths))) throw new Error('the spare is in use');
    await chmod(paths.spare, 0o600);
    const [size] = await select<{ block_size: number }>(
      database.connection,
      `SELECT block_size FROM pragma_database_size() WHERE database_name = current_database()`,
    );
    await whileLocked(database, paths.spare, async () => {
      // Under a name that the next run removes if this one is killed.
      await rename(paths.spare, target);
      copyChangedBlocks(source, target, Number(size!.block_size));
    });
    return true;
  } catch {
    await rm(paths.spare, { force: true }).catch(() => undefined);
    await rm(target, { force: true });
    return false;
  }
}

/** Prefix of the path of every copy that is not in place yet. */
const unfinishedPrefix = (paths: DatabasePaths): string => `${paths.writer}.copy-`;
const unfinishedPath = (paths: DatabasePaths): string => `${unfinishedPrefix(paths)}${process.pid}.tmp`;

/**
 * Removes what killed processes left: unfinished copies, permits to take over a lock. To be called only by the holder
 * of the lock.
 */
export async function removeUnfinished(paths: DatabasePaths): Promise<void> {
  const copy = basename(unfinishedPrefix(paths));
  const lock = basename(paths.lock);
  for (const name of await readdir(paths.folder)) {
    const path = join(paths.folder, name);
    const isLeft =
      name.startsWith(copy) ||
      (name.startsWith(lock) && name.endsWith('.takeover')) ||
      (name.startsWith(asidePrefix) && (await isOld(path)));
    if (isLeft) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A snapshot is opened under another path within moments; an older path was left by a killed process. */
async function isOld(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  return facts !== undefined && Date.now() - facts.mtimeMs > 60_000;
}

/** Creates a file at `path`, completely or not at all. */
export async function makeWhole(
  path: string,
  paths: DatabasePaths,
  make: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = unfinishedPath(paths);
  await make(unfinished);
  await rename(unfinished, path);
}

/** Renames over a file that may be marked read-only, which Windows would refuse. */
async function replaceFile(from: string, to: string): Promise<void> {
  if (process.platform === 'win32') await chmod(to, 0o666).catch(() => undefined);
  await rename(from, to);
}

async function putInPlace(target: string, paths: DatabasePaths): Promise<PublishOutcome> {
  await removeForeignLog(paths.snapshot);
  try {
    await rm(paths.spare, { force: true });
    // The replaced snapshot becomes the next spare. Where a file can have only one name, there is no spare, and
    // everything is copied.
    await link(paths.snapshot, paths.spare).catch(() => undefined);
    await replaceFile(target, paths.snapshot);
    await rm(waitingSnapshot(paths), { force: true });
    await removeForeignLog(paths.snapshot);
    return 'published';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'EBUSY' && code !== 'EACCES') throw error;
    await replaceFile(target, waitingSnapshot(paths));
    return 'waiting';
  }
}

/** Puts a waiting snapshot in place, if there is one and nobody holds the old one any more. */
export async function publishWaiting(paths: DatabasePaths): Promise<void> {
  const waiting = waitingSnapshot(paths);
  try {
    await stat(waiting);
    await replaceFile(waiting, paths.snapshot);
  } catch {
    // None waits, or the old one is still held: the next run tries again.
  }
}
