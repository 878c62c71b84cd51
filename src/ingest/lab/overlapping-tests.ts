import type { DuckDBConnection } from '@duckdb/node-api';
import { findingMessages as say } from '../../messages/findings.js';
import type { Message } from '../../messages/message.js';
import { select } from '../../store/connection.js';

/**
 * Two tests of one cell that were recorded at the same time. A cell is in one test at once: one of the two is another
 * cell's, or both are versions of one measurement, whose cycles would count twice.
 */
export interface OverlappingTests extends Message {
  file_id: number;
  test_id: number;
}

/** Share of the shorter test that has to lie within the other: clocks of two instruments differ by minutes. */
const leastShare = 0.5;
/** An hour that daylight saving takes or gives, in s. */
const leastSecond = 3700;
/** Seconds by which the clocks of two time zones, or of one that is not known, differ at most. */
const mostShift = 54_000;

interface Pair {
  cell: string;
  file_id: number;
  test_id: number;
  path: string;
  other_path: string;
  from: string;
}

/**
 * Tests by whose clocks a cell would have been in two of them at once, the later stored one named. Only those count
 * that carried charge and whose start is known to the second: a start at midnight is a mere date. Where a clock is that of
 * the whole test rather than of its part, the test times tell the parts apart.
 */
export async function overlappingTests(connection: DuckDBConnection): Promise<OverlappingTests[]> {
  const pairs = await select<Pair>(
    connection,
    `WITH lasted AS (
       SELECT test_id, min(start_time_second) AS first, max(end_time_second) AS last
       FROM steps GROUP BY test_id HAVING sum(abs(capacity_ah)) > 0
     ),
     timed AS (
       SELECT t.test_id, t.file_id, t.cell_id, t.time_zone, t.started_at, path, epoch(t.started_at) AS started,
         first, last, last - first AS lasted
       FROM tests t JOIN lasted USING (test_id) JOIN files USING (file_id)
       WHERE t.cell_id IS NOT NULL AND t.started_at > date_trunc('day', t.started_at)
     ),
     compared AS (
       SELECT n.cell_id AS cell, n.file_id, n.test_id, n.path, o.path AS other_path,
         strftime(greatest(n.started_at, o.started_at), '%Y-%m-%d %H:%M') AS "from", o.test_id AS other,
         least(n.lasted, o.lasted) AS shorter,
         least(n.started + n.lasted, o.started + o.lasted) - greatest(n.started, o.started) AS by_clock,
         least(n.started + n.last, o.started + o.last) - greatest(n.started + n.first, o.started + o.first)
           AS by_test_time,
         CASE WHEN n.time_zone IS NOT DISTINCT FROM o.time_zone THEN 0 ELSE ${mostShift} END AS slack
       FROM timed n JOIN timed o ON o.cell_id = n.cell_id AND o.test_id < n.test_id
     )
     SELECT cell, file_id, test_id, path, arg_min(other_path, other) AS other_path, arg_min("from", other) AS "from"
     FROM compared
     WHERE least(by_clock, by_test_time) - slack > greatest(${leastSecond}, ${leastShare} * shorter)
     GROUP BY cell, file_id, test_id, path ORDER BY test_id`,
  );
  return pairs.map(({ file_id, test_id, ...told }) => ({ ...say('TESTS_OVERLAP', told), file_id, test_id }));
}
