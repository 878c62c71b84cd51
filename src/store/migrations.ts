import type { DuckDBConnection } from '@duckdb/node-api';
import { createSchema, schemaVersion } from './schema.js';

/** Statements that lead from one released schema version to the next, by the version they start from. */
const steps: Record<number, readonly string[]> = {};

/** Brings a database to this Cellar's schema; 0 is a database without one. */
export async function migrate(connection: DuckDBConnection, from: number): Promise<void> {
  if (from === schemaVersion) return;
  for (let version = from; version > 0 && version < schemaVersion; version++) {
    for (const statement of steps[version] ?? []) await connection.run(statement);
    await connection.run('CHECKPOINT');
  }
  await createSchema(connection);
}
