import { type ColumnDefinition, column, type TableDefinition } from './definition.js';

/** The columns every fit table shares: one quantity of one fit. */
const quantityColumns: ColumnDefinition[] = [
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

const fitColumns: ColumnDefinition[] = [
  ...quantityColumns,
  column('goodness', 'JSON', 'Figures of the fit as a whole.'),
  column('warnings', 'JSON', 'List of {code, message}.'),
  column('excluded', 'JSON', 'List of {index, reason}: points left out.'),
];

const run = column('run_id', 'INTEGER', 'The run that wrote the row.');
const cell = column('cell_id', 'VARCHAR', 'The cell it was fitted on.');

export const fits: TableDefinition = {
  name: 'fits',
  row: 'one fit as a whole: what the fit tables are written from, reports plot and the next run carries on',
  columns: [
    run,
    column(
      'kind',
      'VARCHAR',
      'impedance, impedance_material, arrhenius, decay, voltage_fade or coulombic_efficiency.',
    ),
    column('subject', 'VARCHAR', 'Number of the spectrum, or the cell.'),
    cell,
    column('input_key', 'VARCHAR', 'SHA-256 of everything that went in; the same key is not fitted again.'),
    column('result', 'JSON', 'The whole answer of the analysis; null where there is none.'),
    column('refusal_code', 'VARCHAR', 'Why there is no answer, as a stable code.'),
    column('refusal', 'VARCHAR', 'The same as a sentence.'),
    column('refusal_message', 'JSON', 'The same as {code, message, values}.'),
  ],
};

export const impedanceFits: TableDefinition = {
  name: 'impedance_fits',
  row: 'one quantity of the circuit fit of one spectrum',
  columns: [
    run,
    column('spectrum_id', 'INTEGER', 'The spectrum.'),
    cell,
    column('temperature_celsius', 'DOUBLE', 'Temperature of the spectrum.', { unit: '°C' }),
    column('circuit', 'VARCHAR', 'Circuit code; - in series, p() in parallel.'),
    column('kramers_kronig', 'VARCHAR', 'valid, marginal or fail.'),
    ...fitColumns,
    column(
      'standard_error_adjusted',
      'DOUBLE',
      'Standard error that allows for residuals which follow each other; what verdicts use. standard_error takes them as independent here.',
    ),
    column('relative_standard_error', 'DOUBLE', 'standard_error over the value (fraction).', { unit: '1' }),
  ],
};

export const conductivities: TableDefinition = {
  name: 'conductivities',
  row: 'the ionic conductivity from one spectrum of a pellet',
  columns: [
    run,
    column('spectrum_id', 'INTEGER', 'The spectrum.'),
    cell,
    column('temperature_celsius', 'DOUBLE', 'Temperature of the spectrum.', { unit: '°C' }),
    column('branch', 'VARCHAR', 'heating or cooling.'),
    column('conductivity_siemens_per_centimeter', 'DOUBLE', 'Total conductivity.', {
      unit: 'S/cm',
      formula: 'thickness/(R_electrolyte·area)',
    }),
    column(
      'resistance_ohm',
      'DOUBLE',
      'Resistance of the electrolyte it was computed from, leads subtracted where given.',
      { unit: 'Ω', formula: 'R0 + arcs of the electrolyte' },
    ),
    column(
      'circuit',
      'VARCHAR',
      'Circuit of the reading: that of its series of temperatures where it has one.',
    ),
    column(
      'arcs',
      'JSON',
      'Arcs of the circuit with role, capacitance and whether they are in the resistance.',
    ),
    column('conductivity_standard_error', 'DOUBLE', 'Standard error from the fit alone, without geometry.', {
      unit: 'S/cm',
    }),
    column(
      'geometry_relative_uncertainty',
      'DOUBLE',
      'Relative standard uncertainty of thickness over area (fraction).',
      { unit: '1' },
    ),
    ...fitColumns,
  ],
};

export const arrheniusFits: TableDefinition = {
  name: 'arrhenius_fits',
  row: 'one quantity of the Arrhenius fit of one pellet',
  columns: [
    run,
    cell,
    column(
      'form',
      'VARCHAR',
      'ln_sigma (σ = σ0·exp(−Ea/kT)) or ln_sigma_T (σT = A·exp(−Ea/kT)), by ordinary least squares; the same with weighted_ before it; judged (form ln_sigma): what verdicts use.',
    ),
    ...fitColumns,
  ],
};

export const decayFits: TableDefinition = {
  name: 'decay_fits',
  row: "one quantity of the decay fit of one cell's capacity (or energy) series",
  columns: [
    run,
    cell,
    column(
      'series',
      'VARCHAR',
      'capacity, checkup_capacity, energy (`D_energy` alone) or mean_discharging_voltage.',
    ),
    ...fitColumns,
  ],
};

export const coulombicEfficiencyFits: TableDefinition = {
  name: 'coulombic_efficiency_fits',
  row: "one quantity of the coulombic-efficiency statistics of one cell's cycles",
  columns: [run, cell, column('scope', 'VARCHAR', 'first_n_eligible or all.'), ...fitColumns],
};

export const cellMetrics: TableDefinition = {
  name: 'cell_metrics',
  row: 'one metric of one cell: what verdicts pool over cells',
  columns: [
    run,
    cell,
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
  run,
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
  column('milestones', 'JSON', 'Limits on the way: list of {due, threshold, verdict}.'),
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
    run,
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
    run,
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
