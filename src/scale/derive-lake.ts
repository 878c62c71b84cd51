import { existsSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { hashFile } from '../export/index.js';
import { type Database, literal, openWritable, select } from '../store/connection.js';
import { idCondition } from '../store/derive/id-condition.js';
import { takeLock } from '../store/lock.js';
import { schemaVersion } from '../store/schema.js';
import { tableDefinition } from '../store/tables/index.js';
import { toolVersion } from '../version.js';
import {
  type DerivedManifest,
  type DerivedTable,
  derivedTables,
  exchange,
  mendExchange,
  readDerived,
  writeDerived,
} from './derived.js';
import type { Engine, Job } from './engine.js';
import { readTestFacts, type TestFacts } from './facts.js';
import { batchNote, type LakeFolders, lakeFolders } from './folders.js';
import { type Lake, lakeDigest, openLake } from './lake.js';
import { type DerivationPlan, planDerivation } from './plan.js';
import { unreadablePartition } from './unreadable.js';

export interface DeriveLakeOptions {
  /** Records that are read together; what is finished when something fails is not read again. */
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

async function inScratch<T>(folder: string, work: (database: Database) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const database = await openWritable(':memory:', folder);
  try {
    return await work(database);
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Which tests each batch holds, noted before it is begun: what is found finished later is known by it. */
async function noteBatches({ work }: LakeFolders, { batches }: DerivationPlan): Promise<void> {
  await mkdir(join(work, 'batches'), { recursive: true });
  for (const { print, tests } of batches) {
    const note = Object.fromEntries(tests.map(({ testId, recordsPrint }) => [testId, recordsPrint]));
    await writeFile(join(work, batchNote(print)), JSON.stringify(note));
  }
}

const orderOf = { steps: 'test_id, step_count', cycles: 'test_id, cycle_count' };

/** The table's columns in the types of the schema; NULLs where there is nothing to select from. */
const columnsOf = (table: DerivedTable, of = (name: string) => name) =>
  tableDefinition(table)
    .columns.map(({ name, type }) => `CAST(${of(name)} AS ${type}) AS ${name}`)
    .join(', ');

/** A table of the new derivation in one file: what the engine made, and from the last one what did not change. */
async function combine(
  connection: DuckDBConnection,
  { folders, plan }: Job,
  table: DerivedTable,
): Promise<DerivedManifest['files'][number]> {
  const columns = columnsOf(table);
  const from = (...path: string[]) => `SELECT ${columns} FROM read_parquet(${literal(join(...path))})`;
  const unchanged = plan.unchanged.map(({ testId }) => testId);
  const parts = [
    `SELECT ${columnsOf(table, () => 'NULL')} WHERE FALSE`,
    ...(plan.numbered.length === 0 ? [] : [from(folders.work, 'result', table, '*.parquet')]),
    ...(unchanged.length === 0
      ? []
      : [`${from(folders.derived, `${table}.parquet`)} WHERE ${idCondition('test_id', unchanged)}`]),
  ];
  const path = `${table}.parquet`;
  const file = join(folders.work, 'next', path);
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

/** Puts what the engine made beside what did not change, and exchanges the whole for the last derivation. */
async function publish(
  job: Job,
  engine: Engine['name'],
  facts: readonly TestFacts[],
): Promise<DerivedManifest> {
  const { folders, lake } = job;
  const next = join(folders.work, 'next');
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { recursive: true });
  const files = await inScratch(join(folders.work, 'scratch'), async ({ connection }) => {
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
  await writeDerived(next, manifest);
  if (lakeDigest(lake.folder) !== lake.digest) {
    throw usageError(
      `${lake.folder} was exported anew while it was derived`,
      'Run it again: what has not changed since is not derived again.',
    );
  }
  await exchange(folders, next);
  return manifest;
}

async function deriveLocked(
  lake: Lake,
  folders: LakeFolders,
  engine: Engine,
  options: DeriveLakeOptions,
): Promise<DeriveLakeSummary> {
  const began = performance.now();
  await mendExchange(folders);
  const last = readDerived(folders);
  const facts = await inScratch(join(folders.work, 'scratch'), ({ connection }) =>
    readTestFacts(connection, lake),
  );
  const plan = planDerivation(facts, last, folders.work, options.batchRows);
  options.onPlan?.(plan);
  const { signal, onProgress } = options;
  const job: Job = {
    lake,
    folders,
    plan,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  let manifest = last;
  if (plan.numbered.length > 0) {
    await noteBatches(folders, plan);
    await rm(join(folders.work, 'result'), { recursive: true, force: true });
    await engine.derive(job);
  }
  if (manifest === undefined || plan.numbered.length > 0 || plan.removed.length > 0) {
    manifest = await publish(job, engine.name, facts);
  }
  await rm(folders.work, { recursive: true, force: true });
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
 * Derives `steps` and `cycles` of a lake into its folder `derived/`: only what changed since the last time, and of an
 * interrupted attempt only what it had not finished. Until all of it is there, `derived/` stays as it was.
 *
 * @throws CellarError (usage) where the folder is no lake, (busy) where another derivation runs on it or the cluster fails
 */
export async function deriveLake(
  folder: string,
  engine: Engine,
  options: DeriveLakeOptions,
): Promise<DeriveLakeSummary> {
  const lake = openLake(folder);
  const folders = lakeFolders(lake.folder);
  const lock = await takeLock(folders.lock, `cellar derive`, options.waitSeconds ?? 10, options.signal);
  try {
    return await deriveLocked(lake, folders, engine, options);
  } catch (error) {
    throw (await unreadablePartition(lake, error)) ?? error;
  } finally {
    await lock.release();
  }
}

/** The files of a lake's derivation, by table. */
export function derivedFiles(folder: string): Record<DerivedTable, string> {
  const { derived } = lakeFolders(folder);
  if (!existsSync(derived)) throw usageError(`${folder} has not been derived`, 'Run `cellar derive` on it.');
  return { steps: join(derived, 'steps.parquet'), cycles: join(derived, 'cycles.parquet') };
}
