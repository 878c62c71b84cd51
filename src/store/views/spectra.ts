import { column } from '../tables/index.js';
import { taken, type ViewDefinition } from './definition.js';

/**
 * Clocks of two instruments agree within this, s: a spectrum this close to the start or end of a cycle was measured
 * between cycles.
 */
const clockToleranceSecond = 60;

/** Each spectrum with each cycle of its cell: how long after the start and after the end of the cycle it began. */
const besideCycles = `
    SELECT s.spectrum_id, s.cell_id, c.cell_cycle, c.test_id, t.file_id = s.file_id AS is_same_file,
      CASE WHEN t.file_id = s.file_id AND p.first_second IS NOT NULL THEN 'file'
        WHEN s.sweep_started_at_utc IS NOT NULL AND t.started_at_utc IS NOT NULL THEN 'UTC'
        WHEN s.time_zone IS NULL AND t.time_zone IS NULL THEN 'wall clocks' END AS told_by,
      CASE told_by WHEN 'file' THEN p.first_second
        WHEN 'UTC' THEN epoch(s.sweep_started_at_utc) - epoch(t.started_at_utc)
        ELSE epoch(s.sweep_started_at) - epoch(t.started_at) END AS at_second,
      at_second - c.start_time_second AS since_start, at_second - e.end_time_second AS since_end
    FROM spectra s
    JOIN tests t ON t.cell_id = s.cell_id
    JOIN cycles c ON c.test_id = t.test_id
    JOIN steps e ON e.test_id = c.test_id AND e.step_count = c.last_step_count
    LEFT JOIN (
      SELECT spectrum_id, arg_min(test_time_second, point_index) AS first_second FROM impedance GROUP BY spectrum_id
    ) p ON p.spectrum_id = s.spectrum_id
    WHERE c.cell_cycle IS NOT NULL
      AND coalesce(c.charging_capacity_ah, 0) + coalesce(c.discharging_capacity_ah, 0) > 0`;

const positions = `
    SELECT cell_id, spectrum_id,
      max(cell_cycle) FILTER (since_end >= -${clockToleranceSecond}) AS after_cell_cycle,
      min(cell_cycle) FILTER (since_start < ${clockToleranceSecond} AND since_end < -${clockToleranceSecond})
        AS before_cell_cycle,
      max(cell_cycle) FILTER (since_start >= ${clockToleranceSecond} AND since_end < -${clockToleranceSecond})
        AS during_cell_cycle,
      coalesce(any_value(test_id) FILTER (is_same_file), arg_max(test_id, cell_cycle) FILTER (since_start >= 0))
        AS test_id,
      any_value(told_by) AS told_by
    FROM (${besideCycles}) b
    WHERE at_second IS NOT NULL
    GROUP BY cell_id, spectrum_id`;

const place = [
  column('test_id', 'INTEGER', 'The test of the same file, else the one that had begun last; null: unknown.'),
  column(
    'cell_cycle',
    'BIGINT',
    'The cycle of the cell during which it was measured, else the last one before; null before the first and where no clock tells.',
  ),
  column('is_during_cycle', 'BOOLEAN', 'Whether it was measured during cell_cycle, not between two cycles.'),
  column(
    'after_cell_cycle',
    'BIGINT',
    'The last cycle that had ended when it began; clocks may differ by 60 s.',
  ),
  column('before_cell_cycle', 'BIGINT', 'The first cycle that had not begun.'),
];

const placeSql = `p.test_id, coalesce(p.during_cell_cycle, p.after_cell_cycle) AS cell_cycle,
      p.during_cell_cycle IS NOT NULL AS is_during_cycle, p.after_cell_cycle, p.before_cell_cycle`;

/** The first columns of both views, and their sources. */
const sweepSql = `s.spectrum_id, s.cell_id, l.material_id, l.batch, f.path, s.sweep_index, s.temperature_celsius,
      s.state_of_charge, s.pressure_mpa, s.branch`;

const sweepColumns = [
  ...taken('spectra', 'spectrum_id', 'cell_id'),
  ...taken('cells', 'material_id', 'batch'),
  ...taken('files', 'path'),
  ...taken('spectra', 'sweep_index', 'temperature_celsius', 'state_of_charge', 'pressure_mpa', 'branch'),
];

const aroundSweep = `
    LEFT JOIN (${positions}) p ON p.cell_id = s.cell_id AND p.spectrum_id = s.spectrum_id
    LEFT JOIN files f ON f.file_id = s.file_id
    LEFT JOIN cells l ON l.cell_id = s.cell_id`;

export const cellSpectra: ViewDefinition = {
  name: 'cell_spectra',
  row: 'an impedance sweep with its place among the cycles of its cell',
  sql: `
    SELECT ${sweepSql}, s.sweep_started_at, s.sweep_started_at_utc,
      ${placeSql}, p.told_by, s.point_count
    FROM spectra s${aroundSweep}`,
  columns: [
    ...sweepColumns,
    ...taken('spectra', 'sweep_started_at', 'sweep_started_at_utc'),
    ...place,
    column(
      'told_by',
      'VARCHAR',
      'What the place comes from: file (time within one file), UTC, or wall clocks (no time zone is known, taken as the same); null: nothing tells.',
    ),
    ...taken('spectra', 'point_count'),
  ],
};

export const spectraPoints: ViewDefinition = {
  name: 'spectra_points',
  row: 'a point of an impedance sweep with what is known of the sweep',
  sql: `
    SELECT ${sweepSql}, s.measured_at, ${placeSql},
      i.point_index, i.frequency_hertz, i.real_impedance_ohm, i.imaginary_impedance_ohm,
      sqrt(i.real_impedance_ohm ** 2 + i.imaginary_impedance_ohm ** 2) AS impedance_modulus_ohm,
      degrees(atan2(i.imaginary_impedance_ohm, i.real_impedance_ohm)) AS phase_degree, i.line_number
    FROM impedance i
    JOIN spectra s ON s.spectrum_id = i.spectrum_id${aroundSweep}`,
  columns: [
    ...sweepColumns,
    ...taken('spectra', 'measured_at'),
    ...place,
    ...taken('impedance', 'point_index', 'frequency_hertz', 'real_impedance_ohm', 'imaginary_impedance_ohm'),
    column('impedance_modulus_ohm', 'DOUBLE', 'Modulus of the impedance.', { unit: 'Ω' }),
    column('phase_degree', 'DOUBLE', 'Phase angle of the impedance; negative for a capacitive arc.', {
      unit: '°',
    }),
    ...taken('impedance', 'line_number'),
  ],
};
