import type { Stage } from './dialect.js';
import { counters, directedCounters, netCounters, type RecordSource } from './records.js';

/** An aggregate over the records of a step, and how the aggregates of two parts of a step are combined. */
interface StepSum {
  name: string;
  sql: string;
  merge: 'sum' | 'min' | 'max';
}

const sum = (name: string, sql: string): StepSum => ({ name, sql: `sum(${sql})`, merge: 'sum' });

/**
 * Trapezoid rule on current clipped to one direction, in ampere-seconds (or with voltage in watt-seconds) times two;
 * an interval without duration, or from another step, has `dt` 0 and contributes nothing.
 */
export const twiceIntegral = (direction: 'charging' | 'discharging', energy: boolean) =>
  energy
    ? `(${direction}_current * voltage_volt + previous_${direction}_current * previous_voltage_volt) * dt`
    : `(${direction}_current + previous_${direction}_current) * dt`;

const sums: readonly StepSum[] = [
  { name: 'first_record_index', sql: 'min(record_index)', merge: 'min' },
  { name: 'last_record_index', sql: 'max(record_index)', merge: 'max' },
  { name: 'record_count', sql: 'count(*)', merge: 'sum' },
  {
    name: 'unpreceded_count',
    sql: 'count(*) FILTER (WHERE previous_test_id IS DISTINCT FROM test_id OR previous_record_index >= record_index)',
    merge: 'sum',
  },
  sum('duration_second', 'dt'),
  { name: 'largest_gap_second', sql: 'max(dt)', merge: 'max' },
  { name: 'current_count', sql: 'count(current_ampere)', merge: 'sum' },
  sum('twice_charging_charge', twiceIntegral('charging', false)),
  sum('twice_discharging_charge', twiceIntegral('discharging', false)),
  sum('twice_charging_energy', twiceIntegral('charging', true)),
  sum('twice_discharging_energy', twiceIntegral('discharging', true)),
  sum(
    'twice_square_current',
    '(current_ampere * current_ampere + previous_current_ampere * previous_current_ampere) * dt',
  ),
  sum('twice_voltage', '(voltage_volt + previous_voltage_volt) * dt'),
  { name: 'minimum_voltage_volt', sql: 'min(voltage_volt)', merge: 'min' },
  { name: 'maximum_voltage_volt', sql: 'max(voltage_volt)', merge: 'max' },
  { name: 'maximum_absolute_current_ampere', sql: 'max(abs(current_ampere))', merge: 'max' },
  sum('sum_temperature', 'ambient_temperature_celsius'),
  { name: 'temperature_count', sql: 'count(ambient_temperature_celsius)', merge: 'sum' },
  { name: 'maximum_temperature_celsius', sql: 'max(ambient_temperature_celsius)', merge: 'max' },
  ...counters.map((name): StepSum => ({ name: `count_${name}`, sql: `count(${name})`, merge: 'sum' })),
  // Inside a step a counter that falls below half of what it stood at has restarted; a smaller fall is rounding, and
  // last minus first lets it cancel.
  ...directedCounters.map((name) =>
    sum(
      `restarted_${name}`,
      `CASE WHEN same_step AND ${name} < 0.5 * previous_${name} THEN previous_${name} END`,
    ),
  ),
  ...netCounters.flatMap((name) => [
    sum(
      `rises_${name}`,
      `CASE WHEN same_step AND ${name} > previous_${name} THEN ${name} - previous_${name} END`,
    ),
    sum(
      `falls_${name}`,
      `CASE WHEN same_step AND ${name} < previous_${name} THEN previous_${name} - ${name} END`,
    ),
  ]),
];

/** Whether a row of `step_sums` has a counter that only some of its records have. */
export const hasSparseCounters = counters
  .map((name) => `(count_${name} > 0 AND count_${name} < record_count)`)
  .join(' OR ');

const clipped = (name: string, sign: '' | '-', current: string) =>
  `CASE WHEN ${sign}${current} > 0 THEN ${sign}${current} WHEN ${current} IS NOT NULL THEN 0.0 END AS ${name}`;

/** Records with the length of the interval before each (s, 0 across steps and backward in time) and clipped currents. */
export const intervals = (records: string) => `
  SELECT *,
    CASE WHEN same_step AND test_time_second > previous_test_time_second
      THEN test_time_second - previous_test_time_second ELSE 0.0 END AS dt,
    ${clipped('charging_current', '', 'current_ampere')},
    ${clipped('discharging_current', '-', 'current_ampere')},
    ${clipped('previous_charging_current', '', 'previous_current_ampere')},
    ${clipped('previous_discharging_current', '-', 'previous_current_ampere')}
  FROM (
    SELECT *, previous_test_id = test_id AND previous_step_count = step_count AS same_step
    FROM (${records}) AS r
  ) AS s`;

const partSums = (records: string) => `
  SELECT test_id, step_count, ${sums.map(({ name, sql }) => `${sql} AS ${name}`).join(',\n    ')}
  FROM (${intervals(records)}) AS i
  GROUP BY test_id, step_count`;

/**
 * `step_sums`: one row per step, with everything that needs each record. Parts are summed separately and then
 * combined, so that the order of additions, and with it the last digit, does not depend on the number of threads.
 */
export function stepSums(source: RecordSource): Stage {
  const [only, ...others] = source.parts;
  if (only !== undefined && others.length === 0) return { name: 'step_sums', sql: partSums(only) };
  return {
    name: 'step_sums',
    sql: `SELECT test_id, step_count, ${sums.map(({ name, merge }) => `${merge}(${name}) AS ${name}`).join(', ')}
      FROM (${source.parts.map(partSums).join('\n UNION ALL ')}) AS p
      GROUP BY test_id, step_count`,
  };
}

/** `step_medians`: the median voltage of a step, which a steep end changes less than the mean. */
export function stepMedians(source: RecordSource): Stage {
  return {
    name: 'step_medians',
    sql: `
      SELECT test_id, step_count, median(voltage_volt) AS median_voltage_volt
      FROM ${source.measurements} AS m
      GROUP BY test_id, step_count`,
  };
}

/**
 * `constant_current`: charge (Ah) that a tapering charge step moved up to the first record at its voltage limit.
 * Reads `tapering_steps`; the engine skips the scan where there are none.
 */
export function constantCurrent(source: RecordSource): Stage {
  const charge = source.parts.map(
    (records) => `
      SELECT i.test_id, i.step_count, sum(${twiceIntegral('charging', false)}) / 7200 AS capacity_ah
      FROM (${intervals(records)}) AS i
      JOIN limits AS l ON l.test_id = i.test_id AND l.step_count = i.step_count
      WHERE i.record_index <= l.limit_record_index
      GROUP BY i.test_id, i.step_count`,
  );
  return {
    name: 'constant_current',
    sql: `WITH limits AS (
        SELECT m.test_id, m.step_count, min(m.record_index) AS limit_record_index
        FROM ${source.measurements} AS m
        JOIN tapering_steps AS t ON t.test_id = m.test_id AND t.step_count = m.step_count
        WHERE m.voltage_volt >= t.limit_voltage_volt
        GROUP BY m.test_id, m.step_count
      )
      SELECT test_id, step_count, coalesce(sum(capacity_ah), 0.0) AS constant_current_capacity_ah
      FROM (${charge.join(' UNION ALL ')}) AS c
      GROUP BY test_id, step_count`,
  };
}
