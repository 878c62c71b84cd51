import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log file of this size is moved aside. */
export const logBytes = 2 << 20;
/** Number of old logs that are kept; `NAME.log.1` is the newest. */
export const logsKept = 5;

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Moves a full log to `.1`, `.1` to `.2` and so on; the oldest one is removed. */
function rotate(path: string): void {
  rmSync(`${path}.${logsKept}`, { force: true });
  for (let number = logsKept - 1; number >= 1; number--) {
    if (sizeOf(`${path}.${number}`) > 0) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
  renameSync(path, `${path}.1`);
}

/**
 * Appends one line of JSON to a log that never grows beyond `logBytes`. If logging fails (a full disk, a folder
 * without permission), the work goes on.
 */
export function appendLog(path: string, entry: object): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (sizeOf(path) >= logBytes) rotate(path);
    appendFileSync(path, `${JSON.stringify(entry)}\n`);
  } catch {
    // Whoever reads the log finds the gap by its times; the work itself goes on.
  }
}

/** Paths of the log and of old logs, newest first, whether or not they exist. */
export function logFiles(path: string): string[] {
  return [path, ...Array.from({ length: logsKept }, (_, at) => `${path}.${at + 1}`)];
}
