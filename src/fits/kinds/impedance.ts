import { parseCircuit } from '../../analysis/impedance/circuit/parse.js';
import {
  type CellDescription,
  deriveMaterial,
  fitImpedance,
  type ImpedanceFit,
  type Spectrum,
} from '../../analysis/impedance/index.js';
import type { DerivedResult } from '../../analysis/impedance/result.js';
import { describeCell } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits, type Outcome, outcomeOf, type Subject } from '../fit.js';
import type { CellSpectrum } from '../spectra.js';

/** What a circuit fit depends on: not the geometry, so that a corrected thickness costs no new fit. */
export interface ImpedanceInput {
  spectrum: Spectrum;
  lead: number | Spectrum | null;
  /** Null: chosen automatically. */
  circuit: string | null;
}

/** A circuit fit as it is stored; `model` without the parsed circuit. */
export type StoredImpedanceFit = Omit<ImpedanceFit, 'model'> & {
  model: Omit<ImpedanceFit['model'], 'circuit' | 'values' | 'covariance'> & {
    values: number[];
    covariance: number[];
  };
};

/** Fits one spectrum; pure, so that it can run in a worker. */
export function fitSpectrum({ spectrum, lead, circuit }: ImpedanceInput): Outcome<StoredImpedanceFit> {
  return outcomeOf(() => {
    const fit = fitImpedance(spectrum, { lead: lead ?? undefined, circuit: circuit ?? undefined });
    const { circuit: _parsed, ...model } = fit.model;
    return { ...fit, model } as unknown as StoredImpedanceFit;
  });
}

/** The fit as the analysis made it. */
export function reviveImpedanceFit(stored: StoredImpedanceFit): ImpedanceFit {
  return {
    ...stored,
    model: {
      ...stored.model,
      circuit: parseCircuit(stored.circuit),
      values: Float64Array.from(stored.model.values),
      covariance: Float64Array.from(stored.model.covariance),
    },
  };
}

export type ImpedanceSubject = Subject<ImpedanceInput>;

export function impedanceSubjects(spectra: readonly CellSpectrum[]): ImpedanceSubject[] {
  return spectra.map(({ cell, spectrum, lead }) => ({
    subject: String(spectrum.spectrum_id),
    cell_id: cell.cell_id,
    input: { spectrum: spectrum.points, lead, circuit: cell.circuit },
  }));
}

interface MaterialInput {
  key: string;
  description: CellDescription;
}

/** What each circuit fit says about its cell: conductivity of a pellet, area-specific resistance of an interface. */
export function deriveMaterials(
  spectra: readonly CellSpectrum[],
  fits: readonly Fit<StoredImpedanceFit>[],
  known: KnownFits,
): Promise<Fit<DerivedResult>[]> {
  const byKey = new Map(fits.map((fit) => [fit.input_key, fit.result]));
  const subjects = fits.flatMap((fit, i): Subject<MaterialInput>[] => {
    const cell = spectra[i]?.cell;
    if (cell === undefined || fit.result === null) return [];
    return [
      {
        subject: fit.subject,
        cell_id: fit.cell_id,
        input: { key: fit.input_key, description: describeCell(cell) },
      },
    ];
  });
  return fitSubjects('impedance_material', subjects, known, (inputs) =>
    inputs.map(({ key, description }) =>
      outcomeOf(() => deriveMaterial(reviveImpedanceFit(byKey.get(key) as StoredImpedanceFit), description)),
    ),
  );
}
