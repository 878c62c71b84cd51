import { impedanceMessages as say } from '../../../messages/impedance.js';
import { ZERO_CELSIUS_KELVIN } from '../../constants.js';
import type { AnalysisWarning } from '../../result.js';
import type { Tail } from '../family/members.js';
import { choose, parametersByName } from '../model-selection.js';
import type { Alternative } from '../result.js';
import type { PreparedSpectrum } from '../spectrum.js';
import { candidatesFrom, improvedBy, type SeriesCandidate } from './candidates.js';
import { chooseClass, type TriedClass } from './choose-class.js';
import { medianLogCapacitance } from './continuity.js';

/** One spectrum of a series, with the circuits that were compared for it. */
export interface SeriesInput {
  temperature_celsius: number;
  spectrum: PreparedSpectrum;
  alternatives: readonly Alternative[];
}

/** What the series uses at one temperature. */
export interface SeriesReading {
  temperature_celsius: number;
  /** Null: the class has no admissible circuit here. */
  circuit: string | null;
  parameters: Record<string, number>;
  /** Resistors of the arcs, from the slowest on. */
  resistors: string[];
  /** The circuit that this spectrum alone would be given, and its parameters. */
  free_circuit: string | null;
  free_parameters: Record<string, number>;
}

/** A class of circuits as it is reported. */
export interface ClassReport {
  arcs: number;
  tail: Tail;
  served: number;
  sum_aicc: number | null;
  out: string | null;
}

/** One circuit and one meaning of arcs for spectra of one pellet at several temperatures. */
export interface TemperatureSeriesFit {
  /** Null where no class of circuits serves three quarters of the temperatures. */
  arcs: number | null;
  tail: Tail | null;
  /** Median C (F) of each arc over the temperatures, from the slowest on; it decides the role of the arc. */
  arc_median_C_F: number[];
  readings: SeriesReading[];
  classes: ClassReport[];
  warnings: AnalysisWarning[];
}

/** Fewer temperatures than this are not a series. */
export const fewestTemperatures = 3;

/** Starts are passed from each temperature to the next, upwards and downwards. */
function withNeighbours(inputs: readonly SeriesInput[]): SeriesCandidate[][] {
  const all = inputs.map(({ spectrum, alternatives }) => candidatesFrom(spectrum, alternatives));
  const pass = (to: number, from: number) => {
    all[to] = improvedBy(all[to]!, inputs[to]!.spectrum, all[from]!, inputs[from]!.spectrum);
  };
  for (let i = 1; i < all.length; i++) pass(i, i - 1);
  for (let i = all.length - 2; i >= 0; i--) pass(i, i + 1);
  return all;
}

function capacitances({ readings, arcs }: TriedClass): number[] {
  return Array.from({ length: arcs }, (_, j) => medianLogCapacitance(readings, j, arcs)).flatMap((value) =>
    value === null ? [] : [Math.exp(value)],
  );
}

function readingOf(
  temperature_celsius: number,
  taken: SeriesCandidate | null,
  candidates: readonly SeriesCandidate[],
): SeriesReading {
  const free = choose(candidates);
  return {
    temperature_celsius,
    circuit: taken?.fit.model.circuit.code ?? null,
    parameters: taken ? parametersByName(taken.fit) : {},
    resistors: taken?.arcs.map(({ resistor }) => resistor) ?? [],
    free_circuit: free?.fit.model.circuit.code ?? null,
    free_parameters: free ? parametersByName(free.fit) : {},
  };
}

const reportOf = ({ arcs, tail, served, sum_aicc, out }: TriedClass): ClassReport => ({
  arcs,
  tail,
  served,
  sum_aicc: Number.isFinite(sum_aicc) ? sum_aicc : null,
  out,
});

/**
 * Chooses one class of circuits (a number of arcs and a tail) for all temperatures, so that a change of circuit cannot
 * look like an activation energy. An arc that leaves the band becomes part of the series resistance at that
 * temperature only, and the sum stays right. Geometry is not used.
 */
export function fitTemperatureSeries(given: readonly SeriesInput[]): TemperatureSeriesFit {
  const order = given
    .map((_, i) => i)
    .sort((a, b) => given[a]!.temperature_celsius - given[b]!.temperature_celsius);
  const inputs = order.map((i) => given[i]!);
  const candidates = withNeighbours(inputs);
  const { chosen, tried } = chooseClass(
    inputs.map(({ temperature_celsius }, i) => ({
      kelvin: temperature_celsius + ZERO_CELSIUS_KELVIN,
      candidates: candidates[i]!,
    })),
  );
  const inOrder = inputs.map(({ temperature_celsius }, i) =>
    readingOf(temperature_celsius, chosen?.readings[i]?.candidate ?? null, candidates[i]!),
  );
  const readings = given.map((_, i) => inOrder[order.indexOf(i)]!);
  const warnings: AnalysisWarning[] = readings
    .filter(({ circuit }) => chosen !== null && circuit === null)
    .map(({ temperature_celsius: celsius }) => say('SERIES_READING_LEFT_OUT/at', { celsius }));
  if (chosen === null) {
    warnings.push(say('NO_COMMON_CIRCUIT'));
  }
  return {
    arcs: chosen?.arcs ?? null,
    tail: chosen?.tail ?? null,
    arc_median_C_F: chosen ? capacitances(chosen) : [],
    readings,
    classes: tried.map(reportOf),
    warnings,
  };
}
