import { levenbergMarquardt, type Minimum } from '../../linear-algebra/levenberg-marquardt.js';
import { mulberry32, normalDeviates, type RandomSource, seedFromNumbers } from '../../statistics/random.js';
import { arcsOf, inCanonicalOrder, logTimeConstant } from '../circuit/arcs.js';
import { fromTransformed } from '../circuit/elements.js';
import { type Circuit, elementsOf, untransformed } from '../circuit/parse.js';
import type { PreparedSpectrum } from '../spectrum.js';
import { initialGuesses } from './initial-guess.js';
import type { CircuitProblem } from './problem.js';

/** Different guesses that are tried as they are and then jittered in turn. */
const mostGuesses = 4;
/** Standard deviations of the jitter, in the transformed parameters. */
const jitter = 0.7;
const wideJitter = 1.5;
/** How often the lowest sum is to be reached before it counts as the lowest there is. */
const wantedHits = 3;
/** Sums that differ by less than this share are the same minimum. */
const sameMinimum = 1e-6;
/** A sum this many times what noise explains may be a wrong minimum. */
const misfitFactor = 4;
/** Relative residuals of rounding errors only. */
const exact = 1e-18;

export interface MultistartMinimum extends Minimum {
  starts: number;
  /** Starts that ended at the lowest sum. */
  starts_at_minimum: number;
}

function seedOf(spectrum: PreparedSpectrum, code: string): number {
  return seedFromNumbers(
    spectrum.frequency_hertz,
    spectrum.real_impedance_ohm,
    spectrum.imaginary_impedance_ohm,
    Array.from(code, (character) => character.charCodeAt(0)),
  );
}

/** A minimum that was really reached is preferred to one that still ran when it was given up. */
function isBetter(a: Minimum, b: Minimum): boolean {
  if (a.ending === 'run_away' && b.ending !== 'run_away') return a.ssr < b.ssr * (1 - sameMinimum);
  if (b.ending === 'run_away' && a.ending !== 'run_away') return a.ssr <= b.ssr * (1 + sameMinimum);
  return a.ssr < b.ssr;
}

/** For each CPE the place of Q and the ln ω at which |Z| is to stay when n is jittered. */
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

/** The guesses that come nearest to the data, nearest first, at most `mostGuesses` of them. */
function bestGuesses(problem: CircuitProblem): Float64Array[] {
  const rated = initialGuesses(problem.circuit, problem.spectrum).map((guess) => {
    problem.evaluate(guess, false);
    return { guess, ssr: problem.residual.reduce((sum, r) => sum + r * r, 0) };
  });
  rated.sort((a, b) => a.ssr - b.ssr);
  const distinct = rated.filter(({ ssr }, i) => i === 0 || ssr > rated[i - 1]!.ssr * (1 + sameMinimum));
  return distinct.slice(0, mostGuesses).map(({ guess }) => guess);
}

export interface MultistartSettings {
  /** The automatic guesses and jittered ones. */
  starts: number;
  /** Starts that agree on the lowest sum and so make the rest needless. */
  enough_hits: number;
  /** Bound of the further starts, which are jittered more widely. */
  most_starts: number;
  /** Sum of squares expected from noise alone; far above it the search goes on. Unknown: null. */
  noise_ssr: number | null;
}

export const defaultMultistart: MultistartSettings = {
  starts: 16,
  enough_hits: 16,
  most_starts: 64,
  noise_ssr: null,
};

/**
 * The lowest minimum found from several starts: `starts` of them, and more until the lowest was reached three times
 * and, where the fit is far worse than the noise, by most of the starts. The jitter (normal, in the transformed
 * parameters) is seeded from spectrum and circuit, so that the same input gives the same answer.
 */
export function minimiseFromManyStarts(
  problem: CircuitProblem,
  settings: MultistartSettings = defaultMultistart,
): MultistartMinimum {
  const { circuit, spectrum } = problem;
  const normal = normalDeviates(mulberry32(seedOf(spectrum, circuit.code)));
  const guesses = bestGuesses(problem);
  const minimise = levenbergMarquardt(problem);
  const pivots = exponentPivots(circuit, Math.log(2 * Math.PI * spectrum.frequency_hertz.at(-1)!));
  const sums: number[] = [];
  let best: Minimum | undefined;
  const hits = () => sums.filter((ssr) => ssr <= best!.ssr * (1 + sameMinimum) || ssr < exact).length;
  const doubtful = () =>
    settings.noise_ssr !== null &&
    best!.ssr > misfitFactor * settings.noise_ssr + exact &&
    hits() < sums.length / 2;
  for (let start = 0; start < settings.most_starts; start++) {
    if (start > 0 && hits() >= settings.enough_hits) break;
    if (start >= settings.starts && hits() >= wantedHits && !doubtful()) break;
    const width = start < guesses.length ? 0 : start < settings.starts ? jitter : wideJitter;
    const guess = guesses[start % guesses.length]!;
    const minimum = minimise(jittered(guess, pivots, width, normal));
    sums.push(minimum.ssr);
    if (!best || isBetter(minimum, best)) best = minimum;
  }
  const parameters = inCanonicalOrder(circuit, best!.parameters);
  return { ...best!, parameters, starts: sums.length, starts_at_minimum: hits() };
}
