import type { ArrheniusForms } from '../analysis/arrhenius/index.js';
import type { AssignedArc, ImpedanceQuantity } from '../analysis/impedance/result.js';
import type { FitResult, Quantity } from '../analysis/result.js';
import { combined } from '../analysis/uncertainty/index.js';
import type { SqlRow } from '../store/connection.js';
import type { Fit } from './fit.js';
import type { FitSet } from './fit-set.js';
import { toJson } from './plain.js';
import { cellConstantComponents } from './uncertainty.js';

/** Rows of the fit tables by table; `run_id` is null where the fit is new. */
export type FitRows = Record<string, SqlRow[]>;

type Common = Partial<Pick<FitResult, 'goodness' | 'warnings' | 'excluded'>>;

/** One row per quantity; goodness, warnings and exclusions stand beside each. */
function quantityRows(quantities: readonly Quantity[], shared: SqlRow, common: Common): SqlRow[] {
  const json = {
    goodness: toJson(common.goodness ?? {}),
    warnings: toJson(common.warnings ?? []),
    excluded: toJson(common.excluded ?? []),
  };
  return quantities.map(({ label: _label, ...row }) => ({
    ...shared,
    ...(row as unknown as SqlRow),
    ...json,
  }));
}

/** What the tables of fits hold for these fits. */
export function fitRows(set: FitSet): FitRows {
  return {
    fits: set.all.map(recordOf),
    impedance_fits: impedanceRows(set),
    conductivities: conductivityRows(set),
    arrhenius_fits: arrheniusRows(set),
    decay_fits: decayRows(set),
    coulombic_efficiency_fits: efficiencyRows(set),
  };
}

function recordOf(fit: Fit<unknown>): SqlRow {
  return {
    run_id: fit.run_id,
    kind: fit.kind,
    subject: fit.subject,
    cell_id: fit.cell_id,
    input_key: fit.input_key,
    result: fit.result === null ? null : toJson(fit.result),
    refusal_code: fit.refusal?.code ?? null,
    refusal: fit.refusal?.message ?? null,
    refusal_message: fit.refusal === null ? null : toJson(fit.refusal),
  };
}

function impedanceRows({ spectra, impedance, material }: FitSet): SqlRow[] {
  const derived = new Map(material.map((fit) => [fit.subject, fit]));
  return spectra.flatMap(({ spectrum }, i) => {
    const fit = impedance[i];
    if (fit?.result == null) return [];
    const shared = {
      spectrum_id: spectrum.spectrum_id,
      cell_id: fit.cell_id,
      temperature_celsius: spectrum.temperature_celsius,
      circuit: fit.result.circuit,
      kramers_kronig: fit.result.kramers_kronig?.verdict ?? null,
    };
    const own = derived.get(fit.subject);
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

function conductivityRows(set: FitSet): SqlRow[] {
  const derived = new Map(set.material.map((fit) => [fit.subject, fit]));
  return set.spectra.flatMap(({ cell, spectrum }): SqlRow[] => {
    if (cell.cell_type !== 'pellet') return [];
    const own = derived.get(String(spectrum.spectrum_id));
    const point = set.conductivities
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
      return [{ ...shared, quantity: 'sigma_total_S_cm', unit: 'S/cm', status: 'unusable', ...json(rest) }];
    return quantityRows([withoutAdjusted(sigma)], shared, rest);
  });
}

/** What the table of readings says about an arc. */
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

const json = ({ warnings, excluded }: Common): SqlRow => ({
  goodness: '{}',
  warnings: toJson(warnings),
  excluded: toJson(excluded),
});

/** In `conductivities` the standard error is the adjusted one. */
function withoutAdjusted(row: ImpedanceQuantity): Quantity {
  const { standard_error_adjusted, relative_standard_error: _relative, ...rest } = row;
  return { ...rest, standard_error: standard_error_adjusted };
}

function arrheniusRows({ arrhenius }: FitSet): SqlRow[] {
  return arrhenius.flatMap(({ result, run_id, cell_id }) => {
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
    // The weighted fit stands beside and is never judged.
    const ofForm = [...both(forms, ''), ...(weighted === null ? [] : both(weighted.forms, 'weighted_'))];
    // What is judged: σ at 25 °C of the selected model and branch, or the reading there.
    const judged = quantityRows(result.fit.results, { run_id, cell_id, form: 'judged' }, result.fit);
    return [...ofForm, ...judged];
  });
}

function decayRows({ decay, voltageFade }: FitSet): SqlRow[] {
  const ofCapacity = decay.flatMap(({ result, run_id, cell_id }) => {
    if (result === null) return [];
    const series = result.series === 'checkup' ? 'checkup_capacity' : 'capacity';
    return result.results.flatMap((row) => {
      const shared = { run_id, cell_id, series: row.quantity === 'D_energy' ? 'energy' : series };
      return quantityRows([row], shared, result);
    });
  });
  const ofVoltage = voltageFade.flatMap(({ result, run_id, cell_id }) =>
    quantityRows(result?.results ?? [], { run_id, cell_id, series: 'mean_discharging_voltage' }, {}),
  );
  return [...ofCapacity, ...ofVoltage];
}

function efficiencyRows({ efficiency }: FitSet): SqlRow[] {
  return efficiency.flatMap(({ result, run_id, cell_id }) => {
    if (result === null) return [];
    const first = quantityRows(result.results, { run_id, cell_id, scope: 'first_n_eligible' }, result);
    const all = result.statistics_all;
    if (all === null) return first;
    const row = (name: string, value: number | null, more: Partial<Quantity> = {}): Quantity => ({
      quantity: name,
      value,
      unit: '1',
      standard_error: null,
      ci95_low: null,
      ci95_high: null,
      bound95_low: null,
      bound95_high: null,
      n: all.n,
      dof: null,
      n_eff: all.n_eff,
      method: 'every cycle that has an efficiency, whatever its label',
      status: 'ok',
      ...more,
    });
    const rows = [
      row('mean', all.mean, {
        standard_error: all.se_mean,
        ci95_low: all.ci95[0],
        ci95_high: all.ci95[1],
        bound95_low: all.lower95_one_sided,
        bound95_high: all.upper95_one_sided,
      }),
      row('median', all.median),
      row('minimum', all.minimum),
      row('maximum', all.maximum),
    ];
    return [...first, ...quantityRows(rows, { run_id, cell_id, scope: 'all' }, {})];
  });
}
