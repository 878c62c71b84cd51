import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../../errors.js';
import { select } from '../../store/connection.js';
import { forwardSlashes } from '../../store/path-patterns.js';
import { examineLab, type LabMetadata, labFiles, noLab, readLab } from './index.js';
import { mistakesError } from './mistakes.js';

/**
 * Several folders with metadata live in one database. A file belongs to the nearest such folder above it, or to the one
 * that `--lab` named for its root; cells and materials of all folders live together.
 */
export interface LabFolders {
  all: readonly LabMetadata[];
  /** Roots that were ingested with `--lab`, and the folder it named. */
  roots: Readonly<Record<string, string>>;
  /** What concerns the run: tables that are empty, unreadable or gone. */
  notices: string[];
}

/** Where a run finds metadata. */
export interface LabPlaces {
  /** `--lab`. */
  lab: string | undefined;
  roots: readonly string[];
  /** Folders with metadata among the roots and below them. */
  labFolders: readonly string[];
  /** Folder of the database; metadata between it and a root also count. */
  above: string;
}

const isBelow = (path: string, folder: string): boolean =>
  path === folder || forwardSlashes(path).startsWith(`${forwardSlashes(folder).replace(/\/$/, '')}/`);

/** Folders from a root up to that of the database, if that is above it. */
function foldersUpTo(root: string, top: string): string[] {
  const folders: string[] = [];
  for (let folder = root; isBelow(folder, top) && folder !== top; ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** The folders with metadata that the database remembers. */
async function remembered(
  connection: DuckDBConnection,
): Promise<{ folders: string[]; roots: Record<string, string> }> {
  const rows = await select<{ key: string; value: string }>(
    connection,
    `SELECT key, value FROM meta WHERE key IN ('lab_folder', 'lab_folders', 'lab_roots')`,
  );
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const older = values.get('lab_folder');
  return {
    folders: JSON.parse(
      values.get('lab_folders') ?? JSON.stringify(older === undefined ? [] : [older]),
    ) as string[],
    roots: JSON.parse(values.get('lab_roots') ?? '{}') as Record<string, string>,
  };
}

/**
 * The metadata of a run: those beside its files, or those of `--lab`.
 *
 * @throws CellarError (usage) naming every mistake in them
 */
export async function readGivenLabs(places: LabPlaces): Promise<LabMetadata[]> {
  const above = places.roots.flatMap((root) => foldersUpTo(root, places.above));
  const found = above.filter((folder) => labFiles.some((name) => existsSync(resolve(folder, name))));
  // A folder that is named explicitly replaces those beside the files.
  const folders =
    places.lab === undefined ? [...new Set([...found, ...places.labFolders])] : [resolve(places.lab)];
  const examined = [];
  for (const folder of folders) examined.push(await examineLab(folder));
  const mistakes = examined.flatMap(({ mistakes: all }) => all);
  if (mistakes.length > 0) throw mistakesError(mistakes);
  return examined.map(({ lab }) => lab);
}

/**
 * The metadata of a run together with those of the folders that were read before. Where these cannot be read, a notice
 * is given and the stored metadata stay.
 *
 * @throws CellarError (usage) naming both places where two folders define one id differently
 */
export async function allLabs(
  connection: DuckDBConnection,
  given: readonly LabMetadata[],
  places: Pick<LabPlaces, 'lab' | 'roots'>,
): Promise<LabFolders> {
  const before = await remembered(connection);
  const roots = { ...before.roots };
  for (const root of places.roots) {
    if (places.lab !== undefined) roots[root] = resolve(places.lab);
    else if (given.some(({ folder }) => folder === root)) delete roots[root];
  }
  const labs: LabFolders = { all: [...given], roots, notices: [] };
  const others: LabMetadata[] = [];
  for (const folder of before.folders) {
    if (given.some((lab) => lab.folder === folder)) continue;
    try {
      if (!existsSync(folder)) throw new Error('it is not there any more');
      others.push(await readLab(folder));
    } catch (error) {
      const why = (error as Error).message.split('\n')[0];
      labs.notices.push(`metadata of ${folder} stay as they were last read: ${why}`);
      others.push({ ...noLab, folder });
    }
  }
  labs.all = [...given, ...others];
  for (const table of ['materials', 'cells'] as const) refuseConflicts(table, labs.all);
  for (const { silent } of labs.all) {
    for (const { table, path, why } of silent) {
      const count = await storedRows(connection, table, dirname(path));
      if (count > 0)
        labs.notices.push(`${path} ${why}: the ${count} ${table} known from it stay as they are`);
    }
  }
  for (const lab of labs.all) {
    for (const table of ['materials', 'cells', 'conditions'] as const) {
      if (lab[table] !== undefined || lab.folder === undefined || !existsSync(lab.folder)) continue;
      if (lab.silent.some((one) => one.table === table)) continue;
      const count = await storedRows(connection, table, lab.folder);
      const files = ['csv', 'xlsx'].map((ending) => resolve(lab.folder!, `${table}.${ending}`));
      if (count === 0 || files.some((file) => existsSync(file))) continue;
      labs.notices.push(
        `${resolve(lab.folder, `${table}.csv`)} is not there any more: the ${count} ${table} known from it stay as they are`,
      );
    }
  }
  return labs;
}

async function storedRows(connection: DuckDBConnection, table: string, folder: string): Promise<number> {
  const [row] = await select<{ n: number }>(
    connection,
    `SELECT count(*) AS n FROM ${table} WHERE lab_folder = $1`,
    [resolve(folder)],
  );
  return row?.n ?? 0;
}

/** One id with two meanings: only the laboratory knows which is right. */
function refuseConflicts(table: 'materials' | 'cells', labs: readonly LabMetadata[]): void {
  const key = table === 'materials' ? 'material_id' : 'cell_id';
  const seen = new Map<string, { folder: string; content: string }>();
  const conflicts: string[] = [];
  for (const lab of labs) {
    for (const row of lab[table] ?? []) {
      const { lab_folder: _folder, ...stated } = row;
      const id = String((row as unknown as Record<string, unknown>)[key]);
      const content = JSON.stringify(stated);
      const other = seen.get(id);
      if (other === undefined) seen.set(id, { folder: lab.folder!, content });
      else if (other.content !== content) {
        const both = [other.folder, lab.folder!].map((folder) => resolve(folder, `${table}.csv`)).sort();
        conflicts.push(`${id} is defined differently in ${both.join(' and ')}`);
      }
    }
  }
  if (conflicts.length === 0) return;
  throw usageError(conflicts.join('\n'), 'give one of the two another id, or the same values');
}

/** The folders whose metadata apply to a path, nearest first. */
export function labsOf(labs: LabFolders, path: string): LabMetadata[] {
  const named = Object.entries(labs.roots)
    .filter(([root]) => isBelow(path, root))
    .sort(([a], [b]) => b.length - a.length)
    .map(([, folder]) => folder);
  const above = labs.all
    .filter(({ folder }) => folder !== undefined && isBelow(path, folder))
    .sort((a, b) => b.folder!.length - a.folder!.length);
  const chosen = labs.all.filter(({ folder }) => folder === named[0]);
  return [...new Set([...chosen, ...above])];
}

/** Settings that apply to a path: those of the nearest folder with a cellar.toml. */
export const settingsFor = (labs: LabFolders, path: string): LabMetadata['settings'] =>
  settingsAmong(labsOf(labs, path));

/** Settings of the first of the folders that has a cellar.toml. */
export const settingsAmong = (labs: readonly LabMetadata[]): LabMetadata['settings'] =>
  (labs.find(({ hasSettings }) => hasSettings) ?? noLab).settings;
