import type { DuckDBConnection } from '@duckdb/node-api';
import { run, select } from '../../store/connection.js';
import { countDifferences, countDifferenceText } from '../../store/cycle-counts.js';
import { type Finding, type FindingCode, insertFindings } from '../findings.js';

/** What the derivation says about a whole test, in addition to its cycles. */
const ofCycles = {
  MICRO_CYCLES: 'the cycles move little of the capacity: turning points are determined from the usual step',
  PART_ORDER_BY_NAME:
    'neither clock, test time, vendor cycle nor record number orders the files of this cell: their names do (2 before 10)',
  PART_ORDER_CONFLICT:
    'the names of the files of this cell would give another order than their vendor cycles or records',
  STEP_CUT_AT_FILE_END:
    'the file ends inside a step and nothing proves that the next file continues it: no efficiency is computed from that cycle',
} as const satisfies Partial<Record<FindingCode, string>>;

interface Doubt {
  test_id: number;
  code: keyof typeof ofCycles;
}

interface RepeatedTest {
  test_id: number;
  before_id: number;
  repeated: number;
}

const repeatedSql = `
  SELECT test_id, repeats_test_id AS before_id, repeated_record_count AS repeated
  FROM tests WHERE repeated_record_count > 0 ORDER BY test_id`;

/** The newest file of each test, to which findings about the test belong. */
async function newestFiles(connection: DuckDBConnection): Promise<Map<number, number>> {
  const rows = await select<{ test_id: number; file_id: number }>(
    connection,
    'SELECT test_id, max(file_id) AS file_id FROM test_files GROUP BY test_id',
  );
  return new Map(rows.map(({ test_id, file_id }) => [test_id, file_id]));
}

/** Makes the findings about stored cycles again, since they follow from the derivation and change with it. */
export async function auditCycles(connection: DuckDBConnection): Promise<Map<number, Finding[]>> {
  const codes = [...Object.keys(ofCycles), 'CYCLE_COUNT_DIFFERS', 'RECORDS_REPEATED']
    .map((code) => `'${code}'`)
    .join(', ');
  await run(connection, `DELETE FROM findings WHERE code IN (${codes})`);
  const doubts = await select<Doubt>(
    connection,
    `SELECT DISTINCT test_id, code
     FROM (SELECT test_id, unnest(from_json(warnings, '["VARCHAR"]')) AS code FROM cycles WHERE warnings <> '[]') c
     WHERE code IN (${codes}) ORDER BY test_id, code`,
  );
  const files = await newestFiles(connection);
  const found = new Map<number, Finding[]>();
  const note = (testId: number, code: FindingCode, message: string) => {
    const fileId = files.get(testId);
    if (fileId === undefined) return;
    found.set(fileId, [...(found.get(fileId) ?? []), { code, message, testId }]);
  };
  for (const { test_id, code } of doubts) note(test_id, code, ofCycles[code]);
  for (const difference of await countDifferences(connection))
    note(difference.test_id, 'CYCLE_COUNT_DIFFERS', countDifferenceText(difference));
  for (const { test_id, before_id, repeated } of await select<RepeatedTest>(connection, repeatedSql)) {
    const message =
      `the first ${repeated} records repeat the end of test ${before_id}: ` +
      `they count once, as those of test ${before_id}`;
    note(test_id, 'RECORDS_REPEATED', message);
  }
  for (const [fileId, findings] of found) await insertFindings(connection, fileId, findings);
  return found;
}
