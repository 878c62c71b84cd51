import { electrodesOf } from '../../analysis/impedance/index.js';
import type { SqlRow } from '../../store/connection.js';
import { describeCell } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits } from '../fit.js';
import type { FitOptions, FitSet } from '../fit-set.js';
import { impedance } from '../kinds/impedance.js';
import { impedanceMaterial } from '../kinds/impedance-material.js';
import { fitSpectra } from '../pool.js';
import { quantityRows } from '../quantity-rows.js';
import type { CellSpectrum } from '../spectra.js';
import type { ImpedanceInput, StoredImpedanceFit } from './spectrum-fit.js';

/** What goes into the circuit fit of a spectrum. */
export const fitInputOf = ({ cell, spectrum, lead }: CellSpectrum): ImpedanceInput => ({
  spectrum: spectrum.points,
  lead,
  circuit: cell.circuit,
  window: spectrum.window,
  electrodes: electrodesOf(describeCell(cell)),
});

/** The circuit fit of every spectrum, in their order. */
export function make(
  set: FitSet,
  known: KnownFits,
  { onStart, onSpectrum, signal }: FitOptions,
): Promise<Fit<StoredImpedanceFit>[]> {
  const subjects = set.spectra.map((one) => ({
    subject: String(one.spectrum.spectrum_id),
    cell_id: one.cell.cell_id,
    input: fitInputOf(one),
  }));
  return fitSubjects(impedance.kind, subjects, known, (inputs) => {
    if (inputs.length > 0) onStart?.(inputs.length);
    return fitSpectra(inputs, { onDone: onSpectrum, signal });
  });
}

function impedanceRows(set: FitSet): SqlRow[] {
  return set.spectra.flatMap(({ spectrum }, i) => {
    const fit = set.of(impedance)[i];
    if (fit?.result == null) return [];
    const shared = {
      spectrum_id: spectrum.spectrum_id,
      cell_id: fit.cell_id,
      temperature_celsius: spectrum.temperature_celsius,
      circuit: fit.result.circuit,
      kramers_kronig: fit.result.kramers_kronig?.verdict ?? null,
    };
    const own = set.find(impedanceMaterial, fit.subject);
    return [
      ...quantityRows(fit.result.results, { ...shared, run_id: fit.run_id }, fit.result),
      ...quantityRows(
        own?.result?.results ?? [],
        { ...shared, circuit: own?.result?.circuit ?? fit.result.circuit, run_id: own?.run_id ?? null },
        { ...fit.result, warnings: own?.result?.warnings ?? [] },
      ),
    ];
  });
}

export const rows = { impedance_fits: impedanceRows };
