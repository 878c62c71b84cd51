import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../store/connection.js';
import { relativePath } from '../store/path-patterns.js';

/** A file of the ledger, by its path below the folder that was ingested. */
export interface LedgerFile {
  path: string;
  absolute: string;
  sha256: string | null;
  format: string | null;
  status: string;
  rows_loaded: number;
  rows_rejected: number;
  /** What its lines are: `line`, `row` or `record`. */
  unit_of_lines: string;
}

/** Files that gave data, or were refused, in the order of their paths. */
export async function readLedger(connection: DuckDBConnection): Promise<LedgerFile[]> {
  const rows = await select<Omit<LedgerFile, 'absolute'> & { root: string | null }>(
    connection,
    `SELECT path, root, sha256, format, status, rows_loaded, rows_rejected,
       coalesce(unit_of_lines, 'line') AS unit_of_lines FROM files
     WHERE status IN ('ingested', 'appended', 'rejected', 'conflict')`,
  );
  const files = rows.map(({ root, ...row }) => ({
    ...row,
    absolute: row.path,
    path: relativePath(row.path, root ?? ''),
    rows_loaded: row.rows_loaded ?? 0,
    rows_rejected: row.rows_rejected ?? 0,
  }));
  return files.sort((a, b) => compare(a.path, b.path) || compare(a.sha256 ?? '', b.sha256 ?? ''));
}

/** By code units, which gives the same order everywhere; a collation does not. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
