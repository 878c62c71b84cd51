import type { AnalysisWarning } from '../../result.js';
import { unidentifiableError } from '../fit/fit-circuit.js';
import { withheld } from '../fit/quantities.js';
import type { DerivedResult, ImpedanceFit, ImpedanceQuantity } from '../result.js';
import { derivedRow, sumResistors } from './derived-row.js';
import { areaSpecificResistance, combinedRelativeUncertainty, conductivity } from './formulas.js';
import { type CellDescription, known } from './geometry.js';
import { type AssignedArc, assignArcs, seriesResistors } from './roles.js';

/** Below this (ohm) the leads are a visible part of the resistance. */
const leadsMatterBelow = 20;
const leastExponent = 0.7;
const bulkExponent = 0.9;
const bulkPermittivity = { least: 3, most: 1000 };

/** What a fitted spectrum says about the material. */
export interface MaterialResult extends DerivedResult {
  arcs: AssignedArc[];
  /** Relative standard uncertainty of the geometry that entered (fraction). */
  geometry_relative_uncertainty: number | null;
}

function isSettled(fit: ImpedanceFit, row: ImpedanceQuantity): boolean {
  const fitIsUsable = !fit.results.every(({ status }) => status === 'unusable');
  return fitIsUsable && (row.relative_standard_error ?? Number.POSITIVE_INFINITY) <= unidentifiableError;
}

/** Status of a derived row from that of the fit; a sum that is not determined is withheld. */
function checked(fit: ImpedanceFit, row: ImpedanceQuantity): ImpedanceQuantity {
  if (isSettled(fit, row)) {
    const poor = fit.warnings.some(
      ({ code }) => code === 'POOR_FIT' || code === 'KK_FAIL' || code === 'KK_JUMP',
    );
    return { ...row, status: poor ? 'warn' : 'ok' };
  }
  return withheld(row);
}

function arcWarnings(arcs: AssignedArc[]): AnalysisWarning[] {
  const warnings: AnalysisWarning[] = [];
  for (const arc of arcs.filter(({ resolved }) => resolved)) {
    if (arc.exponent !== null && arc.exponent < leastExponent) {
      warnings.push({
        code: 'CAPACITANCE_NOT_MEANINGFUL',
        message: `the arc of ${arc.resistor} has n = ${arc.exponent.toFixed(2)} (below 0.7): its capacitance and assignment mean little`,
      });
    }
    const permittivity = arc.relative_permittivity;
    const bulkLike =
      (arc.exponent ?? 0) >= bulkExponent &&
      permittivity !== null &&
      permittivity >= bulkPermittivity.least &&
      permittivity <= bulkPermittivity.most;
    if (arc.assignment?.band === 'bulk' && permittivity !== null && !bulkLike) {
      warnings.push({
        code: 'BULK_DOUBTFUL',
        message:
          `the arc of ${arc.resistor} has the capacitance of bulk (C·l/A = ${arc.C_normalised_F!.toPrecision(3)} F), but n = ` +
          `${arc.exponent?.toFixed(2)} and ε_r = ${permittivity.toPrecision(3)}; bulk has n ≥ 0.9 and ε_r of 3 to 1000`,
      });
    }
  }
  return warnings;
}

function noGeometry(missing: string, what: string): AnalysisWarning {
  return { code: 'NO_GEOMETRY', message: `${what} cannot be evaluated: ${missing} is missing in cells.csv` };
}

/**
 * Conductivity of the electrolyte, σ = l/(R·A), from the fit of a pellet or symmetric cell: series resistance plus the
 * arcs of bulk and grain boundary, and each of these arcs that is resolved. Arcs with the capacitance of an interface
 * are left out, and said so.
 */
export function conductivityFromFit(fit: ImpedanceFit, cell: CellDescription): MaterialResult {
  const arcs = assignArcs(fit, cell);
  const [thickness, area] = [known(cell.thickness_cm), known(cell.area_cm2)];
  if (thickness === null || area === null) {
    const missing = [...(thickness === null ? ['thickness'] : []), ...(area === null ? ['area'] : [])].join(
      ' and ',
    );
    return {
      results: [],
      warnings: [noGeometry(missing, 'conductivity')],
      arcs,
      geometry_relative_uncertainty: null,
    };
  }
  const u = combinedRelativeUncertainty(
    cell.thickness_relative_uncertainty ?? 0,
    cell.area_relative_uncertainty ?? 0,
  );
  const ofElectrolyte = arcs.filter(({ role }) => role !== 'interface');
  const resistors = [...seriesResistors(fit), ...ofElectrolyte.map(({ resistor }) => resistor)];
  const warnings = arcWarnings(arcs);
  const left = arcs.filter(({ role }) => role === 'interface');
  if (left.length > 0) {
    const list = left.map(
      ({ resistor, C_areal_F_cm2 }) => `${resistor} (${C_areal_F_cm2?.toPrecision(3) ?? '?'} F/cm²)`,
    );
    warnings.push({
      code: 'INTERFACE_ARC_LEFT_OUT',
      message: `not part of the electrolyte's resistance, by capacitance: ${list.join(', ')}`,
    });
  }
  if (resistors.length === 0) {
    warnings.push({ code: 'NO_RESISTANCE', message: `${fit.circuit} has no resistance of the electrolyte` });
    return { results: [], warnings, arcs, geometry_relative_uncertainty: u };
  }
  const sum = sumResistors(fit, resistors);
  const R = sum.resistance_ohm;
  const row = (name: string, unit: string, value: number, uncertainty: number) =>
    checked(fit, derivedRow(fit, name, unit, value, sum, uncertainty));
  const results = [
    row('R_electrolyte_ohm', 'ohm', R, 0),
    row('sigma_total_S_cm', 'S/cm', conductivity(R, thickness, area), u),
    row(
      'ASR_electrolyte_ohm_cm2',
      'ohm cm^2',
      areaSpecificResistance(R, area),
      cell.area_relative_uncertainty ?? 0,
    ),
  ];
  // A single resistance is bulk, grain boundary and contact together: σ_total is all that can be said.
  for (const arc of resistors.length > 1 ? ofElectrolyte.filter(({ resolved }) => resolved) : []) {
    const own = sumResistors(fit, [arc.resistor]);
    const value = conductivity(own.resistance_ohm, thickness, area);
    results.push(checked(fit, derivedRow(fit, `${arc.resistor}_sigma_S_cm`, 'S/cm', value, own, u)));
  }
  if (R < leadsMatterBelow && !fit.leads_subtracted) {
    warnings.push({
      code: 'LEADS_NOT_SUBTRACTED',
      message: `${R.toPrecision(3)} ohm includes the leads: measure a shorted cell and give its resistance or spectrum`,
    });
  }
  return { results, warnings, arcs, geometry_relative_uncertainty: u };
}

/**
 * Area-specific resistance of one interface, R·A/interface_count, from the arcs with the capacitance of an interface,
 * surface layer or electrode reaction (or those the user names). An arc that is not resolved is not reported as one.
 */
export function interfacialResistanceFromFit(fit: ImpedanceFit, cell: CellDescription): MaterialResult {
  const arcs = assignArcs(fit, cell);
  const area = known(cell.area_cm2);
  const u = cell.area_relative_uncertainty ?? 0;
  if (area === null) {
    const warnings = [noGeometry('area', 'interfacial resistance')];
    return { results: [], warnings, arcs, geometry_relative_uncertainty: null };
  }
  const warnings = arcWarnings(arcs);
  const resistors = arcs
    .filter(({ role, resolved }) => role === 'interface' && resolved)
    .map(({ resistor }) => resistor);
  if (resistors.length === 0) {
    warnings.push({
      code: 'NO_INTERFACE_ARC',
      message:
        'no resolved arc has the capacitance of an interface: measure to lower frequency, or name the arc',
    });
    return { results: [], warnings, arcs, geometry_relative_uncertainty: u };
  }
  const count = known(cell.interface_count) ?? (cell.cell_type === 'symmetric' ? 2 : 1);
  const sum = sumResistors(fit, resistors);
  const perInterface = areaSpecificResistance(sum.resistance_ohm, area, count);
  const results = [
    derivedRow(fit, 'R_interface_ohm', 'ohm', sum.resistance_ohm, sum, 0),
    derivedRow(fit, 'interfacial_asr_ohm_cm2', 'ohm cm^2', perInterface, sum, u),
  ].map((row) => ({ ...checked(fit, row), method: `${row.method}; ${count} interface(s)` }));
  return { results, warnings, arcs, geometry_relative_uncertainty: u };
}

/** What a cell of this type is measured for: conductivity of a pellet, both for a symmetric cell, else the interface. */
export function deriveMaterial(fit: ImpedanceFit, cell: CellDescription): DerivedResult {
  const parts = [
    ...(cell.cell_type === 'pellet' || cell.cell_type === 'symmetric'
      ? [conductivityFromFit(fit, cell)]
      : []),
    ...(cell.cell_type === 'pellet' ? [] : [interfacialResistanceFromFit(fit, cell)]),
  ];
  const warnings = parts.flatMap((part) => part.warnings);
  return {
    results: parts.flatMap((part) => part.results),
    warnings: warnings.filter(
      ({ code, message }, i) => warnings.findIndex((w) => w.code === code && w.message === message) === i,
    ),
  };
}
