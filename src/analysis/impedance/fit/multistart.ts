import { mulberry32, normalDeviates, type RandomSource, seedFromNumbers } from '../../statistics/random.js';
import { arcsOf, logTimeConstant } from '../circuit/arcs.js';
import { fromTransformed } from '../circuit/elements.js';
import { type Circuit, elementsOf, untransformed } from '../circuit/parse.js';
import type { PreparedSpectrum } from '../spectrum.js';
import { drawnStart } from './drawn-start.js';
import { initialGuesses } from './initial-guess.js';
import { exact, MinimumSearch, type MultistartMinimum, sameMinimum } from './minimum.js';
import type { CircuitProblem } from './problem.js';

/** Standard deviations of the jitter, in the transformed parameters. */
const jitter = 1;
const wideJitter = 2;
/** Guesses that are jittered where there are fewer than the wanted starts. */
const mostJittered = 6;
/**
 * A further round: number of widely jittered starts, of starts drawn over the whole band, and of those that are
 * followed.
 */
const round = { jittered: 8, drawn: 16, followed: 8 };
/** The lowest sum has to be reached this many times before it is accepted as the lowest. */
const wantedHits = 3;
/** A sum above this multiple of what noise explains may be a wrong minimum. */
const misfitFactor = 4;

function seedOf(spectrum: PreparedSpectrum, code: string): number {
  return seedFromNumbers(
    spectrum.frequency_hertz,
    spectrum.real_impedance_ohm,
    spectrum.imaginary_impedance_ohm,
    Array.from(code, (character) => character.charCodeAt(0)),
  );
}

/** For each CPE, the position of Q and the ln ω at which |Z| stays the same when n is jittered. */
type ExponentPivot = { coefficient: number; exponent: number; log_omega: (theta: Float64Array) => number };

/**
 * Q alone says little about a CPE: with Q fixed, a change of n moves an arc by decades. So n is changed about the top
 * of the arc, ω = 1/τ, or for a tail about the lowest frequency.
 */
function exponentPivots(circuit: Circuit, logOmegaLast: number): ExponentPivot[] {
  const arcs = arcsOf(circuit.root);
  return elementsOf(circuit.root)
    .filter((node) => node.element.symbol === 'CPE')
    .map((node) => {
      const arc = arcs.find((candidate) => candidate.coefficient === node.first);
      return {
        coefficient: node.first,
        exponent: node.first + 1,
        log_omega: (theta) => (arc ? -logTimeConstant(arc, untransformed(circuit, theta)) : logOmegaLast),
      };
    });
}

function jittered(
  guess: Float64Array,
  pivots: ExponentPivot[],
  width: number,
  normal: RandomSource,
): Float64Array {
  const start = guess.map((theta) => theta + width * normal());
  for (const { coefficient, exponent, log_omega } of pivots) {
    const change = fromTransformed('logit', start[exponent]!) - fromTransformed('logit', guess[exponent]!);
    start[coefficient]! -= change * log_omega(guess);
  }
  return start;
}

/** The guesses that come nearest to the data, nearest first, at most `most` of them. */
export function bestGuesses(problem: CircuitProblem, most: number): Float64Array[] {
  const rated = initialGuesses(problem.circuit, problem.spectrum).map((guess) => {
    problem.evaluate(guess, false);
    return { guess, ssr: problem.residual.reduce((sum, r) => sum + r * r, 0) };
  });
  rated.sort((a, b) => a.ssr - b.ssr);
  const distinct = rated.filter(({ ssr }, i) => i === 0 || ssr > rated[i - 1]!.ssr * (1 + sameMinimum));
  return distinct.slice(0, most).map(({ guess }) => guess);
}

/** The seed comes from spectrum and circuit, so that the same input gives the same answer. */
class StartSource {
  private readonly uniform: RandomSource;
  private readonly normal: RandomSource;
  private readonly pivots: ExponentPivot[];
  private readonly problem: CircuitProblem;

  constructor(problem: CircuitProblem) {
    const { circuit, spectrum } = problem;
    this.problem = problem;
    this.uniform = mulberry32(seedOf(spectrum, circuit.code));
    this.normal = normalDeviates(this.uniform);
    this.pivots = exponentPivots(circuit, Math.log(2 * Math.PI * spectrum.frequency_hertz.at(-1)!));
  }

  around(guess: Float64Array, width: number): Float64Array {
    return jittered(guess, this.pivots, width, this.normal);
  }

  /** Starts jittered widely about the lowest minimum so far and the guesses, and starts drawn over the whole band. */
  round(guesses: readonly Float64Array[]): Float64Array[] {
    const wide = Array.from({ length: guesses.length > 0 ? round.jittered : 0 }, (_, i) =>
      this.around(guesses[i % guesses.length]!, wideJitter),
    );
    const { circuit, spectrum } = this.problem;
    const drawn = Array.from({ length: round.drawn }, () => drawnStart(circuit, spectrum, this.uniform));
    return [...wide, ...drawn];
  }
}

export interface MultistartSettings {
  /** The automatic guesses and jittered ones. */
  starts: number;
  /** Once this many starts agree on the lowest sum, the rest are not needed. */
  enough_hits: number;
  /** Rounds of further starts, jittered more widely or drawn over the band, while the lowest sum is doubtful. */
  most_rounds: number;
  /** Sum of squares expected from noise alone; far above it the search goes on. Unknown: null. */
  noise_ssr: number | null;
}

export const defaultMultistart: MultistartSettings = {
  starts: 24,
  enough_hits: 24,
  most_rounds: 5,
  noise_ssr: null,
};

/**
 * The lowest minimum found from several starts: the automatic guesses nearest to the data, completed by jittered ones,
 * and further rounds until the lowest sum was reached three times and, where the fit is far worse than the noise, by
 * most of the starts.
 */
export function minimiseFromManyStarts(
  problem: CircuitProblem,
  settings: MultistartSettings = defaultMultistart,
): MultistartMinimum {
  const guesses = bestGuesses(problem, settings.starts);
  const source = new StartSource(problem);
  const search = new MinimumSearch(problem);
  const doubtful = () =>
    settings.noise_ssr !== null &&
    search.best!.ssr > misfitFactor * settings.noise_ssr + exact &&
    search.hits < search.starts / 2;
  for (let start = 0; start < settings.starts; start++) {
    if (start > 0 && search.hits >= settings.enough_hits) break;
    const guess = guesses[start];
    const jitteredOne = guesses[start % Math.min(guesses.length, mostJittered)]!;
    search.follow(guess ?? source.around(jitteredOne, jitter));
  }
  for (let more = 0; more < settings.most_rounds; more++) {
    if (search.hits >= wantedHits && !doubtful()) break;
    search.followBest(source.round(guesses), round.followed);
  }
  return search.settled!;
}

/** Follows the automatic guesses that come nearest to the data. */
export function followGuesses(problem: CircuitProblem, search: MinimumSearch, most: number): void {
  for (const guess of bestGuesses(problem, most)) search.follow(guess);
}

/** Follows the best of a round of random starts, unless the lowest sum was reached often enough already. */
export function followRandom(problem: CircuitProblem, search: MinimumSearch, most: number): void {
  if (search.hits >= wantedHits) return;
  const about = search.best ? [search.best.parameters] : [];
  search.followBest(new StartSource(problem).round(about), most);
}
