import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { usageError } from '../../errors.js';
import { labFiles } from '../lab/index.js';

/** A file found below what was asked to be ingested. */
export interface FoundFile {
  path: string;
  /** The folder below which globs are matched. */
  root: string;
  size: number;
  modifiedNs: bigint;
}

/** A folder or file that could not be read. */
export interface Unreadable {
  path: string;
  message: string;
}

/** What lies below the paths that were asked for. */
export interface Discovery {
  files: FoundFile[];
  unreadable: Unreadable[];
  /** Folders below which globs are matched. */
  roots: string[];
}

/** Never looked at: version control, Cellar's own files, editors' and systems' droppings. */
const skippedFolders = new Set([
  '.git',
  '.cellar',
  'node_modules',
  '__MACOSX',
  '$RECYCLE.BIN',
  'System Volume Information',
]);
const skippedNames =
  /^(\.DS_Store|Thumbs\.db|desktop\.ini|~\$.*|.*\.duckdb(\.\w+)?|last-night\.log|digest\.md)$/i;

/** What Cellar's user writes beside the exports; `cellar init` puts all of them there. */
const ownFiles: ReadonlySet<string> = new Set([...labFiles, 'targets.toml']);

async function walk(
  folder: string,
  root: string,
  found: FoundFile[],
  unreadable: Unreadable[],
): Promise<void> {
  let entries: import('node:fs').Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    unreadable.push({ path: folder, message: (error as Error).message });
    return;
  }
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) await walk(path, root, found, unreadable);
    } else if ((entry.isFile() || entry.isSymbolicLink()) && !skippedNames.test(entry.name)) {
      if (!ownFiles.has(entry.name)) files.push(path);
    }
  }
  await Promise.all(
    files.map(async (path) => {
      try {
        const facts = await stat(path, { bigint: true });
        if (facts.isFile()) found.push({ path, root, size: Number(facts.size), modifiedNs: facts.mtimeNs });
      } catch (error) {
        unreadable.push({ path, message: (error as Error).message });
      }
    }),
  );
}

/**
 * Every file below the paths given, sorted by path; lab metadata and Cellar's own files left out.
 *
 * @throws CellarError (usage) where a path does not exist
 */
export async function discoverFiles(paths: readonly string[]): Promise<Discovery> {
  const files: FoundFile[] = [];
  const unreadable: Unreadable[] = [];
  const roots = new Set<string>();
  for (const given of paths) {
    const path = resolve(given);
    let facts: import('node:fs').BigIntStats;
    try {
      facts = await stat(path, { bigint: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw usageError(`${given} does not exist`, 'name a file or folder of exports');
      unreadable.push({ path, message: (error as Error).message });
      continue;
    }
    if (facts.isDirectory()) {
      roots.add(path);
      await walk(path, path, files, unreadable);
    } else {
      roots.add(dirname(path));
      files.push({ path, root: dirname(path), size: Number(facts.size), modifiedNs: facts.mtimeNs });
    }
  }
  const once = new Map(files.map((file) => [file.path, file]));
  const sorted = [...once.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files: sorted, unreadable, roots: [...roots] };
}
