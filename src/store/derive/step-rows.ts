import type { SqlDialect, Stage } from './dialect.js';
import { counters, type directedCounters, type netCounters } from './records.js';
import { isTapering } from './step-ends.js';

type NetCounter = (typeof netCounters)[number];
type DirectedCounter = (typeof directedCounters)[number];

const beforeStep =
  'PARTITION BY test_id ORDER BY step_count ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING';

/**
 * What a directed counter rose by at the step, from the last record of an earlier step to its own last record. The
 * rise across the step boundary belongs to the later step, so that steps add up to the whole.
 * - first record of the test: cut from a longer test, so what it stands at is not of this one;
 * - a fall is a restart and the new value counts from 0, unless the fall is within rounding;
 * - scope `step` restarts at every step of the schedule, also where the first record logged already stands higher than
 *   the step before ended. Some set-ups run on from constant current into constant voltage all the same, so that is
 *   believed only where the current could have moved it since: nearer to a start at 0 than to running on.
 */
const directedRise = (name: DirectedCounter) => {
  const first = `first_${name}`;
  const before = `before_${name}`;
  return `CASE WHEN ${first} IS NULL THEN 0.0 ELSE last_${name} - ${first} + coalesce(restarted_${name}, 0.0) +
    CASE
      WHEN ${before} IS NULL THEN
        CASE WHEN counter_scope = 'increment' THEN ${first}
          WHEN previous_step_count IS NULL OR counter_scope IN ('cycle', 'test') THEN 0.0 ELSE ${first} END
      WHEN ${first} < 0.999 * ${before} THEN ${first}
      WHEN counter_scope = 'step' AND is_new_vendor_step
        AND coalesce(${bridged(name)} > ${first} - 0.5 * ${before}, TRUE) THEN ${first}
      ELSE ${first} - ${before}
    END END`;
};

/**
 * What can flow between the last record before a step and its first record (Ah, Wh): one log interval at its first
 * current.
 */
const bridged = (name: DirectedCounter) => {
  const current = name.startsWith('charging') ? 'start_current_ampere' : '-start_current_ampere';
  const power = name.endsWith('_wh') ? ' * start_voltage_volt' : '';
  return `(CASE WHEN ${current} > 0 THEN ${current} WHEN ${current} IS NOT NULL THEN 0.0 END${power} * bridge_second / 3600)`;
};

/**
 * Change of a signed counter across the boundary before the step. A counter that is suddenly at 0, with a larger
 * change than the currents on both sides can cause, has restarted.
 */
const netStep = (name: NetCounter) => {
  const first = `first_${name}`;
  const before = `before_${name}`;
  return `CASE
      WHEN ${before} IS NULL THEN 0.0
      WHEN abs(${first}) < 0.001 * abs(${before})
        AND abs(${before}) > 10 * ${name.endsWith('_wh') ? 'start_voltage_volt * ' : ''}boundary_current * boundary_second / 3600 THEN ${first}
      ELSE ${first} - ${before}
    END`;
};

const netRise = (name: NetCounter, kind: 'rises' | 'falls') =>
  `coalesce(${kind}_${name}, 0.0) + greatest(coalesce(${kind === 'rises' ? '' : '-'}(${netStep(name)}), 0.0), 0.0)`;

/** The counter of a direction, from the kind of counter that the test has: `net` from the signed one. */
const counted = (name: DirectedCounter, net: NetCounter, kind: 'rises' | 'falls') => `
  CASE
    WHEN counter_scope = 'none' THEN NULL
    WHEN has_${net} AND (counter_scope = 'net' OR NOT (has_charging_${quantity(net)} OR has_discharging_${quantity(net)}))
      THEN ${netRise(net, kind)}
    WHEN has_${name} THEN ${directedRise(name)}
  END`;

const quantity = (net: NetCounter) => net.slice('net_'.length);

/**
 * `step_rows`: the rows of `steps` as far as they follow only from the records. Kind of step, number of cycle and
 * reported capacity need the cell and come later (`numbered_steps`), so that they can be computed again without
 * records.
 */
export function stepRows(dialect: SqlDialect): Stage {
  const beforeOwnStep = beforeStep.replaceAll(/(test_id|step_count)/g, 'e.$1');
  return {
    name: 'step_rows',
    sql: `
      SELECT test_id, step_count, vendor_cycle_count, step_id, vendor_step_type,
        first_record_index, last_record_index, first_vendor_record_index, last_vendor_record_index, record_count,
        start_time_second, end_time_second,
        coalesce(duration_second, 0.0) AS duration_second, largest_gap_second, time_gap_second, log_error_ah,
        ${counted('charging_capacity_ah', 'net_capacity_ah', 'rises')} AS charging_capacity_counter_ah,
        ${counted('discharging_capacity_ah', 'net_capacity_ah', 'falls')} AS discharging_capacity_counter_ah,
        ${counted('charging_energy_wh', 'net_energy_wh', 'rises')} AS charging_energy_counter_wh,
        ${counted('discharging_energy_wh', 'net_energy_wh', 'falls')} AS discharging_energy_counter_wh,
        charging_capacity_integrated_ah, discharging_capacity_integrated_ah,
        charging_energy_integrated_wh, discharging_energy_integrated_wh, constant_current_capacity_ah,
        start_voltage_volt, end_voltage_volt, mean_voltage_volt, median_voltage_volt,
        minimum_voltage_volt, maximum_voltage_volt,
        last_voltage_change_volt, start_current_ampere, end_current_ampere, mean_current_ampere,
        root_mean_square_current_ampere, maximum_absolute_current_ampere,
        mean_temperature_celsius, maximum_temperature_celsius
      FROM (
        SELECT e.*, t.counter_scope, l.log_error_ah, d.median_voltage_volt,
          CASE
            WHEN ${isTapering('e', 'maximum')}
              THEN least(coalesce(c.constant_current_capacity_ah, 0.0), e.charging_capacity_integrated_ah)
            ELSE e.charging_capacity_integrated_ah
          END AS constant_current_capacity_ah,
          lag(e.step_count) OVER in_test AS previous_step_count,
          e.step_id IS NULL OR lag(e.step_id) OVER in_test IS DISTINCT FROM e.step_id
            OR lag(e.vendor_cycle_count) OVER in_test IS DISTINCT FROM e.vendor_cycle_count AS is_new_vendor_step,
          greatest(abs(e.start_current_ampere), abs(lag(e.end_current_ampere) OVER in_test)) AS boundary_current,
          greatest(e.start_time_second - lag(e.end_time_second) OVER in_test, 0.0) AS boundary_second,
          -- A longer pause without records is no log interval.
          least(e.start_time_second - lag(e.end_time_second) OVER in_test,
            CASE WHEN e.record_count > 1 THEN 1.5 * e.duration_second / (e.record_count - 1) END) AS bridge_second,
          ${counters
            .flatMap((name) => [
              `max(e.count_${name}) OVER (PARTITION BY e.test_id) > 0 AS has_${name}`,
              `${dialect.lastNonNull(`e.last_${name}`, beforeOwnStep)} AS before_${name}`,
            ])
            .join(',\n          ')}
        FROM step_ends AS e
        JOIN derived_tests AS t ON t.test_id = e.test_id
        LEFT JOIN constant_current AS c ON c.test_id = e.test_id AND c.step_count = e.step_count
        LEFT JOIN step_medians AS d ON d.test_id = e.test_id AND d.step_count = e.step_count
        LEFT JOIN log_errors AS l ON l.test_id = e.test_id AND l.step_count = e.step_count
        WINDOW in_test AS (PARTITION BY e.test_id ORDER BY e.step_count)
      ) AS s`,
  };
}
