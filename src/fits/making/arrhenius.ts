import { type ArrheniusFit, type ArrheniusForms, fitArrhenius } from '../../analysis/arrhenius/index.js';
import type { AnalysisWarning } from '../../analysis/result.js';
import { combined } from '../../analysis/uncertainty/index.js';
import { impedanceMessages } from '../../messages/impedance.js';
import type { SqlRow } from '../../store/connection.js';
import type { CellRecord } from '../cells.js';
import { type Fit, fitSubjects, type KnownFits, type Outcome, outcomeOf, type Subject } from '../fit.js';
import type { FitSet } from '../fit-set.js';
import { arrhenius } from '../kinds/arrhenius.js';
import { quantityRows } from '../quantity-rows.js';
import { cellConstantComponents, temperatureHalfWidth } from '../uncertainty.js';
import { type CircuitTerm, circuitTerm, withCircuitTerm } from './circuit-term.js';
import { type Conductivity, conductivitiesOf, conductivityRows } from './conductivities.js';

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
  /** σ at 25 °C, S/cm, if only readings without a temperature were left out; null where that is the same. */
  sigma25_without_exclusions: number | null;
  /** Results with the circuit that each temperature would get on its own; null where they are the same. */
  free_circuits: OtherReading | null;
  /** Results with ambiguous arcs taken as interface; null where there are none. */
  if_interface: OtherReading | null;
  /** Results with the end points that were trimmed; null where none were. */
  untrimmed: OtherReading | null;
  /** What the choice of circuits adds to the uncertainty. */
  circuit: CircuitTerm;
  warnings: AnalysisWarning[];
}

/** Results of another interpretation of the same spectra. */
export interface OtherReading {
  Ea_eV: number | null;
  sigma25_S_cm: number | null;
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
export function make(set: FitSet, known: KnownFits): Promise<Fit<PelletFit>[]> {
  const conductivities = conductivitiesOf(set);
  const subjects = set.cells.flatMap((cell): Subject<ArrheniusSubjectInput>[] => {
    const own = conductivities.get(cell.cell_id);
    if (own === undefined) return [];
    return [{ subject: cell.cell_id, cell_id: cell.cell_id, input: inputOf(cell, own) }];
  });
  return fitSubjects(arrhenius.kind, subjects, known, (inputs) => inputs.map(fitPellet));
}

function arrheniusRows(set: FitSet): SqlRow[] {
  return set.of(arrhenius).flatMap(({ result, run_id, cell_id }) => {
    if (result === null) return [];
    const { forms, weighted } = result.fit;
    const both = (of: ArrheniusForms, prefix: string) =>
      (['ln_sigma', 'ln_sigma_T'] as const).flatMap((form) =>
        quantityRows(
          of[form].results,
          { run_id, cell_id, form: `${prefix}${form}` },
          { ...result.fit, goodness: of[form].goodness },
        ),
      );
    // The weighted fit is stored as well, and never judged.
    const ofForm = [...both(forms, ''), ...(weighted === null ? [] : both(weighted.forms, 'weighted_'))];
    // What is judged: σ at 25 °C by the selected model and branch, or the reading at 25 °C.
    const judged = quantityRows(result.fit.results, { run_id, cell_id, form: 'judged' }, result.fit);
    return [...ofForm, ...judged];
  });
}

export const rows = { conductivities: conductivityRows, arrhenius_fits: arrheniusRows };
