import { dirname, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Session } from './session.js';

async function metaValue(connection: DuckDBConnection, key: string): Promise<string | undefined> {
  const { select } = await import('../../store/connection.js');
  const [row] = await select<{ value: string }>(connection, 'SELECT value FROM meta WHERE key = $1', [key]);
  return row?.value;
}

/**
 * Brings the laboratory's metadata up to date from `--lab` and from the folders they were read from before, so that a
 * mass entered since the last ingest counts at once. Returns whether anything changed.
 *
 * @throws CellarError (usage) for wrong metadata, naming file, line and column
 */
export function metadataUpdate(session: Session): (connection: DuckDBConnection) => Promise<boolean> {
  return async (connection) => {
    const { allLabs, readGivenLabs } = await import('../../ingest/lab/labs.js');
    const { applyLab } = await import('../../ingest/lab/apply.js');
    const places = { lab: session.lab, roots: [], labFolders: [], above: dirname(resolve(session.db)) };
    const labs = await allLabs(connection, await readGivenLabs(places), places);
    for (const notice of labs.notices) session.notes.note(notice);
    if (labs.all.length === 0) return false;
    const before = await metaValue(connection, 'lab_applied');
    await applyLab(connection, labs);
    return (await metaValue(connection, 'lab_applied')) !== before;
  };
}
