import { seriesPlaces } from '../circuit/parse.js';
import type { FittedArc, ImpedanceFit } from '../result.js';
import { type ArcAssignment, assignArcOfCell } from './assignment.js';
import { brugCapacitance, relativePermittivity } from './formulas.js';
import { type CellDescription, known } from './geometry.js';

/** An arc with what its capacitance says about it. */
export interface AssignedArc extends FittedArc {
  assignment: ArcAssignment | null;
  role: 'electrolyte' | 'interface' | 'unknown';
  /** C·l/A (F, at a cell constant of 1 cm⁻¹) and C/A (F/cm²). */
  C_normalised_F: number | null;
  C_areal_F_cm2: number | null;
  relative_permittivity: number | null;
  /** Brug's capacitance (F), for an arc that stands behind the series resistance. */
  C_brug_F: number | null;
}

/** Names of the resistors that stand in series at the top of the circuit. */
export function seriesResistors({ model: { circuit } }: Pick<ImpedanceFit, 'model'>): string[] {
  return seriesPlaces(circuit).map((place) => circuit.parameters[place]!.name);
}

/** Brug's capacitance with the resistances before the arc as series resistance. */
function brugOf(fit: ImpedanceFit, arc: FittedArc): number | null {
  if (arc.R_ohm === null || arc.tau_s === null || arc.exponent === null) return null;
  const faster = fit.arcs.slice(0, fit.arcs.indexOf(arc)).map(({ R_ohm }) => R_ohm ?? 0);
  const ofSeries = seriesResistors(fit).map(
    (name) => fit.results.find(({ quantity }) => quantity === name)?.value ?? 0,
  );
  const before = [...faster, ...ofSeries].reduce((sum, value) => sum + value, 0);
  if (before === 0) return null;
  const Q = arc.tau_s ** arc.exponent / arc.R_ohm;
  return brugCapacitance(before, Q, arc.exponent, arc.R_ohm);
}

/** Every arc with its band and role. Without an area nothing can be assigned unless the user says it. */
export function assignArcs(fit: ImpedanceFit, cell: CellDescription): AssignedArc[] {
  const area = known(cell.area_cm2);
  const thickness = known(cell.thickness_cm);
  return fit.arcs.map((arc) => {
    const C = arc.C_eff_F;
    const assignment = C !== null && area !== null ? assignArcOfCell(C, area, thickness) : null;
    const byCapacitance =
      assignment === null
        ? 'unknown'
        : ['unphysical', 'bulk', 'grain_boundary'].includes(assignment.band)
          ? 'electrolyte'
          : 'interface';
    const normalised = C !== null && area !== null && thickness !== null ? (C * thickness) / area : null;
    return {
      ...arc,
      assignment,
      role: cell.arc_roles?.[arc.resistor] ?? byCapacitance,
      C_normalised_F: normalised,
      C_areal_F_cm2: C !== null && area !== null ? C / area : null,
      relative_permittivity: normalised === null ? null : relativePermittivity(normalised),
      C_brug_F: byCapacitance === 'interface' ? brugOf(fit, arc) : null,
    };
  });
}
