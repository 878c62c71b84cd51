import { existsSync, readFileSync } from 'node:fs';
import type { IngestEvent } from '../ingest/events.js';
import { logFiles } from '../store/log.js';

/** What stopped an ingest. */
export interface Failure {
  at: string;
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

/** Failures that the log beside the database tells of since a moment; an ingest that could not begin left no run. */
export function readFailures(log: string, since: Date): Failure[] {
  const from = since.toISOString();
  return logFiles(log)
    .filter((path) => existsSync(path))
    .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
    .filter((line) => line.includes('"event":"failed"'))
    .map(eventOf)
    .filter((event) => event !== undefined && event.at >= from)
    .map((event) => ({ at: event!.at, message: event!.message ?? '' }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}
