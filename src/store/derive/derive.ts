import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../connection.js';
import { recordedColumns } from './columns.js';
import { duckdb, type Stage } from './dialect.js';
import { idCondition } from './id-condition.js';
import { derivedTests, type TestSelection } from './numbering.js';
import { cyclesQuery, derivationStages, numberingStages, recordStages, stepsQuery } from './queries.js';
import {
  carriedCounters,
  counters,
  type RecordSource,
  sortedRecords,
  splitRecords,
  storedRecords,
} from './records.js';
import { markRepeats, withoutRepeats } from './repeats.js';
import { runningTests } from './running.js';
import { hasSparseCounters, stepSums } from './step-sums.js';

export interface DeriveOptions {
  /** Running tests in addition to those whose files say so: their last cycle is partial. */
  running?: readonly number[];
}

/** Makes a temporary table of each stage, in order. */
export async function materialise(connection: DuckDBConnection, stages: readonly Stage[]): Promise<void> {
  for (const { name, sql } of stages) {
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${sql}`);
  }
}

async function dropStages(connection: DuckDBConnection): Promise<void> {
  const drops = derivationStages(duckdb).map(({ name }) => `DROP TABLE IF EXISTS temp.${name}`);
  await connection.run(drops.join('; '));
}

/** Other tests of the cells of these tests: their cycles belong to the same life and are numbered with them. */
async function testsOfSameCells(connection: DuckDBConnection, testIds: readonly number[]): Promise<number[]> {
  const rows = await select<{ test_id: number }>(
    connection,
    `SELECT DISTINCT o.test_id FROM tests o JOIN tests t ON t.cell_id = o.cell_id
     WHERE ${idCondition('t.test_id', testIds)}`,
  );
  const own = new Set(testIds);
  return rows.map(({ test_id }) => test_id).filter((id) => !own.has(id));
}

/** Sums of steps in the order in which records are stored or, where this is not their order, after sorting. */
async function sumSteps(connection: DuckDBConnection, where: string): Promise<RecordSource> {
  const chosen = `(SELECT * FROM measurements WHERE ${where})`;
  const [range] = await select<{ first: number | null; last: number | null }>(
    connection,
    `SELECT min(record_index) AS first, max(record_index) AS last FROM ${chosen}`,
  );
  let source = storedRecords(chosen, splitRecords(range?.first ?? 1, range?.last ?? 0));
  await materialise(connection, [stepSums(source)]);

  const [found] = await select<{ is_in_order: boolean; is_sparse: boolean }>(
    connection,
    `SELECT coalesce(sum(unpreceded_count) = count(DISTINCT test_id), TRUE) AS is_in_order,
      coalesce(bool_or(${hasSparseCounters}), FALSE) AS is_sparse FROM step_sums`,
  );
  if (found?.is_in_order === true && !found.is_sparse) return source;
  source = sortedRecords(found?.is_sparse === true ? carriedCounters(duckdb, chosen) : chosen);
  await materialise(connection, [stepSums(source)]);
  return source;
}

/**
 * Derives `step_rows` from the records that `where` chooses in `measurements`; `derived_tests` must be there, and says
 * which records repeat those of another test.
 */
export async function deriveStepRows(connection: DuckDBConnection, where: string): Promise<void> {
  const repeating = await select<{ testId: number; repeated: number }>(
    connection,
    `SELECT test_id AS "testId", repeated_record_count AS repeated FROM derived_tests
     WHERE repeated_record_count > 0 ORDER BY test_id`,
  );
  const source = await sumSteps(connection, `(${where}) AND ${withoutRepeats(repeating)}`);
  const [, ...later] = recordStages(duckdb, source);
  await materialise(connection, later);
}

const storedSteps = (testIds: readonly number[]) =>
  `SELECT ${recordedColumns.join(', ')} FROM steps WHERE ${idCondition('test_id', testIds)}`;

/** Replaces the rows of `steps` and `cycles` of these tests by the result of the stages from `step_rows` on. */
async function numberAndStore(connection: DuckDBConnection, testIds: readonly number[]): Promise<void> {
  const [life] = await select<{ longest: number | null }>(
    connection,
    `SELECT max(n) AS longest FROM (
       SELECT count(*) AS n FROM step_rows JOIN derived_tests USING (test_id) GROUP BY life)`,
  );
  await materialise(connection, numberingStages(duckdb, life?.longest ?? 1));
  for (const [table, query, number] of [
    ['steps', stepsQuery, 'step_count'],
    ['cycles', cyclesQuery, 'cycle_count'],
  ] as const) {
    await connection.run(`DELETE FROM ${table} WHERE ${idCondition('test_id', testIds)}`);
    await connection.run(`INSERT INTO ${table} BY NAME ${query} ORDER BY test_id, ${number}`);
  }
  await dropStages(connection);
}

async function selection(
  connection: DuckDBConnection,
  testIds: readonly number[],
  options: DeriveOptions,
): Promise<TestSelection> {
  const running = [...(options.running ?? []), ...(await runningTests(connection))];
  return { where: idCondition('t.test_id', testIds), running: [...new Set(running)] };
}

/**
 * Derives steps and cycles of the lives that these tests belong to: of the tests `anew`, and of those whose repeated
 * records have changed, from the records; of the others from their stored steps.
 */
async function deriveLives(
  connection: DuckDBConnection,
  testIds: readonly number[],
  anew: readonly number[],
  options: DeriveOptions,
): Promise<void> {
  if (testIds.length === 0) return;
  const all = [...testIds, ...(await testsOfSameCells(connection, testIds))];
  const read = new Set([...anew, ...(await markRepeats(connection, all))]);
  const kept = all.filter((testId) => !read.has(testId));
  await materialise(connection, [derivedTests(await selection(connection, all, options))]);
  if (read.size > 0) {
    await deriveStepRows(connection, idCondition('test_id', [...read]));
    await connection.run(`INSERT INTO step_rows BY NAME ${storedSteps(kept)}`);
  } else await materialise(connection, [{ name: 'step_rows', sql: storedSteps(kept) }]);
  await numberAndStore(connection, all);
}

/**
 * Derives `steps` and `cycles` of these tests again from `measurements`, inside the caller's transaction. Other tests
 * of the same cells are numbered again with them (from their steps, not their records), because a cycle may continue
 * from one file into the next, and what is usual for a cell is known only from its whole life. No record reaches
 * JavaScript.
 */
export async function deriveTests(
  connection: DuckDBConnection,
  testIds: readonly number[],
  options: DeriveOptions = {},
): Promise<void> {
  await deriveLives(connection, testIds, testIds, options);
}

/**
 * Numbers and labels the cycles of these tests again from their `steps`: needed after a change of `cells` or of the
 * cell of a test. It reads the measurements only of tests that now repeat others, or no longer do. When a test has
 * moved to another cell, name the tests of both.
 */
export async function renumberTests(
  connection: DuckDBConnection,
  testIds: readonly number[],
  options: DeriveOptions = {},
): Promise<void> {
  await deriveLives(connection, testIds, [], options);
}

/** A continued test: the first of its steps with other records than when its steps were stored. */
interface GrownTest {
  testId: number;
  openStep: number;
}

const anyOf = (conditions: readonly string[]) =>
  conditions.length === 0 ? 'FALSE' : conditions.join(' OR ');

const counterColumns = recordedColumns.filter(
  (name) => name.endsWith('_counter_ah') || name.endsWith('_counter_wh'),
);

/**
 * Tests whose later steps cannot be derived separately: a counter that some steps do not state depends on more than
 * the step before, and whether a test has it at all is known only from the whole test.
 */
async function reachingBack(connection: DuckDBConnection, grown: readonly GrownTest[]): Promise<Set<number>> {
  const mixed = counters.map((name) => `min(count_${name} > 0) <> max(count_${name} > 0)`);
  const stated = counterColumns.map((name) => `(s.${name} IS NULL) <> (r.${name} IS NULL)`);
  const before = grown.map(
    ({ testId, openStep }) => `(s.test_id = ${testId} AND s.step_count = ${openStep - 1})`,
  );
  const rows = await select<{ test_id: number }>(
    connection,
    `SELECT test_id FROM step_sums GROUP BY test_id HAVING ${anyOf(mixed)}
     UNION SELECT s.test_id FROM steps s LEFT JOIN step_rows r USING (test_id, step_count)
     WHERE (${anyOf(before)}) AND (${anyOf(stated)})`,
  );
  return new Set(rows.map(({ test_id }) => test_id));
}

/** Replaces the rows of `steps` that `where` chooses by those of `step_rows`, without numbers. */
async function storeUnnumbered(connection: DuckDBConnection, where: string): Promise<void> {
  await connection.run(`DELETE FROM steps WHERE ${where}`);
  await connection.run(
    `INSERT INTO steps BY NAME SELECT * FROM step_rows WHERE ${where} ORDER BY test_id, step_count`,
  );
  await dropStages(connection);
}

/**
 * Sums the steps of these tests from their records, inside the caller's transaction. Their cycles follow with
 * `numberPending`, once for everything that a run stores, since the numbers of a life depend on all its tests and on
 * their cell.
 */
export async function deriveSteps(connection: DuckDBConnection, testIds: readonly number[]): Promise<void> {
  if (testIds.length === 0) return;
  const all = [...testIds, ...(await testsOfSameCells(connection, testIds))];
  const read = [...new Set([...testIds, ...(await markRepeats(connection, all))])];
  await materialise(connection, [derivedTests(await selection(connection, all, {}))]);
  await deriveStepRows(connection, idCondition('test_id', read));
  await connection.run(`DELETE FROM cycles WHERE ${idCondition('test_id', read)}`);
  await storeUnnumbered(connection, idCondition('test_id', read));
}

/** The same for continued tests: from the first changed step on, given by test. */
export async function deriveGrownSteps(
  connection: DuckDBConnection,
  openSteps: ReadonlyMap<number, number>,
): Promise<void> {
  const all = [...openSteps].map(([testId, openStep]): GrownTest => ({ testId, openStep }));
  // The previous step is needed too, for the final values of its counters.
  const grown = all.filter(({ openStep }) => openStep > 1);
  const whole = new Set(all.filter(({ openStep }) => openStep <= 1).map(({ testId }) => testId));
  if (grown.length > 0) {
    const ids = grown.map(({ testId }) => testId);
    const life = [...ids, ...(await testsOfSameCells(connection, ids))];
    const repeating = await markRepeats(connection, life);
    await materialise(connection, [derivedTests(await selection(connection, life, {}))]);
    const from = (before: number) =>
      anyOf(
        grown.map(({ testId, openStep }) => `(test_id = ${testId} AND step_count >= ${openStep - before})`),
      );
    await deriveStepRows(connection, from(1));
    const back = await reachingBack(connection, grown);
    for (const testId of [...back, ...repeating]) whole.add(testId);
    if (back.size === 0 && repeating.length === 0) await storeUnnumbered(connection, from(0));
    else for (const testId of ids) whole.add(testId);
  }
  await deriveSteps(connection, [...whole]);
}

/**
 * Tests with steps that `deriveSteps` stored and that are not numbered yet: those of this run, or of an interrupted
 * one.
 */
export async function pendingTests(connection: DuckDBConnection): Promise<number[]> {
  const rows = await select<{ test_id: number }>(
    connection,
    'SELECT DISTINCT test_id FROM steps WHERE cycle_count IS NULL ORDER BY test_id',
  );
  return rows.map(({ test_id }) => test_id);
}
