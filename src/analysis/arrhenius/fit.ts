import { impedanceMessages as say } from '../../messages/impedance.js';
import { named } from '../../messages/message.js';
import { type AnalysisWarning, NotComputable, type Quantity, quantity } from '../result.js';
import { mean } from '../statistics/descriptive.js';
import { assumedMessage } from '../uncertainty/index.js';
import { type CommonTerms, fitForms } from './form.js';
import { isHysteresis, testHysteresis } from './hysteresis.js';
import { readingAt25 } from './reading.js';
import { type Branch, branchMeans, type Reading, temperatureMeans, usableReadings } from './readings.js';
import { analyseSeries, conductivityOf } from './series.js';
import type {
  ArrheniusFit,
  ArrheniusInput,
  ArrheniusOptions,
  HysteresisTest,
  OtherConductivity,
  ReadingAt25,
  SeriesAnalysis,
  VerdictBasis,
} from './types.js';

/**
 * Arrhenius analysis of one sample's conductivity over temperature.
 *
 * `forms` holds both linear forms, fitted to one mean per nominal temperature. `results` holds what to use: the form
 * ln σ by ordinary least squares, with σ at 25 °C from the selected model, and from the judged branch where heating
 * and cooling differ. A weighted fit is given beside it but never judged: errors of single spectra are seldom the
 * whole scatter, and with weights from them 13 to 16 % of samples that are exactly at a limit would pass.
 *
 * @throws NotComputable `ONE_TEMPERATURE` when no activation energy can be had
 */
export function fitArrhenius(input: ArrheniusInput, options: ArrheniusOptions = {}): ArrheniusFit {
  const common = commonTerms(options);
  const { readings, excluded } = usableReadings(input);
  const points = temperatureMeans(readings);
  if (points.length < 2) {
    const isOne = points.length === 1;
    throw new NotComputable('ONE_TEMPERATURE', say(isOne ? 'ONE_TEMPERATURE' : 'ONE_TEMPERATURE/none'));
  }
  const all = analyseSeries(points, common);
  const separated = separateBranches(readings, common, options.heating_is_conditioning ?? false);
  const judgedReadings = separated.judged
    ? readings.filter((reading) => reading.branch === separated.judged)
    : readings;
  const judged = separated.judged ? (separated.branches?.[separated.judged] as SeriesAnalysis) : all;
  const weighted = fitWeighted(temperatureMeans(judgedReadings), common);
  const isFit = judged.verdict_basis.source !== 'none';
  const reading = isFit ? null : readingAt25(judgedReadings, common, judged.forms.ln_sigma);
  const fit: ArrheniusFit = {
    results: reading ? [...judged.results, ...readingRows(reading)] : judged.results,
    goodness: { ...summary(readings, points, judged, separated.test), ...weightedFigures(weighted) },
    warnings: [...judged.warnings, ...separated.warnings, ...readingWarnings(reading)],
    excluded,
    forms: all.forms,
    weighted,
    model_comparison: all.model_comparison,
    model_comparison_note: all.model_comparison_note,
    model_selected: judged.model_selected,
    hysteresis_test: separated.test,
    branches: separated.branches,
    judged_branch: separated.judged,
    components: reading?.components ?? judged.components,
    reading,
    alternatives: isFit
      ? [...judged.other_laws, ...otherBranches(readings, all, separated, common, options)]
      : [],
    verdict_basis: reading ? measuredBasis(judged.verdict_basis) : judged.verdict_basis,
  };
  return withScatterRemark(fit, options.target_siemens_per_centimeter);
}

interface Separation {
  test: HysteresisTest | null;
  branches: Record<Branch, SeriesAnalysis> | null;
  judged: Branch | null;
  warnings: AnalysisWarning[];
}

/**
 * Heating and cooling on their own where they differ. The lower one is judged, unless heating only conditioned the
 * sample.
 */
function separateBranches(readings: Reading[], common: CommonTerms, conditioning: boolean): Separation {
  const test = testHysteresis(branchMeans(readings));
  if (test === null || !isHysteresis(test)) return { test, branches: null, judged: null, warnings: [] };
  const analyse = (branch: Branch) =>
    analyseSeries(temperatureMeans(readings.filter((reading) => reading.branch === branch)), common);
  const lower = test.ratio < 1 ? 'cooling' : 'heating';
  const judged = conditioning ? 'cooling' : lower;
  const percent = ((test.ratio - 1) * 100).toFixed(0);
  const why = say(conditioning ? 'HYSTERESIS/conditioning' : 'HYSTERESIS/lower');
  return {
    test,
    branches: { heating: analyse('heating'), cooling: analyse('cooling') },
    judged,
    warnings: [say('HYSTERESIS', { percent, judged: named(judged), why })],
  };
}

/** Branches that differ by less than this are treated as one. */
const BRANCH_DIFFERENCE = 0.05;

/**
 * σ from the branches that are not judged, and from both together; empty where the laboratory said which branch
 * counts.
 */
function otherBranches(
  readings: Reading[],
  all: SeriesAnalysis,
  { test, branches, judged }: Separation,
  common: CommonTerms,
  { heating_is_conditioning }: ArrheniusOptions,
): OtherConductivity[] {
  if (test === null || heating_is_conditioning || Math.abs(test.ratio - 1) <= BRANCH_DIFFERENCE) return [];
  const alone = (['heating', 'cooling'] as const).filter((branch) => branch !== judged);
  const ofBranch = alone.flatMap((branch) => {
    const points = temperatureMeans(readings.filter((reading) => reading.branch === branch));
    const own = branches?.[branch] ?? (points.length < 3 ? null : analyseSeries(points, common));
    return own === null ? [] : conductivityOf('branch', `${branch} alone`, own.results, own.components);
  });
  const together =
    judged === null ? [] : conductivityOf('branch', 'both branches', all.results, all.components);
  return [...ofBranch, ...together];
}

/**
 * Weights 1/variance of ln σ, where every point has a standard error; χ²/dof tells whether these errors explain the
 * real scatter.
 */
function fitWeighted(points: Reading[], common: CommonTerms): ArrheniusFit['weighted'] {
  if (points.length < 3 || points.some((point) => point.ln_standard_error === null)) return null;
  const precision = points.map((point) => (point.ln_standard_error as number) ** -2);
  const average = mean(precision);
  // Weights with a mean of 1 keep leverage and residual scatter comparable with those of the unweighted fit.
  const forms = fitForms(
    points,
    common,
    precision.map((value) => value / average),
  );
  const chi2_reduced = (average * (forms.ln_sigma.goodness.sse as number)) / (points.length - 2);
  return { forms, chi2_reduced };
}

/** Three figures of the weighted fit, shown beside what is judged. */
function weightedFigures(weighted: ArrheniusFit['weighted']): ArrheniusFit['goodness'] {
  const of = (name: string) =>
    weighted?.forms.ln_sigma.results.find((row) => row.quantity === name)?.value ?? null;
  return {
    weighted_Ea_ln_sigma_eV: of('Ea_eV'),
    weighted_sigma25_S_cm: of('sigma25_S_cm'),
    weighted_chi2_reduced: weighted?.chi2_reduced ?? null,
  };
}

/** What all conductivities of a series have in common. */
const commonTerms = (options: ArrheniusOptions): CommonTerms => ({
  geometry: options.geometry_relative_uncertainty ?? 0,
  temperature_half_width: options.temperature_half_width_kelvin ?? 0,
});

/**
 * Conductivity at 25 °C from readings at 25 ± 1 °C, for samples with too few temperatures for a fit; null where there
 * is no such reading.
 */
export function conductivityMeasuredAt25(
  input: ArrheniusInput,
  options: ArrheniusOptions = {},
): Quantity | null {
  return conductivityFromReading(input, options)?.quantity ?? null;
}

/** The same, with how it was obtained and the sources of its uncertainty. */
export function conductivityFromReading(
  input: ArrheniusInput,
  options: ArrheniusOptions = {},
): ReadingAt25 | null {
  return readingAt25(usableReadings(input).readings, commonTerms(options), null);
}

/** σ at 25 °C from a reading, with the value and temperature that were read and the factor that was applied. */
function readingRows(reading: ReadingAt25): Quantity[] {
  const of = (name: string, value: number, unit: string) =>
    quantity({ quantity: name, value, unit, n: reading.quantity.n, method: 'reading at 25 ± 1 °C' });
  return [
    reading.quantity,
    of('sigma_read_S_cm', reading.read, 'S/cm'),
    of('reading_temperature_C', reading.temperature_celsius, '°C'),
    of('correction_factor', reading.correction_factor, '1'),
  ];
}

function readingWarnings(reading: ReadingAt25 | null): AnalysisWarning[] {
  if (!reading?.Ea_assumed) return [];
  return [say('EA_ASSUMED', { assumed: assumedMessage('activation_energy') })];
}

function measuredBasis(without: VerdictBasis): VerdictBasis {
  const because = say('READING_AT_25', { without: without.because });
  return { source: 'measured', otherwise: without.otherwise, reason: because.message, because };
}

function summary(
  readings: Reading[],
  points: Reading[],
  used: SeriesAnalysis,
  test: HysteresisTest | null,
): ArrheniusFit['goodness'] {
  const temperatures = points.map((point) => point.temperature_celsius);
  const hopping = used.forms.ln_sigma_T.results.find((row) => row.quantity === 'Ea_eV');
  return {
    ...used.forms.ln_sigma.goodness,
    // Never compare it with an Eₐ of the other form: the two differ by about kT.
    Ea_ln_sigma_T_eV: hopping?.value ?? null,
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
 * Near a target the error of the regression understates what is known of the material: eight laboratories that
 * measured the same thiophosphate powders differed by 35–50 %.
 * Source: S. Ohno et al., ACS Energy Lett. 5 (2020) 910.
 */
function withScatterRemark(fit: ArrheniusFit, target: number | undefined): ArrheniusFit {
  const sigma = fit.results.find((row) => row.quantity === 'sigma25_S_cm')?.value ?? null;
  if (target === undefined || sigma === null) return fit;
  const ratio = sigma / target;
  if (ratio > 1.5 || ratio < 1 / 1.5) return fit;
  return { ...fit, warnings: [...fit.warnings, say('INTERLABORATORY_SCATTER/sample')] };
}
