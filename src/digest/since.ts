import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { select } from '../store/connection.js';

/** What a digest covers by default: one night, and the day before it. */
const defaultHours = 24;

/**
 * The moment from which on something is news: the start of a run, a date (midnight by the clock of this machine), a
 * date with time, or the last 24 hours.
 *
 * @throws CellarError (usage) where there is no such run, or the text is neither
 */
export async function sinceMoment(
  connection: DuckDBConnection,
  given: string | undefined,
  now: Date,
): Promise<Date> {
  if (given === undefined) return new Date(now.getTime() - defaultHours * 3_600_000);
  if (/^\d{1,6}$/.test(given)) {
    const [run] = await select<{ started_at: Date }>(
      connection,
      `SELECT started_at FROM runs WHERE run_id = ${Number(given)}`,
    );
    if (run !== undefined) return run.started_at;
    const [last] = await select<{ run_id: number | null }>(
      connection,
      'SELECT max(run_id) AS run_id FROM runs',
    );
    throw usageError(`there is no run ${given}`, `the newest is ${last?.run_id ?? 'none'}`);
  }
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})(?:[T ](.+))?$/.exec(given) ?? [];
  const moment = date === undefined ? Number.NaN : Date.parse(`${date}T${time ?? '00:00'}`);
  if (Number.isNaN(moment)) {
    throw usageError(
      `--since ${given} is neither a run nor a date`,
      'such as --since 17 or --since 2026-03-08',
    );
  }
  return new Date(moment);
}
