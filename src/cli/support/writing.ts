import type { Writer } from '../../store/writer.js';
import { waitOption } from './analysis.js';
import { requireDatabase } from './database.js';
import type { Session } from './session.js';

/** Opens the writer of an existing database, does the work, publishes and closes. */
export async function withWriter<T>(
  session: Session,
  command: string,
  wait: string,
  work: (writer: Writer) => Promise<T>,
): Promise<T> {
  requireDatabase(session.db);
  const { openWriter } = await import('../../store/writer.js');
  const writer = await openWriter(session.db, { command, waitSeconds: waitOption(wait) });
  try {
    const result = await work(writer);
    await writer.publish();
    return result;
  } finally {
    await writer.end();
  }
}

/** Reads the metadata that the database knows, and those of `--lab`, and applies them. */
export async function applyMetadata(session: Session, { connection }: Writer): Promise<void> {
  const { metadataUpdate } = await import('./metadata.js');
  await metadataUpdate(session)(connection);
}
