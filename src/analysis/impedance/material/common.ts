import { impedanceMessages as say } from '../../../messages/impedance.js';
import { named } from '../../../messages/message.js';
import type { AnalysisWarning } from '../../result.js';
import { unidentifiableError } from '../fit/fit-circuit.js';
import { withheld } from '../fit/quantities.js';
import type { AssignedArc, DerivedResult, ImpedanceFit, ImpedanceQuantity } from '../result.js';

/** What a fitted spectrum says about the material. */
export interface MaterialResult extends DerivedResult {
  arcs: AssignedArc[];
  /** Relative standard uncertainty of the geometry that was used (fraction). */
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

/** Status of a derived row, from the status of the fit; a sum that is not determined is withheld. */
export function checked(fit: ImpedanceFit, row: ImpedanceQuantity): ImpedanceQuantity {
  if (!isSettled(fit, row)) return withheld(row);
  const poor = fit.warnings.some(({ code }) => doubtful.includes(code));
  return { ...row, status: poor ? 'warn' : 'ok' };
}

/** What is doubtful about individual arcs. */
export function arcWarnings(arcs: readonly AssignedArc[]): AnalysisWarning[] {
  const warnings: AnalysisWarning[] = [];
  for (const arc of arcs.filter(({ resolved }) => resolved)) {
    if (arc.exponent !== null && arc.exponent < leastExponent) {
      const values = { resistor: arc.resistor, exponent: arc.exponent.toFixed(2) };
      warnings.push(say('CAPACITANCE_NOT_MEANINGFUL', values));
    }
    const permittivity = arc.relative_permittivity;
    const bulkLike =
      (arc.exponent ?? 0) >= bulkExponent &&
      permittivity !== null &&
      permittivity >= bulkPermittivity.least &&
      permittivity <= bulkPermittivity.most;
    if (arc.assignment?.band === 'bulk' && permittivity !== null && !bulkLike) {
      warnings.push(
        say('BULK_DOUBTFUL', {
          resistor: arc.resistor,
          capacitance: arc.C_normalised_F!.toPrecision(3),
          exponent: String(arc.exponent?.toFixed(2)),
          permittivity: permittivity.toPrecision(3),
        }),
      );
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

const mayBeEither = (arc: AssignedArc) =>
  say('MAY_BE_EITHER', { resistor: arc.resistor, capacitances: capacitancesOf(arc) });

/** The arcs whose role is not determined by their capacitance. */
export function ambiguityWarning(ambiguous: readonly AssignedArc[]): AnalysisWarning[] {
  return ambiguous.map((arc) => say('ASSIGNMENT_AMBIGUOUS', { which: mayBeEither(arc) }));
}

export function noGeometry(missing: string, what: string): AnalysisWarning {
  return say('NO_GEOMETRY', { what: named(what, what), missing });
}
