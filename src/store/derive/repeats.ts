import type { DuckDBConnection } from '@duckdb/node-api';
import { run, select } from '../connection.js';
import { idCondition } from './id-condition.js';

/** Fewer records than this may agree by chance. */
const fewestRepeated = 3;

/** Times that agree within this (s) are equal, since clocks are stored as floating point seconds. */
const sameTime = 0.001;

/**
 * The longest end of one test of a cell that equals the start of another in time (of the test, or by the clock),
 * voltage and current. Of tests that are completely equal, the first one stays complete.
 */
const repeatsAmong = (testIds: readonly number[]) => `
  WITH parts AS (
    SELECT test_id, cell_id, epoch(started_at) AS started_second FROM tests
    WHERE cell_id IS NOT NULL AND ${idCondition('test_id', testIds)}
    QUALIFY count(*) OVER (PARTITION BY cell_id) > 1
  ),
  records AS (
    SELECT m.test_id, p.cell_id, p.started_second, m.record_index,
      m.test_time_second AS t, m.voltage_volt AS v, m.current_ampere AS i
    FROM measurements AS m JOIN parts AS p ON p.test_id = m.test_id
    WHERE ${idCondition('m.test_id', testIds)}
  ),
  ends AS (SELECT test_id, max(record_index) AS last FROM records GROUP BY test_id),
  begun AS (
    SELECT a.test_id AS before_id, b.test_id, a.record_index - 1 AS shift, b.t - a.t AS later,
      e.last - a.record_index + 1 AS repeated
    FROM (FROM records WHERE record_index = 1) AS b
    JOIN records AS a ON a.cell_id = b.cell_id AND a.test_id <> b.test_id AND a.v = b.v AND a.i = b.i
      -- Each of two tests that begin at the same time of their own is one of its own, where their clocks say so.
      AND (a.t = b.t AND (a.record_index > 1 OR coalesce(a.started_second = b.started_second, TRUE))
        OR abs(a.started_second - b.started_second + (a.t - b.t)) < ${sameTime})
    JOIN ends AS e ON e.test_id = a.test_id
    WHERE e.last - a.record_index + 1 >= ${fewestRepeated}
  ),
  equal AS (
    SELECT g.before_id, g.test_id, g.repeated
    FROM begun AS g
    JOIN records AS a ON a.test_id = g.before_id AND a.record_index > g.shift
    JOIN records AS b ON b.test_id = g.test_id AND b.record_index = a.record_index - g.shift
      AND b.v = a.v AND b.i = a.i AND abs(b.t - a.t - g.later) < ${sameTime}
    GROUP BY g.before_id, g.test_id, g.shift, g.repeated
    HAVING count(*) = g.repeated
  )
  SELECT test_id, max(repeated) AS repeated, arg_max(before_id, repeated) AS before_id
  FROM equal AS e
  WHERE test_id > before_id
    OR NOT EXISTS (FROM equal AS r WHERE r.test_id = e.before_id AND r.before_id = e.test_id)
  GROUP BY test_id`;

/**
 * Notes in `tests` how many records at the start of each of these tests repeat the end of another test of its cell.
 * All tests of a cell have to be named together.
 *
 * @returns the tests for which that has changed; their steps have to be derived from the records again
 */
export async function markRepeats(
  connection: DuckDBConnection,
  testIds: readonly number[],
): Promise<number[]> {
  const stored = await select<{ test_id: number; cell_id: string | null; repeated: number | null }>(
    connection,
    `SELECT test_id, cell_id, repeated_record_count AS repeated FROM tests
     WHERE ${idCondition('test_id', testIds)}`,
  );
  const cells = stored.flatMap(({ cell_id }) => cell_id ?? []);
  const isShared = new Set(cells).size < cells.length;
  const found = isShared
    ? await select<{ test_id: number; repeated: number; before_id: number }>(
        connection,
        repeatsAmong(testIds),
      )
    : [];
  const foundOf = new Map(found.map((row) => [row.test_id, row]));
  const changed = stored.filter(
    ({ test_id, repeated }) => (foundOf.get(test_id)?.repeated ?? null) !== repeated,
  );
  for (const { test_id } of changed) {
    const { repeated = null, before_id = null } = foundOf.get(test_id) ?? {};
    await run(
      connection,
      `UPDATE tests SET repeated_record_count = ${repeated}, repeats_test_id = ${before_id} WHERE test_id = ${test_id}`,
    );
  }
  return changed.map(({ test_id }) => test_id);
}

/** Records that count: `measurements` of these tests without what repeats another test. Any engine's SQL. */
export function withoutRepeats(tests: readonly { testId: number; repeated: number | null }[]): string {
  const repeating = tests.filter(({ repeated }) => repeated !== null && repeated > 0);
  return [
    'TRUE',
    ...repeating.map((t) => `NOT (test_id = ${t.testId} AND record_index <= ${t.repeated})`),
  ].join(' AND ');
}
