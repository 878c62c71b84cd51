import { existsSync } from 'node:fs';
import { usageError } from '../../errors.js';
import { databasePaths } from '../../store/paths.js';

/** Where a command would write: the database must have been made by an ingest, not by a slip of its name. */
export function requireDatabase(path: string): void {
  if (existsSync(path) || existsSync(databasePaths(path).writer)) return;
  throw usageError(
    `there is no database at ${path}`,
    'run `cellar ingest FOLDER` first, or name it with --db FILE',
  );
}
