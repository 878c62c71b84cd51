import { efficiencySimulations } from '../../../scripts/coverage/efficiency.js';
import { holdsCoverage } from '../coverage-rows.js';

// An instrument term of a instead of 2a, one that shrinks with the cycles, or falls counted once show in these.
holdsCoverage('simulated efficiencies of known truth', efficiencySimulations, [
  ['gains of the two directions', 150],
  ['offset of up to ±a', 150],
  ['ten cycles', 300],
  ['none, noise 0.1 mV', 10],
  ['half of the voltage, noise 0.1 mV', 10],
]);
