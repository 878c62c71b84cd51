export { decayTo80 } from './end-of-life.js';
export { fitDecay } from './fit.js';
export { cyclesTo80 } from './log-linear.js';
export type {
  DecayEstimate,
  DecayFit,
  DecayInput,
  DecayOptions,
  DecayVerdict,
  FadeComparison,
  Knee,
  LogOls,
  RecentDecay,
  SelectionFit,
} from './types.js';
export { type DecayEvidence, judgeDecay, ruleBeyondBounds } from './verdict.js';
