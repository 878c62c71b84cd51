/**
 * Cellar as a library: `import { openLab } from 'cellar'`. What is exported here is documented and kept stable; other
 * modules may change.
 *
 * - {@link openLab} asks questions of a laboratory's database in SQL.
 * - {@link ingest} reads a folder of exports into one; {@link analyzeAndStore} brings fits and verdicts up to date.
 * - {@link fitImpedance}, {@link testKramersKronig}, {@link fitArrhenius}, {@link fitDecay} and
 *   {@link fitCoulombicEfficiency} fit plain arrays, without a database. `cellar/fits` has these alone, for browsers too.
 *
 * @module
 */

export * from './analysis/index.js';
export { CellarError, type ExitCode, exitCodes } from './errors.js';
export type { FileOutcome } from './ingest/file-context.js';
export { type IngestOptions, type IngestSummary, ingest } from './ingest/ingest.js';
export type { DocumentedRelation, RelationColumn } from './query/documentation.js';
export { type Lab, openLab, type Row, type Value } from './query/lab.js';
export type { ParameterValue, QueryParameters } from './query/parameters.js';
export type { Keys } from './store/tables/index.js';
export {
  analyzeAndStore,
  analyzeOnly,
  type CheckOptions,
  type CheckOutcome,
  type VerdictRow,
} from './targets/check.js';
export { loadTargets } from './targets/load.js';
export type { TargetTable } from './targets/schema.js';
export { toolVersion } from './version.js';
