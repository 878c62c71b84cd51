import { createRequire } from 'node:module';

/**
 * The parts of DuckDB's interface that are used at run time; types come from the package as usual. An ESM `import`
 * would read each of its CommonJS files for names before it runs them: 0.1 s of every start, measured.
 */
const duckdb = createRequire(import.meta.url)('@duckdb/node-api') as typeof import('@duckdb/node-api');

export const {
  DuckDBInstance,
  DuckDBTypeId,
  JSDuckDBValueConverter,
  StatementType,
  timestampValue,
  VARCHAR,
  version,
} = duckdb;
export type DuckDBInstance = import('@duckdb/node-api').DuckDBInstance;
export type DuckDBTypeId = import('@duckdb/node-api').DuckDBTypeId;
export type StatementType = import('@duckdb/node-api').StatementType;
