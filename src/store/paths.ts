import { lstatSync, readlinkSync } from 'node:fs';
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
  /** State of writer and snapshot when the last run ended, to see whether anything else has touched them. */
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

/** Number of links in a chain that counts as a circle, as in the system. */
const longestChain = 40;

/**
 * The file that a symbolic link points to, whether or not it exists, else the path itself: publishing replaces the
 * file, not the link, and both names are one database.
 */
export function followLink(path: string): string {
  let followed = path;
  for (let link = 0; link < longestChain; link++) {
    if (lstatSync(followed, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return followed;
    followed = resolve(dirname(followed), readlinkSync(followed));
  }
  return path;
}

/** The files that belong to the snapshot at `database`, named after its whole name: `lab.duckdb` and `lab.db` share none. */
export function databasePaths(database: string): DatabasePaths {
  const snapshot = followLink(resolve(database));
  return filesNamed(snapshot, basename(snapshot));
}

/** The same with the names that Cellar 0.2 and older used: without the extension. */
export function olderPaths({ snapshot }: DatabasePaths): DatabasePaths {
  return filesNamed(snapshot, basename(snapshot, extname(snapshot)));
}
