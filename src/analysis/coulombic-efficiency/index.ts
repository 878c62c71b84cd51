export {
  type CellType,
  chargeWeightedEfficiency,
  coulombicEfficiency,
  type EfficiencyOfCycle,
} from './definition.js';
export {
  type CoulombicEfficiencyFit,
  type CoulombicEfficiencyOptions,
  fitCoulombicEfficiency,
} from './fit.js';
export {
  efficiencyForRetention,
  excessConsumed,
  inventoryEfficiency,
  type ReservoirInput,
  type ReservoirResult,
  remainingInventory,
  reservoirEfficiency,
} from './reservoir.js';
export type { CoulombicEfficiencyInput } from './rows.js';
export { type EfficiencyStatistics, efficiencyStatistics } from './statistics.js';
export { type EfficiencyEvidence, judgeEfficiency } from './verdict.js';
