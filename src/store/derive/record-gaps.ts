import type { Stage } from './dialect.js';
import type { RecordSource } from './records.js';
import { intervals, twiceIntegral } from './step-sums.js';

/** Shorter intervals are not gaps, whatever the others are. */
const shortestGap = 10;
const times = 10;
/** Share of the other time that must be in intervals a tenth as long. */
const share = 0.9;

/**
 * `gap_candidates`: steps whose longest interval may be time without records. (Where nine tenths of the time lie in
 * intervals up to q, the mean interval is at most q/0.9: an interval below nine means is not a gap.)
 */
const gapCandidates: Stage = {
  name: 'gap_candidates',
  sql: `
    SELECT test_id, step_count
    FROM step_sums
    WHERE record_count >= 4 AND largest_gap_second > ${shortestGap}
      AND largest_gap_second > ${times * share} * (duration_second - largest_gap_second) / (record_count - 2)`,
};

/** Everything that is summed over records is also summed over the gaps, to be subtracted. */
const gapSums = [
  ['twice_charging_charge', twiceIntegral('charging', false)],
  ['twice_discharging_charge', twiceIntegral('discharging', false)],
  ['twice_charging_energy', twiceIntegral('charging', true)],
  ['twice_discharging_energy', twiceIntegral('discharging', true)],
  [
    'twice_square_current',
    '(current_ampere * current_ampere + previous_current_ampere * previous_current_ampere) * dt',
  ],
  ['twice_voltage', '(voltage_volt + previous_voltage_volt) * dt'],
] as const;

/**
 * `step_gaps`: time without records inside a step, and what was integrated over it. A gap is longer than 10 s and than
 * ten times the interval below which nine tenths of the remaining time lie: a log that is dense at its beginning, or
 * triggered by voltage, has no gaps. A few pauses that are each as long as half of the remaining time are gaps as
 * well.
 */
function stepGaps(source: RecordSource): Stage {
  const parts = source.parts.map(
    (records) => `
      SELECT i.test_id, i.step_count, i.dt, ${gapSums.map(([name, sql]) => `${sql} AS ${name}`).join(', ')}
      FROM (${intervals(records)}) AS i
      JOIN gap_candidates AS c ON c.test_id = i.test_id AND c.step_count = i.step_count
      WHERE i.dt > 0`,
  );
  const ofStep = 'PARTITION BY test_id, step_count';
  // Natural logarithm of ten, and a little, so that ten times as long is not longer.
  const aTenth = `${ofStep} ORDER BY ln(dt) RANGE BETWEEN UNBOUNDED PRECEDING AND 2.30258510 PRECEDING`;
  return {
    name: 'step_gaps',
    sql: `
      WITH compared AS (
        SELECT a.*, sum(dt) OVER (${ofStep}) AS in_all, coalesce(sum(dt) OVER (${aTenth}), 0.0) AS dense_second,
          count(*) OVER (${ofStep} ORDER BY dt DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS as_long,
          sum(dt) OVER (${ofStep} ORDER BY dt DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS as_long_second
        FROM (${parts.join(' UNION ALL ')}) AS a
      )
      SELECT test_id, step_count, sum(dt) AS gap_second,
        ${gapSums.map(([name]) => `sum(${name}) AS ${name}`).join(', ')}
      FROM compared
      WHERE dt > ${shortestGap} AND (dense_second >= ${share} * (in_all - dt)
        OR (as_long <= 3 AND dense_second >= ${share} * (in_all - as_long_second) AND dense_second >= dt))
      GROUP BY test_id, step_count`,
  };
}

/** `step_sums` without what lies in gaps. */
const loggedSums: Stage = {
  name: 'logged_sums',
  sql: `
    SELECT s.*, coalesce(g.gap_second, 0.0) AS time_gap_second,
      ${gapSums.map(([name]) => `s.${name} - coalesce(g.${name}, 0.0) AS logged_${name}`).join(',\n      ')}
    FROM step_sums AS s
    LEFT JOIN step_gaps AS g ON g.test_id = s.test_id AND g.step_count = s.step_count`,
};

/**
 * From this number of records on, every second record can be used; with fewer, the change of the current gives the
 * bound.
 */
const fewestHalved = 6;

/** `uncounted_steps`: steps of tests that have no counter, which rest on the integral alone. */
const uncountedSteps: Stage = {
  name: 'uncounted_steps',
  sql: `
    SELECT s.test_id, s.step_count, s.first_record_index, s.last_record_index, s.record_count,
      (s.twice_charging_charge - s.twice_discharging_charge) / 7200 AS charge_ah
    FROM step_sums AS s
    JOIN derived_tests AS t ON t.test_id = s.test_id
    WHERE t.counter_scope = 'none' AND s.current_count > 0`,
};

/**
 * `log_errors`: how wrong the integral of an uncounted step may be because of the log interval (Ah): its difference
 * from the integral over every second record.
 */
function logErrors(source: RecordSource): Stage {
  return {
    name: 'log_errors',
    sql: `
      WITH kept AS (
        SELECT m.test_id, m.step_count, m.record_index, m.test_time_second, m.current_ampere,
          s.record_count, s.charge_ah
        FROM ${source.measurements} AS m
        JOIN uncounted_steps AS s ON s.test_id = m.test_id AND s.step_count = m.step_count
        WHERE s.record_count < ${fewestHalved}
          OR (m.record_index - s.first_record_index) % 2 = 0 OR m.record_index = s.last_record_index
      ),
      followed AS (
        SELECT k.*, test_time_second - lag(test_time_second) OVER along AS dt,
          lag(current_ampere) OVER along AS previous_current_ampere
        FROM kept AS k
        WINDOW along AS (PARTITION BY test_id, step_count ORDER BY record_index)
      )
      SELECT test_id, step_count,
        CASE WHEN max(record_count) < ${fewestHalved}
          THEN sum(abs(current_ampere - previous_current_ampere) * dt) / 7200
          ELSE abs(max(charge_ah) - sum((current_ampere + previous_current_ampere) * dt) / 7200) END AS log_error_ah
      FROM followed
      WHERE dt > 0
      GROUP BY test_id, step_count`,
  };
}

/** From `step_sums` to sums of what was logged only, with the accuracy that the log allows. */
export const gapStages = (source: RecordSource): Stage[] => [
  gapCandidates,
  stepGaps(source),
  loggedSums,
  uncountedSteps,
  logErrors(source),
];
