import { existsSync } from 'node:fs';
import type { Database } from './connection.js';
import { type Diagnosis, ok, warning, wrong } from './diagnosis.js';
import { foreignMessage, isCellars, readThrough } from './health.js';
import { ledgerChecksum, type Publication, readPublication } from './publication.js';
import { schemaVersion, storedSchemaVersion } from './schema.js';

/** What a database holds, read from its first block to its last. */
export type Contents =
  | {
      state: 'read';
      publication: Publication;
      /** Present checksum of the ledger; null under an older schema. */
      ledger: string | null;
      /** Checksum of each table. */
      tables: Map<string, string>;
    }
  | { state: 'unread'; message: string };

/** Reads a whole database; undefined where there is none. */
export async function readContents(
  path: string,
  open: (path: string) => Promise<Database>,
): Promise<Contents | undefined> {
  if (!existsSync(path)) return undefined;
  let database: Database | undefined;
  try {
    database = await open(path);
    const { connection } = database;
    if (!(await isCellars(connection))) return { state: 'unread', message: `: ${foreignMessage}` };
    const isCurrent = (await storedSchemaVersion(connection)) === schemaVersion;
    return {
      state: 'read',
      tables: await readThrough(connection),
      publication: await readPublication(connection),
      ledger: isCurrent ? await ledgerChecksum(connection) : null,
    };
  } catch (error) {
    return { state: 'unread', message: `cannot be read: ${(error as Error).message.split('\n')[0]}` };
  } finally {
    database?.close();
  }
}

type ReadContents = Extract<Contents, { state: 'read' }>;

/** Compares by content whether readers have what was stored. */
export function compareContents(snapshot: ReadContents, writer: ReadContents): Diagnosis {
  const [published, written] = [snapshot.publication, writer.publication];
  const isOther =
    published.databaseId !== null &&
    written.databaseId !== null &&
    published.databaseId !== written.databaseId;
  if (isOther) {
    return wrong('content', 'snapshot and writer are two different databases', 'move one of the two away');
  }
  if (published.count > written.count) {
    return wrong(
      'content',
      `the snapshot is newer than what is written (published ${published.count} times, not ${written.count})`,
      'the next ingest or check continues from the snapshot',
    );
  }
  if (published.count < written.count) {
    return wrong(
      'content',
      `the snapshot is an older one (published ${published.count} times, what is written ${written.count})`,
      'the next ingest or check publishes again',
    );
  }
  const differing = [...writer.tables]
    .filter(([name, sum]) => snapshot.tables.get(name) !== sum)
    .map(([name]) => name);
  if (differing.length === 0) return ok('content', 'the snapshot agrees with what was stored');
  const isAltered =
    snapshot.ledger !== null && published.ledger !== null && snapshot.ledger !== published.ledger;
  const where = `the snapshot differs from what was stored in ${differing.join(', ')}`;
  if (!isAltered && writer.ledger !== written.ledger) {
    return warning('content', where, 'an interrupted run did not publish; the next ingest or check does');
  }
  return wrong(
    'content',
    `${where}: another client may have changed it`,
    'the next ingest or check publishes again',
  );
}
