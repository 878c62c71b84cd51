import type { SqlDialect, Stage } from './dialect.js';

/** Words of instruments for steps in which no current should flow. */
const restWords =
  '^ *(r|p|s|o|rst|rest.*|.*ocv.*|open.?circuit.*|pau.*|idle.*|relax.*|stand.*|搁置.*|静置.*|休止.*|暂停.*) *$';
/** Words of steps that excite the cell for impedance; their charge is not a capacity. */
const impedanceWords = '(eis|fra$|impedance|acim|acr)';

/**
 * Current below which a step is a rest: max(3σ, 10⁻⁴·max|I|), σ the deviation of the current in declared rests
 * (`quiet_second` is how long each of them weighs, null elsewhere).
 */
const restCurrent = `greatest(
  3 * sqrt(greatest(
    sum(quiet_second * root_mean_square_current_ampere * root_mean_square_current_ampere) / sum(quiet_second)
      - power(sum(quiet_second * mean_current_ampere) / sum(quiet_second), 2), 0.0)),
  1e-4 * max(largest_current))`;

const stepType = `
  CASE
    WHEN moved_in IS NULL THEN CASE WHEN declared_rest THEN 'rest' END
    WHEN NOT has_current THEN
      CASE WHEN moved_in = 0 AND moved_out = 0 THEN 'rest' WHEN moved_in >= 2 * moved_out THEN 'charge'
        WHEN moved_out >= 2 * moved_in THEN 'discharge' ELSE 'other' END
    WHEN rest_current IS NULL OR mean_absolute_current <= rest_current THEN 'rest'
    WHEN declared_rest AND abs(end_current_ampere) <= rest_current THEN 'rest'
    WHEN declared_impedance THEN 'other'
    WHEN moved_in > 0 AND moved_in >= 2 * moved_out THEN 'charge'
    WHEN moved_out > 0 AND moved_out >= 2 * moved_in THEN 'discharge'
    WHEN moved_in > 0 THEN 'other'
    WHEN mean_current_ampere > 0 THEN 'charge'
    ELSE 'discharge'
  END`;

/**
 * `typed_steps`: the steps with what is known about their cell, and their kind: the direction of the charge, by the
 * current where there is one, else by the counter.
 */
export function typedSteps(dialect: SqlDialect): Stage {
  const word = `lower(coalesce(r.vendor_step_type, ''))`;
  return {
    name: 'typed_steps',
    sql: `
    WITH declared AS (
      SELECT test_id, step_count, duration_second, maximum_absolute_current_ampere, root_mean_square_current_ampere,
        mean_current_ampere, ${dialect.matches(word, restWords)} AS declared_rest
      FROM step_rows AS r
    ),
    loads AS (
      SELECT test_id, max(CASE WHEN NOT declared_rest THEN maximum_absolute_current_ampere END) AS largest_current
      FROM declared
      GROUP BY test_id
    ),
    quieted AS (
      -- A rest in which a record still shows the load before it says nothing about noise.
      SELECT d.*, l.largest_current, CASE WHEN declared_rest AND duration_second > 0
        AND maximum_absolute_current_ampere <= 0.01 * largest_current THEN duration_second END AS quiet_second
      FROM declared AS d
      JOIN loads AS l ON l.test_id = d.test_id
    ),
    limits AS (SELECT test_id, ${restCurrent} AS rest_current FROM quieted GROUP BY test_id),
    worded AS (
      SELECT r.*, t.current_direction, t.cell_id, t.cell_type, t.nominal_capacity_ah, t.lower_cutoff_volt,
        t.upper_cutoff_volt, t.formation_cycles, t.is_running, t.life, t.started_second, t.counter_scope,
        p.life_order, p.order_basis, p.names_disagree,
        i.rest_current,
        ${dialect.matches(word, restWords)} AS declared_rest,
        ${dialect.matches(word, impedanceWords)} AS declared_impedance,
        r.maximum_absolute_current_ampere IS NOT NULL AS has_current,
        coalesce(r.charging_capacity_integrated_ah, r.charging_capacity_counter_ah) AS moved_in,
        coalesce(r.discharging_capacity_integrated_ah, r.discharging_capacity_counter_ah) AS moved_out,
        CASE WHEN r.duration_second > 0
          THEN (r.charging_capacity_integrated_ah + r.discharging_capacity_integrated_ah) * 3600 / r.duration_second
          ELSE r.maximum_absolute_current_ampere END AS mean_absolute_current
      FROM step_rows AS r
      JOIN derived_tests AS t ON t.test_id = r.test_id
      JOIN life_parts AS p ON p.test_id = r.test_id
      JOIN limits AS i ON i.test_id = r.test_id
    )
    SELECT w.*, ${stepType} AS step_type
    FROM worded AS w`,
  };
}
