import type { Stage } from './dialect.js';

type Direction = 'charge' | 'discharge';
const directions = ['charge', 'discharge'] as const;
const gerund = { charge: 'charging', discharge: 'discharging' } as const;

/** A cycle that shows what is usual: complete, and not a pulse test. */
const isUsual = '(has_charge AND has_discharge AND life_cycle > 0 AND NOT is_pulse)';

/**
 * Values whose most frequent one is the usual one: how they are compared, and how close two of them must be to count
 * as equal.
 */
const modes = {
  charge_end_voltage: { scale: 'charge_end_voltage', width: '5e-3', prefers: 'DESC' },
  discharge_end_voltage: { scale: 'discharge_end_voltage', width: '5e-3', prefers: 'ASC' },
  charging_c_rate: { scale: 'ln(charging_c_rate)', width: '1e-1', prefers: 'DESC' },
  discharging_c_rate: { scale: 'ln(discharging_c_rate)', width: '1e-1', prefers: 'DESC' },
};
type Mode = keyof typeof modes;
const modeNames = Object.keys(modes) as Mode[];

/** How many cycles of the life have nearly the same value, and the mean of those. */
const likeness = (name: Mode) => {
  const near = `(PARTITION BY life ORDER BY scaled_${name} RANGE BETWEEN ${modes[name].width} PRECEDING AND ${modes[name].width} FOLLOWING)`;
  return `count(scaled_${name}) OVER ${near} AS count_${name},
        avg(CASE WHEN scaled_${name} IS NOT NULL THEN ${name} END) OVER ${near} AS mean_${name}`;
};

/** The value that most cycles have; of equally frequent ones the higher rate, or the wider voltage window. */
const modal = (name: Mode) =>
  `first_value(mean_${name}) OVER (PARTITION BY life
    ORDER BY count_${name} DESC, scaled_${name} ${modes[name].prefers} NULLS LAST
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS modal_${name}`;

/**
 * How far an end voltage may be from the limit that ended the step (V). The step ended some time after its last
 * record, so a coarse log adds the remaining change of the voltage, and more where the curve bends down.
 */
const reach = (direction: Direction, floor: string, intervals = 3) =>
  `(${floor} + ${intervals} * ${direction}_last_change)`;

/** Whether a direction ended at or beyond its limit: the declared one, or the one the other cycles reach. */
const reaches = (direction: Direction, limit: string, intervals = 3) =>
  direction === 'charge'
    ? `charge_end_voltage >= ${limit} - ${reach('charge', '0.005', intervals)}`
    : `discharge_end_voltage <= ${limit} + ${reach('discharge', '0.005', intervals)}`;

const declared = { charge: 'upper_cutoff_volt', discharge: 'lower_cutoff_volt' } as const;

const isNear = (value: string, name: string, tolerance: string) => `
  (coalesce(abs(${value} - lag(${value}) OVER by_cycle) <= ${tolerance} * ${value}, FALSE)
    OR coalesce(abs(${value} - lead(${value}) OVER by_cycle) <= ${tolerance} * ${value}, FALSE)) AS ${name}`;

const share = (condition: string) =>
  `avg(CASE WHEN ${isUsual} THEN CASE WHEN ${condition} THEN 1.0 ELSE 0.0 END END) OVER (PARTITION BY life)`;

/**
 * Ended before its limit: the voltage does not reach the value that at least half of the cycles reach (nor the
 * declared limit), no other cycle ends there, and neither charge nor time equals that of a neighbour, as it would with
 * a limit on them.
 */
const endsEarly = (direction: Direction) => `
  (coalesce(${direction}_reaching_share >= 0.5
    AND NOT ${direction}_reaches
    AND count_${direction}_end_voltage < 2
    AND NOT has_equal_${gerund[direction]}_capacity
    AND NOT has_equal_${gerund[direction]}_duration, FALSE))`;

/**
 * The protocol, not the cell, sets the charge: it equals a neighbour's within 0.1 % while the voltage limit is not
 * reached. Without a declared limit, a voltage at which most cycles end is taken as the limit; plating on a bare
 * collector has none. Equal charges show that the end is resolved, so a tolerance of one log interval is enough.
 */
const isCapacityLimited = (direction: Direction) => `
  (has_equal_${gerund[direction]}_capacity AND coalesce(CASE
    WHEN ${declared[direction]} IS NOT NULL THEN NOT (${reaches(direction, declared[direction], 1)})
    ${direction === 'discharge' ? `WHEN cell_type = 'li_cu' THEN TRUE` : ''}
    WHEN ${direction}_limit_share >= 0.5 THEN NOT (${reaches(direction, `modal_${direction}_end_voltage`, 1)})
    ELSE TRUE
  END, FALSE))`;

const differsInRate = (direction: Direction) =>
  `coalesce(${gerund[direction]}_c_rate / modal_${gerund[direction]}_c_rate NOT BETWEEN 0.6 AND 1.67, FALSE)`;

/** Another voltage limit than usual; where the charge is limited, the voltage is free. */
const differsInLimit = (direction: Direction) => `
  coalesce(${direction}_limit_share >= 0.5 AND NOT has_equal_${gerund[direction]}_capacity
    AND abs(${direction}_end_voltage - modal_${direction}_end_voltage) > ${reach(direction, '0.015')}, FALSE)`;

const isSlow = `
  coalesce(charging_c_rate <= 0.5 * modal_charging_c_rate, TRUE)
    AND coalesce(discharging_c_rate <= 0.5 * modal_discharging_c_rate, TRUE)
    AND coalesce(charging_c_rate, discharging_c_rate) IS NOT NULL`;

/** Cells in which the charge returns what went in, by stripping or delithiation; in other cells the discharge does. */
const returnsOnCharge = `coalesce(cell_type, 'full') IN ('anode_half', 'li_cu')`;

/** Stripping that runs out of lithium ends far from its median voltage (V). */
const runsAway = (direction: Direction) =>
  direction === 'charge'
    ? `(cell_type <> 'li_cu' OR charge_end_voltage >= charge_median_voltage + 0.1)`
    : 'TRUE';

/** Ended where most do, within the accuracy of a voltage. */
const endsAsMost = (direction: Direction) =>
  `abs(${direction}_end_voltage - modal_${direction}_end_voltage) <= ${reach(direction, '0.005', 1)}`;

/** The limit that is reached first: where most half cycles end, or the declared limit. */
const nearerEnd = (direction: Direction) =>
  `${direction === 'charge' ? 'least' : 'greatest'}(modal_${direction}_end_voltage, ${declared[direction]})`;

/** Share of the returning half cycles that ended where most do, among those that could have ended at a cut-off. */
const cutoffShare = (direction: Direction) =>
  `avg(CASE WHEN ${isUsual} AND ${runsAway(direction)}
    THEN CASE WHEN ${endsAsMost(direction)} THEN 1.0 ELSE 0.0 END END) OVER (PARTITION BY life)`;

/**
 * Ended at its voltage limit, declared or, where none is, that at which four fifths of the half cycles end. A half
 * cycle that ended by charge or time returned what the protocol asked for, so its quotient is not an efficiency.
 */
const endsAtCutoff = (direction: Direction) => `
  coalesce(CASE
    WHEN ${declared[direction]} IS NOT NULL THEN ${reaches(direction, declared[direction], 1)}
    WHEN ${direction}_cutoff_share >= 0.8 AND ${runsAway(direction)}
      THEN ${reaches(direction, `modal_${direction}_end_voltage`, 1)}
    ELSE FALSE END, FALSE)`;

/** Reversals above this share of the half cycle that contains them. */
const largestReversal = 0.01;

/** How far the log interval leaves the charge of a half cycle undetermined (fraction), in a test without counters. */
const logBound = (direction: Direction) =>
  `coalesce(${gerund[direction]}_error_ah / nullif(${gerund[direction]}_capacity_ah, 0.0), 0.0)`;
const largestLogBound = 0.001;
/** Below this it is as good as a counter. */
const negligibleLogBound = 0.0002;

const logIntervalBound = directions
  .map(
    (direction) =>
      `CASE WHEN ${logBound(direction)} > ${negligibleLogBound} THEN ${logBound(direction)} ELSE 0.0 END`,
  )
  .join(' + ');

/** Why the charges of a cycle give no efficiency; the first reason that applies. */
const objections: readonly (readonly [condition: string, code: string])[] = [
  ['lacks_charge', 'TIME_GAP'],
  ['is_cut', 'STEP_CUT_AT_FILE_END'],
  ['is_partial', 'NOT_WHOLE'],
  [
    directions
      .map(
        (direction) =>
          `${gerund[direction]}_reversal_ah > ${largestReversal} * ${gerund[direction]}_capacity_ah`,
      )
      .join(' OR '),
    'REVERSALS_IN_HALF_CYCLE',
  ],
  ['NOT is_return_at_limit', 'RETURN_NOT_AT_LIMIT'],
  ['is_interrupted', 'NOT_WHOLE'],
  [directions.map((direction) => `${logBound(direction)} > ${largestLogBound}`).join(' OR '), 'LOG_INTERVAL'],
];

const isReturnAtLimit = `CASE WHEN ${returnsOnCharge} THEN ${endsAtCutoff('charge')} ELSE ${endsAtCutoff('discharge')} END`;

/**
 * `labelled_cycles`: one row per cycle of a life with its label, the first that matches in the order partial,
 * interrupted, pulse, formation, checkup, capacity_limited, ageing. What is usual is taken from the whole life of the
 * cell, so that a file that holds only one check-up is recognised.
 */
export const labelledCycles: Stage = {
  name: 'labelled_cycles',
  sql: `
    WITH rated AS (
      SELECT c.*,
        (short_reversal_count >= 3 OR short_after_rest_count >= 10)
          -- Pulses in most of many cycles belong to the way the cell is aged.
          AND NOT coalesce(pulsed_cycles >= 10 AND pulsed_cycles > 0.5 * whole_cycles, FALSE) AS is_pulse,
        charging_current / rated_capacity_ah AS charging_c_rate,
        discharging_current / rated_capacity_ah AS discharging_c_rate
      FROM (
        SELECT l.*, coalesce(nominal_capacity_ah, m.median_capacity_ah, reference_capacity_ah) AS rated_capacity_ah,
          m.pulsed_cycles, m.whole_cycles
        FROM life_cycles AS l
        LEFT JOIN (
          SELECT life AS median_life, median(discharging_capacity_ah) AS median_capacity_ah, count(*) AS whole_cycles,
            sum(CASE WHEN short_reversal_count >= 3 OR short_after_rest_count >= 10 THEN 1 ELSE 0 END) AS pulsed_cycles
          FROM life_cycles WHERE has_charge AND has_discharge GROUP BY life
        ) AS m ON m.median_life = l.life
      ) AS c
    ),
    scaled AS (
      SELECT r.*, ${modeNames
        .map((name) => `CASE WHEN ${isUsual} THEN ${modes[name].scale} END AS scaled_${name}`)
        .join(',\n        ')}
      FROM rated AS r
    ),
    counted AS (
      SELECT b.*, ${modeNames.map(likeness).join(',\n        ')}
      FROM scaled AS b
    ),
    compared AS (
      SELECT c.*, ${modeNames.map(modal).join(',\n        ')},
        ${directions
          .flatMap((direction) => [
            isNear(`${gerund[direction]}_capacity_ah`, `has_equal_${gerund[direction]}_capacity`, '0.001'),
            isNear(
              `${gerund[direction]}_duration_second`,
              `has_equal_${gerund[direction]}_duration`,
              '0.001',
            ),
          ])
          .join(',\n        ')},
        max(life_cycle) OVER (PARTITION BY life) AS last_life_cycle
      FROM counted AS c
      WINDOW by_cycle AS (PARTITION BY life ORDER BY life_cycle)
    ),
    measured AS (
      SELECT c.*, ${directions
        .flatMap((direction) => [
          `${share(reaches(direction, `modal_${direction}_end_voltage`))} AS ${direction}_reaching_share`,
          `${share(endsAsMost(direction))} AS ${direction}_limit_share`,
          `${cutoffShare(direction)} AS ${direction}_cutoff_share`,
          `${reaches(direction, nearerEnd(direction))} AS ${direction}_reaches`,
        ])
        .join(',\n        ')}
      FROM compared AS c
    ),
    judged AS (
      SELECT m.*,
        life_cycle = 0 OR NOT has_charge OR NOT has_discharge OR (is_running AND life_cycle = last_life_cycle)
          AS is_partial,
        ${endsEarly('charge')} OR ${endsEarly('discharge')} OR lacks_charge AS is_interrupted,
        CASE WHEN formation_cycles IS NOT NULL THEN life_cycle <= formation_cycles
          ELSE life_cycle <= 5 AND min(CASE WHEN life_cycle = 0 OR (${isSlow}) THEN 1 ELSE 0 END)
            OVER (PARTITION BY life ORDER BY life_cycle ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) = 1
          END AS is_formation,
        ${directions.map((direction) => `${differsInRate(direction)} OR ${differsInLimit(direction)}`).join(' OR ')}
          AS is_checkup,
        ${directions.map(isCapacityLimited).join(' OR ')} AS is_capacity_limited,
        ${isReturnAtLimit} AS is_return_at_limit
      FROM measured AS m
    )
    SELECT life, life_cycle, parts, rated_capacity_ah, is_return_at_limit,
      CASE WHEN is_partial THEN 'partial' WHEN is_interrupted THEN 'interrupted' WHEN is_pulse THEN 'pulse'
        WHEN is_formation THEN 'formation' WHEN is_checkup THEN 'checkup'
        WHEN is_capacity_limited THEN 'capacity_limited' ELSE 'ageing' END AS life_label,
      CASE ${objections.map(([condition, code]) => `WHEN ${condition} THEN '${code}'`).join('\n        ')}
        END AS efficiency_objection,
      ${logIntervalBound} AS log_interval_bound
    FROM judged AS j`,
};
