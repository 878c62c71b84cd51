export { type CycleConditions, conditionChanges, withoutLevels } from './conditions.js';
export { decayTo80 } from './end-of-life.js';
export { fitDecay } from './fit.js';
export {
  admittedLaws,
  fitLifeProjection,
  ofInitial,
  type ProjectedLife,
  type ProjectedShare,
  projectedLife,
  projectedShare,
  recentShare,
} from './life.js';
export { type CycleLifeEvidence, judgeCycleLife } from './life-verdict.js';
export { cyclesTo80 } from './log-linear.js';
export type {
  DecayEstimate,
  DecayFit,
  DecayInput,
  DecayOptions,
  DecayVerdict,
  FadeComparison,
  Knee,
  LifeProjection,
  LogOls,
  OtherDecay,
  RecentDecay,
  SelectionFit,
} from './types.js';
export { type DecayEvidence, judgeDecay, ruleBeyondBounds } from './verdict.js';
