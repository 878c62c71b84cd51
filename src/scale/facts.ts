import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, select } from '../store/connection.js';
import { derivedTests } from '../store/derive/numbering.js';
import { counters } from '../store/derive/records.js';
import { runningTests } from '../store/derive/running.js';
import { numberingVersion, recordsVersion } from '../store/derive/version.js';
import { type Lake, lakeTables, type Partition } from './lake.js';

/** What decides whether a test has to be derived again. */
export interface PartitionFacts extends Partition {
  /** Tests of one life are numbered together. */
  life: string;
  isRunning: boolean;
  /** Records at its start that repeat another test's; null: none. */
  repeated: number | null;
  /** Some records state a counter and some do not. */
  isSparse: boolean;
  /** Changes with the test's records, or with how steps are made of them. */
  recordsPrint: string;
  /** Changes with anything the test's steps and cycles follow from. */
  numberingPrint: string;
}

const digest = (...parts: unknown[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** Makes views of the lake's small tables, by their names. */
export async function viewLakeTables(connection: DuckDBConnection, lake: Lake): Promise<void> {
  for (const table of lakeTables) {
    const file = lake.manifest.files.find((candidate) => candidate.table === table);
    await connection.run(
      `CREATE OR REPLACE VIEW ${table} AS FROM read_parquet(${literal(lake.place.at(file!.path))})`,
    );
  }
}

/** Tests in which some records state a counter and others do not, by the counts in the metadata of the files. */
async function sparseTests(connection: DuckDBConnection, lake: Lake): Promise<Set<string>> {
  const paths = lake.partitions.map(({ path }) => lake.place.at(path));
  const sparse = new Set<string>();
  // A list of all files at once would keep all their metadata in memory.
  for (let start = 0; start < paths.length; start += 500) {
    const files = paths.slice(start, start + 500).map(literal);
    const rows = await select<{ file_name: string }>(
      connection,
      `SELECT DISTINCT file_name FROM (
         SELECT file_name, path_in_schema, sum(stats_null_count) AS missing, sum(row_group_num_rows) AS records
         FROM parquet_metadata([${files.join(', ')}])
         WHERE path_in_schema IN (${counters.map(literal).join(', ')})
         GROUP BY file_name, path_in_schema)
       WHERE missing > 0 AND missing < records`,
    );
    for (const { file_name } of rows) sparse.add(file_name);
  }
  return sparse;
}

/** The facts of every test of the lake, in the order of their numbers. */
export async function readTestFacts(connection: DuckDBConnection, lake: Lake): Promise<PartitionFacts[]> {
  await viewLakeTables(connection, lake);
  const running = await runningTests(connection);
  const rows = await select<
    Record<string, unknown> & {
      test_id: number;
      life: string;
      is_running: boolean;
      repeated_record_count: number | null;
    }
  >(connection, `${derivedTests({ where: 'TRUE', running }).sql} ORDER BY life, came`);
  const byTest = new Map(rows.map((row) => [row.test_id, row]));
  const sparse = await sparseTests(connection, lake);
  const described = lake.partitions.flatMap((partition) => {
    const row = byTest.get(partition.testId);
    if (row === undefined) return [];
    const { life, is_running: isRunning, counter_scope, repeated_record_count: repeated } = row;
    const isSparse = sparse.has(lake.place.at(partition.path));
    const recordsPrint = digest(recordsVersion, partition.fingerprint, counter_scope, repeated);
    return [{ ...partition, life, isRunning, repeated, isSparse, recordsPrint }];
  });
  const prints = new Map(described.map(({ testId, recordsPrint }) => [testId, recordsPrint]));
  const lives = new Map<string, unknown[]>();
  for (const row of rows) {
    lives.set(row.life, [...(lives.get(row.life) ?? []), [row, prints.get(row.test_id) ?? null]]);
  }
  const lifePrints = new Map([...lives].map(([life, members]) => [life, digest(numberingVersion, members)]));
  return described.map((test) => ({ ...test, numberingPrint: lifePrints.get(test.life) ?? '' }));
}
