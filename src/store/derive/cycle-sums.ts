import type { SqlDialect, Stage } from './dialect.js';
import { labelledCycles } from './labels.js';
import { isTapering } from './step-ends.js';

type Direction = 'charge' | 'discharge';
const directionOf = (column: string): Direction => (column.startsWith('charging') ? 'charge' : 'discharge');
const opposite = (column: string) =>
  column.startsWith('charging') ? column.replace('charging', 'discharging') : column.replace('dis', '');

/** Charge between the previous step and this one, where the direction continues. */
const joined = (column: string) =>
  `CASE WHEN step_type = '${directionOf(column)}' THEN joined_${column.slice(-2)} ELSE 0.0 END`;

/**
 * The integral of a step without load is noise, and an impedance sweep moves no net charge; neither counts for a
 * cycle.
 */
const integrated = (column: string) =>
  `CASE WHEN step_type = 'rest' OR declared_impedance THEN 0.0 ELSE ${column} + ${joined(column)} END`;

const capacityColumns = ['charging_capacity_ah', 'discharging_capacity_ah'] as const;
const energyColumns = ['charging_energy_wh', 'discharging_energy_wh'] as const;

const suffixed = (column: string, kind: 'counter' | 'integrated') =>
  column.replace(/_(ah|wh)$/, `_${kind}_$1`);

/** Contribution of a step to its cycle: the rise of the counter (also in a rest), else the integral. */
const contribution = (column: string, usesCounter: string) =>
  `CASE WHEN ${usesCounter} THEN coalesce(${suffixed(column, 'counter')}, 0.0) + ${joined(column)}
    ELSE ${integrated(suffixed(column, 'integrated'))} END`;

const usesCounter = `capacity_source = 'counter'`;

/**
 * What the half cycles of a direction moved between their turning points; the opposite direction is subtracted.
 * `value` gives the contribution of a step to a column. Without turning points, each direction has its own sum.
 */
const net = (column: string, value: (column: string) => string) => `
  sum(CASE WHEN half_direction IS NULL THEN ${value(column)}
    WHEN half_direction = '${directionOf(column)}' THEN ${value(column)}
      - CASE WHEN step_type IN ('${directionOf(opposite(column))}', 'other') THEN ${value(opposite(column))} ELSE 0.0 END
    ELSE 0.0 END)`;

/** Null where no step has a counter. */
const netCounter = (column: string) =>
  `CASE WHEN count(${suffixed(column, 'counter')}) > 0
    THEN ${net(column, (name) => `coalesce(${suffixed(name, 'counter')}, 0.0)`)} END`;

/** Where no step carried charge, only the leakage remains. */
const netIntegrated = (column: string) => {
  const own = suffixed(column, 'integrated');
  return `CASE WHEN sum(CASE WHEN is_significant THEN 1 ELSE 0 END) = 0 THEN sum(${own})
    ELSE ${net(column, (name) => integrated(suffixed(name, 'integrated')))} END`;
};

/** What the steps of a half cycle moved in the opposite direction, Ah. */
const reversed = (column: string) => `
  sum(CASE WHEN half_direction = '${directionOf(column)}' AND step_type = '${directionOf(opposite(column))}'
    THEN capacity_ah ELSE 0.0 END)`;

/** Last value in the order of steps, among the significant steps of one direction. */
const atEndOf = (type: Direction, value: string) =>
  `max_by(${value}, life_step) FILTER (WHERE step_type = '${type}' AND is_significant)`;

const duration = (type: Direction) =>
  `sum(CASE WHEN step_type = '${type}' THEN duration_second ELSE 0.0 END)`;

/**
 * Current of a direction (A), weighted by the charge of each step; a tapering step counts with the current from which
 * it began to taper.
 */
const loadCurrent = (type: Direction) => `
  sum(CASE WHEN step_type = '${type}' THEN capacity_ah * load_current END)
    / nullif(sum(CASE WHEN step_type = '${type}' THEN capacity_ah END), 0.0)`;

/**
 * Aggregates of the steps of a cycle, or of the part of it in a single test. An aggregate with the name of a column of
 * `cycles` becomes that column.
 */
const cycleSums: readonly (readonly [name: string, sql: string])[] = [
  ['vendor_cycle_count', 'min_by(vendor_cycle_count, life_step)'],
  ['first_step_count', 'min(step_count)'],
  ['last_step_count', 'max(step_count)'],
  ['first_record_index', 'min(first_record_index)'],
  ['last_record_index', 'max(last_record_index)'],
  ['start_time_second', 'min_by(start_time_second, life_step)'],
  ...[...capacityColumns, ...energyColumns].flatMap((column) => {
    const isCounted = column.endsWith('_wh') ? `${usesCounter} AND has_energy_counter` : usesCounter;
    return [
      [column, net(column, (name) => contribution(name, isCounted))] as const,
      [suffixed(column, 'counter'), netCounter(column)] as const,
      [suffixed(column, 'integrated'), netIntegrated(column)] as const,
    ];
  }),
  ...capacityColumns.flatMap((column) => [
    [column.replace('_ah', '_gross_ah'), `sum(${contribution(column, usesCounter)})`] as const,
    [column.replace('capacity', 'reversal'), reversed(column)] as const,
  ]),
  ['capacity_source', 'max(capacity_source)'],
  [
    'constant_current_capacity_ah',
    `sum(CASE WHEN step_type = 'charge' THEN constant_current_capacity_ah END)`,
  ],
  ['charge_step_capacity_ah', `sum(CASE WHEN step_type = 'charge' THEN charging_capacity_integrated_ah END)`],
  ['charging_current', loadCurrent('charge')],
  ['discharging_current', loadCurrent('discharge')],
  ['charging_duration_second', duration('charge')],
  ['discharging_duration_second', duration('discharge')],
  ['duration_second', 'sum(duration_second + time_before_second)'],
  ['minimum_voltage_volt', 'min(minimum_voltage_volt)'],
  ['maximum_voltage_volt', 'max(maximum_voltage_volt)'],
  [
    'end_of_charge_rest_voltage_volt',
    `max_by(end_voltage_volt, life_step) FILTER (WHERE step_type = 'rest' AND load_before = 'charge')`,
  ],
  [
    'end_of_discharge_rest_voltage_volt',
    `max_by(end_voltage_volt, life_step) FILTER (WHERE step_type = 'rest' AND load_before = 'discharge')`,
  ],
  [
    'mean_temperature_celsius',
    'sum(mean_temperature_celsius * record_count) / sum(CASE WHEN mean_temperature_celsius IS NOT NULL THEN record_count END)',
  ],
  ['maximum_temperature_celsius', 'max(maximum_temperature_celsius)'],
  ['significant_step_count', 'sum(CASE WHEN is_significant THEN 1 ELSE 0 END)'],
  ['has_charge', `max(CASE WHEN is_significant AND step_type = 'charge' THEN 1 ELSE 0 END) = 1`],
  ['has_discharge', `max(CASE WHEN is_significant AND step_type = 'discharge' THEN 1 ELSE 0 END) = 1`],
  ['charge_end_voltage', atEndOf('charge', 'end_voltage_volt')],
  ['discharge_end_voltage', atEndOf('discharge', 'end_voltage_volt')],
  ['charge_median_voltage', atEndOf('charge', 'median_voltage_volt')],
  ['charge_last_change', atEndOf('charge', 'coalesce(last_voltage_change_volt, 0.0)')],
  ['discharge_last_change', atEndOf('discharge', 'coalesce(last_voltage_change_volt, 0.0)')],
  ['has_time_gap', 'max(CASE WHEN has_time_gap THEN 1 ELSE 0 END) = 1'],
  // During time without records a counter continues; an integral does not.
  ['lacks_charge', `max(CASE WHEN has_time_gap AND capacity_source <> 'counter' THEN 1 ELSE 0 END) = 1`],
  ['is_cut', 'max(CASE WHEN is_cut THEN 1 ELSE 0 END) = 1'],
  ...capacityColumns.map(
    (column) =>
      [
        column.replace('capacity', 'error'),
        `sum(CASE WHEN step_type = '${directionOf(column)}' AND half_direction = step_type THEN charge_error_ah ELSE 0.0 END)`,
      ] as const,
  ),
  ['short_reversal_count', 'sum(CASE WHEN is_short AND is_reversal THEN 1 ELSE 0 END)'],
  [
    'short_after_rest_count',
    'sum(CASE WHEN is_short AND NOT is_reversal AND follows_rest THEN 1 ELSE 0 END)',
  ],
  ['is_running', 'max(CASE WHEN is_running THEN 1 ELSE 0 END) = 1'],
];

/** What `cycle_parts` has by these names. */
export const summedColumns: ReadonlySet<string> = new Set(cycleSums.map(([name]) => name));

/** Facts that are the same for every step of a life. */
const lifeFacts = [
  'cell_type',
  'nominal_capacity_ah',
  'reference_capacity_ah',
  'lower_cutoff_volt',
  'upper_cutoff_volt',
  'formation_cycles',
  'first_direction',
  'is_micro',
  'order_basis',
  'names_disagree',
];

const inLife = 'PARTITION BY life ORDER BY life_order, step_count';
const earlier = `${inLife} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING`;

/** Mean interval of the records of a step (s). */
const meanInterval = (prefix: string) =>
  `(${prefix}duration_second - ${prefix}time_gap_second) / nullif(${prefix}record_count - 1, 0)`;

const remembered = [
  'test_id',
  'step_type',
  'half_cycle',
  'step_id',
  'vendor_cycle_count',
  'started_second',
  'end_time_second',
  'end_current_ampere',
  'end_voltage_volt',
  'duration_second',
  'time_gap_second',
  'record_count',
];

/**
 * Seconds between the last record of the step before in the life and the first of this one: inside a test, by the
 * clock of both tests, or where the test time of one continues in the next. Null where it is unknown.
 */
const secondsBetween = `
  CASE WHEN before_test_id = test_id THEN start_time_second - before_end_time_second
    WHEN started_second IS NOT NULL AND before_started_second IS NOT NULL AND order_basis = 'clock'
      AND start_time_second >= before_end_time_second THEN least(start_time_second - before_end_time_second,
        greatest(started_second + start_time_second - before_started_second - before_end_time_second, 0.0))
    WHEN started_second IS NOT NULL AND before_started_second IS NOT NULL AND order_basis = 'clock'
      THEN started_second + start_time_second - before_started_second - before_end_time_second
    WHEN start_time_second >= before_end_time_second THEN start_time_second - before_end_time_second END`;

/**
 * `placed_steps`: the steps with what their neighbours say about them. A step that continues the direction of the
 * previous one without a gap includes the charge of the time between them: across the end of a file, and in a test
 * without counters. Where a file ends inside a half cycle and this does not apply, the step is cut.
 */
export function placedSteps(dialect: SqlDialect): Stage {
  return {
    name: 'placed_steps',
    sql: `
      WITH neighbours AS (
        SELECT n.test_id, n.step_count, n.life, n.step_type, n.half_cycle, n.step_id, n.vendor_cycle_count,
          n.started_second, n.order_basis, n.counter_scope, n.start_time_second, n.end_time_second, n.time_gap_second,
          n.start_current_ampere, n.end_current_ampere, n.start_voltage_volt, n.capacity_ah, n.reference_capacity_ah,
          n.duration_second, n.record_count, n.log_error_ah, n.largest_gap_second,
          row_number() OVER along AS life_step,
          step_type IN ('charge', 'discharge') AS is_load,
          lag(step_type) OVER along = 'rest' AS follows_rest,
          coalesce(greatest(start_time_second
            - lag(end_time_second) OVER (PARTITION BY test_id, cycle_count ORDER BY step_count), 0.0), 0.0)
            AS time_before_second,
          lead(start_time_second) OVER (PARTITION BY test_id ORDER BY step_count) - end_time_second
            AS time_after_second,
          lead(step_type) OVER (PARTITION BY test_id ORDER BY step_count) AS type_after,
          ${remembered.map((name) => `lag(${name}) OVER along AS before_${name}`).join(', ')},
          ${dialect.lastNonNull(`CASE WHEN step_type IN ('charge', 'discharge') THEN step_type END`, earlier)}
            AS load_before
        FROM numbered_steps AS n
        WINDOW along AS (${inLife})
      ),
      timed AS (
        SELECT b.*, ${secondsBetween} AS between_second,
          is_load AND before_step_type = step_type AND before_half_cycle = half_cycle AS goes_on
        FROM neighbours AS b
      ),
      joined AS (
        SELECT t.*,
          goes_on AND before_test_id <> test_id AS is_part_begin,
          coalesce(goes_on AND between_second >= 0
            AND between_second <= greatest(10.0, 10 * coalesce(${meanInterval('before_')}, ${meanInterval('')}))
            AND (before_test_id = test_id AND counter_scope = 'none'
              OR before_test_id <> test_id AND step_id IS NOT DISTINCT FROM before_step_id
                AND vendor_cycle_count IS NOT DISTINCT FROM before_vendor_cycle_count), FALSE) AS is_joined
        FROM timed AS t
      ),
      judged AS (
        SELECT test_id, step_count, life_step, follows_rest, time_before_second, load_before,
          is_load AND load_before IS NOT NULL AND load_before <> step_type AS is_reversal,
          is_load AND capacity_ah < 0.05 * reference_capacity_ah AS is_short,
          is_part_begin AND NOT is_joined AS is_cut,
          CASE WHEN is_joined THEN (abs(before_end_current_ampere) + abs(start_current_ampere)) * between_second / 7200
            ELSE 0.0 END AS joined_ah,
          CASE WHEN is_joined THEN (abs(before_end_current_ampere) * before_end_voltage_volt
              + abs(start_current_ampere) * start_voltage_volt) * between_second / 7200 ELSE 0.0 END AS joined_wh,
          -- What may have flowed before the next record, or how far the trapezoid between two steps may be off.
          coalesce(log_error_ah
            + CASE WHEN is_joined AND before_test_id = test_id
              THEN abs(abs(before_end_current_ampere) - abs(start_current_ampere)) * between_second / 7200 ELSE 0.0 END
            + CASE WHEN coalesce(type_after, 'none') NOT IN (step_type, 'none') THEN abs(end_current_ampere)
              * least(greatest(time_after_second, 0.0), CASE WHEN time_gap_second > 0 OR record_count < 2
               THEN greatest(time_after_second, 0.0) ELSE largest_gap_second END) / 3600 ELSE 0.0 END, 0.0)
            AS charge_error_ah
        FROM joined AS j
      )
      SELECT n.*, j.life_step, j.follows_rest, j.time_before_second, j.load_before, j.is_reversal, j.is_short, j.is_cut,
        j.joined_ah, j.joined_wh, j.charge_error_ah,
        CASE WHEN ${isTapering('n', 'maximum')} AND n.step_type = 'charge' THEN n.maximum_absolute_current_ampere
          WHEN ${isTapering('n', 'minimum')} AND n.step_type = 'discharge' THEN n.maximum_absolute_current_ampere
          ELSE abs(n.mean_current_ampere) END AS load_current,
        n.step_type <> 'rest' AND n.time_gap_second > 0 AS has_time_gap
      FROM numbered_steps AS n
      JOIN judged AS j ON j.test_id = n.test_id AND j.step_count = n.step_count
      -- Sums of floating point numbers are the same again only in the same order.
      ORDER BY n.life, j.life_step`,
  };
}

const list = (items: readonly (readonly [string, string])[]) =>
  items.map(([name, sql]) => `${sql} AS ${name}`).join(',\n      ');

/** `cycle_parts`: the part of a cycle in one test, and the number of that cycle in the life of the cell. */
export const cycleParts: Stage = {
  name: 'cycle_parts',
  sql: `
    WITH parts AS (
      SELECT test_id, cycle_count, life, life_order, max(life_cycle) AS life_cycle, max(cell_id) AS cell_id,
        max(current_direction) AS current_direction,
        ${lifeFacts.map((name) => `max(${name}) AS ${name}`).join(', ')},
        ${list(cycleSums)}
      FROM placed_steps
      GROUP BY test_id, cycle_count, life, life_order
    )
    SELECT p.*, p.cycle_count = l.last_cycle_count AS is_last_of_test
    FROM parts AS p
    JOIN (SELECT test_id, max(cycle_count) AS last_cycle_count FROM placed_steps GROUP BY test_id) AS l
      ON l.test_id = p.test_id`,
};

/** Whether the labels name a column of whole cycles: a column that is not needed costs planning time in each step. */
const isAskedOfCycles = (name: string) => new RegExp(`\\b${name}\\b`).test(labelledCycles.sql);

/** `life_cycles`: what labels need of whole cycles, with parts in several tests combined. */
export const lifeCycles: Stage = {
  name: 'life_cycles',
  sql: `
    SELECT s.life, p.life_cycle, max(p.parts) AS parts,
      ${lifeFacts
        .filter(isAskedOfCycles)
        .map((name) => `max(s.${name}) AS ${name}`)
        .join(', ')},
      ${list(cycleSums.filter(([name]) => isAskedOfCycles(name)))}
    FROM placed_steps AS s
    JOIN (
      SELECT test_id, cycle_count, life_cycle,
        sum(CASE WHEN significant_step_count > 0 THEN 1 ELSE 0 END) OVER (PARTITION BY life, life_cycle) AS parts
      FROM cycle_parts
    ) AS p ON p.test_id = s.test_id AND p.cycle_count = s.cycle_count
    GROUP BY s.life, p.life_cycle`,
};
