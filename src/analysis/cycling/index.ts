export * from './arithmetic.js';
export {
  type DcResistance,
  dcResistance,
  type Records,
  STANDARD_DELAYS_SECOND,
} from './dc-resistance.js';
export { type DifferentialCapacity, differentialCapacity } from './differential-capacity.js';
export {
  CYCLE_LABELS,
  type CycleLabel,
  capacityLimitedCycles,
  labelMessage,
  normaliseLabels,
} from './labels.js';
