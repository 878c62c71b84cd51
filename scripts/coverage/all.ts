/** Every simulation of `npm run bench:coverage`, in the order of its tables. */
import { calendarSimulations } from './calendar.js';
import { decaySimulations } from './decay.js';
import { efficiencySimulations } from './efficiency.js';
import { impedanceSimulations } from './impedance.js';
import { lifeSimulations } from './life.js';
import type { Simulation } from './simulation.js';
import { statisticsSimulations } from './statistics.js';

export { simulate } from './simulation.js';

/** Rows whose data sets take next to no time: of them twice as many are made. */
const quick = (rows: readonly Simulation[]): Simulation[] => rows.map((row) => ({ cost: 0.5, ...row }));

/** All of them. */
export const allSimulations: readonly Simulation[] = [
  ...quick(statisticsSimulations),
  ...quick(efficiencySimulations),
  ...decaySimulations,
  ...lifeSimulations,
  ...quick(calendarSimulations),
  ...impedanceSimulations,
];
