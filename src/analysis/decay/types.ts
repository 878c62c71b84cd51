import type { FitResult, Quantity } from '../result.js';
import type { RunsTest } from '../statistics/runs-test.js';
import type { Choice } from '../verdict/choices.js';
import type { Verdict } from '../verdict/judge.js';

/** Capacity over cycles of one cell, arrays of one length. */
export interface DecayInput {
  cycle: ArrayLike<number>;
  /** Discharge capacity (any unit), or anything else that fades in proportion. */
  capacity: ArrayLike<number | null>;
  /** Labels as in `cycles.label`; without them every cycle counts as ageing. */
  label?: ArrayLike<string | null>;
  /** Discharge energy of the same cycles: its decay rate is reported too. */
  energy?: ArrayLike<number | null>;
}

/** What is known in addition to the series. */
export interface DecayOptions {
  /** Limit of D, a fraction per cycle. Default 0.0005. */
  target_per_cycle?: number;
  /** The included cycles must span this many cycles before D is judged. Default 100. */
  minimum_cycles?: number;
  /** Unit of the capacity, for the report. */
  capacity_unit?: string;
  /**
   * Half width of slow changes of the capacity that no residual shows (season, chamber, drift of the current), a
   * fraction. Default 0, since numbers alone do not tell how they were measured.
   */
  capacity_wander_relative?: number;
  /** Resamplings of the block bootstrap, which is information only; 0 leaves it out. Default 1000. */
  bootstrap_samples?: number;
}

/** The primary estimate: straight line through ln Q over n. Names are those of the reported figures. */
export interface LogOls {
  n: number;
  D: number;
  D_percent_per_cycle: number;
  Q0: number;
  slope: number;
  slope_se_ols: number;
  slope_se_newey_west: number;
  newey_west_lag: number;
  rho1: number;
  rho1_bias_corrected: number;
  slope_se_ar1: number;
  D_se_ols: number;
  D_se_newey_west: number;
  D_se_ar1: number;
  D_ci95_ols: [number | null, number | null];
  n_eff: number;
  dof_eff: number;
  D_se_reported: number;
  D_ci95_reported: [number | null, number | null];
  D_upper95_one_sided: number | null;
  D_lower95_one_sided: number | null;
  Q0_se: number;
  r_squared: number;
  residual_sd_ln: number;
  durbin_watson: number | null;
  runs_test: RunsTest;
  /** Cycles to 80 % of Q0 by the fitted law; null while the cell gains capacity. */
  n80_fitted_Q0: number | null;
  n80_ci95: [number | null, number | null];
  observed_span: number;
  n80_extrapolated: boolean;
}

export interface NlsFit {
  Q0: number;
  D: number;
  D_se: number;
  D_ci95: [number | null, number | null];
  sse: number;
}

export interface RobustFits {
  theil_sen: { slope: number; D: number; D_ci95: [number, number] };
  huber: { slope: number; D: number; Q0: number; scale: number; n_downweighted: number; iterations: number };
  /** Positions in the fitted series that lie more than five robust scales from the Huber line. */
  outliers: number[];
  /** OLS on the points of Huber weight ≥ 0.5: its standard error is free of gross outliers. */
  inlier_ols: LogOls | null;
  /** Whether the Huber D replaces that of OLS. */
  huber_reported: boolean;
}

export interface FadeModel {
  sse: number;
  k: number;
  aicc: number | null;
  Q0: number;
  D?: number;
  coefficient?: number;
  exponent?: number;
  at_bound?: boolean;
}

export type FadeModelName = 'exponential' | 'linear' | 'sqrt' | 'power';

/** Other laws of fade against the exponential, by AICc. */
export interface FadeComparison {
  models: Record<FadeModelName, FadeModel>;
  best: FadeModelName;
  delta_aicc_exponential: number | null;
  /** AICc of the exponential minus that of the best alternative, both with the effective number of points. */
  delta_aicc_eff_exponential: number | null;
  best_eff: FadeModelName;
  /** Whether another law is better by more than 10. */
  law_inadequate: boolean;
}

/** Where the fade changes its pace. */
export interface Knee {
  /** Cycles after the first included one. */
  knee_cycle: number;
  knee_ci95: [number, number];
  D_before: number;
  D_after: number;
  ratio: number | null;
  sse_line: number;
  sse_hinge: number;
  n_eff: number;
  delta_aicc_eff: number | null;
  F: number;
  accepted: boolean;
}

/** D of one window of cycles with every term of its uncertainty; slope is that of ln Q, errors are per cycle. */
export interface DecayEstimate {
  n: number;
  D: number;
  slope: number;
  /** Statistical error: the largest of three, from the residuals of the law that describes the window. */
  slope_se: number;
  rho1: number;
  rho1_bias_corrected: number;
  n_eff: number;
  dof_eff: number;
  /** Standard uncertainty of the slope from slow changes that no residual shows. */
  u_wander: number;
  ci95_statistical: [number | null, number | null];
  /** With the wander, as in every bound below. */
  ci95: [number | null, number | null];
  lower95: number | null;
  upper95: number | null;
  /**
   * A PASS needs this bound below the limit: it is safe when a cell is judged every night, which the one-sided 95 %
   * bound is not.
   */
  upper99: number | null;
}

/** D over the last third of a window. */
export interface RecentDecay extends DecayEstimate {
  /** Cycles from the first included one to the first of the third. */
  first_n: number;
}

/** A law of fade as a straight line from 1 at n = 0: ln(Q/Q₀) over n, or Q/Q₀ over n^exponent. */
export interface ProjectedLine {
  /** Null: the exponential law. */
  exponent: number | null;
  /** Slope, negative where capacity is lost. */
  rate: number;
  /** One-sided 95 %, of the slope. */
  half_width: number;
}

/** One law of fade with what speaks for it. */
export interface ProjectedLaw {
  sse: number;
  /** Number of parameters, including the variance. */
  k: number;
  /** N_eff·ln(SSE/N) + 2k. */
  aic_eff: number;
  /** Whether it is not so much worse than the best law that it can be ruled out. */
  admitted: boolean;
  best: ProjectedLine;
  /** Every possible line of the law: several exponents for the power law. */
  lines: ProjectedLine[];
}

/** What a life that was not observed yet is projected from. */
export interface LifeProjection {
  n_eff: number;
  laws: Record<FadeModelName, ProjectedLaw>;
  /**
   * The last third extrapolated: share of the initial capacity at its centre, slope of ln Q; null below three points.
   */
  recent: { centre: number; share: number; rate: number; half_width: number } | null;
}

/** All estimates on one window of cycles. */
export interface WindowAnalysis {
  n: number;
  log_ols: LogOls;
  robust: RobustFits;
  exponential: NlsFit & { residuals: Float64Array };
  model_comparison: FadeComparison;
  knee: Knee | null;
  /** The knee; none where another law describes the whole fade better than a bend, since the fade is then smooth. */
  judged_knee: Knee | null;
  /** What is judged: OLS, or Huber where gross outliers distort OLS. */
  estimate: DecayEstimate;
  recent: RecentDecay | null;
  /** The estimate as a row of the fit's table. */
  D: Quantity;
}

/** D against its target, with the bounds that were compared. */
export interface DecayVerdict extends Verdict {
  target: string;
  D_lower95: number | null;
  D_upper95: number | null;
  D_upper99: number | null;
  window_cycles: number;
  cycles_spanned: number;
  window: DecayEstimate;
  recent: RecentDecay | null;
  /** Also null where another law describes the fade better than a bend does. */
  knee: Knee | null;
}

/** Short form of a fit on another selection of cycles, shown beside the primary one. */
export interface SelectionFit {
  n: number;
  dof: number;
  D: number;
  D_se_ols: number | null;
  D_ci95_ols: [number | null, number | null];
  D_ci95_reported: [number | null, number | null];
  Q0: number;
}

/** D under another defensible choice. */
export interface OtherDecay {
  choice: Extract<Choice, 'estimator' | 'window' | 'points' | 'charge' | 'conditions'>;
  alternative: string;
  estimate: DecayEstimate;
}

export interface DecayFit extends FitResult {
  /** `ageing` cycles, or `checkup` where the protocol fixes the ageing cycles' capacity. */
  series: 'ageing' | 'checkup';
  log_ols: LogOls;
  nls: NlsFit;
  theil_sen: RobustFits['theil_sen'];
  huber: RobustFits['huber'];
  model_comparison: FadeComparison;
  knee: Knee | null;
  block_bootstrap: {
    block_length: number;
    B: number;
    D_se: number;
    D_ci95_percentile: [number, number];
  } | null;
  endpoint_mean_D: number | null;
  first_cycle_below_80pct_of_initial: number | null;
  initial_capacity_median5: number;
  capacity_retention_last: number;
  end_of_life_cycle: number | null;
  /** First included cycle to the observed end of life; null where that was not reached. */
  window_to_eol: {
    n: number;
    log_ols: LogOls;
    knee: Knee | null;
    model_comparison: FadeComparison;
    D_mean_to_80pct: number;
  } | null;
  /** Null where the end of life was seen, or from too few points. */
  life_projection: LifeProjection | null;
  /** As given: a fraction of the capacity. */
  wander_half_width: number;
  verdict_D: DecayVerdict;
  /** D of the judged window under other choices of estimator, window and points. */
  alternatives: OtherDecay[];
  ageing_only: (SelectionFit & { Q0_at_first_included: number }) | null;
  checkup_only: SelectionFit | null;
  naive_all_cycles: SelectionFit | null;
}
