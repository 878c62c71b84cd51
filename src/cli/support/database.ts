import { existsSync } from 'node:fs';
import { usageError } from '../../errors.js';
import { databasePaths } from '../../store/paths.js';

/** A command that writes requires a database that an ingest has made, so that a wrong name does not create one. */
export function requireDatabase(path: string): void {
  if (existsSync(path) || existsSync(databasePaths(path).writer)) return;
  throw usageError(
    `there is no database at ${path}`,
    'run `cellar ingest FOLDER` first, or name it with --db FILE',
  );
}
