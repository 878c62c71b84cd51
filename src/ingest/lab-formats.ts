import { dirname, resolve } from 'node:path';
import { type Format, formats as shipped } from './formats/index.js';
import { readUserFormats } from './formats/user-format.js';
import { findLabFolder } from './lab/index.js';

/**
 * The formats files are tried against: a laboratory's own first, then those Cellar ships.
 *
 * @param folder of the laboratory's metadata; undefined: there is none
 * @throws CellarError (usage) where a format of the laboratory is wrong
 */
export async function formatsOfLab(folder: string | undefined): Promise<readonly Format[]> {
  if (folder === undefined) return shipped;
  return [...(await readUserFormats(folder, new Set(shipped.map(({ id }) => id)))), ...shipped];
}

/** The folder whose formats a file is read by: the one named, else the nearest above it that has metadata. */
export function labFolderOf(path: string, named: string | undefined): string | undefined {
  if (named !== undefined) return named;
  const above: string[] = [];
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    above.push(folder);
    if (dirname(folder) === folder) return findLabFolder(above);
  }
}
