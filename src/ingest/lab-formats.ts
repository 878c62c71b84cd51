import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Format, formats as shipped } from './formats/index.js';
import { readUserFormats } from './formats/user-format.js';
import { findLabFolder } from './lab/index.js';

/**
 * The formats files are tried against: a laboratory's own first, then those Cellar ships.
 *
 * @param folders of the laboratory's metadata, as far as they are there
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

/** The same for one folder; undefined: there is none. */
export const formatsOfLab = (folder: string | undefined): Promise<readonly Format[]> =>
  formatsOfLabs(folder === undefined ? [] : [folder]);

/** The folder whose formats a file is read by: the one named, else the nearest above it that has metadata. */
export function labFolderOf(path: string, named: string | undefined): string | undefined {
  if (named !== undefined) return named;
  const above: string[] = [];
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    above.push(folder);
    if (dirname(folder) === folder) return findLabFolder(above);
  }
}
