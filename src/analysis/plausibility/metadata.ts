/** What is implausible about the entries of a laboratory's tables, before anything is measured. */
import { targetMessages as say } from '../../messages/targets.js';
import { discArea } from '../impedance/index.js';
import { confirmedNames, type ImplausibleValue, implausible, type LabBounds } from './bounds.js';

/** The columns of a cell that are checked. */
export interface CellEntries {
  cell_type: string | null;
  electrode_area_cm2: number | null;
  thickness_um: number | null;
  diameter_mm: number | null;
  relative_density: number | null;
  interface_count: number | null;
  active_mass_mg: number | null;
  current_accuracy_relative: number | null;
  charge_ratio_half_width: number | null;
  confirmed: string | null;
}

/** The columns of a material that are checked. */
export interface MaterialEntries {
  category: string | null;
  cost: number | null;
  reference_cost: number | null;
  areal_mass_mg_per_cm2: number | null;
  reference_areal_mass_mg_per_cm2: number | null;
  confirmed: string | null;
}

const UM_PER_CM = 1e4;
const MM_PER_CM = 10;
/** Area and diameter state the same thing twice; they contradict each other if they differ by more than this. */
const LARGEST_AREA_DISAGREEMENT = 0.1;

const over = (value: number | null, by: number | null) => (value === null || by === null ? null : value / by);

/** Everything implausible in the line of a cell. */
export function implausibleCell(cell: CellEntries, own: LabBounds = {}): ImplausibleValue[] {
  const ofDiameter = cell.diameter_mm === null ? null : discArea(cell.diameter_mm / MM_PER_CM);
  const area = cell.electrode_area_cm2 ?? ofDiameter;
  const thickness = cell.thickness_um === null ? null : cell.thickness_um / UM_PER_CM;
  const values: Record<string, number | null> = {
    thickness_um: cell.thickness_um,
    diameter_mm: cell.diameter_mm,
    cell_constant_per_cm: over(thickness, area),
    relative_density: cell.relative_density,
    interface_count: cell.interface_count,
    active_loading_mg_per_cm2: over(cell.active_mass_mg, area),
    current_accuracy_relative: cell.current_accuracy_relative,
    charge_ratio_half_width: cell.charge_ratio_half_width,
  };
  // Exactly 0 is a statement, not a wrong unit.
  const stated = Object.entries(values).filter(([, value]) => value !== 0);
  const outside = stated.flatMap(
    ([quantity, value]) => implausible({ quantity, of: cell.cell_type, value }, cell.confirmed, own) ?? [],
  );
  return [...outside, ...contradictingArea(cell, ofDiameter)];
}

function contradictingArea(cell: CellEntries, ofDiameter: number | null): ImplausibleValue[] {
  const area = cell.electrode_area_cm2;
  if (area === null || ofDiameter === null) return [];
  if (Math.abs(ofDiameter / area - 1) <= LARGEST_AREA_DISAGREEMENT) return [];
  const quantity = 'electrode_area_cm2';
  const what = say('AREAS_DISAGREE', {
    area,
    diameter: cell.diameter_mm,
    of_diameter: ofDiameter.toPrecision(3),
  });
  return [
    {
      quantity,
      value: area,
      message: what.message,
      what,
      blocks: ['conductivity_25c', 'conductivity', 'interfacial_asr', 'critical_current_density'],
      isConfirmed: confirmedNames(cell.confirmed).has(quantity),
    },
  ];
}

/** Everything implausible in the line of a material. */
export function implausibleMaterial(material: MaterialEntries, own: LabBounds = {}): ImplausibleValue[] {
  const values: Record<string, number | null> = {
    cost_ratio: over(material.cost, material.reference_cost),
    areal_mass_mg_per_cm2: material.areal_mass_mg_per_cm2,
    reference_areal_mass_mg_per_cm2: material.reference_areal_mass_mg_per_cm2,
  };
  return Object.entries(values).flatMap(
    ([quantity, value]) =>
      implausible({ quantity, of: material.category, value }, material.confirmed, own) ?? [],
  );
}
