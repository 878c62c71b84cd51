import type { Message } from '../../messages/message.js';
import type { AnalysisWarning, FitResult, Quantity } from '../result.js';
import type { UncertaintyComponent } from '../uncertainty/index.js';
import type { Choice } from '../verdict/choices.js';

/** `ln_sigma`: σ = σ₀·exp(−Eₐ/kT). `ln_sigma_T`: σT = A·exp(−Eₐ/kT). Their Eₐ differ by about k·T. */
export type ArrheniusFormName = 'ln_sigma' | 'ln_sigma_T';

/** The model that describes the readings best. */
export type ArrheniusModel = 'arrhenius' | 'vtf' | 'two_segment';

/** Conductivities at temperatures, one sample; arrays of one length. */
export interface ArrheniusInput {
  temperature_celsius: ArrayLike<number>;
  conductivity_siemens_per_centimeter: ArrayLike<number>;
  /** `heating` or `cooling`, null where not known. */
  branch?: ArrayLike<string | null>;
  /** Standard error of each conductivity, S/cm, without the geometry that all readings share. */
  conductivity_standard_error?: ArrayLike<number | null>;
  /** What the chamber was set to; a reading more than 2 K off is left out. */
  setpoint_celsius?: ArrayLike<number | null>;
}

/** What cannot be seen from the readings. */
export interface ArrheniusOptions {
  /** Relative standard uncertainty of thickness/area; it shifts all conductivities together. Default 0. */
  geometry_relative_uncertainty?: number;
  /** The heating branch only conditioned the sample: cooling is judged. */
  heating_is_conditioning?: boolean;
  /**
   * Half width of the error of the temperatures, common to the series; adds to σ at 25 °C and to Eₐ. Default 0: no term.
   */
  temperature_half_width_kelvin?: number;
  /** S/cm; a warning about the scatter between laboratories is given near it. */
  target_siemens_per_centimeter?: number;
}

/** One linear form: quantities with intervals, and figures of the regression. */
export interface ArrheniusForm {
  form: ArrheniusFormName;
  results: Quantity[];
  goodness: Record<string, number | string | boolean | null>;
}

/** The fit in both forms: ln σ and ln σT against 1/T. */
export type ArrheniusForms = Record<ArrheniusFormName, ArrheniusForm>;

/** Vogel–Tammann–Fulcher: ln σ = ln A − B/(T − T0). */
export interface VtfFit {
  T0_K: number;
  B_K: number;
  B_eV: number;
  lnA: number;
  sse: number;
  at_bound: boolean;
  ln_sigma25: number;
  /** Delta method; null when the three parameters leave no degree of freedom or are not separable. */
  ln_sigma25_se: number | null;
  sigma25_S_cm: number;
  aicc: number | null;
}

/** Two straight lines that meet at a temperature. */
export interface TwoSegmentFit {
  sse: number;
  break_T_K: number;
  Ea_high_T_eV: number;
  Ea_low_T_eV: number;
  /** Standard error of the difference of the two. */
  delta_Ea_se_eV: number;
  ln_sigma25: number;
  ln_sigma25_se: number;
  aicc: number | null;
}

/** Arrhenius against curved and broken lines, by AICc. */
export interface ModelComparison {
  n: number;
  arrhenius: { sse: number; aicc: number | null };
  quadratic?: { sse: number; aicc: number | null; t_quadratic: number; p_value: number };
  vtf?: VtfFit;
  two_segment?: TwoSegmentFit;
}

/** Whether heating and cooling runs lie apart: F test of a common offset. */
export interface HysteresisTest {
  ln_offset_cooling_minus_heating: number;
  se: number;
  p_value: number;
  F: number;
  F_p: number;
  ratio: number;
}

/** A reading near 25 °C and what was made of it. */
export interface ReadingAt25 {
  quantity: Quantity;
  /** The conductivity as it was read, S/cm, and its temperature, °C. */
  read: number;
  temperature_celsius: number;
  correction_factor: number;
  /** Activation energy by the form ln σ, eV; assumed where no fit has a degree of freedom. */
  Ea_eV: number;
  Ea_assumed: boolean;
  /** The relative uncertainties from which its interval is computed, without the geometry. */
  components: UncertaintyComponent[];
}

/** What a verdict on the conductivity at 25 °C may rest on. */
export interface VerdictBasis {
  /** The fit, the reading taken at 25 ± 1 °C, or nothing. */
  source: 'fit' | 'measured' | 'none';
  /** What the verdict is when nothing supports it. */
  otherwise: 'INSUFFICIENT DATA' | 'INCONCLUSIVE' | null;
  reason: string;
  /** The reason as a code with values. */
  because: Message;
}

/** σ at 25 °C as another defensible choice would give it. */
export interface OtherConductivity {
  choice: Extract<Choice, 'branch' | 'law'>;
  alternative: string;
  /** S/cm. */
  sigma25: number;
  /** Of form ln σ, eV. */
  Ea_eV: number | null;
  /** Where its uncertainty comes from, relative; geometry apart. */
  components: UncertaintyComponent[];
}

/** The analysis of one series of temperatures: all readings, or one branch. */
export interface SeriesAnalysis {
  forms: ArrheniusForms;
  model_comparison: ModelComparison | null;
  model_comparison_note: string | null;
  model_selected: ArrheniusModel;
  /** The quantities to use, model selection applied. */
  results: Quantity[];
  verdict_basis: VerdictBasis;
  /** Where the uncertainty of σ at 25 °C comes from, relative; geometry apart. */
  components: UncertaintyComponent[];
  /** Results of the models whose AICc was close to the one that was selected. */
  other_laws: OtherConductivity[];
  warnings: AnalysisWarning[];
}

export interface ArrheniusFit extends FitResult {
  forms: ArrheniusForms;
  /**
   * The same with weights 1/variance, where every point has a standard error. It is shown beside the result and never
   * judged.
   */
  weighted: { forms: ArrheniusForms; chi2_reduced: number } | null;
  model_comparison: ModelComparison | null;
  model_comparison_note: string | null;
  model_selected: ArrheniusModel;
  hysteresis_test: HysteresisTest | null;
  /** The branches on their own, when they differ. */
  branches: Record<'heating' | 'cooling', { forms: ArrheniusForms; results: Quantity[] }> | null;
  judged_branch: 'heating' | 'cooling' | null;
  /**
   * Sources of the relative uncertainty of σ at 25 °C, without the geometry. Those of the reading where the reading is
   * judged.
   */
  components: UncertaintyComponent[];
  /** The reading at 25 ± 1 °C, where it is judged. */
  reading: ReadingAt25 | null;
  /** σ at 25 °C under other choices of model and branch; empty where a reading is judged. */
  alternatives: OtherConductivity[];
  verdict_basis: VerdictBasis;
}
