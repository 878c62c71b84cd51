import { impedanceMessages as say } from '../../../messages/impedance.js';
import { type AnalysisWarning, type FitResult, NotComputable, quantity } from '../../result.js';
import { sumOfSquares } from '../../statistics/descriptive.js';
import { type PreparedSpectrum, prepareSpectrum, type Spectrum } from '../spectrum.js';
import { hasCapacitiveEnd } from './capacitive-end.js';
import { findJump, type Jump } from './jump.js';
import { fitLinearModel, type LinearModelFit, linearProblem } from './linear-model.js';
import { type DeviatingPoint, fitPointModel } from './point-model.js';

export type KramersKronigVerdict = 'valid' | 'marginal' | 'fail';

/** Settings of the linear Kramers–Kronig test. */
export interface KramersKronigSettings {
  /** Number of relaxations is raised until μ falls below this. */
  mu_threshold: number;
  /** First and last number of relaxations; null: 3 and 7 per decade. */
  minimum_M: number | null;
  maximum_M: number | null;
  /** Capacitance in series; null: only where the low-frequency end is capacitive. */
  add_capacitance: boolean | null;
}

export const recommendedSettings: KramersKronigSettings = {
  mu_threshold: 0.85,
  minimum_M: null,
  maximum_M: null,
  add_capacitance: null,
};

/**
 * Schönleber's rule as implemented in impedance.py: the first M, from 1 on, with μ below c. It declares good spectra
 * invalid.
 */
export const plainLinKkSettings: KramersKronigSettings = {
  mu_threshold: 0.85,
  minimum_M: 1,
  maximum_M: 50,
  add_capacitance: false,
};

export interface FlaggedPoint {
  /** Index in the input. */
  index: number;
  /** Index counted from the highest frequency. */
  index_from_high_frequency: number;
  frequency_hertz: number;
  /** Distance from the value that all other points predict (fraction of |Z|). */
  deviation: number;
}

export interface KramersKronigTest extends FitResult {
  verdict: KramersKronigVerdict;
  M: number;
  M_range: [number, number];
  mu: number;
  add_cap: boolean;
  /** Σ of the squared relative residuals. */
  pseudo_chi2: number;
  /** Root mean square and largest of the 2N relative residual components (fraction of |Z|). */
  rms_residual: number;
  max_abs_residual: number;
  frequency_hertz: number[];
  residual_re: number[];
  residual_im: number[];
  flagged: FlaggedPoint[];
  /** Noise of the spectrum (fraction of |Z|) by the point model, and its number of relaxations. */
  s_kk: number;
  point_model_M: number;
  /** The data fail but their conjugate passes: the column holds −Z''. */
  sign_reversed: boolean;
  /** Where the impedance appears to have changed between two frequencies. */
  jump: Jump | null;
}

const validLimit = 0.005;
const marginalLimit = 0.02;
const relaxationsPerDecade = { least: 3, most: 7 };
/** A spectrum is taken as reversed if the residual of its conjugate is this many times smaller. */
const reversedFactor = 5;
const fewestPoints = 5;

function rangeOfM(spectrum: PreparedSpectrum, settings: KramersKronigSettings): [number, number] {
  const f = spectrum.frequency_hertz;
  const decades = Math.log10(f[0]! / f.at(-1)!);
  const most = f.length - 2;
  const last = Math.min(settings.maximum_M ?? Math.ceil(relaxationsPerDecade.most * decades), most);
  const first = settings.minimum_M ?? Math.ceil(relaxationsPerDecade.least * decades);
  return [Math.max(1, Math.min(first, last)), Math.max(1, last)];
}

function flaggedPoints(spectrum: PreparedSpectrum, deviating: DeviatingPoint[]): FlaggedPoint[] {
  return deviating.map(({ index, deviation }) => ({
    index: spectrum.input_index[index]!,
    index_from_high_frequency: index,
    frequency_hertz: spectrum.frequency_hertz[index]!,
    deviation,
  }));
}

/** The first number of relaxations at which μ falls below its threshold, or the last. */
function fitUntilBalanced(
  spectrum: PreparedSpectrum,
  settings: KramersKronigSettings,
): { fit: LinearModelFit; add_cap: boolean; range: [number, number]; rms: number } {
  const problem = linearProblem(spectrum);
  const add_cap = settings.add_capacitance ?? hasCapacitiveEnd(spectrum);
  const [first, last] = rangeOfM(spectrum, settings);
  let fit = fitLinearModel(problem, first, add_cap);
  while (fit.mu >= settings.mu_threshold && fit.M < last) fit = fitLinearModel(problem, fit.M + 1, add_cap);
  const squares = sumOfSquares(fit.residual_re) + sumOfSquares(fit.residual_im);
  return { fit, add_cap, range: [first, last], rms: Math.sqrt(squares / fit.residual_re.length / 2) };
}

/** Root mean square residual of the linear test alone, by the recommended rule (fraction of |Z|). */
export function kramersKronigResidual(spectrum: PreparedSpectrum): number {
  return fitUntilBalanced(spectrum, recommendedSettings).rms;
}

/** Whether the conjugate of a spectrum passes where the spectrum itself fails. */
function isReversed(spectrum: PreparedSpectrum, rms: number): boolean {
  if (rms <= validLimit) return false;
  const conjugate = {
    ...spectrum,
    imaginary_impedance_ohm: spectrum.imaginary_impedance_ohm.map((im) => -im),
  };
  const ofConjugate = kramersKronigResidual(conjugate);
  return ofConjugate <= marginalLimit && rms > reversedFactor * ofConjugate;
}

function verdictOf(rms: number, jump: Jump | null): KramersKronigVerdict {
  if (jump || rms > marginalLimit) return 'fail';
  return rms > validLimit ? 'marginal' : 'valid';
}

function warningsOf(verdict: KramersKronigVerdict, rms: number, flagged: FlaggedPoint[], jump: Jump | null) {
  const warnings: AnalysisWarning[] = [];
  const percent = (rms * 100).toPrecision(2);
  if (jump) {
    warnings.push(
      say('KK_JUMP', {
        above: jump.frequency_above_hertz.toPrecision(4),
        below: jump.frequency_below_hertz.toPrecision(4),
        percent: (jump.relative_change * 100).toPrecision(2),
      }),
    );
  }
  if (rms > marginalLimit) {
    warnings.push(say('KK_FAIL', { percent }));
  }
  if (verdict === 'marginal') {
    warnings.push(say('KK_MARGINAL', { percent }));
  }
  if (flagged.length > 0) {
    const list = flagged.map(({ frequency_hertz, deviation }) =>
      say('AT_HERTZ', {
        hertz: frequency_hertz.toPrecision(4),
        percent: (deviation * 100).toPrecision(2),
      }),
    );
    warnings.push(say('KK_OUTLIERS', { n: flagged.length, list }));
  }
  return warnings;
}

const reversed: AnalysisWarning = say('IMAGINARY_SIGN_REVERSED');

/** The linear Kramers–Kronig test of a prepared spectrum. */
export function testPreparedSpectrum(
  spectrum: PreparedSpectrum,
  settings: KramersKronigSettings = recommendedSettings,
): KramersKronigTest {
  const n = spectrum.frequency_hertz.length;
  if (n < fewestPoints) {
    throw new NotComputable(
      'TOO_FEW_POINTS',
      `a Kramers–Kronig test needs ${fewestPoints} frequencies; there are ${n}`,
    );
  }
  const { fit, add_cap, range, rms: rms_residual } = fitUntilBalanced(spectrum, settings);
  const problem = linearProblem(spectrum);
  const pseudo_chi2 = sumOfSquares(fit.residual_re) + sumOfSquares(fit.residual_im);
  const components = [...fit.residual_re, ...fit.residual_im].map(Math.abs);
  const jump = findJump(problem, fit, add_cap);
  const points = fitPointModel(problem, add_cap);
  const flagged = flaggedPoints(spectrum, points.deviating);
  const sign_reversed = isReversed(spectrum, rms_residual);
  const verdict = verdictOf(rms_residual, jump);
  const figures = {
    M: fit.M,
    mu: fit.mu,
    pseudo_chi2,
    rms_residual,
    max_abs_residual: Math.max(...components),
  };
  const method = 'linear Kramers–Kronig test, complex least squares, modulus weighting';
  return {
    ...figures,
    verdict,
    M_range: range,
    add_cap,
    frequency_hertz: [...spectrum.frequency_hertz],
    residual_re: [...fit.residual_re],
    residual_im: [...fit.residual_im],
    flagged,
    s_kk: points.s_kk,
    point_model_M: points.M,
    sign_reversed,
    jump,
    results: Object.entries(figures).map(([name, value]) =>
      quantity({ quantity: name, value, unit: '1', n, method }),
    ),
    goodness: { n_points: n, verdict, add_cap, s_kk: points.s_kk, sign_reversed, ...figures },
    warnings: sign_reversed ? [reversed] : warningsOf(verdict, rms_residual, flagged, jump),
    excluded: spectrum.excluded,
  };
}

/**
 * Whether a spectrum can be that of a linear, causal, stationary system (B. A. Boukamp 1995; M. Schönleber et al.
 * 2014), with at least three relaxations per decade, because Schönleber's own rule (stop at the first μ < 0.85)
 * declares spectra with narrow arcs invalid. The test cannot detect a change that is slower than the sweep.
 * @throws NotComputable with fewer than five usable frequencies
 */
export function testKramersKronig(
  spectrum: Spectrum,
  settings: Partial<KramersKronigSettings> = {},
): KramersKronigTest {
  return testPreparedSpectrum(prepareSpectrum(spectrum), { ...recommendedSettings, ...settings });
}
