import { basename, dirname, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../../errors.js';
import { select } from '../../store/connection.js';
import { forwardSlashes, globMatches, relativePath } from '../../store/path-patterns.js';
import { cellsFileFor, checkCellId } from './cells-place.js';
import { CellsFile } from './edit-cells.js';

/** What was written. */
export interface AssignedFiles {
  cells_csv: string;
  file_pattern: string;
  files: string[];
}

/** A path as a glob that matches nothing else, with `?` for characters that have a meaning in globs and tables. */
const literalGlob = (path: string): string => path.replace(/[\\*?[\](){}!+@,;"|#\s]/g, '?');

/** The alternatives of a pattern. */
const alternatives = (pattern: string): string[] =>
  pattern === '' ? [] : /^\{[^{}]*\}$/.test(pattern) ? pattern.slice(1, -1).split(',') : [pattern];

/**
 * Adds the files to the `file_pattern` of a cell; existing patterns stay.
 *
 * @throws CellarError (usage) where the pattern of another cell claims one of the files
 */
export async function assignFiles(
  connection: DuckDBConnection,
  given: { cell: string; files: readonly string[]; lab: string | undefined; database: string },
): Promise<AssignedFiles> {
  checkCellId(given.cell);
  const path = (await cellsFileFor(connection, given))!;
  const folder = dirname(path);
  const table = await CellsFile.read(path);
  const names = await Promise.all(given.files.map((file) => nameOf(connection, resolve(file), folder)));
  const claims = await select<{ cell_id: string; file_pattern: string }>(
    connection,
    'SELECT cell_id, file_pattern FROM cells WHERE file_pattern IS NOT NULL AND cell_id <> $1',
    [given.cell],
  );
  for (const name of names) {
    const other = claims.find(({ file_pattern }) => globMatches(file_pattern, name));
    if (other === undefined) continue;
    throw usageError(
      `${name} is claimed by file_pattern ${other.file_pattern} of ${other.cell_id}`,
      `narrow that pattern in cells.csv first`,
    );
  }
  const before = table.get(given.cell, 'file_pattern');
  const added = names.filter((name) => before === '' || !globMatches(before, name)).map(literalGlob);
  const all = [...new Set([...alternatives(before), ...added])];
  const file_pattern = all.length === 1 ? all[0]! : `{${all.join(',')}}`;
  table.set(given.cell, 'file_pattern', file_pattern);
  await table.write();
  return { cells_csv: path, file_pattern, files: given.files.map((file) => forwardSlashes(resolve(file))) };
}

/**
 * The path of a file with which patterns in the table of a folder are compared: below that folder, which holds whatever
 * it will be ingested from, else below the root it was ingested from.
 */
async function nameOf(connection: DuckDBConnection, file: string, folder: string): Promise<string> {
  const path = forwardSlashes(file);
  if (path.startsWith(`${forwardSlashes(folder)}/`)) return relativePath(path, folder);
  const [known] = await select<{ root: string }>(
    connection,
    'SELECT root FROM files WHERE path = $1 ORDER BY file_id DESC LIMIT 1',
    [path],
  );
  return known === undefined ? basename(file) : relativePath(path, known.root);
}
