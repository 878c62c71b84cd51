import { literal } from '../connection.js';
import { column } from '../tables/index.js';
import { taken, type ViewDefinition } from './definition.js';

/** A channel counts as silent after this multiple of its own longest pause, but not before this many seconds. */
const silentAfterPauses = 3;
const shortestSilenceSecond = 600;
/** States with which vendors end or abort a test. */
const finishedWords = '^\\s*(test )?(finish(ed)?|complete(d)?|end(ed)?|end of test|done)\\s*$';
const stoppedWords = 'stop|abort|suspend|pause|error|fault|alarm|interrupt';

/**
 * The latest test of each channel, with its last step. It is chosen among tests, so that only the steps of these tests
 * are read.
 */
const latestTests = `
        SELECT * FROM (
          SELECT t.*, e.last_step_count, e.longest_pause_second,
            row_number() OVER (
              PARTITION BY t.vendor, t.channel,
                CASE WHEN t.channel IS NULL THEN coalesce(t.cell_id, CAST(t.test_id AS VARCHAR)) END
              ORDER BY t.started_at DESC NULLS LAST, t.test_id DESC) AS recency
          FROM tests t
          JOIN (
            SELECT test_id, max(step_count) AS last_step_count, max(largest_gap_second) AS longest_pause_second
            FROM steps GROUP BY test_id
          ) e ON e.test_id = t.test_id
        ) WHERE recency = 1`;

export const channelStatus: ViewDefinition = {
  name: 'channel_status',
  row: 'a channel with what its latest test was doing at the last record',
  sql: `
    SELECT vendor, channel, test_id, cell_id, path, test_started_at, last_record_at, last_record_at_utc, step_type,
      vendor_step_type, step_count, cycle_count, cell_cycle, label, voltage_volt, current_ampere, temperature_celsius,
      discharging_capacity_ah, is_complete, record_count, ingested_at, state, state_since, modified_at,
      longest_pause_second, silent_second,
      CASE WHEN regexp_matches(vendor_step_type, ${literal(finishedWords)}, 'i') THEN 'finished'
        WHEN silent_second <= greatest(${silentAfterPauses} * longest_pause_second, ${shortestSilenceSecond})
          THEN 'running'
        WHEN is_complete AND label NOT IN ('partial', 'interrupted')
          AND (step_type = 'rest' OR is_return_at_limit)
          AND NOT coalesce(regexp_matches(vendor_step_type, ${literal(stoppedWords)}, 'i'), FALSE) THEN 'finished'
        WHEN silent_second IS NOT NULL THEN 'silent' END AS activity
    FROM (
      SELECT *,
        epoch(make_timestamp(epoch_us(now()))) - epoch(coalesce(last_record_at_utc, modified_at)) AS silent_second
      FROM (
      SELECT t.vendor, t.channel, t.test_id, t.cell_id, f.path, t.started_at AS test_started_at,
        t.started_at + to_microseconds(CAST(round(s.end_time_second * 1e6) AS BIGINT)) AS last_record_at,
        t.started_at_utc + to_microseconds(CAST(round(s.end_time_second * 1e6) AS BIGINT)) AS last_record_at_utc,
        t.longest_pause_second,
        s.step_type, s.vendor_step_type, s.step_count, s.cycle_count, c.cell_cycle, c.label,
        s.end_voltage_volt AS voltage_volt, s.end_current_ampere AS current_ampere,
        s.mean_temperature_celsius AS temperature_celsius, c.discharging_capacity_ah, c.is_complete,
          c.is_return_at_limit,
        s.last_record_index AS record_count, f.ingested_at, f.modified_at,
        CASE WHEN f.vanished_at IS NOT NULL THEN 'gone' WHEN f.ingested_at < i.started_at THEN 'still'
          WHEN f.status = 'appended' THEN 'growing' ELSE 'new' END AS state,
        coalesce(f.vanished_at, f.ingested_at) AS state_since
      FROM (${latestTests}) t
      JOIN steps s ON s.test_id = t.test_id AND s.step_count = t.last_step_count
      LEFT JOIN cycles c ON c.test_id = s.test_id AND c.cycle_count = s.cycle_count
      LEFT JOIN (SELECT test_id, arg_max(file_id, first_record_index) AS file_id FROM test_files GROUP BY test_id) p
        ON p.test_id = t.test_id
      LEFT JOIN files f ON f.file_id = p.file_id
      CROSS JOIN (SELECT max(started_at) AS started_at FROM runs WHERE command = 'ingest') i
      ) r
    ) a`,
  columns: [
    ...taken('tests', 'vendor'),
    column('channel', 'VARCHAR', 'Channel as written; null: one row per cell, or per test without a cell.'),
    ...taken('tests', 'test_id', 'cell_id'),
    column('path', 'VARCHAR', 'The file that gave the last record.'),
    ...taken('tests', ['started_at', 'test_started_at']),
    column('last_record_at', 'TIMESTAMP', 'Wall clock of the last record; null if the file does not say.'),
    column('last_record_at_utc', 'TIMESTAMP', 'The same in UTC; null while the time zone is unknown.'),
    ...taken('steps', 'step_type', 'vendor_step_type', 'step_count', 'cycle_count'),
    ...taken('cycles', 'cell_cycle', 'label'),
    column('voltage_volt', 'DOUBLE', 'Voltage of the last record.', { unit: 'V' }),
    column('current_ampere', 'DOUBLE', 'Current of the last record; positive charges.', { unit: 'A' }),
    column('temperature_celsius', 'DOUBLE', 'Mean temperature reading of the last step.', { unit: '°C' }),
    column('discharging_capacity_ah', 'DOUBLE', 'Discharging capacity of the last cycle so far.', {
      unit: 'Ah',
    }),
    ...taken('cycles', 'is_complete'),
    column('record_count', 'BIGINT', 'Records of the test so far.'),
    ...taken('files', 'ingested_at'),
    column(
      'state',
      'VARCHAR',
      'What the latest ingest found of its file: growing (longer than before), still (as before), new (seen for the first time) or gone. Whether a test has finished: activity.',
    ),
    column('state_since', 'TIMESTAMP', 'When the file was last found longer, or was first missed (UTC).'),
    ...taken('files', 'modified_at'),
    column(
      'longest_pause_second',
      'DOUBLE',
      'Longest time between two records of a step of the test so far.',
      {
        unit: 's',
      },
    ),
    column(
      'silent_second',
      'DOUBLE',
      'Time from the last record until now; from the last change of its file where the time zone is unknown.',
      { unit: 's', formula: 'now − last_record_at_utc, else now − modified_at' },
    ),
    column(
      'activity',
      'VARCHAR',
      'By the look of it: running (silent for no longer than three times its longest pause, ten minutes at least), finished (silent after a whole cycle, at rest or at its voltage limit, or the vendor says so) or silent (silent, and in the midst of something).',
    ),
  ],
};

/** Rates that differ by 10 % or more count as different, since the current of a step is set, not measured. */
export const rateTests: ViewDefinition = {
  name: 'rate_tests',
  row: 'consecutive whole cycles of a cell at one pair of C-rates',
  sql: `
    SELECT cell_id, any_value(material_id) AS material_id, rate_block,
      min(cell_cycle) AS first_cell_cycle, max(cell_cycle) AS last_cell_cycle, count(*) AS cycle_number,
      median(charging_c_rate) AS charging_c_rate, median(discharging_c_rate) AS discharging_c_rate,
      median(discharging_capacity_ah) AS discharging_capacity_ah,
      median(specific_capacity_mah_per_g) AS specific_capacity_mah_per_g,
      median(discharging_capacity_ah) / arg_min(median(discharging_capacity_ah), median(discharging_c_rate))
        OVER (PARTITION BY cell_id) AS capacity_share,
      median(mean_discharging_voltage_volt) AS mean_discharging_voltage_volt,
      median(energy_efficiency) AS energy_efficiency
    FROM (
      SELECT *, 1 + CAST(sum(CASE WHEN is_other THEN 1 ELSE 0 END) OVER (PARTITION BY cell_id ORDER BY cell_cycle)
        AS BIGINT) AS rate_block
      FROM (
        SELECT *, coalesce(
            abs(ln(discharging_c_rate / lag(discharging_c_rate) OVER life)) > 0.1
            OR abs(ln(charging_c_rate / lag(charging_c_rate) OVER life)) > 0.1, FALSE) AS is_other
        FROM cell_cycles
        WHERE label NOT IN ('partial', 'interrupted', 'pulse')
          AND charging_c_rate > 0 AND discharging_c_rate > 0
        WINDOW life AS (PARTITION BY cell_id ORDER BY cell_cycle)
      ) r
    ) b
    GROUP BY cell_id, rate_block`,
  columns: [
    ...taken('cells', 'cell_id', 'material_id'),
    column('rate_block', 'BIGINT', 'Running number of the block of equal rates in the life of the cell.'),
    column('first_cell_cycle', 'BIGINT', 'First cycle of the block.'),
    column('last_cell_cycle', 'BIGINT', 'Last cycle of the block.'),
    column('cycle_number', 'BIGINT', 'Cycles in the block.'),
    column('charging_c_rate', 'DOUBLE', 'Median C-rate of charging.', { unit: '1/h' }),
    column('discharging_c_rate', 'DOUBLE', 'Median C-rate of discharging.', { unit: '1/h' }),
    column('discharging_capacity_ah', 'DOUBLE', 'Median discharging capacity.', { unit: 'Ah' }),
    column('specific_capacity_mah_per_g', 'DOUBLE', 'The same per mass of active material.', {
      unit: 'mAh/g',
    }),
    column(
      'capacity_share',
      'DOUBLE',
      'Discharging capacity over that of the block with the slowest discharge (fraction).',
      {
        unit: '1',
      },
    ),
    column('mean_discharging_voltage_volt', 'DOUBLE', 'Median of the mean voltages of discharging.', {
      unit: 'V',
    }),
    column('energy_efficiency', 'DOUBLE', 'Median energy efficiency (fraction).', { unit: '1' }),
  ],
};
