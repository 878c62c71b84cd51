import type { CellDescription } from '../../analysis/impedance/index.js';
import {
  describedBySeries,
  fewestTemperatures,
  fitImpedance,
  fitTemperatureSeries,
  freelyChosenResistance,
  type ImpedanceFit,
  prepareForFit,
  type SeriesReading,
  type TemperatureSeriesFit,
} from '../../analysis/impedance/index.js';
import { type Fit, fitSubjects, type KnownFits, type Outcome, outcomeOf, type Subject } from '../fit.js';
import type { FitSet } from '../fit-set.js';
import { impedance } from '../kinds/impedance.js';
import { impedanceSeries } from '../kinds/impedance-series.js';
import type { CellSpectrum } from '../spectra.js';
import { fitInputOf } from './impedance.js';
import {
  type ImpedanceInput,
  reviveImpedanceFit,
  type StoredImpedanceFit,
  storedImpedanceFit,
} from './spectrum-fit.js';
import { reasonToDistrust } from './trust.js';

/** A spectrum of a series; the key of its own fit represents its points. */
interface SeriesMember {
  spectrum_id: number;
  key: string;
  temperature_celsius: number;
}

interface SeriesSubjectInput {
  /** Null: chosen for the series. */
  circuit: string | null;
  members: SeriesMember[];
}

/** A series as it is stored: what is used at each temperature, by spectrum. */
export type StoredSeriesFit = Omit<TemperatureSeriesFit, 'readings'> & {
  readings: (SeriesReading & { spectrum_id: number })[];
};

/** Readings of one pellet and branch at three or more temperatures form a series. */
function seriesSubjects(
  spectra: readonly CellSpectrum[],
  fits: readonly Fit<StoredImpedanceFit>[],
): Subject<SeriesSubjectInput>[] {
  const groups = new Map<string, Subject<SeriesSubjectInput>>();
  spectra.forEach(({ cell, spectrum }, i) => {
    const fit = fits[i];
    const { temperature_celsius, branch, spectrum_id } = spectrum;
    if (cell.cell_type !== 'pellet' || temperature_celsius === null) return;
    if (fit === undefined || reasonToDistrust(fit) !== null) return;
    const subject = branch === null ? cell.cell_id : `${cell.cell_id} ${branch}`;
    const group = groups.get(subject) ?? {
      subject,
      cell_id: cell.cell_id,
      input: { circuit: cell.circuit, members: [] },
    };
    group.input.members.push({ spectrum_id, key: fit.input_key, temperature_celsius });
    groups.set(subject, group);
  });
  const temperatures = ({ input }: Subject<SeriesSubjectInput>) =>
    new Set(input.members.map(({ temperature_celsius }) => Math.round(temperature_celsius)));
  return [...groups.values()].filter((subject) => temperatures(subject).size >= fewestTemperatures);
}

/** A series whose circuit the user gave; its arcs have the same meaning at all temperatures, too. */
function withGivenCircuit(
  members: readonly SeriesMember[],
  fits: readonly ImpedanceFit[],
): TemperatureSeriesFit {
  const readings = fits.map((fit, i): SeriesReading => {
    const arcs = [...fit.arcs].sort((a, b) => (b.tau_s ?? 0) - (a.tau_s ?? 0));
    return {
      temperature_celsius: members[i]!.temperature_celsius,
      circuit: fit.circuit,
      parameters: {},
      resistors: arcs.map(({ resistor }) => resistor),
      free_circuit: null,
      free_parameters: {},
    };
  });
  const most = Math.max(...readings.map(({ resistors }) => resistors.length));
  const ofArc = (j: number) =>
    fits
      .flatMap(
        (fit, i) => fit.arcs.find(({ resistor }) => resistor === readings[i]!.resistors[j])?.C_eff_F ?? [],
      )
      .sort((a, b) => a - b);
  const medians = Array.from({ length: most }, (_, j) => ofArc(j)).flatMap(
    (sorted) => sorted[sorted.length >> 1] ?? [],
  );
  return { arcs: most, tail: null, arc_median_C_F: medians, readings, classes: [], warnings: [] };
}

/** One kind of circuit and one meaning of arcs for every pellet that was measured at several temperatures. */
export function make(set: FitSet, known: KnownFits): Promise<Fit<StoredSeriesFit>[]> {
  const { spectra } = set;
  const fits = set.of(impedance);
  const index = new Map(spectra.map(({ spectrum }, i) => [spectrum.spectrum_id, i]));
  const compute = ({ circuit, members }: SeriesSubjectInput): Outcome<StoredSeriesFit> =>
    outcomeOf(() => {
      const at = members.map(({ spectrum_id }) => index.get(spectrum_id) as number);
      const stored = at.map((i) => reviveImpedanceFit(fits[i]!.result as StoredImpedanceFit));
      const series =
        circuit === null
          ? fitTemperatureSeries(
              members.map(({ temperature_celsius }, k) => {
                const { spectrum, lead, window } = fitInputOf(spectra[at[k]!]!);
                const options = { lead: lead ?? undefined, window: window ?? undefined };
                return {
                  temperature_celsius,
                  spectrum: prepareForFit(spectrum, options).spectrum,
                  alternatives: stored[k]!.alternatives,
                };
              }),
            )
          : withGivenCircuit(members, stored);
      return {
        ...series,
        readings: series.readings.map((reading, k) => ({ ...reading, spectrum_id: members[k]!.spectrum_id })),
      };
    });
  return fitSubjects(impedanceSeries.kind, seriesSubjects(spectra, fits), known, (inputs) =>
    inputs.map(compute),
  );
}

/** The part of a series that concerns one spectrum. */
export interface SeriesContext {
  series: Pick<StoredSeriesFit, 'arcs' | 'tail' | 'arc_median_C_F'>;
  reading: SeriesReading;
}

/** What its series says about each spectrum. */
export function seriesBySpectrum(
  series: readonly Pick<Fit<StoredSeriesFit>, 'result'>[],
): Map<number, SeriesContext> {
  const found = new Map<number, SeriesContext>();
  for (const { result } of series) {
    if (result === null || result.arcs === null) continue;
    const { arcs, tail, arc_median_C_F } = result;
    for (const { spectrum_id, ...reading } of result.readings) {
      found.set(spectrum_id, { series: { arcs, tail, arc_median_C_F }, reading });
    }
  }
  return found;
}

const sameValue = 1e-6;

/** The fit of a spectrum with the circuit of its series; its own fit where the circuit is the same. */
export function fitOfReading(
  own: ImpedanceFit,
  { spectrum, lead, window }: ImpedanceInput,
  { circuit, parameters }: SeriesReading,
): ImpedanceFit {
  const isSame =
    circuit === own.circuit &&
    own.model.circuit.parameters.every(({ name }, j) => {
      const value = parameters[name];
      return value === undefined || Math.abs(value / own.model.values[j]! - 1) < sameValue;
    });
  if (isSame) return own;
  return fitImpedance(spectrum, {
    lead: lead ?? undefined,
    window: window ?? undefined,
    circuit: circuit as string,
    start: parameters,
    compare_circuits: false,
  });
}

/**
 * The fit of a spectrum with the circuit of its series, as figures draw it, made from the points of its own fit. Its
 * own fit where it belongs to no series, or where no circuit of the class of the series describes it.
 */
export function storedFitOfReading(
  own: StoredImpedanceFit,
  context: SeriesContext | null,
): StoredImpedanceFit {
  if (context === null || context.reading.circuit === null) return own;
  const revived = reviveImpedanceFit(own);
  // The leads are already subtracted from these points.
  const input = { spectrum: own.curve, lead: null, circuit: null, window: null };
  const fit = fitOfReading(revived, input, context.reading);
  if (fit === revived) return own;
  const { leads_subtracted, excluded } = own;
  return storedImpedanceFit({ ...fit, leads_subtracted, excluded });
}

/** Cell and freely chosen resistance for a reading of a series. */
export function describeReading(cell: CellDescription, { series, reading }: SeriesContext) {
  const whole = { ...series, readings: [], classes: [], warnings: [] };
  return {
    cell: describedBySeries(cell, whole, reading),
    free_resistance_ohm: freelyChosenResistance(cell, whole, reading),
  };
}
