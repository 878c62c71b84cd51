import { statisticsSimulations } from '../../../scripts/coverage/statistics.js';
import { holdsCoverage } from '../coverage-rows.js';

// With so many data sets a quantile of 1.64 for one of t, a shared term divided by √m or a batch counted as its cells
// falls out of the aims.
holdsCoverage('simulated conductivities of known truth', statisticsSimulations, [
  ['6 cells, SD 5 %, shared 3.1 %', 800],
  ['2 batches of 3', 600],
  ['σ at the limit: thickness, diameter', 2000],
  ['cost at the limit', 2000],
  ['offset uniform ±1 K, ±1 K', 150],
  ['at 26 °C', 400],
]);
