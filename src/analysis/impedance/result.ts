import type { AnalysisWarning, FitResult, Quantity } from '../result.js';
import type { Choice } from '../verdict/choices.js';
import type { Circuit } from './circuit/parse.js';
import type { Weighting } from './fit/problem.js';
import type { KramersKronigTest } from './kramers-kronig/linear-test.js';
import type { ArcAssignment, ArcRole } from './material/assignment.js';

/**
 * A quantity of a circuit fit. `standard_error` and the intervals take residuals as independent;
 * `standard_error_adjusted`, which verdicts use, allows for correlated residuals.
 */
export interface ImpedanceQuantity extends Quantity {
  standard_error_adjusted: number | null;
  /** standard_error/|value|; kept where the value itself is withheld as not identifiable. */
  relative_standard_error: number | null;
}

/** One arc of the fitted circuit. What is not resolved is null. */
export interface FittedArc {
  /** From 1, as in the circuit. */
  arc: number;
  resistor: string;
  R_ohm: number | null;
  R_se: number | null;
  R_se_adjusted: number | null;
  exponent: number | null;
  tau_s: number | null;
  f_char_hz: number | null;
  /** Hsu–Mansfeld capacitance τ/R. */
  C_eff_F: number | null;
  C_eff_se: number | null;
  /** Whether R, τ and C are determined well enough to be reported. */
  resolved: boolean;
  /** Whether f_char lies between the lowest and the highest frequency. */
  in_band: boolean;
  /** Whether it lies below the lowest frequency; the arc is then not part of any sum of resistances. */
  below_band: boolean;
}

/** The optimum of one circuit: what derived quantities need. Arrays are in the order of `circuit.parameters`. */
export interface FittedModel {
  circuit: Circuit;
  values: Float64Array;
  /** Covariance of the transformed parameters, k × k, symmetric, residuals taken as independent. */
  covariance: Float64Array;
  dof: number;
  n_points: number;
  se_adjust_factor: number;
}

/** A circuit that was compared. */
export interface Alternative {
  circuit: string;
  n_params: number;
  ssr_weighted: number;
  aicc: number | null;
  condition_number_log_jacobian: number | null;
  /** Parameters that the spectrum does not determine. */
  not_identifiable: string[];
  /** Values of its parameters by name. */
  parameters: Record<string, number>;
  /** Parameters that prevent choosing it; empty if the circuit is admissible. */
  flaws: string[];
}

/** The same circuit fitted with outlying residuals given less weight (Huber). */
export interface RobustFit {
  parameters: Record<string, number>;
  scale: number;
  n_downweighted: number;
  iterations: number;
  /** Resistances that differ from the least-squares fit by more than two standard errors. */
  differing: string[];
}

export interface ImpedanceFit extends FitResult {
  results: ImpedanceQuantity[];
  /** The circuit that was fitted. */
  circuit: string;
  /** The requested circuit; null where it was chosen automatically. */
  requested_circuit: string | null;
  weighting: Weighting;
  arcs: FittedArc[];
  alternatives: Alternative[];
  kramers_kronig: KramersKronigTest | null;
  robust: RobustFit | null;
  /** The same circuit fitted to all usable points; null where none was left out. */
  with_excluded: {
    n_points: number;
    kramers_kronig_rms_residual: number;
    rms_residual_of_modulus: number;
    parameters: Record<string, number>;
  } | null;
  /** Whether the leads' impedance was subtracted before fitting. */
  leads_subtracted: boolean;
  /** The fitted points and the fitted curve at their frequencies, from high to low. */
  curve: {
    frequency_hertz: number[];
    real_impedance_ohm: number[];
    imaginary_impedance_ohm: number[];
    fitted_real_impedance_ohm: number[];
    fitted_imaginary_impedance_ohm: number[];
  };
  model: FittedModel;
}

/** An arc with what its capacitance tells about it. */
export interface AssignedArc extends FittedArc {
  assignment: ArcAssignment | null;
  role: ArcRole;
  /** C·l/A (F, at a cell constant of 1 cm⁻¹), C/A, and C/A of each of the equal interfaces in series (F/cm²). */
  C_normalised_F: number | null;
  C_areal_F_cm2: number | null;
  C_areal_per_interface_F_cm2: number | null;
  relative_permittivity: number | null;
  /** Brug's capacitance (F), for an arc behind the series resistance. */
  C_brug_F: number | null;
}

/** |ln| of the ratio by which resistances differ between circuits that describe a spectrum about equally well. */
export interface CircuitSpread {
  R_electrolyte_ohm: number | null;
  R_interface_ohm: number | null;
}

/** Resistances under another choice divided by the reported ones; null where there is nothing to compare. */
export interface OtherResistances {
  choice: Extract<Choice, 'circuit' | 'points'>;
  alternative: string;
  R_electrolyte_factor: number | null;
  R_interface_factor: number | null;
}

/** What is derived from a fit: rows, and what is reported with them. */
export interface DerivedResult {
  results: ImpedanceQuantity[];
  warnings: AnalysisWarning[];
  /** The arcs with their roles. */
  arcs?: AssignedArc[];
  /** How much the resistances differ between circuits that describe the spectrum about equally well. */
  circuit_spread?: CircuitSpread;
  /** By the next best circuit, and with the points that were trimmed. */
  other_resistances?: OtherResistances[];
}
