import type { Dialect, Stage } from './dialect.js';

export interface TestSelection {
  /** Condition on `t` (tests) that says which tests are derived. */
  where: string;
  /** Tests whose last cycle is still going on. */
  running: readonly number[];
}

/**
 * `derived_tests`: what numbering needs to know of each test. `life` is the cell, or the test itself while its cell is
 * unknown; tests of one life follow each other by clock, then in the order of their files.
 */
export function derivedTests({ where, running }: TestSelection): Stage {
  const isRunning = running.length === 0 ? 'FALSE' : `t.test_id IN (${running.join(', ')})`;
  return {
    name: 'derived_tests',
    sql: `
      SELECT test_id, counter_scope, current_direction, cell_id, cell_type, nominal_capacity_ah, lower_cutoff_volt,
        upper_cutoff_volt, formation_cycles, is_running, life,
        row_number() OVER (PARTITION BY life ORDER BY started_at NULLS LAST, test_id) AS life_order
      FROM (
        SELECT t.test_id, t.started_at, coalesce(t.counter_scope, 'none') AS counter_scope, t.current_direction,
          t.cell_id, c.cell_type, c.nominal_capacity_mah / 1000 AS nominal_capacity_ah, c.lower_cutoff_volt,
          c.upper_cutoff_volt, c.formation_cycles, ${isRunning} AS is_running,
          CASE WHEN t.cell_id IS NULL THEN concat('test ', t.test_id) ELSE concat('cell ', t.cell_id) END AS life
        FROM tests AS t
        LEFT JOIN cells AS c ON c.cell_id = t.cell_id
        WHERE ${where}
      ) AS d`,
  };
}

const earlierSteps =
  'PARTITION BY test_id ORDER BY step_count ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING';

/**
 * `numbered_steps`: every step with the number of its cycle. A cycle begins where a step of the cell's first direction
 * follows one of the other; a first direction that nothing says is the first seen in the life of the cell. Steps that
 * move less than 1 % of the capacity of the cell are pulses and change nothing; that capacity is the nominal one, else
 * the step size that a quarter of all charge was moved by or exceeded (a plain median would be the pulse itself in a
 * pulse test).
 */
export function numberedSteps(dialect: Dialect): Stage {
  return {
    name: 'numbered_steps',
    sql: `
    WITH usual AS (
      SELECT life, max(capacity_ah) AS usual_capacity_ah
      FROM (
        SELECT life, capacity_ah,
          sum(capacity_ah) OVER (PARTITION BY life ORDER BY capacity_ah DESC, test_id, step_count
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS moved_so_far,
          sum(capacity_ah) OVER (PARTITION BY life) AS moved_in_all
        FROM reported_steps
        WHERE step_type IN ('charge', 'discharge')
      ) AS c
      WHERE moved_so_far >= 0.25 * moved_in_all
      GROUP BY life
    ),
    weighed AS (
      SELECT m.*, u.usual_capacity_ah, coalesce(m.nominal_capacity_ah, u.usual_capacity_ah) AS reference_capacity_ah,
        -- A nominal capacity wrong by orders of magnitude (mAh for µAh) must not make every step a pulse.
        m.step_type IN ('charge', 'discharge') AND m.capacity_ah > 0
          AND m.capacity_ah >= 0.01 * least(coalesce(m.nominal_capacity_ah, u.usual_capacity_ah), 20 * u.usual_capacity_ah)
          AS is_significant
      FROM reported_steps AS m
      LEFT JOIN usual AS u ON u.life = m.life
    ),
    first_seen AS (
      SELECT life, min_by(step_type, life_order * 1e9 + step_count) AS first_direction
      FROM weighed WHERE is_significant GROUP BY life
    ),
    directed AS (
      SELECT w.*,
        CASE
          WHEN w.cell_type IN ('full', 'anode_free', 'cathode_half') THEN 'charge'
          WHEN w.cell_type IN ('anode_half', 'li_cu') THEN 'discharge'
          ELSE f.first_direction
        END AS first_direction,
        ${dialect.lastNonNull(`CASE WHEN w.is_significant THEN w.step_type END`, earlierSteps.replaceAll(/(test_id|step_count)/g, 'w.$1'))} AS direction_before
      FROM weighed AS w
      LEFT JOIN first_seen AS f ON f.life = w.life
    ),
    counted AS (
      SELECT d.*,
        sum(CASE WHEN is_significant AND step_type = first_direction
              AND (direction_before IS NULL OR direction_before <> first_direction) THEN 1 ELSE 0 END)
          OVER (PARTITION BY test_id ORDER BY step_count ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS begun,
        -- The test begins with the other direction: what comes first is the end of a cycle that began elsewhere.
        max(CASE WHEN is_significant AND step_type <> first_direction AND direction_before IS NULL THEN 1 ELSE 0 END)
          OVER (PARTITION BY test_id) = 1 AS begins_elsewhere
      FROM directed AS d
    )
    SELECT n.*, CASE WHEN begun = 0 AND NOT begins_elsewhere THEN 1 ELSE CAST(begun AS BIGINT) END AS cycle_count
    FROM counted AS n`,
  };
}
