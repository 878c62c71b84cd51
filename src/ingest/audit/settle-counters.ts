import type { DuckDBConnection } from '@duckdb/node-api';
import { auditMessages as say } from '../../messages/audit.js';
import { run, select } from '../../store/connection.js';
import { idCondition } from '../../store/derive/id-condition.js';
import { directedCounters } from '../../store/derive/records.js';
import type { Finding, FindingMessage } from '../findings.js';
import type { RecordFacts } from '../load/record-facts.js';
import type { TablePlan } from '../sniff/plan.js';
import type { TestRecords } from './stored-facts.js';

/**
 * What a column under the name of a capacity really counts, told by the data: a magnitude, a magnitude with the sign of
 * its direction, the net charge, which rises on charge and falls on discharge, or all the charge that passed, which rises
 * on both. Stored are magnitudes by direction and net charge.
 */

type Quantity = 'capacity_ah' | 'energy_wh';

interface Shape {
  test_id: number;
  /** Steps in which it changes, and those of them in which it falls from record to record. */
  moving: number;
  falling: number;
  /** Falling steps in which all values are 0 or below. */
  below_zero: number;
  /** Reversals at which it continued from its value, and at which it started at 0 again. */
  continued: number;
  restarted: number;
  /** Changes of the direction of the current at which it went on rising from where it stood. */
  carried: number;
  /** Steps in which it moves against the current: it falls on positive or rises on negative. */
  against: number;
}

/** Share of the steps that have to move against the current for a net counter to count the other way. */
const turnedShare = 0.8;

/** A step in which the counter changes by less than this share of its range tells nothing. */
const smallestShare = 1e-3;

/** One counter for both directions, which was split by the direction of the current when loaded; null where none counts. */
const counterSql = (quantity: Quantity) =>
  `CASE WHEN charging_${quantity} IS NOT NULL OR discharging_${quantity} IS NOT NULL
     THEN coalesce(charging_${quantity}, 0) + coalesce(discharging_${quantity}, 0) END`;

/** The shapes of such a counter by test. */
async function shapesOf(
  connection: DuckDBConnection,
  testIds: readonly number[],
  quantity: Quantity,
): Promise<Map<number, Shape>> {
  const rows = await select<Shape>(
    connection,
    `WITH counted AS (
       SELECT test_id, step_count, record_index, ${counterSql(quantity)} AS q, current_ampere
       FROM measurements WHERE ${idCondition('test_id', testIds)}
     ), records AS (
       SELECT *, lag(q) OVER (PARTITION BY test_id, step_count ORDER BY record_index) AS before
       FROM counted WHERE q IS NOT NULL
     ), steps AS (
       SELECT test_id, step_count, arg_min(q, record_index) AS first, arg_max(q, record_index) AS last, max(q) AS high,
         sign(sum(current_ampere)) AS direction,
         count(*) FILTER (WHERE q < before) > count(*) FILTER (WHERE q > before) AS falls
       FROM records GROUP BY test_id, step_count
     ), moving AS (
       SELECT *, lag(last) OVER same_test AS stood, lag(falls) OVER same_test AS fell,
         lag(direction) OVER same_test AS came FROM (
         SELECT *, max(greatest(abs(first), abs(last))) OVER (PARTITION BY test_id) AS range FROM steps
       ) WHERE abs(last - first) > ${smallestShare} * range
       WINDOW same_test AS (PARTITION BY test_id ORDER BY step_count)
     )
     SELECT test_id, count(*) AS moving, count(*) FILTER (WHERE falls) AS falling,
       count(*) FILTER (WHERE falls AND high <= ${smallestShare} * range) AS below_zero,
         count(*) FILTER (WHERE falls <> fell AND abs(stood) > 0.05 * range
           AND abs(first - stood) < 0.1 * abs(stood)) AS continued,
         count(*) FILTER (WHERE falls <> fell AND abs(stood) > 0.05 * range
           AND abs(first) < 0.1 * abs(stood)) AS restarted,
         count(*) FILTER (WHERE direction <> came AND NOT falls AND NOT fell AND stood > 0.05 * range
           AND abs(first - stood) < 0.02 * stood) AS carried,
         count(*) FILTER (WHERE falls = (direction > 0)) AS against
     FROM moving GROUP BY test_id`,
  );
  return new Map(rows.map((row) => [row.test_id, row]));
}

type Kind = 'magnitude' | 'signed' | 'net' | 'throughput';

function kindOf({ falling, below_zero, continued, restarted, carried }: Shape): Kind {
  if (falling === 0) return carried > 0 ? 'throughput' : 'magnitude';
  if (continued > restarted) return 'net';
  return below_zero === falling ? 'signed' : 'net';
}

/** @param isTurned whether it counts the other way than the current as written: it is stored as the current says */
async function makeNet(
  connection: DuckDBConnection,
  testId: number,
  quantity: Quantity,
  isTurned: boolean,
): Promise<void> {
  const net = `net_${quantity}`;
  await run(
    connection,
    `UPDATE measurements SET ${net} = ${isTurned ? '-' : ''}n.q, charging_${quantity} = NULL,
       discharging_${quantity} = NULL FROM (
       SELECT record_index, last_value(q IGNORE NULLS) OVER (ORDER BY record_index) AS q FROM (
         SELECT record_index, ${counterSql(quantity)} AS q
         FROM measurements WHERE test_id = ${testId})) n
     WHERE measurements.test_id = ${testId} AND measurements.record_index = n.record_index`,
  );
}

/** What passed in both directions, taken apart by the direction of the current; where it falls it began anew. */
async function takeApart(connection: DuckDBConnection, testId: number, quantity: Quantity): Promise<void> {
  const passed = (sign: string) =>
    `sum(CASE WHEN direction ${sign} 0 THEN coalesce(moved, 0) ELSE 0 END) OVER (ORDER BY record_index)`;
  await run(
    connection,
    `UPDATE measurements SET charging_${quantity} = n.charged, discharging_${quantity} = n.discharged FROM (
       SELECT record_index, ${passed('>')} AS charged, ${passed('<')} AS discharged FROM (
         SELECT *, CASE WHEN q < before THEN q ELSE q - before END AS moved FROM (
           SELECT *, lag(q IGNORE NULLS) OVER (ORDER BY record_index) AS before FROM (
             SELECT record_index, sign(current_ampere) AS direction, ${counterSql(quantity)} AS q
             FROM measurements WHERE test_id = ${testId})))) n
     WHERE measurements.test_id = ${testId} AND measurements.record_index = n.record_index`,
  );
}

/** What was settled about the counters of a test. */
export interface SettledCounters {
  isNet: boolean;
  findings: Finding[];
}

/** Counters that are written below 0: magnitudes with the sign of their direction. */
function signedCounters({ magnitudes }: RecordFacts) {
  return directedCounters.filter((name) => {
    const { low, high } = magnitudes[name];
    // A counter that was split by direction is 0 on the other side; one with values on both sides is not a magnitude.
    return low < 0 && high <= smallestShare * -low;
  });
}

/**
 * Settles what the capacity counters of loaded tests count, and stores them accordingly: magnitudes without sign, and
 * net charge as such. The tables of these tests are read in the same way.
 */
export async function settleCounters(
  connection: DuckDBConnection,
  { mapping }: TablePlan,
  tests: readonly TestRecords[],
): Promise<Map<number, SettledCounters>> {
  const settled = new Map<number, SettledCounters>();
  const note = (records: TestRecords, message: FindingMessage, isNet = false) => {
    const { testId } = records;
    const before = settled.get(testId) ?? { isNet: false, findings: [] };
    before.findings.push({ ...message, testId, repaired: true });
    settled.set(testId, { isNet: before.isNet || isNet, findings: before.findings });
    records.noteChange();
  };
  for (const quantity of ['capacity_ah', 'energy_wh'] as const) {
    const header = mapping.get(quantity)?.field.text;
    const isSingle =
      header !== undefined && !mapping.has(`charging_${quantity}`) && !mapping.has(`discharging_${quantity}`);
    if (!isSingle) continue;
    const shapes = await shapesOf(
      connection,
      tests.map(({ testId }) => testId),
      quantity,
    );
    for (const records of tests) {
      const shape = shapes.get(records.testId);
      const kind = shape === undefined ? 'magnitude' : kindOf(shape);
      const what = quantity === 'capacity_ah' ? 'charge' : 'energy';
      if (shape !== undefined && kind === 'net') {
        const isTurned = shape.against > turnedShare * shape.moving;
        await makeNet(connection, records.testId, quantity, isTurned);
        const { falling, moving } = shape;
        const message = say(`COUNTER_IS_NET/${what}${isTurned ? '-turned' : ''}`, {
          column: header,
          falling,
          moving,
        });
        note(records, message, quantity === 'capacity_ah');
      } else if (kind === 'throughput') {
        await takeApart(connection, records.testId, quantity);
        note(records, say(`COUNTER_IS_THROUGHPUT/${what}`, { column: header }));
      }
    }
  }
  for (const records of tests) {
    const negative = signedCounters(await records.facts());
    if (negative.length === 0) continue;
    await run(
      connection,
      `UPDATE measurements SET ${negative.map((name) => `${name} = abs(${name})`).join(', ')}
       WHERE test_id = ${records.testId}`,
    );
    const names = negative.map((name) => name.replace(/_(ah|wh)$/, '').replaceAll('_', ' '));
    note(records, say('COUNTER_SIGNED', { names }));
  }
  return settled;
}
