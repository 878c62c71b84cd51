import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabasePaths } from '../store/paths.js';

/**
 * What was told to whom: a separate file beside the database, which is needed even when the database cannot be opened.
 */
export interface ToldNews {
  at: string;
  key: string;
  /** The way it was told, such as mail or the address of a webhook. */
  by: string;
  text: string;
}

const recordPath = ({ seen }: Pick<DatabasePaths, 'seen'>): string =>
  seen.replace(/\.seen\.json$/, '.told.jsonl');

/** Everything that was told, the oldest first. */
export function readTold(paths: Pick<DatabasePaths, 'seen'>): ToldNews[] {
  let text: string;
  try {
    text = readFileSync(recordPath(paths), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as ToldNews];
    } catch {
      // A line that was cut off; it is better to tell the news again than not at all.
      return [];
    }
  });
}

/** Records what was told. */
export function noteTold(paths: Pick<DatabasePaths, 'seen'>, told: readonly ToldNews[]): void {
  if (told.length === 0) return;
  const path = recordPath(paths);
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, told.map((one) => `${JSON.stringify(one)}\n`).join(''), { mode: 0o600 });
}
