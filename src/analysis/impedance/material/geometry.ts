/** How the cell was built: what turns resistances into properties of the material. Null or absent: not known. */
export interface CellDescription {
  /** `pellet`: an electrolyte between blocking electrodes; `symmetric`: between two like, non-blocking ones. */
  cell_type?: string | null | undefined;
  /** Thickness of the electrolyte, cm. */
  thickness_cm?: number | null | undefined;
  /** Area of the electrode contact, cm². */
  area_cm2?: number | null | undefined;
  /** Relative standard uncertainties of the two (fraction); that of an area from a diameter is 2·u(d)/d. */
  thickness_relative_uncertainty?: number | null | undefined;
  area_relative_uncertainty?: number | null | undefined;
  /** Like interfaces in series; default 2 for a symmetric cell, else 1. */
  interface_count?: number | null | undefined;
  /** What the user says an arc stands for, by its resistor: overrules the capacitance. */
  arc_roles?: Record<string, 'electrolyte' | 'interface'> | undefined;
}

/** A positive number, or null. */
export function known(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && value > 0 && Number.isFinite(value) ? value : null;
}
