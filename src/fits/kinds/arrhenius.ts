import { type ArrheniusFit, fitArrhenius } from '../../analysis/arrhenius/index.js';
import type { AssignedArc, ImpedanceQuantity } from '../../analysis/impedance/result.js';
import type { AnalysisWarning } from '../../analysis/result.js';
import { combined } from '../../analysis/uncertainty/index.js';
import { impedanceMessages } from '../../messages/impedance.js';
import type { Message } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { CellRecord } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits, type Outcome, outcomeOf, type Subject } from '../fit.js';
import type { CellSpectrum, SpectrumRecord } from '../spectra.js';
import { cellConstantComponents, temperatureHalfWidth } from '../uncertainty.js';
import { type CircuitTerm, circuitTerm, withCircuitTerm } from './circuit-term.js';
import type { StoredImpedanceFit } from './impedance.js';
import type { StoredMaterial } from './material.js';
import { reasonToDistrust } from './trust.js';

/** The conductivity from one spectrum of a pellet, or why it supports nothing. */
export interface ConductivityReading {
  spectrum_id: number;
  temperature_celsius: number | null;
  /** file, conditions.csv or file name; null: not known. */
  temperature_source: string | null;
  branch: string | null;
  sigma: ImpedanceQuantity | null;
  /** Why the Arrhenius fit leaves it out; null: it does not. */
  excluded_reason: string | null;
  /** The same as a message. */
  excluded_why: Message | null;
}

/** The same with how it was read. */
export interface Conductivity extends ConductivityReading {
  /** The circuit it comes from, and the roles of its arcs. */
  circuit: string | null;
  arcs: AssignedArc[];
  /** σ (S/cm) by the circuit that this spectrum alone would be given; null where that is the same. */
  free_sigma: number | null;
  /** σ (S/cm) if arcs that may be grain boundary or interface are interface; null where there is none. */
  sigma_if_interface: number | null;
  /** σ (S/cm) with the end points that were trimmed; null where none were. */
  sigma_untrimmed: number | null;
  warnings: AnalysisWarning[];
}

interface ArrheniusSubjectInput {
  points: {
    spectrum_id: number;
    temperature_celsius: number;
    conductivity: number;
    standard_error: number | null;
    branch: string | null;
    free: number | null;
    if_interface: number | null;
    untrimmed: number | null;
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
  /** With the circuit that each temperature alone would be given; null where that is the same. */
  free_circuits: OtherReading | null;
  /** With arcs that may be either as interface; null where there are none. */
  if_interface: OtherReading | null;
  /** With the end points of spectra that were trimmed; null where none were. */
  untrimmed: OtherReading | null;
  /** What the choice of circuits adds to the uncertainty. */
  circuit: CircuitTerm;
  warnings: AnalysisWarning[];
}

/** What another reading of the same spectra gives. */
export interface OtherReading {
  Ea_eV: number | null;
  sigma25_S_cm: number | null;
}

/** Conductivities of all pellets, one per spectrum. */
export function conductivitiesOf(
  spectra: readonly CellSpectrum[],
  fits: readonly Fit<StoredImpedanceFit>[],
  derived: readonly Fit<StoredMaterial>[],
): Map<string, Conductivity[]> {
  const material = new Map(derived.map((fit) => [fit.subject, fit.result]));
  const pellets = new Map<string, Conductivity[]>();
  spectra.forEach(({ cell, spectrum }, i) => {
    if (cell.cell_type !== 'pellet') return;
    const own = material.get(String(spectrum.spectrum_id));
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

function inputOf(cell: CellRecord, conductivities: readonly Conductivity[]): ArrheniusSubjectInput {
  const pointOf = ({ spectrum_id, temperature_celsius, branch, sigma, ...other }: Conductivity) => ({
    spectrum_id,
    temperature_celsius: temperature_celsius as number,
    conductivity: sigma?.value as number,
    standard_error: sigma?.standard_error_adjusted ?? null,
    branch,
    free: other.free_sigma,
    if_interface: other.sigma_if_interface,
    untrimmed: other.sigma_untrimmed,
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

const rowOf = (fit: ArrheniusFit, name: string) => fit.results.find(({ quantity }) => quantity === name);

const otherReading = (fit: ArrheniusFit): OtherReading => ({
  Ea_eV: rowOf(fit, 'Ea_eV')?.value ?? null,
  sigma25_S_cm: rowOf(fit, 'sigma25_S_cm')?.value ?? null,
});

function circuitMatters(fit: ArrheniusFit, free: OtherReading | null): AnalysisWarning {
  const { Ea_eV, sigma25_S_cm } = otherReading(fit);
  const text = (value: number | null | undefined, unit: string) => `${value?.toPrecision(4) ?? '?'} ${unit}`;
  return impedanceMessages('CIRCUIT_MATTERS', {
    free_energy: text(free?.Ea_eV, 'eV'),
    energy: text(Ea_eV, 'eV'),
    free_sigma: text(free?.sigma25_S_cm, 'S/cm'),
    sigma: text(sigma25_S_cm, 'S/cm'),
  });
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
    const fit = analyse(input.points);
    const other = (name: 'free' | 'if_interface' | 'untrimmed') =>
      input.points.some((point) => point[name] !== null)
        ? otherReading(
            analyse(
              input.points.map((point) => ({ ...point, conductivity: point[name] ?? point.conductivity })),
            ),
          )
        : null;
    const free_circuits = other('free');
    const circuit = circuitTerm(fit, free_circuits);
    return {
      fit: circuit.matters ? withCircuitTerm(fit, circuit) : fit,
      spectrum_ids: input.points.map(({ spectrum_id }) => spectrum_id),
      sigma25_without_exclusions: withAll === null ? null : otherReading(withAll).sigma25_S_cm,
      free_circuits,
      if_interface: other('if_interface'),
      untrimmed: other('untrimmed'),
      circuit,
      warnings: circuit.matters ? [circuitMatters(fit, free_circuits)] : [],
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
