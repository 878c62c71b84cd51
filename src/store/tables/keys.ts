/**
 * What identifies a row of a table or view, and which columns lead to a row of another. Stated, not enforced: a primary key
 * makes loading eleven times slower. Tests hold them on the sample laboratory.
 */
export interface Keys {
  /** Columns that together identify a row; empty where there are none. */
  primary: readonly string[];
  /** Columns whose values, where they are not null, are the primary key of another table or view. */
  foreign: readonly { columns: readonly string[]; references: string; of: readonly string[] }[];
}

const to = (references: string, columns: readonly string[], of: readonly string[] = columns) => ({
  columns,
  references,
  of,
});

const cell = to('cells', ['cell_id']);
const material = to('materials', ['material_id']);
const file = to('files', ['file_id']);
const test = to('tests', ['test_id']);
const step = to('steps', ['test_id', 'step_count']);
const cycle = to('cycles', ['test_id', 'cycle_count']);
const cellCycle = to('cell_cycles', ['cell_id', 'cell_cycle']);
const spectrum = to('spectra', ['spectrum_id']);
const run = to('runs', ['run_id']);

/** Keys by the name of the table or view. */
export const keys: Readonly<Record<string, Keys>> = {
  materials: { primary: ['material_id'], foreign: [] },
  cells: { primary: ['cell_id'], foreign: [material] },
  conditions: { primary: [], foreign: [] },
  files: { primary: ['file_id'], foreign: [to('files', ['related_file_id'], ['file_id'])] },
  test_files: { primary: ['test_id', 'first_record_index'], foreign: [test, file] },
  rejects: { primary: ['file_id', 'line_number'], foreign: [file] },
  findings: { primary: [], foreign: [file, test] },
  tests: { primary: ['test_id'], foreign: [file, cell, to('tests', ['repeats_test_id'], ['test_id'])] },
  measurements: { primary: ['test_id', 'record_index'], foreign: [test, step] },
  auxiliary_channels: { primary: ['test_id', 'channel_index'], foreign: [test] },
  vendor_cycles: { primary: ['file_id', 'row_index'], foreign: [file, cell] },
  steps: { primary: ['test_id', 'step_count'], foreign: [test, cycle] },
  cycles: { primary: ['test_id', 'cycle_count'], foreign: [test] },
  spectra: { primary: ['spectrum_id'], foreign: [file, cell] },
  impedance: { primary: ['spectrum_id', 'point_index'], foreign: [spectrum] },
  runs: { primary: ['run_id'], foreign: [] },
  meta: { primary: ['key'], foreign: [] },
  curves: { primary: ['test_id', 'record_index'], foreign: [test, step, cellCycle] },
  auxiliary_records: {
    primary: ['test_id', 'record_index', 'channel_index'],
    foreign: [to('auxiliary_channels', ['test_id', 'channel_index']), cell],
  },
  cell_cycles: { primary: ['cell_id', 'cell_cycle'], foreign: [cell, material, test, cycle] },
  voltage_curves: { primary: ['test_id', 'record_index'], foreign: [cell, cellCycle, test, cycle, step] },
  channel_status: { primary: ['test_id'], foreign: [test, cell, cellCycle, step] },
  rate_tests: {
    primary: ['cell_id', 'rate_block'],
    foreign: [cell, material, to('cell_cycles', ['cell_id', 'first_cell_cycle'], ['cell_id', 'cell_cycle'])],
  },
  cell_steps: { primary: ['test_id', 'step_count'], foreign: [cell, material, cellCycle, test, cycle, step] },
  dc_resistances: {
    primary: ['test_id', 'step_count', 'delay_second'],
    foreign: [cell, cellCycle, test, cycle, step],
  },
  pulses: { primary: ['test_id', 'step_count'], foreign: [cell, cellCycle, test, cycle, step] },
  differential_capacity: {
    primary: ['test_id', 'cycle_count', 'step_type', 'voltage_volt'],
    foreign: [cell, cellCycle, test, cycle],
  },
  cell_spectra: { primary: ['spectrum_id'], foreign: [spectrum, cell, material, test, cellCycle] },
  spectra_points: {
    primary: ['spectrum_id', 'point_index'],
    foreign: [spectrum, to('cell_spectra', ['spectrum_id']), cell, material],
  },
  cell_fits: { primary: [], foreign: [run, cell, material, spectrum] },
  lineage: { primary: ['test_id', 'record_index'], foreign: [test, file] },
};

/** The keys of a table or view: results of analyses, which are not listed, lead to what they name. */
export function keysOf(name: string, columns: readonly string[]): Keys {
  const listed = keys[name];
  if (listed !== undefined) return listed;
  const foreign = [cell, material, spectrum, run].filter((key) =>
    key.columns.every((column) => columns.includes(column)),
  );
  return { primary: [], foreign };
}
