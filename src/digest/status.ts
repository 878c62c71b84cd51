import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../store/connection.js';
import { type PlaceCount, rejectCountsSql } from '../store/place.js';
import { type UnusedPattern, unusedPatterns } from '../store/unused-patterns.js';
import { type ChannelCount, channelCounts } from './channels.js';

/** What is in a database, and what needs attention. */
export interface Status {
  totals: {
    tests: number;
    measurements: number;
    spectra: number;
    rejects: number;
    rejects_by_unit: PlaceCount[];
  };
  files_by_status: { status: string; n: number }[];
  channels: ChannelCount[];
  refused: { path: string; status: string; message: string }[];
  ignored: { path: string; message: string }[];
  findings: { code: string; severity: string; files: number; example: string }[];
  tests_without_cell: { test_id: number; path: string }[];
  spectra_without_cell: { path: string; spectra: number }[];
  spectra_without_temperature: { path: string; cell_id: string | null; spectra: number }[];
  cells_without_data: { cell_id: string; material_id: string | null }[];
  unused_patterns: UnusedPattern[];
}

/** Reads the status from an open database. */
export async function readStatus(connection: DuckDBConnection): Promise<Status> {
  const rows = <Row>(sql: string) => select<Row>(connection, sql);
  // Only the newest row of a path tells the state of the file.
  const newest =
    '(SELECT * FROM files QUALIFY row_number() OVER (PARTITION BY path ORDER BY file_id DESC) = 1)';
  const [totals] = await rows<Omit<Status['totals'], 'rejects_by_unit'>>(
    `SELECT (SELECT count(*) FROM tests) AS tests,
       (SELECT coalesce(sum(record_count), 0)::BIGINT FROM tests) AS measurements,
       (SELECT count(*) FROM spectra) AS spectra, (SELECT count(*) FROM rejects) AS rejects`,
  );
  return {
    totals: { ...totals!, rejects_by_unit: await rows<PlaceCount>(rejectCountsSql()) },
    files_by_status: await rows(
      `SELECT status, count(*) AS n FROM ${newest} GROUP BY status ORDER BY n DESC, status`,
    ),
    channels: await channelCounts(connection),
    refused: await rows(
      `SELECT path, status, message FROM ${newest} WHERE status IN ('rejected', 'conflict') ORDER BY path`,
    ),
    ignored: await rows(`SELECT path, message FROM ${newest} WHERE status = 'ignored' ORDER BY path`),
    findings: await rows(
      `SELECT code, severity, count(DISTINCT file_id) AS files, arg_min(message, file_id) AS example
       FROM findings WHERE file_id NOT IN (SELECT file_id FROM files WHERE status = 'superseded')
       GROUP BY code, severity
       ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, code`,
    ),
    tests_without_cell: await rows(
      `SELECT t.test_id, f.path FROM tests t JOIN files f USING (file_id) WHERE t.cell_id IS NULL ORDER BY t.test_id`,
    ),
    spectra_without_cell: await rows(
      `SELECT f.path, count(*) AS spectra FROM spectra s JOIN files f USING (file_id)
       WHERE s.cell_id IS NULL GROUP BY f.path ORDER BY f.path`,
    ),
    spectra_without_temperature: await rows(
      `SELECT f.path, s.cell_id, count(*) AS spectra FROM spectra s JOIN files f USING (file_id)
       WHERE s.temperature_celsius IS NULL GROUP BY ALL ORDER BY f.path`,
    ),
    unused_patterns: await unusedPatterns(connection),
    cells_without_data: await rows(
      `WITH measured AS (
         SELECT cell_id FROM tests
         UNION SELECT cell_id FROM spectra
         UNION SELECT cell_id FROM vendor_cycles
       )
       SELECT cell_id, material_id FROM cells ANTI JOIN measured USING (cell_id) ORDER BY cell_id`,
    ),
  };
}
