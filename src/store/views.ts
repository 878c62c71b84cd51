import { auxiliaryRecords } from './views/auxiliary-records.js';
import { cellCycles } from './views/cell-cycles.js';
import { cellSteps } from './views/cell-steps.js';
import { curves, lineage, voltageCurves } from './views/curves.js';
import { dcResistances } from './views/dc-resistances.js';
import type { ViewDefinition } from './views/definition.js';
import { differentialCapacityView } from './views/differential-capacity.js';
import { pulses } from './views/pulses.js';
import { channelStatus, rateTests } from './views/questions.js';
import { cellFits } from './views/results.js';
import { cellSpectra, spectraPoints } from './views/spectra.js';

export type { ViewDefinition } from './views/definition.js';

/** Every view, each documented like a table; one that reads another comes after it. */
export const views: readonly ViewDefinition[] = [
  curves,
  auxiliaryRecords,
  cellCycles,
  voltageCurves,
  channelStatus,
  rateTests,
  cellSteps,
  dcResistances,
  pulses,
  differentialCapacityView,
  cellSpectra,
  spectraPoints,
  cellFits,
  lineage,
];
