import type { Electrodes } from '../family/members.js';

/** How the cell was built: what turns resistances into properties of the material. Null or absent: not known. */
export interface CellDescription {
  /** `pellet`: an electrolyte between blocking electrodes; `symmetric`: between two equal, non-blocking ones. */
  cell_type?: string | null | undefined;
  /** Thickness of the electrolyte, cm. */
  thickness_cm?: number | null | undefined;
  /** Area of the electrode contact, cm². */
  area_cm2?: number | null | undefined;
  /** Relative standard uncertainties of the two (fraction); that of an area from a diameter is 2·u(d)/d. */
  thickness_relative_uncertainty?: number | null | undefined;
  area_relative_uncertainty?: number | null | undefined;
  /** Number of equal interfaces in series; default 2 for a symmetric cell, else 1. */
  interface_count?: number | null | undefined;
  /** The roles of arcs as the user states them, by resistor; they overrule the capacitance. */
  arc_roles?: Record<string, 'electrolyte' | 'interface'> | undefined;
  /**
   * Capacitances (F) that decide roles instead of those of the arcs themselves, by resistor: medians over a series of
   * temperatures.
   */
  role_capacitances_F?: Record<string, number> | undefined;
  /** Whether ions pass the electrodes; null: decided by the type of cell. */
  electrodes?: Electrodes | null | undefined;
  /** Whether the low-frequency end is diffusion and not part of an interface that does not close. Default false. */
  tail_is_diffusion?: boolean | undefined;
  /** Whether the extrapolated value is accepted for an arc that does not close in the band. Default false. */
  accept_open?: boolean | undefined;
}

const nonBlockingTypes = ['symmetric', 'li_cu', 'anode_half', 'cathode_half', 'full'];

/** Whether ions pass the electrodes, as stated or by the type of cell; null where neither says it. */
export function electrodesOf({ electrodes, cell_type }: CellDescription): Electrodes | null {
  if (electrodes) return electrodes;
  if (cell_type === 'pellet') return 'blocking';
  return nonBlockingTypes.includes(cell_type ?? '') ? 'non_blocking' : null;
}

/**
 * Number of equal interfaces in series among which the capacitance of an arc is shared; the two contacts of a pellet
 * count as well.
 */
export function interfacesInSeries({ interface_count, cell_type }: CellDescription): number {
  return known(interface_count) ?? (cell_type === 'symmetric' || cell_type === 'pellet' ? 2 : 1);
}

/** A positive number, or null. */
export function known(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && value > 0 && Number.isFinite(value) ? value : null;
}
