import { type CellDescription, conductivity, deriveMaterial } from '../../analysis/impedance/index.js';
import type { DerivedResult } from '../../analysis/impedance/result.js';
import { impedanceMessages as say } from '../../messages/impedance.js';
import { describeCell } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits, outcomeOf, type Subject } from '../fit.js';
import type { FitSet } from '../fit-set.js';
import { impedance } from '../kinds/impedance.js';
import { impedanceMaterial } from '../kinds/impedance-material.js';
import { impedanceSeries } from '../kinds/impedance-series.js';
import type { CellSpectrum } from '../spectra.js';
import { fitInputOf } from './impedance.js';
import { describeReading, fitOfReading, type SeriesContext, seriesBySpectrum } from './impedance-series.js';
import { reviveImpedanceFit, type StoredImpedanceFit } from './spectrum-fit.js';

/** What a spectrum says about its cell, and by which circuit. */
export interface StoredMaterial extends DerivedResult {
  circuit: string | null;
  /** σ (S/cm) by the circuit that this spectrum would get on its own; null where it is the same. */
  free_sigma_S_cm: number | null;
}

interface MaterialInput {
  key: string;
  description: CellDescription;
  context: SeriesContext | null;
}

const leftOut: DerivedResult = {
  results: [],
  warnings: [
    {
      ...say('SERIES_READING_LEFT_OUT/spectrum'),
    },
  ],
};

function derive(stored: StoredImpedanceFit, one: CellSpectrum, input: MaterialInput): StoredMaterial {
  const own = reviveImpedanceFit(stored);
  const { context, description } = input;
  if (context === null)
    return { ...deriveMaterial(own, description), circuit: own.circuit, free_sigma_S_cm: null };
  if (context.reading.circuit === null) return { ...leftOut, circuit: null, free_sigma_S_cm: null };
  const fit = fitOfReading(own, fitInputOf(one), context.reading);
  const { cell, free_resistance_ohm } = describeReading(description, context);
  const { thickness_cm, area_cm2 } = cell;
  return {
    ...deriveMaterial(fit, cell),
    circuit: fit.circuit,
    free_sigma_S_cm:
      free_resistance_ohm === null || !thickness_cm || !area_cm2
        ? null
        : conductivity(free_resistance_ohm, thickness_cm, area_cm2),
  };
}

/**
 * What each circuit fit says about its cell: conductivity of a pellet, area-specific resistance of an interface.
 * Readings of a series use the circuit and the roles of arcs of the series.
 */
export function make(set: FitSet, known: KnownFits): Promise<Fit<StoredMaterial>[]> {
  const { spectra } = set;
  const fits = set.of(impedance);
  const bySpectrum = seriesBySpectrum(set.of(impedanceSeries));
  const byKey = new Map(fits.map((fit, i) => [fit.input_key, i]));
  const subjects = fits.flatMap((fit, i): Subject<MaterialInput>[] => {
    const one = spectra[i];
    if (one === undefined || fit.result === null) return [];
    const context = bySpectrum.get(one.spectrum.spectrum_id) ?? null;
    const input = { key: fit.input_key, description: describeCell(one.cell), context };
    return [{ subject: fit.subject, cell_id: fit.cell_id, input }];
  });
  return fitSubjects(impedanceMaterial.kind, subjects, known, (inputs) =>
    inputs.map((input) =>
      outcomeOf(() => {
        const i = byKey.get(input.key) as number;
        return derive(fits[i]!.result as StoredImpedanceFit, spectra[i]!, input);
      }),
    ),
  );
}
