import { impedanceMessages as say } from '../../../messages/impedance.js';
import type { AnalysisWarning } from '../../result.js';
import { quantity } from '../../result.js';
import type { AssignedArc, ImpedanceFit, ImpedanceQuantity } from '../result.js';
import { ambiguityWarning, arcWarnings, checked, type MaterialResult, noGeometry } from './common.js';
import { derivedRow, sumResistors } from './derived-row.js';
import { electrolyteResistors } from './electrolyte.js';
import { areaSpecificResistance } from './formulas.js';
import { type CellDescription, electrodesOf, known } from './geometry.js';
import { lowerBound, whyOpen } from './open-end.js';
import { assignArcs } from './roles.js';

const noInterface: AnalysisWarning = say('NO_INTERFACE_ARC');

/** What a cell with an open slow end still tells: the least resistance of its interface. */
function lowerBoundRows(
  fit: ImpedanceFit,
  arcs: readonly AssignedArc[],
  area: number,
  count: number,
): ImpedanceQuantity[] {
  const before = sumOrNothing(fit, electrolyteResistors(fit, arcs, true));
  const least = lowerBound(fit, before.resistance_ohm, before.standard_error_adjusted);
  if (!(least > 0)) return [];
  const row = (name: string, unit: string, value: number): ImpedanceQuantity => ({
    ...quantity({ quantity: name, value, unit, n: fit.model.n_points }),
    method: `Z' at the lowest frequency less the electrolyte; ${count} interface(s); the truth is not below it`,
    status: 'warn',
    standard_error_adjusted: null,
    relative_standard_error: null,
  });
  return [
    row('R_interface_lower_bound_ohm', 'ohm', least),
    row('interfacial_asr_lower_bound_ohm_cm2', 'ohm cm^2', areaSpecificResistance(least, area, count)),
  ];
}

function sumOrNothing(fit: ImpedanceFit, resistors: string[]) {
  if (resistors.length === 0) return { resistance_ohm: 0, standard_error_adjusted: 0 };
  const { resistance_ohm, relative_standard_error_adjusted } = sumResistors(fit, resistors);
  return { resistance_ohm, standard_error_adjusted: resistance_ohm * relative_standard_error_adjusted };
}

/**
 * Area-specific resistance of one interface, R·A/interface_count, from the arcs with the capacitance of an interface,
 * surface layer or electrode reaction (or those the user names). An arc that is not resolved is not reported; one that
 * may be either is counted, and the value without it is given as well. Where the slow end does not close inside the
 * band, the lower bound is what the interface has at least; the extrapolated value is given as well.
 */
export function interfacialResistanceFromFit(fit: ImpedanceFit, cell: CellDescription): MaterialResult {
  const arcs = assignArcs(fit, cell);
  const area = known(cell.area_cm2);
  const u = cell.area_relative_uncertainty ?? 0;
  if (area === null) {
    const warnings = [noGeometry('area', 'interfacial resistance')];
    return { results: [], warnings, arcs, geometry_relative_uncertainty: null };
  }
  const count = known(cell.interface_count) ?? (cell.cell_type === 'symmetric' ? 2 : 1);
  const ambiguous = arcs.filter(({ role, below_band }) => role === 'ambiguous' && !below_band);
  const warnings = [...arcWarnings(arcs), ...ambiguityWarning(ambiguous)];
  const open = electrodesOf(cell) === 'non_blocking' && !cell.accept_open ? whyOpen(fit, arcs, cell) : null;
  const results = open === null ? [] : lowerBoundRows(fit, arcs, area, count);
  if (open !== null) {
    const least = results.at(-1)?.value;
    const what =
      least == null
        ? say('ARC_NOT_CLOSED/unseen')
        : say('ARC_NOT_CLOSED/more', { ohm: least.toPrecision(3) });
    warnings.push(say('ARC_NOT_CLOSED/interface', { why: open, what }));
  }
  const add = (suffix: string, own: readonly AssignedArc[]) => {
    const resistors = own.filter(({ resolved }) => resolved).map(({ resistor }) => resistor);
    if (resistors.length === 0) return;
    const sum = sumResistors(fit, resistors);
    const perInterface = areaSpecificResistance(sum.resistance_ohm, area, count);
    for (const row of [
      derivedRow(fit, `R_interface${suffix}_ohm`, 'ohm', sum.resistance_ohm, sum, 0),
      derivedRow(fit, `interfacial_asr${suffix}_ohm_cm2`, 'ohm cm^2', perInterface, sum, u),
    ]) {
      const found = checked(fit, row);
      const extrapolated = open !== null && found.status === 'ok';
      results.push({
        ...found,
        ...(extrapolated ? { status: 'warn' as const } : {}),
        method: `${row.method}; ${count} interface(s)${open === null ? '' : ', extrapolated'}`,
      });
    }
  };
  // For an open cell the extrapolated value includes the open arcs.
  const counted = arcs.filter(({ below_band }) => !below_band || open !== null);
  const sure = counted.filter(({ role }) => role === 'interface');
  add('', [...sure, ...counted.filter(({ role }) => role === 'ambiguous')]);
  if (ambiguous.length > 0) add('_if_electrolyte', sure);
  if (results.length === 0) warnings.push(noInterface);
  return { results, warnings, arcs, geometry_relative_uncertainty: u };
}
