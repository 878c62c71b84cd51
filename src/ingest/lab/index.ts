import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, parse, resolve } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import type { z } from 'zod';
import { usageError } from '../../errors.js';
import { decodeText, detectEncoding } from '../bytes/text.js';
import { ContainerRefusal } from '../containers/record-table.js';
import { withLabUncertainty } from './for-the-whole-lab.js';
import { type Mistake, mistake, mistakesError } from './mistakes.js';
import { readTable } from './read-table.js';
import { otherReference } from './reference-columns.js';
import {
  type Cell,
  type Condition,
  cellRow,
  conditionRow,
  type Material,
  materialRow,
  type Settings,
  settingsFile,
} from './schemas.js';

export type { Cell, Condition, Material, Settings } from './schemas.js';

/** Files of a laboratory that are not exports. */
export const labFiles = [
  'materials.csv',
  'cells.csv',
  'conditions.csv',
  'materials.xlsx',
  'cells.xlsx',
  'conditions.xlsx',
  'cellar.toml',
] as const;

/** The first of the folders that has a metadata file. */
export function findLabFolder(folders: readonly string[]): string | undefined {
  return folders.find((folder) => labFiles.some((name) => existsSync(join(folder, name))));
}

/** What the metadata files of one folder say; a table whose file is absent or empty is undefined. */
export interface LabMetadata {
  folder: string | undefined;
  materials: Material[] | undefined;
  cells: Cell[] | undefined;
  conditions: Condition[] | undefined;
  settings: Settings;
  /** Whether they come from a cellar.toml. */
  hasSettings: boolean;
  /** Tables that exist but give nothing, and why; what they said before is kept. */
  silent: { table: LabTable; path: string; why: string }[];
}

export type LabTable = 'materials' | 'cells' | 'conditions';

const noSettings: Settings = settingsFile.parse({});

/** Metadata of a folder without any. */
export const noLab: LabMetadata = {
  folder: undefined,
  materials: undefined,
  cells: undefined,
  conditions: undefined,
  settings: noSettings,
  hasSettings: false,
  silent: [],
};

/**
 * The metadata files of a folder by the names of their tables (or `cellar`), in whatever case they are written; two
 * files for one table are a mistake.
 */
async function filesOf(folder: string, mistakes: Mistake[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await readdir(folder)).sort()) {
    if (!(labFiles as readonly string[]).includes(name.toLowerCase())) continue;
    const known = parse(name).name.toLowerCase();
    const other = found.get(known);
    const path = join(folder, name);
    if (other !== undefined) {
      mistakes.push(mistake(path, null, null, `${other} is there too`, 'keep one of the two'));
    } else found.set(known, path);
  }
  return found;
}

async function readSettings(path: string | undefined, mistakes: Mistake[]): Promise<Settings> {
  if (path === undefined) return noSettings;
  const hint = 'correct the file and run again';
  let parsed: unknown;
  try {
    const bytes = await readFile(path);
    parsed = parseToml(decodeText(bytes, detectEncoding(bytes)));
  } catch (error) {
    mistakes.push(mistake(path, null, null, (error as Error).message, hint));
    return noSettings;
  }
  const checked = settingsFile.safeParse(parsed);
  if (checked.success) return checked.data;
  for (const issue of checked.error.issues) {
    const where = issue.path.join('.') || 'top level';
    mistakes.push(mistake(`${path}, ${where}`, null, null, issue.message, hint));
  }
  return noSettings;
}

const tableShapes = {
  materials: { shape: materialRow, key: 'material_id' },
  cells: { shape: cellRow, key: 'cell_id' },
  conditions: { shape: conditionRow, key: undefined },
} as const;

type StoredRow<T> = T & { own_columns: string | null; lab_folder: string | null };

/** Rows of one table; undefined where the file has none. */
async function readRows<T>(
  table: LabTable,
  path: string | undefined,
  { lab, mistakes, lines }: LabExamination & { lines: Map<string, number> },
): Promise<StoredRow<T>[] | undefined> {
  if (path === undefined) return undefined;
  const { shape, key } = tableShapes[table];
  try {
    const read = await readTable<z.ZodObject>(path, shape, key);
    mistakes.push(...read.mistakes);
    if (read.rows.length === 0 && read.mistakes.length === 0) {
      lab.silent.push({ table, path, why: 'is empty' });
      return undefined;
    }
    return read.rows.map(({ line, value, own }) => {
      if (key !== undefined) lines.set(String(value[key]), line);
      if (table === 'materials') mistakes.push(...otherReference(path, line, value, own));
      const own_columns = own === null ? null : JSON.stringify(own);
      return { ...(value as T), own_columns, lab_folder: lab.folder ?? null };
    });
  } catch (error) {
    if (error instanceof ContainerRefusal) {
      mistakes.push(
        mistake(path, null, null, error.message, 'correct the workbook, or save the table as CSV'),
      );
      return undefined;
    }
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    lab.silent.push({ table, path, why: `cannot be read (${(error as Error).message})` });
    return undefined;
  }
}

/** The metadata of a folder as far as they can be read, and everything that is wrong with them. */
export interface LabExamination {
  lab: LabMetadata;
  mistakes: Mistake[];
}

/**
 * Reads and checks the metadata of a folder.
 *
 * @throws CellarError (usage) where the folder is not there
 */
export async function examineLab(folder: string): Promise<LabExamination> {
  const facts = await stat(folder).catch(() => undefined);
  if (facts === undefined || !facts.isDirectory()) {
    throw usageError(`${folder} is not a folder`, 'name the folder of cells.csv with --lab');
  }
  const examined: LabExamination = { lab: { ...noLab, folder: resolve(folder), silent: [] }, mistakes: [] };
  const { lab, mistakes } = examined;
  const files = await filesOf(folder, mistakes);
  const read = <T>(table: LabTable, lines = new Map<string, number>()) =>
    readRows<T>(table, files.get(table), { ...examined, lines });
  const lines = new Map<string, number>();
  lab.materials = await read<Material>('materials');
  lab.cells = await read<Cell>('cells', lines);
  lab.conditions = await read<Condition>('conditions');
  const known = lab.materials?.map(({ material_id }) => material_id) ?? [];
  for (const { cell_id, material_id } of lab.cells ?? []) {
    if (material_id === null || lab.materials === undefined || known.includes(material_id)) continue;
    const message = `${material_id} is not in ${basename(files.get('materials')!)}`;
    const hint = `materials are: ${known.join(', ')}`;
    const path = files.get('cells')!;
    mistakes.push(mistake(path, lines.get(cell_id) ?? null, 'material_id', message, hint));
  }
  lab.settings = await readSettings(files.get('cellar'), mistakes);
  lab.hasSettings = files.has('cellar');
  return { lab: withLabUncertainty(lab, lab.settings.uncertainty), mistakes };
}

/**
 * The metadata of a folder.
 *
 * @throws CellarError (usage) naming file, line and column of everything that is wrong
 */
export async function readLab(folder: string | undefined): Promise<LabMetadata> {
  if (folder === undefined) return noLab;
  const { lab, mistakes } = await examineLab(folder);
  if (mistakes.length > 0) throw mistakesError(mistakes);
  return lab;
}
