/** What goes from a laboratory into a bundle. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { parse as parseToml } from 'smol-toml';
import { usageError } from '../errors.js';
import { labFiles } from '../ingest/lab/index.js';
import { compare } from '../report/files.js';
import { select } from '../store/connection.js';
import { forwardSlashes, relativePath } from '../store/path-patterns.js';
import type { Member } from './zip.js';

/** Past verdicts and decisions, which only the database holds. */
export interface Records {
  exclusions: { cell_id: string; reason: string; decided_at: string; undone_at: string | null }[];
  runs: { run_id: number; command: string; started_at: string }[];
  history: Record<string, string | number | null>[];
}

/** Members that come from the laboratory's files. */
export interface LabMembers {
  raw: (Member & { sha256: string })[];
  metadata: Member[];
  roots: string[];
  lab: string | null;
}

interface RawFile {
  path: string;
  root: string;
  sha256: string;
  status: string;
}

const historyColumns = `run_id, target_table, target_id, material_id, verdict, value, bound95_low, bound95_high, comparison,
  threshold, unit, sample_size`;

/** What only the database holds and what verdicts or the page depend on. */
export async function readRecords(connection: DuckDBConnection): Promise<Records> {
  return {
    exclusions: await select(
      connection,
      `SELECT cell_id, reason, strftime(decided_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS decided_at,
         strftime(undone_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS undone_at FROM exclusions ORDER BY ALL`,
    ),
    runs: await select(
      connection,
      `SELECT run_id, command, strftime(started_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS started_at FROM runs
       WHERE run_id IN (SELECT run_id FROM verdict_history) ORDER BY run_id`,
    ),
    history: await select(connection, `SELECT ${historyColumns} FROM verdict_history ORDER BY ALL`),
  };
}

/** Files as they were last read, without those that are gone and gave no data. */
async function readRawFiles(connection: DuckDBConnection): Promise<RawFile[]> {
  const rows = await select<Omit<RawFile, 'root'> & { root: string | null }>(
    connection,
    `SELECT path, root, sha256, status FROM files
     WHERE status IN ('ingested', 'appended', 'duplicate', 'rejected', 'conflict') AND sha256 IS NOT NULL
     QUALIFY row_number() OVER (PARTITION BY path ORDER BY file_id DESC) = 1 ORDER BY path`,
  );
  const files = rows.map(({ root, ...row }) => ({ ...row, root: root ?? dirname(row.path) }));
  const isData = ({ status }: RawFile) => status === 'ingested' || status === 'appended';
  const gone = files.filter((file) => isData(file) && !existsSync(file.path));
  if (gone.length > 0) {
    throw usageError(
      `the verdicts are based on files that are missing: ${gone.map(({ path }) => path).join(', ')}`,
      'put them back, or take them out with `cellar forget`',
    );
  }
  return files.filter(({ path }) => existsSync(path));
}

/** A folder's name in the bundle for each root; their order and names do not depend on where they lie. */
function rootNames(files: readonly RawFile[]): Map<string, string> {
  const contents = new Map<string, string>();
  for (const { path, root, sha256 } of files) {
    contents.set(root, `${contents.get(root) ?? basename(root)}\n${relativePath(path, root)} ${sha256}`);
  }
  const used = new Set<string>();
  const names = new Map<string, string>();
  for (const [root] of [...contents].sort(([, a], [, b]) => compare(a, b))) {
    const own = basename(root).replace(/[\\:]/g, '_') || 'root';
    let name = own;
    for (let n = 2; used.has(name); n++) name = `${own}-${n}`;
    used.add(name);
    names.set(root, `raw/${name}`);
  }
  return names;
}

/** Addresses of notifications are private. */
function withoutNotify(text: string, path: string): string {
  let isNotify = false;
  const kept = text.split('\n').filter((line) => {
    const header = /^\s*\[\[?\s*"?([\w-]+)/.exec(line);
    if (header !== null) isNotify = header[1] === 'notify';
    return !isNotify;
  });
  const rest = kept.join('\n');
  if ('notify' in parseToml(rest)) {
    throw usageError(
      `${path} has notify outside of a [notify] section, and its addresses must not leave the laboratory`,
      'write it as a section',
    );
  }
  return rest;
}

async function metadataMembers(folder: string, place: string): Promise<Member[]> {
  const members: Member[] = [];
  for (const name of await readdir(folder)) {
    const isLab = labFiles.some((known) => known === name.toLowerCase());
    if (!isLab && !/\.format\.toml$/i.test(name)) continue;
    const file = join(folder, name);
    const isSettings = name.toLowerCase() === 'cellar.toml';
    const content = isSettings ? withoutNotify(await readFile(file, 'utf8'), file) : { file };
    members.push({ path: `${place}/${name}`, content });
  }
  return members;
}

/** Metadata at their place below a root; a folder elsewhere becomes `lab`. */
async function readMetadata(
  connection: DuckDBConnection,
  roots: ReadonlyMap<string, string>,
): Promise<{ metadata: Member[]; lab: string | null }> {
  const [row] = await select<{ value: string }>(
    connection,
    `SELECT value FROM meta WHERE key = 'lab_folders'`,
  );
  const folders = (JSON.parse(row?.value ?? '[]') as string[]).filter((folder) => existsSync(folder));
  const metadata: Member[] = [];
  const outside: string[] = [];
  for (const folder of folders) {
    const root = [...roots.keys()].find((one) =>
      `${forwardSlashes(folder)}/`.startsWith(`${forwardSlashes(one)}/`),
    );
    if (root === undefined) {
      outside.push(folder);
      continue;
    }
    const below = forwardSlashes(folder).slice(forwardSlashes(root).length);
    metadata.push(...(await metadataMembers(folder, `${roots.get(root)}${below}`)));
  }
  if (outside.length > 1 || (outside.length === 1 && metadata.length > 0)) {
    throw usageError(
      `the metadata are in several folders, not all of them below the ingested folders: ${outside.join(', ')}`,
      'a bundle can hold one such folder, or folders among the exports',
    );
  }
  for (const folder of outside) metadata.push(...(await metadataMembers(folder, 'lab')));
  return { metadata, lab: outside.length === 0 ? null : 'lab' };
}

/**
 * Raw files and metadata with their places in a bundle.
 *
 * @throws CellarError (usage) where a file that gave data is gone
 */
export async function readLabMembers(connection: DuckDBConnection): Promise<LabMembers> {
  const files = await readRawFiles(connection);
  const roots = rootNames(files);
  const { metadata, lab } = await readMetadata(connection, roots);
  return {
    raw: files.map(({ path, root, sha256 }) => ({
      path: `${roots.get(root)}/${relativePath(path, root)}`,
      content: { file: path },
      sha256,
    })),
    metadata,
    roots: [...roots.values()].sort(compare),
    lab,
  };
}
