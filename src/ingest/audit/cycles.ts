import type { DuckDBConnection } from '@duckdb/node-api';
import { run, select } from '../../store/connection.js';
import { type Finding, type FindingCode, insertFindings } from '../findings.js';

/** What the derivation says of a whole test, beside its cycles. */
const ofCycles = {
  MICRO_CYCLES: 'the cycles move little of the capacity: turning points are taken from the usual step',
  PART_ORDER_BY_NAME:
    'neither clock, test time, vendor cycle nor record number orders the files of this cell: their names do (2 before 10)',
  PART_ORDER_CONFLICT:
    'the names of the files of this cell would give another order than their vendor cycles or records',
  STEP_CUT_AT_FILE_END:
    'the file ends inside a step and nothing proves that the next one goes on with it: that cycle counts for no efficiency',
} as const satisfies Partial<Record<FindingCode, string>>;

/** Own and vendor's count may differ by so much (share, and cycles). */
const allowed = { share: 0.02, cycles: 2 };

interface Doubt {
  test_id: number;
  file_id: number;
  code: keyof typeof ofCycles;
}

interface Counts {
  test_id: number;
  file_id: number;
  own: number;
  vendors: number;
}

/** Fewer records that agree may do so by chance. */
const fewestRepeated = 3;

/**
 * The longest end of one test of a cell that equals the start of another in time, voltage and current: a resumed export
 * repeats what the one before it held.
 */
const repeatedSql = `
  WITH several AS (
    SELECT test_id, cell_id FROM tests
    WHERE cell_id IN (SELECT cell_id FROM tests WHERE record_count > 0 GROUP BY cell_id HAVING count(*) > 1)
  ),
  records AS (
    SELECT m.test_id, s.cell_id, m.record_index, m.test_time_second AS t, m.voltage_volt AS v, m.current_ampere AS i
    FROM measurements m JOIN several s USING (test_id)
  ),
  ends AS (SELECT test_id, max(record_index) AS last FROM records GROUP BY test_id),
  begun AS (
    SELECT a.test_id AS before_id, b.test_id, a.record_index - 1 AS shift, e.last - a.record_index + 1 AS repeated
    FROM records b
    JOIN records a ON a.cell_id = b.cell_id AND a.test_id <> b.test_id AND a.t = b.t AND a.v = b.v AND a.i = b.i
    JOIN ends e ON e.test_id = a.test_id
    WHERE b.record_index = 1
  ),
  equal AS (
    SELECT g.before_id, g.test_id, g.repeated
    FROM begun g
    JOIN records a ON a.test_id = g.before_id AND a.record_index > g.shift
    JOIN records b ON b.test_id = g.test_id AND b.record_index = a.record_index - g.shift
      AND b.t = a.t AND b.v = a.v AND b.i = a.i
    WHERE g.repeated >= ${fewestRepeated}
    GROUP BY ALL HAVING count(*) = g.repeated
  )
  SELECT c.test_id, c.before_id, max(c.repeated)::INTEGER AS repeated,
    (SELECT max(tf.file_id) FROM test_files tf WHERE tf.test_id = c.test_id) AS file_id
  FROM equal c GROUP BY c.test_id, c.before_id ORDER BY c.test_id`;

interface Repeated {
  test_id: number;
  before_id: number;
  repeated: number;
  file_id: number;
}

const newestFile = '(SELECT max(tf.file_id) FROM test_files tf WHERE tf.test_id = c.test_id) AS file_id';

/** Findings about stored cycles, anew: they follow from the derivation and change with it. */
export async function auditCycles(connection: DuckDBConnection): Promise<Map<number, Finding[]>> {
  const codes = [...Object.keys(ofCycles), 'CYCLE_COUNT_DIFFERS', 'RECORDS_REPEATED']
    .map((code) => `'${code}'`)
    .join(', ');
  await run(connection, `DELETE FROM findings WHERE code IN (${codes})`);
  const doubts = await select<Doubt>(
    connection,
    `SELECT DISTINCT test_id, code, ${newestFile}
     FROM (SELECT test_id, unnest(from_json(warnings, '["VARCHAR"]')) AS code FROM cycles WHERE warnings <> '[]') c
     WHERE code IN (${codes}) ORDER BY test_id, code`,
  );
  const counts = await select<Counts>(
    connection,
    `SELECT c.test_id, own, vendors, ${newestFile}
     FROM (SELECT test_id, count(*) FILTER (cycle_count > 0)::INTEGER AS own FROM cycles GROUP BY test_id) c
     JOIN (SELECT test_id, count(DISTINCT vendor_cycle_count)::INTEGER AS vendors FROM steps
       WHERE step_type IN ('charge', 'discharge') GROUP BY test_id) v ON v.test_id = c.test_id
     WHERE vendors > 0 AND abs(own - vendors) > greatest(${allowed.cycles}, ${allowed.share} * vendors)
     ORDER BY c.test_id`,
  );
  const found = new Map<number, Finding[]>();
  const note = (fileId: number, finding: Finding) =>
    found.set(fileId, [...(found.get(fileId) ?? []), finding]);
  for (const { test_id, file_id, code } of doubts)
    note(file_id, { code, message: ofCycles[code], testId: test_id });
  for (const { test_id, file_id, own, vendors } of counts) {
    const message = `${own} cycles by turning points, ${vendors} by the vendor's numbers: ${own} are used`;
    note(file_id, { code: 'CYCLE_COUNT_DIFFERS', message, testId: test_id });
  }
  for (const { test_id, before_id, repeated, file_id } of await select<Repeated>(connection, repeatedSql)) {
    const message =
      `the first ${repeated} records repeat the end of test ${before_id}: the overlap is counted twice in this cell's ` +
      'cycles; leave them out of the export';
    note(file_id, { code: 'RECORDS_REPEATED', message, testId: test_id });
  }
  for (const [fileId, findings] of found) await insertFindings(connection, fileId, findings);
  return found;
}
