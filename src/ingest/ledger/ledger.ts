import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, run, type SqlRow, select } from '../../store/connection.js';
import { toolVersion } from '../../version.js';
import { type Finding, findingRow } from '../findings.js';
import type { Reject } from '../load/records.js';
import type { RejectSpool } from '../load/reject-spool.js';

export type FileStatus =
  | 'ingested'
  | 'appended'
  | 'duplicate'
  | 'superseded'
  | 'conflict'
  | 'rejected'
  | 'empty'
  | 'ignored'
  | 'forgotten';

/** A row of `files`, as far as ingest decides it. */
export interface LedgerRow {
  file_id: number;
  path: string;
  root: string;
  sha256: string | null;
  size_bytes: number;
  head_key: string | null;
  content_bytes: number | null;
  /** Whether the last line has no line end: it may be cut off, and is read again when the file has grown. */
  is_last_line_open: boolean;
  modified_ns: bigint;
  format: string | null;
  format_version: string | null;
  encoding: string | null;
  /** The unit that a line number of the file counts. */
  unit_of_lines: 'line' | 'row' | 'record';
  /** Sheets of a workbook that were read, in the order of their rows. */
  sheets: { name: string; firstRow: number }[] | null;
  status: FileStatus;
  lines_total: number;
  lines_head: number;
  lines_structural: number;
  rows_loaded: number;
  rows_rejected: number;
  unmapped_columns: string[];
  related_file_id: number | null;
  message: string;
  /** The settings it was read with, as JSON; null where it was not read. */
  read_with: string | null;
}

/** A file as the ledger knows it. */
export interface KnownFile {
  file_id: number;
  path: string;
  sha256: string | null;
  content_bytes: number | null;
  head_key: string | null;
  size_bytes: number;
  modified_ns: number | bigint | null;
  format: string | null;
  format_version: string | null;
  status: FileStatus;
  message: string | null;
  read_with: string | null;
}

/** A file whose data are stored. */
export interface StoredFile {
  file_id: number;
  path: string;
  root: string;
  lines_total: number;
  rows_loaded: number;
  /** Whether its last line had no line end, so that it may be cut off. */
  is_last_line_open: boolean | null;
}

/** Everything that is written about one file. */
export interface LedgerEntry {
  row: LedgerRow;
  rejects: readonly Reject[];
  /** More rejects, with lines `shift` further down. */
  spooled?: { spool: RejectSpool | undefined; shift?: number };
  findings: readonly Finding[];
}

/** Writes the ledger rows of files with their rejects and findings; the transaction is that of the caller. */
export async function writeLedger(
  connection: DuckDBConnection,
  entries: readonly LedgerEntry[],
): Promise<void> {
  const ingested_at = new Date();
  await insertRows(
    connection,
    'files',
    entries.map(
      ({ row }): SqlRow => ({
        ...row,
        modified_at: new Date(Number(row.modified_ns / 1_000_000n)),
        unmapped_columns: JSON.stringify(row.unmapped_columns),
        sheets: row.sheets === null ? null : JSON.stringify(row.sheets),
        ingested_at,
        tool_version: toolVersion,
      }),
    ),
  );
  await insertRows(
    connection,
    'rejects',
    entries.flatMap(({ row, rejects }) => rejects.map((reject) => ({ file_id: row.file_id, ...reject }))),
  );
  for (const { row, spooled } of entries) await spooled?.spool?.writeAs(row.file_id, spooled.shift);
  await insertRows(
    connection,
    'findings',
    entries.flatMap(({ row, findings }) => findings.map((finding) => findingRow(row.file_id, finding))),
  );
}

/** Columns of `KnownFile`. */
export const knownColumns =
  'file_id, path, sha256, content_bytes, head_key, size_bytes, modified_ns, format, format_version, status, message, CAST(read_with AS VARCHAR) AS read_with';

const storedColumns = 'file_id, path, root, lines_total, rows_loaded, is_last_line_open';

/** The file whose data are stored under this path, if any. */
export async function storedUnderPath(
  connection: DuckDBConnection,
  path: string,
): Promise<StoredFile | undefined> {
  const [found] = await select<StoredFile>(
    connection,
    `SELECT ${storedColumns} FROM files
     WHERE path = $1 AND status IN ('ingested', 'appended') ORDER BY file_id DESC LIMIT 1`,
    [path],
  );
  return found;
}

/** A file of the ledger by its number. */
export async function storedFile(
  connection: DuckDBConnection,
  fileId: number,
): Promise<StoredFile | undefined> {
  const [found] = await select<StoredFile>(
    connection,
    `SELECT ${storedColumns} FROM files WHERE file_id = ${fileId}`,
  );
  return found;
}

/** Marks a file's ledger row as superseded by another. */
export async function markSuperseded(connection: DuckDBConnection, fileId: number): Promise<void> {
  await run(connection, `UPDATE files SET status = 'superseded' WHERE file_id = ${fileId}`);
}
