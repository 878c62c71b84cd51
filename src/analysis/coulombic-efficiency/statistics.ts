import { effectiveSize } from '../statistics/autocorrelation.js';
import { mean, median, standardDeviation } from '../statistics/descriptive.js';
import { boundsAround } from '../statistics/intervals.js';

const BLOCK = 100;

/** Names are those of the reported figures; fractions throughout. */
export interface EfficiencyStatistics {
  n: number;
  mean: number;
  sd: number | null;
  rho1: number;
  rho1_bias_corrected: number;
  n_eff: number;
  /** From scatter only. */
  se_mean: number | null;
  /** Standard uncertainty of the charge ratio of the instrument; it does not decrease with n. */
  instrument_u: number;
  ci95: [number | null, number | null];
  lower95_one_sided: number | null;
  upper95_one_sided: number | null;
  ci95_statistical_only: [number | null, number | null];
  geometric_mean: number | null;
  /** Share of the lithium that would be left without excess. */
  cumulative_product: number | null;
  median: number;
  minimum: number;
  maximum: number;
  n_above_1: number;
  /** Means of consecutive complete blocks of 100 cycles. */
  block100_means: number[];
  /** Σ out/Σ in; null where only efficiencies were given. */
  charge_weighted: number | null;
}

/** A value that overflows is not shown. */
const finite = (value: number) => (Number.isFinite(value) ? value : null);

/**
 * Mean of a series of efficiencies whose neighbours are correlated: the standard error counts n_eff = N(1−r)/(1+r)
 * independent cycles, r bias-corrected; the instrument's rectangular term a/√3 is added as expanded uncertainty.
 * Sources: F. H. C. Marriott & J. A. Pope, Biometrika 41 (1954) 390; A. J. Smith et al., J. Electrochem. Soc. 157
 * (2010) A196 for the accuracy of coulometry; JCGM 100:2008 (GUM) 4.3.7.
 *
 * @param efficiency at least one value, in order of cycles
 * @param instrumentHalfWidth limit ±a of the charge/discharge ratio
 */
export function efficiencyStatistics(
  efficiency: readonly number[],
  instrumentHalfWidth: number,
  chargeWeighted: number | null = null,
): EfficiencyStatistics {
  const n = efficiency.length;
  const centre = mean(efficiency);
  const sd = n > 1 ? standardDeviation(efficiency) : null;
  const size = effectiveSize(
    efficiency.map((value) => value - centre),
    1,
  );
  const se_mean = sd === null ? null : sd / Math.sqrt(size.n_eff);
  const dof = Math.max(size.n_eff - 1, 1);
  const instrument_u = instrumentHalfWidth / Math.sqrt(3);
  const full = boundsAround(centre, se_mean ?? Number.NaN, dof, instrument_u);
  const statistical = boundsAround(centre, se_mean ?? Number.NaN, dof);
  const sorted = [...efficiency].sort((a, b) => a - b);
  const positive = (sorted[0] as number) > 0;
  const logSum = positive ? efficiency.reduce((sum, value) => sum + Math.log(value), 0) : null;
  return {
    n,
    mean: centre,
    sd,
    rho1: size.rho1,
    rho1_bias_corrected: size.rho1_bias_corrected,
    n_eff: size.n_eff,
    se_mean,
    instrument_u,
    ci95: [full.ci95_low, full.ci95_high],
    lower95_one_sided: full.bound95_low,
    upper95_one_sided: full.bound95_high,
    ci95_statistical_only: [statistical.ci95_low, statistical.ci95_high],
    geometric_mean: logSum === null ? null : Math.exp(logSum / n),
    cumulative_product: finite(efficiency.reduce((product, value) => product * value, 1)),
    median: median(efficiency),
    minimum: sorted[0] as number,
    maximum: sorted[n - 1] as number,
    n_above_1: efficiency.filter((value) => value > 1).length,
    block100_means: Array.from({ length: Math.floor(n / BLOCK) }, (_, i) =>
      mean(efficiency.slice(i * BLOCK, (i + 1) * BLOCK)),
    ),
    charge_weighted: chargeWeighted,
  };
}
