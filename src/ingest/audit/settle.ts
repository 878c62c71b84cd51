import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, run, select } from '../../store/connection.js';
import { idCondition } from '../../store/derive/id-condition.js';
import type { Finding } from '../findings.js';
import type { Format } from '../formats/definition.js';
import type { TablePlan } from '../sniff/plan.js';
import { invertCurrent, settleByCounters } from './settle-by-counters.js';

/**
 * What the file itself settles about a loaded test: the direction of its current, by its states or by which of its
 * counters counts, and temperatures that no sensor gave. Done at once, with a finding; what only plausibility suggests is left to the audits.
 */

export interface SettledTest {
  currentDirection: 'known' | 'unknown';
  findings: Finding[];
}

export interface SignCounts {
  charge_positive: number;
  charge_negative: number;
  discharge_positive: number;
  discharge_negative: number;
  negative: number;
  moving: number;
  /** Records whose current flows under a word that says no direction, and some of these words. */
  unmatched: number;
  unmatched_words: string[];
}

/** SQL conditions by which a record is of a charge, a discharge or a rest. */
interface StateSql {
  charge: string;
  discharge: string;
  rest: string;
}

function stateSql(format: Format): StateSql | undefined {
  if (format.states === undefined) return undefined;
  const matches = (pattern: RegExp) => {
    // RE2 knows no lookaround; discharge is tested first wherever both could match.
    const source = pattern.source.replace(/\(\?[=!<][^)]*\)/g, '');
    return `coalesce(regexp_matches(vendor_step_type, ${literal(source)}${pattern.flags.includes('i') ? `, 'i'` : ''}), false)`;
  };
  const discharge = matches(format.states.discharge);
  return {
    charge: `(NOT ${discharge} AND ${matches(format.states.charge)})`,
    discharge,
    rest: matches(format.states.rest),
  };
}

/** What the signs of a test's currents are, by its states; for all the tests in one query. */
export async function signCounts(
  connection: DuckDBConnection,
  format: Format,
  testIds: readonly number[],
): Promise<Map<number, SignCounts>> {
  const state = stateSql(format);
  const rows = await select<SignCounts & { test_id: number }>(
    connection,
    `SELECT test_id,
       coalesce(sum(n) FILTER (WHERE charge AND sign > 0), 0)::BIGINT AS charge_positive,
       coalesce(sum(n) FILTER (WHERE charge AND sign < 0), 0)::BIGINT AS charge_negative,
       coalesce(sum(n) FILTER (WHERE discharge AND sign > 0), 0)::BIGINT AS discharge_positive,
       coalesce(sum(n) FILTER (WHERE discharge AND sign < 0), 0)::BIGINT AS discharge_negative,
       coalesce(sum(n) FILTER (WHERE sign < 0), 0)::BIGINT AS negative,
       coalesce(sum(n) FILTER (WHERE sign <> 0), 0)::BIGINT AS moving,
       coalesce(sum(n) FILTER (WHERE sign <> 0 AND unmatched), 0)::BIGINT AS unmatched,
       coalesce(list(DISTINCT word) FILTER (WHERE sign <> 0 AND unmatched), [])[:5] AS unmatched_words
     FROM (
       SELECT *, word IS NOT NULL AND NOT charge AND NOT discharge AND NOT rest AS unmatched
       FROM (
         SELECT *, ${state?.charge ?? 'false'} AS charge, ${state?.discharge ?? 'false'} AS discharge,
           ${state?.rest ?? 'false'} AS rest, vendor_step_type AS word
         FROM (
           SELECT test_id, vendor_step_type, sign(current_ampere) AS sign, count(*) AS n
           FROM measurements WHERE ${idCondition('test_id', testIds)} GROUP BY ALL
         )
       )
     ) GROUP BY test_id`,
  );
  return new Map(rows.map((row) => [row.test_id, row]));
}

/** The scope of the counters as declared, for the columns that are there. */
export function declaredScope(format: Format, plan: TablePlan): string {
  const has = (role: Parameters<typeof plan.mapping.has>[0]) => plan.mapping.has(role);
  if (has('charge_increment_ah')) return 'increment';
  if (has('charging_capacity_ah') || has('discharging_capacity_ah') || has('capacity_ah'))
    return format.counters;
  return has('net_capacity_ah') ? 'net' : 'none';
}

/**
 * Settles a test that has just been loaded, and changes its stored current where its state column says so.
 *
 * @param counted its signs, where they were counted with those of other tests
 */
export async function settleTest(
  connection: DuckDBConnection,
  format: Format,
  plan: TablePlan,
  testId: number,
  counted?: SignCounts,
): Promise<SettledTest> {
  const findings: Finding[] = [];
  const settled = (currentDirection: SettledTest['currentDirection']): SettledTest => ({
    currentDirection,
    findings,
  });
  if (!plan.mapping.has('current_ampere')) return settled('known');
  const hasState = plan.mapping.has('vendor_step_type') || format.layered;
  const state = hasState ? stateSql(format) : undefined;
  const counts = counted ?? (await signCounts(connection, format, [testId])).get(testId)!;
  const turned = state && (await turnByStates(connection, plan, testId, state, counts));
  if (turned !== undefined) {
    findings.push(turned);
    return settled('known');
  }
  const along = counts.charge_positive + counts.discharge_negative;
  const isMagnitude = counts.negative === 0 && counts.moving > 0;
  const isUnclear =
    state !== undefined && counts.unmatched > 0 && (isMagnitude || format.sign === 'unstated');
  if (isUnclear) {
    findings.push({
      code: 'STATE_WORD_UNKNOWN',
      message: `current flows under ${counts.unmatched_words.map((word) => `"${word}"`).join(', ')} (${counts.unmatched} records), which says no known direction`,
      testId,
    });
  }
  const stateTells = state !== undefined && along > 0 && !isUnclear;
  const isUndirected = isMagnitude && (format.sign === 'undirected' || format.sign === 'state' || isUnclear);
  const isOpen = isUndirected || (format.sign === 'unstated' && counts.moving > 0);
  if (stateTells || !(isOpen || isMagnitude)) return settled('known');
  const byCounters = hasCounterPair(plan)
    ? await settleByCounters(connection, testId, isMagnitude)
    : undefined;
  if (byCounters !== undefined && (isOpen || byCounters.isChanged)) {
    findings.push({
      code: 'CURRENT_DIRECTION_FROM_COUNTERS',
      message: byCounters.message,
      testId,
      repaired: true,
    });
  }
  if (byCounters !== undefined) return settled('known');
  // A format whose current is signed, in a file without a negative one: a charge alone, or magnitudes after all.
  const falling = isOpen ? undefined : await shareOfFalls(connection, testId);
  if (!isOpen && (falling === undefined || falling < magnitudeShare)) return settled('known');
  const why = isUndirected
    ? 'the current is a magnitude and nothing in the file tells its direction'
    : isOpen
      ? 'the file does not state which direction of current is positive'
      : `no current is negative, but the voltage falls in ${Math.round(100 * falling!)} % of the time in which it flows: the current seems to be a magnitude`;
  findings.push({
    code: 'CURRENT_DIRECTION_UNKNOWN',
    message: `${why}: stored as written; no efficiency or decay is taken from it until it is settled`,
    testId,
  });
  return settled('unknown');
}

/** Turns the currents that contradict their states: magnitudes of discharges, or all where positive discharges. */
async function turnByStates(
  connection: DuckDBConnection,
  plan: TablePlan,
  testId: number,
  state: StateSql,
  counts: SignCounts,
): Promise<Finding | undefined> {
  if (counts.discharge_positive > 0 && counts.negative === 0) {
    await run(
      connection,
      `UPDATE measurements SET current_ampere = -current_ampere
       WHERE test_id = ${testId} AND current_ampere > 0 AND ${state.discharge}`,
    );
    return {
      code: 'CURRENT_FROM_STATE',
      message: `the current is a magnitude; ${counts.discharge_positive} discharge records took their sign from the state column`,
      testId,
      repaired: true,
    };
  }
  const against = counts.charge_negative + counts.discharge_positive;
  const along = counts.charge_positive + counts.discharge_negative;
  if (against === 0 || along > 0.01 * against) return undefined;
  await invertCurrent(connection, testId, plan.mapping.has('capacity_ah'));
  return {
    code: 'CURRENT_SIGN_FROM_STATE',
    message: `positive current discharges in this file (${against} records by their step type): the sign was turned, so that positive charges`,
    testId,
    repaired: true,
  };
}

/** Share of the time in which the voltage falls on a current that is never negative, beyond which it is a magnitude. */
const magnitudeShare = 0.1;

/** A step whose voltage moves less than this (V) behind its first record says nothing. */
const smallestFall = 0.02;

/** Share of the time of steps with positive current in which the voltage falls; undefined where none says anything. */
async function shareOfFalls(connection: DuckDBConnection, testId: number): Promise<number | undefined> {
  const [found] = await select<{ falling: number | null; moving: number | null }>(
    connection,
    `SELECT sum(seconds) FILTER (WHERE rise < 0) AS falling, sum(seconds) AS moving FROM (
       SELECT max(test_time_second) - min(test_time_second) AS seconds,
         arg_max(voltage_volt, record_index) - arg_min(voltage_volt, record_index) FILTER (WHERE NOT is_first) AS rise
       FROM (SELECT *, record_index = min(record_index) OVER (PARTITION BY step_count) AS is_first
         FROM measurements WHERE test_id = ${testId} AND current_ampere > 0)
       GROUP BY step_count HAVING count(*) > 2 AND min(voltage_volt) > 0
     ) WHERE abs(rise) > ${smallestFall}`,
  );
  return found?.moving == null || found.moving === 0 ? undefined : (found.falling ?? 0) / found.moving;
}

/** Whether a table has a counter for each direction: witnesses of the current that do not depend on its sign. */
export function hasCounterPair(plan: TablePlan): boolean {
  return plan.mapping.has('charging_capacity_ah') && plan.mapping.has('discharging_capacity_ah');
}

/** Below this (°C) stands what an input without a sensor gives: -327.67, -2501, 0 K. */
const sensorlessBelow = -200;

/** Makes temperatures that no sensor gave NULL; how many there were, by test. */
export async function dropSensorless(
  connection: DuckDBConnection,
  testIds: readonly number[],
): Promise<Map<number, number>> {
  const where = `${idCondition('test_id', testIds)} AND ambient_temperature_celsius < ${sensorlessBelow}`;
  const found = await select<{ test_id: number; n: number }>(
    connection,
    `SELECT test_id, count(*) AS n FROM measurements WHERE ${where} GROUP BY test_id`,
  );
  if (found.length > 0)
    await run(connection, `UPDATE measurements SET ambient_temperature_celsius = NULL WHERE ${where}`);
  return new Map(found.map(({ test_id, n }) => [test_id, n]));
}
