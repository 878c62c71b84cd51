export * from './cell-targets.js';
export { asEstimate, judgeConductivity } from './conductivity.js';
export * from './judge.js';
export * from './planning.js';
export {
  judgeMaterial,
  type PooledEstimate,
  type PoolingOptions,
  poolSamples,
  type RandomEffects,
  randomEffects,
} from './pooling.js';
