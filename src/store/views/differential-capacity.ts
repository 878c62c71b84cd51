import { column } from '../tables/index.js';
import { voltageRecordsSql } from './curves.js';
import { taken, type ViewDefinition } from './definition.js';

/** Width of a voltage bin that resolves plateaus without showing the noise of an ordinary cycler, V. */
export const usualBinVolt = 0.005;
/** A peak is the highest value within this distance on both sides, V. */
const PEAK_REACH_VOLT = 0.02;
/**
 * A peak has at least this share of the highest value of its half cycle, and exceeds the minima beside it by as much.
 */
const PEAK_SHARE = 0.1;
const PEAK_CONTRAST = 1.05;

/** Columns that identify a half cycle; its test is that of its first part, which matters where the cell is unknown. */
const half = 'cell_id, cell_cycle, half_test_id, half_cycle_count, step_type';
/** Rows of a half cycle within this many bins around the present one. */
const around = (from: string, to: string) =>
  `(PARTITION BY ${half} ORDER BY bin RANGE BETWEEN ${from} AND ${to})`;

/**
 * dQ/dV of every charge and discharge of a cell. The charge between two records is spread evenly over the voltages
 * between them and summed in bins, so that noise which reverses the voltage causes no division by zero and loses no
 * charge; the same as `differentialCapacity` in src/analysis/cycling. Smoothed by a moving mean over three bins, twice
 * (weights 1 2 3 2 1), which keeps the charge. On the use of such curves: I. Bloom et al., J. Power Sources 139 (2005)
 * 295.
 *
 * @param bin width of a bin, V
 * @param condition limits the half cycles; on cell_id, cell_cycle and step_type
 */
export function differentialCapacitySql(bin: number = usualBinVolt, condition = 'TRUE'): string {
  const reach = Math.max(2, Math.round(PEAK_REACH_VOLT / bin));
  const [left, right] = [
    around(`${reach} PRECEDING`, '1 PRECEDING'),
    around('1 FOLLOWING', `${reach} FOLLOWING`),
  ];
  return `
    WITH records AS (
      SELECT ${half}, label, voltage_volt AS volt, active_mass_mg AS mass_mg,
        lag(voltage_volt) OVER step AS volt_before,
        CASE WHEN lag(voltage_volt) OVER step IS NOT NULL THEN moved_ah END AS passed_ah
      FROM (${voltageRecordsSql}) v
      WHERE ${condition}
      WINDOW step AS (PARTITION BY ${half}, test_id, cycle_count, step_count ORDER BY record_index)
    ), spans AS (
      SELECT *, least(volt, volt_before) AS low, greatest(volt, volt_before) AS high
      FROM records WHERE passed_ah IS NOT NULL AND volt IS NOT NULL AND volt_before IS NOT NULL
    ), pieces AS (
      SELECT *, unnest(range(CAST(floor(low / ${bin}) AS BIGINT), CAST(floor(high / ${bin}) AS BIGINT) + 1)) AS bin
      FROM spans
    ), bins AS (
      SELECT ${half}, bin, any_value(label) AS label, max(mass_mg) AS mass_mg,
        sum(CASE WHEN floor(low / ${bin}) = floor(high / ${bin}) THEN passed_ah
          ELSE passed_ah * greatest(least((bin + 1) * ${bin}, high) - greatest(bin * ${bin}, low), 0)
            / (high - low) END)
          / ${bin} AS dq_dv
      FROM pieces GROUP BY ${half}, bin
    ), once AS (
      SELECT *, sum(dq_dv) OVER ${around('1 PRECEDING', '1 FOLLOWING')} / 3 AS mean_once FROM bins
    ), smooth AS (
      SELECT *, sum(mean_once) OVER ${around('1 PRECEDING', '1 FOLLOWING')} / 3 AS smoothed FROM once
    ), compared AS (
      SELECT *, max(smoothed) OVER ${left} AS left_most, max(smoothed) OVER ${right} AS right_most,
        min(smoothed) OVER ${left} AS left_least, min(smoothed) OVER ${right} AS right_least,
        lag(smoothed) OVER life AS before, lead(smoothed) OVER life AS after,
        bin - min(bin) OVER whole > 2 AND max(bin) OVER whole - bin > 2 AS is_inside,
        max(mass_mg) OVER whole AS half_mass_mg
      FROM smooth
      WINDOW life AS (PARTITION BY ${half} ORDER BY bin), whole AS (PARTITION BY ${half})
    ), found AS (
      SELECT *, max(smoothed) FILTER (is_inside) OVER (PARTITION BY ${half}) AS highest FROM compared
    )
    SELECT cell_id, cell_cycle, label, half_test_id AS test_id, half_cycle_count AS cycle_count, step_type,
      CAST((bin + 0.5) * ${bin} AS DOUBLE) AS voltage_volt, dq_dv AS dq_dv_ah_per_volt,
      smoothed AS smoothed_dq_dv_ah_per_volt, 1e6 * smoothed / half_mass_mg AS smoothed_dq_dv_mah_per_g_per_volt,
      1 / nullif(smoothed, 0) AS dv_dq_volt_per_ah,
      CASE WHEN is_inside AND smoothed > left_most AND smoothed >= right_most AND smoothed >= ${PEAK_SHARE} * highest
          AND smoothed >= ${PEAK_CONTRAST} * greatest(left_least, right_least)
        THEN (bin + 0.5 + 0.5 * (before - after) / (before - 2 * smoothed + after)) * ${bin} END AS peak_voltage_volt
    FROM found`;
}

export const differentialCapacityView: ViewDefinition = {
  name: 'differential_capacity',
  row: 'a voltage bin of 5 mV of a charge or discharge, with the charge moved there per volt',
  sql: differentialCapacitySql(),
  columns: [
    ...taken('tests', 'cell_id'),
    ...taken('cycles', 'cell_cycle', ['cell_cycle_label', 'label']),
    column('test_id', 'INTEGER', 'The test that holds the half cycle, or its first part.'),
    ...taken('cycles', 'cycle_count'),
    ...taken('steps', 'step_type'),
    column('voltage_volt', 'DOUBLE', 'Middle of the bin.', { unit: 'V' }),
    column(
      'dq_dv_ah_per_volt',
      'DOUBLE',
      'Charge moved within the bin over its width; what a constant voltage moved stands in its one bin.',
      { unit: 'Ah/V', formula: 'ΔQ/0.005 V' },
    ),
    column(
      'smoothed_dq_dv_ah_per_volt',
      'DOUBLE',
      'The same, smoothed by a moving mean over three bins, twice (weights 1 2 3 2 1): no charge is lost.',
      { unit: 'Ah/V' },
    ),
    column(
      'smoothed_dq_dv_mah_per_g_per_volt',
      'DOUBLE',
      'The smoothed value per mass of active material; null without it.',
      { unit: 'mAh/(g·V)' },
    ),
    column('dv_dq_volt_per_ah', 'DOUBLE', 'dV/dQ, of the smoothed value.', {
      unit: 'V/Ah',
      formula: '1/smoothed_dq_dv_ah_per_volt',
    }),
    column(
      'peak_voltage_volt',
      'DOUBLE',
      'Voltage of the peak in this bin (parabola through three bins): highest within 20 mV, at least a tenth of the highest, 5 % above the valleys beside it, not at an end; null: no peak.',
      { unit: 'V' },
    ),
  ],
};
