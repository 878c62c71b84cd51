import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from './connection.js';

/** A file that is no longer at its path, and the present place of its content. */
export interface MovedFile {
  path: string;
  to: string;
}

/** The newest ledger row of each path. */
export const newestFiles =
  '(SELECT * FROM files QUALIFY row_number() OVER (PARTITION BY path ORDER BY file_id DESC) = 1)';

/**
 * Missing paths whose bytes, or whose continued content, exist under another path: these files were moved or renamed.
 */
export function movedFiles(connection: DuckDBConnection): Promise<MovedFile[]> {
  return select<MovedFile>(
    connection,
    `SELECT v.path, arg_max(n.path, n.file_id) AS "to" FROM ${newestFiles} v JOIN ${newestFiles} n
       ON n.path <> v.path AND n.vanished_at IS NULL
         AND (n.sha256 = v.sha256 OR (n.related_file_id = v.file_id AND n.status IN ('appended', 'duplicate')))
     WHERE v.vanished_at IS NOT NULL GROUP BY v.path ORDER BY v.path`,
  );
}
