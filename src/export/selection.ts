import { identifier, literal } from '../store/connection.js';
import type { TableDefinition } from '../store/tables/index.js';

/**
 * The condition that limits a table to some cells: by its own cell, else by a key that leads to one (test, spectrum,
 * file, material). Tables about the laboratory as a whole are not limited.
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
