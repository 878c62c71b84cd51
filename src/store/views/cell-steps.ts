import { column } from '../tables/index.js';
import { taken, type ViewDefinition } from './definition.js';

/** How close a cycle must come to both voltage limits for its charge to be the capacity of the cell, V. */
const limitToleranceVolt = 0.05;
/** Types of cells that have a state of charge. */
const storing = `(l.cell_type IS NULL OR l.cell_type NOT IN ('symmetric', 'pellet', 'li_cu'))`;
const inTest = 'PARTITION BY cell_id, test_id';
const inCycle = `${inTest}, cycle_count`;

/**
 * Steps with the net charge since their cycle began, as `u`: in the direction in which the cycle begins (`sense`: 1
 * charge, -1 discharge), so that every cycle rises to its turn and falls from there. Windows stay within one test of
 * one cell, so that a condition on either is applied before anything is summed.
 */
const chargeBySteps = `
    SELECT *, sum(net_ah) OVER (${inCycle} ORDER BY step_count ROWS UNBOUNDED PRECEDING) AS q_end,
      coalesce(upper_cutoff_volt, max(CASE WHEN is_whole THEN maximum_volt END) OVER (${inTest})) AS upper_volt,
      coalesce(lower_cutoff_volt, min(CASE WHEN is_whole THEN minimum_volt END) OVER (${inTest})) AS lower_volt
    FROM (
      SELECT t.cell_id, l.material_id, c.cell_cycle, coalesce(c.cell_cycle_label, c.label) AS label,
        s.test_id, s.cycle_count, s.step_count, s.step_type, s.vendor_step_type, s.record_count, s.first_record_index,
        s.start_time_second, s.end_time_second, s.duration_second, s.capacity_ah, s.start_voltage_volt,
        s.end_voltage_volt, s.start_current_ampere, s.end_current_ampere,
        CASE WHEN t.current_direction IS DISTINCT FROM 'unknown' AND ${storing}
          THEN coalesce(s.charging_capacity_ah, 0) - coalesce(s.discharging_capacity_ah, 0) END AS net_ah,
        s.maximum_voltage_volt AS maximum_volt, s.minimum_voltage_volt AS minimum_volt,
        l.upper_cutoff_volt, l.lower_cutoff_volt, l.electrode_area_cm2, l.diffusion_length_um,
        l.nominal_capacity_mah / 1000 AS nominal_ah,
        c.is_complete AND c.label NOT IN ('partial', 'interrupted') AND c.cycle_count > 0 AS is_whole
      FROM steps s
      JOIN tests t ON t.test_id = s.test_id
      LEFT JOIN cycles c ON c.test_id = s.test_id AND c.cycle_count = s.cycle_count
      LEFT JOIN cells l ON l.cell_id = t.cell_id
    ) s`;

/** Whether steps of a cycle came near the upper voltage limit (charging steps) or the lower one (others). */
const atLimit = (steps: string, isCharging: string) => `CASE WHEN ${isCharging}
                    THEN max(maximum_volt) FILTER (${steps}) OVER (${inCycle}) >= upper_volt - ${limitToleranceVolt}
                    ELSE min(minimum_volt) FILTER (${steps}) OVER (${inCycle}) <= lower_volt + ${limitToleranceVolt} END`;

/** Share of the capacity between empty (or full) and a charge; null where it is far outside. */
const within = (u: string) =>
  `CASE WHEN (${u} - u_zero) / reference_ah BETWEEN -0.05 AND 1.05 THEN (${u} - u_zero) / reference_ah END`;

/**
 * A step with its state of charge. In a whole cycle between both voltage limits, 0 and 1 are its turning points, for each
 * half cycle separately (a first charge, whose start is unknown, is counted back from its end by the capacity of the
 * following discharge). Elsewhere, charge is counted relative to the nominal capacity from the voltage limit that was
 * reached; without either there is none.
 *
 * There are more columns than the view shows, for the views that build on it.
 */
export const cellStepsSql = `
    SELECT *,
      CASE WHEN sense = 1 THEN share_at_start ELSE 1 - share_at_start END AS state_of_charge_at_start,
      CASE WHEN sense = 1 THEN share_at_end ELSE 1 - share_at_end END AS state_of_charge_at_end,
      CASE WHEN share_at_end IS NULL THEN NULL WHEN is_measured THEN 'cycle' ELSE 'nominal' END
        AS state_of_charge_source
    FROM (
      SELECT *, ${within('u_start')} AS share_at_start, ${within('u_end')} AS share_at_end
      FROM (
        SELECT *, CASE WHEN is_measured THEN half_ah WHEN is_turn_at_limit OR is_from_start THEN nominal_ah END
            AS reference_ah,
          CASE WHEN is_from_start AND (is_measured OR NOT is_turn_at_limit) THEN 0
            ELSE u_turn - CASE WHEN is_measured THEN half_ah ELSE nominal_ah END END AS u_zero
        FROM (
          SELECT *, step_count <= turn_step AND coalesce(is_start_at_limit, FALSE) AS is_from_start,
            nullif(CASE WHEN step_count <= turn_step AND is_start_at_limit THEN u_turn ELSE u_turn - u_last END, 0)
              AS half_ah,
            coalesce(is_whole AND is_turn_at_limit
              AND (is_end_at_limit OR step_count <= turn_step AND is_start_at_limit), FALSE) AS is_measured
          FROM (
            SELECT *, min(was_at_limit) OVER (${inCycle}) AS is_start_at_limit
            FROM (
              SELECT *, CASE WHEN lag(cycle_count) OVER life < cycle_count THEN lag(is_end_at_limit) OVER life END
                  AS was_at_limit
              FROM (
                SELECT *,
                  ${atLimit('step_count <= turn_step', 'sense = 1')} AS is_turn_at_limit,
                  ${atLimit('step_count > turn_step', 'sense = -1')} AS is_end_at_limit
                FROM (
                  SELECT *, sense * q_end AS u_end, sense * (q_end - net_ah) AS u_start,
                    max(sense * q_end) OVER (${inCycle}) AS u_turn,
                    arg_max(step_count, sense * q_end) OVER (${inCycle}) AS turn_step,
                    arg_max(sense * q_end, step_count) OVER (${inCycle}) AS u_last
                  FROM (
                    SELECT *, CASE WHEN max(q_end) OVER (${inCycle}) >= -min(q_end) OVER (${inCycle})
                      THEN 1 ELSE -1 END AS sense
                    FROM (${chargeBySteps}) a
                  ) b
                ) c
              ) d
              WINDOW life AS (${inTest} ORDER BY step_count)
            ) w
          ) h
        ) e
      ) f
    ) g`;

const stateOfCharge = (name: string, when: string) =>
  column(
    name,
    'DOUBLE',
    `State of charge ${when} (fraction), as state_of_charge_source says; null where nothing tells it.`,
    { unit: '1' },
  );

const sourceColumn = column(
  'state_of_charge_source',
  'VARCHAR',
  'cycle: 0 and 1 are the turning points of a whole cycle that came within 50 mV of both voltage limits (those of cells.csv, else the widest of the test); nominal: charge over nominal_capacity_mah, from the limit that was reached.',
);

/** Columns by which views give the state of charge at the beginning of a load. */
export const stateOfChargeColumns = [
  stateOfCharge('state_of_charge', 'when the load began'),
  column('depth_of_discharge', 'DOUBLE', 'Depth of discharge when the load began (fraction).', {
    unit: '1',
    formula: '1 − state_of_charge',
  }),
  sourceColumn,
];

/** Steps with the rest before them and the step after them; `rest_second` is null where there is no rest before. */
export const restedStepsSql = `
    SELECT *, CASE WHEN lag(step_type) OVER life = 'rest' THEN lag(duration_second) OVER life END AS rest_second,
      lag(end_time_second) OVER life AS rest_end_second, lag(end_voltage_volt) OVER life AS rest_voltage_volt,
      lag(end_current_ampere) OVER life AS rest_current_ampere,
      CASE WHEN lead(step_type) OVER life = 'rest' THEN lead(duration_second) OVER life END AS later_rest_second,
      lead(end_voltage_volt) OVER life AS later_rest_voltage_volt
    FROM (${cellStepsSql}) s
    WINDOW life AS (${inTest} ORDER BY step_count)`;

export const cellSteps: ViewDefinition = {
  name: 'cell_steps',
  row: 'a step of a test, with its place in the life of its cell and its state of charge',
  sql: `
    SELECT cell_id, material_id, cell_cycle, label, test_id, cycle_count, step_count, step_type, vendor_step_type,
      record_count, start_time_second, end_time_second, duration_second, capacity_ah, start_voltage_volt,
      end_voltage_volt, start_current_ampere, end_current_ampere, state_of_charge_at_start, state_of_charge_at_end,
      CASE WHEN state_of_charge_source IS NOT NULL THEN reference_ah END AS reference_capacity_ah,
      state_of_charge_source
    FROM (${cellStepsSql}) s`,
  columns: [
    ...taken('tests', 'cell_id'),
    ...taken('cells', 'material_id'),
    ...taken('cycles', 'cell_cycle', ['cell_cycle_label', 'label']),
    ...taken(
      'steps',
      'test_id',
      'cycle_count',
      'step_count',
      'step_type',
      'vendor_step_type',
      'record_count',
      'start_time_second',
      'end_time_second',
      'duration_second',
      'capacity_ah',
      'start_voltage_volt',
      'end_voltage_volt',
      'start_current_ampere',
      'end_current_ampere',
    ),
    stateOfCharge('state_of_charge_at_start', 'at the start of the step'),
    stateOfCharge('state_of_charge_at_end', 'at the end of the step'),
    column('reference_capacity_ah', 'DOUBLE', 'The capacity that the state of charge is a share of.', {
      unit: 'Ah',
    }),
    sourceColumn,
  ],
};
