import { fitTables } from '../../fits/kinds/index.js';
import { type ColumnType, choiceOf, column, type TableDefinition, tableDefinition } from '../tables/index.js';
import { taken, type ViewDefinition } from './definition.js';

/** Every table of quantities with the kind of its rows, and the column that distinguishes fits of one kind. */
const resultTables = [
  ...fitTables,
  { definition: tableDefinition('cell_metrics'), shownAs: 'metric', scope: 'metric' },
];

/** A column of a table if it exists, else an empty one. */
const ownOrNull = ({ columns }: TableDefinition, name: string, type: ColumnType) =>
  columns.some((own) => own.name === name) ? name : `CAST(NULL AS ${type}) AS ${name}`;

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
      ${resultTables
        .map(
          ({ definition, shownAs, scope }) => `SELECT '${shownAs}' AS kind, run_id, cell_id,
        ${ownOrNull(definition, 'spectrum_id', 'INTEGER')}, ${ownOrNull(definition, 'temperature_celsius', 'DOUBLE')},
        ${scope} AS scope, ${results.join(', ')}, warnings
      FROM ${definition.name}`,
        )
        .join(' UNION ALL ')}
    ) r
    LEFT JOIN cells l ON l.cell_id = r.cell_id
    LEFT JOIN materials m ON m.material_id = l.material_id`,
  columns: [
    column('kind', 'VARCHAR', `${choiceOf(resultTables.map(({ shownAs }) => shownAs))}.`),
    ...taken('impedance_fits', 'run_id'),
    column('is_latest', 'BOOLEAN', 'Whether this is the newest fit of its kind on the cell or spectrum.'),
    ...taken('cells', 'material_id'),
    ...taken('materials', 'category'),
    ...taken('impedance_fits', 'cell_id'),
    ...taken('cells', 'batch'),
    ...taken('impedance_fits', 'spectrum_id', 'temperature_celsius'),
    column(
      'scope',
      'VARCHAR',
      `What distinguishes fits of one kind: ${choiceOf(resultTables.map(({ scope }) => scope))}.`,
    ),
    ...taken('impedance_fits', ...results, 'warnings'),
    ...taken('cells', 'excluded_reason'),
  ],
};
