import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, select } from '../connection.js';

/**
 * Reason for not loading a last line that is still being written: the test continues, and the next export has the
 * line.
 */
export const incompleteLine = 'incomplete last line';

/** Tests whose newest file ends in a line that is still being written. Reads `test_files` and `rejects`. */
export async function runningTests(connection: DuckDBConnection): Promise<number[]> {
  const rows = await select<{ test_id: number }>(
    connection,
    `SELECT test_id FROM (SELECT test_id, max(file_id) AS file_id FROM test_files GROUP BY test_id) AS newest
     WHERE file_id IN (SELECT file_id FROM rejects WHERE reason = ${literal(incompleteLine)})
     ORDER BY test_id`,
  );
  return rows.map(({ test_id }) => test_id);
}
