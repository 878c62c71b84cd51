/** Every simulation of `npm run bench:coverage`, in the order of its tables. */
import { calendarSimulations } from './calendar.js';
import { decaySimulations } from './decay.js';
import { efficiencySimulations } from './efficiency.js';
import { impedanceSimulations } from './impedance.js';
import { lifeSimulations } from './life.js';
import type { Simulation } from './simulation.js';
import { statisticsSimulations } from './statistics.js';

export { simulate } from './simulation.js';

/** All of them. */
export const allSimulations: readonly Simulation[] = [
  ...statisticsSimulations,
  ...efficiencySimulations,
  ...decaySimulations,
  ...lifeSimulations,
  ...calendarSimulations,
  ...impedanceSimulations,
];
