import { describe, expect, it } from 'vitest';
import { impedanceSimulations } from '../../../scripts/coverage/impedance.js';
import { holdsCoverage } from '../coverage-rows.js';
import { impedanceCoverage } from './coverage.js';

// 1,000 data sets on request (CELLAR_COVERAGE=1000), fewer in the ordinary run.
const dataSets = Number(process.env.CELLAR_COVERAGE ?? 150);

describe('95 % intervals of circuit fits', () => {
  it(`hold the truth in 93 to 98 % of ${dataSets} data sets`, { timeout: 300_000 }, () => {
    const coverage = impedanceCoverage(dataSets);
    if (process.env.CELLAR_COVERAGE) console.table(coverage);
    // Three binomial standard deviations on top, for the number of data sets.
    const slack = 3 * Math.sqrt((0.95 * 0.05) / dataSets);
    for (const { quantity, covered, bias_in_se } of coverage) {
      expect(covered, quantity).toBeGreaterThan(dataSets >= 1000 ? 0.93 : 0.95 - slack);
      expect(covered, quantity).toBeLessThan(dataSets >= 1000 ? 0.98 : 0.95 + slack + 0.005);
      expect(Math.abs(bias_in_se), quantity).toBeLessThan(0.1 + 3 / Math.sqrt(dataSets));
    }
  });
});

// A circuit that is not in the family, or an interval of half its width, shows in these few.
holdsCoverage('simulated spectra of known circuits', impedanceSimulations, [
  ['without inductance, twelve shapes', 10],
  ['with inductance, twelve shapes', 6],
  ['pellet, bulk and grain boundary before a blocking tail, 0.3 %', 15],
  ['symmetric cell, two interface arcs without', 15],
]);
