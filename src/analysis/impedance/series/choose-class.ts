import type { Tail } from '../family/members.js';
import { choose, parsimonyMargin } from '../model-selection.js';
import type { SeriesCandidate } from './candidates.js';
import { type ChosenCircuit, discontinuities } from './continuity.js';

/** A class of circuits that can describe a series: at most this many arcs, and this tail. */
export interface CircuitClass {
  arcs: number;
  tail: Tail;
}

/** A class tried on a series. */
export interface TriedClass extends CircuitClass {
  readings: ChosenCircuit[];
  /** Number of temperatures at which it has an admissible circuit. */
  served: number;
  sum_aicc: number;
  /** Why it cannot represent the series; null where it can. */
  out: string | null;
}

const mostArcs = 3;
const tails: Tail[] = ['none', 'CPE', 'W'];
/** Shares of the temperatures: a class must serve the first, and may be overruled by continuity at the second. */
const leastServed = 0.75;
const mostOverruled = 0.25;

const aiccOf = ({ fit }: SeriesCandidate) => fit.quality.aicc ?? Number.NEGATIVE_INFINITY;

/** One temperature of a series: what may be chosen there, in order of preference. */
function offers(candidates: readonly SeriesCandidate[], { arcs, tail }: CircuitClass): SeriesCandidate[] {
  const open = candidates.filter(
    ({ member, flaws }) => flaws.length === 0 && member.arcs <= arcs && member.tail === tail,
  );
  const ordered: SeriesCandidate[] = [];
  while (open.length > 0) {
    const next = choose(open) as SeriesCandidate;
    ordered.push(next);
    open.splice(open.indexOf(next), 1);
  }
  return ordered;
}

/** Replaces circuits whose arcs do not continue those of their neighbours by the next one, the worst first. */
function madeContinuous(lists: SeriesCandidate[][], kelvin: readonly number[], arcs: number) {
  const at = lists.map(() => 0);
  const overruled = new Set<number>();
  const readings = () =>
    lists.map((list, i): ChosenCircuit => ({ kelvin: kelvin[i]!, candidate: list[at[i]!] ?? null }));
  for (;;) {
    const current = readings();
    const distances = discontinuities(current, arcs);
    const worst = distances.indexOf(Math.max(...distances));
    if (!(distances[worst]! > 1)) return { readings: current, overruled: overruled.size, unresolved: false };
    overruled.add(worst);
    at[worst]!++;
    if (at[worst]! >= lists[worst]!.length)
      return { readings: readings(), overruled: overruled.size, unresolved: true };
  }
}

/** Whether all arcs of the class are seen at two temperatures, or at the coldest. */
function isSeen(readings: readonly ChosenCircuit[], arcs: number): boolean {
  if (arcs === 0) return true;
  const seen = readings.filter(({ candidate }) => candidate?.arcs.length === arcs);
  const coldest = readings.reduce((a, b) => (b.kelvin < a.kelvin ? b : a));
  return seen.length >= 2 || coldest.candidate?.arcs.length === arcs;
}

function tryClass(
  temperatures: readonly { kelvin: number; candidates: readonly SeriesCandidate[] }[],
  wanted: CircuitClass,
): TriedClass {
  const lists = temperatures.map(({ candidates }) => offers(candidates, wanted));
  const kelvin = temperatures.map((one) => one.kelvin);
  const { readings, overruled, unresolved } = madeContinuous(lists, kelvin, wanted.arcs);
  const served = readings.filter(({ candidate }) => candidate !== null).length;
  const n = temperatures.length;
  const out =
    served < leastServed * n
      ? `describes ${served} of ${n} temperatures`
      : unresolved || overruled > mostOverruled * n
        ? 'its arcs jump from temperature to temperature'
        : isSeen(readings, wanted.arcs)
          ? null
          : 'its fastest arc is seen at one temperature only';
  const sum_aicc = readings.reduce((sum, { candidate }) => sum + (candidate ? aiccOf(candidate) : 0), 0);
  return { ...wanted, readings, served, sum_aicc, out };
}

/**
 * One class of circuits for all temperatures of a series. Of those whose arcs continue from temperature to
 * temperature, it is the one that serves the most temperatures, then the one with the lowest ΣAICc, then the one with
 * the fewest arcs within 10 units.
 */
export function chooseClass(
  temperatures: readonly { kelvin: number; candidates: readonly SeriesCandidate[] }[],
): { chosen: TriedClass | null; tried: TriedClass[] } {
  const tried = tails.flatMap((tail) =>
    Array.from({ length: mostArcs + 1 }, (_, arcs) => tryClass(temperatures, { arcs, tail })),
  );
  const possible = tried.filter(({ out }) => out === null);
  const most = Math.max(...possible.map(({ served }) => served));
  const left = possible.filter(({ served }) => served === most);
  const lowest = Math.min(...left.map(({ sum_aicc }) => sum_aicc));
  const near = left.filter(({ sum_aicc }) => sum_aicc <= lowest + parsimonyMargin);
  near.sort((a, b) => a.arcs - b.arcs || a.sum_aicc - b.sum_aicc);
  return { chosen: near[0] ?? null, tried };
}
