import { steps } from '../tables/index.js';

/** Columns of `steps` that numbering finds anew; the others follow from the records alone. */
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

/** The columns of `steps` that follow from the records alone: those of `step_rows`. */
export const recordedColumns = steps.columns
  .map(({ name }) => name)
  .filter((name) => !foundByNumbering.has(name));
