import { cellCycles } from './views/cell-cycles.js';
import { curves, lineage, voltageCurves } from './views/curves.js';
import { dcResistances } from './views/dc-resistances.js';
import type { ViewDefinition } from './views/definition.js';
import { differentialCapacityView } from './views/differential-capacity.js';
import { channelStatus, rateTests } from './views/questions.js';
import { cellFits, spectraPoints } from './views/results.js';

export type { ViewDefinition } from './views/definition.js';

/** Every view, each documented like a table; one that reads another comes after it. */
export const views: readonly ViewDefinition[] = [
  curves,
  cellCycles,
  voltageCurves,
  channelStatus,
  rateTests,
  dcResistances,
  differentialCapacityView,
  spectraPoints,
  cellFits,
  lineage,
];
