import type { DuckDBConnection } from '@duckdb/node-api';
import type { CoulombicEfficiencyFit } from '../analysis/coulombic-efficiency/index.js';
import type { DecayFit } from '../analysis/decay/index.js';
import { select } from '../store/connection.js';
import { type CellRecord, readCells } from './cells.js';
import { type Fit, fitName, fitSubjects, type KnownFits } from './fit.js';
import { type Conductivity, conductivitiesOf, fitPellets, type PelletFit } from './kinds/arrhenius.js';
import { fitEfficiencies } from './kinds/coulombic-efficiency.js';
import { fitDecays, fitVoltageFades, type VoltageFade } from './kinds/decay.js';
import { type ImpedanceInput, impedanceSubjects, type StoredImpedanceFit } from './kinds/impedance.js';
import { fitSeries, type StoredSeriesFit } from './kinds/impedance-series.js';
import { deriveMaterials, type StoredMaterial } from './kinds/material.js';
import { type CellLife, readLives } from './lives.js';
import { fitSpectra } from './pool.js';
import { type CellSpectrum, cellSpectra, readSpectra } from './spectra.js';

/** All fits of a laboratory together with what they were made from. */
export interface FitSet {
  cells: CellRecord[];
  /** Spectra of declared cells; `impedance` has the same order. */
  spectra: CellSpectrum[];
  lives: Map<string, CellLife>;
  impedance: Fit<StoredImpedanceFit>[];
  series: Fit<StoredSeriesFit>[];
  material: Fit<StoredMaterial>[];
  conductivities: Map<string, Conductivity[]>;
  arrhenius: Fit<PelletFit>[];
  decay: Fit<DecayFit>[];
  voltageFade: Fit<VoltageFade>[];
  efficiency: Fit<CoulombicEfficiencyFit>[];
  /** Every fit of every kind. */
  all: Fit<unknown>[];
  /** Fits that no earlier run had made from the same input. */
  fresh: number;
}

export interface FitOptions {
  /** Called once, before spectra are fitted, with how many there are; no call where none is new. */
  onStart?: ((spectra: number) => void) | undefined;
  /** Called as each of them is done. */
  onSpectrum?: (() => void) | undefined;
  signal?: AbortSignal | undefined;
}

type StoredFit = Omit<Fit<string>, 'refusal'> & {
  refusal_code: string | null;
  refusal: string | null;
  refusal_message: string | null;
};

/** What earlier runs fitted. */
async function readKnownFits(connection: DuckDBConnection): Promise<KnownFits> {
  const rows = await select<StoredFit>(connection, 'SELECT * FROM fits');
  return new Map(
    rows.map(({ refusal_code, refusal, refusal_message, result, ...row }) => [
      fitName(row.kind, row.subject),
      {
        ...row,
        result: result === null ? null : JSON.parse(result),
        refusal:
          refusal_code === null
            ? null
            : { ...JSON.parse(refusal_message ?? '{}'), code: refusal_code, message: refusal ?? '' },
      },
    ]),
  );
}

/**
 * Makes every fit that the data in the database allow; what was fitted before from the same input is taken from there.
 * Nothing is written.
 */
export async function makeFits(connection: DuckDBConnection, options: FitOptions = {}): Promise<FitSet> {
  const cells = await readCells(connection);
  const spectra = cellSpectra(cells, await readSpectra(connection));
  const lives = await readLives(connection);
  const known = await readKnownFits(connection);
  const fitAll = (inputs: readonly ImpedanceInput[]) => {
    if (inputs.length > 0) options.onStart?.(inputs.length);
    return fitSpectra(inputs, { onDone: options.onSpectrum, signal: options.signal });
  };
  const impedance = await fitSubjects('impedance', impedanceSubjects(spectra), known, fitAll);
  const series = await fitSeries(spectra, impedance, known);
  const material = await deriveMaterials(spectra, impedance, series, known);
  const conductivities = conductivitiesOf(spectra, impedance, material);
  const arrhenius = await fitPellets(cells, conductivities, known);
  const decay = await fitDecays(cells, lives, known);
  const voltageFade = await fitVoltageFades(cells, lives, known);
  const efficiency = await fitEfficiencies(cells, lives, known);
  const all: Fit<unknown>[] = [
    ...impedance,
    ...series,
    ...material,
    ...arrhenius,
    ...decay,
    ...voltageFade,
    ...efficiency,
  ];
  return {
    cells,
    spectra,
    lives,
    impedance,
    series,
    material,
    conductivities,
    arrhenius,
    decay,
    voltageFade,
    efficiency,
    all,
    fresh: all.filter(({ run_id }) => run_id === null).length,
  };
}
