import type { SqlDialect, Stage } from './dialect.js';

/**
 * Where a cell's life turns from charge to discharge and back. A reversal becomes a turning point only if it returns 5
 * % of the reference capacity: a resistance pulse, a titration or regeneration does not begin a cycle.
 *
 * Everything works on the runs of a life: successive steps of one direction, without rests.
 */

const share = 0.05;
/** Share of the largest run with which the first, coarse half cycles are found. */
const coarseShare = 0.1;
/** A threshold is also met where rounding has changed the last digit. */
const rounding = 1 - 1e-9;

const inLife = 'PARTITION BY life ORDER BY life_order, step_count';

/** Charge of a step in Ah, positive for charging; an impedance sweep moves no net charge. */
const movedCharge = `
  CASE step_type WHEN 'charge' THEN capacity_ah WHEN 'discharge' THEN -capacity_ah
    WHEN 'other' THEN CASE WHEN declared_impedance THEN 0.0 ELSE charging_capacity_ah - discharging_capacity_ah END
    ELSE 0.0 END`;

/** `moving_steps`: the steps that move charge, each with the number of its run. */
const movingSteps: Stage = {
  name: 'moving_steps',
  sql: `
    WITH moved AS (
      SELECT life, life_order, test_id, step_count, nominal_capacity_ah, ${movedCharge} AS moved_ah
      FROM reported_steps
    ),
    before AS (
      SELECT m.*, lag(moved_ah) OVER (${inLife}) AS moved_before_ah
      FROM moved AS m
      WHERE moved_ah <> 0
    )
    SELECT b.*, sum(CASE WHEN moved_ah * moved_before_ah > 0 THEN 0 ELSE 1 END)
      OVER (${inLife} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
    FROM before AS b`,
};

/**
 * `charge_runs`: the charge of each run, and the net charge of the life at its end (Ah); run 0 is the beginning of the
 * life.
 */
const chargeRuns: Stage = {
  name: 'charge_runs',
  sql: `
    WITH runs AS (
      SELECT life, run, sum(moved_ah) AS moved_ah, max(nominal_capacity_ah) AS nominal_capacity_ah
      FROM moving_steps
      GROUP BY life, run
      UNION ALL
      SELECT life, 0 AS run, 0.0 AS moved_ah, max(nominal_capacity_ah) AS nominal_capacity_ah
      FROM moving_steps
      GROUP BY life
    )
    SELECT r.*, max(abs(moved_ah)) OVER (PARTITION BY life) AS largest_run_ah,
      sum(moved_ah) OVER (PARTITION BY life ORDER BY run ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        AS position_ah
    FROM runs AS r`,
};

/** Number of runs that are combined in one pass. */
const stride = 8;
/** Largest number of runs of a life, where it is not known. */
const mostRuns = stride ** 7 - 1;

/**
 * One pass of the scan: combines the clamps of `stride` neighbours. A clamp to [low, high] after another one is a
 * clamp again, and they can be combined in any grouping, so that a few passes reach over the whole life.
 */
function pass(from: string, distance: number): string {
  const reach = (bound: string) => {
    const at = (column: string, step: number, absent: string) =>
      step === 0 ? column : `lag(${column}, ${step * distance}, ${absent}) OVER along`;
    // From the earliest to the latest: each later clamp is applied to the result of the earlier ones.
    let value = at(bound, stride - 1, bound === 'low' ? '-1e300' : '1e300');
    for (let step = stride - 2; step >= 0; step--) {
      value = `greatest(${at('low', step, '-1e300')}, least(${at('high', step, '1e300')}, ${value}))`;
    }
    return value;
  };
  return `
    SELECT series, life, run, moved_ah, position_ah, half_threshold_ah,
      ${reach('low')} AS low, ${reach('high')} AS high
    FROM ${from}
    WINDOW along AS (PARTITION BY series ORDER BY run)`;
}

/**
 * The half cycle of each run, and its direction (1 charge, -1 discharge, null where nothing turns): `runs` has a
 * threshold per series.
 *
 * A level follows the net charge with a backlash of the threshold: it moves up only after the charge has risen by the
 * threshold from its last low, and down only after it has fallen by it from its last high (hysteresis operator of
 * Krasnosel'skii and Pokrovskii). Its movement shows the direction, and the extreme before it turns is the turning
 * point. Following with a backlash means clamping the last level to [charge - threshold/2, charge + threshold/2].
 */
function halfCycles(dialect: SqlDialect, runs: string, longest: number): string {
  const passes = Math.max(1, Math.ceil(Math.log(longest + 1) / Math.log(stride)));
  const scan = Array.from({ length: passes }, (_, at) => {
    const from = at === 0 ? 'bounded' : `pass_${at}`;
    return `pass_${at + 1} AS (${pass(from, stride ** at)})`;
  });
  const along = 'PARTITION BY series ORDER BY run';
  const soFar = 'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW';
  const before = 'ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING';
  return `
    WITH started AS (
      SELECT s.*, ${share} * 0.5 * ${rounding} * threshold_base_ah AS half_threshold_ah FROM (${runs}) AS s
    ),
    bounded AS (
      SELECT series, life, run, moved_ah, position_ah, half_threshold_ah,
        position_ah - half_threshold_ah AS low, position_ah + half_threshold_ah AS high
      FROM started
    ),
    ${scan.join(',\n    ')},
    moved AS (
      SELECT p.*, CASE WHEN low < high THEN NULL WHEN low = position_ah - half_threshold_ah THEN 1
        WHEN high = position_ah + half_threshold_ah THEN -1 END AS moves
      FROM pass_${passes} AS p
    ),
    held AS (
      SELECT m.*, ${dialect.lastNonNull('moves', `${along} ${before}`)} AS moved_before
      FROM moved AS m
    ),
    blocks AS (
      SELECT h.*, sum(CASE WHEN moves <> moved_before THEN 1 ELSE 0 END) OVER (${along} ${soFar}) AS block
      FROM held AS h
    ),
    directed AS (
      SELECT b.*, max(moves) OVER (PARTITION BY series, block) AS direction,
        max(block) OVER (PARTITION BY series) AS last_block
      FROM blocks AS b
    ),
    extreme AS (
      SELECT d.*, max(direction * position_ah) OVER (PARTITION BY series, block) AS extreme_ah
      FROM directed AS d
    ),
    turned AS (
      SELECT e.*,
        max(CASE WHEN direction * position_ah = extreme_ah THEN run END) OVER (PARTITION BY series, block) AS turn
      FROM extreme AS e
    )
    SELECT series, life, run, moved_ah,
      CASE WHEN block < last_block AND run > turn THEN block + 1 ELSE block END AS half_cycle,
      CASE WHEN block < last_block AND run > turn THEN -direction ELSE direction END AS direction
    FROM turned`;
}

/** `coarse_half_cycles`: half cycles by a tenth of the largest run, which show the usual capacity. */
const coarseHalfCycles = (dialect: SqlDialect, longest: number): Stage => ({
  name: 'coarse_half_cycles',
  sql: halfCycles(
    dialect,
    `SELECT life AS series, life, run, moved_ah, position_ah,
       ${coarseShare / share} * largest_run_ah AS threshold_base_ah
     FROM charge_runs`,
    longest,
  ),
});

/** The smallest value up to which this share of all charge was moved. */
const weightedQuantile = (from: string, value: string, portion: number) => `
  SELECT life, min(CASE WHEN so_far >= ${portion} * ${rounding} * in_all THEN ${value} END) AS ${value}
  FROM (
    SELECT life, ${value},
      sum(${value}) OVER (PARTITION BY life ORDER BY ${value}
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far,
      sum(${value}) OVER (PARTITION BY life) AS in_all
    FROM (${from}) AS v
  ) AS q
  GROUP BY life`;

/**
 * `capacity_scales`: what is usual for a life (Ah). `usual`: the nominal capacity if it is within a factor of 5 of the
 * observed one, else the observed one; `median_run`: for lives that move little between their turning points.
 */
const capacityScales: Stage = {
  name: 'capacity_scales',
  sql: `
    WITH halves AS (
      SELECT life, abs(sum(moved_ah)) AS seen_ah FROM coarse_half_cycles GROUP BY life, half_cycle
    ),
    seen AS (${weightedQuantile('SELECT life, seen_ah FROM halves', 'seen_ah', 0.9)}),
    runs AS (${weightedQuantile('SELECT life, abs(moved_ah) AS median_run_ah FROM charge_runs', 'median_run_ah', 0.5)}),
    named AS (SELECT life, max(nominal_capacity_ah) AS nominal_capacity_ah FROM charge_runs GROUP BY life)
    SELECT s.life, r.median_run_ah,
      CASE WHEN n.nominal_capacity_ah BETWEEN s.seen_ah / 5 AND s.seen_ah * 5 THEN n.nominal_capacity_ah
        ELSE s.seen_ah END AS usual_ah
    FROM seen AS s
    JOIN runs AS r ON r.life = s.life
    JOIN named AS n ON n.life = s.life`,
};

/** `possible_half_cycles`: half cycles by both scales. */
const possibleHalfCycles = (dialect: SqlDialect, longest: number): Stage => ({
  name: 'possible_half_cycles',
  sql: halfCycles(
    dialect,
    ['usual_ah', 'median_run_ah']
      .map(
        (scale) => `SELECT concat('${scale} ', r.life) AS series, r.life, run, moved_ah, position_ah,
          ${scale} AS threshold_base_ah FROM charge_runs AS r JOIN capacity_scales AS c ON c.life = r.life`,
      )
      .join(' UNION ALL '),
    longest,
  ),
});

/**
 * `life_scales`: the reference capacity of each life. If reversals that begin no half cycle move more than half of the
 * charge of the half cycles, they are cycles of their own (`is_micro`).
 */
const lifeScales: Stage = {
  name: 'life_scales',
  sql: `
    WITH halves AS (
      SELECT life, half_cycle, abs(sum(moved_ah)) AS moved_ah,
        sum(CASE WHEN moved_ah * direction < 0 THEN abs(moved_ah) ELSE 0.0 END) AS reversed_ah
      FROM possible_half_cycles
      WHERE series = concat('usual_ah ', life)
      GROUP BY life, half_cycle
    ),
    weighed AS (
      SELECT life, sum(reversed_ah) > 0.5 * sum(moved_ah) AS is_micro FROM halves GROUP BY life
    )
    SELECT w.life, w.is_micro, CASE WHEN w.is_micro THEN c.median_run_ah ELSE c.usual_ah END AS reference_capacity_ah
    FROM weighed AS w
    JOIN capacity_scales AS c ON c.life = w.life`,
};

/** `step_half_cycles`: the half cycle of each step that moves charge, and its direction. */
const stepHalfCycles: Stage = {
  name: 'step_half_cycles',
  sql: `
    SELECT m.test_id, m.step_count, h.half_cycle,
      CASE h.direction WHEN 1 THEN 'charge' WHEN -1 THEN 'discharge' END AS half_direction
    FROM moving_steps AS m
    JOIN life_scales AS s ON s.life = m.life
    JOIN possible_half_cycles AS h ON h.run = m.run
      AND h.series = concat(CASE WHEN s.is_micro THEN 'median_run_ah ' ELSE 'usual_ah ' END, m.life)`,
};

/** From `reported_steps` to the half cycle of each step; no life has more than `longest` runs. */
export const turningPoints = (dialect: SqlDialect, longest = mostRuns): Stage[] => [
  movingSteps,
  chargeRuns,
  coarseHalfCycles(dialect, longest),
  capacityScales,
  possibleHalfCycles(dialect, longest),
  lifeScales,
  stepHalfCycles,
];
