import {
  type ArcAssignment,
  type AssignedArc,
  conductivityFromFit,
  simulateImpedance,
} from '../../analysis/impedance/index.js';
import { type CellRecord, describeCell } from '../../fits/cells.js';
import { reviveImpedanceFit, type StoredImpedanceFit } from '../../fits/kinds/impedance.js';
import {
  describeReading,
  type SeriesContext,
  storedFitOfReading,
} from '../../fits/kinds/impedance-series.js';
import type { SpectrumRecord } from '../../fits/spectra.js';
import { slug } from '../html.js';
import { plainNumber } from '../numbers.js';

/** One spectrum with its fit, as the figures and tables of impedance want it. */
export interface FittedSpectrum {
  cell: CellRecord;
  spectrum: SpectrumRecord;
  fit: StoredImpedanceFit;
  arcs: AssignedArc[];
  /** Who chose the circuit, as words after it. */
  choice: string;
  /** Resistances that stand in series, by name, Ω. */
  seriesResistance: number;
}

function choiceOf({ requested_circuit }: StoredImpedanceFit, series: SeriesContext | null): string {
  if (requested_circuit !== null) return 'as cells.csv asks';
  if (series === null) return 'chosen automatically';
  return series.reading.circuit === null
    ? 'chosen automatically for this spectrum alone: no circuit of the kind of its series describes it'
    : 'chosen automatically, of one kind for all temperatures of the series';
}

/**
 * A spectrum with the fit that is judged: of the circuit of its series where it belongs to one.
 * @param own the fit of the spectrum alone
 * @param series what its series says of it; null where it belongs to none
 */
export function impedanceSubject(
  cell: CellRecord,
  spectrum: SpectrumRecord,
  own: StoredImpedanceFit,
  series: SeriesContext | null,
): FittedSpectrum {
  const fit = storedFitOfReading(own, series);
  const revived = reviveImpedanceFit(fit);
  const alone = describeCell(cell);
  const described = series?.reading.circuit == null ? alone : describeReading(alone, series).cell;
  const arcs = conductivityFromFit(revived, described).arcs;
  const ofArcs = new Set(arcs.map(({ resistor }) => resistor));
  const { parameters } = revived.model.circuit;
  const seriesResistance = parameters.reduce(
    (sum, { name }, i) =>
      /^R\d/.test(name) && !ofArcs.has(name) ? sum + (fit.model.values[i] as number) : sum,
    0,
  );
  return { cell, spectrum, fit, arcs, choice: choiceOf(own, series), seriesResistance };
}

/** Impedance of the fitted circuit at other frequencies, for a smooth curve. */
export function fittedImpedance({ fit }: FittedSpectrum, frequencies: readonly number[]) {
  const { parameters } = reviveImpedanceFit(fit).model.circuit;
  const values = Object.fromEntries(parameters.map(({ name }, i) => [name, fit.model.values[i] as number]));
  return simulateImpedance(fit.circuit, values, frequencies);
}

const bandNames: Readonly<Record<ArcAssignment['band'], string>> = {
  unphysical: 'stray capacitance',
  bulk: 'bulk',
  grain_boundary: 'grain boundary',
  surface_layer: 'surface layer',
  interface: 'interface',
  electrochemical_reaction: 'electrode reaction',
};

/** What an arc is taken for; `not assigned` where no area is known. */
export const arcName = ({ assignment }: AssignedArc): string =>
  assignment === null ? 'not assigned' : bandNames[assignment.band];

/** Where and under what a spectrum was measured. */
export function spectrumTitle({
  spectrum_id,
  temperature_celsius,
  branch,
  state_of_charge,
}: SpectrumRecord): string {
  const at =
    temperature_celsius === null ? 'temperature not known' : `${plainNumber(temperature_celsius)} °C`;
  const charge = state_of_charge === null ? '' : `, ${plainNumber(100 * state_of_charge)} % state of charge`;
  return `${at}${branch === null ? '' : `, ${branch}`}${charge} (spectrum ${spectrum_id})`;
}

export const spectrumSlug = ({ cell, spectrum }: FittedSpectrum): string =>
  `${slug(cell.cell_id)}-${spectrum.spectrum_id}`;
