import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { hashFile, manifestName, type Place, readManifest, writeText } from '../export/index.js';
import { type Database, literal, openWritable, select } from '../store/connection.js';
import { idCondition } from '../store/derive/id-condition.js';
import { takeLock } from '../store/lock.js';
import { schemaVersion } from '../store/schema.js';
import { tableDefinition } from '../store/tables/index.js';
import { toolVersion } from '../version.js';
import { type DerivedManifest, type DerivedTable, derivedTables, readDerived } from './derived.js';
import type { Engine, Job } from './engine.js';
import { type PartitionFacts, readTestFacts } from './facts.js';
import { batchNote, derivedFolder, localFolders, resultFolder, workFolder } from './folders.js';
import { type Lake, manifestDigest, openLake } from './lake.js';
import { type DerivationPlan, planDerivation } from './plan.js';
import { unreadablePartition } from './unreadable.js';

export interface DeriveLakeOptions {
  /** Number of records that are read together; a finished batch is not read again after a failure. */
  batchRows: number;
  waitSeconds?: number;
  signal?: AbortSignal;
  onPlan?: (plan: DerivationPlan) => void;
  onProgress?: NonNullable<Job['onProgress']>;
}

export interface DeriveLakeSummary {
  /** Tests whose records were read in this run, and by an interrupted one before it. */
  read: number;
  resumed: number;
  numbered: number;
  unchanged: number;
  removed: number;
  rows_read: number;
  steps: number;
  cycles: number;
  seconds: number;
}

async function inScratch<T>(place: Place, work: (database: Database) => Promise<T>): Promise<T> {
  const folder = localFolders(place).scratch;
  await mkdir(folder, { recursive: true });
  const database = await openWritable(':memory:', folder);
  try {
    await place.reach(database.connection);
    return await work(database);
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The tests of each batch, noted before it begins, so that a finished batch can be identified later. */
async function noteBatches(place: Place, { batches }: DerivationPlan): Promise<void> {
  for (const { print, tests } of batches) {
    const note = Object.fromEntries(tests.map(({ testId, recordsPrint }) => [testId, recordsPrint]));
    await writeText(place, batchNote(print), JSON.stringify(note));
  }
}

const orderOf = { steps: 'test_id, step_count', cycles: 'test_id, cycle_count' };

/** The columns of the table in the types of the schema; NULLs where there is no source. */
const columnsOf = (table: DerivedTable, of = (name: string) => name) =>
  tableDefinition(table)
    .columns.map(({ name, type }) => `CAST(${of(name)} AS ${type}) AS ${name}`)
    .join(', ');

/** A table of the new derivation in one file: what the engine made, plus unchanged rows of the last derivation. */
async function combine(
  connection: DuckDBConnection,
  { lake: { place }, plan }: Job,
  table: DerivedTable,
): Promise<DerivedManifest['files'][number]> {
  const columns = columnsOf(table);
  const from = (path: string) => `SELECT ${columns} FROM read_parquet(${literal(place.at(path))})`;
  const unchanged = plan.unchanged.map(({ testId }) => testId);
  const parts = [
    `SELECT ${columnsOf(table, () => 'NULL')} WHERE FALSE`,
    ...(plan.numbered.length === 0 ? [] : [from(`${resultFolder(table)}/*.parquet`)]),
    ...(unchanged.length === 0
      ? []
      : [`${from(`${derivedFolder}/${table}.parquet`)} WHERE ${idCondition('test_id', unchanged)}`]),
  ];
  const path = `${table}.parquet`;
  const file = join(localFolders(place).next, path);
  await connection.run(
    `COPY (SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY ${orderOf[table]})
     TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  const [row] = await select<{ n: number }>(
    connection,
    `SELECT count(*) AS n FROM read_parquet(${literal(file)})`,
  );
  const { size } = await stat(file);
  return { path, table, row_count: row?.n ?? 0, size_bytes: size, sha256: await hashFile(file) };
}

/** Combines what the engine made with what did not change, and replaces the last derivation by it. */
async function publish(
  job: Job,
  engine: Engine['name'],
  facts: readonly PartitionFacts[],
): Promise<DerivedManifest> {
  const { place, digest } = job.lake;
  const { next } = localFolders(place);
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { recursive: true });
  const files = await inScratch(place, async ({ connection }) => {
    const made: DerivedManifest['files'] = [];
    for (const table of derivedTables) made.push(await combine(connection, job, table));
    return made;
  });
  const manifest: DerivedManifest = {
    schema: 'cellar.derived/1',
    engine,
    tool_version: toolVersion,
    schema_version: schemaVersion,
    derived_at: new Date().toISOString(),
    files,
    tests: facts.map(({ testId, recordsPrint, numberingPrint }) => ({
      test_id: testId,
      records: recordsPrint,
      numbering: numberingPrint,
    })),
  };
  await writeFile(join(next, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
  if (manifestDigest(await readManifest(place)) !== digest) {
    throw usageError(
      `${place.name} was exported again while it was derived`,
      'Run it again: what has not changed since is not derived again.',
    );
  }
  await place.exchange(next, derivedFolder, manifestName);
  return manifest;
}

async function deriveLocked(
  lake: Lake,
  engine: Engine,
  options: DeriveLakeOptions,
): Promise<DeriveLakeSummary> {
  const began = performance.now();
  const { place } = lake;
  await place.restore(derivedFolder);
  const last = await readDerived(place);
  const facts = await inScratch(place, ({ connection }) => readTestFacts(connection, lake));
  const plan = await planDerivation(facts, last, place, options.batchRows);
  options.onPlan?.(plan);
  const { signal, onProgress } = options;
  const job: Job = {
    lake,
    plan,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  let manifest = last;
  if (plan.numbered.length > 0) {
    await noteBatches(place, plan);
    for (const table of derivedTables) await place.clear(resultFolder(table));
    await engine.derive(job);
  }
  if (manifest === undefined || plan.numbered.length > 0 || plan.removed.length > 0) {
    manifest = await publish(job, engine.name, facts);
  }
  await place.clear(workFolder);
  await rm(localFolders(place).work, { recursive: true, force: true });
  const rowsOf = (table: DerivedTable) =>
    manifest?.files.find((file) => file.table === table)?.row_count ?? 0;
  return {
    read: plan.batches.reduce((sum, { tests }) => sum + tests.length, 0),
    resumed: plan.done.reduce((sum, { testIds }) => sum + testIds.length, 0),
    numbered: plan.numbered.length,
    unchanged: plan.unchanged.length,
    removed: plan.removed.length,
    rows_read: plan.batches.reduce((sum, { rows }) => sum + rows, 0),
    steps: rowsOf('steps'),
    cycles: rowsOf('cycles'),
    seconds: (performance.now() - began) / 1000,
  };
}

/**
 * Derives `steps` and `cycles` of a lake into its folder `derived/`: only what changed since the last time, and after
 * an interruption only what was not finished. Until everything is complete, `derived/` stays as it was.
 *
 * @throws CellarError (usage) where the place holds no lake, (busy) where another derivation runs on it or the cluster
 *   fails
 */
export async function deriveLake(
  place: Place,
  engine: Engine,
  options: DeriveLakeOptions,
): Promise<DeriveLakeSummary> {
  const lake = await openLake(place);
  await mkdir(place.here, { recursive: true });
  const lock = await takeLock(
    localFolders(place).lock,
    `cellar derive`,
    options.waitSeconds ?? 10,
    options.signal,
  );
  try {
    return await deriveLocked(lake, engine, options);
  } catch (error) {
    throw (await unreadablePartition(lake, error)) ?? place.explain(error);
  } finally {
    await lock.release();
  }
}

/** The files of a lake's derivation on this machine, by table. */
export async function derivedFiles(place: Place): Promise<Record<DerivedTable, string>> {
  if ((await readDerived(place)) === undefined) {
    throw usageError(`${place.name} has not been derived`, 'Run `cellar derive` on it.');
  }
  const fetch = (table: DerivedTable) => place.fetch(`${derivedFolder}/${table}.parquet`);
  return { steps: await fetch('steps'), cycles: await fetch('cycles') };
}
