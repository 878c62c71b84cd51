import { NotComputable } from '../../result.js';
import { aicc } from '../../statistics/information-criterion.js';
import { parseCircuit } from '../circuit/parse.js';
import { type CircuitFit, circuitFitAt, problemOf } from '../fit/fit-circuit.js';
import { MinimumSearch, sameMinimum } from '../fit/minimum.js';
import { bestGuesses, followRandom } from '../fit/multistart.js';
import { type CircuitProblem, moduli, type Weighting } from '../fit/problem.js';
import type { PreparedSpectrum } from '../spectrum.js';
import { type Ends, type MemberOptimum, startsFrom, startsWithout } from './grow.js';
import { contains, type Member, memberCode, parameterCount } from './members.js';

/** A member of the family fitted to a spectrum. */
export interface MemberFit extends MemberOptimum {
  fit: CircuitFit;
}

/** Number of starts that are followed to their end, unless a part of the circuit already describes the spectrum. */
const wide = { guessed: 3, followed: 3, drawn: 6 };
/** If the residual of a circuit is below this multiple of the noise, a further element has nothing to describe. */
const describedFactor = 1.02;
/** Members this far above the lowest AICc are reported as the search left them, exact to six digits. */
const hopeless = 100;
/** The sums of wrong minima lie up to about twenty times above the lowest one; none lies this many times above. */
const mostAbove = 30;
/**
 * Where the residual of the best circuit is above this multiple of the noise, the search continues with random starts.
 */
const doubtfulFactor = 1.1;

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

/** The search for the minimum of one member. */
class MemberSearch {
  readonly member: Member;
  readonly code: string;
  private readonly problem: CircuitProblem;
  private readonly search: MinimumSearch;
  /** Lowest sums of the parents whose optima were used as starts. */
  private readonly grownFrom = new Map<MemberSearch, number>();
  private rated: Float64Array[] | undefined;

  constructor(member: Member, spectrum: PreparedSpectrum, weighting: Weighting) {
    this.member = member;
    this.code = memberCode(member);
    this.problem = problemOf(parseCircuit(this.code), spectrum, weighting);
    this.search = new MinimumSearch(this.problem);
  }

  private get guesses(): Float64Array[] {
    this.rated ??= bestGuesses(this.problem, wide.guessed);
    return this.rated;
  }

  get optimum(): MemberOptimum | undefined {
    const theta = this.search.lowestPlace;
    return theta && { member: this.member, theta };
  }

  /** Residual per degree of freedom of the lowest sum so far. */
  get left(): number {
    const { residualCount, parameterCount: k } = this.problem;
    return Math.sqrt(this.search.lowestSum / (residualCount - k));
  }

  /** AICc of the lowest sum so far; infinite where there is no sum yet. */
  get aicc(): number {
    const { residualCount, parameterCount: k } = this.problem;
    const { lowestSum } = this.search;
    if (lowestSum === Number.POSITIVE_INFINITY) return lowestSum;
    return aicc(residualCount, k + 1, lowestSum / residualCount) ?? Number.NEGATIVE_INFINITY;
  }

  /** Whether even a lower minimum would not bring it near the lowest AICc. */
  isHopeless(lowestAicc: number): boolean {
    return this.aicc - this.problem.residualCount * Math.log(mostAbove) > lowestAicc + hopeless;
  }

  grow(
    parents: readonly MemberSearch[],
    ends: Ends,
    extra: readonly Float64Array[],
    described: boolean,
  ): void {
    const isFirst = this.grownFrom.size === 0;
    // A second start from the same optimum of a parent would give nothing new.
    const lowered = parents.filter(
      (parent) =>
        parent.search.lowestSum <
        (this.grownFrom.get(parent) ?? Number.POSITIVE_INFINITY) * (1 - sameMinimum),
    );
    for (const parent of parents) this.grownFrom.set(parent, parent.search.lowestSum);
    const grown = lowered.flatMap(({ optimum }) => (optimum ? startsFrom(this.member, optimum, ends) : []));
    if (!isFirst && grown.length === 0) return;
    // A member with an inductance starts from the one without it; the random starts below look for what that missed.
    const needsGuess = isFirst && ((!described && !this.member.inductance) || grown.length === 0);
    const guesses = needsGuess ? this.guesses : [];
    if (described && grown.length > 0) this.search.followNearest(grown);
    else this.search.followBest([...guesses, ...grown], wide.followed);
    for (const start of extra) this.search.follow(start);
  }

  tryFrom(theta: Float64Array): void {
    this.search.follow(theta, true);
  }

  /** Further starts where the minimum may be a wrong one: the guesses, each followed to its end, and random ones. */
  tryHarder(): void {
    for (const guess of this.guesses) this.search.follow(guess, true);
    followRandom(this.problem, this.search, wide.drawn);
  }

  /** The fit at the lowest sum, to the last digit where that matters. */
  fit(exactly: boolean): MemberFit[] {
    const minimum = exactly ? this.search.settled : this.search.best;
    if (!minimum) return [];
    const fit = circuitFitAt(this.problem, minimum);
    return [{ member: this.member, fit, theta: fit.minimum.parameters }];
  }
}

/** Searches of all members that have fewer parameters than the spectrum has numbers. */
function searchesOf(
  members: readonly Member[],
  spectrum: PreparedSpectrum,
  weighting: Weighting,
): MemberSearch[] {
  return inFittingOrder(members).flatMap((member) => {
    try {
      return [new MemberSearch(member, spectrum, weighting)];
    } catch (error) {
      if (error instanceof NotComputable && error.code === 'TOO_FEW_POINTS') return [];
      throw error;
    }
  });
}

/** Members whose optima are starts for smaller ones; an improvement of one of these may lead to the next. */
const mostShrunk = 3;

/**
 * Members contained in the best one start from its optimum with one block removed; then those contained in the best of
 * these.
 */
function shrink(searches: readonly MemberSearch[], ends: Ends): void {
  const left = [...searches];
  for (let i = 0; i < mostShrunk && left.length > 0; i++) {
    const lowest = left.reduce((a, b) => (b.aicc < a.aicc ? b : a));
    left.splice(left.indexOf(lowest), 1);
    for (const { member, theta } of lowest.optimum ? startsWithout(lowest.optimum, ends) : []) {
      searches.find(({ code }) => code === memberCode(member))?.tryFrom(theta);
    }
  }
}

/**
 * Fits members of the family in the order of their number of parameters, each from the optima of the members with one
 * block less, so that a larger member is never worse than one it contains; then those contained in the best one, from
 * its optimum with one block removed. Where nothing comes near the noise, random starts follow.
 * @param s_kk noise of the spectrum (fraction of |Z|); null where it is not known
 * @param extra further starts of a member, in transformed parameters
 */
export function fitFamily(
  spectrum: PreparedSpectrum,
  weighting: Weighting,
  members: readonly Member[],
  s_kk: number | null,
  extra: (member: Member) => readonly Float64Array[] = () => [],
): MemberFit[] {
  const ends = endsOf(spectrum);
  const searches = searchesOf(members, spectrum, weighting);
  const noise = weighting === 'modulus' ? s_kk : null;
  const grow = (search: MemberSearch, parents: readonly MemberSearch[]) => {
    const described =
      noise !== null &&
      parents.some((part) => contains(search.member, part.member) && part.left <= describedFactor * noise);
    search.grow(parents, ends, extra(search.member), described);
  };
  searches.forEach((search, i) => {
    grow(search, searches.slice(0, i));
  });
  shrink(searches, ends);
  const best = Math.min(...searches.map(({ left }) => left));
  if (noise === null || best > doubtfulFactor * noise) {
    const lowest = Math.min(...searches.map((search) => search.aicc));
    for (const search of searches) if (!search.isHopeless(lowest)) search.tryHarder();
    searches.forEach((search, i) => {
      grow(search, searches.slice(0, i));
    });
  }
  const lowestAicc = Math.min(...searches.map((search) => search.aicc));
  return searches.flatMap((search) => search.fit(search.aicc <= lowestAicc + hopeless));
}
