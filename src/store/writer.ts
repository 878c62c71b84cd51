import { statSync } from 'node:fs';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { storageError, usageError } from '../errors.js';
import { type Database, openWritable } from './connection.js';
import { renewDerivation } from './derive/renew.js';
import { removeForeignLog } from './foreign-log.js';
import { type Lock, takeLock } from './lock.js';
import { migrate } from './migrations.js';
import { type DatabasePaths, databasePaths } from './paths.js';
import { identify } from './publication.js';
import { createPublisher, type PublishOutcome, publishWaiting, removeUnfinished } from './publish.js';
import { schemaVersion, storedSchemaVersion } from './schema.js';
import { forgetSeen, noteSeen, stillAsSeen } from './seen.js';
import { checkName, settleWriter } from './settle.js';
import { openingError } from './snapshot.js';
import { takeOverOlderWriter } from './takeover.js';

/** The database that is written, with the lock that excludes other writers. */
export interface Writer extends Database {
  paths: DatabasePaths;
  /** Whether, when it was opened, readers had everything that was stored. */
  isPublished: boolean;
  /** What had to be repaired when it was opened, in words. */
  notice: string | undefined;
  /** Makes what was committed visible to readers. */
  publish(): Promise<PublishOutcome>;
  /** Closes the database and releases the lock. */
  end(): Promise<void>;
}

export interface WriterOptions {
  /** The running command, for others that wait. */
  command: string;
  /** How long to wait for another writer. */
  waitSeconds?: number;
  signal?: AbortSignal;
}

/**
 * Opens `.cellar/` beside the snapshot for writing; it is created, migrated and derived again as needed. A damaged
 * writer is made again from the snapshot.
 *
 * @throws CellarError (usage) where the name belongs to something else, which is left as it is; (storage) where
 *   everything is damaged; (busy) while another process writes
 */
export async function openWriter(snapshot: string, options: WriterOptions): Promise<Writer> {
  const paths = databasePaths(snapshot);
  checkName(paths, statSync(paths.snapshot, { throwIfNoEntry: false }));
  const isNew = statSync(paths.folder, { throwIfNoEntry: false }) === undefined;
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
    return await openLocked(paths, lock);
  } catch (error) {
    await rm(paths.scratch, { recursive: true, force: true }).catch(() => undefined);
    await lock.release();
    // Nothing is left behind for a refused name; a folder that is not empty stays.
    if (isNew) await rmdir(paths.folder).catch(() => undefined);
    throw error;
  }
}

async function openLocked(paths: DatabasePaths, lock: Lock): Promise<Writer> {
  await rm(paths.scratch, { recursive: true, force: true });
  await mkdir(paths.scratch, { recursive: true });
  await removeUnfinished(paths);
  await takeOverOlderWriter(paths);
  await publishWaiting(paths);
  await removeForeignLog(paths.snapshot);
  const seen = await stillAsSeen(paths);
  const notice = seen === undefined ? await settleWriter(paths) : undefined;
  // Unless this run ends normally, the next one examines what it left.
  await forgetSeen(paths);
  const { database, isRenewed } = await openDatabase(paths);
  return withLock(database, paths, lock, { isPublished: seen?.isPublished === true && !isRenewed, notice });
}

/** Brings the writer to the schema and derivation of this Cellar; returns whether either changed stored data. */
async function openDatabase(paths: DatabasePaths): Promise<{ database: Database; isRenewed: boolean }> {
  const database = await openWritable(paths.writer, paths.scratch).catch((error: Error) => {
    throw openingError(paths.writer, error);
  });
  try {
    const stored = await storedSchemaVersion(database.connection);
    if (stored > schemaVersion) {
      throw usageError(
        `${paths.writer} has schema version ${stored}, this Cellar knows up to ${schemaVersion}`,
        'install the newer Cellar that wrote it',
      );
    }
    const isMigrated = await migrate(database.connection, stored);
    await identify(database.connection);
    const isDerived = await renewDerivation(database.connection);
    return { database, isRenewed: isDerived || isMigrated };
  } catch (error) {
    database.close();
    throw error;
  }
}

function withLock(
  database: Database,
  paths: DatabasePaths,
  lock: Lock,
  opened: Pick<Writer, 'isPublished' | 'notice'>,
): Writer {
  const publisher = createPublisher(database, paths);
  let isPublished = opened.isPublished;
  let published = writtenAt(paths);
  return {
    ...database,
    paths,
    ...opened,
    async publish() {
      const outcome = await publisher.publish();
      isPublished = outcome === 'published';
      published = writtenAt(paths);
      return outcome;
    },
    async end() {
      try {
        database.close();
        publisher.close();
        await rm(paths.scratch, { recursive: true, force: true }).catch(() => undefined);
        // What was stored after the last publication is not published; closing alone changes nothing.
        await noteSeen(paths, isPublished && writtenAt(paths) === published);
      } finally {
        await lock.release();
      }
    },
  };
}

/** When the file of the writer was last written, to the nanosecond. */
function writtenAt({ writer }: DatabasePaths): bigint | undefined {
  return statSync(writer, { bigint: true, throwIfNoEntry: false })?.mtimeNs;
}
