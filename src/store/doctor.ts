import { existsSync } from 'node:fs';
import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { toolVersion } from '../version.js';
import { openReadOnly, select } from './connection.js';
import { describeHolder, isGone, parseHolder } from './holder.js';
import { type DatabasePaths, databasePaths } from './paths.js';
import { waitingSnapshot } from './publish.js';
import { schemaVersion, storedSchemaVersion } from './schema.js';
import { tables } from './tables/index.js';

/** One thing that was looked at. */
export interface Diagnosis {
  what: string;
  state: 'ok' | 'warning' | 'wrong';
  message: string;
  /** What to do; null where there is nothing to do. */
  hint: string | null;
}

const ok = (what: string, message: string): Diagnosis => ({ what, state: 'ok', message, hint: null });
const warning = (what: string, message: string, hint: string): Diagnosis => ({
  what,
  state: 'warning',
  message,
  hint,
});
const wrong = (what: string, message: string, hint: string): Diagnosis => ({
  what,
  state: 'wrong',
  message,
  hint,
});

/**
 * Looks at a database and what lies beside it. Changes nothing and takes no lock.
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
  if (!existsSync(paths.snapshot)) return outside;
  return [...outside, ...(await inside(paths.snapshot))];
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
  const published = await stat(paths.snapshot).catch(() => undefined);
  const written = await stat(paths.writer).catch(() => undefined);
  if (published === undefined) {
    return wrong('snapshot', `${paths.snapshot} is not there`, 'any ingest or check publishes it');
  }
  if (existsSync(waitingSnapshot(paths))) {
    return warning(
      'snapshot',
      'a newer one waits because a reader holds this one',
      'close what reads it and run ingest or check',
    );
  }
  if (written === undefined)
    return ok('snapshot', 'published; there is no writer beside it, the next run makes one from it');
  // Closing the writer touches it just after it was copied.
  const behind = written.mtimeMs - published.mtimeMs;
  if (behind > 60_000 && !existsSync(paths.lock)) {
    const message = `it is ${Math.round(behind / 60_000)} minutes older than what was written`;
    return warning('snapshot', message, 'an interrupted run did not publish; the next ingest or check does');
  }
  return ok('snapshot', 'published');
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
  // Publishing needs room for a second copy.
  if (free < size + 1e8)
    return wrong('disk space', message, 'free some: publishing needs room for a second copy');
  return free < SMALLEST_FREE
    ? warning('disk space', message, 'free some before the next ingest')
    : ok('disk space', message);
}

async function inside(path: string): Promise<Diagnosis[]> {
  const database = await openReadOnly(path).catch((error: Error) => error);
  if (database instanceof Error) {
    return [
      wrong(
        'database',
        `${path} cannot be opened: ${database.message}`,
        'restore it from a copy, or ingest again',
      ),
    ];
  }
  try {
    const { connection } = database;
    const version = await schema(connection);
    return version.state === 'wrong'
      ? [version]
      : [version, await reconciled(connection), await orphans(connection), await refused(connection)];
  } finally {
    database.close();
  }
}

async function schema(connection: DuckDBConnection): Promise<Diagnosis> {
  const stored = await storedSchemaVersion(connection);
  if (stored > schemaVersion) {
    return wrong(
      'schema',
      `version ${stored}, this Cellar knows up to ${schemaVersion}`,
      'install the newer Cellar',
    );
  }
  const present = await select<{ table_name: string }>(
    connection,
    'SELECT table_name FROM information_schema.tables',
  );
  const names = new Set(present.map(({ table_name }) => table_name));
  const missing = tables.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    return wrong('schema', `tables ${missing.join(', ')} are missing`, 'any ingest makes them');
  if (stored < schemaVersion) {
    return warning(
      'schema',
      `version ${stored}, this Cellar writes ${schemaVersion}`,
      'the next ingest migrates it',
    );
  }
  return ok('schema', `version ${stored}`);
}

async function reconciled(connection: DuckDBConnection): Promise<Diagnosis> {
  const [totals] = await select<{ files: number; bad: number; example: string | null }>(
    connection,
    `SELECT count(*) AS files,
       count(*) FILTER (lines_total <> lines_head + lines_structural + rows_loaded + rows_rejected) AS bad,
       min(path) FILTER (lines_total <> lines_head + lines_structural + rows_loaded + rows_rejected) AS example
     FROM files`,
  );
  if (totals === undefined || totals.bad === 0) {
    return ok('lines', `of ${totals?.files ?? 0} files, every line is head, structural, loaded or rejected`);
  }
  return wrong(
    'lines',
    `${totals.bad} files do not add up, such as ${totals.example}`,
    'report it with the file: no line may get lost',
  );
}

/** Rows that point at something that is not there. */
const references: readonly (readonly [child: string, key: string, parent: string])[] = [
  ['tests', 'file_id', 'files'],
  ['test_files', 'test_id', 'tests'],
  ['test_files', 'file_id', 'files'],
  ['rejects', 'file_id', 'files'],
  ['steps', 'test_id', 'tests'],
  ['cycles', 'test_id', 'tests'],
  ['spectra', 'file_id', 'files'],
  ['impedance', 'spectrum_id', 'spectra'],
  ['cells', 'material_id', 'materials'],
];

async function orphans(connection: DuckDBConnection): Promise<Diagnosis> {
  const counts = await Promise.all([
    ...references.map(async ([child, key, parent]) => {
      const [row] = await select<{ n: number }>(
        connection,
        `SELECT count(*) AS n FROM ${child} WHERE ${key} IS NOT NULL AND ${key} NOT IN (SELECT ${key} FROM ${parent})`,
      );
      return { what: `${child}.${key}`, n: row?.n ?? 0 };
    }),
    measurementsWithoutTest(connection),
  ]);
  const bad = counts.filter(({ n }) => n > 0);
  if (bad.length === 0) return ok('references', 'every row belongs to a file');
  const list = bad.map(({ what, n }) => `${n} rows by ${what}`).join(', ');
  return wrong('references', `without what they belong to: ${list}`, 'report it');
}

/** By test, not by record: the table is large. */
async function measurementsWithoutTest(connection: DuckDBConnection): Promise<{ what: string; n: number }> {
  const [row] = await select<{ n: number }>(
    connection,
    `SELECT count(*) AS n FROM (SELECT DISTINCT test_id FROM measurements) WHERE test_id NOT IN (SELECT test_id FROM tests)`,
  );
  return { what: 'measurements.test_id', n: row?.n ?? 0 };
}

async function refused(connection: DuckDBConnection): Promise<Diagnosis> {
  const [row] = await select<{ rejected: number; conflict: number }>(
    connection,
    `SELECT count(*) FILTER (status = 'rejected') AS rejected, count(*) FILTER (status = 'conflict') AS conflict
     FROM (SELECT * FROM files QUALIFY row_number() OVER (PARTITION BY path ORDER BY file_id DESC) = 1)`,
  );
  const { rejected = 0, conflict = 0 } = row ?? {};
  if (rejected + conflict === 0) return ok('files', 'none was refused');
  return warning('files', `${rejected} rejected, ${conflict} in conflict`, '`cellar status` lists them');
}
