import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { usageError } from '../../errors.js';
import { labFiles } from '../lab/index.js';

/** A file found below a path that is to be ingested. */
export interface FoundFile {
  path: string;
  /** The folder below which globs are matched. */
  root: string;
  size: number;
  modifiedNs: bigint;
}

/** A folder or file that could not be read. */
export interface UnreadablePath {
  path: string;
  message: string;
}

/** What was found below the requested paths. */
export interface Discovery {
  files: FoundFile[];
  unreadable: UnreadablePath[];
  /** What exists but was passed over: a pipe, a device, a link to a folder that was already read. */
  skipped: UnreadablePath[];
  /** Folders below which globs are matched. */
  roots: string[];
  /** Folders that were searched; only files below them can be reported as gone. */
  searched: string[];
  /** Folders with metadata of the laboratory, among the roots and below them. */
  labFolders: string[];
}

/** Never read: version control, Cellar's own files, leftovers of editors and systems. */
const skippedFolders = new Set([
  '.git',
  '.cellar',
  'node_modules',
  '__MACOSX',
  '$RECYCLE.BIN',
  'System Volume Information',
]);
const skippedNames =
  /^(\.DS_Store|Thumbs\.db|desktop\.ini|~\$.*|.*\.duckdb(\.\w+)?|last-night\.log|digest\.md|.*\.format\.toml)$/i;

/** Whether a file is metadata of the laboratory; upper and lower case in its name do not matter. */
export const isLabFile = (name: string): boolean =>
  (labFiles as readonly string[]).includes(name.toLowerCase());

/** What Cellar and its user write beside the exports; `cellar init` puts some of it there. */
const isOwnFile = (name: string): boolean => name.toLowerCase() === 'targets.toml' || skippedNames.test(name);

/** Words for something that is neither a file nor a folder. */
function kindOf(facts: { isFIFO(): boolean; isSocket(): boolean }): string {
  return facts.isFIFO() ? 'a pipe' : facts.isSocket() ? 'a socket' : 'a device';
}

const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** One search below a root. Links are followed; a folder with several links to it is read once. */
class Search {
  private readonly root: string;
  private readonly found: Discovery;
  /** Real paths of folders that were read or are being read. */
  private readonly visited: Set<string>;

  constructor(root: string, found: Discovery, visited: Set<string>) {
    this.root = root;
    this.found = found;
    this.visited = visited;
  }

  async folder(path: string): Promise<void> {
    let entries: import('node:fs').Dirent[];
    try {
      entries = await readdir(path, { withFileTypes: true });
    } catch (error) {
      this.found.unreadable.push({ path, message: lookFailure(path, error as NodeJS.ErrnoException) });
      return;
    }
    const folders: string[] = [];
    const files: string[] = [];
    for (const entry of entries) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) folders.push(inner);
      else if (isLabFile(entry.name)) this.noteLab(path);
      else if (!isOwnFile(entry.name)) files.push(inner);
    }
    // In blocks, since each access needs a file descriptor and the system may have few.
    for (let at = 0; at < files.length; at += looksAtOnce) {
      const looks = files.slice(at, at + looksAtOnce).map((file) => this.file(file));
      for (const linked of await Promise.all(looks)) if (linked !== undefined) folders.push(linked);
    }
    // Folders before links to them, so that a file has the path of the folder it lies in.
    const links = new Set(files);
    folders.sort((a, b) => Number(links.has(a)) - Number(links.has(b)) || byName(a, b));
    for (const inner of folders) {
      if (!skippedFolders.has(basename(inner))) await this.enter(inner, links.has(inner));
    }
  }

  private noteLab(path: string): void {
    if (!this.found.labFolders.includes(path)) this.found.labFolders.push(path);
  }

  /** Enters a folder that was not reached by another path. */
  async enter(path: string, isLink: boolean): Promise<void> {
    const real = await realpath(path).catch(() => path);
    if (this.visited.has(real)) {
      if (isLink) this.found.skipped.push({ path, message: `a link to ${real}, which is read already` });
      return;
    }
    this.visited.add(real);
    await this.folder(path);
  }

  /** Notes a file; returns the path where it is a link to a folder. */
  private async file(path: string): Promise<string | undefined> {
    try {
      const facts = await stat(path, { bigint: true });
      if (facts.isDirectory()) return path;
      if (facts.isFile()) {
        this.found.files.push({
          path,
          root: this.root,
          size: Number(facts.size),
          modifiedNs: facts.mtimeNs,
        });
      } else this.found.skipped.push({ path, message: `${kindOf(facts)}, not a regular file` });
    } catch (error) {
      this.found.unreadable.push({ path, message: lookFailure(path, error as NodeJS.ErrnoException) });
    }
    return undefined;
  }
}

/**
 * Why a listed path cannot be read. A name in another encoding contains replacement characters for what is not UTF-8.
 */
function lookFailure(path: string, { code, message }: NodeJS.ErrnoException): string {
  return code === 'ENOENT' && path.includes('\uFFFD')
    ? 'its name is not UTF-8 (\uFFFD stands for the invalid bytes): rename it'
    : message;
}

const looksAtOnce = 16;

/**
 * Every file below the given paths, sorted by path, without metadata of the laboratory and Cellar's own files.
 *
 * @throws CellarError (usage) where a path does not exist
 */
export async function discoverFiles(paths: readonly string[]): Promise<Discovery> {
  const found: Discovery = {
    files: [],
    unreadable: [],
    skipped: [],
    roots: [],
    searched: [],
    labFolders: [],
  };
  const visited = new Set<string>();
  for (const given of paths) {
    const path = resolve(given);
    let facts: import('node:fs').BigIntStats;
    try {
      facts = await stat(path, { bigint: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw usageError(`${given} does not exist`, 'name a file or folder of exports');
      found.unreadable.push({ path, message: (error as Error).message });
      continue;
    }
    if (facts.isDirectory()) {
      found.roots.push(path);
      found.searched.push(path);
      await new Search(path, found, visited).enter(path, false);
    } else if (facts.isFile()) {
      found.roots.push(dirname(path));
      found.files.push({ path, root: dirname(path), size: Number(facts.size), modifiedNs: facts.mtimeNs });
    } else found.unreadable.push({ path, message: `${kindOf(facts)}, not a regular file` });
  }
  const once = new Map(found.files.map((file) => [file.path, file]));
  const roots = [...new Set(found.roots)];
  for (const root of roots) {
    if (!found.labFolders.includes(root) && (await hasLabFile(root))) found.labFolders.push(root);
  }
  return {
    ...found,
    files: [...once.values()].sort((a, b) => byName(a.path, b.path)),
    roots,
    labFolders: found.labFolders.sort(byName),
  };
}

/** Whether there are metadata in a folder of which single files were named. */
async function hasLabFile(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).some(isLabFile);
}

/** A file with its present size and time; reading reports a file that is gone. */
export async function seenNow(file: FoundFile): Promise<FoundFile> {
  const facts = await stat(file.path, { bigint: true }).catch(() => undefined);
  return facts === undefined ? file : { ...file, size: Number(facts.size), modifiedNs: facts.mtimeNs };
}
