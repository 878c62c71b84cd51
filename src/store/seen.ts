import { existsSync, statSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { DatabasePaths } from './paths.js';

/**
 * How writer and snapshot looked when a run ended in order. Where they still look so, nobody has touched them since and
 * nothing needs to be examined; anything else (a killed run, a backup put back, a damaged disk that was mended) is
 * examined by content.
 */
interface SeenState {
  writer: string;
  snapshot: string;
  isPublished: boolean;
}

/** Size and time of a file, to the nanosecond; empty where it is not there. */
function lookOf(path: string): string {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts === undefined ? '' : `${facts.size}/${facts.mtimeNs}`;
}

function looks({ writer, snapshot }: DatabasePaths): Omit<SeenState, 'isPublished'> {
  return { writer: lookOf(writer), snapshot: lookOf(snapshot) };
}

/** What the last run noted, if all is still as it was then. */
export async function stillAsSeen(paths: DatabasePaths): Promise<SeenState | undefined> {
  try {
    const noted = JSON.parse(await readFile(paths.seen, 'utf8')) as Partial<SeenState> | null;
    const now = looks(paths);
    const isSame = noted?.writer === now.writer && noted.snapshot === now.snapshot && now.writer !== '';
    return isSame && !existsSync(`${paths.writer}.wal`)
      ? { ...now, isPublished: noted.isPublished === true }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Notes how both look; the writer must be closed. What cannot be noted is examined next time. */
export async function noteSeen(paths: DatabasePaths, isPublished: boolean): Promise<void> {
  const whole = `${paths.seen}.tmp`;
  try {
    await writeFile(whole, JSON.stringify({ ...looks(paths), isPublished }));
    await rename(whole, paths.seen);
  } catch {
    await forgetSeen(paths);
  }
}

/** Has the next run examine both files. */
export async function forgetSeen({ seen }: Pick<DatabasePaths, 'seen'>): Promise<void> {
  await rm(seen, { force: true }).catch(() => undefined);
}
