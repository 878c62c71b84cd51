import type { DuckDBConnection } from '@duckdb/node-api';
import type { Message } from '../messages/message.js';
import { select } from '../store/connection.js';
import { type FileLines, fileLines } from '../store/place.js';
import type { AlternativeLine } from './alternatives.js';
import type { BudgetLine } from './budget.js';
import type { Evidence } from './evidence.js';
import { groupBy } from './group.js';

/** A verdict as it is stored, its JSON as objects. */
export interface StoredVerdict {
  run_id: number;
  target_id: string;
  target_table: string;
  material_id: string;
  metric: string;
  value: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  bound95_low: number | null;
  bound95_high: number | null;
  comparison: string;
  threshold: number;
  unit: string;
  sample_size: number;
  verdict: string;
  reason: string;
  missing: string | null;
  scope: string | null;
  due: string | null;
  milestones: { due: string; threshold: number; verdict: string }[];
  owner: string | null;
  note: string | null;
  codes: string[];
  assumed: string[];
  warnings: Message[];
  /** Parts of the reason and what is missing as codes with values; null in rows of older versions. */
  messages: { reason: Message[]; missing: Message | null } | null;
  evidence: Evidence;
  /** Where the uncertainty of the value comes from, largest share first. */
  budget: BudgetLine[];
  /** What it would be under other defensible choices. */
  alternatives: AlternativeLine[];
}

/** One metric of a cell as it is stored. */
export interface StoredMetric {
  cell_id: string;
  metric: string;
  value: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  unit: string;
  n: number | null;
  method: string | null;
  supports: string;
  missing: string | null;
  excluded_reason: string | null;
  conditions: Record<string, unknown>;
  goodness: Record<string, unknown>;
  warnings: Message[];
  /** Method and what is missing as codes with values; null in rows of older versions. */
  messages: { method: Message | null; missing: Message | null } | null;
  excluded: { cycle?: number; spectrum_id?: number; reason: string }[];
}

/** A part of a file that the numbers of a cell come from. */
export interface FilePart extends FileLines {
  path: string;
  first_line: number | null;
  last_line: number | null;
  test_id: number | null;
  spectrum_id: number | null;
}

function parsed<Row>(rows: readonly Record<string, unknown>[], columns: readonly string[]): Row[] {
  return rows.map((row) => {
    const json = columns.map((name) => [name, JSON.parse(String(row[name] ?? 'null'))]);
    return { ...row, ...Object.fromEntries(json) } as Row;
  });
}

/** Verdicts of the newest check, by `MATERIAL/TARGET`, target or material; every one without a name. */
export async function findVerdicts(connection: DuckDBConnection, name?: string): Promise<StoredVerdict[]> {
  const where =
    name === undefined
      ? 'TRUE'
      : `target_id = $1 OR material_id = $1 OR material_id || '/' || target_id = $1 OR target_id || '/' || material_id = $1`;
  const rows = await select<Record<string, unknown>>(
    connection,
    `SELECT * FROM verdicts WHERE ${where} ORDER BY rowid`,
    name === undefined ? [] : [name],
  );
  const budgetOf = await linesByVerdict<BudgetLine>(connection, 'verdict_budget');
  const alternativesOf = await linesByVerdict<AlternativeLine>(connection, 'verdict_alternatives');
  return parsed<StoredVerdict>(rows, [
    'milestones',
    'codes',
    'assumed',
    'warnings',
    'messages',
    'evidence',
  ]).map((verdict) => ({
    ...verdict,
    budget: budgetOf(verdict),
    alternatives: alternativesOf(verdict),
  }));
}

type VerdictKey = Pick<StoredVerdict, 'target_table' | 'target_id' | 'material_id'>;

/** The rows of a table with several rows per verdict, without the columns that name the verdict. */
async function linesByVerdict<Line>(
  connection: DuckDBConnection,
  table: 'verdict_budget' | 'verdict_alternatives',
): Promise<(verdict: VerdictKey) => Line[]> {
  const rows = await select<Line & VerdictKey & { run_id: number }>(
    connection,
    `SELECT * FROM ${table} ORDER BY rowid`,
  );
  const nameOf = ({ target_table, target_id, material_id }: VerdictKey) =>
    JSON.stringify([target_table, target_id, material_id]);
  const groups = groupBy(rows, nameOf);
  return (verdict) =>
    (groups.get(nameOf(verdict)) ?? []).map(
      ({ run_id: _run, target_table: _table, target_id: _target, material_id: _material, ...line }) =>
        line as Line,
    );
}

/** What was measured on a cell. */
export async function findCellMetrics(
  connection: DuckDBConnection,
  cell_id: string,
): Promise<StoredMetric[]> {
  const rows = await select<Record<string, unknown>>(
    connection,
    'SELECT * FROM cell_metrics WHERE cell_id = $1 ORDER BY metric, settings',
    [cell_id],
  );
  return parsed<StoredMetric>(rows, ['conditions', 'goodness', 'warnings', 'messages', 'excluded']);
}

/** One spectrum of a cell as it was read. */
export interface StoredReading {
  spectrum_id: number;
  temperature_celsius: number | null;
  branch: string | null;
  circuit: string | null;
  value: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  unit: string | null;
  status: string | null;
  /** Why it supports no value; null where it does. */
  reason: string | null;
}

/** Every spectrum of a cell: its temperature, circuit and status, and why one has no value. */
export function findReadings(connection: DuckDBConnection, cell_id: string): Promise<StoredReading[]> {
  return select<StoredReading>(
    connection,
    `WITH derived AS (
       SELECT spectrum_id, max_by(f, f.quantity = 'interfacial_asr_ohm_cm2') AS f FROM impedance_fits f
       WHERE quantity IN ('interfacial_asr_ohm_cm2', 'interfacial_asr_lower_bound_ohm_cm2') GROUP BY spectrum_id
     ),
     circuits AS (SELECT spectrum_id, any_value(circuit) AS circuit FROM impedance_fits GROUP BY spectrum_id),
     refusals AS (
       SELECT subject, arg_max(refusal, run_id) AS refusal FROM fits WHERE kind = 'impedance' GROUP BY subject
     )
     SELECT s.spectrum_id, s.temperature_celsius, s.branch, coalesce(c.circuit, (d.f).circuit, o.circuit) AS circuit,
       coalesce(c.value, (d.f).value) AS value, coalesce(c.ci95_low, (d.f).ci95_low) AS ci95_low,
       coalesce(c.ci95_high, (d.f).ci95_high) AS ci95_high, coalesce(c.unit, (d.f).unit) AS unit,
       coalesce(c.status, (d.f).status) AS status,
       coalesce(c.excluded->0->>'$.reason', r.refusal) AS reason
     FROM spectra s
     LEFT JOIN conductivities c USING (spectrum_id)
     LEFT JOIN derived d USING (spectrum_id)
     LEFT JOIN circuits o USING (spectrum_id)
     LEFT JOIN refusals r ON r.subject = s.spectrum_id::VARCHAR
     WHERE s.cell_id = $1 ORDER BY s.branch, s.temperature_celsius, s.spectrum_id`,
    [cell_id],
  );
}

/** Whether the laboratory declares a cell of this id. */
export async function isCell(connection: DuckDBConnection, cell_id: string): Promise<boolean> {
  return (await select(connection, 'SELECT 1 FROM cells WHERE cell_id = $1', [cell_id])).length > 0;
}

/** The files and physical lines of everything a cell has. */
export async function filesOfCell(connection: DuckDBConnection, cell_id: string): Promise<FilePart[]> {
  type Row = Omit<FilePart, keyof FileLines> & { unit_of_lines: string | null; sheets: string | null };
  const rows = await select<Row>(
    connection,
    `WITH parts AS (
       SELECT p.test_id, p.file_id, p.first_record_index,
         lead(p.first_record_index) OVER (PARTITION BY p.test_id ORDER BY p.first_record_index) AS next_record_index
       FROM test_files p JOIN tests t USING (test_id) WHERE t.cell_id = $1
     )
     SELECT f.path, min(m.line_number) AS first_line, max(m.line_number) AS last_line, p.test_id, NULL AS spectrum_id,
       f.unit_of_lines, f.sheets
     FROM parts p
     JOIN files f USING (file_id)
     JOIN measurements m ON m.test_id = p.test_id AND m.record_index >= p.first_record_index
       AND (p.next_record_index IS NULL OR m.record_index < p.next_record_index)
     WHERE m.test_id IN (SELECT test_id FROM tests WHERE cell_id = $1)
     GROUP BY ALL
     UNION ALL
     SELECT f.path, min(i.line_number), max(i.line_number), NULL, s.spectrum_id, f.unit_of_lines, f.sheets
     FROM spectra s JOIN files f USING (file_id) JOIN impedance i USING (spectrum_id)
     WHERE s.cell_id = $1
     GROUP BY f.path, s.spectrum_id, f.unit_of_lines, f.sheets
     ORDER BY 1, 2`,
    [cell_id],
  );
  return rows.map(({ unit_of_lines, sheets, ...part }) => ({
    ...part,
    ...fileLines({ unit_of_lines, sheets }),
  }));
}

/** Verdicts whose files also have the last line, which is looked up only on request. */
export async function withLineRanges(
  connection: DuckDBConnection,
  verdicts: readonly StoredVerdict[],
): Promise<StoredVerdict[]> {
  const ids = new Set(verdicts.flatMap(({ evidence }) => evidence.cells.map(({ cell_id }) => cell_id)));
  const parts = new Map<string, FilePart[]>();
  for (const cell_id of ids) parts.set(cell_id, await filesOfCell(connection, cell_id));
  return verdicts.map((verdict) => ({
    ...verdict,
    evidence: {
      ...verdict.evidence,
      cells: verdict.evidence.cells.map((cell) => ({
        ...cell,
        files: cell.files.map((file) => {
          const isPart = (part: FilePart) =>
            part.path === file.path && part.test_id === (file.test_id ?? null);
          return {
            ...file,
            last_line: file.last_line ?? parts.get(cell.cell_id)?.find(isPart)?.last_line ?? null,
          };
        }),
      })),
    },
  }));
}
