import type { DuckDBConnection } from '@duckdb/node-api';
import type { Message } from '../../messages/message.js';
import { select } from '../../store/connection.js';
import { measurements } from '../../store/tables/index.js';
import { hasMoreChannels, haveSameChannels } from '../load/auxiliary-channels.js';
import type { LoadedFile } from '../load/loaded.js';
import { type Repair, recordedRepairs, repairedColumns, repairedSql } from '../repair.js';
import type { StoredFile } from './ledger.js';

/**
 * How a newly loaded file relates to stored tests: it continues one, repeats part of it, or contradicts it. Rows are
 * compared value by value, so that a changed digit matters and a changed preamble does not.
 */
export type RelationToStored =
  /** `reused`: the name belonged to another test before. */
  | { kind: 'new'; reused?: { old: StoredFile; why: string } | undefined }
  /** Every stored row is there again, and more follow; in another kind of file, whose values may have other digits. */
  | { kind: 'continues'; old: StoredFile; isOtherKind?: boolean }
  /** Every row is already stored; `fewer`: and the stored test has more. */
  | { kind: 'known'; old: StoredFile; fewer: boolean }
  /**
   * A row differs; the line is the new file's. `how`: by what it is known to be the same test; `where`: in what it
   * differs, if not in a line or in length.
   */
  | { kind: 'differs'; old: StoredFile; line: number | undefined; how?: string; where?: Message };

export interface StoredTest {
  test_id: number;
  record_count: number;
  current_direction: string | null;
  counter_scope: string | null;
  /** Index of the record from a last line without an end; this line is read again from its beginning. */
  open_record: number | null;
}

/** Values that define a record; numbers, step counts and derived times do not come from the instrument. */
const comparedColumns = measurements.columns
  .map(({ name }) => name)
  .filter(
    (name) =>
      ![
        'test_id',
        'record_index',
        'line_number',
        'step_count',
        'unix_time_second',
        'net_capacity_ah',
      ].includes(name),
  );

/** The columns in which two tests are compared; auxiliary readings only where both have the same channels. */
async function comparable(
  connection: DuckDBConnection,
  oldTest: number,
  newTest: number,
): Promise<readonly string[]> {
  const isSame = await haveSameChannels(connection, oldTest, newTest);
  return comparedColumns.filter((name) => isSame || name !== 'auxiliary');
}

/** The tests that a file started or continued. */
export async function testsOfFile(connection: DuckDBConnection, file: StoredFile): Promise<StoredTest[]> {
  const tests = await select<StoredTest & { open_line: number | null }>(
    connection,
    `SELECT t.test_id, t.record_count, t.current_direction, t.counter_scope,
       CASE WHEN f.is_last_line_open THEN f.lines_total END AS open_line
     FROM tests t JOIN (SELECT test_id, max(file_id) AS file_id FROM test_files GROUP BY test_id) last USING (test_id)
       JOIN files f ON f.file_id = last.file_id
     WHERE t.test_id IN (SELECT test_id FROM test_files WHERE file_id = ${file.file_id})
     ORDER BY t.part_index, t.test_id`,
  );
  for (const test of tests) test.open_record = await openRecord(connection, test, test.open_line);
  return tests;
}

/** The last record of a test, if it came from a last line without an end. */
export async function openRecord(
  connection: DuckDBConnection,
  { test_id, record_count }: Pick<StoredTest, 'test_id' | 'record_count'>,
  openLine: number | null,
): Promise<number | null> {
  if (openLine === null) return null;
  const found = await select(
    connection,
    `SELECT 1 FROM measurements
     WHERE test_id = ${test_id} AND record_index = ${record_count} AND line_number = ${openLine}`,
  );
  return found.length > 0 ? record_count : null;
}

/** Columns whose sign depends on the direction of the current. */
const directedColumns = new Set([
  'current_ampere',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
]);

/**
 * Line of the first record in which a stored and a new test differ over their common length, without a last record
 * that may be cut off.
 */
async function firstDifference(
  connection: DuckDBConnection,
  old: StoredTest,
  newTest: number,
  repairs: readonly Repair[],
): Promise<number | undefined> {
  const [now] = await select<{ current_direction: string | null; counter_scope: string | null }>(
    connection,
    `SELECT current_direction, counter_scope FROM tests WHERE test_id = ${newTest}`,
  );
  // More rows may have settled the direction, or what a counter counts, where fewer rows left it open; then
  // magnitudes are compared.
  const isUndirected =
    old.current_direction !== (now?.current_direction ?? null) ||
    (old.counter_scope === 'net') !== (now?.counter_scope === 'net');
  const columns = (await comparable(connection, old.test_id, newTest)).filter(
    (name) => !(isUndirected && directedColumns.has(name)),
  );
  const differs = columns.map((name) => `o.${name} IS DISTINCT FROM ${repairedSql(name, repairs, 'n.')}`);
  if (isUndirected) differs.push('abs(o.current_ampere) IS DISTINCT FROM abs(n.current_ampere)');
  const [found] = await select<{ line_number: number }>(
    connection,
    `SELECT n.line_number FROM measurements o JOIN measurements n USING (record_index)
     WHERE o.test_id = ${old.test_id} AND n.test_id = ${newTest} AND (${differs.join(' OR ')})
       AND record_index IS DISTINCT FROM ${old.open_record ?? 'NULL'}
     ORDER BY record_index LIMIT 1`,
  );
  return found?.line_number;
}

/** A row that is compared as text: an impedance point, or a vendor's own cycle. */
export interface KeyedRow {
  line_number: number;
  key: string;
}

/** Points of spectra in their order. */
export async function pointsOf(connection: DuckDBConnection, where: string): Promise<KeyedRow[]> {
  return select<KeyedRow>(
    connection,
    `SELECT i.line_number, concat_ws('/', frequency_hertz, real_impedance_ohm, imaginary_impedance_ohm) AS key
     FROM impedance i JOIN spectra s USING (spectrum_id) WHERE ${where} ORDER BY s.sweep_index, i.point_index`,
  );
}

async function vendorCyclesOf(connection: DuckDBConnection, fileId: number): Promise<KeyedRow[]> {
  return select<KeyedRow>(
    connection,
    `WITH own AS (SELECT * EXCLUDE (file_id, cell_id) FROM vendor_cycles WHERE file_id = ${fileId})
     SELECT row_index AS line_number, CAST(own AS VARCHAR) AS key FROM own ORDER BY row_index`,
  );
}

/** How two lists of rows compare: the first row that differs, and whether one list continues beyond the other. */
export interface Comparison {
  line: number | undefined;
  differs: boolean;
  grew: boolean;
  shrank: boolean;
}

/** Compares two lists of rows from their beginning. */
export function compareRows(
  old: readonly KeyedRow[],
  fresh: readonly KeyedRow[],
  openLine: number | null,
  areAlike = (a: string, b: string) => a === b,
): Comparison {
  let isLastRead = false;
  for (let index = 0; index < Math.min(old.length, fresh.length); index++) {
    if (areAlike(old[index]!.key, fresh[index]!.key)) continue;
    isLastRead = index === old.length - 1 && old[index]!.line_number === openLine;
    if (!isLastRead) return { line: fresh[index]!.line_number, differs: true, grew: false, shrank: false };
  }
  return {
    line: undefined,
    differs: false,
    grew: isLastRead || fresh.length > old.length,
    shrank: fresh.length < old.length,
  };
}

async function compareTests(
  connection: DuckDBConnection,
  old: StoredTest,
  fresh: { testId: number; recordCount: number },
): Promise<Comparison> {
  const repairs = await recordedRepairs(connection, old.test_id);
  const line = await firstDifference(connection, old, fresh.testId, repairs);
  const isReadAgain =
    old.open_record !== null &&
    (await recordDiffers(connection, old, fresh.testId, old.open_record, repairs));
  const isAsLong = fresh.recordCount >= old.record_count;
  return {
    line,
    differs: line !== undefined,
    grew:
      fresh.recordCount > old.record_count ||
      isReadAgain ||
      (isAsLong && (await hasMoreChannels(connection, fresh.testId, old.test_id))),
    shrank: fresh.recordCount < old.record_count,
  };
}

/** Whether a record that both tests have differs. */
export async function recordDiffers(
  connection: DuckDBConnection,
  old: Pick<StoredTest, 'test_id'>,
  newTest: number,
  recordIndex: number,
  repairs: readonly Repair[],
): Promise<boolean> {
  const columns = await comparable(connection, old.test_id, newTest);
  const row = (testId: number, applied: readonly Repair[]) =>
    `SELECT ${columns.map((name) => repairedSql(name, applied)).join(', ')}
     FROM measurements WHERE test_id = ${testId} AND record_index = ${recordIndex}`;
  const found = await select(connection, `${row(newTest, repairs)} EXCEPT ${row(old.test_id, [])}`);
  return found.length > 0;
}

/** Compares what a file gave with what another gave before. */
export async function compareWithStored(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  fileId: number,
  old: StoredFile,
): Promise<RelationToStored> {
  const openLine = old.is_last_line_open === true ? old.lines_total : null;
  const oldTests = await testsOfFile(connection, old);
  const newTests = loaded.tables.flatMap(({ testId, recordCount }) =>
    testId === undefined ? [] : [{ testId, recordCount }],
  );
  const comparisons: Comparison[] = [];
  for (const [index, oldTest] of oldTests.entries()) {
    const fresh = newTests[index];
    if (fresh !== undefined) comparisons.push(await compareTests(connection, oldTest, fresh));
  }
  const spectrumIds = loaded.tables.flatMap(({ spectra }) => spectra.map(({ spectrumId }) => spectrumId));
  comparisons.push(
    compareRows(
      await pointsOf(connection, `s.file_id = ${old.file_id}`),
      spectrumIds.length === 0
        ? []
        : await pointsOf(connection, `s.spectrum_id IN (${spectrumIds.join(', ')})`),
      openLine,
    ),
    compareRows(
      await vendorCyclesOf(connection, old.file_id),
      await vendorCyclesOf(connection, fileId),
      null,
    ),
  );
  const difference = comparisons.find(({ differs }) => differs);
  if (difference !== undefined) return { kind: 'differs', old, line: difference.line };
  const grew = newTests.length > oldTests.length || comparisons.some((each) => each.grew);
  const fewer = newTests.length < oldTests.length || comparisons.some((each) => each.shrank);
  if (grew && fewer) return { kind: 'differs', old, line: undefined };
  return grew ? { kind: 'continues', old } : { kind: 'known', old, fewer };
}

/**
 * Stored files with the same test as the newly loaded one, identified by start time, channel and first record; a file
 * without a clock has no such identity.
 */
export async function sameTestStored(
  connection: DuckDBConnection,
  testId: number,
  startedAt: Date | undefined,
  channel: string | undefined,
  vendor: string,
): Promise<number[]> {
  if (startedAt === undefined) return [];
  // The file that is being read is not in the ledger yet, so that its own tests with an equal beginning are not
  // candidates.
  const candidates = await select<{ test_id: number; file_id: number }>(
    connection,
    `SELECT t.test_id, (SELECT max(tf.file_id) FROM test_files tf WHERE tf.test_id = t.test_id) AS file_id
     FROM tests t WHERE t.test_id <> ${testId} AND t.started_at = $1 AND t.vendor = $2
       AND (t.channel = $3 OR t.channel IS NULL OR $3 IS NULL) AND t.file_id IN (SELECT file_id FROM files)
     ORDER BY t.test_id`,
    [startedAt, vendor, channel ?? null],
  );
  const alike: number[] = [];
  for (const { test_id, file_id } of candidates) {
    if (await beginsLike(connection, test_id, testId)) alike.push(file_id);
  }
  return alike;
}

/**
 * SQL that compares two values of the same record, of which one may be rounded: an export has about seven digits, the
 * instrument's own file all of them.
 */
const isAlikeSql = (old: string, fresh: string): string =>
  `(${old} IS NOT DISTINCT FROM ${fresh} OR abs(${old} - ${fresh}) <= 2e-6 * abs(${old}) + 1e-12)`;

/**
 * Whether the first records of two tests agree in columns that no repair has changed, apart from signs, which more
 * rows may settle.
 */
async function beginsLike(connection: DuckDBConnection, oldTest: number, newTest: number): Promise<boolean> {
  const repaired = (await recordedRepairs(connection, oldTest)).flatMap(repairedColumns);
  const columns = ['test_time_second', 'voltage_volt', 'current_ampere'].filter(
    (name) => !repaired.includes(name),
  );
  const same = columns.map((name) => isAlikeSql(`abs(o.${name})`, `abs(n.${name})`));
  const found = await select(
    connection,
    `SELECT 1 FROM measurements o, measurements n
     WHERE o.test_id = ${oldTest} AND o.record_index = 1 AND n.test_id = ${newTest} AND n.record_index = 1
       AND ${['true', ...same].join(' AND ')}`,
  );
  return found.length > 0;
}

/**
 * Stored files of tests or spectra without a clock that have the same beginning as the newly loaded one and are at
 * least as long: it may be an older export of one of them. A sweep that equals one of several in a file is identified
 * by nothing but its values, and stays a separate spectrum.
 *
 * @param loaded the one test or spectrum of the file
 * @param format the format of a file that holds the same spectrum
 */
export async function longerWithoutClock(
  connection: DuckDBConnection,
  loaded: { testId: number } | { spectrumId: number },
  vendor: string,
  format: string,
): Promise<number[]> {
  const alike = (columns: readonly string[]) =>
    columns.map((name) => `o.${name} IS NOT DISTINCT FROM n.${name}`).join(' AND ');
  const sql =
    'testId' in loaded
      ? `SELECT DISTINCT tf.file_id FROM tests t JOIN test_files tf USING (test_id)
           JOIN measurements o ON o.test_id = t.test_id AND o.record_index = 1,
           (SELECT *, (SELECT max(record_index) FROM measurements WHERE test_id = ${loaded.testId}) AS records
            FROM measurements WHERE test_id = ${loaded.testId} AND record_index = 1) n
         WHERE t.test_id <> ${loaded.testId} AND t.started_at IS NULL AND t.vendor = $1 AND t.record_count >= n.records
           AND ${alike(['test_time_second', 'voltage_volt'])} ORDER BY tf.file_id DESC`
      : `SELECT DISTINCT s.file_id FROM spectra s
           JOIN impedance o ON o.spectrum_id = s.spectrum_id AND o.point_index = 1,
           (SELECT * FROM impedance WHERE spectrum_id = ${loaded.spectrumId} AND point_index = 1) n
         WHERE s.spectrum_id <> ${loaded.spectrumId} AND s.measured_at IS NULL
           AND (SELECT count(*) FROM spectra m WHERE m.file_id = s.file_id) = 1
           AND (SELECT format FROM files f WHERE f.file_id = s.file_id) = $1
           AND ${alike(['frequency_hertz', 'real_impedance_ohm', 'imaginary_impedance_ohm'])} ORDER BY s.file_id DESC`;
  const values = ['testId' in loaded ? vendor : format];
  return (await select<{ file_id: number }>(connection, sql, values)).map(({ file_id }) => file_id);
}

/** The same for spectra: measured at the same time, with an equal first point. */
export async function sameSpectrumStored(
  connection: DuckDBConnection,
  spectrumId: number,
  measuredAt: Date | undefined,
): Promise<number[]> {
  if (measuredAt === undefined) return [];
  const found = await select<{ file_id: number }>(
    connection,
    `SELECT DISTINCT s.file_id, s.spectrum_id
     FROM spectra s
     JOIN impedance o ON o.spectrum_id = s.spectrum_id AND o.point_index = 1,
       (SELECT * FROM impedance WHERE spectrum_id = ${spectrumId} AND point_index = 1) n
     WHERE s.spectrum_id <> ${spectrumId} AND s.measured_at = $1
       AND s.file_id IN (SELECT file_id FROM files)
       AND ${['frequency_hertz', 'real_impedance_ohm', 'imaginary_impedance_ohm']
         .map((name) => isAlikeSql(`o.${name}`, `n.${name}`))
         .join(' AND ')}
     ORDER BY s.spectrum_id`,
    [measuredAt],
  );
  return found.map(({ file_id }) => file_id);
}
