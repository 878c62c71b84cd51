import { steps } from '../tables/index.js';

/** Columns of `steps` that numbering computes again; the others follow only from the records. */
const foundByNumbering = new Set([
  'cycle_count',
  'step_type',
  'capacity_ah',
  'energy_wh',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
  'capacity_source',
]);

/** The columns of `steps` that follow only from the records: those of `step_rows`. */
export const recordedColumns = steps.columns
  .map(({ name }) => name)
  .filter((name) => !foundByNumbering.has(name));
