import { existsSync } from 'node:fs';
import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { usageError } from '../errors.js';
import { toolVersion } from '../version.js';
import { openReadOnly } from './connection.js';
import { checkConsistency } from './consistency.js';
import { type Contents, compareContents, readContents } from './contents.js';
import { type Diagnosis, ok, warning, wrong } from './diagnosis.js';
import { describeForeignLog } from './foreign-log.js';
import { openUnlogged } from './health.js';
import { describeHolder, isGone, parseHolder } from './holder.js';
import { type DatabasePaths, databasePaths } from './paths.js';
import { waitingSnapshot } from './publish.js';
import { forgetSeen } from './seen.js';
import { setAsidePath } from './settle.js';

/**
 * Examines a database and the files beside it. Changes nothing and takes no lock.
 *
 * @throws CellarError (usage) where there is no database
 */
export async function diagnose(database: string): Promise<Diagnosis[]> {
  const paths = databasePaths(database);
  if (!existsSync(paths.snapshot) && !existsSync(paths.writer)) {
    throw usageError(
      `there is no database at ${database}`,
      'run `cellar ingest FOLDER` first, or name it with --db FILE',
    );
  }
  const outside = [
    versions(),
    await lock(paths),
    await snapshot(paths),
    await scratch(paths),
    await diskSpace(paths),
  ];
  return [...outside, ...(await contents(paths)), ...(await inside(paths.snapshot))];
}

function versions(): Diagnosis {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const message = `Cellar ${toolVersion}, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
  const isOld = major < 20 || (major === 20 && minor < 19);
  return isOld ? wrong('versions', message, 'Node 20.19 or later is needed') : ok('versions', message);
}

async function lock({ lock: path }: DatabasePaths): Promise<Diagnosis> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return ok('lock', 'nobody writes');
  const holder = parseHolder(text);
  if (holder === undefined) return warning('lock', `${path} names nobody`, 'the next run takes it over');
  const facts = await stat(path).catch(() => undefined);
  const age = facts === undefined ? 0 : Date.now() - facts.mtimeMs;
  if (!isGone(holder, age)) return ok('lock', describeHolder(holder));
  return warning('lock', `${describeHolder(holder)}, and is gone`, 'the next run takes it over');
}

async function snapshot(paths: DatabasePaths): Promise<Diagnosis> {
  if (!existsSync(paths.snapshot)) {
    return wrong('snapshot', `${paths.snapshot} is not there`, 'any ingest or check publishes it');
  }
  if (existsSync(waitingSnapshot(paths))) {
    return warning(
      'snapshot',
      'a newer one waits because a reader holds this one',
      'close what reads it and run ingest or check',
    );
  }
  const log = describeForeignLog(paths.snapshot);
  if (log !== undefined) {
    return warning(
      'snapshot',
      log,
      'close the client that wrote it; the next ingest or check removes the log',
    );
  }
  return ok('snapshot', 'published');
}

/** Reads both files from the first block to the last, and checks whether readers have what was stored. */
async function contents(paths: DatabasePaths): Promise<Diagnosis[]> {
  const writes = existsSync(paths.lock);
  const published = await readContents(paths.snapshot, openUnlogged);
  const written = writes ? undefined : await readContents(paths.writer, openReadOnly);
  const found = [...describe('snapshot', paths.snapshot, published), ...describeWriter(paths, written)];
  if (published?.state === 'read' && written?.state === 'read')
    found.push(compareContents(published, written));
  // The next run then examines both instead of relying on how they looked when the last one ended.
  if (found.some(({ state }) => state === 'wrong')) await forgetSeen(paths);
  return found;
}

function describe(what: string, path: string, read: Contents | undefined): Diagnosis[] {
  if (read === undefined || read.state === 'read') return [];
  const hint =
    what === 'snapshot'
      ? 'the next ingest or check publishes it again from what is written'
      : 'the next ingest makes it again from the snapshot';
  return [wrong(what, `${path} ${read.message}`, hint)];
}

function describeWriter(paths: DatabasePaths, read: Contents | undefined): Diagnosis[] {
  if (existsSync(paths.lock)) return [ok('writer', 'in use, not looked at')];
  const found =
    read === undefined
      ? [ok('writer', 'there is none beside the snapshot, the next run makes one from it')]
      : read.state === 'read'
        ? [ok('writer', 'every block can be read')]
        : describe('writer', paths.writer, read);
  if (!existsSync(setAsidePath(paths))) return found;
  const message = `${setAsidePath(paths)} is one that was damaged or older than the snapshot`;
  return [...found, warning('writer', message, 'remove it when nothing is missing')];
}

async function scratch(paths: DatabasePaths): Promise<Diagnosis> {
  const left = await readdir(paths.scratch).catch(() => []);
  const stray = (await readdir(paths.folder).catch(() => [])).filter(
    (name) => name.endsWith('.tmp') || name.endsWith('.takeover'),
  );
  const all = [
    ...left.map((name) => join(paths.scratch, name)),
    ...stray.map((name) => join(paths.folder, name)),
  ];
  if (all.length === 0 || existsSync(paths.lock)) return ok('scratch space', 'empty, or in use');
  return warning(
    'scratch space',
    `${all.length} files of an interrupted run in ${paths.folder}`,
    'the next run empties it; .tmp files may be removed',
  );
}

const SMALLEST_FREE = 1e9;

async function diskSpace(paths: DatabasePaths): Promise<Diagnosis> {
  const space = await statfs(dirname(paths.snapshot)).catch(() => undefined);
  if (space === undefined) return warning('disk space', 'cannot be told', 'look yourself');
  const free = space.bavail * space.bsize;
  const size = (await stat(paths.writer).catch(() => undefined))?.size ?? 0;
  const message = `${(free / 1e9).toFixed(1)} GB free, the database has ${(size / 1e9).toFixed(2)} GB`;
  // Publishing needs space for a second copy.
  if (free < size + 1e8)
    return wrong('disk space', message, 'free some: publishing needs room for a second copy');
  return free < SMALLEST_FREE
    ? warning('disk space', message, 'free some before the next ingest')
    : ok('disk space', message);
}

async function inside(path: string): Promise<Diagnosis[]> {
  if (!existsSync(path)) return [];
  const database = await openUnlogged(path).catch(() => undefined);
  if (database === undefined) return [];
  try {
    return await checkConsistency(database.connection);
  } catch (error) {
    return [wrong('database', `${path}: ${(error as Error).message.split('\n')[0]}`, 'see above')];
  } finally {
    database.close();
  }
}
