import { forwardSlashes } from '../../store/path-patterns.js';
import type { FoundFile } from '../bytes/discover.js';
import type { FileScan } from '../bytes/scan.js';
import { type LoadedFile, rejectCount } from '../load/loaded.js';
import type { SniffResult } from '../sniff/sniff.js';
import type { LedgerRow } from './ledger.js';

/** A path as the ledger writes it. */
export const ledgerPath = (file: FoundFile): string => forwardSlashes(file.path);

/** The ledger row of a file of which only the existence is known. */
export function emptyRow(file: FoundFile, fileId: number): LedgerRow {
  return {
    file_id: fileId,
    path: ledgerPath(file),
    root: forwardSlashes(file.root),
    sha256: null,
    size_bytes: file.size,
    head_key: null,
    content_bytes: null,
    is_last_line_open: false,
    modified_ns: file.modifiedNs,
    format: null,
    format_version: null,
    encoding: null,
    unit_of_lines: 'line',
    sheets: null,
    status: 'rejected',
    lines_total: 0,
    lines_head: 0,
    lines_structural: 0,
    rows_loaded: 0,
    rows_rejected: 0,
    unmapped_columns: [],
    related_file_id: null,
    message: '',
    read_with: null,
  };
}

/** Notes how a file is read. */
export function noteFormat(row: LedgerRow, sniffed: SniffResult): void {
  row.encoding = sniffed.text?.encoding ?? null;
  row.format = sniffed.recognition?.format.id ?? null;
  row.format_version = sniffed.recognition?.format.fingerprint ?? null;
  if (sniffed.kind === 'readable') {
    row.unmapped_columns = sniffed.tables.flatMap(({ unmapped }) => unmapped);
    if (sniffed.view !== undefined) {
      row.unit_of_lines = sniffed.view.unit;
      row.encoding = null;
      row.sheets = sniffed.view.sheets.length === 0 ? null : sniffed.view.sheets;
    }
  }
}

/** Notes the result of one pass over the bytes of a file. */
export function noteScan(row: LedgerRow, scan: FileScan): void {
  row.sha256 = scan.sha256;
  row.head_key = scan.headKey;
  row.content_bytes = scan.sourceBytes ?? scan.contentBytes;
  row.lines_total = scan.lineCount;
  row.is_last_line_open = scan.contentBytes > 0 && !scan.isTerminated;
}

/** Notes how the lines of a loaded file add up. */
export function noteLines(row: LedgerRow, loaded: LoadedFile): void {
  row.lines_head = loaded.linesHead;
  row.lines_structural = loaded.linesStructural;
  row.rows_loaded = loaded.rowsLoaded;
  row.rows_rejected = rejectCount(loaded);
}
