import { type FitResult, type Quantity, quantity } from '../result.js';
import type { Verdict } from '../verdict/judge.js';
import type { EfficiencyStatistics } from './statistics.js';

/** The rows of the table of the fit. */
export function efficiencyQuantities(statistics: EfficiencyStatistics): Quantity[] {
  const { n, n_eff } = statistics;
  const dof = Math.max(n_eff - 1, 1);
  const of = (name: string, value: number | null, method: string, rest: Partial<Quantity> = {}) =>
    quantity({ quantity: name, value, unit: '1', n, n_eff, method, ...rest });
  return [
    of('mean', statistics.mean, 'mean of eligible cycles, correlation and instrument counted', {
      standard_error: statistics.se_mean,
      ci95_low: statistics.ci95[0],
      ci95_high: statistics.ci95[1],
      bound95_low: statistics.lower95_one_sided,
      bound95_high: statistics.upper95_one_sided,
      dof,
    }),
    of('sd', statistics.sd, 'standard deviation'),
    of('median', statistics.median, 'median'),
    of('minimum', statistics.minimum, 'minimum'),
    of('maximum', statistics.maximum, 'maximum'),
    of('geometric_mean', statistics.geometric_mean, 'geometric mean'),
    of('cumulative_product', statistics.cumulative_product, 'product: lithium left without excess'),
    of('charge_weighted', statistics.charge_weighted, 'Σ out/Σ in'),
  ];
}

/** The remaining figures. */
export function efficiencyGoodness(
  statistics: EfficiencyStatistics,
  verdict: Verdict,
  eligible: number,
): FitResult['goodness'] {
  const { ci95, ci95_statistical_only, block100_means, ...figures } = statistics;
  return {
    eligible,
    verdict: verdict.verdict,
    ...figures,
    ci95_statistical_only_low: ci95_statistical_only[0],
    ci95_statistical_only_high: ci95_statistical_only[1],
    lowest_block100_mean: block100_means.length > 0 ? Math.min(...block100_means) : null,
  };
}
