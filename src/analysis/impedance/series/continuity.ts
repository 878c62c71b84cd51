import { median } from '../../statistics/descriptive.js';
import { theilSenLine } from '../../statistics/robust-line.js';
import type { SeriesCandidate } from './candidates.js';

/** The capacitance of an arc stays within this of its median, and τ within this of its line (natural logarithms). */
const capacitanceWithin = Math.LN10;
const timeWithin = Math.log(5);
/** A line of ln τ over 1/T needs this many temperatures. */
const fewestForLine = 4;

/** The circuit that is chosen at one temperature (K), or none. */
export interface ChosenCircuit {
  kelvin: number;
  candidate: SeriesCandidate | null;
}

/** An arc at a temperature where it is seen: index of the temperature, and its numbers. */
interface Sighting {
  reading: number;
  inverse: number;
  log_C: number;
  log_tau: number;
}

/**
 * Where arc j, counted from the slow end, is seen. The fastest arc of a circuit with fewer arcs than the class may be
 * two in one, and tells nothing.
 */
export function sightings(readings: readonly ChosenCircuit[], j: number, arcsOfClass: number): Sighting[] {
  return readings.flatMap(({ kelvin, candidate }, reading) => {
    const arc = candidate?.arcs[j];
    if (!candidate || !arc) return [];
    const mayBeMerged = candidate.arcs.length < arcsOfClass && j === candidate.arcs.length - 1;
    return mayBeMerged ? [] : [{ reading, inverse: 1 / kelvin, log_C: arc.log_C, log_tau: arc.log_tau }];
  });
}

/** Median of ln C of arc j over the temperatures; null where the arc is nowhere seen with certainty. */
export function medianLogCapacitance(
  readings: readonly ChosenCircuit[],
  j: number,
  arcsOfClass: number,
): number | null {
  const seen = sightings(readings, j, arcsOfClass);
  return seen.length === 0 ? null : median(seen.map(({ log_C }) => log_C));
}

/** Distances of ln τ from its Theil–Sen line over 1/T; 0 where there are too few temperatures for a line. */
function distancesFromLine(seen: readonly Sighting[]): number[] {
  const x = seen.map(({ inverse }) => inverse);
  if (new Set(x).size < fewestForLine) return seen.map(() => 0);
  const { slope } = theilSenLine(
    x,
    seen.map(({ log_tau }) => log_tau),
  );
  const rest = seen.map(({ log_tau, inverse }) => log_tau - slope * inverse);
  const intercept = median(rest);
  return rest.map((value) => Math.abs(value - intercept));
}

/** Distance of each temperature from what the others say about its arcs; 1 is the largest that is allowed. */
export function discontinuities(readings: readonly ChosenCircuit[], arcsOfClass: number): number[] {
  const worst = readings.map(() => 0);
  for (let j = 0; j < arcsOfClass; j++) {
    const seen = sightings(readings, j, arcsOfClass);
    if (seen.length === 0) continue;
    const middle = median(seen.map(({ log_C }) => log_C));
    const fromLine = distancesFromLine(seen);
    seen.forEach(({ reading, log_C }, i) => {
      const ofCapacitance = Math.abs(log_C - middle) / capacitanceWithin;
      worst[reading] = Math.max(worst[reading]!, ofCapacitance, fromLine[i]! / timeWithin);
    });
  }
  return worst;
}
