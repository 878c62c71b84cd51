import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, nextId, run, type SqlRow, select } from '../store/connection.js';
import { toolVersion } from '../version.js';
import { contentKey, toJson } from './plain.js';

/** Rows that replace the content of tables; where `run_id` is null, the new run is entered. */
export type TableContents = Record<string, SqlRow[]>;

const keyName = (table: string) => `content_of_${table}`;

/**
 * Which of the tables would change. A key of the content, without run numbers, is kept in `meta`, so that no rows have
 * to be compared when a run finds nothing new.
 */
export async function changedTables(
  connection: DuckDBConnection,
  contents: TableContents,
): Promise<{ table: string; key: string }[]> {
  const stored = await select<{ key: string; value: string }>(
    connection,
    `SELECT key, value FROM meta WHERE starts_with(key, 'content_of_')`,
  );
  const known = new Map(stored.map(({ key, value }) => [key, value]));
  return Object.entries(contents)
    .map(([table, rows]) => ({ table, key: contentKey(rows.map(({ run_id: _run, ...row }) => row)) }))
    .filter(({ table, key }) => known.get(keyName(table)) !== key);
}

/** Replaces the content of a table by rows; the transaction is that of the caller. */
export async function replaceContents(
  connection: DuckDBConnection,
  runId: number,
  { table, key }: { table: string; key: string },
  rows: readonly SqlRow[],
): Promise<void> {
  await run(connection, `DELETE FROM ${table}`);
  await insertRows(
    connection,
    table,
    rows.map((row) => ({ ...row, run_id: row.run_id ?? runId })),
  );
  await run(connection, 'DELETE FROM meta WHERE key = $1', [keyName(table)]);
  await insertRows(connection, 'meta', [{ key: keyName(table), value: key }]);
}

/** Records a run that writes results, and returns its number; the transaction is that of the caller. */
export async function recordRun(
  connection: DuckDBConnection,
  command: string,
  startedAt: Date,
  parameters: object,
): Promise<number> {
  const run_id = await nextId(connection, 'runs', 'run_id');
  await insertRows(connection, 'runs', [
    {
      run_id,
      command,
      started_at: startedAt,
      finished_at: new Date(),
      tool_version: toolVersion,
      parameters: toJson(parameters),
    },
  ]);
  return run_id;
}
