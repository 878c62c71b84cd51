/** Life to 80 % before it is observed: what each law of fade says about a claimed number of cycles. */
import { effectiveSize } from '../statistics/autocorrelation.js';
import { mean, sumOfSquares } from '../statistics/descriptive.js';
import { expandedHalfWidth } from '../statistics/intervals.js';
import { fitLine } from '../statistics/linear-regression.js';
import { fitTrend } from '../statistics/trend.js';
import { wanderOfSlope } from './estimate.js';
import type { FadeModelName, LifeProjection, ProjectedLaw, ProjectedLine } from './types.js';

const PROBABILITY = 0.95;
const END_OF_LIFE_SHARE = 0.8;
/** Exponents 0.30, 0.35 … 3.00 of the power law. */
const EXPONENTS = Array.from({ length: 55 }, (_, i) => (30 + 5 * i) / 100);
/** χ² of one degree of freedom, one-sided 95 %: exponents within this distance of the best one are possible. */
const POSSIBLE = 2.71;
/** Laws within this many units of the best one are admitted. */
const ADMITTED = 10;
const SMALLEST_COUNT = 5;

interface FittedLine extends ProjectedLine {
  sse: number;
}

/** ln Q over n, as a line; SSE on Q. */
function exponentialLine(n: Float64Array, capacity: Float64Array, wander: number) {
  const trend = fitTrend(n, capacity.map(Math.log));
  const { slope, intercept, residuals } = trend.line;
  const u = wanderOfSlope(wander, (n.at(-1) as number) - (n[0] as number));
  const line: FittedLine = {
    exponent: null,
    rate: slope,
    half_width: expandedHalfWidth(PROBABILITY, trend.slope_se, trend.dof, u),
    sse: sumOfSquares(capacity.map((q, i) => q - Math.exp(intercept + slope * (n[i] as number)))),
  };
  return { line, n_eff: Math.max(SMALLEST_COUNT, effectiveSize(residuals, 2).n_eff) };
}

function sseOfPower(n: Float64Array, capacity: Float64Array, exponent: number): number {
  return fitLine(
    n.map((cycles) => cycles ** exponent),
    capacity,
  ).sse;
}

/** Q over n^z, as a line; rates are fractions of its own Q₀. The wander is that of the capacity, in its unit. */
function powerLine(n: Float64Array, capacity: Float64Array, wander: number, exponent: number): FittedLine {
  const x = n.map((cycles) => cycles ** exponent);
  const trend = fitTrend(x, capacity);
  const { slope, intercept, sse } = trend.line;
  const u = wanderOfSlope(wander, (x.at(-1) as number) - (x[0] as number));
  return {
    exponent,
    rate: slope / intercept,
    half_width: expandedHalfWidth(PROBABILITY, trend.slope_se, trend.dof, u) / intercept,
    sse,
  };
}

/**
 * The laws of fade as lines in their own coordinates, each with the one-sided 95 % half width of its slope (wander
 * included), and the last third extrapolated. Laws within 10 of the best N_eff·ln(SSE/N) + 2k are admitted; for the
 * power law, every exponent with N_eff·ln(SSE/SSE_min) ≤ 2.71 is possible.
 *
 * @param n cycles since the first included one, increasing, the end of life not among them
 * @param capacity positive; as a fraction of the initial one (`ofInitial`) where `wander` is a fraction
 * @param wander half width of slow changes: of ln Q for the exponential, in the unit of `capacity` for the other laws
 * @returns null below ten points
 */
export function fitLifeProjection(
  n: Float64Array,
  capacity: Float64Array,
  wander: number,
): LifeProjection | null {
  const points = n.length;
  if (points < 10) return null;
  const { line: exponential, n_eff } = exponentialLine(n, capacity, wander);
  const powers = EXPONENTS.map((exponent) => ({ exponent, sse: sseOfPower(n, capacity, exponent) }));
  const best = powers.reduce((a, b) => (b.sse < a.sse ? b : a));
  // With a perfect fit no other exponent is possible.
  const isPossible = ({ sse }: { sse: number }) =>
    best.sse > 0 && n_eff * Math.log(sse / best.sse) <= POSSIBLE;
  const ofExponent = ({ exponent }: { exponent: number }) => powerLine(n, capacity, wander, exponent);
  const possible = powers.filter((one) => one === best || isPossible(one)).map(ofExponent);
  const law = (line: FittedLine, k: number, lines = [line]): Omit<ProjectedLaw, 'admitted'> => ({
    k,
    sse: line.sse,
    aic_eff: n_eff * Math.log(line.sse / points) + 2 * k,
    best: withoutSse(line),
    lines: lines.map(withoutSse),
  });
  const laws = {
    exponential: law(exponential, 3),
    linear: law(powerLine(n, capacity, wander, 1), 3),
    sqrt: law(powerLine(n, capacity, wander, 0.5), 3),
    power: law(ofExponent(best), 4, possible),
  };
  const least = Math.min(...Object.values(laws).map(({ aic_eff }) => aic_eff));
  const admitted = ({ aic_eff }: { aic_eff: number }) => aic_eff - least <= ADMITTED || aic_eff === least;
  return {
    n_eff,
    laws: Object.fromEntries(
      Object.entries(laws).map(([name, one]) => [name, { ...one, admitted: admitted(one) }]),
    ) as LifeProjection['laws'],
    recent: lastThird(n, capacity, wander),
  };
}

const withoutSse = ({ sse: _sse, ...line }: FittedLine): ProjectedLine => line;

/** Line of ln Q through the last third, from its centre on; the wander is that of the whole series. */
function lastThird(n: Float64Array, capacity: Float64Array, wander: number): LifeProjection['recent'] {
  const last = n.at(-1) as number;
  const spanned = last - (n[0] as number);
  const begin = last - (spanned + 1) / 3;
  const from = n.findIndex((cycles) => cycles > begin);
  // Check-ups without an ageing cycle between them have the same n and show no slope.
  if (n.length - from < 3 || n[from] === last) return null;
  const trend = fitTrend(n.slice(from), capacity.slice(from).map(Math.log));
  const { slope, intercept, x_mean } = trend.line;
  return {
    centre: x_mean,
    share: Math.exp(intercept + slope * x_mean) / mean(Array.from(capacity.slice(0, 5))),
    rate: slope,
    half_width: expandedHalfWidth(PROBABILITY, trend.slope_se, trend.dof, wanderOfSlope(wander, spanned)),
  };
}

/** Capacities as fractions of the initial one, the mean of the first five. */
export function ofInitial(capacity: Float64Array): Float64Array {
  const initial = mean(Array.from(capacity.slice(0, 5)));
  return capacity.map((q) => q / initial);
}

/** Share of the initial capacity that is left after some cycles by a line whose rate is changed by `shift`. */
function shareOf({ exponent, rate }: ProjectedLine, cycles: number, shift = 0): number {
  return exponent === null ? Math.exp((rate + shift) * cycles) : 1 + (rate + shift) * cycles ** exponent;
}

/** Capacity after some cycles over the initial one, by one law: estimate and one-sided 95 % bounds. */
export interface ProjectedShare {
  estimate: number;
  lower: number;
  upper: number;
}

/** Capacity after `cycles` cycles over the initial one, by one law of fade. */
export function projectedShare(law: ProjectedLaw, cycles: number): ProjectedShare {
  return {
    estimate: shareOf(law.best, cycles),
    lower: Math.min(...law.lines.map((line) => shareOf(line, cycles, -line.half_width))),
    upper: Math.max(...law.lines.map((line) => shareOf(line, cycles, line.half_width))),
  };
}

/** Lower one-sided 95 % bound of the share that is left after some cycles, if the last third continues unchanged. */
export function recentShare({ recent }: LifeProjection, cycles: number): number | null {
  if (recent === null) return null;
  return recent.share * Math.exp((recent.rate - recent.half_width) * (cycles - recent.centre));
}

/** Cycles to 80 % by a line; null while it does not fall. */
function lifeOf({ exponent, rate }: ProjectedLine, shift = 0): number | null {
  const slope = rate + shift;
  if (!(slope < 0)) return null;
  return exponent === null
    ? Math.log(END_OF_LIFE_SHARE) / slope
    : ((END_OF_LIFE_SHARE - 1) / slope) ** (1 / exponent);
}

/** Cycles to 80 %: by the best law, and the range of all admitted laws with their 95 % bounds (null: no end in sight). */
export interface ProjectedLife {
  law: FadeModelName;
  cycles: number | null;
  low: number | null;
  high: number | null;
}

/** Cycles to 80 % of the initial capacity, over all admitted laws of a projection. */
export function projectedLife(projection: LifeProjection): ProjectedLife {
  const admitted = admittedLaws(projection);
  const [name, law] = admitted.reduce((a, b) => (b[1].aic_eff < a[1].aic_eff ? b : a));
  const lines = admitted.flatMap(([, { lines: possible }]) => possible);
  const lows = lines.map((line) => lifeOf(line, -line.half_width)).filter((life) => life !== null);
  const highs = lines.map((line) => lifeOf(line, line.half_width));
  return {
    law: name,
    cycles: lifeOf(law.best),
    low: lows.length === 0 ? null : Math.min(...lows),
    high: highs.some((life) => life === null) ? null : Math.max(...(highs as number[])),
  };
}

/** The laws that describe the fade well enough to be projected, with their names. */
export function admittedLaws({ laws }: LifeProjection): [FadeModelName, ProjectedLaw][] {
  return (Object.entries(laws) as [FadeModelName, ProjectedLaw][]).filter(([, { admitted }]) => admitted);
}
