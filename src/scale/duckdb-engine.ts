import { mkdir, rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Place, writeText } from '../export/index.js';
import { type Database, literal, openWritable } from '../store/connection.js';
import { recordedColumns } from '../store/derive/columns.js';
import { deriveStepRows, materialise } from '../store/derive/derive.js';
import { duckdb } from '../store/derive/dialect.js';
import { idCondition } from '../store/derive/id-condition.js';
import { derivedTests } from '../store/derive/numbering.js';
import { cyclesQuery, numberingStages, stepsQuery } from '../store/derive/queries.js';
import { DerivationInterrupted, type Engine, type Job } from './engine.js';
import { viewLakeTables } from './facts.js';
import { batchFolder, derivedFolder, localFolders, resultFolder, successMark } from './folders.js';
import type { Batch } from './plan.js';

const parquet = (file: string) => `read_parquet(${literal(file)})`;

async function write(
  connection: DuckDBConnection,
  place: Place,
  query: string,
  folder: string,
): Promise<void> {
  await place.renew(folder);
  const file = literal(place.at(`${folder}/part-0.parquet`));
  await connection.run(`COPY (${query}) TO ${file} (FORMAT parquet, COMPRESSION zstd)`);
  await writeText(place, `${folder}/${successMark}`, '');
}

/** Reads the records of a batch, from its partitions alone, into step rows. */
async function deriveBatch(
  connection: DuckDBConnection,
  { lake: { place } }: Job,
  batch: Batch,
): Promise<void> {
  const files = batch.tests.map(({ path }) => literal(place.at(path)));
  await connection.run(
    `CREATE OR REPLACE VIEW measurements AS SELECT * FROM read_parquet([${files.join(', ')}],
      hive_partitioning = true, hive_types = {'test_id': INTEGER, 'cell_id': VARCHAR})`,
  );
  await deriveStepRows(connection, 'TRUE');
  await write(connection, place, 'FROM step_rows', batchFolder(batch.print));
}

async function number(connection: DuckDBConnection, { lake: { place }, plan }: Job): Promise<void> {
  const columns = recordedColumns.join(', ');
  const made = [
    ...plan.batches.map(({ print, tests }) => ({ print, testIds: tests.map(({ testId }) => testId) })),
    ...plan.done,
  ].map(
    ({ print, testIds }) =>
      `SELECT ${columns} FROM ${parquet(place.at(`${batchFolder(print)}/*.parquet`))}
       WHERE ${idCondition('test_id', testIds)}`,
  );
  const kept = plan.kept.map(({ testId }) => testId);
  if (kept.length > 0) {
    made.push(
      `SELECT ${columns} FROM ${parquet(place.at(`${derivedFolder}/steps.parquet`))}
       WHERE ${idCondition('test_id', kept)}`,
    );
  }
  await materialise(connection, [{ name: 'step_rows', sql: made.join(' UNION ALL BY NAME ') }]);
  await materialise(connection, numberingStages(duckdb));
  await write(connection, place, stepsQuery, resultFolder('steps'));
  await write(connection, place, cyclesQuery, resultFolder('cycles'));
}

async function deriveWith({ connection }: Database, job: Job): Promise<void> {
  const { lake, plan, signal, onProgress } = job;
  const total = plan.batches.length + 1;
  await viewLakeTables(connection, lake);
  const running = plan.numbered.filter(({ isRunning }) => isRunning).map(({ testId }) => testId);
  const where = idCondition(
    't.test_id',
    plan.numbered.map(({ testId }) => testId),
  );
  await materialise(connection, [derivedTests({ where, running })]);
  for (const [at, batch] of plan.batches.entries()) {
    if (signal?.aborted === true) throw new DerivationInterrupted();
    onProgress?.(at, total, `records of ${batch.tests.length} tests`);
    await deriveBatch(connection, job, batch);
  }
  if (signal?.aborted === true) throw new DerivationInterrupted();
  onProgress?.(total - 1, total, 'cycles');
  await number(connection, job);
}

/** DuckDB in this process, reading the files of the lake in place. */
export const duckdbEngine: Engine = {
  name: 'duckdb',
  async derive(job) {
    const { place } = job.lake;
    const { scratch } = localFolders(place);
    await mkdir(scratch, { recursive: true });
    const database = await openWritable(':memory:', scratch);
    const interrupt = () => database.connection.interrupt();
    job.signal?.addEventListener('abort', interrupt);
    try {
      await place.reach(database.connection);
      await deriveWith(database, job);
    } catch (error) {
      throw job.signal?.aborted === true ? new DerivationInterrupted() : error;
    } finally {
      job.signal?.removeEventListener('abort', interrupt);
      database.close();
      await rm(scratch, { recursive: true, force: true });
    }
  },
};
