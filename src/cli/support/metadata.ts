import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Session } from './session.js';

async function metaValue(connection: DuckDBConnection, key: string): Promise<string | undefined> {
  const { select } = await import('../../store/connection.js');
  const [row] = await select<{ value: string }>(connection, 'SELECT value FROM meta WHERE key = $1', [key]);
  return row?.value;
}

/**
 * Brings the laboratory's metadata up to date from `--lab`, or from the folder they were read from last: a mass entered
 * since the last ingest counts at once. Tells whether anything changed.
 *
 * @throws CellarError (usage) for wrong metadata, naming file, line and column
 */
export function metadataUpdate(session: Session): (connection: DuckDBConnection) => Promise<boolean> {
  return async (connection) => {
    const folder = session.lab ?? (await metaValue(connection, 'lab_folder'));
    if (folder === undefined || !existsSync(folder)) return false;
    const { readLab } = await import('../../ingest/lab/index.js');
    const { applyLab } = await import('../../ingest/lab/apply.js');
    const before = await metaValue(connection, 'lab_applied');
    await applyLab(connection, await readLab(folder));
    return (await metaValue(connection, 'lab_applied')) !== before;
  };
}
