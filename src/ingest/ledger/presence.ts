import { readdir } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { inTransaction, run, select } from '../../store/connection.js';
import { newestFiles } from '../../store/moved.js';
import { forwardSlashes } from '../../store/path-patterns.js';
import type { Discovery } from '../bytes/discover.js';
import { ledgerPath } from './ledger-row.js';

/** An empty folder that had files before: most often a share that is not mounted. */
export interface EmptiedFolder {
  path: string;
  /** Files that were in it. */
  files: number;
}

/** What has disappeared from the folders, or come back, since they were last searched. */
export interface Presence {
  vanished: string[];
  returned: string[];
  emptied: EmptiedFolder[];
}

/** Whether a path lies below one of the folders. */
function inside(folders: readonly string[]): (path: string) => boolean {
  const prefixes = folders.map((folder) => `${forwardSlashes(folder)}/`.replace(/\/\/$/, '/'));
  return (path) => prefixes.some((prefix) => path.startsWith(prefix));
}

/** Folders above a path, nearest first, up to one of `searched`. */
function foldersAbove(path: string, searched: readonly string[]): string[] {
  const top = searched
    .map((folder) => forwardSlashes(folder))
    .filter((folder) => path.startsWith(`${folder}/`));
  const folders: string[] = [];
  let folder = path;
  do {
    folder = folder.slice(0, folder.lastIndexOf('/'));
    folders.push(folder);
  } while (folder !== '' && !top.includes(folder));
  return folders;
}

/** Folders that exist but are empty, and had all these files below them; only the topmost ones. */
async function emptiedFolders(
  missing: readonly string[],
  searched: readonly string[],
): Promise<EmptiedFolder[]> {
  const counts = new Map<string, number>();
  for (const path of missing) {
    for (const folder of foldersAbove(path, searched)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const emptied: EmptiedFolder[] = [];
  for (const [path, files] of [...counts].sort(([a], [b]) => a.length - b.length)) {
    if (emptied.some((above) => path.startsWith(`${above.path}/`))) continue;
    const left = await readdir(path).catch(() => undefined);
    if (left?.length === 0) emptied.push({ path, files });
  }
  return emptied;
}

/**
 * Notes which files of the ledger have disappeared from the searched folders, and which are back. It does not concern
 * files outside these folders, or below a folder that cannot be read. Files of a folder that is empty now are not
 * noted as gone; the folder is reported instead.
 */
export async function notePresence(
  connection: DuckDBConnection,
  { files, searched, unreadable }: Discovery,
): Promise<Presence> {
  const present = new Set(files.map(ledgerPath));
  const isBelow = inside(searched);
  const isHidden = inside(unreadable.map(({ path }) => path));
  const hidden = new Set(unreadable.map(({ path }) => forwardSlashes(path)));
  const known = await select<{ file_id: number; path: string; is_missed: boolean }>(
    connection,
    `SELECT file_id, path, vanished_at IS NOT NULL AS is_missed FROM ${newestFiles} ORDER BY path`,
  );
  const missing = known.filter(
    ({ path, is_missed }) =>
      !is_missed && !present.has(path) && isBelow(path) && !isHidden(path) && !hidden.has(path),
  );
  const emptied = await emptiedFolders(
    missing.map(({ path }) => path),
    searched,
  );
  const isInEmptied = inside(emptied.map(({ path }) => path));
  const vanished = missing.filter(({ path }) => !isInEmptied(path));
  const returned = known.filter(({ path, is_missed }) => is_missed && present.has(path));
  if (vanished.length + returned.length > 0) {
    await inTransaction(connection, async () => {
      await setVanished(connection, vanished, new Date());
      await setVanished(connection, returned, null);
    });
  }
  const pathsOf = (rows: readonly { path: string }[]) => rows.map(({ path }) => path);
  return { vanished: pathsOf(vanished), returned: pathsOf(returned), emptied };
}

async function setVanished(
  connection: DuckDBConnection,
  rows: readonly { file_id: number }[],
  at: Date | null,
): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map(({ file_id }) => file_id).join(', ');
  await run(connection, `UPDATE files SET vanished_at = $1 WHERE file_id IN (${ids})`, [at]);
}
