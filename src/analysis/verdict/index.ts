export * from './cell-targets.js';
export * from './choices.js';
export { asEstimate, judgeConductivity } from './conductivity.js';
export * from './judge.js';
export * from './planning.js';
export {
  judgeMaterial,
  type PooledEstimate,
  type PoolingOptions,
  type PoolScope,
  poolSamples,
  type RandomEffects,
  type RandomEffectsBeside,
  randomEffects,
  scopeText,
} from './pooling.js';
export {
  accuraciesThatSettle,
  MOST_SAMPLES,
  type OpenNumber,
  type OpenPool,
  shareToKeep,
  whatSettlesAccuracy,
  whatSettlesPool,
} from './settle.js';
