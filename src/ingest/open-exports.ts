import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openReadOnly } from '../store/connection.js';
import { requireRead } from './file-context.js';
import { ingest } from './ingest.js';

/**
 * Raw exports as a temporary database: read, normalised and derived like in any ingest, in a folder that is removed
 * when the database is closed.
 *
 * @throws CellarError (usage) where a file cannot be read
 */
export async function openExports(files: readonly string[], lab: string | undefined): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-from-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const database = join(folder, 'exports.duckdb');
    const { outcomes } = await ingest(files, { database, lab, command: 'cellar query --from' });
    for (const outcome of outcomes) requireRead(outcome);
    const opened = await openReadOnly(database);
    return {
      ...opened,
      close() {
        opened.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
