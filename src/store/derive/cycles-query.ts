import { cycles } from '../tables/index.js';
import { summedColumns } from './cycle-sums.js';
import { chargeQuotient, coulombicEfficiency, energyEfficiency } from './efficiency.js';

/** Largest relative difference between integral and counter; a direction with hardly any charge does not count. */
const counterDeviation = `greatest(${['charging', 'discharging']
  .map(
    (direction) => `CASE WHEN ${direction}_capacity_counter_ah > 0.01 * reference_capacity_ah
      AND NOT has_time_gap THEN abs(${direction}_capacity_integrated_ah / ${direction}_capacity_counter_ah - 1) END`,
  )
  .join(', ')})`;

const warning = (condition: string, code: string) => `CASE WHEN ${condition} THEN '"${code}"' END`;

const warnings = [
  warning('counter_deviation > 0.01', 'COUNTER_INTEGRAL_CONFLICT'),
  warning('counter_deviation > 0.002 AND counter_deviation <= 0.01', 'COUNTER_INTEGRAL_DIFF'),
  warning('has_time_gap', 'TIME_GAP'),
  warning('coulombic_efficiency < 0.5 OR coulombic_efficiency > 1.05', 'CE_IMPLAUSIBLE'),
  warning(`current_direction = 'unknown'`, 'CURRENT_DIRECTION_UNKNOWN'),
  warning('is_micro', 'MICRO_CYCLES'),
  warning(`order_basis = 'name'`, 'PART_ORDER_BY_NAME'),
  warning('names_disagree', 'PART_ORDER_CONFLICT'),
  `CASE WHEN efficiency_objection <> 'NOT_WHOLE' AND efficiency_objection <> 'TIME_GAP'
    THEN concat('"', efficiency_objection, '"') END`,
];

const meanVoltage = (direction: 'charging' | 'discharging') =>
  `${direction}_energy_wh / nullif(${direction}_capacity_ah, 0.0)`;

/** Columns of `cycles` that `cycle_parts` already has in this form. */
const asSummed = cycles.columns
  .map(({ name }) => name)
  .filter((name) => name === 'test_id' || name === 'cycle_count' || summedColumns.has(name));

/**
 * Rows of `cycles` from `cycle_parts` and `labelled_cycles`. A part of a cycle whose rest is in other tests is
 * `partial` here; `cell_cycle_label` is the label of the whole.
 */
export const cyclesSelect = `
  SELECT ${asSummed.join(', ')}, cell_cycle, cell_cycle_label, label, counter_deviation,
    coulombic_efficiency, efficiency_objection, is_return_at_limit, log_interval_bound,
    charge_quotient, energy_efficiency,
    mean_charging_voltage_volt, mean_discharging_voltage_volt,
    mean_charging_voltage_volt - mean_discharging_voltage_volt AS voltage_hysteresis_volt,
    constant_current_share, charging_c_rate, discharging_c_rate, is_complete,
    concat('[', concat_ws(',', ${warnings.join(', ')}), ']') AS warnings
  FROM (
    SELECT v.*,
      CASE WHEN cell_id IS NOT NULL THEN life_cycle END AS cell_cycle,
      CASE WHEN cell_id IS NOT NULL THEN life_label END AS cell_cycle_label,
      ${counterDeviation} AS counter_deviation,
      ${coulombicEfficiency('label')} AS coulombic_efficiency,
      ${chargeQuotient} AS charge_quotient,
      ${energyEfficiency('label')} AS energy_efficiency,
      ${meanVoltage('charging')} AS mean_charging_voltage_volt,
      ${meanVoltage('discharging')} AS mean_discharging_voltage_volt,
      constant_current_capacity_ah / nullif(charge_step_capacity_ah, 0.0) AS constant_current_share,
      charging_current / rated_capacity_ah AS charging_c_rate,
      discharging_current / rated_capacity_ah AS discharging_c_rate,
      label <> 'partial' AND NOT (label = 'interrupted' AND is_last_of_test) AS is_complete
    FROM (
      SELECT p.*, l.life_label, l.rated_capacity_ah, l.efficiency_objection, l.is_return_at_limit, l.log_interval_bound,
        CASE WHEN p.cycle_count = 0 OR NOT p.has_charge OR NOT p.has_discharge OR l.parts > 1 THEN 'partial'
          ELSE l.life_label END AS label
      FROM cycle_parts AS p
      JOIN labelled_cycles AS l ON l.life = p.life AND l.life_cycle = p.life_cycle
    ) AS v
  ) AS c`;
