import { elementsOf, parseCircuit } from './circuit/parse.js';
import { flawsOf } from './family/admissible.js';
import { fitFamily, noiseLeftBy } from './family/fit-family.js';
import { type Electrodes, membersFor } from './family/members.js';
import { exponentsAtBound, withCapacitors } from './fit/exponent-bound.js';
import { type CircuitFit, fitCircuit } from './fit/fit-circuit.js';
import type { MultistartSettings } from './fit/multistart.js';
import type { Weighting } from './fit/problem.js';
import type { Alternative } from './result.js';
import type { PreparedSpectrum } from './spectrum.js';

/** Residuals are not independent, so a further parameter must gain more than AICc alone requires. */
export const parsimonyMargin = 10;
/** A circuit misses something if its residual is above this multiple of the noise and above this share of |Z|. */
const misfitFactor = 2;
const leastMisfit = 0.005;

/** Circuits with capacitors have no smaller member to start from. */
const searchSettings: MultistartSettings = { starts: 16, enough_hits: 6, most_rounds: 1, noise_ssr: null };

/** A compared circuit with what prevents choosing it. */
export interface Candidate {
  fit: CircuitFit;
  flaws: string[];
}

/** Values of a circuit's parameters by name. */
export function parametersByName({ model: { circuit, values } }: CircuitFit): Record<string, number> {
  return Object.fromEntries(circuit.parameters.map(({ name }, j) => [name, values[j]!]));
}

export function alternativeOf({ fit, flaws }: Candidate): Alternative {
  return {
    circuit: fit.model.circuit.code,
    n_params: fit.quality.n_params,
    ssr_weighted: fit.quality.ssr_weighted,
    aicc: fit.quality.aicc,
    condition_number_log_jacobian: fit.uncertainty.condition_number,
    not_identifiable: fit.not_identifiable,
    parameters: parametersByName(fit),
    flaws,
  };
}

/** A perfect fit has no AICc; nothing is better. */
function aiccOf({ fit }: Candidate): number {
  return fit.quality.aicc ?? Number.NEGATIVE_INFINITY;
}

/** Residual of a circuit, and noise of the spectrum itself (fractions of |Z|). */
export interface Misfit {
  left: number;
  noise: number;
}

/** The misfit of a circuit where the spectrum is more accurate; null where the residual is no more than noise. */
export function misfitOf(fit: CircuitFit, s_kk: number | null): Misfit | null {
  const left = noiseLeftBy(fit);
  if (s_kk === null || fit.problem.weighting !== 'modulus') return null;
  return left > Math.max(misfitFactor * s_kk, leastMisfit) ? { left, noise: s_kk } : null;
}

/** Residuals as large as this (fraction of |Z|) and so many times the noise are no noise, though too small to be a misfit. */
const leastSystematic = 1e-3;
const systematicFactor = 3;

/** What a circuit leaves that the spectrum does not, where it is no misfit yet; else null. */
export function systematicOf(fit: CircuitFit, s_kk: number | null): Misfit | null {
  if (s_kk === null || fit.problem.weighting !== 'modulus' || misfitOf(fit, s_kk) !== null) return null;
  const left = noiseLeftBy(fit);
  return left > Math.max(systematicFactor * s_kk, leastSystematic) ? { left, noise: s_kk } : null;
}

/** The circuit with capacitors, where only exponents at their bound prevent choosing a circuit. */
function withCapacitorsIfThatHelps(
  { fit, flaws }: Candidate,
  refit: (code: string) => CircuitFit,
): Candidate[] {
  const labels = exponentsAtBound(fit);
  const ofThem = elementsOf(fit.model.circuit.root)
    .filter(({ label }) => labels.includes(label))
    .flatMap(({ label }) => [`${label}_Q`, `${label}_n`]);
  if (labels.length === 0 || !flaws.every((name) => ofThem.includes(name))) return [];
  const replaced = refit(withCapacitors(fit, labels).code);
  return [{ fit: replaced, flaws: flawsOf(replaced) }];
}

export interface Selection {
  candidates: Candidate[];
  /** The circuit to use; null where every one has a parameter that the spectrum does not determine. */
  chosen: CircuitFit | null;
}

/** Fewest parameters within the margin of the best AICc, among circuits that the spectrum determines. */
export function choose(candidates: readonly Candidate[]): Candidate | null {
  const admissible = candidates.filter(({ flaws }) => flaws.length === 0);
  if (admissible.length === 0) return null;
  const best = Math.min(...admissible.map(aiccOf));
  const near = admissible.filter((candidate) => aiccOf(candidate) <= best + parsimonyMargin);
  return near.sort((a, b) => a.fit.quality.n_params - b.fit.quality.n_params || aiccOf(a) - aiccOf(b))[0]!;
}

/**
 * Fits every circuit of the family that the electrodes allow. Circuits with an element that is not determined, or that
 * acts as another kind of element, are set aside. Of the others, the one with the fewest parameters within 10 units of
 * the best AICc is chosen. Capacitors replace CPEs at their bound only where no circuit is left, or none that
 * describes the spectrum.
 */
export function compareCircuits(
  spectrum: PreparedSpectrum,
  weighting: Weighting,
  s_kk: number | null,
  electrodes: Electrodes | null = null,
): Selection {
  const candidates = fitFamily(spectrum, weighting, membersFor(electrodes), s_kk).map(({ fit }) => ({
    fit,
    flaws: flawsOf(fit),
  }));
  const chosen = choose(candidates);
  if (chosen && !misfitOf(chosen.fit, s_kk)) return { candidates, chosen: chosen.fit };
  const refit = (code: string) => fitCircuit(parseCircuit(code), spectrum, weighting, searchSettings);
  const all = [
    ...candidates,
    ...candidates.flatMap((candidate) => withCapacitorsIfThatHelps(candidate, refit)),
  ];
  return { candidates: all, chosen: choose(all)?.fit ?? null };
}
