import { type ColumnDefinition, column } from './definition.js';

/** What the tables of fits and metrics have in common: one quantity, and the fit it comes from. */

export const writingRun = column('run_id', 'INTEGER', 'The run that wrote the row.');
export const fittedCell = column('cell_id', 'VARCHAR', 'The cell it was fitted on.');

const quantityColumns: readonly ColumnDefinition[] = [
  column('quantity', 'VARCHAR', 'What was fitted or derived.'),
  column('value', 'DOUBLE', 'Its value in `unit`; null where it cannot be given.'),
  column('unit', 'VARCHAR', 'Unit of value, standard_error and bounds.'),
  column('standard_error', 'DOUBLE', 'Standard error, correlation of residuals taken into account.'),
  column('ci95_low', 'DOUBLE', 'Lower end of the two-sided 95 % interval.'),
  column('ci95_high', 'DOUBLE', 'Upper end of the two-sided 95 % interval.'),
  column('bound95_low', 'DOUBLE', 'Lower one-sided 95 % bound.'),
  column('bound95_high', 'DOUBLE', 'Upper one-sided 95 % bound.'),
  column(
    'ci95_statistical_low',
    'DOUBLE',
    'Lower end of the two-sided 95 % interval of the scatter alone, where the other holds more.',
  ),
  column('ci95_statistical_high', 'DOUBLE', 'Upper end of the same.'),
  column('n', 'DOUBLE', 'Points used.'),
  column('dof', 'DOUBLE', 'Degrees of freedom of the interval.'),
  column('n_eff', 'DOUBLE', 'Effective number of independent points.'),
  column('method', 'VARCHAR', 'How it was obtained.'),
  column('status', 'VARCHAR', 'ok, warn or unusable.'),
];

/** One quantity of one fit, with the figures of the fit beside it. */
export const fitColumns: readonly ColumnDefinition[] = [
  ...quantityColumns,
  column('goodness', 'JSON', 'Figures of the fit as a whole.'),
  column('warnings', 'JSON', 'List of {code, message}.'),
  column('excluded', 'JSON', 'List of {index, reason}: points left out.'),
];
