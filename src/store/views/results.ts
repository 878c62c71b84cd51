import { column } from '../tables/index.js';
import { taken, type ViewDefinition } from './definition.js';

/** What each fit table calls the thing it was fitted on, and which of its columns say it. */
const fitTables = [
  {
    table: 'impedance_fits',
    kind: 'impedance',
    spectrum: 'spectrum_id',
    temperature: 'temperature_celsius',
    scope: 'circuit',
  },
  {
    table: 'conductivities',
    kind: 'conductivity',
    spectrum: 'spectrum_id',
    temperature: 'temperature_celsius',
    scope: 'branch',
  },
  { table: 'arrhenius_fits', kind: 'arrhenius', scope: 'form' },
  { table: 'decay_fits', kind: 'decay', scope: 'series' },
  { table: 'coulombic_efficiency_fits', kind: 'coulombic_efficiency', scope: 'scope' },
  { table: 'cell_metrics', kind: 'metric', scope: 'metric' },
] as const;

const results = [
  'quantity',
  'value',
  'unit',
  'standard_error',
  'ci95_low',
  'ci95_high',
  'bound95_low',
  'bound95_high',
  'n',
  'method',
  'status',
] as const;

export const cellFits: ViewDefinition = {
  name: 'cell_fits',
  row: 'one quantity of one fit of a cell, of any kind, with its cell and material',
  sql: `
    SELECT r.kind, r.run_id, r.run_id = max(r.run_id) OVER (PARTITION BY r.kind, r.cell_id, r.spectrum_id) AS is_latest,
      l.material_id, m.category, r.cell_id, l.batch, r.spectrum_id, r.temperature_celsius, r.scope,
      ${results.map((name) => `r.${name}`).join(', ')}, r.warnings, l.excluded_reason
    FROM (
      ${fitTables
        .map(
          (fit) => `SELECT '${fit.kind}' AS kind, run_id, cell_id,
        ${'spectrum' in fit ? fit.spectrum : 'CAST(NULL AS INTEGER)'} AS spectrum_id,
        ${'temperature' in fit ? fit.temperature : 'CAST(NULL AS DOUBLE)'} AS temperature_celsius,
        ${fit.scope} AS scope, ${results.join(', ')}, warnings
      FROM ${fit.table}`,
        )
        .join(' UNION ALL ')}
    ) r
    LEFT JOIN cells l ON l.cell_id = r.cell_id
    LEFT JOIN materials m ON m.material_id = l.material_id`,
  columns: [
    column('kind', 'VARCHAR', 'impedance, conductivity, arrhenius, decay, coulombic_efficiency or metric.'),
    ...taken('impedance_fits', 'run_id'),
    column('is_latest', 'BOOLEAN', 'Whether no later run fitted the same kind on the same cell or spectrum.'),
    ...taken('cells', 'material_id'),
    ...taken('materials', 'category'),
    ...taken('impedance_fits', 'cell_id'),
    ...taken('cells', 'batch'),
    ...taken('impedance_fits', 'spectrum_id', 'temperature_celsius'),
    column(
      'scope',
      'VARCHAR',
      'What tells fits of one kind apart: circuit, branch, form, series, scope or metric.',
    ),
    ...taken('impedance_fits', ...results, 'warnings'),
    ...taken('cells', 'excluded_reason'),
  ],
};
