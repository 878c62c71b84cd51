import { z } from 'zod';
import type { AnalysisWarning, Quantity } from '../../analysis/result.js';
import { fromScatter } from '../../analysis/uncertainty/index.js';
import { poolSamples } from '../../analysis/verdict/index.js';
import { type CellRecord, contactArea, geometryWarnings } from '../../fits/cells.js';
import type { Conductivity, PelletFit } from '../../fits/kinds/arrhenius.js';
import { cellConstantComponents } from '../../fits/uncertainty.js';
import { oncePerCode } from '../group.js';
import type { LabData } from '../lab-data.js';
import {
  type CellMeasurement,
  cellConditions,
  defineCellMetric,
  type Exclusion,
  type Support,
  unmeasured,
} from './definition.js';

const REFERENCE_CELSIUS = 25;
const NEAR_KELVIN = 1;

/** Warnings of single spectra that matter for the number as a whole. */
const spectrumCodes = ['LEADS_NOT_SUBTRACTED', 'NO_GEOMETRY', 'KK_MARGINAL', 'POOR_FIT'];

function spectrumWarnings(lab: LabData, cell: CellRecord): AnalysisWarning[] {
  const { impedance, material } = lab.fits;
  const all = [...impedance, ...material]
    .filter(({ cell_id }) => cell_id === cell.cell_id)
    .flatMap(({ result }) => result?.warnings ?? []);
  return oncePerCode(all.filter(({ code }) => spectrumCodes.includes(code)));
}

function metadataWarnings(cell: CellRecord, pressure: number | null): AnalysisWarning[] {
  const missing: AnalysisWarning[] = [];
  if (cell.relative_density === null)
    missing.push({
      code: 'NO_DENSITY',
      message: 'relative density is not stated: porosity changes σ by tens of percent',
    });
  if (pressure === null)
    missing.push({
      code: 'NO_PRESSURE',
      message: 'stack pressure is not stated: contact changes σ by tens of percent',
    });
  return missing;
}

function pressureOf(lab: LabData, cell: CellRecord): number | null {
  const values = new Set(
    lab.fits.spectra
      .filter(({ spectrum }) => spectrum.cell_id === cell.cell_id)
      .map(({ spectrum }) => spectrum.pressure_mpa),
  );
  return values.size === 1 ? ([...values][0] ?? null) : null;
}

/** The parts of a measurement that do not depend on how σ at 25 °C was had. */
function surroundings(lab: LabData, cell: CellRecord, points: readonly Conductivity[]) {
  const temperatures = points.flatMap(({ temperature_celsius }) => temperature_celsius ?? []);
  const pressure = pressureOf(lab, cell);
  const excluded: Exclusion[] = points.flatMap(({ spectrum_id, excluded_reason }) =>
    excluded_reason === null ? [] : [{ spectrum_id, reason: excluded_reason }],
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

function fromFit(
  cell: CellRecord,
  { fit, spectrum_ids, sigma25_without_exclusions }: PelletFit,
  around: ReturnType<typeof surroundings>,
): CellMeasurement {
  const { source, otherwise, reason } = fit.verdict_basis;
  const row = (name: string): Quantity | undefined => fit.results.find(({ quantity }) => quantity === name);
  const sigma = row(source === 'measured' ? 'sigma25_measured_S_cm' : 'sigma25_S_cm');
  if (sigma === undefined) return unmeasured(cell.cell_id, reason, around);
  const supports: Support = source === 'none' ? (otherwise ?? 'INSUFFICIENT DATA') : 'verdict';
  return {
    ...sigma,
    ...around,
    cell_id: cell.cell_id,
    components: [
      fromScatter(
        'temperatures',
        (sigma.standard_error ?? Number.NaN) / (sigma.value ?? Number.NaN),
        sigma.dof ?? 0,
      ),
      ...cellConstantComponents(cell),
    ],
    supports,
    missing: supports === 'verdict' ? null : reason,
    warnings: [...fit.warnings, ...around.warnings],
    goodness: {
      Ea_eV: row('Ea_eV')?.value ?? null,
      Ea_ci95_low: row('Ea_eV')?.ci95_low ?? null,
      Ea_ci95_high: row('Ea_eV')?.ci95_high ?? null,
      model: fit.model_selected,
      judged_branch: fit.judged_branch,
      basis: source,
      r_squared: fit.goodness.r_squared ?? null,
      temperatures: fit.goodness.n_temperatures ?? null,
      value_without_exclusions: sigma25_without_exclusions,
    },
    sources: { spectrum_ids, test_ids: [] },
  };
}

/** A pellet measured at too few temperatures for a fit, but at 25 °C itself. */
function fromReading(
  cell: CellRecord,
  points: readonly Conductivity[],
  around: ReturnType<typeof surroundings>,
): CellMeasurement | null {
  const near = points.filter(
    ({ temperature_celsius, excluded_reason }) =>
      excluded_reason === null &&
      temperature_celsius !== null &&
      Math.abs(temperature_celsius - REFERENCE_CELSIUS) <= NEAR_KELVIN,
  );
  const [first] = near;
  if (first?.sigma == null) return null;
  const errors = near.map(({ sigma }) => sigma?.standard_error_adjusted ?? 0);
  const pooled = poolSamples(
    near.map(({ sigma }) => sigma?.value as number),
    { log: true, standard_errors: errors, shared: cellConstantComponents(cell) },
  );
  const own = near.length === 1 ? first.sigma : pooled;
  return {
    ...unmeasured(cell.cell_id, '', around),
    value: pooled.value,
    ci95_low: own.ci95_low,
    ci95_high: own.ci95_high,
    bound95_low: own.bound95_low,
    bound95_high: own.bound95_high,
    standard_error:
      near.length === 1 ? first.sigma.standard_error_adjusted : pooled.value * (pooled.standard_error ?? 0),
    components: cellConstantComponents(cell),
    n: near.length,
    method: 'reading at 25 ± 1 °C',
    supports: 'verdict',
    missing: null,
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
  measure(lab, cell) {
    const points = lab.fits.conductivities.get(cell.cell_id) ?? [];
    if (points.length === 0) {
      return unmeasured(
        cell.cell_id,
        'no impedance spectrum: measure at four temperatures or more, 30 K apart or more',
      );
    }
    const around = surroundings(lab, cell, points);
    const fit = lab.fits.arrhenius.find(({ subject }) => subject === cell.cell_id);
    if (fit?.result != null) return fromFit(cell, fit.result, around);
    const refusal = points.find(({ excluded_reason }) => excluded_reason !== null)?.excluded_reason;
    const missing = [fit?.refusal?.message, refusal].filter((text) => text != null).join('; ');
    return fromReading(cell, points, around) ?? unmeasured(cell.cell_id, missing, around);
  },
});
