import type { DuckDBConnection } from '@duckdb/node-api';
import { auditMessages as say } from '../../messages/audit.js';
import { literal, run, select } from '../../store/connection.js';
import type { Finding } from '../findings.js';
import type { Format } from '../formats/definition.js';
import { directionOf } from '../load/convert.js';
import type { RecordFacts } from '../load/record-facts.js';
import type { TablePlan } from '../sniff/plan.js';
import { invertCurrent, settleByCounters } from './settle-by-counters.js';
import type { TestRecords } from './stored-facts.js';

/**
 * What the file itself settles about a loaded test: the direction of its current, by its states or by the counter that
 * counts, and temperatures without a sensor. This is done at once, with a finding; what is only plausible is left to
 * the audits.
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
  /** Records with current under a word that states no direction, and some of these words. */
  unmatched: number;
  unmatched_words: string[];
  /** Words that mean discharge, of records whose current is positive. */
  discharge_words: string[];
}

/** The signs of the currents of a test, compared with its states. */
export function signCounts(format: Format, facts: RecordFacts): SignCounts {
  const counts: SignCounts = {
    charge_positive: 0,
    charge_negative: 0,
    discharge_positive: 0,
    discharge_negative: 0,
    negative: 0,
    moving: 0,
    unmatched: 0,
    unmatched_words: [],
    discharge_words: [],
  };
  const directionOfWord = directionOf(format);
  for (const [word, { positive, negative }] of facts.signs) {
    counts.negative += negative;
    counts.moving += positive + negative;
    const direction = word === undefined ? undefined : directionOfWord?.(word);
    if (direction === 1) {
      counts.charge_positive += positive;
      counts.charge_negative += negative;
    } else if (direction === -1) {
      counts.discharge_positive += positive;
      counts.discharge_negative += negative;
      if (positive > 0) counts.discharge_words.push(word!);
    } else if (direction === undefined && word !== undefined && positive + negative > 0) {
      counts.unmatched += positive + negative;
      if (counts.unmatched_words.length < 5) counts.unmatched_words.push(word);
    }
  }
  return counts;
}

/** The declared scope of the counters, for the columns that exist. */
export function declaredScope(format: Format, plan: TablePlan): string {
  const has = (role: Parameters<typeof plan.mapping.has>[0]) => plan.mapping.has(role);
  if (has('charge_increment_ah')) return 'increment';
  if (has('charging_capacity_ah') || has('discharging_capacity_ah') || has('capacity_ah'))
    return format.counters;
  return has('net_capacity_ah') ? 'net' : 'none';
}

/** Settles a newly loaded test, and changes its stored current where its state column requires it. */
export async function settleTest(
  connection: DuckDBConnection,
  format: Format,
  plan: TablePlan,
  records: TestRecords,
  counts: SignCounts,
): Promise<SettledTest> {
  const { testId } = records;
  const findings: Finding[] = [];
  const settled = (currentDirection: SettledTest['currentDirection']): SettledTest => ({
    currentDirection,
    findings,
  });
  if (!plan.mapping.has('current_ampere')) return settled('known');
  const hasState =
    format.states !== undefined && (plan.mapping.has('vendor_step_type') || format.layered === true);
  const turned = hasState ? await turnByStates(connection, plan, testId, counts) : undefined;
  if (turned !== undefined) {
    records.noteChange();
    findings.push(turned);
    return settled('known');
  }
  const along = counts.charge_positive + counts.discharge_negative;
  const isMagnitude = counts.negative === 0 && counts.moving > 0;
  const isUnclear = hasState && counts.unmatched > 0 && (isMagnitude || format.sign === 'unstated');
  if (isUnclear) {
    findings.push({
      ...say('STATE_WORD_UNKNOWN', {
        words: counts.unmatched_words.map((word) => `"${word}"`),
        count: counts.unmatched,
      }),
      testId,
    });
  }
  const stateTells = hasState && along > 0 && !isUnclear;
  const isUndirected = isMagnitude && (format.sign === 'undirected' || format.sign === 'state' || isUnclear);
  const isOpen = isUndirected || (format.sign === 'unstated' && counts.moving > 0);
  if (stateTells || !(isOpen || isMagnitude)) return settled('known');
  const byCounters = hasCounterPair(plan)
    ? await settleByCounters(connection, records, isMagnitude)
    : undefined;
  if (byCounters !== undefined && (isOpen || byCounters.isChanged)) {
    findings.push({ ...byCounters.message, testId, repaired: true });
  }
  if (byCounters !== undefined) return settled('known');
  // A format with signed currents, in a file without a negative one: either only a charge, or magnitudes after all.
  const falling = isOpen ? undefined : await shareOfFalls(connection, testId);
  if (!isOpen && (falling === undefined || falling < magnitudeShare)) return settled('known');
  const unknown = isUndirected
    ? say('CURRENT_DIRECTION_UNKNOWN/magnitude')
    : isOpen
      ? say('CURRENT_DIRECTION_UNKNOWN/unstated')
      : say('CURRENT_DIRECTION_UNKNOWN/falling', { falling: Math.round(100 * falling!) });
  findings.push({ ...unknown, testId });
  return settled('unknown');
}

/**
 * Reverses the currents that contradict their states: magnitudes of discharges, or all where a positive current
 * discharges.
 */
async function turnByStates(
  connection: DuckDBConnection,
  plan: TablePlan,
  testId: number,
  counts: SignCounts,
): Promise<Finding | undefined> {
  if (counts.discharge_positive > 0 && counts.negative === 0) {
    const words = counts.discharge_words.map((word) => literal(word)).join(', ');
    await run(
      connection,
      `UPDATE measurements SET current_ampere = -current_ampere
       WHERE test_id = ${testId} AND current_ampere > 0 AND vendor_step_type IN (${words})`,
    );
    return {
      ...say('CURRENT_FROM_STATE', { count: counts.discharge_positive }),
      testId,
      repaired: true,
    };
  }
  const against = counts.charge_negative + counts.discharge_positive;
  const along = counts.charge_positive + counts.discharge_negative;
  if (against === 0 || along > 0.01 * against) return undefined;
  await invertCurrent(connection, testId, plan.mapping.has('capacity_ah'));
  return {
    ...say('CURRENT_SIGN_FROM_STATE', { count: against }),
    testId,
    repaired: true,
  };
}

/** If the voltage falls during more than this share of the time, a current that is never negative is a magnitude. */
const magnitudeShare = 0.1;

/** A step whose voltage changes by less than this (V) after its first record tells nothing. */
const smallestFall = 0.02;

/**
 * Share of the time of steps with positive current in which the voltage falls; undefined where no step tells anything.
 */
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

/**
 * Whether a table has a counter for each direction, which shows the direction of the current independently of its
 * sign.
 */
export function hasCounterPair(plan: TablePlan): boolean {
  return plan.mapping.has('charging_capacity_ah') && plan.mapping.has('discharging_capacity_ah');
}

/** Values below this (°C) come from inputs without a sensor: -327.67, -2501, 0 K. */
const sensorlessBelow = -200;

/** Makes temperatures without a sensor NULL, and returns their number. */
export async function dropSensorless(connection: DuckDBConnection, records: TestRecords): Promise<number> {
  const facts = await records.facts();
  if (!(facts.temperature.low < sensorlessBelow)) return 0;
  const before = facts.empty.ambient_temperature_celsius;
  await run(
    connection,
    `UPDATE measurements SET ambient_temperature_celsius = NULL
     WHERE test_id = ${records.testId} AND ambient_temperature_celsius < ${sensorlessBelow}`,
  );
  records.noteChange();
  return (await records.facts()).empty.ambient_temperature_celsius - before;
}
