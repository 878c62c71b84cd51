import { column, type TableDefinition } from './definition.js';

const relativeUncertainty = (of: string) =>
  column(`${of}_relative_uncertainty`, 'DOUBLE', `Relative standard uncertainty of ${of} (fraction).`, {
    unit: '1',
  });

const confirmed = column(
  'confirmed',
  'VARCHAR',
  'Columns and quantities, separated by spaces, that lie outside the plausible range and are right all the same.',
);

/** Where a row comes from, and columns that Cellar keeps without checking them. */
const originColumns = [
  column(
    'own_columns',
    'JSON',
    "Columns of the laboratory's own in this row, as written, by their names: kept and shown, not judged.",
  ),
  column('lab_folder', 'VARCHAR', 'The folder whose table says it.'),
];

export const materials: TableDefinition = {
  name: 'materials',
  row: 'a material under development',
  columns: [
    column('material_id', 'VARCHAR', 'Identifier of the material, unique in the laboratory.'),
    column('name', 'VARCHAR', 'Name for people.'),
    column(
      'category',
      'VARCHAR',
      'sulfide_electrolyte, oxide_electrolyte, li_rich_cathode, li_metal_anode, current_collector or cell.',
    ),
    column('cost', 'DOUBLE', 'Cost of the material in cost_currency per cost_basis.', {
      unit: 'cost_currency/cost_basis',
    }),
    column(
      'reference_cost',
      'DOUBLE',
      'Cost of the reference it replaces, same currency, price year, basis and scale.',
      {
        unit: 'cost_currency/cost_basis',
      },
    ),
    column('cost_basis', 'VARCHAR', 'What the cost is per: kg, m2 or kwh.'),
    column('cost_currency', 'VARCHAR', 'ISO 4217 code of the currency of both costs.'),
    column('price_year', 'INTEGER', 'Year of the prices of both costs.'),
    column(
      'cost_scale',
      'VARCHAR',
      'Production scale the cost holds for, and whether it is a quote or a model estimate.',
    ),
    relativeUncertainty('cost'),
    relativeUncertainty('reference_cost'),
    column('areal_mass_mg_per_cm2', 'DOUBLE', 'Mass per area of the material (weighed coupons).', {
      unit: 'mg/cm²',
    }),
    column('reference_areal_mass_mg_per_cm2', 'DOUBLE', 'Mass per area of the reference it replaces.', {
      unit: 'mg/cm²',
    }),
    relativeUncertainty('areal_mass'),
    relativeUncertainty('reference_areal_mass'),
    column('source', 'VARCHAR', 'Where cost and mass come from: quote, model, weighing record.'),
    column('source_date', 'VARCHAR', 'Date of that source, as given.'),
    confirmed,
    ...originColumns,
  ],
};

export const cells: TableDefinition = {
  name: 'cells',
  row: 'a cell, half cell, symmetric cell or pellet',
  columns: [
    column('cell_id', 'VARCHAR', 'Identifier of the cell, unique in the laboratory.'),
    column('material_id', 'VARCHAR', 'The material it tests.'),
    column(
      'former_ids',
      'VARCHAR',
      'Ids it had before, separated by blanks: files that name one of them belong to it.',
    ),
    column(
      'cell_type',
      'VARCHAR',
      'full, anode_free, cathode_half, anode_half, li_cu, symmetric, or pellet (electrolyte between blocking electrodes).',
    ),
    column('batch', 'VARCHAR', 'Batch it was made in; samples of one batch share its error.'),
    column(
      'file_pattern',
      'VARCHAR',
      'Glob over the path below the ingested root that names the files of this cell.',
    ),
    column('electrode_area_cm2', 'DOUBLE', 'Area of the electrode contact.', { unit: 'cm²' }),
    column('thickness_um', 'DOUBLE', 'Thickness of the pellet or separator.', { unit: 'µm' }),
    column('diameter_mm', 'DOUBLE', 'Diameter of the electrode contact.', { unit: 'mm' }),
    column('relative_density', 'DOUBLE', 'Density over theoretical density (fraction).', { unit: '1' }),
    column('active_mass_mg', 'DOUBLE', 'Mass of active material in the electrode under test.', {
      unit: 'mg',
    }),
    column('cell_mass_g', 'DOUBLE', 'Mass of the whole cell, packaging included.', { unit: 'g' }),
    column('cell_volume_cm3', 'DOUBLE', 'Volume of the whole cell at end of charge.', { unit: 'cm³' }),
    column('nominal_capacity_mah', 'DOUBLE', 'Nominal capacity.', { unit: 'mAh' }),
    column(
      'diffusion_length_um',
      'DOUBLE',
      'Length that ions diffuse in the active material: volume over surface, a third of the radius of a sphere; for titrations.',
      { unit: 'µm' },
    ),
    column('lower_cutoff_volt', 'DOUBLE', 'Lower voltage limit of ageing cycles.', { unit: 'V' }),
    column('upper_cutoff_volt', 'DOUBLE', 'Upper voltage limit of ageing cycles.', { unit: 'V' }),
    column(
      'current_accuracy_relative',
      'DOUBLE',
      'Half width of the error of the current of the cycler, as a fraction of what current_accuracy_of names.',
      { unit: '1' },
    ),
    column(
      'current_accuracy_of',
      'VARCHAR',
      'reading or range: what current_accuracy_relative is a fraction of; null: of the reading.',
    ),
    column(
      'current_range_ma',
      'DOUBLE',
      'Current range of the cycler; needed where its accuracy is of the range.',
      { unit: 'mA' },
    ),
    column(
      'charge_ratio_half_width',
      'DOUBLE',
      'Half width of the error of the ratio of two charges (fraction), where that was calibrated.',
      { unit: '1' },
    ),
    column(
      'capacity_wander_relative',
      'DOUBLE',
      'Half width of slow changes of the capacity that are not the cell: season, chamber, calibration (fraction).',
      { unit: '1' },
    ),
    column(
      'temperature_half_width_kelvin',
      'DOUBLE',
      'Half width of the error of the temperatures of its measurements.',
      { unit: 'K' },
    ),
    column(
      'temperature_at_sample',
      'BOOLEAN',
      'Whether the temperature was measured at the sample rather than set; null: not stated.',
    ),
    column(
      'storage_temperature_celsius',
      'DOUBLE',
      'Temperature at which the cell is stored between check-ups: it ages by calendar; null: it is cycled.',
      { unit: '°C' },
    ),
    column('lithium_excess_mah', 'DOUBLE', 'Lithium beyond the cycled capacity.', { unit: 'mAh' }),
    column(
      'interface_count',
      'INTEGER',
      'Number of nominally identical interfaces in the measured resistance (2 in a symmetric cell).',
    ),
    column(
      'formation_cycles',
      'INTEGER',
      'Number of leading formation cycles, where the laboratory declares it.',
    ),
    column(
      'lead_resistance_ohm',
      'DOUBLE',
      'Resistance of leads and fixture, from a short or blank measurement.',
      { unit: 'Ω' },
    ),
    column('lead_file_pattern', 'VARCHAR', 'Glob that names the blank or short spectrum to subtract.'),
    column('circuit', 'VARCHAR', 'Circuit its spectra are fitted with; null: chosen automatically.'),
    column(
      'electrodes',
      'VARCHAR',
      'blocking or non_blocking: whether ions pass the electrodes; null: as the type of cell says.',
    ),
    column(
      'arc_roles',
      'VARCHAR',
      'What arcs stand for, such as R1=electrolyte R2=interface; null: told by capacitance.',
    ),
    column(
      'low_frequency_tail',
      'VARCHAR',
      'diffusion: the rise at the lowest frequencies is diffusion, not an unfinished arc of an interface; null: not stated.',
    ),
    column(
      'accept_open',
      'BOOLEAN',
      'Whether the extrapolation of an arc that does not close in the band is accepted; null: no.',
    ),
    column(
      'heating_branch',
      'VARCHAR',
      'conditioning: heating only conditioned the sample and cooling is judged; null: the lower branch is.',
    ),
    column('excluded_reason', 'VARCHAR', 'Why the cell is left out of verdicts; null: it is not.'),
    relativeUncertainty('electrode_area'),
    relativeUncertainty('thickness'),
    relativeUncertainty('diameter'),
    relativeUncertainty('active_mass'),
    relativeUncertainty('cell_mass'),
    relativeUncertainty('cell_volume'),
    confirmed,
    ...originColumns,
  ],
};

export const conditions: TableDefinition = {
  name: 'conditions',
  row: 'what a file does not say about itself',
  columns: [
    column('file_pattern', 'VARCHAR', 'Glob over the path below the ingested root.'),
    column('temperature_celsius', 'DOUBLE', 'Temperature of the measurement.', { unit: '°C' }),
    column('state_of_charge', 'DOUBLE', 'State of charge (fraction).', { unit: '1' }),
    column('pressure_mpa', 'DOUBLE', 'Stack pressure.', { unit: 'MPa' }),
    column('branch', 'VARCHAR', 'heating or cooling.'),
    column('min_hertz', 'DOUBLE', 'Lowest frequency of a spectrum that is fitted; null: all.', {
      unit: 'Hz',
    }),
    column('max_hertz', 'DOUBLE', 'Highest frequency of a spectrum that is fitted; null: all.', {
      unit: 'Hz',
    }),
    column('exclude_hertz', 'VARCHAR', 'Frequencies that are left out, within 0.5 %, separated by spaces.'),
    column(
      'stationarity_relative',
      'DOUBLE',
      'How far a resistance may have drifted over the sweep (± fraction); null: not tested.',
      { unit: '1' },
    ),
    ...originColumns,
  ],
};
