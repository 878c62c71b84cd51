export { decayTo80 } from './end-of-life.js';
export { fitDecay } from './fit.js';
export { cyclesTo80 } from './log-linear.js';
export type {
  DecayFit,
  DecayInput,
  DecayOptions,
  DecayVerdict,
  FadeComparison,
  Knee,
  LogOls,
  SelectionFit,
} from './types.js';
export { type DecayEvidence, judgeDecay } from './verdict.js';
