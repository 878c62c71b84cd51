import { parseCircuit } from '../../analysis/impedance/circuit/parse.js';
import {
  type Electrodes,
  type FrequencyWindow,
  fitImpedance,
  type ImpedanceFit,
  type Spectrum,
} from '../../analysis/impedance/index.js';
import { type Outcome, outcomeOf } from '../fit.js';

/** What a circuit fit depends on. The geometry is not part of it, so that a corrected thickness needs no new fit. */
export interface ImpedanceInput {
  spectrum: Spectrum;
  lead: number | Spectrum | null;
  /** Null: chosen automatically. */
  circuit: string | null;
  /** What the laboratory leaves out. */
  window: FrequencyWindow | null;
  /** Which circuits are considered; null: all. */
  electrodes?: Electrodes | null;
}

/** A circuit fit as it is stored; `model` without the parsed circuit. */
export type StoredImpedanceFit = Omit<ImpedanceFit, 'model'> & {
  model: Omit<ImpedanceFit['model'], 'circuit' | 'values' | 'covariance'> & {
    values: number[];
    covariance: number[];
  };
};

/** Fits one spectrum; pure, so that it can run in a worker. */
export function fitSpectrum({
  spectrum,
  lead,
  circuit,
  window,
  electrodes,
}: ImpedanceInput): Outcome<StoredImpedanceFit> {
  return outcomeOf(() => {
    const fit = fitImpedance(spectrum, {
      lead: lead ?? undefined,
      circuit: circuit ?? undefined,
      window: window ?? undefined,
      electrodes,
    });
    return storedImpedanceFit(fit);
  });
}

/** The fit as it is stored. */
export function storedImpedanceFit(fit: ImpedanceFit): StoredImpedanceFit {
  const { circuit: _parsed, ...model } = fit.model;
  return { ...fit, model } as unknown as StoredImpedanceFit;
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
