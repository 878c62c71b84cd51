import type { AssignedArc, ImpedanceQuantity } from '../../analysis/impedance/result.js';
import type { AnalysisWarning, Quantity } from '../../analysis/result.js';
import { combined } from '../../analysis/uncertainty/index.js';
import type { Message } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { SqlRow } from '../../store/connection.js';
import type { Fit } from '../fit.js';
import type { FitSet } from '../fit-set.js';
import { impedance } from '../kinds/impedance.js';
import { impedanceMaterial } from '../kinds/impedance-material.js';
import { toJson } from '../plain.js';
import { figureColumns, quantityRows } from '../quantity-rows.js';
import type { SpectrumRecord } from '../spectra.js';
import { cellConstantComponents } from '../uncertainty.js';
import type { StoredImpedanceFit } from './spectrum-fit.js';
import { reasonToDistrust } from './trust.js';

/** The conductivity from one spectrum of a pellet, or why there is none. */
export interface ConductivityReading {
  spectrum_id: number;
  temperature_celsius: number | null;
  /** file, conditions.csv or file name; null: not known. */
  temperature_source: string | null;
  branch: string | null;
  sigma: ImpedanceQuantity | null;
  /** Why the Arrhenius fit leaves it out; null where it does not. */
  excluded_reason: string | null;
  /** The same as a message. */
  excluded_why: Message | null;
}

/** The same, with how it was obtained. */
export interface Conductivity extends ConductivityReading {
  /** The circuit it comes from, and the roles of its arcs. */
  circuit: string | null;
  arcs: AssignedArc[];
  /** σ (S/cm) by the circuit that this spectrum would get on its own; null where that is the same. */
  free_sigma: number | null;
  /** σ (S/cm) if arcs that may be grain boundary or interface are taken as interface; null where there are none. */
  sigma_if_interface: number | null;
  /** σ (S/cm) with the end points that were trimmed; null where none were. */
  sigma_untrimmed: number | null;
  warnings: AnalysisWarning[];
}

type Conductivities = ReadonlyMap<string, readonly Conductivity[]>;

/** Fits do not change once they are made. */
const alreadyRead = new WeakMap<FitSet, Conductivities>();

/** Conductivities of all pellets, one per spectrum, by cell. */
export function conductivitiesOf(set: FitSet): Conductivities {
  const found = alreadyRead.get(set) ?? readConductivities(set);
  alreadyRead.set(set, found);
  return found;
}

function readConductivities(set: FitSet): Conductivities {
  const fits = set.of(impedance);
  const pellets = new Map<string, Conductivity[]>();
  set.spectra.forEach(({ cell, spectrum }, i) => {
    if (cell.cell_type !== 'pellet') return;
    const own = set.find(impedanceMaterial, String(spectrum.spectrum_id))?.result;
    const row = (name: string) => own?.results.find(({ quantity }) => quantity === name) ?? null;
    const sigma = row('sigma_total_S_cm');
    const trimmed = own?.other_resistances?.find(({ choice }) => choice === 'points');
    const why = reasonToExclude(spectrum, fits[i], sigma, own?.warnings ?? []);
    const list = pellets.get(cell.cell_id) ?? [];
    list.push({
      spectrum_id: spectrum.spectrum_id,
      temperature_celsius: spectrum.temperature_celsius,
      temperature_source: spectrum.temperature_source,
      branch: spectrum.branch,
      sigma,
      circuit: own?.circuit ?? null,
      arcs: own?.arcs ?? [],
      free_sigma: own?.free_sigma_S_cm ?? null,
      sigma_if_interface: row('sigma_total_if_interface_S_cm')?.value ?? null,
      sigma_untrimmed:
        sigma?.value == null || !trimmed?.R_electrolyte_factor
          ? null
          : sigma.value / trimmed.R_electrolyte_factor,
      warnings: own?.warnings ?? [],
      excluded_reason: why?.message ?? null,
      excluded_why: why,
    });
    pellets.set(cell.cell_id, list);
  });
  return pellets;
}

/** Warnings of a reading that leave it out of its series. */
const leavingOut = ['SERIES_READING_LEFT_OUT', 'ARC_NOT_CLOSED', 'NO_GEOMETRY', 'NO_RESISTANCE'];

function reasonToExclude(
  spectrum: SpectrumRecord,
  fit: Fit<StoredImpedanceFit> | undefined,
  sigma: ImpedanceQuantity | null,
  warnings: readonly AnalysisWarning[],
): Message | null {
  const distrust = reasonToDistrust(fit);
  if (distrust !== null) return distrust;
  const against = warnings.find(({ code }) => leavingOut.includes(code));
  if (against !== undefined) return against;
  if (sigma?.value == null) return say('NO_CONDUCTIVITY_READING');
  if (spectrum.temperature_celsius === null) return say('TEMPERATURE_UNKNOWN');
  return null;
}

/** Rows of `conductivities`: every spectrum of a pellet, with a value or without. */
export function conductivityRows(set: FitSet): SqlRow[] {
  const conductivities = conductivitiesOf(set);
  return set.spectra.flatMap(({ cell, spectrum }): SqlRow[] => {
    if (cell.cell_type !== 'pellet') return [];
    const own = set.find(impedanceMaterial, String(spectrum.spectrum_id));
    const point = conductivities
      .get(cell.cell_id)
      ?.find(({ spectrum_id }) => spectrum_id === spectrum.spectrum_id);
    const sigma = point?.sigma ?? null;
    const resistance = own?.result?.results.find(({ quantity }) => quantity === 'R_electrolyte_ohm');
    const warnings = own?.result?.warnings ?? [];
    const excluded = point?.excluded_reason;
    const shared: SqlRow = {
      run_id: own?.run_id ?? null,
      spectrum_id: spectrum.spectrum_id,
      cell_id: cell.cell_id,
      temperature_celsius: spectrum.temperature_celsius,
      branch: spectrum.branch,
      conductivity_siemens_per_centimeter: sigma?.value ?? null,
      resistance_ohm: resistance?.value ?? null,
      circuit: point?.circuit ?? null,
      arcs: toJson(point?.arcs.map(arcSummary) ?? []),
      conductivity_standard_error: sigma?.standard_error_adjusted ?? null,
      geometry_relative_uncertainty: combined(cellConstantComponents(cell)),
    };
    const rest = { warnings, excluded: excluded == null ? [] : [{ index: 0, reason: excluded }] };
    if (sigma === null)
      return [
        { ...shared, quantity: 'sigma_total_S_cm', unit: 'S/cm', status: 'unusable', ...figureColumns(rest) },
      ];
    return quantityRows([withoutAdjusted(sigma)], shared, rest);
  });
}

/** What the table of readings shows of an arc. */
const arcSummary = (arc: AssignedArc) => ({
  resistor: arc.resistor,
  R_ohm: arc.R_ohm,
  role: arc.role,
  C_F: arc.C_eff_F,
  C_normalised_F: arc.C_normalised_F,
  C_areal_per_interface_F_cm2: arc.C_areal_per_interface_F_cm2,
  f_char_hz: arc.f_char_hz,
  counted: !arc.below_band && arc.role !== 'interface',
});

/** In `conductivities` the standard error is the adjusted one. */
function withoutAdjusted(row: ImpedanceQuantity): Quantity {
  const { standard_error_adjusted, relative_standard_error: _relative, ...rest } = row;
  return { ...rest, standard_error: standard_error_adjusted };
}
