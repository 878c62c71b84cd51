import { duckdb, type SqlDialect, type Stage } from './dialect.js';

export interface TestSelection {
  /** Condition on `t` (tests) that says which tests are derived. */
  where: string;
  /** Tests whose last cycle is still running. */
  running: readonly number[];
}

/**
 * `derived_tests`: what numbering needs to know of each test. `life` is the cell, or the test itself while its cell is
 * unknown; `life_parts` has the order of the tests of a life.
 */
export function derivedTests({ where, running }: TestSelection, dialect: SqlDialect = duckdb): Stage {
  const isRunning = running.length === 0 ? 'FALSE' : `t.test_id IN (${running.join(', ')})`;
  return {
    name: 'derived_tests',
    sql: `
      SELECT test_id, counter_scope, current_direction, cell_id, cell_type, nominal_capacity_ah, lower_cutoff_volt,
        upper_cutoff_volt, formation_cycles, is_running, life, part_name, repeated_record_count,
        ${dialect.seconds('started_at')} AS started_second,
        row_number() OVER (PARTITION BY life ORDER BY started_at NULLS LAST, test_id) AS came
      FROM (
        SELECT t.test_id, t.started_at, t.part_name, t.repeated_record_count,
          coalesce(t.counter_scope, 'none') AS counter_scope, t.current_direction,
          t.cell_id, c.cell_type, c.nominal_capacity_mah / 1000 AS nominal_capacity_ah, c.lower_cutoff_volt,
          c.upper_cutoff_volt, c.formation_cycles, ${isRunning} AS is_running,
          CASE WHEN t.cell_id IS NULL THEN concat('test ', t.test_id) ELSE concat('cell ', t.cell_id) END AS life
        FROM tests AS t
        LEFT JOIN cells AS c ON c.cell_id = t.cell_id
        WHERE ${where}
      ) AS d`,
  };
}

const ofTest = 'PARTITION BY test_id ORDER BY step_count';
const ofLife = 'PARTITION BY life ORDER BY life_order, step_count';
const soFar = 'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW';

/** Half cycles of the first direction begun up to a step. */
const begun = (window: string, before = 'half_cycle_before') => `
  sum(CASE WHEN half_direction = first_direction AND ${before} IS DISTINCT FROM half_cycle THEN 1 ELSE 0 END)
    OVER (${window} ${soFar})`;

/**
 * `numbered_steps`: every step with the number of its cycle in its test and in the life of its cell. A cycle begins
 * with a half cycle of the first direction of the cell; where this is not stated, it is the first one seen in the
 * life. Steps without charge belong to the half cycle before them, at the beginning of a test to the next one. A step
 * counts for its half cycle (`is_significant`) where it has its direction and is not negligible in it.
 *
 * Windows copy every column that they carry. So here and in later stages they see only what they need, and their
 * result is joined to the rest.
 */
export function numberedSteps(dialect: SqlDialect): Stage {
  const lastOf = (column: string, window: string) => dialect.lastNonNull(column, `${window} ${soFar}`);
  return {
    name: 'numbered_steps',
    sql: `
    WITH placed AS (
      SELECT m.test_id, m.step_count, m.life, m.life_order, m.cell_type, m.step_type, m.capacity_ah,
        h.half_cycle AS own_half_cycle, h.half_direction AS own_direction,
        coalesce(s.reference_capacity_ah, m.nominal_capacity_ah) AS reference_capacity_ah,
        coalesce(s.is_micro, FALSE) AS is_micro
      FROM reported_steps AS m
      LEFT JOIN step_half_cycles AS h ON h.test_id = m.test_id AND h.step_count = m.step_count
      LEFT JOIN life_scales AS s ON s.life = m.life
    ),
    filled AS (
      SELECT p.*, coalesce(${lastOf('own_half_cycle', ofTest)}, min(own_half_cycle) OVER (PARTITION BY test_id),
          ${lastOf('own_half_cycle', ofLife)}, 0) AS half_cycle
      FROM placed AS p
    ),
    directions AS (
      SELECT life, own_half_cycle AS half_cycle, max(own_direction) AS half_direction
      FROM placed WHERE own_half_cycle IS NOT NULL GROUP BY life, own_half_cycle
    ),
    first_seen AS (
      SELECT life, min_by(half_direction, half_cycle) AS first_direction FROM directions GROUP BY life
    ),
    directed AS (
      SELECT f.*, d.half_direction,
        CASE
          WHEN f.cell_type IN ('full', 'anode_free', 'cathode_half') THEN 'charge'
          WHEN f.cell_type IN ('anode_half', 'li_cu') THEN 'discharge'
          ELSE n.first_direction
        END AS first_direction,
        f.step_type = d.half_direction AND f.capacity_ah > 0
          AND f.capacity_ah >= least(0.01 * f.reference_capacity_ah,
            0.5 * max(CASE WHEN f.step_type = d.half_direction THEN f.capacity_ah END)
              OVER (PARTITION BY f.test_id, f.half_cycle)) AS counts
      FROM filled AS f
      LEFT JOIN directions AS d ON d.life = f.life AND d.half_cycle = f.half_cycle
      LEFT JOIN first_seen AS n ON n.life = f.life
    ),
    followed AS (
      SELECT d.*, lag(half_cycle) OVER (${ofTest}) AS half_cycle_before,
        lag(half_cycle) OVER (${ofLife}) AS half_cycle_before_in_life
      FROM directed AS d
    ),
    counted AS (
      SELECT test_id, step_count, half_cycle, half_direction, first_direction, reference_capacity_ah, is_micro,
        coalesce(counts, FALSE) AS is_significant,
        CASE WHEN half_direction IS NULL THEN 1 ELSE CAST(${begun(ofTest)} AS BIGINT) END AS cycle_count,
        CASE WHEN half_direction IS NULL THEN 1 ELSE CAST(${begun(ofLife, 'half_cycle_before_in_life')} AS BIGINT) END
          AS life_cycle
      FROM followed AS f
    )
    SELECT m.*, n.half_cycle, n.half_direction, n.first_direction, n.reference_capacity_ah, n.is_micro,
      n.is_significant, n.cycle_count, n.life_cycle
    FROM reported_steps AS m
    JOIN counted AS n ON n.test_id = m.test_id AND n.step_count = m.step_count`,
  };
}
