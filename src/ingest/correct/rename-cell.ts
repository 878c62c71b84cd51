import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../../errors.js';
import { identifier, insertRows, inTransaction, nextId, run, select } from '../../store/connection.js';
import { tables } from '../../store/tables/index.js';
import { toolVersion } from '../../version.js';
import { cellsFileFor, checkCellId } from './cells-place.js';
import { CellsFile } from './edit-cells.js';

/** Tables whose rows of a cell get its new id; the metadata tables are read from their files. */
const carried = tables.filter(
  ({ name, columns }) => name !== 'cells' && columns.some((column) => column.name === 'cell_id'),
);

/** Columns of text that may hold the id inside, as a JSON string. */
const quotedIn: readonly (readonly [table: string, column: string])[] = [
  ['verdicts', 'evidence'],
  ['verdict_history', 'evidence'],
];

/** Gives everything that is stored for a cell its new id: tests, spectra, fits, exclusions, verdicts. */
export async function renameStoredCell(
  connection: DuckDBConnection,
  from: string,
  to: string,
): Promise<void> {
  await inTransaction(connection, async () => {
    for (const { name } of carried) {
      await run(connection, `UPDATE ${identifier(name)} SET cell_id = $2 WHERE cell_id = $1`, [from, to]);
    }
    await run(connection, `UPDATE fits SET subject = $2 WHERE subject = $1 AND cell_id = $2`, [from, to]);
    for (const [table, column] of quotedIn) {
      if (!tables.some(({ name, columns }) => name === table && columns.some((one) => one.name === column)))
        continue;
      await run(
        connection,
        `UPDATE ${table} SET ${column} = replace(CAST(${column} AS VARCHAR), $1, $2)
         WHERE contains(CAST(${column} AS VARCHAR), $1)`,
        [JSON.stringify(from), JSON.stringify(to)],
      );
    }
  });
}

/** Whether anything is stored under an id of a cell. */
export async function isCellKnown(connection: DuckDBConnection, cellId: string): Promise<boolean> {
  for (const { name } of carried) {
    const found = await select(connection, `SELECT 1 FROM ${identifier(name)} WHERE cell_id = $1 LIMIT 1`, [
      cellId,
    ]);
    if (found.length > 0) return true;
  }
  return false;
}

/**
 * Gives a cell another id in cells.csv and in everything that is stored for it. Where cells.csv already has the new
 * id, only the stored data are changed.
 *
 * @throws CellarError (usage) for a cell that is not known, or a new id that another cell has
 */
export async function renameCell(
  connection: DuckDBConnection,
  given: { from: string; to: string; lab: string | undefined; database: string },
): Promise<{ cells_csv: string | null }> {
  const { from, to } = given;
  checkCellId(to);
  const fileOf = (cell: string) => cellsFileFor(connection, { cell, lab: given.lab, files: [] });
  // Where the table has the new id already, the old one says no more in which of several folders the cell is.
  const path = (await fileOf(from)) ?? (await fileOf(to));
  const table = path !== undefined && existsSync(path) ? await CellsFile.read(path) : undefined;
  const isWritten = table?.has(from) === true;
  const isStored = await isCellKnown(connection, from);
  if (!isWritten && !isStored)
    throw usageError(`no cell has the id ${from}`, '`cellar query "FROM cells"` lists them');
  const isTaken = table?.has(to) === true || (await isCellKnown(connection, to));
  if (isTaken && isWritten) throw usageError(`${to} is the id of another cell`, 'choose another one');
  if (table !== undefined && isWritten) {
    const former = table
      .get(from, 'former_ids')
      .split(/\s+/)
      .filter((id) => id !== '' && id !== to);
    table.set(from, 'former_ids', [...former, from].join(' '));
    table.set(from, 'cell_id', to);
  } else if (table?.has(to) === true) {
    const former = table
      .get(to, 'former_ids')
      .split(/\s+/)
      .filter((id) => id !== '');
    if (!former.includes(from)) table.set(to, 'former_ids', [...former, from].join(' '));
  }
  await table?.write();
  const started_at = new Date();
  await renameStoredCell(connection, from, to);
  await insertRows(connection, 'runs', [
    {
      run_id: await nextId(connection, 'runs', 'run_id'),
      command: 'rename',
      started_at,
      finished_at: new Date(),
      tool_version: toolVersion,
      parameters: JSON.stringify({ from, to }),
    },
  ]);
  return { cells_csv: table === undefined ? null : path! };
}
