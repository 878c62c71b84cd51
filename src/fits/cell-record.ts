import type { Electrodes } from '../analysis/impedance/index.js';

/** A row of `cells` with its material's category and whether verdicts leave it out. */
export interface CellRecord {
  cell_id: string;
  material_id: string | null;
  category: string | null;
  cell_type: string | null;
  batch: string | null;
  electrode_area_cm2: number | null;
  thickness_um: number | null;
  diameter_mm: number | null;
  relative_density: number | null;
  active_mass_mg: number | null;
  cell_mass_g: number | null;
  cell_volume_cm3: number | null;
  nominal_capacity_mah: number | null;
  lower_cutoff_volt: number | null;
  upper_cutoff_volt: number | null;
  /** Half width as a fraction of the reading or of the range (`current_accuracy_of`; null: of the reading). */
  current_accuracy_relative: number | null;
  current_accuracy_of: 'reading' | 'range' | null;
  current_range_ma: number | null;
  /** Half width of the ratio of two charges, from a calibration. */
  charge_ratio_half_width: number | null;
  /** Half width of slow changes of the capacity that do not come from the cell. */
  capacity_wander_relative: number | null;
  temperature_half_width_kelvin: number | null;
  temperature_at_sample: boolean | null;
  /** Temperature at which it is stored between check-ups; null: it is cycled. */
  storage_temperature_celsius: number | null;
  lithium_excess_mah: number | null;
  interface_count: number | null;
  lead_resistance_ohm: number | null;
  lead_file_pattern: string | null;
  circuit: string | null;
  electrodes: Electrodes | null;
  arc_roles: string | null;
  low_frequency_tail: string | null;
  accept_open: boolean | null;
  heating_branch: string | null;
  electrode_area_relative_uncertainty: number | null;
  thickness_relative_uncertainty: number | null;
  diameter_relative_uncertainty: number | null;
  active_mass_relative_uncertainty: number | null;
  cell_mass_relative_uncertainty: number | null;
  cell_volume_relative_uncertainty: number | null;
  /** Columns and quantities that are implausible but confirmed, separated by spaces. */
  confirmed: string | null;
  /** Why it is left out of verdicts: a decision on record (`cellar exclude`), else what cells.csv says. */
  exclusion: string | null;
}
