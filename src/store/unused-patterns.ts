import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from './connection.js';
import { newestFiles } from './moved.js';
import { globMatches, relativePath } from './path-patterns.js';

/** A pattern of the metadata that matches no file seen so far. */
export interface UnusedPattern {
  /** Its table: cells or conditions. */
  table: string;
  cell_id: string | null;
  file_pattern: string;
}

/** Patterns that match no file: most often spelling mistakes. */
export async function unusedPatterns(connection: DuckDBConnection): Promise<UnusedPattern[]> {
  const patterns = await select<UnusedPattern & { lab_folder: string | null }>(
    connection,
    `SELECT 'cells' AS "table", cell_id, file_pattern, lab_folder FROM cells WHERE file_pattern IS NOT NULL
     UNION ALL SELECT 'conditions', NULL, file_pattern, lab_folder FROM conditions
     UNION ALL SELECT 'cells', cell_id, lead_file_pattern, lab_folder FROM cells WHERE lead_file_pattern IS NOT NULL`,
  );
  if (patterns.length === 0) return [];
  const files = await select<{ path: string; root: string }>(
    connection,
    `SELECT path, root FROM ${newestFiles} WHERE status NOT IN ('ignored')`,
  );
  return patterns
    .filter(
      ({ file_pattern, lab_folder }) =>
        !files.some(({ path, root }) =>
          [root, ...(lab_folder === null ? [] : [lab_folder])].some((folder) =>
            globMatches(file_pattern, relativePath(path, folder)),
          ),
        ),
    )
    .map(({ table, cell_id, file_pattern }) => ({ table, cell_id, file_pattern }));
}

/** The pattern in words. */
export function describeUnused({ table, cell_id, file_pattern }: UnusedPattern): string {
  return `${table}.csv: file_pattern ${file_pattern}${cell_id === null ? '' : ` of ${cell_id}`} fits no file`;
}
