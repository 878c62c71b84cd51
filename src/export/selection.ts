import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { closest } from '../query/suggest.js';
import { identifier, literal, select } from '../store/connection.js';
import type { TableDefinition } from '../store/tables/index.js';

/** Refuses a cell that is not in the database. */
export async function checkCells(connection: DuckDBConnection, cells: readonly string[]): Promise<void> {
  const rows = await select<{ cell_id: string }>(
    connection,
    `SELECT cell_id FROM cells UNION SELECT cell_id FROM tests WHERE cell_id IS NOT NULL
     UNION SELECT cell_id FROM spectra WHERE cell_id IS NOT NULL`,
  );
  const known = rows.map(({ cell_id }) => cell_id);
  const stray = cells.find((cell) => !known.includes(cell));
  if (stray === undefined) return;
  const near = closest(stray, known);
  throw usageError(
    `there is no cell ${stray}`,
    near === undefined ? '`cellar query "FROM cells"` lists them.' : `Did you mean ${near}?`,
  );
}

/**
 * The condition that limits a table to some cells: by its own cell, else by what leads to one (test, spectrum, file,
 * material). Tables about the laboratory as a whole are not limited.
 */
export function limitToCells(
  { name: table, columns }: TableDefinition,
  cells: readonly string[] | null,
): string {
  if (cells === null) return 'true';
  const has = (name: string) => columns.some((column) => column.name === name);
  const ids = `(${cells.map(literal).join(', ')})`;
  const within = (key: string, source: string) =>
    `${identifier(key)} IN (SELECT ${identifier(key)} FROM ${source} WHERE cell_id IN ${ids})`;
  if (has('cell_id')) return `cell_id IN ${ids}`;
  // A finding may be about a file as a whole.
  if (has('test_id') && table !== 'findings') return within('test_id', 'tests');
  if (has('spectrum_id')) return within('spectrum_id', 'spectra');
  if (has('file_id')) {
    const files = `(SELECT test_files.file_id FROM test_files JOIN tests USING (test_id) WHERE cell_id IN ${ids}
      UNION SELECT file_id FROM spectra WHERE cell_id IN ${ids}
      UNION SELECT file_id FROM vendor_cycles WHERE cell_id IN ${ids})`;
    return `file_id IN ${files}`;
  }
  if (has('material_id')) return within('material_id', 'cells');
  return 'true';
}
