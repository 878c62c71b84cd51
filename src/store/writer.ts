import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { storageError, usageError } from '../errors.js';
import { type Database, openWritable } from './connection.js';
import { type Lock, takeLock } from './lock.js';
import { migrate } from './migrations.js';
import { type DatabasePaths, databasePaths } from './paths.js';
import { isSnapshotCurrent, type Published, publishSnapshot, publishWaiting } from './publish.js';
import { schemaVersion, storedSchemaVersion } from './schema.js';

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

/** Opens `.cellar/` beside the snapshot for writing, made or migrated as needed. */
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
    const isPublished = await isSnapshotCurrent(paths);
    const database = await openDatabase(paths);
    return withLock(database, paths, lock, isPublished);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openDatabase(paths: DatabasePaths): Promise<Database> {
  await rm(paths.scratch, { recursive: true, force: true });
  await mkdir(paths.scratch, { recursive: true });
  await publishWaiting(paths);
  // Whoever lost .cellar/ still has everything that was published.
  if (!existsSync(paths.writer) && existsSync(paths.snapshot)) await copyFile(paths.snapshot, paths.writer);
  const database = await openWritable(paths.writer, paths.scratch);
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
