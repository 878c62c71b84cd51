import { calendarSimulations } from '../../../scripts/coverage/calendar.js';
import { decaySimulations } from '../../../scripts/coverage/decay.js';
import { lifeSimulations } from '../../../scripts/coverage/life.js';
import { holdsCoverage } from '../coverage-rows.js';

// As many data sets as a wrong quantile or a missing term needs to show.
holdsCoverage(
  'simulated fades of known truth',
  [...decaySimulations, ...lifeSimulations, ...calendarSimulations],
  [
    ['SD ln A 10 %, n 0.03, 3 cells', 500],
    ['slow wave 0.4 %, 120 cycles', 25],
    ['n³, average 0.027 %, 300 cycles', 10],
    ['life just below the claim, 80 % observed', 30],
  ],
);
