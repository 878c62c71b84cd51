import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { select } from '../store/connection.js';
import { forwardSlashes } from '../store/path-patterns.js';
import { openSnapshot } from '../store/snapshot.js';
import { ingest } from './ingest.js';
import { type Draft, draftMetadata } from './lab/draft.js';

/** The draft for a folder from what a database holds of it; from the files themselves where it holds nothing. */
export async function draftFolder(folder: string, database: string, lab: string | undefined): Promise<Draft> {
  if (existsSync(database)) {
    const snapshot = await openSnapshot(database);
    try {
      const known = await select(
        snapshot.connection,
        `SELECT 1 FROM files WHERE starts_with(path, $1 || '/') LIMIT 1`,
        [forwardSlashes(folder)],
      );
      if (known.length > 0) return await draftMetadata(snapshot.connection, folder);
    } finally {
      snapshot.close();
    }
  }
  const place = mkdtempSync(join(tmpdir(), 'cellar-draft-'));
  try {
    const path = join(place, 'draft.duckdb');
    await ingest([folder], { database: path, lab, command: 'cellar lab draft' });
    const read = await openSnapshot(path);
    return await draftMetadata(read.connection, folder).finally(() => read.close());
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
}
