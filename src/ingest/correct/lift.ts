import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { run, type SqlValue } from '../../store/connection.js';
import { forwardSlashes } from '../../store/path-patterns.js';

/** Files that are named on the command line are read again, even if they were forgotten. */
export async function liftForgotten(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  const named: SqlValue[] = paths.map((path) => forwardSlashes(resolve(path)));
  const marks = named.map((_path, at) => `$${at + 1}`).join(', ');
  await run(
    connection,
    `DELETE FROM files WHERE status = 'forgotten'
       AND (path IN (${marks}) OR sha256 IN (SELECT sha256 FROM files WHERE path IN (${marks})))`,
    named,
  );
}
