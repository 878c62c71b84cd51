import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import type { Place } from './place.js';

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** The name of a file before it is complete. */
export const partialFilePattern = /\.\d+\.partial$/;

/** Every file below a folder of a place, with its size. A file that disappears meanwhile is left out. */
async function sizesBelow(root: string, folder: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const missing = (error: unknown) => {
    if (!isMissing(error)) throw error;
    return undefined;
  };
  const look = async (path: string) => {
    for (const entry of (await readdir(join(root, path), { withFileTypes: true }).catch(missing)) ?? []) {
      const name = posix.join(path, entry.name);
      if (entry.isDirectory()) await look(name);
      else {
        const size = (await stat(join(root, name)).catch(missing))?.size;
        if (size !== undefined) found.set(name, size);
      }
    }
  };
  await look(folder);
  return found;
}

/** A folder of this machine, or one that is mounted. */
export function folderPlace(given: string): Place {
  const root = resolve(given);
  const below = (path: string) => join(root, path);
  const before = (folder: string) => below(`.${folder}-before`);
  const removeFile = async (path: string) => {
    await rm(below(path), { force: true });
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
      if (!existsSync(below(parent)) || (await readdir(below(parent))).length > 0) return;
      await rmdir(below(parent));
    }
  };
  return {
    name: root,
    url: `file:${root.startsWith('/') ? '' : '/'}${root.replaceAll('\\', '/')}`,
    here: root,
    removesFiles: true,
    at: below,
    reach: async () => undefined,
    isEmpty: async () => !existsSync(root) || (await readdir(root)).length === 0,
    list: (folder) => sizesBelow(root, folder),
    async readText(path) {
      try {
        return await readFile(below(path), 'utf8');
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async stage(path) {
      await mkdir(dirname(below(path)), { recursive: true });
      return `${below(path)}.${process.pid}.partial`;
    },
    put: (staged, path) => rename(staged, below(path)),
    fetch: async (path) => below(path),
    makeRoom: async () => undefined,
    async remove(paths) {
      for (const path of paths) await removeFile(path);
    },
    clear: (folder) => rm(below(folder), { recursive: true, force: true }),
    async renew(folder) {
      await rm(below(folder), { recursive: true, force: true });
      await mkdir(below(folder), { recursive: true });
    },
    async exchange(local, folder) {
      await rm(before(folder), { recursive: true, force: true });
      if (existsSync(below(folder))) await rename(below(folder), before(folder));
      try {
        await rename(local, below(folder));
      } catch (error) {
        if (existsSync(before(folder))) await rename(before(folder), below(folder));
        throw error;
      }
      await rm(before(folder), { recursive: true, force: true });
    },
    async restore(folder) {
      if (!existsSync(before(folder))) return;
      if (existsSync(below(folder))) await rm(before(folder), { recursive: true, force: true });
      else await rename(before(folder), below(folder));
    },
    explain: (error) => error,
    close: () => undefined,
  };
}
