import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, inTransaction, select } from './connection.js';
import { createSchema, hasCurrentSchema, schemaVersion } from './schema.js';
import { type TableDefinition, tables } from './tables/index.js';

/**
 * Statements that lead from one released schema version to the next, by the version they start from; only for changes
 * other than new columns or tables, which need none.
 */
const steps: Record<number, readonly string[]> = {};

/**
 * Values of new columns that are right for everything that the previous version stored, by the version they start
 * from.
 */
const values: Record<number, readonly string[]> = {
  // Until then only text was read.
  2: ["UPDATE files SET unit_of_lines = 'line' WHERE unit_of_lines IS NULL"],
};

/**
 * Migrates a database to the schema of this Cellar, completely or not at all; 0 means a database without a schema.
 *
 * @returns whether anything was changed
 */
export async function migrate(connection: DuckDBConnection, from: number): Promise<boolean> {
  if (from === schemaVersion && (await hasCurrentSchema(connection))) return false;
  if (from > 0) {
    await inTransaction(connection, async () => {
      for (let version = from; version < schemaVersion; version++) {
        for (const statement of steps[version] ?? []) await connection.run(statement);
      }
      for (const table of tables) await reshape(connection, table);
      for (let version = from; version < schemaVersion; version++) {
        for (const statement of values[version] ?? []) await connection.run(statement);
      }
    });
  }
  await createSchema(connection);
  return true;
}

async function storedColumns(connection: DuckDBConnection, table: string): Promise<string[]> {
  const rows = await select<{ column_name: string }>(
    connection,
    `SELECT column_name FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'main' AND table_name = $1 ORDER BY column_index`,
    [table],
  );
  return rows.map(({ column_name }) => column_name);
}

/** Gives a stored table the columns of its definition, in their order: rows are appended by position. */
async function reshape(connection: DuckDBConnection, { name, columns }: TableDefinition): Promise<void> {
  const stored = await storedColumns(connection, name);
  const wanted = columns.map((column) => column.name);
  if (stored.length === 0 || stored.join() === wanted.join()) return;
  const table = identifier(name);
  if (stored.every((column, at) => column === wanted[at])) {
    for (const { name: column, type } of columns.slice(stored.length)) {
      await connection.run(`ALTER TABLE ${table} ADD COLUMN ${identifier(column)} ${type}`);
    }
    return;
  }
  const kept = columns.map(({ name: column, type }) => {
    const value = stored.includes(column) ? identifier(column) : 'NULL';
    return `CAST(${value} AS ${type}) AS ${identifier(column)}`;
  });
  // Rows of a rebuilt table keep their order, on which reading findings and measurements depends.
  await connection.run(`CREATE OR REPLACE TABLE ${table} AS SELECT ${kept.join(', ')} FROM ${table}`);
}
