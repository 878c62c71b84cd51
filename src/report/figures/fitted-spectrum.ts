import { type AssignedArc, conductivityFromFit, simulateImpedance } from '../../analysis/impedance/index.js';
import { type CellRecord, describeCell } from '../../fits/cells.js';
import {
  describeReading,
  type SeriesContext,
  storedFitOfReading,
} from '../../fits/making/impedance-series.js';
import { reviveImpedanceFit, type StoredImpedanceFit } from '../../fits/making/spectrum-fit.js';
import type { SpectrumRecord } from '../../fits/spectra.js';
import { slug } from '../html.js';
import { plainNumber } from '../numbers.js';
import { figureWords } from '../speech.js';
import { branchText } from './arrhenius-readings.js';

/** One spectrum with its fit, as the figures and tables of impedance need it. */
export interface FittedSpectrum {
  cell: CellRecord;
  spectrum: SpectrumRecord;
  fit: StoredImpedanceFit;
  arcs: AssignedArc[];
  /** Who chose the circuit. */
  choice: 'asked' | 'alone' | 'of_spectrum' | 'of_series';
  /** Resistances in series, by name, Ω. */
  seriesResistance: number;
}

function choiceOf(
  { requested_circuit }: StoredImpedanceFit,
  series: SeriesContext | null,
): FittedSpectrum['choice'] {
  if (requested_circuit !== null) return 'asked';
  if (series === null) return 'alone';
  return series.reading.circuit === null ? 'of_spectrum' : 'of_series';
}

/**
 * A spectrum with the fit that is judged: the one with the circuit of its series where it belongs to one.
 * @param own the fit of the spectrum alone
 * @param series what its series says about it; null where it does not belong to one
 */
export function fittedSpectrum(
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

/** The role of an arc; `not assigned` where no area is known. */
export const arcName = ({ assignment }: AssignedArc): string =>
  figureWords(assignment === null ? 'band/none' : `band/${assignment.band}`);

/** Where and under what a spectrum was measured. */
export function spectrumTitle({
  spectrum_id,
  temperature_celsius,
  branch,
  state_of_charge,
}: SpectrumRecord): string {
  const parts = [
    temperature_celsius === null
      ? figureWords('spectrum_no_temperature')
      : `${plainNumber(temperature_celsius)} °C`,
    ...(branch === null ? [] : [branchText(branch)]),
    ...(state_of_charge === null
      ? []
      : [figureWords('spectrum_charge', { percent: plainNumber(100 * state_of_charge) })]),
  ];
  return figureWords('spectrum_where', { parts, id: String(spectrum_id) });
}

export const spectrumSlug = ({ cell, spectrum }: FittedSpectrum): string =>
  `${slug(cell.cell_id)}-${spectrum.spectrum_id}`;
