import { NotComputable } from '../../result.js';
import { parseCircuit } from '../circuit/parse.js';
import { type CircuitFit, circuitFitAt, problemOf } from '../fit/fit-circuit.js';
import { MinimumSearch } from '../fit/minimum.js';
import { addGuesses } from '../fit/multistart.js';
import { type CircuitProblem, moduli, type Weighting } from '../fit/problem.js';
import type { PreparedSpectrum } from '../spectrum.js';
import { type Ends, type Grown, startsFrom } from './grow.js';
import { contains, type Member, memberCode, parameterCount } from './members.js';

/** A member of the family fitted to a spectrum. */
export interface MemberFit extends Grown {
  fit: CircuitFit;
}

/** Starts followed to their end where much is open, and where a part of the circuit describes the spectrum already. */
const wide = { grown: 4, guessed: 3 };
const narrow = { grown: 1, guessed: 0 };
/** A circuit that leaves less than this times the noise leaves nothing for a further element. */
const describedFactor = 1.02;

function endsOf(spectrum: PreparedSpectrum): Ends {
  return {
    omega: spectrum.frequency_hertz.map((f) => 2 * Math.PI * f),
    modulus: moduli(spectrum),
    first_imaginary_ohm: spectrum.imaginary_impedance_ohm[0]!,
  };
}

/** Warburg members come after those with a CPE in the same place, from which they start. */
function inFittingOrder(members: readonly Member[]): Member[] {
  const rank = (member: Member) => parameterCount(member) + (member.tail === 'W' ? 1.5 : 0);
  return [...members].sort((a, b) => rank(a) - rank(b));
}

/** Root mean square residual per degree of freedom. */
export const noiseLeftBy = (fit: CircuitFit): number => Math.sqrt(fit.quality.chi2_reduced);

function searchMember(
  member: Member,
  problem: CircuitProblem,
  grown: readonly MemberFit[],
  ends: Ends,
  extra: readonly Float64Array[],
  s_kk: number | null,
) {
  const search = new MinimumSearch(problem);
  const starts = [...grown.flatMap((parent) => startsFrom(member, parent, ends)), ...extra];
  const described =
    s_kk !== null &&
    grown.some(
      ({ member: part, fit }) => contains(member, part) && noiseLeftBy(fit) <= describedFactor * s_kk,
    );
  const effort = described ? narrow : wide;
  search.followBest(starts, effort.grown);
  if (!described || search.starts === 0) addGuesses(problem, search, wide.guessed);
  return search;
}

/**
 * Fits members of the family in the order of their number of parameters, each from the optima of those with one block
 * less, so that a larger member is never worse than the one it contains. Members with more parameters than the spectrum
 * has numbers are left out.
 * @param s_kk noise of the spectrum (fraction of |Z|); null where it is not known
 */
export function fitFamily(
  spectrum: PreparedSpectrum,
  weighting: Weighting,
  members: readonly Member[],
  s_kk: number | null,
  extra: (member: Member) => readonly Float64Array[] = () => [],
): MemberFit[] {
  const ends = endsOf(spectrum);
  const fitted: MemberFit[] = [];
  for (const member of inFittingOrder(members)) {
    try {
      const problem = problemOf(parseCircuit(memberCode(member)), spectrum, weighting);
      const { best } = searchMember(member, problem, fitted, ends, extra(member), s_kk);
      if (!best) continue;
      const fit = circuitFitAt(problem, best);
      fitted.push({ member, fit, theta: fit.minimum.parameters });
    } catch (error) {
      if (!(error instanceof NotComputable && error.code === 'TOO_FEW_POINTS')) throw error;
    }
  }
  return fitted;
}
