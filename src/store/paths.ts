import { basename, dirname, extname, join, resolve } from 'node:path';

/** Where a database's files lie: the snapshot people open, and the folder beside it that only Cellar opens. */
export interface DatabasePaths {
  /** The read-only snapshot, e.g. `cellar.duckdb`. */
  snapshot: string;
  /** `.cellar/` beside the snapshot. */
  folder: string;
  /** The database that is written. */
  writer: string;
  /** Lock file that excludes a second writer. */
  lock: string;
  /** Spill and transcoding space; emptied at start. */
  scratch: string;
  /** Rotating log. */
  log: string;
}

/** The files that belong to the snapshot at `database`. */
export function databasePaths(database: string): DatabasePaths {
  const snapshot = resolve(database);
  const folder = join(dirname(snapshot), '.cellar');
  const name = basename(snapshot, extname(snapshot));
  return {
    snapshot,
    folder,
    writer: join(folder, `${name}.writer.duckdb`),
    lock: join(folder, `${name}.lock`),
    scratch: join(folder, `${name}.scratch`),
    log: join(folder, `${name}.log`),
  };
}
