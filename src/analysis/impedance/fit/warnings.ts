import { impedanceMessages as say } from '../../../messages/impedance.js';
import type { AnalysisWarning, QuantityStatus } from '../../result.js';
import { elementsOf } from '../circuit/parse.js';
import type { Misfit, Selection } from '../model-selection.js';
import type { FittedArc, ImpedanceQuantity, RobustFit } from '../result.js';
import { type CircuitFit, poorFit, uselessFit, weakError } from './fit-circuit.js';

/** Inductances of ordinary leads, henry. */
const ordinaryInductance = { least: 10e-9, most: 10e-6 };
const betterByAicc = 10;

function isWeak(row: ImpedanceQuantity): boolean {
  return row.value !== null && (row.relative_standard_error ?? 0) > weakError;
}

/** `unusable` where the value is withheld or the whole fit is useless, `warn` where something is doubtful. */
export function statusOf(
  row: ImpedanceQuantity,
  fit: CircuitFit,
  arcs: FittedArc[],
  misfit: boolean,
): QuantityStatus {
  const outside = arcs.some(({ in_band, resistor }) => {
    const label = resistor.replace(/_R$/, '');
    return !in_band && (row.quantity === label || row.quantity.startsWith(`${label}_`));
  });
  if (row.value === null || fit.quality.rms_residual_of_modulus > uselessFit) return 'unusable';
  return isWeak(row) || outside || misfit || fit.quality.rms_residual_of_modulus > poorFit ? 'warn' : 'ok';
}

/** A circuit with plain Warburg elements in place of diffusion layers that the spectrum does not resolve. */
function simplerDiffusion(fit: CircuitFit): string | undefined {
  const labels = elementsOf(fit.model.circuit.root)
    .filter(({ element }) => element.symbol === 'Wo' || element.symbol === 'Ws')
    .map(({ label }) => label)
    .filter((label) => fit.not_identifiable.some((name) => name.startsWith(`${label}_`)));
  if (labels.length === 0) return undefined;
  return labels.reduce((code, label) => code.replace(label, `W${label.slice(2)}`), fit.model.circuit.code);
}

function identifiabilityWarnings(fit: CircuitFit): AnalysisWarning[] {
  const errors = fit.model.circuit.parameters.map(({ name }, j) => ({
    name,
    relative: fit.standard_errors[j]! / fit.model.values[j]!,
  }));
  const warnings: AnalysisWarning[] = [];
  if (fit.not_identifiable.length > 0) {
    const simpler = simplerDiffusion(fit);
    const names = fit.not_identifiable;
    warnings.push(
      simpler ? say('NOT_IDENTIFIABLE/simpler', { names, simpler }) : say('NOT_IDENTIFIABLE', { names }),
    );
  }
  const weak = errors.filter(
    ({ name, relative }) => relative > weakError && !fit.not_identifiable.includes(name),
  );
  if (weak.length > 0) {
    const parameters = weak.map(({ name, relative }) =>
      say('PARAMETER_ERROR', { name, percent: Math.round(relative * 100) }),
    );
    warnings.push(say('WEAKLY_DETERMINED', { parameters }));
  }
  return warnings;
}

function residualWarnings(fit: CircuitFit): AnalysisWarning[] {
  const { rms_residual_of_modulus } = fit.quality;
  if (rms_residual_of_modulus <= poorFit) return [];
  const consequence = say(rms_residual_of_modulus > uselessFit ? 'POOR_FIT/unusable' : 'POOR_FIT/errors');
  return [say('POOR_FIT', { percent: (rms_residual_of_modulus * 100).toPrecision(2), consequence })];
}

function misfitWarnings(misfit: Misfit | null, systematic: Misfit | null): AnalysisWarning[] {
  const inPercent = ({ left, noise }: Misfit) => ({
    left: (left * 100).toPrecision(2),
    noise: (noise * 100).toPrecision(2),
  });
  if (misfit) return [say('MISFIT', inPercent(misfit))];
  return systematic ? [say('SYSTEMATIC_RESIDUALS', inPercent(systematic))] : [];
}

function inductanceWarnings(fit: CircuitFit): AnalysisWarning[] {
  return fit.model.circuit.parameters.flatMap(({ name, unit }, j) => {
    const value = fit.model.values[j]!;
    const ordinary = value >= ordinaryInductance.least && value <= ordinaryInductance.most;
    if (unit !== 'H' || ordinary || fit.not_identifiable.includes(name)) return [];
    return [say('UNUSUAL_INDUCTANCE', { name, value: value.toPrecision(3) })];
  });
}

/** What is doubtful about a fit, most important first. */
export function fitWarnings(
  fit: CircuitFit,
  arcs: FittedArc[],
  robust: RobustFit | null,
  misfit: Misfit | null,
  systematic: Misfit | null,
): AnalysisWarning[] {
  const warnings = [
    ...misfitWarnings(misfit, systematic),
    ...residualWarnings(fit),
    ...identifiabilityWarnings(fit),
    ...inductanceWarnings(fit),
  ];
  for (const arc of arcs) {
    if (arc.in_band || arc.f_char_hz === null) continue;
    const values = { resistor: arc.resistor, hertz: arc.f_char_hz.toPrecision(3) };
    warnings.push(
      arc.below_band
        ? say('ARC_OUTSIDE_BAND/sums', { ...values, ohm: arc.R_ohm!.toPrecision(3) })
        : say('ARC_OUTSIDE_BAND', values),
    );
  }
  if (robust && robust.differing.length > 0) {
    const values = robust.differing.map((name) => `${name} = ${robust.parameters[name]!.toPrecision(5)} ohm`);
    warnings.push(say('ROBUST_FIT_DIFFERS', { values }));
  }
  return warnings;
}

/** The result of the comparison with other circuits. */
export function alternativeWarnings(
  fit: CircuitFit,
  selection: Selection | null,
  requested: string | undefined,
): AnalysisWarning[] {
  if (!selection) return [];
  if (!selection.chosen) {
    if (requested !== undefined) return [];
    return [say('NO_ADMISSIBLE_CIRCUIT')];
  }
  const [own, other] = [fit.quality.aicc, selection.chosen.quality.aicc];
  if (requested === undefined || own === null || other === null || own <= other + betterByAicc) return [];
  const circuit = selection.chosen.model.circuit.code;
  return [say('BETTER_CIRCUIT', { circuit, difference: (own - other).toFixed(0) })];
}
