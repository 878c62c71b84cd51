export { type DeriveLakeOptions, type DeriveLakeSummary, deriveLake } from './derive-lake.js';
export { duckdbEngine } from './duckdb-engine.js';
export type { Engine } from './engine.js';
export type { DerivationPlan } from './plan.js';
export { type SparkOptions, sparkEngine } from './spark-engine.js';
export { checkStorable, type StoreSummary, storeDerivation } from './store-derivation.js';
