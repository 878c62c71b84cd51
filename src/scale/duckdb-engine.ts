import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Database, literal, openWritable } from '../store/connection.js';
import { recordedColumns } from '../store/derive/columns.js';
import { deriveStepRows, materialise } from '../store/derive/derive.js';
import { duckdb } from '../store/derive/dialect.js';
import { idCondition } from '../store/derive/id-condition.js';
import { derivedTests } from '../store/derive/numbering.js';
import { cyclesQuery, numberingStages, stepsQuery } from '../store/derive/queries.js';
import { type Engine, Interrupted, type Job } from './engine.js';
import { viewLakeTables } from './facts.js';
import { batchFolder } from './folders.js';

import type { Batch } from './plan.js';

const parquet = (file: string) => `read_parquet(${literal(file)})`;

async function write(connection: DuckDBConnection, query: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await connection.run(
    `COPY (${query}) TO ${literal(join(folder, 'part-0.parquet'))} (FORMAT parquet, COMPRESSION zstd)`,
  );
  await writeFile(join(folder, '_SUCCESS'), '');
}

/** Reads the records of a batch, from its partitions alone, into step rows. */
async function deriveBatch(
  connection: DuckDBConnection,
  { lake, folders }: Job,
  batch: Batch,
): Promise<void> {
  const files = batch.tests.map(({ path }) => literal(join(lake.folder, path)));
  await connection.run(
    `CREATE OR REPLACE VIEW measurements AS SELECT * FROM read_parquet([${files.join(', ')}],
      hive_partitioning = true, hive_types = {'test_id': INTEGER, 'cell_id': VARCHAR})`,
  );
  await deriveStepRows(connection, 'TRUE');
  const folder = join(folders.work, batchFolder(batch.print));
  await write(connection, 'FROM step_rows', `${folder}.partial`);
  await rm(folder, { recursive: true, force: true });
  await rename(`${folder}.partial`, folder);
}

async function number(connection: DuckDBConnection, { folders, plan }: Job): Promise<void> {
  const columns = recordedColumns.join(', ');
  const made = [
    ...plan.batches.map(({ print, tests }) => ({ print, testIds: tests.map(({ testId }) => testId) })),
    ...plan.done,
  ].map(
    ({ print, testIds }) =>
      `SELECT ${columns} FROM ${parquet(join(folders.work, batchFolder(print), '*.parquet'))} WHERE ${idCondition('test_id', testIds)}`,
  );
  const kept = plan.kept.map(({ testId }) => testId);
  if (kept.length > 0) {
    made.push(
      `SELECT ${columns} FROM ${parquet(join(folders.derived, 'steps.parquet'))} WHERE ${idCondition('test_id', kept)}`,
    );
  }
  await materialise(connection, [{ name: 'step_rows', sql: made.join(' UNION ALL BY NAME ') }]);
  await materialise(connection, numberingStages(duckdb));
  await write(connection, stepsQuery, join(folders.work, 'result', 'steps'));
  await write(connection, cyclesQuery, join(folders.work, 'result', 'cycles'));
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
    if (signal?.aborted === true) throw new Interrupted();
    onProgress?.(at, total, `records of ${batch.tests.length} tests`);
    await deriveBatch(connection, job, batch);
  }
  if (signal?.aborted === true) throw new Interrupted();
  onProgress?.(total - 1, total, 'cycles');
  await number(connection, job);
}

/** DuckDB in this process, on the lake's files where they lie. */
export const duckdbEngine: Engine = {
  name: 'duckdb',
  async derive(job) {
    const scratch = join(job.folders.work, 'scratch');
    await mkdir(scratch, { recursive: true });
    const database = await openWritable(':memory:', scratch);
    const interrupt = () => database.connection.interrupt();
    job.signal?.addEventListener('abort', interrupt);
    try {
      await deriveWith(database, job);
    } catch (error) {
      throw job.signal?.aborted === true ? new Interrupted() : error;
    } finally {
      job.signal?.removeEventListener('abort', interrupt);
      database.close();
      await rm(scratch, { recursive: true, force: true });
    }
  },
};
