import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { busyError } from '../errors.js';
import { describeHolder, isGone, parseHolder } from './holder.js';
import { logFiles } from './log.js';
import { type DatabasePaths, olderPaths } from './paths.js';

/** Extensions of files that are databases, or may be. */
const isDatabaseName = (name: string): boolean =>
  /^\.(duckdb|ddb|db|database|backup|bak|old)?$/i.test(extname(name));

/** Whether another database beside this one could have used the same files under the older names. */
function isClaimedByAnother({ snapshot }: DatabasePaths): boolean {
  const stem = basename(snapshot, extname(snapshot));
  return readdirSync(dirname(snapshot)).some(
    (name) =>
      name !== basename(snapshot) &&
      basename(name, extname(name)) === stem &&
      (extname(name) === '' || isDatabaseName(name)) &&
      statSync(join(dirname(snapshot), name), { throwIfNoEntry: false })?.isFile() === true,
  );
}

/**
 * Takes over, once, what an older Cellar wrote under the name without its extension. If two databases could have
 * written it, its owner is unknown; it stays, and each database continues from its own snapshot.
 *
 * @throws CellarError (busy) while that older Cellar is running
 */
export async function takeOverOlderWriter(paths: DatabasePaths): Promise<void> {
  const older = olderPaths(paths);
  if (older.writer === paths.writer || existsSync(paths.writer) || !existsSync(older.writer)) return;
  if (isClaimedByAnother(paths)) return;
  const holder = parseHolder(await readFile(older.lock, 'utf8').catch(() => ''));
  const touched = statSync(older.lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (holder !== undefined && !isGone(holder, Date.now() - touched)) {
    throw busyError(describeHolder(holder), 'try again when it is done');
  }
  const logs = logFiles(older.log).map((from, at) => [from, logFiles(paths.log)[at]!] as const);
  for (const [from, to] of logs) if (existsSync(from) && !existsSync(to)) await rename(from, to);
  // The database comes last, so that after a killed run the next one starts again.
  if (existsSync(`${older.writer}.wal`)) await rename(`${older.writer}.wal`, `${paths.writer}.wal`);
  await rename(older.writer, paths.writer);
}
