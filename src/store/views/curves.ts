import { placeSql } from '../place.js';
import { column } from '../tables/index.js';
import { allBut, taken, type ViewDefinition } from './definition.js';

/** `measurements` with the step and cycle each record belongs to. */
export const curves: ViewDefinition = {
  name: 'curves',
  row: 'a measurement with its step and cycle',
  sql: `
    SELECT m.* EXCLUDE (auxiliary), s.step_type, s.cycle_count, c.label, t.cell_id, c.cell_cycle
    FROM measurements m
    JOIN tests t ON t.test_id = m.test_id
    LEFT JOIN steps s ON s.test_id = m.test_id AND s.step_count = m.step_count
      AND m.record_index >= s.first_record_index
    LEFT JOIN cycles c ON c.test_id = s.test_id AND c.cycle_count = s.cycle_count`,
  columns: [
    ...allBut('measurements', 'auxiliary'),
    ...taken('steps', 'step_type', 'cycle_count'),
    ...taken('cycles', 'label'),
    ...taken('tests', 'cell_id'),
    ...taken('cycles', 'cell_cycle'),
  ],
};

/**
 * Records of charge and discharge steps. Steps are selected first, and the windows over records are partitioned by
 * every column that a question may use (which changes no value), so that a condition on a cell, a test or a cycle is
 * applied before records are read. A half cycle that continues from one test into the next belongs to the test with
 * its first part; the charge before a step comes from `steps`.
 */
const ofStep = `PARTITION BY h.cell_id, h.cell_cycle, h.half_test_id, h.half_cycle_count, h.test_id, h.cycle_count,
        h.step_type, h.step_count ORDER BY m.record_index`;

export const voltageRecordsSql = `
    SELECT *, sum(moved_ah) OVER (${ofStep.replace(/\b[hm]\./g, '')} ROWS UNBOUNDED PRECEDING) AS capacity_in_step_ah
    FROM (
      SELECT h.*, m.record_index, m.voltage_volt, m.current_ampere, m.ambient_temperature_celsius,
        m.test_time_second - first_value(m.test_time_second) OVER step AS time_in_step_second,
        coalesce((abs(m.current_ampere) + abs(lag(m.current_ampere) OVER step)) / 7200
          * greatest(m.test_time_second - lag(m.test_time_second) OVER step, 0), 0) AS moved_ah
      FROM (
        SELECT t.cell_id, c.cell_cycle, coalesce(c.cell_cycle_label, c.label) AS label, s.test_id, s.cycle_count,
          s.step_count, s.step_type, s.first_record_index, l.active_mass_mg,
          coalesce(
            sum(coalesce(s.charging_capacity_integrated_ah, 0) + coalesce(s.discharging_capacity_integrated_ah, 0))
              OVER (half ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before_ah,
          first_value(s.test_id) OVER half AS half_test_id, first_value(s.cycle_count) OVER half AS half_cycle_count
        FROM steps s
        JOIN tests t ON t.test_id = s.test_id
        JOIN cycles c ON c.test_id = s.test_id AND c.cycle_count = s.cycle_count
        LEFT JOIN cells l ON l.cell_id = t.cell_id
        WHERE s.step_type IN ('charge', 'discharge')
        WINDOW half AS (PARTITION BY t.cell_id, c.cell_cycle, s.step_type,
          CASE WHEN t.cell_id IS NULL THEN s.test_id END, CASE WHEN t.cell_id IS NULL THEN s.cycle_count END
          ORDER BY t.started_at, s.test_id, s.step_count)
      ) h
      JOIN measurements m ON m.test_id = h.test_id AND m.step_count = h.step_count
        AND m.record_index >= h.first_record_index
      WINDOW step AS (${ofStep})
    ) r`;

export const voltageCurves: ViewDefinition = {
  name: 'voltage_curves',
  row: 'a record of a charge or discharge step, with the charge moved so far',
  sql: `
    SELECT cell_id, cell_cycle, label, test_id, cycle_count, step_count, step_type, record_index, time_in_step_second,
      capacity_in_step_ah, before_ah + capacity_in_step_ah AS capacity_ah,
      1e6 * (before_ah + capacity_in_step_ah) / active_mass_mg AS specific_capacity_mah_per_g,
      voltage_volt, current_ampere, ambient_temperature_celsius
    FROM (${voltageRecordsSql}) v`,
  columns: [
    ...taken('tests', 'cell_id'),
    ...taken('cycles', 'cell_cycle', ['cell_cycle_label', 'label']),
    ...taken('steps', 'test_id', 'cycle_count', 'step_count', 'step_type'),
    ...taken('measurements', 'record_index'),
    column('time_in_step_second', 'DOUBLE', 'Time since the first record of the step.', { unit: 's' }),
    column('capacity_in_step_ah', 'DOUBLE', 'Charge moved since the first record of the step, integrated.', {
      unit: 'Ah',
    }),
    column(
      'capacity_ah',
      'DOUBLE',
      'Charge moved in this direction since the cycle began, steps of one direction run on (constant current into constant voltage), integrated.',
      { unit: 'Ah' },
    ),
    column(
      'specific_capacity_mah_per_g',
      'DOUBLE',
      'The same per mass of active material; null without it.',
      {
        unit: 'mAh/g',
        formula: '1000·capacity_ah/(active_mass_mg/1000)',
      },
    ),
    ...taken('measurements', 'voltage_volt', 'current_ampere', 'ambient_temperature_celsius'),
  ],
};

export const lineage: ViewDefinition = {
  name: 'lineage',
  row: 'a record and the line, row or record of the file it was read from',
  sql: `
    SELECT m.test_id, m.record_index, p.file_id, f.path, m.line_number, f.sha256, f.format, f.ingested_at,
      ${placeSql('f', 'm.line_number').trimStart()} AS place
    FROM measurements m
    ASOF JOIN test_files p ON p.test_id = m.test_id AND m.record_index >= p.first_record_index
    JOIN files f ON f.file_id = p.file_id`,
  columns: [
    ...taken('measurements', 'test_id', 'record_index'),
    ...taken('test_files', 'file_id'),
    ...taken('files', 'path'),
    ...taken('measurements', 'line_number'),
    ...taken('files', 'sha256', 'format', 'ingested_at'),
    column(
      'place',
      'VARCHAR',
      "Where it stands in the file: a line, a record of an instrument's own file, or a row of a sheet.",
    ),
  ],
};
