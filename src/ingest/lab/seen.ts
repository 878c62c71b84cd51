import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../../store/connection.js';
import { newestFiles } from '../../store/moved.js';
import { globMatches, relativePath } from '../../store/path-patterns.js';
import { namedGroups } from './file-names.js';
import type { LabMetadata } from './index.js';
import { type LabFolders, labsOf, settingsAmong } from './labs.js';
import type { Settings } from './schemas.js';

/** A path at which some bytes were seen. */
export interface SeenAt {
  /**
   * The path in the forms that patterns may use: first below the ingested root, then below each metadata folder above
   * it.
   */
  names: readonly string[];
  /** Metadata folders that apply to it, nearest first. */
  labs: readonly LabMetadata[];
  /** What the patterns for file names give. */
  named: Record<string, string>;
  /** Whether the file still exists. */
  isPresent: boolean;
}

/** A path, and the root it was found under. */
interface Place {
  path: string;
  root: string;
  isPresent: boolean;
}

/** Paths in the forms that metadata are matched with. */
export function seenAt(places: readonly Place[], labs: LabFolders): SeenAt[] {
  const seen = places.map(({ path, root, isPresent }) => {
    const own = labsOf(labs, path);
    const folders = own.flatMap(({ folder }) => folder ?? []);
    const names = [root, ...folders].map((folder) => relativePath(path, folder));
    return { names: [...new Set(names)], labs: own, named: {} as Record<string, string>, isPresent };
  });
  const bySettings = new Map<Settings, typeof seen>();
  for (const one of seen) {
    const settings = settingsAmong(one.labs);
    const same = bySettings.get(settings);
    if (same === undefined) bySettings.set(settings, [one]);
    else same.push(one);
  }
  for (const [settings, all] of bySettings) {
    for (const { files, pattern } of settings.file_name_patterns) {
      const matching = all.filter(({ names }) => names.some((name) => globMatches(files, name)));
      const groups = namedGroups(
        pattern,
        matching.map(({ names }) => names[0]!),
      );
      for (const [at, { named }] of matching.entries()) Object.assign(named, groups[at] ?? {});
    }
  }
  return seen;
}

/** A file whose data are stored, every path its content was seen at, and what it says of its cell itself. */
export interface FileFacts {
  file_id: number;
  /** The newest first. */
  seen: SeenAt[];
  hints: string[];
}

/**
 * The files that tests, spectra and vendor cycles belong to. Their paths include those of files that continued one of
 * their tests, and those of the same bytes, or the same rows, elsewhere.
 */
export async function storedFiles(connection: DuckDBConnection, labs: LabFolders): Promise<FileFacts[]> {
  const paths = await select<{ owner: number; path: string; root: string; is_present: boolean }>(
    connection,
    `WITH gave AS (
       SELECT file_id AS owner, file_id FROM files WHERE status IN ('ingested', 'appended', 'superseded')
       UNION SELECT t.file_id, f.file_id FROM tests t JOIN test_files f USING (test_id)
     ), alike AS (
       SELECT owner, file_id FROM gave
       UNION SELECT g.owner, copy.file_id FROM gave g JOIN files f USING (file_id) JOIN files copy
         ON (copy.sha256 = f.sha256 OR copy.related_file_id = f.file_id) AND copy.status = 'duplicate'
     )
     SELECT owner, f.path, f.root, newest.vanished_at IS NULL AS is_present
     FROM alike JOIN files f USING (file_id) JOIN ${newestFiles} newest ON newest.path = f.path
     ORDER BY owner, f.file_id DESC`,
  );
  const hints = await select<{ file_id: number; hint: string }>(
    connection,
    `SELECT DISTINCT file_id, cell_hint AS hint FROM (
       SELECT file_id, cell_hint FROM tests UNION ALL SELECT file_id, cell_hint FROM spectra
     ) WHERE cell_hint IS NOT NULL ORDER BY file_id, hint`,
  );
  const files = new Map<number, FileFacts>();
  const places = paths.map(({ path, root, is_present }) => ({ path, root, isPresent: is_present }));
  for (const [at, seen] of seenAt(places, labs).entries()) {
    const { owner } = paths[at]!;
    const known = files.get(owner) ?? { file_id: owner, seen: [], hints: [] };
    files.set(owner, known);
    known.seen.push(seen);
  }
  for (const { file_id, hint } of hints) files.get(file_id)?.hints.push(hint);
  return [...files.values()];
}
