import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../../errors.js';
import { insertRows, inTransaction, nextId, run, select } from '../../store/connection.js';
import { deriveTests, renumberTests } from '../../store/derive/derive.js';
import { forwardSlashes } from '../../store/path-patterns.js';
import { type PlaceCount, rejectCountsSql } from '../../store/place.js';
import { toolVersion } from '../../version.js';
import { removeSpectra, removeTests } from '../ledger/replace.js';

/**
 * Removes what should never have been ingested: files, and everything that came from them. The ledger keeps a row of
 * each with the status `forgotten`: neither the path nor the same bytes elsewhere are read again, unless the file is
 * named on the command line of `ingest`.
 */

/**
 * What is to be forgotten: paths (files, or folders with everything below them), or everything that one run stored.
 */
export type ForgetRequest = { paths: readonly string[] } | { run: number };

/** A file that is forgotten. */
export interface ForgottenFile {
  file_id: number;
  path: string;
  status: string;
}

/** What forgetting removes. */
export interface ForgetPlan {
  files: ForgottenFile[];
  /** Tests that are removed completely, including their later or earlier parts. */
  tests: number[];
  /** Tests that keep their earlier records; records from this one on are removed. */
  cut: { test_id: number; from_record: number; records: number }[];
  spectra: number[];
  /** Files that stay but gave part of a removed test; the next ingest reads them again. */
  read_again: ForgottenFile[];
  records: number;
  rejects: number;
  /** The same by their kind. */
  rejects_by_unit: PlaceCount[];
}

const list = (ids: readonly number[]): string => (ids.length === 0 ? 'NULL' : ids.join(', '));

async function filesAsked(connection: DuckDBConnection, request: ForgetRequest): Promise<ForgottenFile[]> {
  const columns = `SELECT file_id, path, status FROM files WHERE status <> 'forgotten'`;
  if ('run' in request) {
    const [asked] = await select<{ started_at: Date; ended_at: Date }>(
      connection,
      `SELECT started_at, coalesce(finished_at, lead(started_at) OVER (ORDER BY run_id), now()::TIMESTAMP) AS ended_at
       FROM runs QUALIFY run_id = $1`,
      [request.run],
    );
    if (asked === undefined) {
      throw usageError(`there is no run ${request.run}`, '`cellar query "FROM runs"` lists them');
    }
    return select(connection, `${columns} AND ingested_at BETWEEN $1 AND $2 ORDER BY file_id`, [
      asked.started_at,
      asked.ended_at,
    ]);
  }
  const found: ForgottenFile[] = [];
  for (const given of request.paths) {
    const path = forwardSlashes(resolve(given));
    const files = await select<ForgottenFile>(
      connection,
      `${columns} AND (path = $1 OR starts_with(path, $1 || '/')) ORDER BY file_id`,
      [path],
    );
    if (files.length === 0) {
      throw usageError(
        `${given} is not in the ledger`,
        '`cellar query "SELECT path FROM files"` lists what is',
      );
    }
    found.push(...files);
  }
  return [...new Map(found.map((file) => [file.file_id, file])).values()];
}

/**
 * Works out what forgetting would remove; changes nothing.
 *
 * @throws CellarError (usage) where nothing is known under a path, or where a test would lose parts that exist nowhere
 *   else
 */
export async function planForget(connection: DuckDBConnection, request: ForgetRequest): Promise<ForgetPlan> {
  const files = await filesAsked(connection, request);
  const ids = files.map(({ file_id }) => file_id);
  const going = new Set(ids);
  const parts = await select<{
    test_id: number;
    file_id: number;
    path: string;
    status: string;
    first: number;
  }>(
    connection,
    `SELECT tf.test_id, tf.file_id, f.path, f.status, tf.first_record_index AS first
     FROM test_files tf JOIN files f USING (file_id)
     WHERE tf.test_id IN (SELECT test_id FROM test_files WHERE file_id IN (${list(ids)}))
     ORDER BY tf.test_id, tf.first_record_index, tf.file_id`,
  );
  const plan: ForgetPlan = {
    files,
    tests: [],
    cut: [],
    spectra: [],
    read_again: [],
    records: 0,
    rejects: 0,
    rejects_by_unit: [],
  };
  const again = new Map<number, ForgottenFile>();
  for (const test_id of new Set(parts.map((part) => part.test_id))) {
    const own = parts.filter((part) => part.test_id === test_id);
    const first = own.findIndex(({ file_id }) => going.has(file_id));
    const kept = own.filter(({ file_id }) => !going.has(file_id));
    if (first > 0 && own.slice(first).every(({ file_id }) => going.has(file_id))) {
      plan.cut.push({ test_id, from_record: own[first]!.first, records: 0 });
      continue;
    }
    plan.tests.push(test_id);
    for (const { file_id, path, status } of kept) again.set(file_id, { file_id, path, status });
  }
  plan.read_again = [...again.values()];
  const gone = plan.read_again.find(({ path }) => !existsSync(path));
  if (gone !== undefined) {
    throw usageError(
      `${gone.path} gave a part of the same test and is not there any more: it could not be read again`,
      'name it too if its part may be forgotten with the rest',
    );
  }
  plan.spectra = (
    await select<{ spectrum_id: number }>(
      connection,
      `SELECT spectrum_id FROM spectra WHERE file_id IN (${list(ids)}) ORDER BY spectrum_id`,
    )
  ).map(({ spectrum_id }) => spectrum_id);
  return countRecords(connection, plan, ids);
}

async function countRecords(
  connection: DuckDBConnection,
  plan: ForgetPlan,
  ids: readonly number[],
): Promise<ForgetPlan> {
  for (const cut of plan.cut) {
    const [row] = await select<{ n: number }>(
      connection,
      `SELECT count(*) AS n FROM measurements WHERE test_id = ${cut.test_id} AND record_index >= ${cut.from_record}`,
    );
    cut.records = row!.n;
  }
  const [whole] = await select<{ records: number; rejects: number }>(
    connection,
    `SELECT (SELECT count(*) FROM measurements WHERE test_id IN (${list(plan.tests)})) AS records,
       (SELECT count(*) FROM rejects WHERE file_id IN (${list(ids)})) AS rejects`,
  );
  plan.records = whole!.records + plan.cut.reduce((sum, { records }) => sum + records, 0);
  plan.rejects = whole!.rejects;
  plan.rejects_by_unit = await select(connection, rejectCountsSql(`file_id IN (${list(ids)})`));
  return plan;
}

/** Removes what was planned, in one transaction, and records it as a run. */
export async function forget(connection: DuckDBConnection, request: ForgetRequest): Promise<ForgetPlan> {
  return inTransaction(connection, async () => {
    const plan = await planForget(connection, request);
    if (plan.files.length === 0) return plan;
    const startedAt = new Date();
    const cells = await select<{ cell_id: string }>(
      connection,
      `SELECT DISTINCT cell_id FROM tests WHERE cell_id IS NOT NULL AND test_id IN (${list(plan.tests)})`,
    );
    await removeTests(connection, plan.tests);
    await removeSpectra(connection, plan.spectra);
    await cutTests(connection, plan);
    await removeLedger(connection, plan);
    await deriveTests(
      connection,
      plan.cut.map(({ test_id }) => test_id),
    );
    // The cycles of a cell's other tests are numbered over its whole life.
    const others = await select<{ test_id: number }>(
      connection,
      `SELECT test_id FROM tests WHERE cell_id IN (SELECT unnest($1::VARCHAR[]))`.replace(
        '$1::VARCHAR[]',
        `[${cells.map(({ cell_id }) => `'${cell_id.replaceAll("'", "''")}'`).join(', ')}]::VARCHAR[]`,
      ),
    );
    await renumberTests(
      connection,
      others.map(({ test_id }) => test_id),
    );
    await noteRun(connection, request, plan, startedAt);
    return plan;
  });
}

async function cutTests(connection: DuckDBConnection, { cut, files }: ForgetPlan): Promise<void> {
  const ids = list(files.map(({ file_id }) => file_id));
  for (const { test_id, from_record } of cut) {
    await run(
      connection,
      `DELETE FROM measurements WHERE test_id = ${test_id} AND record_index >= ${from_record}`,
    );
    await run(connection, `DELETE FROM test_files WHERE test_id = ${test_id} AND file_id IN (${ids})`);
    await run(
      connection,
      `UPDATE tests SET record_count = (SELECT count(*) FROM measurements WHERE test_id = ${test_id})
       WHERE test_id = ${test_id}`,
    );
  }
}

async function removeLedger(connection: DuckDBConnection, plan: ForgetPlan): Promise<void> {
  const ids = list(plan.files.map(({ file_id }) => file_id));
  const again = list(plan.read_again.map(({ file_id }) => file_id));
  for (const table of ['rejects', 'findings', 'vendor_cycles', 'test_files']) {
    await run(connection, `DELETE FROM ${table} WHERE file_id IN (${ids}, ${again})`);
  }
  await run(connection, `DELETE FROM files WHERE file_id IN (${again})`);
  await run(
    connection,
    `UPDATE files SET status = 'forgotten', rows_loaded = 0, rows_rejected = 0, head_key = NULL,
       lines_structural = lines_total - lines_head, related_file_id = NULL,
       message = 'taken out by \`cellar forget\`; name the file to \`cellar ingest\` to read it again'
     WHERE file_id IN (${ids})`,
  );
}

async function noteRun(
  connection: DuckDBConnection,
  request: ForgetRequest,
  plan: ForgetPlan,
  started_at: Date,
): Promise<void> {
  const taken = {
    files: plan.files.map(({ path }) => path),
    records: plan.records,
    spectra: plan.spectra.length,
  };
  await insertRows(connection, 'runs', [
    {
      run_id: await nextId(connection, 'runs', 'run_id'),
      command: 'forget',
      started_at,
      finished_at: new Date(),
      tool_version: toolVersion,
      parameters: JSON.stringify({ ...request, ...taken }),
    },
  ]);
}
