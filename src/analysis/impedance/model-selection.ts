import { NotComputable } from '../result.js';
import { elementsOf, parseCircuit } from './circuit/parse.js';
import { exponentsAtBound, withCapacitors } from './fit/exponent-bound.js';
import { type CircuitFit, fitCircuit, poorFit } from './fit/fit-circuit.js';
import type { MultistartSettings } from './fit/multistart.js';
import type { Weighting } from './fit/problem.js';
import type { Alternative } from './result.js';
import type { PreparedSpectrum } from './spectrum.js';

/** The circuits among which the automatic choice is made. */
export const circuitFamily = [
  'L0-R0-CPE1',
  'R0-p(R1,CPE1)',
  'L0-R0-p(R1,CPE1)',
  'p(R1,CPE1)-CPE2',
  'L0-R0-p(R1,CPE1)-CPE2',
  'L0-R0-p(R1,CPE1)-W2',
  'p(R1,CPE1)-p(R2,CPE2)',
  'p(R1,CPE1)-p(R2,CPE2)-CPE3',
  'R0-p(R1,CPE1)-p(R2,CPE2)-CPE3',
  'L0-R0-p(R1,CPE1)-p(R2,CPE2)',
  'L0-R0-p(R1,CPE1)-p(R2,CPE2)-CPE3',
  'L0-R0-p(R1,CPE1)-p(R2,CPE2)-W3',
  'p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)-CPE4',
];

/** Residuals are not independent, so a further parameter must gain more than AICc alone asks for. */
const parsimonyMargin = 10;

/** The chosen circuit is fitted again with the full search. */
const searchSettings: MultistartSettings = { starts: 16, enough_hits: 6, most_starts: 32, noise_ssr: null };

export function alternativeOf(fit: CircuitFit): Alternative {
  return {
    circuit: fit.model.circuit.code,
    n_params: fit.quality.n_params,
    ssr_weighted: fit.quality.ssr_weighted,
    aicc: fit.quality.aicc,
    condition_number_log_jacobian: fit.uncertainty.condition_number,
    not_identifiable: fit.not_identifiable,
  };
}

/** A perfect fit has no AICc; nothing is better. */
function aiccOf(fit: CircuitFit): number {
  return fit.quality.aicc ?? Number.NEGATIVE_INFINITY;
}

/** Where nothing but exponents at their bound stands against a circuit, the one with capacitors. */
function withCapacitorsIfThatHelps(fit: CircuitFit, refit: (code: string) => CircuitFit[]): CircuitFit[] {
  const labels = exponentsAtBound(fit);
  const ofThem = elementsOf(fit.model.circuit.root)
    .filter(({ label }) => labels.includes(label))
    .flatMap(({ label }) => [`${label}_Q`, `${label}_n`]);
  const onlyThese = fit.not_identifiable.every((name) => ofThem.includes(name));
  return labels.length > 0 && onlyThese ? refit(withCapacitors(fit, labels).code) : [];
}

export interface Selection {
  fits: CircuitFit[];
  /** The circuit to use; null where every one has a parameter that the spectrum does not determine. */
  chosen: CircuitFit | null;
}

/** Fewest parameters within the margin of the best AICc, among circuits that the spectrum determines. */
function choose(fits: CircuitFit[]): CircuitFit | null {
  const admissible = fits.filter((fit) => fit.not_identifiable.length === 0);
  if (admissible.length === 0) return null;
  const best = Math.min(...admissible.map(aiccOf));
  const near = admissible.filter((fit) => aiccOf(fit) <= best + parsimonyMargin);
  return near.sort((a, b) => a.quality.n_params - b.quality.n_params || aiccOf(a) - aiccOf(b))[0]!;
}

/**
 * Fits every circuit of the family. Those with a parameter that is not identifiable, or a CPE exponent at 1, are set
 * aside; of the others the one with fewest parameters within 10 units of the best AICc is chosen. Only where that leaves
 * nothing, or nothing that describes the spectrum, capacitors take the place of CPEs at their bound.
 */
export function compareCircuits(spectrum: PreparedSpectrum, weighting: Weighting): Selection {
  const fitCode = (code: string): CircuitFit[] => {
    try {
      return [fitCircuit(parseCircuit(code), spectrum, weighting, searchSettings)];
    } catch (error) {
      // A circuit with more parameters than the spectrum has numbers is simply no candidate.
      if (error instanceof NotComputable && error.code === 'TOO_FEW_POINTS') return [];
      throw error;
    }
  };
  const fits = circuitFamily.flatMap(fitCode);
  const chosen = choose(fits);
  if (chosen && chosen.quality.rms_residual_of_modulus <= poorFit) return { fits, chosen };
  const all = [...fits, ...fits.flatMap((fit) => withCapacitorsIfThatHelps(fit, fitCode))];
  return { fits: all, chosen: choose(all) };
}
