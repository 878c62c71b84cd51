import { fitImpedance } from '../../../src/analysis/impedance/index.js';
import { frequencies, simulated } from './simulated.js';

export interface IntervalCoverage {
  quantity: string;
  /** Share of data sets whose 95 % interval holds the true value. */
  covered: number;
  /** Mean estimate minus truth, in standard errors. */
  bias_in_se: number;
}

const code = 'R0-p(R1,CPE1)-p(R2,CPE2)';
const truth: Record<string, number> = {
  R0: 25,
  R1: 60,
  CPE1_Q: 2e-8,
  CPE1_n: 0.9,
  R2: 140,
  CPE2_Q: 5e-6,
  CPE2_n: 0.85,
};

/** How often the 95 % intervals of a two-arc fit hold the truth, over data sets with independent 0.5 % noise. */
export function impedanceCoverage(dataSets: number): IntervalCoverage[] {
  const frequency = frequencies(5e6, 1, 10);
  const truths: Record<string, number> = { ...truth, R_polarisation_ohm: truth.R1! + truth.R2! };
  const tally = Object.keys(truths).map((quantity) => ({ quantity, covered: 0, bias_in_se: 0 }));
  for (let seed = 1; seed <= dataSets; seed++) {
    const { results } = fitImpedance(simulated(code, truth, frequency, 0.005, seed), {
      circuit: code,
      compare_circuits: false,
      check_robustly: false,
    });
    for (const entry of tally) {
      const row = results.find(({ quantity }) => quantity === entry.quantity)!;
      const wanted = truths[entry.quantity]!;
      if (row.ci95_low! <= wanted && wanted <= row.ci95_high!) entry.covered += 1 / dataSets;
      entry.bias_in_se += (row.value! - wanted) / row.standard_error! / dataSets;
    }
  }
  return tally;
}
