import { column } from '../tables/index.js';
import { allBut, taken, type ViewDefinition } from './definition.js';

/** `measurements` with the step and cycle each record belongs to. */
export const curves: ViewDefinition = {
  name: 'curves',
  row: 'a measurement with its step and cycle',
  sql: `
    SELECT m.*, s.step_type, s.cycle_count, c.label, t.cell_id, c.cell_cycle
    FROM measurements m
    JOIN tests t ON t.test_id = m.test_id
    LEFT JOIN steps s ON s.test_id = m.test_id AND s.step_count = m.step_count
      AND m.record_index >= s.first_record_index
    LEFT JOIN cycles c ON c.test_id = s.test_id AND c.cycle_count = s.cycle_count`,
  columns: [
    ...allBut('measurements'),
    ...taken('steps', 'step_type', 'cycle_count'),
    ...taken('cycles', 'label'),
    ...taken('tests', 'cell_id'),
    ...taken('cycles', 'cell_cycle'),
  ],
};

/**
 * The windows are partitioned by cell and cycle too, which changes no value but lets a filter on them reach the records
 * before they are summed.
 */
const ofStep = 'PARTITION BY cell_id, cell_cycle, test_id, step_count ORDER BY record_index';
const ofDirection = 'PARTITION BY cell_id, cell_cycle, step_type ORDER BY started_at, test_id, record_index';

export const voltageCurves: ViewDefinition = {
  name: 'voltage_curves',
  row: 'a record of a charge or discharge step of a cell, with the charge moved so far',
  sql: `
    SELECT cell_id, cell_cycle, label, test_id, cycle_count, step_count, step_type, record_index,
      test_time_second - first_value(test_time_second) OVER step AS time_in_step_second,
      sum(moved_ah) OVER (${ofStep} ROWS UNBOUNDED PRECEDING) AS capacity_in_step_ah,
      sum(moved_ah) OVER (${ofDirection} ROWS UNBOUNDED PRECEDING) AS capacity_ah,
      1e6 * sum(moved_ah) OVER (${ofDirection} ROWS UNBOUNDED PRECEDING) / active_mass_mg AS specific_capacity_mah_per_g,
      voltage_volt, current_ampere, ambient_temperature_celsius
    FROM (
      SELECT t.cell_id, c.cell_cycle, c.cell_cycle_label AS label, m.test_id, s.cycle_count, m.step_count, s.step_type,
        m.record_index, m.test_time_second, m.voltage_volt, m.current_ampere, m.ambient_temperature_celsius,
        l.active_mass_mg, t.started_at,
        coalesce(
          (abs(m.current_ampere) + abs(lag(m.current_ampere) OVER (PARTITION BY t.cell_id, c.cell_cycle, m.test_id, m.step_count ORDER BY m.record_index))) / 7200
          * greatest(m.test_time_second - lag(m.test_time_second) OVER (PARTITION BY t.cell_id, c.cell_cycle, m.test_id, m.step_count ORDER BY m.record_index), 0), 0) AS moved_ah
      FROM measurements m
      JOIN tests t ON t.test_id = m.test_id
      JOIN steps s ON s.test_id = m.test_id AND s.step_count = m.step_count
        AND m.record_index >= s.first_record_index
      JOIN cycles c ON c.test_id = s.test_id AND c.cycle_count = s.cycle_count
      LEFT JOIN cells l ON l.cell_id = t.cell_id
      WHERE s.step_type IN ('charge', 'discharge') AND t.cell_id IS NOT NULL
    ) r
    WINDOW step AS (${ofStep})`,
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
  row: 'a record and the physical line it was read from',
  sql: `
    SELECT m.test_id, m.record_index, p.file_id, f.path, m.line_number, f.sha256, f.format, f.ingested_at
    FROM measurements m
    ASOF JOIN test_files p ON p.test_id = m.test_id AND m.record_index >= p.first_record_index
    JOIN files f ON f.file_id = p.file_id`,
  columns: [
    ...taken('measurements', 'test_id', 'record_index'),
    ...taken('test_files', 'file_id'),
    ...taken('files', 'path'),
    ...taken('measurements', 'line_number'),
    ...taken('files', 'sha256', 'format', 'ingested_at'),
  ],
};
