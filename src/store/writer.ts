import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { storageError, usageError } from '../errors.js';
import { type Database, openWritable } from './connection.js';
import { renewDerivation } from './derive/renew.js';
import { type Lock, takeLock } from './lock.js';
import { migrate } from './migrations.js';
import { type DatabasePaths, databasePaths } from './paths.js';
import {
  isSnapshotCurrent,
  makeWhole,
  type Published,
  publishSnapshot,
  publishWaiting,
  removeUnfinished,
} from './publish.js';
import { createSchema, schemaVersion, storedSchemaVersion } from './schema.js';
import { openingError } from './snapshot.js';

/** The database that is written, with the lock that keeps others out. */
export interface Writer extends Database {
  paths: DatabasePaths;
  /** Whether readers had everything that was stored when it was opened. */
  isPublished: boolean;
  /** Makes what was committed visible to readers. */
  publish(): Promise<Published>;
  /** Closes the database and gives the lock back. */
  end(): Promise<void>;
}

export interface WriterOptions {
  /** What is running, for whoever waits. */
  command: string;
  /** How long to wait for another writer. */
  waitSeconds?: number;
  signal?: AbortSignal;
}

/** Opens `.cellar/` beside the snapshot for writing: made, migrated and derived again as needed. */
export async function openWriter(snapshot: string, options: WriterOptions): Promise<Writer> {
  const paths = databasePaths(snapshot);
  try {
    await mkdir(paths.folder, { recursive: true });
  } catch (error) {
    throw storageError(
      `cannot make ${paths.folder}: ${(error as Error).message}`,
      'check the folder and its permissions',
    );
  }
  const lock = await takeLock(paths.lock, options.command, options.waitSeconds ?? 10, options.signal);
  try {
    const wasPublished = await isSnapshotCurrent(paths);
    const database = await openDatabase(paths);
    const isRenewed = await renewDerivation(database.connection).catch((error: Error) => {
      database.close();
      throw error;
    });
    return withLock(database, paths, lock, wasPublished && !isRenewed);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openDatabase(paths: DatabasePaths): Promise<Database> {
  await rm(paths.scratch, { recursive: true, force: true });
  await mkdir(paths.scratch, { recursive: true });
  await removeUnfinished(paths);
  await publishWaiting(paths);
  if (!existsSync(paths.writer)) {
    // The log of a writer that somebody removed is not that of the new one.
    await rm(`${paths.writer}.wal`, { force: true });
    await makeWhole(paths.writer, paths, (path) => beginDatabase(path, paths));
  }
  const database = await openWritable(paths.writer, paths.scratch).catch((error: Error) => {
    throw openingError(paths.writer, error);
  });
  const stored = await storedSchemaVersion(database.connection);
  if (stored > schemaVersion) {
    database.close();
    throw usageError(
      `${paths.writer} has schema version ${stored}, this Cellar knows up to ${schemaVersion}`,
      'install the newer Cellar that wrote it',
    );
  }
  await migrate(database.connection, stored);
  return database;
}

/** What a new writer begins with: whoever lost .cellar/ still has everything that was published. */
async function beginDatabase(path: string, paths: DatabasePaths): Promise<void> {
  if (existsSync(paths.snapshot)) {
    await copyFile(paths.snapshot, path);
    // A snapshot that its owner may only read is copied with that mark.
    await chmod(path, 0o666 & ~process.umask());
    return;
  }
  const database = await openWritable(path, paths.scratch);
  try {
    await createSchema(database.connection);
  } finally {
    database.close();
  }
}

function withLock(database: Database, paths: DatabasePaths, lock: Lock, isPublished: boolean): Writer {
  return {
    ...database,
    paths,
    isPublished,
    publish: () => publishSnapshot(database, paths),
    async end() {
      database.close();
      await rm(paths.scratch, { recursive: true, force: true }).catch(() => undefined);
      await lock.release();
    },
  };
}
