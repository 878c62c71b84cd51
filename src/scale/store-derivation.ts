import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { type ManifestFile, type Place, planExport } from '../export/index.js';
import { recordRun } from '../fits/store.js';
import { inTransaction, literal, select } from '../store/connection.js';
import { idCondition } from '../store/derive/id-condition.js';
import { openSnapshot } from '../store/snapshot.js';
import { tableDefinition } from '../store/tables/index.js';
import { openWriter } from '../store/writer.js';
import { derivedFiles } from './derive-lake.js';
import { derivedTables } from './derived.js';
import { type Lake, lakeTables, openLake } from './lake.js';

const isCompared = ({ table }: { table: string }) =>
  table === 'measurements' || (lakeTables as readonly string[]).includes(table);

/**
 * Compares what a derivation reads with the database, row by row through its fingerprints.
 *
 * @throws CellarError (usage) where the lake differs from what the database would export now
 */
async function checkSame(connection: DuckDBConnection, lake: Lake): Promise<void> {
  const { items } = await planExport(connection, 'parquet', lake.manifest.cells);
  const keyOf = ({ path, fingerprint }: Pick<ManifestFile, 'path' | 'fingerprint'>) =>
    `${path} ${fingerprint}`;
  const inLake = new Map(lake.manifest.files.filter(isCompared).map((file) => [keyOf(file), file]));
  const inDatabase = new Map(items.filter(isCompared).map((item) => [keyOf(item), item]));
  const differing = [
    ...[...inDatabase].filter(([key]) => !inLake.has(key)),
    ...[...inLake].filter(([key]) => !inDatabase.has(key)),
  ].map(([, { table, test_id }]) => (test_id === null ? `table ${table}` : `test ${test_id}`));
  if (differing.length === 0) return;
  const named = [...new Set(differing)];
  const more = named.length > 3 ? ` and ${named.length - 3} more` : '';
  throw usageError(
    `${lake.place.name} differs from what the database holds now: ${named.slice(0, 3).join(', ')}${more}`,
    `Run \`cellar export ${lake.place.name}\` first (it writes only what changed), or leave the results in the lake with --no-store.`,
  );
}

/** Checks, before anything is derived, whether the result could be stored. */
export async function checkStorable(database: string, place: Place): Promise<void> {
  const lake = await openLake(place);
  const snapshot = await openSnapshot(database);
  try {
    await checkSame(snapshot.connection, lake);
  } finally {
    snapshot.close();
  }
}

/** Tests whose rows differ between the database and the lake, in either direction. */
async function differingTests(connection: DuckDBConnection, table: string, file: string, tests: string) {
  const columns = tableDefinition(table)
    .columns.map(({ name }) => name)
    .join(', ');
  const stored = `SELECT ${columns} FROM ${table} WHERE ${tests}`;
  const derived = `SELECT ${columns} FROM read_parquet(${literal(file)})`;
  const rows = await select<{ test_id: number }>(
    connection,
    `SELECT DISTINCT test_id FROM ((${stored} EXCEPT ALL ${derived}) UNION ALL (${derived} EXCEPT ALL ${stored}))
     ORDER BY test_id`,
  );
  return rows.map(({ test_id }) => test_id);
}

export interface StoreOptions {
  engine: string;
  waitSeconds: number;
  signal?: AbortSignal;
}

/** Number of tests whose steps or cycles changed; `isPublished` is false while a reader holds the snapshot. */
export interface StoreSummary {
  replaced: number;
  isPublished: boolean;
}

/**
 * Brings the steps and cycles of a derived lake into the database, in one transaction: only tests whose rows differ are
 * written. Fits and verdicts are made from them by the next `check`.
 *
 * @throws CellarError (usage) where the database has changed since the lake was exported
 */
export async function storeDerivation(
  database: string,
  place: Place,
  { engine, waitSeconds, signal }: StoreOptions,
): Promise<StoreSummary> {
  const lake = await openLake(place);
  const files = await derivedFiles(place);
  const startedAt = new Date();
  const writer = await openWriter(database, {
    command: 'cellar derive',
    waitSeconds,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const { connection } = writer;
    await checkSame(connection, lake);
    const ofLake = idCondition(
      'test_id',
      lake.partitions.map(({ testId }) => testId),
    );
    const replaced = new Set<number>();
    await inTransaction(connection, async () => {
      for (const table of derivedTables) {
        const tests = await differingTests(connection, table, files[table], ofLake);
        if (tests.length === 0) continue;
        const condition = idCondition('test_id', tests);
        await connection.run(`DELETE FROM ${table} WHERE ${condition}`);
        await connection.run(
          `INSERT INTO ${table} BY NAME SELECT * FROM read_parquet(${literal(files[table])}) WHERE ${condition}`,
        );
        for (const test of tests) replaced.add(test);
      }
      if (replaced.size > 0)
        await recordRun(connection, 'derive', startedAt, { engine, tests: replaced.size });
    });
    const isPublished =
      (replaced.size === 0 && writer.isPublished) || (await writer.publish()) === 'published';
    return { replaced: replaced.size, isPublished };
  } finally {
    await writer.end();
  }
}
