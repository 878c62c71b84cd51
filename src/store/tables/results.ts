import { fitKinds } from '../../fits/kinds/index.js';
import { type ColumnDefinition, choiceOf, column, type TableDefinition } from './definition.js';
import { fitColumns, fittedCell, writingRun } from './fit-columns.js';

export const fits: TableDefinition = {
  name: 'fits',
  row: 'one fit as a whole: what the fit tables are written from, reports plot and the next run carries on',
  columns: [
    writingRun,
    column('kind', 'VARCHAR', `${choiceOf(fitKinds.map(({ kind }) => kind))}.`),
    column('subject', 'VARCHAR', 'Number of the spectrum, or the cell.'),
    fittedCell,
    column('input_key', 'VARCHAR', 'SHA-256 of everything that went in; the same key is not fitted again.'),
    column('result', 'JSON', 'The whole answer of the analysis; null where there is none.'),
    column('refusal_code', 'VARCHAR', 'Why there is no answer, as a stable code.'),
    column('refusal', 'VARCHAR', 'The same as a sentence.'),
    column('refusal_message', 'JSON', 'The same as {code, message, values}.'),
  ],
};

export const cellMetrics: TableDefinition = {
  name: 'cell_metrics',
  row: 'one metric of one cell: what verdicts pool over cells',
  columns: [
    writingRun,
    fittedCell,
    column('metric', 'VARCHAR', 'Metric a target can name.'),
    column('settings', 'JSON', 'Conditions of the target that the value depends on.'),
    ...fitColumns,
    column(
      'supports',
      'VARCHAR',
      'What the value may support: a verdict, INCONCLUSIVE or INSUFFICIENT DATA.',
    ),
    column('missing', 'VARCHAR', 'What would make it support a verdict; null where it does.'),
    column('messages', 'JSON', 'Method and what is missing as {code, message, values}.'),
    column('excluded_reason', 'VARCHAR', 'Why the cell is left out of verdicts; null: it is not.'),
    column('conditions', 'JSON', 'Under what it was measured: temperature, rate, window, pressure.'),
  ],
};

const verdictColumns: ColumnDefinition[] = [
  writingRun,
  column('target_id', 'VARCHAR', 'The target.'),
  column('target_table', 'VARCHAR', 'The target table it comes from.'),
  column('material_id', 'VARCHAR', 'The material.'),
  column('metric', 'VARCHAR', 'What is compared.'),
  column('value', 'DOUBLE', 'Estimate, in `unit`.'),
  column('ci95_low', 'DOUBLE', 'Lower end of the two-sided 95 % interval.'),
  column('ci95_high', 'DOUBLE', 'Upper end of the two-sided 95 % interval.'),
  column('bound95_low', 'DOUBLE', 'Lower one-sided 95 % bound: what was compared.'),
  column('bound95_high', 'DOUBLE', 'Upper one-sided 95 % bound: what was compared.'),
  column('comparison', 'VARCHAR', '>, <, >= or <=.'),
  column('threshold', 'DOUBLE', 'The limit, in `unit`.'),
  column('unit', 'VARCHAR', 'Unit of the target.'),
  column('sample_size', 'INTEGER', 'Cells or pellets pooled; 1 for a metric of the material itself.'),
  column('verdict', 'VARCHAR', 'PASS, FAIL, INCONCLUSIVE or INSUFFICIENT DATA.'),
  column('reason', 'VARCHAR', 'Why, in one sentence.'),
  column('missing', 'VARCHAR', 'What evidence would settle it; null for PASS and FAIL.'),
  column(
    'margin',
    'DOUBLE',
    'Distance from the limit in half widths of the two-sided 95 % interval; positive where the target is met.',
    { unit: '1' },
  ),
  column(
    'scope',
    'VARCHAR',
    'What the verdict is about: material, batch NAME or batch not stated; null for one cell or a metric of the material itself.',
  ),
  column('due', 'VARCHAR', 'Date until which the target has to be met, YYYY-MM-DD; null: none.'),
  column('milestones', 'JSON', 'Intermediate limits: list of {due, threshold, verdict}.'),
  column('owner', 'VARCHAR', 'Who answers for the target.'),
  column('note', 'VARCHAR', "The target table's note."),
  column('codes', 'JSON', 'Stable codes of what stands beside the verdict.'),
  column('assumed', 'JSON', 'List of what nobody stated and was assumed, as it is printed.'),
  column('warnings', 'JSON', 'List of {code, message, values} that stand beside the number.'),
  column(
    'messages',
    'JSON',
    'Parts of the reason and what is missing as {code, message, values}; a date `readyOn` among the values.',
  ),
  column('evidence', 'JSON', 'Cells with their values, files, exclusions and conditions.'),
];

export const verdicts: TableDefinition = {
  name: 'verdicts',
  row: 'one target judged for one material by the newest check',
  columns: verdictColumns,
};

export const verdictBudget: TableDefinition = {
  name: 'verdict_budget',
  row: "one source of the uncertainty of a verdict's value",
  columns: [
    writingRun,
    column('target_table', 'VARCHAR', 'The target table.'),
    column('target_id', 'VARCHAR', 'The target.'),
    column('material_id', 'VARCHAR', 'The material.'),
    column('component', 'VARCHAR', 'Where it comes from: between cells, thickness, temperature, cost, …'),
    column('kind', 'VARCHAR', 'measured, declared or assumed.'),
    column('distribution', 'VARCHAR', 'student, normal or rectangular.'),
    column('standard_uncertainty', 'DOUBLE', 'Standard uncertainty at the value, in `unit`.'),
    column('unit', 'VARCHAR', 'Unit of the target.'),
    column('scale', 'VARCHAR', 'linear, or ln where bounds are symmetric on the logarithmic scale.', {
      formula:
        'one-sided bound = value ± √Σ(q·standard_uncertainty)², on ln value·exp(±√Σ(q·standard_uncertainty/value)²)',
    }),
    column('dof', 'DOUBLE', "Degrees of freedom of q, Student's t; null: the normal quantile."),
    column('share', 'DOUBLE', 'Share of the variance (fraction).', { unit: '1' }),
    column('shared', 'BOOLEAN', 'Whether all cells share it, so that more cells do not average it out.'),
    column('assumed', 'VARCHAR', 'What was assumed, as it is printed; null where nothing was.'),
  ],
};

export const verdictAlternatives: TableDefinition = {
  name: 'verdict_alternatives',
  row: 'a verdict under one other defensible choice',
  columns: [
    writingRun,
    column('target_table', 'VARCHAR', 'The target table.'),
    column('target_id', 'VARCHAR', 'The target.'),
    column('material_id', 'VARCHAR', 'The material.'),
    column(
      'choice',
      'VARCHAR',
      'branch, circuit, assignment, law, points, estimator, window, charge, assumed uncertainty or cells.',
    ),
    column('alternative', 'VARCHAR', 'What was chosen instead.'),
    column('value', 'DOUBLE', 'What the value would be, in `unit`.'),
    column('ci95_low', 'DOUBLE', 'Lower end of its two-sided 95 % interval.'),
    column('ci95_high', 'DOUBLE', 'Upper end of its two-sided 95 % interval.'),
    column('bound95_low', 'DOUBLE', 'Its lower one-sided 95 % bound.'),
    column('bound95_high', 'DOUBLE', 'Its upper one-sided 95 % bound.'),
    column('unit', 'VARCHAR', 'Unit of the target.'),
    column('verdict', 'VARCHAR', 'What the verdict would be.'),
    column(
      'crosses',
      'BOOLEAN',
      'Whether the value lies on the other side of the limit than the one that is reported.',
    ),
    column(
      'counts',
      'BOOLEAN',
      'Whether it can make the verdict FRAGILE; leaving a cell out is shown, but does not count.',
    ),
  ],
};

export const verdictHistory: TableDefinition = {
  name: 'verdict_history',
  row: 'one verdict as it was reached first, or as it changed; earlier ones stay',
  columns: verdictColumns,
};
