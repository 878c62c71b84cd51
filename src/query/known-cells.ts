import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { select } from '../store/connection.js';
import { closest } from './suggest.js';

/** Makes sure that the database has these cells. @throws CellarError (usage) with the nearest id */
export async function requireCells(connection: DuckDBConnection, cells: readonly string[]): Promise<void> {
  const rows = await select<{ cell_id: string }>(
    connection,
    `SELECT cell_id FROM cells UNION SELECT cell_id FROM tests WHERE cell_id IS NOT NULL
     UNION SELECT cell_id FROM spectra WHERE cell_id IS NOT NULL`,
  );
  const known = rows.map(({ cell_id }) => cell_id);
  const unknown = cells.find((cell) => !known.includes(cell));
  if (unknown === undefined) return;
  const near = closest(unknown, known);
  throw usageError(
    `there is no cell ${unknown}`,
    near === undefined ? '`cellar query "FROM cells"` lists them.' : `Did you mean ${near}?`,
  );
}
