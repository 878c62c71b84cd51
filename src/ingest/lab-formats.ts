import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Format, formats as shipped } from './formats/index.js';
import { readUserFormats } from './formats/user-format.js';
import { findLabFolder } from './lab/index.js';

/**
 * The formats files are tried against: a laboratory's own first, then those Cellar ships.
 *
 * @param folders existing folders with the metadata of the laboratory
 * @throws CellarError (usage) where a format of the laboratory is wrong
 */
export async function formatsOfLabs(folders: readonly string[]): Promise<readonly Format[]> {
  const taken = new Set(shipped.map(({ id }) => id));
  const own: Format[] = [];
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    const formats = await readUserFormats(folder, taken);
    for (const { id } of formats) taken.add(id);
    own.push(...formats);
  }
  return [...own, ...shipped];
}

/** The same for one folder, if there is one. */
export const formatsOfLab = (folder: string | undefined): Promise<readonly Format[]> =>
  formatsOfLabs(folder === undefined ? [] : [folder]);

/**
 * The folder whose formats are used for a file: the one that is named, else the nearest one above the file that has
 * metadata.
 */
export function labFolderOf(path: string, named: string | undefined): string | undefined {
  if (named !== undefined) return named;
  const above: string[] = [];
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    above.push(folder);
    if (dirname(folder) === folder) return findLabFolder(above);
  }
}
