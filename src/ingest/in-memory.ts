import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, inTransaction, openInMemory } from '../store/connection.js';
import { deriveTests } from '../store/derive/derive.js';
import { createSchema } from '../store/schema.js';
import { discoverFiles } from './bytes/discover.js';
import { type FileOutcome, requireRead } from './file-context.js';
import { type Format, formats as shipped } from './formats/index.js';
import { ingestFile } from './ingest-file.js';
import { settingsFile } from './lab/schemas.js';
import { LedgerIndex } from './ledger/ledger-index.js';
import { prepareFile } from './prepare.js';

/**
 * Reads exports into a database in memory, to examine files without the database of a laboratory. Nothing is stored.
 *
 * @throws CellarError (usage) that names a file which cannot be read, and why
 */
export async function ingestInMemory(
  paths: readonly string[],
  format?: Format | undefined,
  formats: readonly Format[] = shipped,
): Promise<{ database: Database; outcomes: FileOutcome[] }> {
  const { files } = await discoverFiles(paths);
  const scratch = await mkdtemp(join(tmpdir(), 'cellar-'));
  const database = await openInMemory();
  try {
    await createSchema(database.connection);
    const index = await LedgerIndex.read(database.connection);
    const settings = settingsFile.parse({});
    const context = {
      index,
      connection: database.connection,
      scratch,
      settingsOf: () => settings,
      cellOf: () => null,
      dateOrder: undefined,
      formats,
      forcedFor: () => format,
      declaredFor: () => ({ date_order: null, time_zone: null, format: null, own_formats: null }),
      rereads: new Map<string, never>(),
      supersede: false,
      onBytes: () => undefined,
    };
    const outcomes: FileOutcome[] = [];
    for (const file of files) {
      const prepared = await prepareFile(context, file);
      const outcome = await inTransaction(database.connection, () =>
        ingestFile(context, prepared, index.nextFileId),
      );
      index.note(outcome.row);
      requireRead(outcome);
      outcomes.push(outcome);
    }
    const testIds = outcomes.flatMap((outcome) => outcome.testIds);
    await inTransaction(database.connection, () => deriveTests(database.connection, testIds));
    return { database, outcomes };
  } catch (error) {
    database.close();
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
