import { z } from 'zod';
import { conductivityFromReading, type ReadingAt25 } from '../../analysis/arrhenius/index.js';
import type { AnalysisWarning, Quantity } from '../../analysis/result.js';
import { mean } from '../../analysis/statistics/descriptive.js';
import {
  assumedAs,
  assumedMessage,
  boundsFrom,
  combined,
  ofReading,
  type UncertaintyComponent,
} from '../../analysis/uncertainty/index.js';
import { type OneSided, type OtherChoice, settledBy } from '../../analysis/verdict/index.js';
import { type CellRecord, contactArea, geometryWarnings } from '../../fits/cells.js';
import { arrhenius } from '../../fits/kinds/arrhenius.js';
import { impedance } from '../../fits/kinds/impedance.js';
import { impedanceMaterial } from '../../fits/kinds/impedance-material.js';
import { impedanceSeries } from '../../fits/kinds/impedance-series.js';
import type { PelletFit } from '../../fits/making/arrhenius.js';
import { type Conductivity, conductivitiesOf } from '../../fits/making/conductivities.js';
import {
  cellConstantComponents,
  type TemperatureHalfWidth,
  temperatureHalfWidth,
} from '../../fits/uncertainty.js';
import { impedanceMessages } from '../../messages/impedance.js';
import { named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import { oncePerCode } from '../group.js';
import type { LabData } from '../lab-data.js';
import {
  type CellMeasurement,
  cellConditions,
  defineCellMetric,
  type Exclusion,
  leftOut,
  measurementOf,
  type Support,
  unmeasured,
} from './definition.js';
import { type Sweep, stationarityOf, stationarityRuling } from './stationarity.js';

const REFERENCE_CELSIUS = 25;
const NEAR_KELVIN = 1;
const UM_PER_CM = 1e4;

/** Warnings about single spectra that matter for the whole number. */
const spectrumCodes = [
  'LEADS_NOT_SUBTRACTED',
  'NO_GEOMETRY',
  'KK_MARGINAL',
  'POOR_FIT',
  'MISFIT',
  'ASSIGNMENT_AMBIGUOUS',
  'END_POINTS_TRIMMED',
  'SERIES_READING_LEFT_OUT',
  'NO_COMMON_CIRCUIT',
];

function spectrumWarnings(lab: LabData, cell: CellRecord): AnalysisWarning[] {
  const all = [...lab.fits.of(impedance), ...lab.fits.of(impedanceSeries), ...lab.fits.of(impedanceMaterial)]
    .filter(({ cell_id }) => cell_id === cell.cell_id)
    .flatMap(({ result }) => result?.warnings ?? []);
  return oncePerCode(all.filter(({ code }) => spectrumCodes.includes(code)));
}

/**
 * Conditions that change σ by tens of percent and are not stated; they prevent a verdict only where the target
 * requires them.
 */
function metadataWarnings(cell: CellRecord, pressure: number | null): AnalysisWarning[] {
  const names = [
    ...(pressure === null ? [named('stack pressure')] : []),
    ...(cell.relative_density === null ? [named('relative density')] : []),
  ];
  return names.length === 0 ? [] : [say('CONDITIONS_NOT_STATED', { names })];
}

function pressureOf(lab: LabData, cell: CellRecord): number | null {
  const values = new Set(
    lab.fits.spectra
      .filter(({ spectrum }) => spectrum.cell_id === cell.cell_id)
      .map(({ spectrum }) => spectrum.pressure_mpa),
  );
  return values.size === 1 ? ([...values][0] ?? null) : null;
}

/** The parts of a measurement that do not depend on how σ at 25 °C was obtained. */
export function surroundings(lab: LabData, cell: CellRecord, points: readonly Conductivity[]) {
  const temperatures = points.flatMap(({ temperature_celsius }) => temperature_celsius ?? []);
  const pressure = pressureOf(lab, cell);
  const excluded: Exclusion[] = points.flatMap(({ spectrum_id, excluded_why: why }) =>
    why === null ? [] : [leftOut({ spectrum_id }, why)],
  );
  return {
    excluded,
    warnings: [
      ...spectrumWarnings(lab, cell),
      ...geometryWarnings(cell),
      ...metadataWarnings(cell, pressure),
    ],
    conditions: {
      temperature_celsius: REFERENCE_CELSIUS,
      lowest_temperature_celsius: temperatures.length > 0 ? Math.min(...temperatures) : null,
      highest_temperature_celsius: temperatures.length > 0 ? Math.max(...temperatures) : null,
      pressure_mpa: pressure,
      relative_density: cell.relative_density,
      batch: cell.batch,
      thickness_um: cell.thickness_um,
      area_cm2: contactArea(cell).area_cm2,
    },
  };
}

/** Sweeps of a cell with the conductivity from each. */
function sweepsOf(lab: LabData, cell: CellRecord, points: readonly Conductivity[]): Sweep[] {
  const used = new Map(points.map((point) => [point.spectrum_id, point]));
  return lab.fits.spectra.flatMap(({ spectrum }): Sweep[] => {
    const point = used.get(spectrum.spectrum_id);
    if (spectrum.cell_id !== cell.cell_id || point === undefined || point.excluded_reason !== null) return [];
    return [{ spectrum, row: point.sigma }];
  });
}

/**
 * An arc that may be grain boundary or interface counts, so that σ is a lower bound; the other value is given as well.
 */
function ambiguityOf(points: readonly Conductivity[], value: number, other: number | null): OneSided | null {
  const warning = points
    .filter(({ excluded_reason }) => excluded_reason === null)
    .flatMap(({ warnings }) => warnings)
    .find(({ code }) => code === 'ASSIGNMENT_AMBIGUOUS');
  if (warning === undefined || other === null) return null;
  return {
    bound: 'lower',
    code: warning.code,
    reason: say('AMBIGUOUS_INTERFACE', {
      which: warning.values?.which ?? warning,
      sigma: other.toPrecision(3),
    }),
    needed: settledBy('assignment'),
    factor: other / value,
  };
}

/** The share of the temperature in an uncertainty, marked as assumed where it is not stated. */
export function withSource(
  components: readonly UncertaintyComponent[],
  { kelvin, assumed }: TemperatureHalfWidth,
): UncertaintyComponent[] {
  return components.map((one) =>
    one.component === 'temperature' && assumed !== null
      ? { ...one, kind: 'assumed', ...assumedAs(assumed, kelvin) }
      : one,
  );
}

/** The sources of the temperatures of the readings. */
export const sourcesOf = (points: readonly Conductivity[]) =>
  points
    .filter(({ temperature_celsius: at, sigma }) => at !== null && sigma?.value != null)
    .map(({ temperature_source }) => temperature_source);

/**
 * Leads that were not subtracted can only lower a conductivity, so that it is a lower bound. Null where they were
 * subtracted, or the resistance is too large for them to matter.
 */
export function leadsOf(
  lab: LabData,
  cell: CellRecord,
  sigma: number,
  bound95_high: number | null,
): OneSided | null {
  const isDoubtful = lab.fits
    .of(impedanceMaterial)
    .some(
      ({ cell_id, result }) =>
        cell_id === cell.cell_id && result?.warnings.some(({ code }) => code === 'LEADS_NOT_SUBTRACTED'),
    );
  const { area_cm2 } = contactArea(cell);
  if (!isDoubtful || cell.thickness_um === null || area_cm2 === null) return null;
  const ohm = cell.thickness_um / UM_PER_CM / (area_cm2 * (bound95_high ?? sigma));
  return {
    bound: 'lower',
    code: 'LEADS_NOT_SUBTRACTED',
    reason: say('LEADS_LOWER_BOUND', { cell: cell.cell_id }),
    needed: say('MEASURE_BLANK', { cell: cell.cell_id, ohm: ohm.toPrecision(3) }),
  };
}

/** σ by other interpretations of the same spectra, S/cm; null where one gives the same. */
interface OtherValues {
  free: number | null;
  if_interface: number | null;
  untrimmed: number | null;
  with_left_out: number | null;
}

const readings = [
  ['free', 'circuit', 'the circuit of each temperature alone'],
  ['if_interface', 'assignment', 'arcs that may be either as interface'],
  ['untrimmed', 'points', 'with trimmed points'],
  ['with_left_out', 'points', 'with spectra that are left out'],
] as const;

/** Other interpretations as other choices, each with the uncertainty of the reported one. */
function otherReadings(values: OtherValues, components: UncertaintyComponent[]): OtherChoice[] {
  return readings.flatMap(([name, choice, alternative]) => {
    const value = values[name];
    return value === null || !(value > 0) ? [] : [{ choice, alternative, value, components }];
  });
}

function fromFit(
  lab: LabData,
  cell: CellRecord,
  pellet: PelletFit,
  points: readonly Conductivity[],
  around: ReturnType<typeof surroundings>,
): CellMeasurement {
  const { fit, spectrum_ids, sigma25_without_exclusions } = pellet;
  const { source, otherwise, because } = fit.verdict_basis;
  const row = (name: string): Quantity | undefined => fit.results.find(({ quantity }) => quantity === name);
  const sigma = row(source === 'measured' ? 'sigma25_measured_S_cm' : 'sigma25_S_cm');
  if (sigma?.value == null) return unmeasured(cell.cell_id, because, around);
  const supports: Support = source === 'none' ? (otherwise ?? 'INSUFFICIENT DATA') : 'verdict';
  const stationarity = stationarityOf(sweepsOf(lab, cell, points));
  const components = [
    ...withSource(fit.components, temperatureHalfWidth(cell, sourcesOf(points))),
    ...cellConstantComponents(cell),
    ...(pellet.circuit.matters ? [ofReading('choice of circuit', pellet.circuit.u_ln_sigma25)] : []),
    ...stationarity.components,
  ];
  const bounds = sigma.bound95_low === null ? {} : boundsFrom(sigma.value, components, 'ln');
  const common = components.filter(
    (one) => !fit.components.some(({ component }) => component === one.component),
  );
  return {
    ...measurementOf(cell.cell_id, around),
    ...sigma,
    ...bounds,
    cell_id: cell.cell_id,
    components,
    alternatives: [
      ...fit.alternatives.map(({ choice, alternative, sigma25, components: own }) => ({
        choice,
        alternative,
        value: sigma25,
        components: [...withSource(own, temperatureHalfWidth(cell, sourcesOf(points))), ...common],
      })),
      ...otherReadings(
        {
          free: pellet.free_circuits?.sigma25_S_cm ?? null,
          if_interface: pellet.if_interface?.sigma25_S_cm ?? null,
          untrimmed: pellet.untrimmed?.sigma25_S_cm ?? null,
          with_left_out: sigma25_without_exclusions,
        },
        components,
      ),
    ],
    one_sided:
      leadsOf(lab, cell, sigma.value, sigma.bound95_high) ??
      ambiguityOf(points, sigma.value, pellet.if_interface?.sigma25_S_cm ?? null),
    supports,
    missing: supports === 'verdict' ? null : because,
    warnings: [...fit.warnings, ...pellet.warnings, ...stationarity.warnings, ...around.warnings],
    goodness: {
      Ea_ln_sigma_eV: row('Ea_eV')?.value ?? null,
      Ea_ln_sigma_ci95_low: row('Ea_eV')?.ci95_low ?? null,
      Ea_ln_sigma_ci95_high: row('Ea_eV')?.ci95_high ?? null,
      ...readingFigures(fit.reading),
      model: fit.model_selected,
      judged_branch: fit.judged_branch,
      basis: source,
      r_squared: fit.goodness.r_squared ?? null,
      temperatures: fit.goodness.n_temperatures ?? null,
      weighted_sigma25_S_cm: fit.goodness.weighted_sigma25_S_cm ?? null,
      weighted_chi2_reduced: fit.goodness.weighted_chi2_reduced ?? null,
      value_without_exclusions: sigma25_without_exclusions,
      Ea_with_free_circuits_eV: pellet.free_circuits?.Ea_eV ?? null,
      sigma25_with_free_circuits_S_cm: pellet.free_circuits?.sigma25_S_cm ?? null,
      Ea_if_interface_eV: pellet.if_interface?.Ea_eV ?? null,
      sigma25_if_interface_S_cm: pellet.if_interface?.sigma25_S_cm ?? null,
      stationarity_tested: stationarity.tested,
    },
    sources: { spectrum_ids, test_ids: [] },
  };
}

/** The value and temperature that were read, and the factor that was applied. */
const readingFigures = (reading: ReadingAt25 | null): CellMeasurement['goodness'] =>
  reading === null
    ? {}
    : {
        sigma_read_S_cm: reading.read,
        reading_temperature_celsius: reading.temperature_celsius,
        correction_factor: reading.correction_factor,
      };

const sigmaOf = ({ sigma }: Conductivity) => sigma?.value as number;

/** A pellet that was measured at too few temperatures for a fit, but at 25 °C. */
function fromReading(
  lab: LabData,
  cell: CellRecord,
  points: readonly Conductivity[],
  around: ReturnType<typeof surroundings>,
): CellMeasurement | null {
  const usable = points.filter(
    ({ excluded_reason: reason, sigma }) => reason === null && sigma?.value != null,
  );
  const halfWidth = temperatureHalfWidth(cell, sourcesOf(usable));
  const reading = conductivityFromReading(
    {
      temperature_celsius: usable.map(({ temperature_celsius }) => temperature_celsius as number),
      conductivity_siemens_per_centimeter: usable.map(({ sigma }) => sigma?.value as number),
      conductivity_standard_error: usable.map(({ sigma }) => sigma?.standard_error_adjusted ?? null),
      branch: usable.map(({ branch }) => branch),
    },
    {
      geometry_relative_uncertainty: combined(cellConstantComponents(cell)),
      temperature_half_width_kelvin: halfWidth.kelvin,
    },
  );
  if (reading === null) return null;
  const near = usable.filter(
    ({ temperature_celsius: at }) => at !== null && Math.abs(at - REFERENCE_CELSIUS) <= NEAR_KELVIN,
  );
  const { quantity } = reading;
  const stationarity = stationarityOf(sweepsOf(lab, cell, near));
  const components = [
    ...withSource(reading.components, halfWidth),
    ...cellConstantComponents(cell),
    ...stationarity.components,
  ];
  const other = near.find(({ sigma_if_interface }) => sigma_if_interface !== null);
  // Under another choice each reading changes by its own factor.
  const moved = (name: 'free_sigma' | 'sigma_if_interface' | 'sigma_untrimmed') =>
    near.some((point) => point[name] !== null)
      ? (quantity.value as number) *
        Math.exp(mean(near.map((point) => Math.log((point[name] ?? sigmaOf(point)) / sigmaOf(point)))))
      : null;
  const assumed = impedanceMessages('EA_ASSUMED', { assumed: assumedMessage('activation_energy') });
  return {
    ...measurementOf(cell.cell_id, around),
    ...quantity,
    ...boundsFrom(quantity.value as number, components, 'ln'),
    cell_id: cell.cell_id,
    components,
    alternatives: otherReadings(
      {
        free: moved('free_sigma'),
        if_interface: moved('sigma_if_interface'),
        untrimmed: moved('sigma_untrimmed'),
        with_left_out: null,
      },
      components,
    ),
    one_sided:
      leadsOf(lab, cell, quantity.value as number, quantity.bound95_high) ??
      ambiguityOf(near, other?.sigma?.value ?? Number.NaN, other?.sigma_if_interface ?? null),
    supports: 'verdict',
    missing: null,
    warnings: [...(reading.Ea_assumed ? [assumed] : []), ...stationarity.warnings, ...around.warnings],
    goodness: { ...readingFigures(reading), stationarity_tested: stationarity.tested },
    sources: { spectrum_ids: near.map(({ spectrum_id }) => spectrum_id), test_ids: [] },
  };
}

export const conductivity25c = defineCellMetric({
  id: 'conductivity_25c',
  level: 'cell',
  title: 'ionic conductivity at 25 °C',
  formula: 'σ = thickness/(R·area) of each spectrum; σ(25 °C) from ln σ = ln σ0 − Ea/(kT) over 1/T',
  units: { 'S/cm': 1, 'mS/cm': 1000, 'S/m': 100 },
  pooling: 'log',
  cellTypes: ['pellet'],
  settings: z.strictObject({
    ...cellConditions,
    temperature_celsius: z.literal(REFERENCE_CELSIUS).default(REFERENCE_CELSIUS),
  }),
  rule: (_lab, measurement, limit) => stationarityRuling(measurement, limit),
  measure(lab, cell) {
    const points = conductivitiesOf(lab.fits).get(cell.cell_id) ?? [];
    if (points.length === 0) {
      return unmeasured(cell.cell_id, say('NO_SPECTRUM'));
    }
    const around = surroundings(lab, cell, points);
    const fit = lab.fits.find(arrhenius, cell.cell_id);
    if (fit?.result != null) return fromFit(lab, cell, fit.result, points, around);
    const refusal = points.find(({ excluded_why: why }) => why !== null)?.excluded_why;
    const parts = [fit?.refusal, refusal].filter((one) => one != null);
    const missing = say('AND_ALSO', { parts });
    return fromReading(lab, cell, points, around) ?? unmeasured(cell.cell_id, missing, around);
  },
});
