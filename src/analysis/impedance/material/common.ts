import type { AnalysisWarning } from '../../result.js';
import { unidentifiableError } from '../fit/fit-circuit.js';
import { withheld } from '../fit/quantities.js';
import type { AssignedArc, DerivedResult, ImpedanceFit, ImpedanceQuantity } from '../result.js';

/** What a fitted spectrum says about the material. */
export interface MaterialResult extends DerivedResult {
  arcs: AssignedArc[];
  /** Relative standard uncertainty of the geometry that entered (fraction). */
  geometry_relative_uncertainty: number | null;
}

const leastExponent = 0.7;
const bulkExponent = 0.9;
const bulkPermittivity = { least: 3, most: 1000 };

/** Warnings of a spectrum or fit that make every derived row doubtful. */
const doubtful = ['POOR_FIT', 'MISFIT', 'KK_FAIL', 'KK_JUMP', 'IMAGINARY_SIGN_REVERSED'];

function isSettled(fit: ImpedanceFit, row: ImpedanceQuantity): boolean {
  const fitIsUsable = !fit.results.every(({ status }) => status === 'unusable');
  return fitIsUsable && (row.relative_standard_error ?? Number.POSITIVE_INFINITY) <= unidentifiableError;
}

/** Status of a derived row from that of the fit; a sum that is not determined is withheld. */
export function checked(fit: ImpedanceFit, row: ImpedanceQuantity): ImpedanceQuantity {
  if (!isSettled(fit, row)) return withheld(row);
  const poor = fit.warnings.some(({ code }) => doubtful.includes(code));
  return { ...row, status: poor ? 'warn' : 'ok' };
}

/** What is doubtful about single arcs. */
export function arcWarnings(arcs: readonly AssignedArc[]): AnalysisWarning[] {
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

/** The two normalised capacitances of an arc, as text. */
export function capacitancesOf({
  C_areal_per_interface_F_cm2: areal,
  C_normalised_F: normalised,
}: AssignedArc) {
  const text = `${areal?.toPrecision(3) ?? '?'} F/cm²`;
  return normalised === null ? text : `${text}, C·l/A ${normalised.toPrecision(3)} F`;
}

/** The arcs whose role their capacitance does not settle. */
export function ambiguityWarning(ambiguous: readonly AssignedArc[]): AnalysisWarning[] {
  return ambiguous.map((arc) => ({
    code: 'ASSIGNMENT_AMBIGUOUS',
    message:
      `${arc.resistor} (${capacitancesOf(arc)}) may be grain boundary or interface: both values are given; name it ` +
      '(arc_roles), or measure two thicknesses',
  }));
}

export function noGeometry(missing: string, what: string): AnalysisWarning {
  return { code: 'NO_GEOMETRY', message: `${what} cannot be evaluated: ${missing} is missing in cells.csv` };
}
