export {
  type CellType,
  chargeWeightedEfficiency,
  coulombicEfficiency,
  type EfficiencyOfCycle,
  isAnodeEvidence,
} from './definition.js';
export {
  type CoulombicEfficiencyFit,
  type CoulombicEfficiencyOptions,
  fitCoulombicEfficiency,
} from './fit.js';
export { missesHalfCycle } from './missing-half.js';
export {
  efficiencyForRetention,
  excessConsumed,
  inventoryEfficiency,
  type ReservoirInput,
  type ReservoirResult,
  remainingInventory,
  reservoirEfficiency,
} from './reservoir.js';
export {
  judgeReservoir,
  type PlateAndStrip,
  type ReservoirTest,
  recogniseReservoir,
} from './reservoir-protocol.js';
export type { CoulombicEfficiencyInput } from './rows.js';
export { detectSoftShort, type PlatingStep, platingStep, type SoftShort } from './soft-short.js';
export { type EfficiencyStatistics, efficiencyStatistics } from './statistics.js';
export { type EfficiencyValues, readEfficiencies } from './unit.js';
export { type EfficiencyEvidence, judgeEfficiency } from './verdict.js';
