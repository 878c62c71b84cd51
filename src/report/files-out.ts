import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageError } from '../errors.js';

/** Writes a file beside its place and then moves it there, so that a reader sees either the old one or the new one. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const beside = join(dirname(path), `.cellar-${randomUUID()}.tmp`);
  try {
    await writeFile(beside, text);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw storageError(
      `${path} cannot be written: ${(error as Error).message}`,
      'name another file with -o FILE',
    );
  }
}
