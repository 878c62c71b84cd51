import { impedanceMessages as say } from '../../messages/impedance.js';
import { type AnalysisWarning, NotComputable } from '../result.js';
import { toTransformed } from './circuit/elements.js';
import { parseCircuit } from './circuit/parse.js';
import { noiseLeftBy } from './family/fit-family.js';
import type { Electrodes } from './family/members.js';
import { arcRows } from './fit/arc-quantities.js';
import { exponentsAtBound, withCapacitors } from './fit/exponent-bound.js';
import { type CircuitFit, circuitFitAt, fitCircuit, problemOf } from './fit/fit-circuit.js';
import { MinimumSearch } from './fit/minimum.js';
import { defaultMultistart, followGuesses } from './fit/multistart.js';
import type { Weighting } from './fit/problem.js';
import { parameterRow, type RowContext, withheld } from './fit/quantities.js';
import { fitRobustly } from './fit/robust.js';
import { alternativeWarnings, fitWarnings, statusOf } from './fit/warnings.js';
import { kramersKronigResidual } from './kramers-kronig/linear-test.js';
import { loopWarnings } from './low-frequency-loop.js';
import { deriveMaterial } from './material/derive.js';
import { type CellDescription, electrodesOf } from './material/geometry.js';
import {
  alternativeOf,
  compareCircuits,
  misfitOf,
  parametersByName,
  systematicOf,
} from './model-selection.js';
import { type PreparationOptions, prepareForFit } from './prepare.js';
import type { ImpedanceFit, ImpedanceQuantity } from './result.js';
import type { PreparedSpectrum, Spectrum } from './spectrum.js';

/** Circuit, weighting and start of a fit. */
export interface ImpedanceFitOptions extends PreparationOptions {
  /** Circuit code; without it the circuit is chosen automatically. */
  circuit?: string | undefined;
  /** Values of its parameters that are known to be near the minimum; other starts are then not tried. */
  start?: Record<string, number> | undefined;
  /** Default `modulus`. */
  weighting?: Weighting | undefined;
  /** With a given circuit: whether the family is fitted as well, for comparison. Default true. */
  compare_circuits?: boolean | undefined;
  /** Whether to check by a fit in which outliers have less weight. Default true. */
  check_robustly?: boolean | undefined;
  /**
   * Whether ions pass the electrodes; if they do, no circuit with a blocking tail is considered. Default: taken from
   * `cell`.
   */
  electrodes?: Electrodes | null | undefined;
  /** The cell that was measured: adds conductivity or area-specific resistance to the results. */
  cell?: CellDescription | undefined;
}

const method = {
  modulus: 'complex nonlinear least squares, modulus weighting',
  unit: 'complex nonlinear least squares, unit weighting',
};

/** The minimum next to given values of the parameters. */
function fitFrom(
  start: Record<string, number>,
  code: string,
  spectrum: PreparedSpectrum,
  weighting: Weighting,
): CircuitFit {
  const circuit = parseCircuit(code);
  const problem = problemOf(circuit, spectrum, weighting);
  const search = new MinimumSearch(problem);
  search.follow(
    Float64Array.from(circuit.parameters, ({ name, transform }) => toTransformed(transform, start[name]!)),
  );
  return circuitFitAt(problem, search.settled!);
}

/**
 * Fits the requested circuit; CPEs whose exponent ends at 1 are replaced by capacitors, and the circuit is fitted
 * again.
 */
function fitFixed(
  code: string,
  spectrum: PreparedSpectrum,
  weighting: Weighting,
  noiseSsr: number | null,
  start: Record<string, number> | undefined,
) {
  const warnings: AnalysisWarning[] = [];
  if (start) return { fit: fitFrom(start, code, spectrum, weighting), warnings };
  const settings = { ...defaultMultistart, noise_ssr: weighting === 'modulus' ? noiseSsr : null };
  let fit = fitCircuit(parseCircuit(code), spectrum, weighting, settings);
  for (let atBound = exponentsAtBound(fit); atBound.length > 0; atBound = exponentsAtBound(fit)) {
    const circuit = withCapacitors(fit, atBound);
    warnings.push(say('CPE_EXPONENT_AT_BOUND', { names: atBound, circuit: circuit.code }));
    fit = fitCircuit(circuit, spectrum, weighting, settings);
  }
  return { fit, warnings };
}

function curveOf(fit: CircuitFit): ImpedanceFit['curve'] {
  const { spectrum, modelled } = fit.problem;
  return {
    frequency_hertz: [...spectrum.frequency_hertz],
    real_impedance_ohm: [...spectrum.real_impedance_ohm],
    imaginary_impedance_ohm: [...spectrum.imaginary_impedance_ohm],
    fitted_real_impedance_ohm: [...modelled.re],
    fitted_imaginary_impedance_ohm: [...modelled.im],
  };
}

/** The same circuit fitted to every usable point, from the optimum and the automatic guesses. */
function refitWith(whole: PreparedSpectrum, { problem, minimum }: CircuitFit): ImpedanceFit['with_excluded'] {
  const { circuit, weighting } = problem;
  const ofWhole = problemOf(circuit, whole, weighting);
  const search = new MinimumSearch(ofWhole);
  search.follow(minimum.parameters);
  followGuesses(ofWhole, search, 2);
  const fit = circuitFitAt(ofWhole, search.settled!);
  return {
    n_points: whole.frequency_hertz.length,
    kramers_kronig_rms_residual: kramersKronigResidual(whole),
    rms_residual_of_modulus: fit.quality.rms_residual_of_modulus,
    parameters: parametersByName(fit),
  };
}

function parameterRows(fit: CircuitFit, context: RowContext): ImpedanceQuantity[] {
  return fit.model.circuit.parameters.map(({ name }, j) => {
    const row = parameterRow(context, j, fit.standard_errors[j]!);
    return fit.not_identifiable.includes(name) ? withheld(row) : row;
  });
}

/**
 * Fits an equivalent circuit to a spectrum by complex nonlinear least squares, or chooses the circuit from a family,
 * and checks the spectrum with the Kramers–Kronig relations. Pure: the same input gives the same answer.
 * @throws NotComputable for a bad circuit code or too few usable points
 */
export function fitImpedance(spectrum: Spectrum, options: ImpedanceFitOptions = {}): ImpedanceFit {
  const weighting = options.weighting ?? 'modulus';
  const { spectrum: prepared, whole, kramers_kronig, ...preparation } = prepareForFit(spectrum, options);
  const s_kk = kramers_kronig?.s_kk ?? null;
  const electrodes = options.electrodes ?? (options.cell ? electrodesOf(options.cell) : null);
  const compared =
    options.circuit === undefined || (options.compare_circuits ?? true)
      ? compareCircuits(prepared, weighting, s_kk, electrodes)
      : null;
  const code =
    options.circuit ??
    compared?.chosen?.model.circuit.code ??
    lowestAicc(compared?.candidates.map(({ fit }) => fit) ?? []);
  const { fit, warnings } =
    options.circuit === undefined && compared?.chosen
      ? { fit: compared.chosen, warnings: [] }
      : fitFixed(code, prepared, weighting, kramers_kronig?.pseudo_chi2 ?? null, options.start);
  const context = { model: fit.model, method: method[weighting] };
  // An inductor in parallel with other elements is a loop that the user put into the circuit on purpose.
  const hasOwnLoop = /\(.*L\d/.test(code);
  const { arcs, rows } = arcRows(fit, context);
  const misfit = misfitOf(fit, s_kk);
  const robust = (options.check_robustly ?? true) ? fitRobustly(fit) : null;
  const results = [...parameterRows(fit, context), ...rows].map((row) => ({
    ...row,
    status: statusOf(row, fit, arcs, misfit !== null),
  }));
  const answer: ImpedanceFit = {
    circuit: fit.model.circuit.code,
    requested_circuit: options.circuit ?? null,
    weighting,
    results,
    goodness: {
      ...fit.quality,
      condition_number_log_jacobian: fit.uncertainty.condition_number,
      correlation_max_abs_offdiag: fit.uncertainty.correlation_max_abs,
      starts: fit.minimum.starts,
      starts_at_minimum: fit.minimum.starts_at_minimum,
      kramers_kronig: kramers_kronig?.verdict ?? null,
      kramers_kronig_rms_residual: kramers_kronig?.rms_residual ?? null,
      s_kk,
      misfit_ratio: s_kk === null || weighting !== 'modulus' ? null : noiseLeftBy(fit) / s_kk,
    },
    warnings: [
      ...preparation.warnings,
      ...warnings,
      ...fitWarnings(fit, arcs, robust, misfit, systematicOf(fit, s_kk)),
      ...alternativeWarnings(fit, compared, options.circuit),
      ...(s_kk === null || kramers_kronig?.sign_reversed || hasOwnLoop ? [] : loopWarnings(prepared, s_kk)),
      ...(kramers_kronig?.warnings ?? []),
    ],
    excluded: prepared.excluded,
    arcs,
    alternatives: compared?.candidates.map(alternativeOf) ?? [],
    kramers_kronig,
    robust,
    with_excluded: whole && refitWith(whole, fit),
    leads_subtracted: options.lead !== undefined,
    curve: curveOf(fit),
    model: fit.model,
  };
  if (!options.cell) return answer;
  const derived = deriveMaterial(answer, options.cell);
  return {
    ...answer,
    results: [...answer.results, ...derived.results],
    warnings: [...answer.warnings, ...derived.warnings],
  };
}

/** The circuit with the lowest AICc, where none is admissible. */
function lowestAicc(fits: CircuitFit[]): string {
  const usable = fits.filter((fit) => fit.quality.aicc !== null);
  if (usable.length === 0) {
    throw new NotComputable(
      'TOO_FEW_POINTS',
      'too few usable points for any circuit of the family; at least 4 are needed',
    );
  }
  return usable.reduce((best, fit) => (fit.quality.aicc! < best.quality.aicc! ? fit : best)).model.circuit
    .code;
}
