/**
 * Cellar as a library: `import { openLab } from 'cellar'`. What is exported here is documented and kept stable; other
 * modules may change.
 */

export { CellarError, type ExitCode, exitCodes } from './errors.js';
export type { Relation, RelationColumn } from './query/documentation.js';
export { type Lab, openLab, type Row, type Value } from './query/lab.js';
export type { ParameterValue, QueryParameters } from './query/parameters.js';
export { toolVersion } from './version.js';
