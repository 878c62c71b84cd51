import type { DuckDBConnection } from '@duckdb/node-api';
import { movedFiles } from '../store/moved.js';
import { eventNow, fileCount, type IngestEvent } from './events.js';
import type { IngestSummary } from './summary.js';

/** Events about the run and its folders, for the log and for listeners. */
export function tellSurroundings(
  { notices, emptied, unreadable, skipped, vanished, moved, returned }: IngestSummary,
  emit: (event: IngestEvent) => void,
): void {
  for (const message of notices) emit(eventNow('notice', { message }));
  for (const { path, files } of emptied) {
    emit(eventNow('emptied', { path, message: `it held ${fileCount(files)}; is the share mounted?` }));
  }
  for (const { path, message } of unreadable) emit(eventNow('unreadable', { path, message }));
  for (const { path, message } of skipped) emit(eventNow('skipped', { path, message }));
  for (const path of vanished) emit(eventNow('vanished', { path, message: 'its data are kept' }));
  for (const { path, to } of moved) emit(eventNow('moved', { path, message: `to ${to}` }));
  for (const path of returned) emit(eventNow('returned', { path }));
}

/** Missing files that exist under another path were moved. */
export async function settleMoved(
  connection: DuckDBConnection,
  summary: Pick<IngestSummary, 'vanished' | 'moved'>,
): Promise<void> {
  if (summary.vanished.length === 0) return;
  const missing = new Set(summary.vanished);
  summary.moved = (await movedFiles(connection)).filter(({ path }) => missing.has(path));
  for (const { path } of summary.moved) missing.delete(path);
  summary.vanished = [...missing];
}
