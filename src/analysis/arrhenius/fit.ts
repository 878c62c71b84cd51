import { type AnalysisWarning, NotComputable, type Quantity } from '../result.js';
import { mean } from '../statistics/descriptive.js';
import { fitForms } from './form.js';
import { isHysteresis, testHysteresis } from './hysteresis.js';
import {
  type Branch,
  branchMeans,
  nominalTemperatures,
  type Reading,
  temperatureMeans,
  usableReadings,
} from './readings.js';
import { analyseSeries, sigma25Rows } from './series.js';
import type {
  ArrheniusFit,
  ArrheniusInput,
  ArrheniusOptions,
  HysteresisTest,
  SeriesAnalysis,
  VerdictBasis,
} from './types.js';

const LARGEST_REDUCED_CHI_SQUARE = 4;

/**
 * Arrhenius analysis of one sample's conductivity over temperature.
 *
 * `forms` holds both linear forms fitted to one mean per nominal temperature; `results` what to use: form ln σ, with
 * σ at 25 °C from the selected model, from the weighted fit where the stated errors are the real scatter, and from
 * the judged branch where heating and cooling differ.
 *
 * @throws NotComputable `ONE_TEMPERATURE` when no activation energy can be had
 */
export function fitArrhenius(input: ArrheniusInput, options: ArrheniusOptions = {}): ArrheniusFit {
  const geometry = options.geometry_relative_uncertainty ?? 0;
  const { readings, excluded } = usableReadings(input);
  const points = temperatureMeans(readings);
  if (points.length < 2) {
    const count = points.length === 1 ? 'one temperature' : 'no temperature';
    const what = `${count} with a positive conductivity; an activation energy needs two, a verdict four`;
    throw new NotComputable('ONE_TEMPERATURE', what);
  }
  const all = analyseSeries(points, geometry);
  const separated = separateBranches(readings, geometry, options.heating_is_conditioning ?? false);
  const judgedReadings = separated.judged
    ? readings.filter((reading) => reading.branch === separated.judged)
    : readings;
  const judged = separated.judged ? (separated.branches?.[separated.judged] as SeriesAnalysis) : all;
  const weighted = fitWeighted(temperatureMeans(judgedReadings), geometry);
  const used = useWeights(judged, weighted);
  const measured = used.verdict_basis.source === 'none' ? measuredAt25(judgedReadings, geometry) : null;
  const fit: ArrheniusFit = {
    results: measured ? [...used.results, measured] : used.results,
    goodness: summary(readings, points, used, separated.test),
    warnings: [...used.warnings, ...separated.warnings, ...weightWarnings(weighted)],
    excluded,
    forms: all.forms,
    weighted,
    model_comparison: all.model_comparison,
    model_comparison_note: all.model_comparison_note,
    model_selected: used.model_selected,
    hysteresis_test: separated.test,
    branches: separated.branches,
    judged_branch: separated.judged,
    verdict_basis: measured ? measuredBasis(used.verdict_basis) : used.verdict_basis,
  };
  return withScatterRemark(fit, options.target_siemens_per_centimeter);
}

interface Separation {
  test: HysteresisTest | null;
  branches: Record<Branch, SeriesAnalysis> | null;
  judged: Branch | null;
  warnings: AnalysisWarning[];
}

/** Heating and cooling on their own when they differ; the lower one is judged unless heating was conditioning. */
function separateBranches(readings: Reading[], geometry: number, conditioning: boolean): Separation {
  const test = testHysteresis(branchMeans(readings));
  if (test === null || !isHysteresis(test)) return { test, branches: null, judged: null, warnings: [] };
  const analyse = (branch: Branch) =>
    analyseSeries(temperatureMeans(readings.filter((reading) => reading.branch === branch)), geometry);
  const lower = test.ratio < 1 ? 'cooling' : 'heating';
  const judged = conditioning ? 'cooling' : lower;
  const percent = ((test.ratio - 1) * 100).toFixed(0);
  const why = conditioning ? 'heating was conditioning' : 'the lower branch';
  const message = `cooling lies ${percent} % from heating; both are reported, ${judged} is judged (${why})`;
  return {
    test,
    branches: { heating: analyse('heating'), cooling: analyse('cooling') },
    judged,
    warnings: [{ code: 'HYSTERESIS', message }],
  };
}

/** Weights 1/variance of ln σ, where every point has a standard error; χ²/dof says if they are the real scatter. */
function fitWeighted(points: Reading[], geometry: number): ArrheniusFit['weighted'] {
  if (points.length < 3 || points.some((point) => point.ln_standard_error === null)) return null;
  const precision = points.map((point) => (point.ln_standard_error as number) ** -2);
  const average = mean(precision);
  // Weights of mean 1 leave leverage and residual scatter comparable with the unweighted fit's.
  const forms = fitForms(
    points,
    geometry,
    precision.map((value) => value / average),
  );
  const chi2_reduced = (average * (forms.ln_sigma.goodness.sse as number)) / (points.length - 2);
  return { forms, chi2_reduced, used: chi2_reduced <= LARGEST_REDUCED_CHI_SQUARE };
}

function useWeights(judged: SeriesAnalysis, weighted: ArrheniusFit['weighted']): SeriesAnalysis {
  if (!weighted?.used || judged.model_selected !== 'arrhenius') return judged;
  return { ...judged, forms: weighted.forms, results: weighted.forms.ln_sigma.results };
}

function weightWarnings(weighted: ArrheniusFit['weighted']): AnalysisWarning[] {
  if (weighted === null || weighted.used) return [];
  const ratio = weighted.chi2_reduced.toPrecision(3);
  const message = `reduced χ² is ${ratio}: the stated errors are not the real scatter, points count alike`;
  return [{ code: 'WEIGHTS_NOT_USED', message }];
}

/**
 * Conductivity read at 25 ± 1 °C, the mean of such readings, for samples with too few temperatures for a fit. Its
 * interval holds only what was stated about the readings and the geometry; null where there is no such reading.
 */
export function conductivityMeasuredAt25(
  input: ArrheniusInput,
  options: ArrheniusOptions = {},
): Quantity | null {
  return measuredAt25(usableReadings(input).readings, options.geometry_relative_uncertainty ?? 0);
}

/** The mean of the readings at 25 ± 1 °C; its interval holds only what was stated about their uncertainty. */
function measuredAt25(readings: Reading[], geometry: number): Quantity | null {
  const near = nominalTemperatures(readings.filter((r) => Math.abs(r.temperature_celsius - 25) <= 1)).flat();
  if (near.length === 0) return null;
  const [point] = temperatureMeans(near) as [Reading];
  const error = point.ln_standard_error ?? (geometry > 0 ? 0 : Number.NaN);
  const dof = Number.POSITIVE_INFINITY;
  const [, sigma] = sigma25Rows(
    point.ln_conductivity,
    error,
    near.length,
    dof,
    geometry,
    'reading at 25 ± 1 °C',
  );
  return { ...sigma, quantity: 'sigma25_measured_S_cm', dof: null };
}

function measuredBasis(without: VerdictBasis): VerdictBasis {
  return {
    source: 'measured',
    otherwise: without.otherwise,
    reason: `the reading at 25 ± 1 °C; ${without.reason}`,
  };
}

function summary(
  readings: Reading[],
  points: Reading[],
  used: SeriesAnalysis,
  test: HysteresisTest | null,
): ArrheniusFit['goodness'] {
  const temperatures = points.map((point) => point.temperature_celsius);
  return {
    ...used.forms.ln_sigma.goodness,
    n_readings: readings.length,
    n_temperatures: points.length,
    T_min_C: Math.min(...temperatures),
    T_max_C: Math.max(...temperatures),
    model_selected: used.model_selected,
    p_quadratic: used.model_comparison?.quadratic?.p_value ?? null,
    dAICc_vtf: aiccDifference(used, 'vtf'),
    dAICc_hinge: aiccDifference(used, 'two_segment'),
    hysteresis_p: test?.p_value ?? null,
    hysteresis_ratio: test?.ratio ?? null,
  };
}

/** AICc of a curved model minus that of the line; negative favours the curved one. */
function aiccDifference(analysis: SeriesAnalysis, model: 'vtf' | 'two_segment'): number | null {
  const line = analysis.model_comparison?.arrhenius.aicc ?? null;
  const other = analysis.model_comparison?.[model]?.aicc ?? null;
  return line === null || other === null ? null : other - line;
}

/**
 * Near a target, the regression's error is not the material's: eight laboratories measuring the same thiophosphate
 * powders differed by 35–50 %. Source: S. Ohno et al., ACS Energy Lett. 5 (2020) 910.
 */
function withScatterRemark(fit: ArrheniusFit, target: number | undefined): ArrheniusFit {
  const sigma = fit.results.find((row) => row.quantity === 'sigma25_S_cm')?.value ?? null;
  if (target === undefined || sigma === null) return fit;
  const ratio = sigma / target;
  if (ratio > 1.5 || ratio < 1 / 1.5) return fit;
  const message =
    'within a factor 1.5 of the target, where laboratories measuring one powder differ by 35 to 50 %: the interval is this sample’s, not the material’s';
  return { ...fit, warnings: [...fit.warnings, { code: 'INTERLABORATORY_SCATTER', message }] };
}
