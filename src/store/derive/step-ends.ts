import type { Stage } from './dialect.js';
import { counters, type RecordSource } from './records.js';

/**
 * When looking for the end of constant current, a voltage this close to the highest of its step counts as at the
 * limit.
 */
const limitTolerance = 0.002;

/** `step_boundaries`: the first record of each step, the last, and the one before the last. */
export function stepBoundaries(source: RecordSource): Stage {
  return {
    name: 'step_boundaries',
    sql: `
      SELECT m.test_id, m.record_index, m.step_count, m.test_time_second, m.current_ampere, m.voltage_volt,
        m.step_id, m.vendor_step_type, m.vendor_cycle_count, m.vendor_record_index,
        ${counters.map((name) => `m.${name}`).join(', ')}
      FROM ${source.measurements} AS m
      JOIN (
        SELECT test_id, first_record_index AS record_index FROM step_sums
        UNION SELECT test_id, last_record_index AS record_index FROM step_sums
        UNION SELECT test_id, last_record_index - 1 AS record_index FROM step_sums
      ) AS b ON b.test_id = m.test_id AND b.record_index = m.record_index`,
  };
}

const firstOf = (value: string) => `min_by(${value}, record_index)`;
const lastOf = (value: string) => `max_by(${value}, record_index)`;

const integrals = (direction: 'charging' | 'discharging') => `
      CASE WHEN s.current_count > 0 THEN coalesce(s.logged_twice_${direction}_charge, 0.0) / 7200 END
        AS ${direction}_capacity_integrated_ah,
      CASE WHEN s.current_count > 0 THEN coalesce(s.logged_twice_${direction}_energy, 0.0) / 7200 END
        AS ${direction}_energy_integrated_wh`;

/**
 * `step_ends`: the sums of each step in units of the tables, with the values of its first and last record. (Aggregated
 * rather than joined three times, because for a single test the planner would pair every boundary with every other.)
 */
export const stepEnds: Stage = {
  name: 'step_ends',
  sql: `
    SELECT s.*, b.step_id, b.vendor_step_type, b.vendor_cycle_count,
      b.first_vendor_record_index, b.last_vendor_record_index, b.start_time_second, b.end_time_second,
      b.start_voltage_volt, b.end_voltage_volt, b.last_voltage_change_volt,
      b.start_current_ampere, b.end_current_ampere,
      ${counters.map((name) => `b.first_${name}, b.last_${name}`).join(', ')},
      ${integrals('charging')},
      ${integrals('discharging')},
      CASE WHEN s.duration_second > s.time_gap_second
        THEN s.logged_twice_voltage / (2 * (s.duration_second - s.time_gap_second))
        ELSE b.start_voltage_volt END AS mean_voltage_volt,
      CASE WHEN s.duration_second > s.time_gap_second
        THEN (s.logged_twice_charging_charge - s.logged_twice_discharging_charge)
          / (2 * (s.duration_second - s.time_gap_second))
        ELSE b.start_current_ampere END AS mean_current_ampere,
      CASE WHEN s.duration_second > s.time_gap_second
        THEN sqrt(s.logged_twice_square_current / (2 * (s.duration_second - s.time_gap_second)))
        ELSE s.maximum_absolute_current_ampere END AS root_mean_square_current_ampere,
      CASE WHEN s.temperature_count > 0 THEN s.sum_temperature / s.temperature_count END AS mean_temperature_celsius
    FROM logged_sums AS s
    JOIN (
      SELECT test_id, step_count,
        ${firstOf('step_id')} AS step_id, ${firstOf('vendor_step_type')} AS vendor_step_type,
        ${firstOf('vendor_cycle_count')} AS vendor_cycle_count,
        ${firstOf('vendor_record_index')} AS first_vendor_record_index,
        ${lastOf('vendor_record_index')} AS last_vendor_record_index,
        ${firstOf('test_time_second')} AS start_time_second, ${lastOf('test_time_second')} AS end_time_second,
        ${firstOf('voltage_volt')} AS start_voltage_volt, ${lastOf('voltage_volt')} AS end_voltage_volt,
        ${lastOf('voltage_change')} AS last_voltage_change_volt,
        ${firstOf('current_ampere')} AS start_current_ampere, ${lastOf('current_ampere')} AS end_current_ampere,
        ${counters
          .map((name) => `${firstOf(name)} AS first_${name}, ${lastOf(name)} AS last_${name}`)
          .join(',\n        ')}
      FROM (
        SELECT r.*, abs(voltage_volt - lag(voltage_volt) OVER (PARTITION BY test_id, step_count ORDER BY record_index))
          AS voltage_change
        FROM step_boundaries AS r
      ) AS c
      GROUP BY test_id, step_count
    ) AS b ON b.test_id = s.test_id AND b.step_count = s.step_count`,
};

/** Whether a step ends at its voltage limit with a reduced current, so that it contains a constant-voltage part. */
export const isTapering = (step: string, extreme: 'maximum' | 'minimum') =>
  `abs(${step}.end_current_ampere) < 0.9 * ${step}.maximum_absolute_current_ampere
    AND abs(${step}.end_voltage_volt - ${step}.${extreme}_voltage_volt) <= 0.005`;

/** `tapering_steps`: charge steps that change from constant current to constant voltage. */
export const taperingSteps: Stage = {
  name: 'tapering_steps',
  sql: `
    SELECT test_id, step_count, maximum_voltage_volt - ${limitTolerance} AS limit_voltage_volt
    FROM step_ends AS e
    WHERE ${isTapering('e', 'maximum')}
      AND start_voltage_volt < maximum_voltage_volt - ${limitTolerance}
      AND charging_capacity_integrated_ah > discharging_capacity_integrated_ah`,
};
