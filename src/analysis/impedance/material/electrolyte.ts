import { impedanceMessages as say } from '../../../messages/impedance.js';
import type { AnalysisWarning } from '../../result.js';
import { topLevel } from '../circuit/parse.js';
import type { AssignedArc, ImpedanceFit, ImpedanceQuantity } from '../result.js';
import {
  ambiguityWarning,
  arcWarnings,
  capacitancesOf,
  checked,
  type MaterialResult,
  noGeometry,
} from './common.js';
import { derivedRow, sumResistors } from './derived-row.js';
import { areaSpecificResistance, combinedRelativeUncertainty, conductivity } from './formulas.js';
import { type CellDescription, electrodesOf, known } from './geometry.js';
import { lowerBound, risesAtTheEnd } from './open-end.js';
import { assignArcs, seriesResistors } from './roles.js';

/** Below this (ohm) the resistance of the leads matters. */
const leadsMatterBelow = 20;

/** Resistors of the electrolyte: in series, and the closed arcs that are not an interface. */
export function electrolyteResistors(
  fit: Pick<ImpedanceFit, 'model'>,
  arcs: readonly AssignedArc[],
  withAmbiguous: boolean,
): string[] {
  const own = arcs.filter(
    ({ role, below_band }) => role !== 'interface' && !below_band && (withAmbiguous || role !== 'ambiguous'),
  );
  return [...seriesResistors(fit), ...own.map(({ resistor }) => resistor)];
}

/**
 * Whether a pellet between blocking electrodes does not show the electrodes yet, because its own slowest arc does not
 * close.
 */
function electrolyteIsOpen(fit: ImpedanceFit, arcs: readonly AssignedArc[], cell: CellDescription): boolean {
  if (electrodesOf(cell) !== 'blocking') return false;
  const hasTail = topLevel(fit.model.circuit).some(
    (node) => node.kind === 'element' && !['R', 'L'].includes(node.element.symbol),
  );
  if (arcs.some(({ role, below_band }) => below_band && role === 'electrolyte')) return true;
  return !hasTail && !arcs.some(({ below_band }) => below_band) && risesAtTheEnd(fit);
}

function leftOutWarnings(arcs: readonly AssignedArc[]): AnalysisWarning[] {
  const left = arcs.filter(({ role, below_band }) => role === 'interface' && !below_band);
  if (left.length === 0) return [];
  const list = left.map((arc) => `${arc.resistor} (${capacitancesOf(arc)})`);
  return [say('INTERFACE_ARC_LEFT_OUT', { list })];
}

/**
 * Conductivity of the electrolyte, σ = l/(R·A), from the fit of a pellet or symmetric cell: series resistance plus the
 * arcs of bulk and grain boundary, and each of these arcs that is resolved. Arcs with the capacitance of an interface
 * are left out, with a note. An arc that may be either is counted, and the value without it is given as well. Where
 * the electrolyte's own arc does not close, σ is an upper bound.
 */
export function conductivityFromFit(fit: ImpedanceFit, cell: CellDescription): MaterialResult {
  const arcs = assignArcs(fit, cell);
  const [thickness, area] = [known(cell.thickness_cm), known(cell.area_cm2)];
  if (thickness === null || area === null) {
    const missing = [...(thickness === null ? ['thickness'] : []), ...(area === null ? ['area'] : [])].join(
      ' and ',
    );
    const warnings = [noGeometry(missing, 'conductivity')];
    return { results: [], warnings, arcs, geometry_relative_uncertainty: null };
  }
  const u = combinedRelativeUncertainty(
    cell.thickness_relative_uncertainty ?? 0,
    cell.area_relative_uncertainty ?? 0,
  );
  const ambiguous = arcs.filter(({ role, below_band }) => role === 'ambiguous' && !below_band);
  const warnings = [...arcWarnings(arcs), ...leftOutWarnings(arcs), ...ambiguityWarning(ambiguous)];
  const resistors = electrolyteResistors(fit, arcs, true);
  if (resistors.length === 0) {
    warnings.push(say('NO_RESISTANCE', { circuit: fit.circuit }));
    return { results: [], warnings, arcs, geometry_relative_uncertainty: u };
  }
  const results: ImpedanceQuantity[] = [];
  const add = (
    own: readonly string[],
    rows: [name: string, unit: string, of: (R: number) => number, u: number][],
  ) => {
    if (own.length === 0) return;
    const sum = sumResistors(fit, [...own]);
    for (const [name, unit, of, uncertainty] of rows) {
      results.push(checked(fit, derivedRow(fit, name, unit, of(sum.resistance_ohm), sum, uncertainty)));
    }
  };
  const sigma = (R: number) => conductivity(R, thickness, area);
  add(resistors, [
    ['R_electrolyte_ohm', 'ohm', (R) => R, 0],
    ['sigma_total_S_cm', 'S/cm', sigma, u],
    [
      'ASR_electrolyte_ohm_cm2',
      'ohm cm^2',
      (R) => areaSpecificResistance(R, area),
      cell.area_relative_uncertainty ?? 0,
    ],
  ]);
  if (ambiguous.length > 0) {
    add(electrolyteResistors(fit, arcs, false), [
      ['R_electrolyte_if_interface_ohm', 'ohm', (R) => R, 0],
      ['sigma_total_if_interface_S_cm', 'S/cm', sigma, u],
    ]);
  }
  // A single resistance contains bulk, grain boundary and contact: only σ_total can be given.
  const single = arcs.filter(({ resistor, resolved }) => resolved && resistors.includes(resistor));
  for (const { resistor } of resistors.length > 1 ? single : []) {
    add([resistor], [[`${resistor}_sigma_S_cm`, 'S/cm', sigma, u]]);
  }
  const R = sumResistors(fit, resistors).resistance_ohm;
  const isOpen = electrolyteIsOpen(fit, arcs, cell) && !cell.accept_open;
  if (isOpen) {
    const least = Math.max(lowerBound(fit, 0, 0), R);
    warnings.push(say('ARC_NOT_CLOSED/electrolyte', { sigma: sigma(least).toPrecision(3) }));
  }
  if (R < leadsMatterBelow && !fit.leads_subtracted) {
    warnings.push(say('LEADS_NOT_SUBTRACTED/spectrum', { ohm: R.toPrecision(3) }));
  }
  return {
    results: isOpen ? results.map(asDoubtful) : results,
    warnings,
    arcs,
    geometry_relative_uncertainty: u,
  };
}

const asDoubtful = (row: ImpedanceQuantity): ImpedanceQuantity =>
  row.status === 'ok' ? { ...row, status: 'warn' } : row;
