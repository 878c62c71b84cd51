import type { DuckDBConnection } from '@duckdb/node-api';
import type { LabBounds } from '../../analysis/plausibility/index.js';
import { insertRows, run, type SqlRow, select } from '../../store/connection.js';
import type { LabMetadata } from './index.js';
import type { LabFolders } from './labs.js';

const keys = { materials: 'material_id', cells: 'cell_id', conditions: undefined } as const;

/** Replaces the rows of one folder; an id that another folder defines in the same way is stored once. */
async function replace(
  connection: DuckDBConnection,
  table: keyof typeof keys,
  lab: LabMetadata,
): Promise<void> {
  const rows = lab[table] as readonly SqlRow[] | undefined;
  if (rows === undefined || lab.folder === undefined) return;
  // Rows without a folder are those of an older Cellar, which knew one folder only.
  await run(connection, `DELETE FROM ${table} WHERE lab_folder = $1 OR lab_folder IS NULL`, [lab.folder]);
  const key = keys[table];
  const stored =
    key === undefined ? [] : await select<{ id: string }>(connection, `SELECT ${key} AS id FROM ${table}`);
  const known = new Set(stored.map(({ id }) => id));
  await insertRows(
    connection,
    table,
    rows.filter((row) => key === undefined || !known.has(String(row[key]))),
  );
}

async function remember(connection: DuckDBConnection, key: string, value: unknown): Promise<void> {
  await run(connection, 'DELETE FROM meta WHERE key = $1', [key]);
  await insertRows(connection, 'meta', [{ key, value: JSON.stringify(value) }]);
}

/** Stores the metadata; a table that a folder does not give stays as it was. The transaction is that of the caller. */
export async function storeLabs(connection: DuckDBConnection, labs: LabFolders): Promise<void> {
  for (const lab of labs.all) {
    for (const table of ['materials', 'cells', 'conditions'] as const) await replace(connection, table, lab);
  }
  await run(connection, `DELETE FROM meta WHERE key = 'lab_folder'`);
  const folders = labs.all.flatMap(({ folder }) => folder ?? []);
  await remember(connection, 'lab_folders', folders);
  await remember(connection, 'lab_roots', labs.roots);
  // Settings for the checks of results, which have only the database.
  await remember(connection, 'plausible', plausibleOf(labs));
}

/** The plausible bounds of all folders together. */
export const plausibleOf = (labs: LabFolders): LabBounds =>
  Object.assign({}, ...labs.all.map(({ settings }) => settings.plausible)) as LabBounds;
