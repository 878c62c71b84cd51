import { column } from '../tables/index.js';
import { restedStepsSql, stateOfChargeColumns } from './cell-steps.js';
import { taken, type ViewDefinition } from './definition.js';

/** A rest long enough to start from, s (IEC 62660-1:2018). */
const minimumRestSecond = 10;
/** A pulse up to this length shows resistances; a longer one is a titration, s. */
const longestPulseSecond = 60;
/**
 * A titration pulse moves at most this share of the capacity; a larger one belongs to a discharge with rests in it.
 */
const largestShare = 0.1;
/**
 * Up to the first time after the rest a voltage change is ohmic; from there to the second time it is charge transfer,
 * s.
 */
const latestOhmicSecond = 0.1;
const chargeTransferSecond = 1;
/**
 * Requirements for a diffusion coefficient: records on the line, a good line, and a pulse far shorter than the
 * diffusion time.
 */
const fewestRecords = 5;
const leastLinear = 0.99;
const largestRatio = 0.35;
const currentTolerance = 0.02;

const ofPulse = 'cell_id, cell_cycle, test_id, cycle_count, step_type, step_count';

/**
 * Current pulses between two rests, their resistance split by time, which needs no model. Over the square root of time the
 * overvoltage of diffusion is a straight line (W. Weppner, R. A. Huggins, J. Electrochem. Soc. 124 (1977) 1569), here
 * through the records from a quarter of the pulse on. Against the exact solution for a layer of the diffusion length the
 * coefficient is 1 % low at a diffusion ratio of 0.25 and 6 % low at 0.35, where it ends.
 */
export const pulses: ViewDefinition = {
  name: 'pulses',
  row: 'a pulse of current between two rests (HPPC, GITT)',
  sql: `
    WITH chosen AS (
      SELECT *, CASE WHEN duration_second <= ${longestPulseSecond} THEN 'pulse' ELSE 'titration' END AS kind
      FROM (${restedStepsSql}) s
      WHERE step_type IN ('charge', 'discharge')
        AND rest_second >= ${minimumRestSecond} AND later_rest_second IS NOT NULL
        AND (duration_second <= ${longestPulseSecond}
          OR capacity_ah <= ${largestShare} * coalesce(reference_ah, nominal_ah))
    ), records AS (
      SELECT p.*, m.test_time_second - p.rest_end_second AS delta, m.voltage_volt AS volt, m.current_ampere AS ampere,
        m.record_index
      FROM chosen p JOIN measurements m ON m.test_id = p.test_id AND m.step_count = p.step_count
        AND m.record_index >= p.first_record_index
    ), lines AS (
      SELECT ${ofPulse}, any_value(kind) AS kind, any_value(start_time_second) AS start_time_second,
        any_value(rest_second) AS rest_second, any_value(rest_voltage_volt) AS rest_volt,
        any_value(rest_current_ampere) AS rest_ampere, any_value(later_rest_second) AS later_rest_second,
        any_value(later_rest_voltage_volt) AS later_rest_volt, any_value(capacity_ah) AS capacity_ah,
        any_value(state_of_charge_at_start) AS state_of_charge_at_start,
        any_value(state_of_charge_source) AS state_of_charge_source,
        any_value(electrode_area_cm2) AS electrode_area_cm2, any_value(diffusion_length_um) AS diffusion_length_um,
        median(ampere) AS set_ampere, max(abs(ampere)) AS largest_ampere, min(abs(ampere)) AS least_ampere,
        arg_min(delta, record_index) AS first_delta, arg_min(volt, record_index) AS first_volt,
        arg_min(ampere, record_index) AS first_ampere,
        arg_max(delta, record_index) AS last_delta, arg_max(volt, record_index) AS last_volt,
        arg_max(ampere, record_index) AS last_ampere,
        max(delta) FILTER (delta <= ${chargeTransferSecond}) AS left_delta,
        arg_max(volt, delta) FILTER (delta <= ${chargeTransferSecond}) AS left_volt,
        min(delta) FILTER (delta >= ${chargeTransferSecond}) AS right_delta,
        arg_min(volt, delta) FILTER (delta >= ${chargeTransferSecond}) AS right_volt,
        count(volt) FILTER (delta >= span / 4) AS n,
        regr_slope(volt, sqrt(delta)) FILTER (delta >= span / 4) AS slope,
        regr_r2(volt, sqrt(delta)) FILTER (delta >= span / 4) AS r_squared
      FROM (
        SELECT *, max(delta) OVER (PARTITION BY ${ofPulse}) AS span FROM records WHERE delta >= 0
      ) r
      GROUP BY ${ofPulse}
    ), parts AS (
      SELECT *, last_ampere - rest_ampere AS step_ampere,
        greatest(largest_ampere - abs(set_ampere), abs(set_ampere) - least_ampere)
          <= ${currentTolerance} * abs(set_ampere) AS is_constant,
        CASE WHEN n >= ${fewestRecords} THEN r_squared END AS line_r_squared,
        CASE WHEN first_delta <= ${latestOhmicSecond} AND first_delta < last_delta THEN first_volt END AS ohmic_volt,
        CASE WHEN right_delta = left_delta THEN left_volt
          WHEN least(${chargeTransferSecond} - left_delta, right_delta - ${chargeTransferSecond})
            <= ${chargeTransferSecond / 2}
          THEN left_volt
            + (${chargeTransferSecond} - left_delta) / (right_delta - left_delta) * (right_volt - left_volt)
          END AS transfer_volt
      FROM lines
    )
    SELECT cell_id, cell_cycle, test_id, cycle_count, step_count, step_type, kind, start_time_second,
      state_of_charge_at_start AS state_of_charge, 1 - state_of_charge_at_start AS depth_of_discharge,
      state_of_charge_source, last_delta AS pulse_second, set_ampere AS current_ampere, capacity_ah, rest_second,
      rest_volt AS rest_voltage_volt, last_volt AS end_voltage_volt, later_rest_second,
      later_rest_volt AS later_rest_voltage_volt, first_delta AS ohmic_delta_second,
      CASE WHEN is_constant THEN (last_volt - rest_volt) / step_ampere END AS resistance_ohm,
      CASE WHEN is_constant THEN (ohmic_volt - rest_volt) / (first_ampere - rest_ampere) END AS ohmic_resistance_ohm,
      CASE WHEN is_constant THEN (transfer_volt - ohmic_volt) / step_ampere END AS charge_transfer_resistance_ohm,
      CASE WHEN is_constant THEN (last_volt - transfer_volt) / step_ampere END AS diffusion_resistance_ohm,
      CASE WHEN is_constant THEN (last_volt - rest_volt) / step_ampere * electrode_area_cm2 END
        AS area_specific_resistance_ohm_cm2,
      line_r_squared,
      CASE WHEN kind = 'titration' AND is_constant AND line_r_squared >= ${leastLinear}
          AND later_rest_volt <> rest_volt AND diffusion_ratio <= ${largestRatio}
        THEN 1e-8 * diffusion_length_um ** 2 * diffusion_ratio / last_delta END
        AS diffusion_coefficient_cm2_per_second,
      CASE WHEN kind = 'titration' AND is_constant THEN diffusion_ratio END AS diffusion_ratio
    FROM (
      SELECT *, 4 / pi() * ((later_rest_volt - rest_volt) / nullif(slope * sqrt(last_delta), 0)) ** 2 AS diffusion_ratio
      FROM parts
    ) d
    WHERE step_ampere <> 0`,
  columns: [
    ...taken('tests', 'cell_id'),
    ...taken('cycles', 'cell_cycle'),
    ...taken('steps', 'test_id', 'cycle_count', 'step_count', 'step_type'),
    column(
      'kind',
      'VARCHAR',
      'pulse: up to 60 s; titration: longer, and at most a tenth of the capacity is moved.',
    ),
    ...taken('steps', 'start_time_second'),
    ...stateOfChargeColumns,
    column('pulse_second', 'DOUBLE', 'Time from the last record of the rest to the last of the pulse.', {
      unit: 's',
    }),
    column('current_ampere', 'DOUBLE', 'Median current of the pulse; positive charges.', { unit: 'A' }),
    ...taken('steps', 'capacity_ah'),
    column('rest_second', 'DOUBLE', 'Duration of the rest before: 10 s at least.', { unit: 's' }),
    column('rest_voltage_volt', 'DOUBLE', 'Voltage of the last record of the rest before.', { unit: 'V' }),
    column('end_voltage_volt', 'DOUBLE', 'Voltage of the last record of the pulse.', { unit: 'V' }),
    column('later_rest_second', 'DOUBLE', 'Duration of the rest behind.', { unit: 's' }),
    column('later_rest_voltage_volt', 'DOUBLE', 'Voltage of the last record of the rest behind.', {
      unit: 'V',
    }),
    column('ohmic_delta_second', 'DOUBLE', 'Time from the last record of the rest to the first under load.', {
      unit: 's',
    }),
    column(
      'resistance_ohm',
      'DOUBLE',
      'Resistance at the end of the pulse. It is split by time: ohmic, charge transfer, diffusion. Null, as the parts are, where the current is not within 2 % of its median throughout.',
      { unit: 'Ω', formula: '(V_end − V_rest)/(I_end − I_rest)' },
    ),
    column(
      'ohmic_resistance_ohm',
      'DOUBLE',
      'Resistance of the first record under load; null where that is later than 0.1 s.',
      { unit: 'Ω', formula: '(V_first − V_rest)/(I_first − I_rest)' },
    ),
    column(
      'charge_transfer_resistance_ohm',
      'DOUBLE',
      'What is added until 1 s after the rest, interpolated; null without a first record within 0.1 s and another within 0.5 s of that.',
      { unit: 'Ω', formula: '(V(1 s) − V_first)/ΔI' },
    ),
    column(
      'diffusion_resistance_ohm',
      'DOUBLE',
      'What is added from 1 s to the end: diffusion, slow charge transfer and the change of the rest voltage.',
      { unit: 'Ω', formula: '(V_end − V(1 s))/ΔI' },
    ),
    column(
      'area_specific_resistance_ohm_cm2',
      'DOUBLE',
      'resistance_ohm times the electrode area; null without it.',
      {
        unit: 'Ω·cm²',
        formula: 'resistance_ohm·electrode_area_cm2',
      },
    ),
    column(
      'line_r_squared',
      'DOUBLE',
      'Coefficient of determination of the voltage over √t from a quarter of the pulse on; null below five records.',
      { unit: '1' },
    ),
    column(
      'diffusion_coefficient_cm2_per_second',
      'DOUBLE',
      'Chemical diffusion coefficient by GITT; null without cells.diffusion_length_um, where line_r_squared is below 0.99, and where diffusion_ratio is above 0.35: the formula does not hold there.',
      { unit: 'cm²/s', formula: '4/(π·τ)·L²·(ΔV_rest/ΔV_line)²' },
    ),
    column('diffusion_ratio', 'DOUBLE', 'Duration of the pulse over the time of diffusion.', {
      unit: '1',
      formula: 'D·τ/L² = 4/π·(ΔV_rest/ΔV_line)²',
    }),
  ],
};
