import { basename, dirname, extname, join, resolve } from 'node:path';

/** Where a database's files lie: the snapshot people open, and the folder beside it that only Cellar opens. */
export interface DatabasePaths {
  /** The read-only snapshot, e.g. `cellar.duckdb`. */
  snapshot: string;
  /** `.cellar/` beside the snapshot. */
  folder: string;
  /** The database that is written. */
  writer: string;
  /** The snapshot before the published one; publishing brings it up to date instead of copying everything. */
  spare: string;
  /** How writer and snapshot looked when the last run ended: whether anything else has touched them. */
  seen: string;
  /** Lock file that excludes a second writer. */
  lock: string;
  /** Spill and transcoding space; emptied at start. */
  scratch: string;
  /** Rotating log. */
  log: string;
}

/** Files in `.cellar/` whose names begin with `name`. */
function filesNamed(snapshot: string, name: string): DatabasePaths {
  const folder = join(dirname(snapshot), '.cellar');
  const beside = (ending: string) => join(folder, `${name}.${ending}`);
  return {
    snapshot,
    folder,
    writer: beside('writer.duckdb'),
    spare: beside('spare.duckdb'),
    seen: beside('seen.json'),
    lock: beside('lock'),
    scratch: beside('scratch'),
    log: beside('log'),
  };
}

/** The files that belong to the snapshot at `database`, named after its whole name: `lab.duckdb` and `lab.db` share none. */
export function databasePaths(database: string): DatabasePaths {
  const snapshot = resolve(database);
  return filesNamed(snapshot, basename(snapshot));
}

/** The same as Cellar 0.2 and older named them: without the ending of the name. */
export function olderPaths({ snapshot }: DatabasePaths): DatabasePaths {
  return filesNamed(snapshot, basename(snapshot, extname(snapshot)));
}
