import type { Stage } from './dialect.js';

/**
 * Which capacity a test reports: the counter where there is one (the cycler integrates faster than it logs). The
 * counter is not used where it stands still while current flows, nor where only one direction has one.
 */
const capacitySource = `
  CASE
    WHEN NOT has_counter THEN 'integrated'
    WHEN NOT has_current THEN 'counter'
    WHEN counted_total = 0 AND loaded_total > 0 THEN 'integrated'
    WHEN NOT has_charging_counter AND charged_total > 0.01 * loaded_total THEN 'integrated'
    WHEN NOT has_discharging_counter AND loaded_total - charged_total > 0.01 * loaded_total THEN 'integrated'
    ELSE 'counter'
  END`;

const plain = (column: string, source: string) =>
  `CASE WHEN ${source} THEN coalesce(${column.replace(/_(ah|wh)$/, '_counter_$1')}, 0.0)
    ELSE ${column.replace(/_(ah|wh)$/, '_integrated_$1')} END AS ${column}`;

const total = (value: string) => `sum(CASE WHEN step_type <> 'rest' THEN ${value} ELSE 0.0 END)`;
const states = (column: string) => `max(CASE WHEN ${column} IS NOT NULL THEN 1 ELSE 0 END) = 1`;

/** `reported_steps`: the typed steps with the capacities and energies their test reports. */
export const reportedSteps: Stage = {
  name: 'reported_steps',
  sql: `
    WITH totals AS (
      SELECT test_id,
        ${states('charging_capacity_counter_ah')} AS has_charging_counter,
        ${states('discharging_capacity_counter_ah')} AS has_discharging_counter,
        ${states('coalesce(charging_energy_counter_wh, discharging_energy_counter_wh)')} AS has_energy_counter,
        sum(coalesce(charging_capacity_counter_ah, 0.0) + coalesce(discharging_capacity_counter_ah, 0.0))
          AS counted_total,
        ${total('coalesce(charging_capacity_integrated_ah, 0.0)')} AS charged_total,
        ${total('coalesce(charging_capacity_integrated_ah + discharging_capacity_integrated_ah, 0.0)')} AS loaded_total
      FROM typed_steps
      GROUP BY test_id
    ),
    totalled AS (
      SELECT ty.*, tt.has_charging_counter, tt.has_discharging_counter, tt.has_energy_counter, tt.counted_total,
        tt.charged_total, tt.loaded_total
      FROM typed_steps AS ty
      JOIN totals AS tt ON tt.test_id = ty.test_id
    ),
    sourced AS (
      SELECT o.*, ${capacitySource} AS capacity_source
      FROM (SELECT tt.*, has_charging_counter OR has_discharging_counter AS has_counter FROM totalled AS tt) AS o
    ),
    reported AS (
      SELECT so.*,
        ${plain('charging_capacity_ah', "capacity_source = 'counter'")},
        ${plain('discharging_capacity_ah', "capacity_source = 'counter'")},
        ${plain('charging_energy_wh', "capacity_source = 'counter' AND has_energy_counter")},
        ${plain('discharging_energy_wh', "capacity_source = 'counter' AND has_energy_counter")}
      FROM sourced AS so
    )
    SELECT re.*,
      CASE step_type WHEN 'charge' THEN charging_capacity_ah WHEN 'discharge' THEN discharging_capacity_ah
        WHEN 'rest' THEN 0.0 ELSE abs(charging_capacity_ah - discharging_capacity_ah) END AS capacity_ah,
      CASE step_type WHEN 'charge' THEN charging_energy_wh WHEN 'discharge' THEN discharging_energy_wh
        WHEN 'rest' THEN 0.0 ELSE abs(charging_energy_wh - discharging_energy_wh) END AS energy_wh
    FROM reported AS re`,
};
