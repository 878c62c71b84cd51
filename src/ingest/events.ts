import type { FileOutcome } from './file-context.js';

/** Something that happened in an ingest: one line of the log, and of what `--watch` prints. */
export interface IngestEvent {
  /** UTC. */
  at: string;
  /**
   * What happened: the status of a file that was read; `vanished`, `returned`, `postponed` or `unreadable` of a file;
   * `notice` of the run as a whole; `looked` where there was nothing to read; `started`, `finished`, `published`, `waiting`, `failed`; and of a watch `watching`, `gone`, `back`, `recovered`, `stopped`.
   */
  event: string;
  path?: string | undefined;
  format?: string | undefined;
  rows?: number | undefined;
  rejected?: number | undefined;
  findings?: number | undefined;
  message?: string | undefined;
}

/** An event that happens now. */
export function eventNow(event: string, more: Omit<IngestEvent, 'at' | 'event'> = {}): IngestEvent {
  return { at: new Date().toISOString(), event, ...more };
}

/** What became of a file, as an event. */
export function outcomeEvent({ row, rejects, spooledRejects, findings }: FileOutcome): IngestEvent {
  return eventNow(row.status, {
    path: row.path,
    format: row.format ?? undefined,
    rows: row.rows_loaded,
    rejected: rejects.length + (spooledRejects ?? 0),
    findings: findings.length,
    message: row.message,
  });
}

/** An event as one line for people. */
export function eventLine({
  at,
  event,
  path,
  format,
  rows,
  rejected,
  findings,
  message,
}: IngestEvent): string {
  const counts = [
    rows === undefined || rows === 0 ? undefined : `${rows} rows`,
    rejected === undefined || rejected === 0 ? undefined : `${rejected} rejected`,
    findings === undefined || findings === 0 ? undefined : `${findings} findings`,
  ];
  const said = event === 'ingested' ? undefined : message;
  const what = [format, ...counts, said].filter((part) => part !== undefined).join(', ');
  return `${at} ${event.padEnd(10)}${path === undefined ? '' : ` ${path}`}${what === '' ? '' : `${path === undefined ? ' ' : ': '}${what}`}`;
}

/** `1 file`, `2 files`. */
export const fileCount = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`;
