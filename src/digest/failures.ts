import { existsSync, readFileSync } from 'node:fs';
import type { IngestEvent } from '../ingest/events.js';
import { logFiles } from '../store/log.js';

/** What stopped an ingest. */
export interface Failure {
  at: string;
  message: string;
}

/**
 * A folder or file that could not be examined, or something that concerned a run as a whole; the newest of its kind.
 */
export interface OtherFailure {
  at: string;
  /** unreadable, emptied or notice. */
  event: string;
  path: string | null;
  message: string;
}

function eventOf(line: string): IngestEvent | undefined {
  try {
    return JSON.parse(line) as IngestEvent;
  } catch {
    // A line that a kill or a full disk cut off.
    return undefined;
  }
}

/** Events of these kinds in the log beside the database since a moment, oldest first. */
export function eventsSince(log: string, since: Date, kinds: readonly string[]): IngestEvent[] {
  const from = since.toISOString();
  return logFiles(log)
    .filter((path) => existsSync(path))
    .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
    .filter((line) => kinds.some((kind) => line.includes(`"event":"${kind}"`)))
    .map(eventOf)
    .filter((event) => event !== undefined && event.at >= from && kinds.includes(event.event))
    .map((event) => event!)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Failures since a moment; an ingest that could not begin has no run. */
export function readFailures(log: string, since: Date): Failure[] {
  return eventsSince(log, since, ['failed']).map(({ at, message }) => ({ at, message: message ?? '' }));
}

/** What could not be examined since a moment, each item once. */
export function readSurroundings(log: string, since: Date): OtherFailure[] {
  const newest = new Map<string, OtherFailure>();
  for (const { at, event, path, message } of eventsSince(log, since, ['unreadable', 'emptied', 'notice'])) {
    const one = { at, event, path: path ?? null, message: message ?? '' };
    newest.set(`${event}/${one.path}/${one.message}`, one);
  }
  return [...newest.values()];
}
