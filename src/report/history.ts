import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { select } from '../store/connection.js';
import { DAY_MS, dayOf } from '../targets/due.js';
import type { JudgedTarget } from '../targets/evaluate.js';
import { lastPassed, projectedDate } from '../targets/projection.js';

/** A verdict as it was at some run, before the present one or the present one itself. */
export interface HistoryPoint {
  run_id: number;
  started_at: Date;
  target_id: string;
  material_id: string;
  verdict: JudgedTarget['verdict'];
  value: number | null;
  bound95_low: number | null;
  bound95_high: number | null;
  threshold: number;
  unit: string;
  sample_size: number;
}

/** A run to compare with. */
export interface Baseline {
  run_id: number;
  started_at: Date;
}

/** A run that made a report, with what the report showed. */
export interface ReportRun extends Baseline {
  state: string;
}

/** Every verdict of a target table that was reached first or changed, oldest first. */
export function readHistory(connection: DuckDBConnection, table: string): Promise<HistoryPoint[]> {
  return select<HistoryPoint>(
    connection,
    `SELECT h.run_id, r.started_at, h.target_id, h.material_id, h.verdict, h.value, h.bound95_low, h.bound95_high,
       h.threshold, h.unit, h.sample_size
     FROM verdict_history h JOIN runs r USING (run_id)
     WHERE h.target_table = $1
     ORDER BY h.run_id, h.target_id, h.material_id`,
    [table],
  );
}

/** Runs of `report` that noted what they showed, oldest first. */
export function readReportRuns(connection: DuckDBConnection, scope: string): Promise<ReportRun[]> {
  return select<ReportRun>(
    connection,
    `SELECT run_id, started_at, (parameters->>'state') AS state FROM runs
     WHERE command = 'report' AND (parameters->>'scope') = $1 AND (parameters->>'state') IS NOT NULL ORDER BY run_id`,
    [scope],
  );
}

/**
 * The report to compare with: the last one that showed something else. The same state reported twice compares with
 * the same one, so that it gives the same bytes.
 */
export function lastOtherReport(reports: readonly ReportRun[], state: string): Baseline | null {
  const other = reports.filter((report) => report.state !== state).at(-1);
  return other === undefined ? null : { run_id: other.run_id, started_at: other.started_at };
}

/**
 * The run that `--since` names: a run's number, or the last run up to a date.
 *
 * @throws CellarError (usage) where there is none
 */
export async function baselineSince(connection: DuckDBConnection, since: string): Promise<Baseline> {
  const isNumber = /^\d{1,9}$/.test(since);
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(since) && !Number.isNaN(Date.parse(since));
  if (!isNumber && !isDate) {
    throw usageError(
      `--since ${since} is neither a date nor a run`,
      'write 2026-01-31, or the number of a run',
    );
  }
  const [found] = await select<Baseline>(
    connection,
    isNumber
      ? 'SELECT run_id, started_at FROM runs WHERE run_id = $1'
      : `SELECT run_id, started_at FROM runs
         WHERE started_at < $1::TIMESTAMP + INTERVAL 1 DAY ORDER BY run_id DESC LIMIT 1`,
    [isNumber ? Number(since) : since],
  );
  if (found === undefined) {
    throw usageError(
      isNumber ? `there is no run ${since}` : `no run is as old as ${since}`,
      '`cellar query "SELECT run_id, command, started_at FROM runs"` lists them',
    );
  }
  return found;
}

/** The date when a conclusive verdict is possible if the tests continue as before, estimated from the last records. */
export interface Projection {
  date: string;
  time: Date;
  /** The day of the page is after that date: the tests have stopped, or newer records are not ingested. */
  hasPassed: boolean;
}

/** The projected date of a verdict; null where it cannot be estimated. */
export function projectionOf({ said }: Pick<JudgedTarget, 'said'>, asOf: string | null): Projection | null {
  const time = projectedDate(said.missing);
  if (time === null) return null;
  const date = dayOf(time);
  return { date, time, hasPassed: asOf !== null && date < asOf };
}

/** Whether a target has a date by which it must be met. */
export const hasDates = ({ target }: Pick<JudgedTarget, 'target'>): boolean =>
  target.due !== null || target.milestones.length > 0;

/**
 * The day that a page reads as of: today where a target has a date. Otherwise the day after the last projected date in
 * the past, so that the page is the same on any day until the next date passes; null where no date has passed.
 */
export function asOfDay(judged: readonly JudgedTarget[], today: string): string | null {
  if (judged.some(hasDates)) return today;
  const passed = lastPassed(judged, today);
  return passed === null ? null : dayOf(new Date(Date.parse(passed) + DAY_MS));
}

const keyOf = (point: Pick<HistoryPoint, 'target_id' | 'material_id'>) =>
  JSON.stringify([point.target_id, point.material_id]);

/** The past of one verdict, oldest first. */
export function historyOf(
  history: readonly HistoryPoint[],
  { target, material_id }: Pick<JudgedTarget, 'target' | 'material_id'>,
): HistoryPoint[] {
  const key = keyOf({ target_id: target.id, material_id });
  return history.filter((point) => keyOf(point) === key);
}

/** What a verdict was at the baseline; null where it was not judged then. */
export function pointAt(points: readonly HistoryPoint[], baseline: Baseline): HistoryPoint | null {
  return points.filter(({ run_id }) => run_id <= baseline.run_id).at(-1) ?? null;
}
