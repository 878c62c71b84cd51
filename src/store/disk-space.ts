import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { storageError } from '../errors.js';
import type { DatabasePaths } from './paths.js';

/** Bytes of database per byte of export, at most (measured: 0.2 to 0.35 for text of cyclers). */
const storedShare = 0.5;
/** Space that is left to others. */
const reserveBytes = 64 << 20;

/**
 * Bytes that storing `exportBytes` needs: the growth of the writer and of its snapshot and, without a spare that can
 * become the next snapshot, a copy of all `databaseBytes`.
 */
export function spaceNeeded(exportBytes: number, databaseBytes: number): number {
  const growth = exportBytes * storedShare;
  return Math.ceil(2 * growth + databaseBytes + reserveBytes);
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;

/**
 * Checks before the start whether there is enough space.
 *
 * @throws CellarError (storage) with what is needed and what is free
 */
export async function checkSpace(paths: DatabasePaths, exportBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(paths.folder);
  const free = bavail * bsize;
  const copied = existsSync(paths.writer) && !existsSync(paths.spare) ? statSync(paths.writer).size : 0;
  const needed = spaceNeeded(exportBytes, copied);
  if (free >= needed) return;
  throw storageError(
    `${paths.folder} has ${megabytes(free)} free; storing ${megabytes(exportBytes)} of exports needs about ${megabytes(needed)}`,
    'free space there or name another place with --db; nothing was changed',
  );
}

/** DuckDB reports a full disk as text. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /No space left on device|disk full|ENOSPC|EDQUOT/i.test(error.message);
}
