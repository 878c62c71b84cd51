import type { DuckDBConnection } from '@duckdb/node-api';
import { inTransaction, run, select } from '../../store/connection.js';
import type { FoundFile, Unreadable } from '../bytes/discover.js';
import { ledgerPath } from './ledger-row.js';

/** What has gone from the folders, or come back to them, since they were last looked at. */
export interface Presence {
  vanished: string[];
  returned: string[];
}

/** Whether a path lies below one of the folders. */
function inside(folders: readonly string[]): (path: string) => boolean {
  const prefixes = folders.map((folder) => `${folder.replaceAll('\\', '/')}/`.replace(/\/\/$/, '/'));
  return (path) => prefixes.some((prefix) => path.startsWith(prefix));
}

/**
 * Notes which files of the ledger are not below their folders any more, and which are there again. Nothing is said
 * about files outside these folders, nor below a folder that cannot be read.
 */
export async function notePresence(
  connection: DuckDBConnection,
  files: readonly FoundFile[],
  roots: readonly string[],
  unreadable: readonly Unreadable[],
): Promise<Presence> {
  const present = new Set(files.map(ledgerPath));
  const isBelow = inside(roots);
  const isHidden = inside(unreadable.map(({ path }) => path));
  const hidden = new Set(unreadable.map(({ path }) => path.replaceAll('\\', '/')));
  const known = await select<{ file_id: number; path: string; is_missed: boolean }>(
    connection,
    `SELECT file_id, path, vanished_at IS NOT NULL AS is_missed FROM files
     QUALIFY row_number() OVER (PARTITION BY path ORDER BY file_id DESC) = 1 ORDER BY path`,
  );
  const vanished = known.filter(
    ({ path, is_missed }) =>
      !is_missed && !present.has(path) && isBelow(path) && !isHidden(path) && !hidden.has(path),
  );
  const returned = known.filter(({ path, is_missed }) => is_missed && present.has(path));
  if (vanished.length + returned.length > 0) {
    await inTransaction(connection, async () => {
      await setVanished(connection, vanished, new Date());
      await setVanished(connection, returned, null);
    });
  }
  const pathsOf = (rows: readonly { path: string }[]) => rows.map(({ path }) => path);
  return { vanished: pathsOf(vanished), returned: pathsOf(returned) };
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
