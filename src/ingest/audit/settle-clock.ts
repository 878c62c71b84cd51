import type { DuckDBConnection } from '@duckdb/node-api';
import { auditMessages as say } from '../../messages/audit.js';
import { run, select } from '../../store/connection.js';
import { idCondition } from '../../store/derive/id-condition.js';
import type { Finding } from '../findings.js';
import { isWallClock } from '../load/convert.js';
import { ZonedClock } from '../load/zoned-clock.js';
import { parseClock } from '../sniff/clock.js';
import type { TablePlan } from '../sniff/plan.js';
import { duration } from './time.js';

/**
 * Test time that was counted from a wall clock of unknown zone has one hour too much where the clock was put forward,
 * and runs backwards where it was put back. If the records continue at their usual interval across exactly such an
 * hour, on a day and at an hour at which a zone changes its clock, the file itself shows the cause, and the hour is
 * not counted.
 */

/** One zone for each rule by which clocks are changed. */
const zones = [
  'Europe/Berlin',
  'Europe/London',
  'Europe/Helsinki',
  'America/New_York',
  'America/Santiago',
  'Asia/Jerusalem',
  'Australia/Sydney',
  'Pacific/Auckland',
];

const hour = 3600;

interface Jump {
  test_id: number;
  record_index: number;
  line_number: number;
  /** Test time before and after (s), and the usual interval of the records around it. */
  before: number;
  behind: number;
  rhythm: number;
}

/** Records that come one hour plus the usual interval after, or before, the previous record. */
async function jumpsOf(connection: DuckDBConnection, testIds: readonly number[]): Promise<Jump[]> {
  const near = (interval: string) =>
    `(${interval} BETWEEN 0 AND ${hour} AND abs(abs(behind - before - ${interval}) - ${hour}) <= greatest(1.5, 0.02 * ${interval}))`;
  return select<Jump>(
    connection,
    `SELECT test_id, record_index, line_number, before, behind,
       CASE WHEN ${near('earlier')} THEN earlier ELSE later END AS rhythm
     FROM (
       SELECT test_id, record_index, line_number, test_time_second AS behind,
         lag(test_time_second) OVER along AS before,
         lag(test_time_second) OVER along - lag(test_time_second, 2) OVER along AS earlier,
         lead(test_time_second) OVER along - test_time_second AS later
       FROM measurements WHERE ${idCondition('test_id', testIds)} AND unix_time_second IS NULL
       WINDOW along AS (PARTITION BY test_id ORDER BY record_index)
     ) WHERE abs(behind - before) BETWEEN 1 AND ${2 * hour + 120} AND (${near('earlier')} OR ${near('later')})
     ORDER BY test_id, record_index`,
  );
}

/** The zone in which `rhythm` (s) passed between two readings of the clock (s); undefined: in none. */
function zoneOf(before: number, behind: number, rhythm: number): string | undefined {
  return zones.find((zone) => {
    const clock = new ZonedClock(zone);
    const passed = -clock.next(before) + clock.next(behind);
    return Math.abs(passed - rhythm) <= Math.max(1.5, 0.02 * rhythm);
  });
}

const written = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');

/**
 * Removes the hours that a change of the clock added to stored test times, and adds those that it removed.
 *
 * @returns what was changed, by test
 */
export async function settleClocks(
  connection: DuckDBConnection,
  tests: readonly { plan: TablePlan; testId: number }[],
): Promise<Map<number, Finding[]>> {
  const findings = new Map<number, Finding[]>();
  const starts = new Map<number, number>();
  for (const { plan, testId } of tests) {
    const { mapping, testTime, firstClock, dateOrder } = plan;
    const hasOther = mapping.has('test_time_second') && testTime !== 'clock';
    if (hasOther || mapping.has('step_time_second') || !isWallClock(plan)) continue;
    const start = parseClock(firstClock ?? '', dateOrder);
    if (start !== undefined) starts.set(testId, start / 1000);
  }
  if (starts.size === 0) return findings;
  for (const { test_id, record_index, line_number, before, behind, rhythm } of await jumpsOf(connection, [
    ...starts.keys(),
  ])) {
    const start = starts.get(test_id)!;
    const zone = zoneOf(start + before, start + behind, rhythm);
    if (zone === undefined) continue;
    const isForward = behind > before;
    await run(
      connection,
      `UPDATE measurements SET test_time_second = test_time_second ${isForward ? '-' : '+'} ${hour}
       WHERE test_id = ${test_id} AND record_index >= ${record_index}`,
    );
    findings.set(test_id, [
      ...(findings.get(test_id) ?? []),
      {
        ...say(`DAYLIGHT_SAVING/${isForward ? 'forward' : 'back'}`, {
          before: written(start + before),
          after: written(start + behind),
          rhythm: duration(rhythm),
          zone,
        }),
        testId: test_id,
        line: line_number,
        repaired: true,
      },
    ]);
  }
  return findings;
}
