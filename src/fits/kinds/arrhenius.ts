import { type ArrheniusFit, fitArrhenius } from '../../analysis/arrhenius/index.js';
import type { DerivedResult, ImpedanceQuantity } from '../../analysis/impedance/result.js';
import { combined } from '../../analysis/uncertainty/index.js';
import type { CellRecord } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits, type Outcome, outcomeOf, type Subject } from '../fit.js';
import type { CellSpectrum, SpectrumRecord } from '../spectra.js';
import { cellConstantComponents, temperatureHalfWidth } from '../uncertainty.js';
import type { StoredImpedanceFit } from './impedance.js';
import { reasonToDistrust } from './trust.js';

/** The conductivity from one spectrum of a pellet, or why it supports nothing. */
export interface Conductivity {
  spectrum_id: number;
  temperature_celsius: number | null;
  temperature_source: string | null;
  branch: string | null;
  sigma: ImpedanceQuantity | null;
  /** Why the Arrhenius fit leaves it out; null: it does not. */
  excluded_reason: string | null;
}

interface ArrheniusSubjectInput {
  points: {
    spectrum_id: number;
    temperature_celsius: number;
    conductivity: number;
    standard_error: number | null;
    branch: string | null;
  }[];
  /** Conductivities of spectra that were left out, for the statistic with all of them. */
  left_out: ArrheniusSubjectInput['points'];
  geometry_relative_uncertainty: number;
  temperature_half_width_kelvin: number;
  heating_is_conditioning: boolean;
}

/** An Arrhenius fit together with the spectra behind its points. */
export interface PelletFit {
  fit: ArrheniusFit;
  spectrum_ids: number[];
  /** σ at 25 °C if nothing but missing temperatures were left out, S/cm; null where that is the same. */
  sigma25_without_exclusions: number | null;
}

/** Conductivities of all pellets, one per spectrum. */
export function conductivitiesOf(
  spectra: readonly CellSpectrum[],
  fits: readonly Fit<StoredImpedanceFit>[],
  derived: readonly Fit<DerivedResult>[],
): Map<string, Conductivity[]> {
  const material = new Map(derived.map((fit) => [fit.subject, fit.result]));
  const pellets = new Map<string, Conductivity[]>();
  spectra.forEach(({ cell, spectrum }, i) => {
    if (cell.cell_type !== 'pellet') return;
    const results = material.get(String(spectrum.spectrum_id))?.results ?? [];
    const sigma = results.find(({ quantity }) => quantity === 'sigma_total_S_cm') ?? null;
    const list = pellets.get(cell.cell_id) ?? [];
    list.push({
      spectrum_id: spectrum.spectrum_id,
      temperature_celsius: spectrum.temperature_celsius,
      temperature_source: spectrum.temperature_source,
      branch: spectrum.branch,
      sigma,
      excluded_reason: reasonToExclude(spectrum, fits[i], sigma),
    });
    pellets.set(cell.cell_id, list);
  });
  return pellets;
}

function reasonToExclude(
  spectrum: SpectrumRecord,
  fit: Fit<StoredImpedanceFit> | undefined,
  sigma: ImpedanceQuantity | null,
): string | null {
  const distrust = reasonToDistrust(fit);
  if (distrust !== null) return distrust;
  if (sigma?.value == null) return 'no conductivity: geometry missing, or no resistance of the electrolyte';
  if (spectrum.temperature_celsius === null) return 'temperature not known: give it in conditions.csv';
  return null;
}

function inputOf(cell: CellRecord, conductivities: readonly Conductivity[]): ArrheniusSubjectInput {
  const pointOf = ({ spectrum_id, temperature_celsius, branch, sigma }: Conductivity) => ({
    spectrum_id,
    temperature_celsius: temperature_celsius as number,
    conductivity: sigma?.value as number,
    standard_error: sigma?.standard_error_adjusted ?? null,
    branch,
  });
  const measurable = conductivities.filter(
    ({ temperature_celsius, sigma }) => temperature_celsius !== null && sigma?.value != null,
  );
  return {
    points: measurable.filter(({ excluded_reason }) => excluded_reason === null).map(pointOf),
    left_out: measurable.filter(({ excluded_reason }) => excluded_reason !== null).map(pointOf),
    geometry_relative_uncertainty: combined(cellConstantComponents(cell)),
    temperature_half_width_kelvin: temperatureHalfWidth(
      cell,
      measurable.map(({ temperature_source }) => temperature_source),
    ).kelvin,
    heating_is_conditioning: cell.heating_branch === 'conditioning',
  };
}

function fitPellet(input: ArrheniusSubjectInput): Outcome<PelletFit> {
  return outcomeOf(() => {
    const analyse = (points: ArrheniusSubjectInput['points']) =>
      fitArrhenius(
        {
          temperature_celsius: points.map((point) => point.temperature_celsius),
          conductivity_siemens_per_centimeter: points.map((point) => point.conductivity),
          conductivity_standard_error: points.map((point) => point.standard_error),
          branch: points.map((point) => point.branch),
        },
        {
          geometry_relative_uncertainty: input.geometry_relative_uncertainty,
          temperature_half_width_kelvin: input.temperature_half_width_kelvin,
          heating_is_conditioning: input.heating_is_conditioning,
        },
      );
    const everything = [...input.points, ...input.left_out];
    const withAll = input.left_out.length > 0 ? analyse(everything) : null;
    const sigmaOf = (fit: ArrheniusFit) =>
      fit.results.find(({ quantity }) => quantity === 'sigma25_S_cm')?.value ?? null;
    return {
      fit: analyse(input.points),
      spectrum_ids: input.points.map(({ spectrum_id }) => spectrum_id),
      sigma25_without_exclusions: withAll === null ? null : sigmaOf(withAll),
    };
  });
}

/** The Arrhenius fit of every pellet that has a spectrum. */
export function fitPellets(
  cells: readonly CellRecord[],
  conductivities: ReadonlyMap<string, Conductivity[]>,
  known: KnownFits,
): Promise<Fit<PelletFit>[]> {
  const subjects = cells.flatMap((cell): Subject<ArrheniusSubjectInput>[] => {
    const own = conductivities.get(cell.cell_id);
    if (own === undefined) return [];
    return [{ subject: cell.cell_id, cell_id: cell.cell_id, input: inputOf(cell, own) }];
  });
  return fitSubjects('arrhenius', subjects, known, (inputs) => inputs.map(fitPellet));
}
