import { existsSync, statSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { DatabasePaths } from './paths.js';

/**
 * State of writer and snapshot when a run ended normally. If they still look the same, nobody has touched them, and
 * nothing needs to be examined; otherwise (a killed run, a restored backup, a repaired disk) their content is
 * examined.
 */
interface SeenState {
  writer: string;
  snapshot: string;
  isPublished: boolean;
}

/** Size and time of a file, to the nanosecond; empty where it does not exist. */
function lookOf(path: string): string {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts === undefined ? '' : `${facts.size}/${facts.mtimeNs}`;
}

function looks({ writer, snapshot }: DatabasePaths): Omit<SeenState, 'isPublished'> {
  return { writer: lookOf(writer), snapshot: lookOf(snapshot) };
}

/** What the last run noted, if nothing has changed since. */
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

/** Notes the state of both; the writer must be closed. If this fails, they are examined next time. */
export async function noteSeen(paths: DatabasePaths, isPublished: boolean): Promise<void> {
  const whole = `${paths.seen}.tmp`;
  try {
    await writeFile(whole, JSON.stringify({ ...looks(paths), isPublished }));
    await rename(whole, paths.seen);
  } catch {
    await forgetSeen(paths);
  }
}

/** Makes the next run examine both files. */
export async function forgetSeen({ seen }: Pick<DatabasePaths, 'seen'>): Promise<void> {
  await rm(seen, { force: true }).catch(() => undefined);
}
