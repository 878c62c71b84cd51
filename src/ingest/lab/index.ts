import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { parse as parseToml } from 'smol-toml';
import { usageError } from '../../errors.js';
import { insertRows, run, type SqlRow } from '../../store/connection.js';
import { withLabUncertainty } from './for-the-whole-lab.js';
import { readTable } from './read-table.js';
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

/** Files of a laboratory that are no exports. */
export const labFiles = ['materials.csv', 'cells.csv', 'conditions.csv', 'cellar.toml'] as const;

/** What a laboratory's metadata files say; a table whose file is absent is undefined. */
export interface Lab {
  folder: string | undefined;
  materials: Material[] | undefined;
  cells: Cell[] | undefined;
  conditions: Condition[] | undefined;
  settings: Settings;
}

const noSettings: Settings = settingsFile.parse({});

/** The first of the folders that has a metadata file. */
export function findLabFolder(folders: readonly string[]): string | undefined {
  return folders.find((folder) => labFiles.some((name) => existsSync(join(folder, name))));
}

async function readSettings(path: string): Promise<Settings> {
  if (!existsSync(path)) return noSettings;
  let parsed: unknown;
  try {
    parsed = parseToml(await readFile(path, 'utf8'));
  } catch (error) {
    throw usageError(`${path}: ${(error as Error).message}`, 'mend the file and run again');
  }
  const checked = settingsFile.safeParse(parsed);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw usageError(
    `${path}, ${issue?.path.join('.') || 'top level'}: ${issue?.message}`,
    'mend the file and run again',
  );
}

/**
 * Reads and checks the metadata of a laboratory.
 *
 * @throws CellarError (usage) naming file, line and column of what is wrong
 */
export async function readLab(folder: string | undefined): Promise<Lab> {
  if (folder === undefined) {
    return { folder, materials: undefined, cells: undefined, conditions: undefined, settings: noSettings };
  }
  const path = (name: string) => join(folder, name);
  const present = (name: string) => existsSync(path(name));
  const materials = present('materials.csv')
    ? await readTable(path('materials.csv'), materialRow, 'material_id')
    : undefined;
  const cells = present('cells.csv') ? await readTable(path('cells.csv'), cellRow, 'cell_id') : undefined;
  const conditions = present('conditions.csv')
    ? await readTable(path('conditions.csv'), conditionRow, undefined)
    : undefined;
  const knownMaterials = new Set(materials?.map(({ value }) => value.material_id));
  for (const { line, value } of cells ?? []) {
    if (value.material_id === null || materials === undefined || knownMaterials.has(value.material_id))
      continue;
    throw usageError(
      `${path('cells.csv')}, line ${line}, column material_id: ${value.material_id} is not in materials.csv`,
      `materials are: ${[...knownMaterials].join(', ')}`,
    );
  }
  const settings = await readSettings(path('cellar.toml'));
  const tables = { materials: materials?.map(({ value }) => value), cells: cells?.map(({ value }) => value) };
  return {
    folder,
    ...withLabUncertainty(tables, settings.uncertainty),
    conditions: conditions?.map(({ value }) => value),
    settings,
  };
}

async function replace(
  connection: DuckDBConnection,
  table: string,
  rows: readonly SqlRow[] | undefined,
): Promise<void> {
  if (rows === undefined) return;
  await run(connection, `DELETE FROM ${table}`);
  await insertRows(connection, table, rows);
}

/** Stores the metadata; a table whose file is absent stays as it was. The transaction is the caller's. */
export async function storeLab(connection: DuckDBConnection, lab: Lab): Promise<void> {
  await replace(connection, 'materials', lab.materials);
  await replace(connection, 'cells', lab.cells);
  await replace(connection, 'conditions', lab.conditions);
  if (lab.folder === undefined) return;
  await run(connection, `DELETE FROM meta WHERE key = 'lab_folder'`);
  await insertRows(connection, 'meta', [{ key: 'lab_folder', value: lab.folder }]);
}
