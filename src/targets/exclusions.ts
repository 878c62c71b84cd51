import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { insertRows, inTransaction, run, select } from '../store/connection.js';

/** A recorded decision to leave a cell out of verdicts. */
export interface ExclusionRecord {
  cell_id: string;
  reason: string;
  decided_at: Date | null;
  undone_at: Date | null;
}

/** Every decision, undone or not, and what cells.csv says. */
export async function listExclusions(connection: DuckDBConnection): Promise<ExclusionRecord[]> {
  return select<ExclusionRecord>(
    connection,
    `SELECT cell_id, reason, decided_at, undone_at FROM exclusions
     UNION ALL SELECT cell_id, excluded_reason, NULL, NULL FROM cells WHERE excluded_reason IS NOT NULL
     ORDER BY cell_id, decided_at`,
  );
}

async function requireCell(connection: DuckDBConnection, cell_id: string): Promise<void> {
  const cells = await select<{ cell_id: string }>(connection, 'SELECT cell_id FROM cells ORDER BY cell_id');
  if (cells.some((cell) => cell.cell_id === cell_id)) return;
  const known = cells.map((cell) => cell.cell_id).join(', ');
  throw usageError(
    `no cell has the id ${cell_id}`,
    known === '' ? 'list cells in cells.csv' : `cells are: ${known}`,
  );
}

const standing = 'cell_id = $1 AND undone_at IS NULL';

/**
 * Leaves a cell out of verdicts from now on.
 *
 * @throws CellarError (usage) for an unknown cell, or one that is already left out
 */
export async function excludeCell(
  connection: DuckDBConnection,
  cell_id: string,
  reason: string,
): Promise<void> {
  await requireCell(connection, cell_id);
  const [already] = await select<{ reason: string }>(
    connection,
    `SELECT reason FROM exclusions WHERE ${standing}`,
    [cell_id],
  );
  if (already !== undefined) {
    throw usageError(
      `${cell_id} is excluded already: ${already.reason}`,
      `\`cellar exclude ${cell_id} --undo\` takes it back`,
    );
  }
  await inTransaction(connection, () =>
    insertRows(connection, 'exclusions', [{ cell_id, reason, decided_at: new Date(), undone_at: null }]),
  );
}

/**
 * Undoes the exclusion of a cell; it stays on record.
 *
 * @throws CellarError (usage) where there is none, or where it is in cells.csv
 */
export async function undoExclusion(connection: DuckDBConnection, cell_id: string): Promise<void> {
  await requireCell(connection, cell_id);
  const found = await select(connection, `SELECT 1 FROM exclusions WHERE ${standing}`, [cell_id]);
  if (found.length === 0) {
    const [declared] = await select<{ excluded_reason: string | null }>(
      connection,
      'SELECT excluded_reason FROM cells WHERE cell_id = $1',
      [cell_id],
    );
    throw declared?.excluded_reason == null
      ? usageError(`${cell_id} is not excluded`, '`cellar exclude` lists the exclusions')
      : usageError(
          `${cell_id} is excluded in cells.csv: ${declared.excluded_reason}`,
          'empty excluded_reason there and ingest again',
        );
  }
  await run(connection, `UPDATE exclusions SET undone_at = $2 WHERE ${standing}`, [cell_id, new Date()]);
}
