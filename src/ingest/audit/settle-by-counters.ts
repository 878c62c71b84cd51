import type { DuckDBConnection } from '@duckdb/node-api';
import { auditMessages as say } from '../../messages/audit.js';
import { run, select } from '../../store/connection.js';
import type { FindingMessage } from '../findings.js';
import type { StepFacts } from '../load/step-facts.js';
import { auditFacts } from './facts.js';
import { counterShare } from './sign.js';
import type { TestRecords } from './stored-facts.js';

/** What settled the direction, and whether it changed what is stored. */
interface SettledDirection {
  message: FindingMessage;
  isChanged: boolean;
}

/** Above this share of all rises, one counter alone has counted. */
const soleShare = 0.95;

/**
 * Settles the direction by the counter that rises while current flows: one counts charge, one discharge. Returns what
 * was done, or undefined where the counters do not show it.
 *
 * @param isMagnitude whether no current is negative, so that each step takes its sign from its counter; where both
 *   rise in one step, because nothing in the file separates steps, each record takes its own sign, and a new step
 *   begins where the sign changes
 */
export async function settleByCounters(
  connection: DuckDBConnection,
  records: TestRecords,
  isMagnitude: boolean,
): Promise<SettledDirection | undefined> {
  const { testId } = records;
  const facts = await records.facts();
  if (!isMagnitude) {
    const share = counterShare(auditFacts(facts, true), true);
    if (share === undefined || (share > 1 - soleShare && share < soleShare)) return undefined;
    if (share >= soleShare) {
      return { message: say('CURRENT_DIRECTION_FROM_COUNTERS/charges'), isChanged: false };
    }
    await invertCurrent(connection, testId, false);
    records.noteChange();
    return { message: say('CURRENT_DIRECTION_FROM_COUNTERS/discharges'), isChanged: true };
  }
  const discharging = dischargingSteps(facts.steps);
  if (discharging === undefined) {
    records.noteChange();
    return turnRecords(connection, testId);
  }
  if (discharging.length > 0) {
    await run(
      connection,
      `UPDATE measurements SET current_ampere = -current_ampere WHERE test_id = ${testId} AND current_ampere > 0
         AND step_count IN (${discharging.map(({ step }) => step).join(', ')})`,
    );
    records.noteChange();
  }
  const { length: count } = discharging;
  return { message: say('CURRENT_DIRECTION_FROM_COUNTERS/steps', { count }), isChanged: count > 0 };
}

/**
 * The steps in which the discharge counter rises; undefined where both counters, or neither, rise in too many steps.
 */
function dischargingSteps(steps: readonly StepFacts[]): StepFacts[] | undefined {
  const rising = steps.filter(
    ({ integrals, charging, discharging }) => integrals.charge > 0 && charging.rise + discharging.rise > 0,
  );
  const chargeOf = (of: readonly StepFacts[]) => of.reduce((sum, { integrals }) => sum + integrals.charge, 0);
  const sole = chargeOf(
    rising.filter(
      ({ charging, discharging }) =>
        Math.max(charging.rise, discharging.rise) >= soleShare * (charging.rise + discharging.rise),
    ),
  );
  if (!(sole > 0) || sole < soleShare * chargeOf(steps)) return undefined;
  return rising.filter(({ charging, discharging }) => discharging.rise > charging.rise);
}

/** Rise of a counter since the previous record; a counter that fell has restarted. */
const risen = (counter: string) =>
  `CASE WHEN ${counter} >= lag(${counter}) OVER along THEN ${counter} - lag(${counter}) OVER along
    WHEN ${counter} < 0.5 * lag(${counter}) OVER along THEN ${counter} ELSE 0 END`;

/**
 * Direction of the current of each record: by the counter that rises up to it, else by the next counter that rises in
 * its step.
 */
const recordWays = (testId: number) => `
  WITH moved AS (
    SELECT record_index, step_count, current_ampere, ${risen('charging_capacity_ah')} AS charged,
      ${risen('discharging_capacity_ah')} AS discharged
    FROM measurements WHERE test_id = ${testId} WINDOW along AS (ORDER BY record_index)
  ),
  told AS (
    SELECT *,
      CASE WHEN charged > 0 AND discharged > 0 THEN NULL WHEN charged > 0 THEN 1 WHEN discharged > 0 THEN -1 END AS told
    FROM moved
  ),
  filled AS (
    SELECT *, coalesce(told,
      first_value(told IGNORE NULLS) OVER (in_step ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING),
      last_value(told IGNORE NULLS) OVER (in_step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 1) AS way
    FROM told WINDOW in_step AS (PARTITION BY step_count ORDER BY record_index)
  )
  SELECT *, way IS DISTINCT FROM lag(way) OVER in_step AND lag(way) OVER in_step IS NOT NULL AS turns
  FROM filled WINDOW in_step AS (PARTITION BY step_count ORDER BY record_index)`;

/**
 * Gives each record its sign by its counter, and begins a step where the sign changes; undefined where both counters
 * rise at once.
 */
async function turnRecords(
  connection: DuckDBConnection,
  testId: number,
): Promise<SettledDirection | undefined> {
  const [found] = await select<{ sole: number | null; counted: number | null; turned: number }>(
    connection,
    `SELECT sum(charged + discharged) FILTER (WHERE told IS NOT NULL) AS sole, sum(charged + discharged) AS counted,
       count(*) FILTER (WHERE way < 0 AND current_ampere > 0) AS turned FROM (${recordWays(testId)})`,
  );
  if (found === undefined || !((found.sole ?? 0) > 0) || found.sole! < soleShare * found.counted!)
    return undefined;
  await run(
    connection,
    `UPDATE measurements SET current_ampere = w.way * measurements.current_ampere, step_count = w.place
     FROM (SELECT record_index, way,
         step_count + sum(CASE WHEN turns THEN 1 ELSE 0 END) OVER (ORDER BY record_index) AS place
       FROM (${recordWays(testId)})) AS w
     WHERE test_id = ${testId} AND measurements.record_index = w.record_index`,
  );
  const { turned: count } = found;
  return { message: say('CURRENT_DIRECTION_FROM_COUNTERS/records', { count }), isChanged: count > 0 };
}

/** Reverses the sign of the current of a test; counters that were split by that sign are exchanged. */
export async function invertCurrent(
  connection: DuckDBConnection,
  testId: number,
  swapCounters: boolean,
): Promise<void> {
  const swap = swapCounters
    ? `, charging_capacity_ah = discharging_capacity_ah, discharging_capacity_ah = charging_capacity_ah, charging_energy_wh = discharging_energy_wh, discharging_energy_wh = charging_energy_wh`
    : '';
  await run(
    connection,
    `UPDATE measurements SET current_ampere = -current_ampere${swap} WHERE test_id = ${testId}`,
  );
}
