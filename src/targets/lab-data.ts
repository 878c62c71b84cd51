import type { DuckDBConnection } from '@duckdb/node-api';
import type { LabBounds } from '../analysis/plausibility/index.js';
import type { FitSet } from '../fits/fit-set.js';
// The words of these messages are needed wherever doubtful readings are shown.
import '../messages/audit.js';
import '../messages/findings.js';
import type { Message } from '../messages/message.js';
import { select } from '../store/connection.js';
import { type FileLines, fileLines } from '../store/place.js';
import { groupBy } from './group.js';
import { type CurrentStep, readCurrentSteps } from './plating-steps.js';

/** A row of `materials`. */
export interface MaterialRecord {
  material_id: string;
  name: string | null;
  category: string | null;
  cost: number | null;
  reference_cost: number | null;
  cost_basis: string | null;
  cost_currency: string | null;
  price_year: number | null;
  cost_scale: string | null;
  cost_relative_uncertainty: number | null;
  reference_cost_relative_uncertainty: number | null;
  areal_mass_mg_per_cm2: number | null;
  reference_areal_mass_mg_per_cm2: number | null;
  areal_mass_relative_uncertainty: number | null;
  reference_areal_mass_relative_uncertainty: number | null;
  source: string | null;
  source_date: string | null;
  /** Columns and quantities that are implausible but confirmed, separated by spaces. */
  confirmed: string | null;
}

/** A test and the files that its records come from. */
export interface TestRecord {
  test_id: number;
  cell_id: string | null;
  started_at: Date | null;
  /** Test time of the last record, s. */
  duration_second: number | null;
  temperature_celsius: number | null;
  pressure_mpa: number | null;
  current_direction: string | null;
  files: { path: string; first_record_index: number; first_line: number; lines: FileLines }[];
}

/** A discharge step that is long enough to be a pulse, for peak rates. */
export interface DischargeStep {
  cell_id: string;
  test_id: number;
  step_count: number;
  duration_second: number;
  mean_current_ampere: number;
  minimum_voltage_volt: number | null;
  /** Charge above the emptiest state of the test at the beginning of the step, Ah. */
  charge_before_ah: number;
}

/** A value that was judged before. */
export interface PastVerdict {
  target_table: string;
  target_id: string;
  material_id: string;
  started_at: Date;
  value: number | null;
}

/** Everything verdicts are made from. */
export interface LabData {
  materials: MaterialRecord[];
  tests: Map<number, TestRecord>;
  discharges: DischargeStep[];
  fits: FitSet;
  /** Numbers of cells with which a target was judged for a material so far, each number once, ascending. */
  looks: Look[];
  /** Half cycles of symmetric cells whose current rises in steps, by cell. */
  currentSteps: Map<string, CurrentStep[]>;
  /** Values of earlier verdicts, oldest first. */
  past: PastVerdict[];
  /** Plausible bounds that the laboratory sets itself. */
  plausible: LabBounds;
  /** What is doubtful about the temperatures and voltages of a cell: findings at ingest, unless they are confirmed. */
  doubtfulReadings: (Message & { cell_id: string })[];
}

/** One earlier look at a material. */
export interface Look {
  target_id: string;
  material_id: string;
  sample_size: number;
}

/** Findings of the ingest that keep a number of the cell from being judged. */
const doubtfulCodes = [
  'TEMPERATURE_CONFLICT',
  'TEMPERATURE_LOOKS_KELVIN',
  'VOLTAGE_AGAINST_REFERENCE',
  'SIGN_FLIPPED',
  'COUNTERS_SWAPPED',
  'UNIT_IMPLAUSIBLE',
  'TIME_SCALE',
  'SAME_RECORDS',
  'TESTS_OVERLAP',
];

/** Reads what verdicts need in addition to the fits. */
export async function readLabData(connection: DuckDBConnection, fits: FitSet): Promise<LabData> {
  const tests = await select<Omit<TestRecord, 'files'>>(
    connection,
    `WITH lasted AS (
       SELECT test_id, max(end_time_second) - min(start_time_second) AS duration_second FROM steps GROUP BY test_id
     )
     SELECT t.test_id, t.cell_id, t.started_at, t.temperature_celsius, t.pressure_mpa, t.current_direction,
       l.duration_second
     FROM tests t LEFT JOIN lasted l USING (test_id)
     ORDER BY t.test_id`,
  );
  const files = await select<{
    test_id: number;
    path: string;
    first_record_index: number;
    first_line: number;
    unit_of_lines: string | null;
    sheets: string | null;
  }>(
    connection,
    `SELECT tf.test_id, f.path, tf.first_record_index, tf.first_line, f.unit_of_lines, f.sheets
     FROM test_files tf JOIN files f USING (file_id) ORDER BY tf.test_id, tf.first_record_index`,
  );
  const [own] = await select<{ value: string }>(connection, `SELECT value FROM meta WHERE key = 'plausible'`);
  const filesOf = groupBy(files, ({ test_id }) => test_id);
  const withFiles = (test: Omit<TestRecord, 'files'>): TestRecord => ({
    ...test,
    files: (filesOf.get(test.test_id) ?? []).map(({ path, first_record_index, first_line, ...file }) => ({
      path,
      first_record_index,
      first_line,
      lines: fileLines(file),
    })),
  });
  return {
    fits,
    materials: await select<MaterialRecord>(
      connection,
      'SELECT * EXCLUDE (lab_folder) FROM materials ORDER BY material_id',
    ),
    tests: new Map(tests.map((test) => [test.test_id, withFiles(test)])),
    discharges: await readDischarges(connection),
    currentSteps: await readCurrentSteps(connection),
    plausible: JSON.parse(own?.value ?? '{}'),
    doubtfulReadings: await readDoubtfulReadings(connection),
    past: await select<PastVerdict>(
      connection,
      `SELECT h.target_table, h.target_id, h.material_id, r.started_at, h.value
       FROM verdict_history h JOIN runs r USING (run_id) ORDER BY h.run_id`,
    ),
    looks: await select<Look>(
      connection,
      `SELECT DISTINCT target_id, material_id, sample_size FROM verdict_history
       WHERE sample_size > 1 ORDER BY target_id, material_id, sample_size`,
    ),
  };
}

async function readDoubtfulReadings(connection: DuckDBConnection): Promise<LabData['doubtfulReadings']> {
  const rows = await select<{
    cell_id: string;
    code: string;
    message: string;
    message_values: string | null;
  }>(
    connection,
    `SELECT DISTINCT m.cell_id, f.code, f.message, f.message_values FROM findings f
     JOIN (
       SELECT file_id, cell_id, NULL AS test_id FROM spectra
       UNION SELECT tf.file_id, t.cell_id, t.test_id FROM tests t JOIN test_files tf USING (test_id)
     ) m ON m.file_id = f.file_id AND (f.test_id IS NULL OR m.test_id IS NULL OR m.test_id = f.test_id)
     WHERE f.code IN (${doubtfulCodes.map((code) => `'${code}'`).join(', ')}) AND NOT coalesce(f.repaired, false)
       AND m.cell_id IS NOT NULL
     ORDER BY m.cell_id, f.code, f.message`,
  );
  return rows.map(({ message_values, ...row }) => ({ ...row, ...JSON.parse(message_values ?? '{}') }));
}

/** Discharge steps of whole cells; the state of charge counts from the emptiest point of the test. */
function readDischarges(connection: DuckDBConnection): Promise<DischargeStep[]> {
  return select<DischargeStep>(
    connection,
    `WITH net AS (
       SELECT s.*, t.cell_id,
         coalesce(sum(s.charging_capacity_ah - s.discharging_capacity_ah)
           OVER (along ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0.0) AS before,
         sum(s.charging_capacity_ah - s.discharging_capacity_ah)
           OVER (along ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS after
       FROM steps s JOIN tests t USING (test_id) JOIN cells c USING (cell_id) JOIN materials m USING (material_id)
       WHERE m.category = 'cell' AND coalesce(t.current_direction, 'known') <> 'unknown'
       WINDOW along AS (PARTITION BY s.test_id ORDER BY s.step_count)
     ),
     placed AS (
       SELECT *, least(min(before) OVER (PARTITION BY test_id), min(after) OVER (PARTITION BY test_id)) AS emptiest
       FROM net
     )
     SELECT cell_id, test_id, step_count, duration_second, mean_current_ampere, minimum_voltage_volt,
       before - emptiest AS charge_before_ah
     FROM placed WHERE step_type = 'discharge' ORDER BY cell_id, test_id, step_count`,
  );
}
