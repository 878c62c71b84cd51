import { seriesPlaces } from '../circuit/parse.js';
import type { AssignedArc, FittedArc, ImpedanceFit } from '../result.js';
import { type ArcRole, assignArcOfCell, roleOf } from './assignment.js';
import { brugCapacitance, relativePermittivity } from './formulas.js';
import { type CellDescription, interfacesInSeries, known } from './geometry.js';

/** What the assignment of arcs needs from a fit. */
type FittedArcs = Pick<ImpedanceFit, 'arcs' | 'model' | 'results'>;

/** Names of the resistors in series at the top level of the circuit. */
export function seriesResistors({ model: { circuit } }: Pick<ImpedanceFit, 'model'>): string[] {
  return seriesPlaces(circuit).map((place) => circuit.parameters[place]!.name);
}

/** Brug's capacitance with the resistances before the arc as series resistance. */
function brugOf(fit: FittedArcs, arc: FittedArc): number | null {
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

/** The role of an arc by its capacitance, or by that of its series of temperatures. */
function roleByCapacitance(arc: FittedArc, cell: CellDescription): ArcRole {
  const C = cell.role_capacitances_F?.[arc.resistor] ?? arc.C_eff_F;
  const area = known(cell.area_cm2);
  const thickness = known(cell.thickness_cm);
  if (C === null || area === null) return 'unknown';
  return roleOf(thickness === null ? null : (C * thickness) / area, (C * interfacesInSeries(cell)) / area);
}

/** Every arc with its band and role. Without an area nothing can be assigned, except what the user states. */
export function assignArcs(fit: FittedArcs, cell: CellDescription): AssignedArc[] {
  const area = known(cell.area_cm2);
  const thickness = known(cell.thickness_cm);
  const interfaces = interfacesInSeries(cell);
  return fit.arcs.map((arc) => {
    const C = arc.C_eff_F;
    const assignment = C !== null && area !== null ? assignArcOfCell(C, area, thickness) : null;
    const normalised = C !== null && area !== null && thickness !== null ? (C * thickness) / area : null;
    const areal = C !== null && area !== null ? C / area : null;
    const perInterface = areal === null ? null : areal * interfaces;
    const role = cell.arc_roles?.[arc.resistor] ?? roleByCapacitance(arc, cell);
    return {
      ...arc,
      assignment,
      role,
      C_normalised_F: normalised,
      C_areal_F_cm2: areal,
      C_areal_per_interface_F_cm2: perInterface,
      relative_permittivity: normalised === null ? null : relativePermittivity(normalised),
      C_brug_F: role === 'interface' ? brugOf(fit, arc) : null,
    };
  });
}
