import { createHash, randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { inTransaction, literal, run, select } from './connection.js';

/** What a database says about itself in `meta`: which one it is, and how often it was published. */
export interface Publication {
  /** Equal in a writer and all its snapshots; null in one that an older Cellar wrote. */
  databaseId: string | null;
  /** Incremented by every publication; of two states of one database the newer one has the larger value. */
  count: number;
  /** Checksum of the ledger when it was published. */
  ledger: string | null;
}

/** Reads it from a database that has the table `meta`. */
export async function readPublication(connection: DuckDBConnection): Promise<Publication> {
  const rows = await select<{ key: string; value: string }>(
    connection,
    `SELECT key, value FROM meta WHERE key IN ('database_id', 'publish_count', 'ledger_checksum')`,
  );
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  return {
    databaseId: values.get('database_id') ?? null,
    count: Number(values.get('publish_count') ?? 0),
    ledger: values.get('ledger_checksum') ?? null,
  };
}

/** Gives a database an identity, where it has none. */
export async function identify(connection: DuckDBConnection): Promise<void> {
  await run(
    connection,
    `INSERT INTO meta SELECT 'database_id', $1 WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'database_id')`,
    [randomUUID()],
  );
}

/** Columns of the ledger that are equal in two states of one database only if both hold the same. */
const ledgerColumns: Readonly<Record<string, readonly string[]>> = {
  files: ['file_id', 'path', 'sha256', 'status', 'rows_loaded', 'rows_rejected', 'vanished_at'],
  tests: ['test_id', 'file_id', 'cell_id', 'record_count'],
  test_files: ['test_id', 'file_id', 'first_record_index'],
  runs: ['run_id', 'command', 'started_at'],
};

/** Tables for which the number of rows is enough; it needs no reading. */
const countedTables = ['measurements', 'steps', 'cycles', 'spectra', 'impedance', 'rejects', 'findings'];

/**
 * Checksum of the ledger: its rows in any order, and the number of rows that depend on it. Its cost depends on the
 * number of files, not on that of records.
 */
export async function ledgerChecksum(connection: DuckDBConnection): Promise<string> {
  const sums = Object.entries(ledgerColumns).map(
    ([table, columns]) =>
      `SELECT count(*) || ':'
         || coalesce(bit_xor(md5_number_lower(concat_ws('|', ${columns.join(', ')}))), 0) AS sum FROM ${table}`,
  );
  const counts = countedTables.map((table) => `SELECT count(*)::VARCHAR FROM ${table}`);
  const rows = await select<{ sum: string }>(connection, [...sums, ...counts].join(' UNION ALL '));
  return createHash('md5')
    .update(rows.map(({ sum }) => sum).join('/'))
    .digest('hex');
}

/** Counts one more publication, with the present checksum of the ledger. */
export async function notePublication(connection: DuckDBConnection): Promise<void> {
  await inTransaction(connection, async () => {
    const { count } = await readPublication(connection);
    const ledger = await ledgerChecksum(connection);
    await connection.run(`DELETE FROM meta WHERE key IN ('publish_count', 'ledger_checksum')`);
    await connection.run(
      `INSERT INTO meta VALUES
       ('publish_count', ${literal(String(count + 1))}), ('ledger_checksum', ${literal(ledger)})`,
    );
  });
}
