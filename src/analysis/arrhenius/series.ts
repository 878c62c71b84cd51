import { impedanceMessages as say } from '../../messages/impedance.js';
import type { Message } from '../../messages/message.js';
import { BOLTZMANN_EV_PER_KELVIN, REFERENCE_KELVIN } from '../constants.js';
import { type AnalysisWarning, type Quantity, quantity } from '../result.js';
import { boundsAround } from '../statistics/intervals.js';
import { declaredHalfWidth, fromScatter, type UncertaintyComponent } from '../uncertainty/index.js';
import { compareModels, nearlySelected, selectModel } from './curvature.js';
import {
  type CommonTerms,
  exponentiated,
  extrapolationDistance,
  fitForms,
  kelvinOf,
  largestLeverage,
  statisticalInterval,
  temperatureUncertainty,
} from './form.js';
import type { Reading } from './readings.js';
import type {
  ArrheniusForm,
  ArrheniusForms,
  ArrheniusModel,
  ModelComparison,
  OtherConductivity,
  SeriesAnalysis,
  VerdictBasis,
} from './types.js';

const MINIMUM_TEMPERATURES = 4;
const MINIMUM_SPAN_KELVIN = 30;
const LARGEST_EXTRAPOLATION_KELVIN = 10;
const CURVED_P_VALUE = 0.01;

/** Everything that one series of at least two nominal temperatures tells. */
export function analyseSeries(points: Reading[], common: CommonTerms): SeriesAnalysis {
  const forms = fitForms(points, common);
  const model_comparison = compareModels(points);
  const model_selected = selectModel(model_comparison);
  const linear = forms.ln_sigma.results;
  const verdict_basis = verdictBasis(points, forms);
  const selected = selectedResults(linear, model_comparison, model_selected, points.length, common);
  return {
    forms: isFar(verdict_basis) ? asDoubtful(forms) : forms,
    model_comparison,
    model_comparison_note: model_comparison
      ? comparisonNote(model_comparison)
      : 'the residuals are at rounding level: a perfect line, no model selection',
    model_selected,
    results: isFar(verdict_basis) ? selected.map(doubtfulSigma) : selected,
    verdict_basis,
    components: sigma25Components(selected, model_comparison, model_selected, linear, common),
    other_laws: nearlySelected(model_comparison).flatMap((model) =>
      byOtherLaw(linear, model_comparison, model, points.length, common),
    ),
    warnings: seriesWarnings(points, model_comparison, model_selected),
  };
}

const lawNames: Record<ArrheniusModel, string> = {
  arrhenius: 'a straight Arrhenius line',
  vtf: 'Vogel–Tammann–Fulcher',
  two_segment: 'two straight segments',
};

function byOtherLaw(
  linear: Quantity[],
  comparison: ModelComparison | null,
  model: ArrheniusModel,
  n: number,
  common: CommonTerms,
): OtherConductivity[] {
  const results = selectedResults(linear, comparison, model, n, common);
  const components = sigma25Components(results, comparison, model, linear, common);
  return conductivityOf('law', lawNames[model], results, components);
}

/** σ at 25 °C and Eₐ of some results as one other choice; empty where σ is not known. */
export function conductivityOf(
  choice: OtherConductivity['choice'],
  alternative: string,
  results: readonly Quantity[],
  components: UncertaintyComponent[],
): OtherConductivity[] {
  const value = (name: string) => results.find((row) => row.quantity === name)?.value ?? null;
  const sigma25 = value('sigma25_S_cm');
  return sigma25 === null ? [] : [{ choice, alternative, sigma25, Ea_eV: value('Ea_eV'), components }];
}

/**
 * 25 °C lies too far outside the measured temperatures for a verdict: the value there is extrapolated, not measured.
 */
const isFar = ({ otherwise }: VerdictBasis) => otherwise === 'INCONCLUSIVE';

const doubtfulSigma = (row: Quantity): Quantity =>
  row.quantity === 'sigma25_S_cm' || row.quantity === 'ln_sigma25' ? { ...row, status: 'warn' } : row;

function asDoubtful(forms: ArrheniusForms): ArrheniusForms {
  const of = (form: ArrheniusForm) => ({ ...form, results: form.results.map(doubtfulSigma) });
  return { ln_sigma: of(forms.ln_sigma), ln_sigma_T: of(forms.ln_sigma_T) };
}

/** Change of ln σ at 25 °C per kelvin, by the selected model. */
function sensitivity(
  comparison: ModelComparison | null,
  selected: ArrheniusModel,
  linear: Quantity[],
): number {
  const perKelvin = (ea: number) => Math.abs(ea) / (BOLTZMANN_EV_PER_KELVIN * REFERENCE_KELVIN ** 2);
  if (comparison?.vtf && selected === 'vtf') {
    return Math.abs(comparison.vtf.B_K) / (REFERENCE_KELVIN - comparison.vtf.T0_K) ** 2;
  }
  if (comparison?.two_segment && selected === 'two_segment') {
    const { break_T_K, Ea_high_T_eV, Ea_low_T_eV } = comparison.two_segment;
    return perKelvin(REFERENCE_KELVIN > break_T_K ? Ea_high_T_eV : Ea_low_T_eV);
  }
  return perKelvin(linear.find(({ quantity: name }) => name === 'Ea_eV')?.value ?? 0);
}

function sigma25Components(
  results: Quantity[],
  comparison: ModelComparison | null,
  selected: ArrheniusModel,
  linear: Quantity[],
  common: CommonTerms,
): UncertaintyComponent[] {
  const ln = results.find(({ quantity: name }) => name === 'ln_sigma25');
  const scatter = fromScatter('temperatures', ln?.standard_error ?? Number.NaN, ln?.dof ?? 0);
  if (common.temperature_half_width === 0) return [scatter];
  const perKelvin = sensitivity(comparison, selected, linear);
  return [scatter, declaredHalfWidth('temperature', common.temperature_half_width, perKelvin)];
}

function comparisonNote(comparison: ModelComparison): string | null {
  if (comparison.arrhenius.aicc !== null && comparison.quadratic?.aicc != null) return null;
  return `AICc of a curved model is undefined with ${comparison.n} temperatures: no comparison`;
}

/** The quantities of form ln σ; σ at 25 °C and the meaning of Eₐ follow the selected model. */
function selectedResults(
  linear: Quantity[],
  comparison: ModelComparison | null,
  selected: ArrheniusModel,
  n: number,
  common: CommonTerms,
): Quantity[] {
  const systematic = Math.hypot(
    common.geometry,
    sensitivity(comparison, selected, linear) * temperatureUncertainty(common),
  );
  if (comparison?.vtf && selected === 'vtf') {
    const method = 'Vogel–Tammann–Fulcher, T₀ profiled, delta method';
    const { ln_sigma25, ln_sigma25_se, T0_K, B_K, B_eV, lnA } = comparison.vtf;
    const rest = { n, dof: n - 3, n_eff: n, method };
    return [
      ...withoutSigma(linear, 'apparent value of this temperature window: ln σ is curved'),
      ...sigma25Rows(ln_sigma25, ln_sigma25_se ?? Number.NaN, n, n - 3, systematic, method),
      quantity({ quantity: 'T0_K', value: T0_K, unit: 'K', ...rest }),
      quantity({ quantity: 'B_K', value: B_K, unit: 'K', ...rest }),
      quantity({ quantity: 'B_eV', value: B_eV, unit: 'eV', ...rest }),
      quantity({ quantity: 'lnA', value: lnA, unit: 'ln(S/cm)', ...rest }),
    ];
  }
  if (comparison?.two_segment && selected === 'two_segment') {
    const method = 'two segments in 1/T';
    const { ln_sigma25, ln_sigma25_se, Ea_high_T_eV, Ea_low_T_eV, break_T_K } = comparison.two_segment;
    const rest = { n, dof: n - 4, n_eff: n, method };
    return [
      ...withoutSigma(linear, 'average over two segments with different activation energies'),
      ...sigma25Rows(ln_sigma25, ln_sigma25_se, n, n - 4, systematic, method),
      quantity({ quantity: 'Ea_high_T_eV', value: Ea_high_T_eV, unit: 'eV', ...rest }),
      quantity({ quantity: 'Ea_low_T_eV', value: Ea_low_T_eV, unit: 'eV', ...rest }),
      quantity({ quantity: 'break_T_K', value: break_T_K, unit: 'K', ...rest }),
    ];
  }
  return linear;
}

function withoutSigma(rows: Quantity[], remark: string): Quantity[] {
  return rows
    .filter((row) => row.quantity !== 'ln_sigma25' && row.quantity !== 'sigma25_S_cm')
    .map((row) => ({ ...row, status: 'warn' as const, method: `${row.method}; ${remark}` }));
}

/**
 * ln σ and σ at 25 °C with the statistical uncertainty and the relative uncertainties that are common to the series.
 */
export function sigma25Rows(
  lnSigma: number,
  error: number,
  n: number,
  dof: number,
  systematic: number,
  method: string,
): [Quantity, Quantity] {
  const ln = quantity({
    quantity: 'ln_sigma25',
    value: lnSigma,
    unit: 'ln(S/cm)',
    standard_error: Number.isFinite(error) ? error : null,
    ...boundsAround(lnSigma, error, dof, systematic),
    ...statisticalInterval(lnSigma, error, dof),
    n,
    dof,
    n_eff: n,
    method,
  });
  return [ln, exponentiated(ln, 'sigma25_S_cm', 'S/cm')];
}

/** What a verdict at 25 °C may rest on, before a reading at 25 °C itself is considered. */
function verdictBasis(points: Reading[], forms: ArrheniusForms): VerdictBasis {
  const n = points.length;
  const basis = (
    source: VerdictBasis['source'],
    otherwise: VerdictBasis['otherwise'],
    because: Message,
  ): VerdictBasis => ({ source, otherwise, reason: because.message, because });
  if (n < MINIMUM_TEMPERATURES) {
    const more = MINIMUM_TEMPERATURES - n;
    return basis('none', 'INSUFFICIENT DATA', say('TEMPERATURES_MORE', { n, more }));
  }
  const span = temperatureSpan(points);
  if (span < MINIMUM_SPAN_KELVIN) {
    return basis('none', 'INSUFFICIENT DATA', say('TEMPERATURES_SPAN', { kelvin: span.toFixed(1) }));
  }
  const distance = extrapolationDistance(points);
  const leverage = forms.ln_sigma.goodness.leverage_25C as number;
  if (distance > LARGEST_EXTRAPOLATION_KELVIN || (distance > 0 && leverage > 2 * largestLeverage(points))) {
    return basis(
      'none',
      'INCONCLUSIVE',
      say('EXTRAPOLATED/nearer', { celsius: 25, kelvin: distance.toFixed(1) }),
    );
  }
  return basis('fit', null, say('FIT_TO', { n }));
}

function temperatureSpan(points: Reading[]): number {
  const temperatures = points.map((point) => point.temperature_celsius);
  return Math.max(...temperatures) - Math.min(...temperatures);
}

function seriesWarnings(
  points: Reading[],
  comparison: ModelComparison | null,
  selected: ArrheniusModel,
): AnalysisWarning[] {
  const warnings: AnalysisWarning[] = [];
  const warn = (message: AnalysisWarning) => warnings.push(message);
  const n = points.length;
  if (n < MINIMUM_TEMPERATURES) {
    const what = say(n === 2 ? 'FEW_TEMPERATURES/two' : 'FEW_TEMPERATURES/three');
    warn(say('FEW_TEMPERATURES', { n, what }));
  } else if (temperatureSpan(points) < MINIMUM_SPAN_KELVIN) {
    warn(say('NARROW_TEMPERATURE_SPAN', { kelvin: temperatureSpan(points).toFixed(1) }));
  }
  if (n > 2 && isTwoClusters(points)) {
    warn(say('TWO_CLUSTERS'));
  }
  const distance = extrapolationDistance(points);
  if (distance > 0) {
    warn(say('EXTRAPOLATED/temperature', { kelvin: distance.toFixed(1) }));
  }
  const curvature = comparison?.quadratic;
  if (n >= 5 && curvature && curvature.p_value < CURVED_P_VALUE) {
    warn(say('CURVED', { p: curvature.p_value.toPrecision(2) }));
  }
  if (selected === 'vtf') {
    warn(say('VTF_PREFERRED', windowOf(points)));
  }
  if (selected === 'two_segment' && comparison?.two_segment) {
    const { break_T_K, Ea_high_T_eV, Ea_low_T_eV } = comparison.two_segment;
    warn(
      say('TWO_SEGMENTS', {
        celsius: (break_T_K - 273.15).toFixed(0),
        below: Ea_low_T_eV.toFixed(3),
        above: Ea_high_T_eV.toFixed(3),
      }),
    );
  }
  return warnings;
}

function windowOf(points: Reading[]): { low: number; high: number } {
  const temperatures = points.map((point) => point.temperature_celsius);
  return { low: Math.min(...temperatures), high: Math.max(...temperatures) };
}

function isTwoClusters(points: Reading[]): boolean {
  const inverse = points.map((point) => 1 / kelvinOf(point)).sort((a, b) => a - b);
  let gap = 0;
  for (let i = 1; i < inverse.length; i++) {
    gap = Math.max(gap, (inverse[i] as number) - (inverse[i - 1] as number));
  }
  return gap > 0.6 * ((inverse.at(-1) as number) - (inverse[0] as number));
}
