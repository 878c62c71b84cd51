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

/** Links that lead from one to the next before they are taken for a circle, as the system takes them. */
const longestChain = 40;

/**
 * The file that a symbolic link stands for, there or not, else the path itself: what is published takes the place of the
 * file, not of the link, and both names are one database.
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

/** The same as Cellar 0.2 and older named them: without the ending of the name. */
export function olderPaths({ snapshot }: DatabasePaths): DatabasePaths {
  return filesNamed(snapshot, basename(snapshot, extname(snapshot)));
}
