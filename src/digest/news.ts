import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, select } from '../store/connection.js';
import { incompleteLine } from '../store/derive/running.js';
import { movedFiles } from '../store/moved.js';
import { placeSql } from '../store/place.js';

/**
 * What has happened since a moment, according to the tables. Every list is complete; the page decides how much is
 * shown.
 */

export interface NewTest {
  test_id: number;
  cell_id: string | null;
  path: string;
  format: string;
  records: number;
  cycles: number;
}

export interface GrownTest extends NewTest {
  new_records: number;
}

export interface NewSpectra {
  path: string;
  cell_id: string | null;
  spectra: number;
  without_temperature: number;
}

export interface FindingGroup {
  code: string;
  severity: string;
  count: number;
  files: number;
  repairable: number;
  /** The newest, up to three. */
  examples: { path: string; message: string }[];
}

export interface RefusedFile {
  file_id: number;
  path: string;
  status: string;
  message: string;
}

export interface RejectedRows {
  file_id: number;
  path: string;
  rows: number;
  first_line: number;
  first_reason: string;
  /** What its lines are: `line`, `row` or `record`. */
  unit_of_lines: string;
  /** The place of the first one in words. */
  first_place: string;
}

export interface VerdictChange {
  material_id: string;
  target_id: string;
  /** Null: reached for the first time. */
  before: string | null;
  now: string;
  reason: string;
}

export interface IngestRun {
  run_id: number;
  command: string;
  started_at: Date;
  /** Null: it was interrupted, or is still running. */
  finished_at: Date | null;
}

export interface News {
  runs: IngestRun[];
  newest_ingest: Date | null;
  new_tests: NewTest[];
  grown_tests: GrownTest[];
  new_spectra: NewSpectra[];
  findings: FindingGroup[];
  refused: RefusedFile[];
  rejected_rows: RejectedRows[];
  vanished: { path: string; vanished_at: Date }[];
  /** Exclusions, of any date, of cells that the metadata do not name any more. */
  lost_exclusions: { cell_id: string; reason: string }[];
  /** Whether the laboratory keeps a list of cells at all. */
  has_cells: boolean;
  verdict_changes: VerdictChange[];
  /** Tests and spectra, of any date, whose cell in cells.csv is not known. */
  without_cell: { tests: number; spectra: number };
  /** Cells with data and no line in cells.csv, or one without a material. */
  cells_without_material: string[];
}

const testColumns = `t.test_id, t.cell_id, f.path, f.format, t.record_count AS records,
  (SELECT count(*) FROM cycles c WHERE c.test_id = t.test_id) AS cycles`;

/** Everything that is new since `since`. */
export async function readNews(connection: DuckDBConnection, since: Date): Promise<News> {
  const rows = <Row>(sql: string) => select<Row>(connection, sql, sql.includes('$1') ? [since] : []);
  const moved = new Set((await movedFiles(connection)).map(({ path }) => path));
  const [newest] = await rows<{ at: Date | null }>('SELECT max(ingested_at) AS at FROM files');
  const [unassigned] = await rows<News['without_cell']>(
    `SELECT (SELECT count(*) FROM tests WHERE cell_id IS NULL) AS tests,
       (SELECT count(*) FROM spectra WHERE cell_id IS NULL) AS spectra`,
  );
  const cells = await rows<{ cell_id: string }>(
    `SELECT cell_id FROM (SELECT cell_id FROM tests UNION SELECT cell_id FROM spectra) LEFT JOIN cells USING (cell_id)
     WHERE cell_id IS NOT NULL AND material_id IS NULL ORDER BY cell_id`,
  );
  return {
    runs: await rows(
      `SELECT run_id, command, started_at, finished_at FROM runs WHERE started_at >= $1 ORDER BY run_id`,
    ),
    newest_ingest: newest?.at ?? null,
    new_tests: await rows(
      `SELECT ${testColumns} FROM tests t JOIN files f USING (file_id)
       WHERE f.ingested_at >= $1 ORDER BY f.path, t.test_id`,
    ),
    grown_tests: await rows(
      `SELECT ${testColumns.replace('f.path', 'g.path')}, t.record_count - g.first_record_index + 1 AS new_records
       FROM tests t JOIN files f USING (file_id) JOIN (
         SELECT tf.test_id, arg_max(n.path, n.file_id) AS path, min(tf.first_record_index) AS first_record_index
         FROM test_files tf JOIN files n USING (file_id) WHERE n.ingested_at >= $1 GROUP BY tf.test_id
       ) g USING (test_id) WHERE f.ingested_at < $1 ORDER BY g.path, t.test_id`,
    ),
    new_spectra: await rows(
      `SELECT f.path, s.cell_id, count(*) AS spectra,
         count(*) FILTER (s.temperature_celsius IS NULL) AS without_temperature
       FROM spectra s JOIN files f USING (file_id) WHERE f.ingested_at >= $1 GROUP BY ALL ORDER BY f.path`,
    ),
    findings: (
      await rows<Omit<FindingGroup, 'examples'> & { examples: string }>(
        `SELECT code, any_value(severity) AS severity, count(*) AS count, count(DISTINCT n.file_id) AS files,
           count(*) FILTER (NOT repaired AND repair IS NOT NULL) AS repairable,
           CAST(to_json(list({path: f.path, message: n.message} ORDER BY n.file_id DESC)[1:3]) AS VARCHAR) AS examples
         FROM findings n JOIN files f USING (file_id) WHERE f.ingested_at >= $1 GROUP BY code
         ORDER BY CASE any_value(severity) WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, count DESC, code`,
      )
    ).map((group) => ({ ...group, examples: JSON.parse(group.examples) as FindingGroup['examples'] })),
    refused: await rows(
      `SELECT file_id, path, status, message FROM files
       WHERE ingested_at >= $1 AND status IN ('rejected', 'conflict')
       QUALIFY row_number() OVER (PARTITION BY path ORDER BY file_id DESC) = 1 ORDER BY path`,
    ),
    rejected_rows: await rows(
      `SELECT r.file_id, f.path, count(*) AS rows, min(r.line_number) AS first_line,
         arg_min(r.reason, r.line_number) AS first_reason,
         coalesce(any_value(f.unit_of_lines), 'line') AS unit_of_lines,
         arg_min(${placeSql('f', 'r.line_number').trim()}, r.line_number) AS first_place
       FROM rejects r JOIN files f USING (file_id)
       WHERE f.ingested_at >= $1 AND f.status <> 'rejected' AND r.reason <> ${literal(incompleteLine)}
       GROUP BY r.file_id, f.path ORDER BY f.path`,
    ),
    vanished: (
      await rows<News['vanished'][number]>(
        'SELECT path, vanished_at FROM files WHERE vanished_at >= $1 ORDER BY path',
      )
    ).filter(({ path }) => !moved.has(path)),
    lost_exclusions: await rows(
      `SELECT cell_id, reason FROM exclusions WHERE undone_at IS NULL
         AND cell_id NOT IN (SELECT cell_id FROM cells) ORDER BY cell_id`,
    ),
    has_cells: (await rows('SELECT 1 FROM cells LIMIT 1')).length > 0,
    verdict_changes: await rows(
      `SELECT material_id, target_id, before, now, reason FROM (
         SELECT h.material_id, h.target_id, h.verdict AS now, h.reason, r.started_at,
           lag(h.verdict) OVER (PARTITION BY h.target_table, h.target_id, h.material_id ORDER BY h.run_id) AS before
         FROM verdict_history h JOIN runs r USING (run_id)
       ) WHERE started_at >= $1 AND before IS DISTINCT FROM now ORDER BY material_id, target_id, started_at`,
    ),
    without_cell: unassigned!,
    cells_without_material: cells.map(({ cell_id }) => cell_id),
  };
}
