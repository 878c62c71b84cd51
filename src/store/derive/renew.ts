import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, inTransaction, run, select } from '../connection.js';
import { deriveTests, pendingTests, renumberTests } from './derive.js';
import { derivationVersion, recordsVersion } from './version.js';

/** Number of records whose tests are derived in one transaction, so that its memory is limited. */
const batchRecords = 5_000_000;

/**
 * Lives in batches of at most this many records; tests of one life stay together, since they are numbered together.
 */
async function batchesOfLives(connection: DuckDBConnection): Promise<number[][]> {
  const lives = await select<{ tests: number[]; records: number }>(
    connection,
    `SELECT list(t.test_id ORDER BY t.test_id) AS tests, sum(coalesce(m.records, 0))::DOUBLE AS records
     FROM tests t LEFT JOIN (SELECT test_id, count(*) AS records FROM measurements GROUP BY test_id) m USING (test_id)
     GROUP BY coalesce('cell ' || t.cell_id, 'test ' || t.test_id) ORDER BY min(t.test_id)`,
  );
  const batches: number[][] = [];
  let records = 0;
  for (const life of lives) {
    const open = batches.at(-1);
    records += life.records;
    if (open !== undefined && records <= batchRecords) open.push(...life.tests);
    else {
      batches.push([...life.tests]);
      records = life.records;
    }
  }
  return batches;
}

/** Whether the stored steps and cycles were derived by other SQL than that of this Cellar. */
async function storedVersion(connection: DuckDBConnection): Promise<string | undefined> {
  const [row] = await select<{ value: string }>(
    connection,
    `SELECT value FROM meta WHERE key = 'derivation_version'`,
  );
  return row?.value;
}

/** Numbers the cycles of tests whose run was interrupted before it did. */
async function numberLeftOver(connection: DuckDBConnection): Promise<boolean> {
  const pending = await pendingTests(connection);
  if (pending.length === 0) return false;
  await inTransaction(connection, () => renumberTests(connection, pending));
  return true;
}

/**
 * Derives stored tests again where another Cellar derived them: from their records, or, where only the numbering has
 * changed, from their steps. If it is interrupted, it starts again the next time.
 *
 * @returns whether anything was written
 */
export async function renewDerivation(connection: DuckDBConnection): Promise<boolean> {
  const stored = await storedVersion(connection);
  if (stored === derivationVersion) return numberLeftOver(connection);
  const derive = stored?.startsWith(`${recordsVersion}/`) === true ? renumberTests : deriveTests;
  for (const tests of await batchesOfLives(connection)) {
    await inTransaction(connection, () => derive(connection, tests));
  }
  await inTransaction(connection, async () => {
    await run(connection, `DELETE FROM meta WHERE key = 'derivation_version'`);
    await insertRows(connection, 'meta', [{ key: 'derivation_version', value: derivationVersion }]);
  });
  return true;
}
