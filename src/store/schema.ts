import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { identifier, inTransaction, literal, select } from './connection.js';
import { version as duckdbVersion } from './duckdb.js';
import { columnComment, type TableDefinition, tables } from './tables/index.js';
import { type ViewDefinition, views } from './views.js';

/** Version of the schema that this Cellar writes; there is a migration from every released version. */
export const schemaVersion = 3;

/**
 * Checksum of the definitions of tables and views; it distinguishes databases of one version that were made from
 * different definitions.
 */
const schemaChecksum = createHash('md5')
  .update(
    JSON.stringify([
      tables.map(({ name, columns }) => [name, columns.map((column) => [column.name, column.type])]),
      views.map(({ name, sql }) => [name, sql]),
    ]),
  )
  .digest('hex');

function createTable(table: TableDefinition): string {
  const columns = table.columns.map(({ name, type }) => `${identifier(name)} ${type}`);
  return `CREATE TABLE IF NOT EXISTS ${identifier(table.name)} (${columns.join(', ')})`;
}

function comments(
  kind: 'TABLE' | 'VIEW',
  relation: Pick<TableDefinition, 'name' | 'row' | 'columns'>,
): string[] {
  const name = identifier(relation.name);
  return [
    `COMMENT ON ${kind} ${name} IS ${literal(`One row is ${relation.row}.`)}`,
    ...relation.columns.map(
      (column) => `COMMENT ON COLUMN ${name}.${identifier(column.name)} IS ${literal(columnComment(column))}`,
    ),
  ];
}

/** Statements that create every table and view, with comments or without. */
function creation(withComments: boolean): string[] {
  const commentsOf = (kind: 'TABLE' | 'VIEW', of: TableDefinition | ViewDefinition) =>
    withComments ? comments(kind, of) : [];
  return [
    ...tables.flatMap((table) => [createTable(table), ...commentsOf('TABLE', table)]),
    ...views.flatMap((view) => [
      `CREATE OR REPLACE VIEW ${identifier(view.name)} AS ${view.sql}`,
      ...commentsOf('VIEW', view),
    ]),
  ];
}

/** Checksum of everything that makes an empty database: its statements and the version of DuckDB. */
export function creationChecksum(): string {
  return createHash('md5')
    .update(JSON.stringify([duckdbVersion(), schemaVersion, schemaChecksum, creation(true)]))
    .digest('hex');
}

/**
 * Creates every table and view, with comments where people will open the database; leaves existing tables as they are.
 * A database in memory gets no comments: nobody sees them, and they take most of the time (each comment binds its view
 * again).
 */
export async function createSchema(connection: DuckDBConnection): Promise<void> {
  const [own] = await select<{ path: string | null }>(
    connection,
    'SELECT path FROM duckdb_databases() WHERE database_name = current_database()',
  );
  await inTransaction(connection, async () => {
    await connection.run(creation(own?.path != null).join(';\n'));
    await connection.run(
      `DELETE FROM meta WHERE key IN ('schema_version', 'schema_checksum', 'duckdb_version')`,
    );
    await connection.run(
      `INSERT INTO meta VALUES ('schema_version', ${literal(String(schemaVersion))}),
        ('schema_checksum', ${literal(schemaChecksum)}), ('duckdb_version', version())`,
    );
  });
  await connection.run('CHECKPOINT');
}

/** Version of the schema in an open database; 0 where it has none. */
export async function storedSchemaVersion(connection: DuckDBConnection): Promise<number> {
  const known = await select(connection, `SELECT 1 FROM duckdb_tables() WHERE table_name = 'meta'`);
  if (known.length === 0) return 0;
  const [row] = await select<{ value: string }>(
    connection,
    `SELECT value FROM meta WHERE key = 'schema_version'`,
  );
  return Number(row?.value ?? 0);
}

/** Whether a database of this schema version has the tables and views that this Cellar makes. */
export async function hasCurrentSchema(connection: DuckDBConnection): Promise<boolean> {
  const [row] = await select<{ value: string }>(
    connection,
    `SELECT value FROM meta WHERE key = 'schema_checksum'`,
  );
  return row?.value === schemaChecksum;
}

/**
 * For commands that read what older versions of Cellar did not write.
 *
 * @throws CellarError (usage) where the database has an older schema; any command that writes brings it up to date
 */
export async function requireCurrentSchema(connection: DuckDBConnection): Promise<void> {
  const stored = await storedSchemaVersion(connection);
  if (stored > schemaVersion || (stored === schemaVersion && (await hasCurrentSchema(connection)))) return;
  throw usageError(
    stored === schemaVersion
      ? `the tables and views of the database are those of another state of schema version ${stored}`
      : `the database has schema version ${stored}, this Cellar writes ${schemaVersion}`,
    'run `cellar ingest` or `cellar check` once: it brings it up to date',
  );
}
