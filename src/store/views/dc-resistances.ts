import { column } from '../tables/index.js';
import { restedStepsSql, stateOfChargeColumns } from './cell-steps.js';
import { taken, type ViewDefinition } from './definition.js';

/** Requirements for a resistance (IEC 62660-1:2018): a rest before, and a current that has reached its set value. */
const minimumRestSecond = 10;
const currentTolerance = 0.02;
/** Delays that are usually reported; NULL is the first record under load. */
const delays = '(VALUES (NULL::DOUBLE), (1), (10), (30)) AS d(delay_second)';

/**
 * Columns that identify a load step, with its cell (which changes no value), so that a condition on a cell or a test
 * is applied to the steps before their records are read.
 */
const loadStep = 'l.cell_id, l.cell_cycle, l.test_id, l.cycle_count, l.step_type, l.step_count';

/** The same as `dcResistance` in src/analysis/cycling, in SQL. */
export const dcResistances: ViewDefinition = {
  name: 'dc_resistances',
  row: 'the resistance of a cell some time after a rest turned into a charge or discharge',
  sql: `
    WITH load_steps AS (
      SELECT *, rest_end_second AS rest_end, rest_voltage_volt AS rest_volt, rest_current_ampere AS rest_ampere
      FROM (${restedStepsSql}) s
      WHERE step_type IN ('charge', 'discharge') AND rest_second >= ${minimumRestSecond}
    ), records AS (
      SELECT l.*, m.test_time_second - l.rest_end AS delta, m.voltage_volt AS volt, m.current_ampere AS ampere,
        lead(m.test_time_second) OVER step - l.rest_end AS next_delta, lead(m.voltage_volt) OVER step AS next_volt,
        lead(m.current_ampere) OVER step AS next_ampere, row_number() OVER step AS n,
        median(m.current_ampere) OVER (PARTITION BY ${loadStep}) AS set_ampere
      FROM load_steps l JOIN measurements m ON m.test_id = l.test_id AND m.step_count = l.step_count
        AND m.record_index >= l.first_record_index
      WINDOW step AS (PARTITION BY ${loadStep} ORDER BY m.record_index)
    ), points AS (
      SELECT *, delay_second - delta AS since_left,
        CASE WHEN delay_second IS NULL OR delta = delay_second THEN 0
          ELSE (delay_second - delta) / (next_delta - delta) END AS share
      FROM records, ${delays}
      WHERE CASE WHEN delay_second IS NULL THEN n = 1
        WHEN delta = delay_second THEN n = 1
        ELSE delta < delay_second AND next_delta >= delay_second
          AND least(delay_second - delta, next_delta - delay_second) <= delay_second / 2 END
    ), resistances AS (
      SELECT *, coalesce(delay_second, delta) AS delta_second,
        CASE WHEN share = 0 THEN volt ELSE volt + share * (next_volt - volt) END AS load_volt,
        CASE WHEN share = 0 THEN ampere ELSE ampere + share * (next_ampere - ampere) END AS load_ampere
      FROM points
    )
    SELECT r.cell_id, r.cell_cycle, r.test_id, r.cycle_count, r.step_count, r.step_type, r.delay_second, r.delta_second,
      (r.load_volt - r.rest_volt) / (r.load_ampere - r.rest_ampere) AS resistance_ohm,
      (r.load_volt - r.rest_volt) / (r.load_ampere - r.rest_ampere) * r.electrode_area_cm2
        AS area_specific_resistance_ohm_cm2,
      r.rest_volt AS rest_voltage_volt, r.load_ampere AS current_ampere,
      r.state_of_charge_at_start AS state_of_charge, 1 - r.state_of_charge_at_start AS depth_of_discharge,
      r.state_of_charge_source
    FROM resistances r
    WHERE abs(r.load_ampere - r.set_ampere) <= ${currentTolerance} * abs(r.set_ampere)
      AND r.load_ampere <> r.rest_ampere`,
  columns: [
    ...taken('tests', 'cell_id'),
    ...taken('cycles', 'cell_cycle'),
    ...taken('steps', 'test_id', 'cycle_count', 'step_count', 'step_type'),
    column(
      'delay_second',
      'DOUBLE',
      'Time after the last record of the rest that was asked for: 1, 10, 30; null: the first record under load. Different delays are different quantities.',
      { unit: 's' },
    ),
    column('delta_second', 'DOUBLE', 'Time after the last record of the rest that the value belongs to.', {
      unit: 's',
    }),
    column(
      'resistance_ohm',
      'DOUBLE',
      'Direct-current resistance; voltage and current interpolated inside the load step. No row: rested for less than 10 s, no record within half the delay, or the current not within 2 % of its set value.',
      { unit: 'Ω', formula: '(V(t₀+Δt) − V(t₀⁻))/(I(t₀+Δt) − I(t₀⁻))' },
    ),
    column(
      'area_specific_resistance_ohm_cm2',
      'DOUBLE',
      'The same times the electrode area; null without it.',
      {
        unit: 'Ω·cm²',
        formula: 'resistance_ohm·electrode_area_cm2',
      },
    ),
    column('rest_voltage_volt', 'DOUBLE', 'Voltage of the last record of the rest.', { unit: 'V' }),
    column('current_ampere', 'DOUBLE', 'Current at that time; positive charges.', { unit: 'A' }),
    ...stateOfChargeColumns,
  ],
};
