import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../../errors.js';
import { select } from '../../store/connection.js';
import { allLabs, type LabFolders, labsOf } from '../lab/labs.js';

/**
 * The cells.csv of a folder, in whatever case its name is written; the usual spelling where there is none.
 *
 * @throws CellarError (usage) where the cells are in a workbook
 */
export function cellsFileIn(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const name = names.find((one) => one.toLowerCase() === 'cells.csv');
  const workbook = names.find((one) => one.toLowerCase() === 'cells.xlsx');
  if (name === undefined && workbook !== undefined) {
    throw usageError(
      `${join(folder, workbook)} is a workbook, which Cellar reads but does not change`,
      'change the cell in it and run `cellar ingest` again, or save it as cells.csv',
    );
  }
  return join(folder, name ?? 'cells.csv');
}

/** The metadata folders a database knows. */
export function knownLabs(connection: DuckDBConnection): Promise<LabFolders> {
  return allLabs(connection, [], { lab: undefined, roots: [] });
}

/**
 * Which cells.csv to change: the one that has the cell, else that of `--lab`, else that of the nearest metadata folder
 * above a file, else one beside the first file.
 */
export async function cellsFileFor(
  connection: DuckDBConnection,
  given: { cell: string; lab: string | undefined; files: readonly string[] },
): Promise<string | undefined> {
  const [stored] = await select<{ lab_folder: string | null }>(
    connection,
    'SELECT lab_folder FROM cells WHERE cell_id = $1',
    [given.cell],
  );
  if (stored?.lab_folder != null) return cellsFileIn(stored.lab_folder);
  if (given.lab !== undefined) return cellsFileIn(resolve(given.lab));
  const labs = await knownLabs(connection);
  const [first] = given.files;
  if (first === undefined) {
    const [only, ...others] = labs.all;
    return only?.folder === undefined || others.length > 0 ? undefined : cellsFileIn(only.folder);
  }
  const nearest = labsOf(labs, resolve(first))[0]?.folder ?? labs.all[0]?.folder;
  return cellsFileIn(nearest ?? dirname(resolve(first)));
}

/** An id as it may stand in cells.csv. */
export function checkCellId(id: string): void {
  if (/^[^\s"';,#][^"';,\n\r\t]*$/.test(id) && id.trim() === id) return;
  throw usageError(
    `"${id}" is not an id of a cell`,
    'use letters, digits and - _ . without commas or quotes',
  );
}
