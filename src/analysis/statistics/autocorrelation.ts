/** How much less information a correlated series holds than its length suggests. */

/** Lag-1 autocorrelation Σ e_t·e_{t+1}/Σ e_t² of deviations from a mean or a trend; 0 when all are zero. */
export function lagOneAutocorrelation(deviations: ArrayLike<number>): number {
  let products = 0;
  let squares = 0;
  for (let i = 0; i < deviations.length; i++) {
    squares += (deviations[i] as number) ** 2;
    if (i > 0) products += (deviations[i] as number) * (deviations[i - 1] as number);
  }
  return squares > 0 ? products / squares : 0;
}

/**
 * Lag-1 autocorrelation with its small-sample bias removed, kept within [0, 0.99]:
 * (N·r₁ + p)/(N − 2 − p) for deviations from p fitted parameters (p = 1: a mean, p = 2: a line).
 * Source: F. H. C. Marriott & J. A. Pope, Biometrika 41 (1954) 390.
 *
 * @returns 0 when N ≤ p + 2, where nothing can be said
 */
export function biasCorrectedAutocorrelation(r1: number, n: number, parameters: number): number {
  const denominator = n - 2 - parameters;
  if (denominator <= 0) return 0;
  return Math.min(Math.max((n * r1 + parameters) / denominator, 0), 0.99);
}

export interface EffectiveSize {
  rho1: number;
  rho1_bias_corrected: number;
  /** Variance inflation (1 + r)/(1 − r) of a first-order autoregressive series. */
  inflation: number;
  n_eff: number;
}

/** Effective number of independent points in a series of deviations from `parameters` fitted parameters. */
export function effectiveSize(deviations: ArrayLike<number>, parameters: number): EffectiveSize {
  const rho1 = lagOneAutocorrelation(deviations);
  const rho1_bias_corrected = biasCorrectedAutocorrelation(rho1, deviations.length, parameters);
  const inflation = (1 + rho1_bias_corrected) / (1 - rho1_bias_corrected);
  return { rho1, rho1_bias_corrected, inflation, n_eff: deviations.length / inflation };
}

/**
 * The same without the bias correction, which is meant for the parameters of a trend. Model comparisons use this
 * number: a smaller one would hide every bend. r₁ is kept within [0, 0.99].
 */
export function effectiveCount(residuals: ArrayLike<number>): number {
  const r1 = Math.min(Math.max(lagOneAutocorrelation(residuals), 0), 0.99);
  return (residuals.length * (1 - r1)) / (1 + r1);
}

/** Durbin–Watson statistic Σ(e_t − e_{t−1})²/Σe_t²: 2 without correlation, 0 for a drifting residual. */
export function durbinWatson(residuals: ArrayLike<number>): number | null {
  let steps = 0;
  let squares = 0;
  for (let i = 0; i < residuals.length; i++) {
    squares += (residuals[i] as number) ** 2;
    if (i > 0) steps += ((residuals[i] as number) - (residuals[i - 1] as number)) ** 2;
  }
  return squares > 0 ? steps / squares : null;
}

/** Lag of the Newey–West estimator, ⌊4(N/100)^{2/9}⌋. */
export function neweyWestLag(n: number): number {
  return Math.floor(4 * (n / 100) ** (2 / 9));
}

/**
 * Standard error of a line's slope that allows for correlated residuals: Bartlett weights, factor N/(N − 2).
 * Source: W. K. Newey & K. D. West, Econometrica 55 (1987) 703.
 */
export function neweyWestSlopeError(x: ArrayLike<number>, residuals: ArrayLike<number>, lag: number): number {
  const n = x.length;
  let centre = 0;
  for (let i = 0; i < n; i++) centre += (x[i] as number) / n;
  const score = Float64Array.from(residuals, (e, i) => e * ((x[i] as number) - centre));
  let sxx = 0;
  for (let i = 0; i < n; i++) sxx += ((x[i] as number) - centre) ** 2;
  let total = 0;
  for (let shift = 0; shift <= Math.min(lag, n - 1); shift++) {
    let covariance = 0;
    for (let i = shift; i < n; i++) covariance += (score[i] as number) * (score[i - shift] as number);
    total += shift === 0 ? covariance : 2 * (1 - shift / (lag + 1)) * covariance;
  }
  return Math.sqrt((Math.max(total, 0) * n) / (n - 2)) / sxx;
}
