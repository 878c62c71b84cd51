import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, select } from '../../store/connection.js';
import type { LoadedFile } from '../load/loaded.js';
import { recordedRepairs, repairedColumns, repairedSql } from '../repair.js';
import { closenessOf, isAlikeSql } from './closeness.js';
import {
  compareRows,
  openRecord,
  pointsOf,
  type RelationToStored,
  type StoredTest,
  testsOfFile,
} from './compare.js';
import { type StoredFile, storedFile } from './ledger.js';

/**
 * The same test in two kinds of files: as the instrument left it, and as the program of the vendor exported it. Clocks
 * may be in different zones, channels may be written differently, and values have fewer digits in one of them. So the
 * records decide; start and name are only evidence for or against.
 */

/** What a loaded file is. */
export interface NewFile {
  path: string;
  format: string | null;
  unit_of_lines: string;
  /** Its last line, if it has no line end and so may be cut off. */
  openLine: number | null;
}

/** Two starts may differ by this many seconds, because one of them may be truncated to a whole second. */
export const startSlack = 1.1;
/** Seconds between the clocks of two zones at most. */
export const mostShift = 54_000;
/** Share of the common records that have to agree. */
const leastShare = 0.9;
/** Number of common records that is enough where neither start nor name shows that two files are one test. */
const enoughRecords = 20;
const fewestRecords = 3;

/** A stored test that may be the same as a new one. */
interface Candidate extends StoredTest {
  file_id: number;
  path: string;
  agrees_in_start: boolean | null;
}

const stemOf = (path: string) =>
  basename(path)
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]*$/, '')
    .toLowerCase();

/** SQL for tests with what is needed to compare their starts; `first`: test time of the first record in s. */
const startedSql = `
  SELECT t.test_id, t.started_at, t.time_zone, t.record_count, coalesce(m.test_time_second, 0) AS first
  FROM tests t LEFT JOIN measurements m ON m.test_id = t.test_id AND m.record_index = 1`;

/**
 * SQL for whether a stored test `t` may have the start of `fresh`, a row of `startedSql`: equal to a second, in any
 * two time zones, counted from the start or from the first record. Null where one of them is unknown.
 */
function agreesSql(): string {
  const away = ['', ' - fresh.first', ' + fresh.first'].map(
    (shift) => `(epoch(t.started_at) - epoch(fresh.started_at)${shift})`,
  );
  const near = away.map((by) => `abs(${by}) <= ${startSlack}`);
  const quarters = away.map(
    (by) => `(abs(${by}) <= ${mostShift} AND abs(${by} - 900 * round(${by} / 900)) <= ${startSlack})`,
  );
  return `CASE WHEN t.started_at IS NULL OR fresh.started_at IS NULL THEN NULL
    WHEN t.time_zone = fresh.time_zone THEN ${near.join(' OR ')}
    ELSE ${quarters.join(' OR ')} END`;
}

/** SQL for whether a stored file is of another kind than `kind`, where one of the two is an instrument's own file. */
const isOtherKindSql = ({ format, unit_of_lines }: NewFile): string =>
  `(f.unit_of_lines IS DISTINCT FROM '${unit_of_lines}' OR f.format IS DISTINCT FROM ${literal(format ?? '')})
   AND (coalesce(f.unit_of_lines, 'line') <> 'line' OR '${unit_of_lines}' <> 'line')`;

/** Stored tests of other kinds of files that start at the same time or have as many records or the same name. */
async function candidatesFor(
  connection: DuckDBConnection,
  testId: number,
  ownIds: readonly number[],
  file: NewFile,
): Promise<Candidate[]> {
  const agrees = agreesSql();
  const found = await select<Candidate & { open_line: number | null; n: number }>(
    connection,
    `SELECT t.test_id, t.record_count, t.current_direction, t.counter_scope, f.file_id, f.path,
       ${agrees} AS agrees_in_start, fresh.record_count AS n,
       CASE WHEN f.is_last_line_open THEN f.lines_total END AS open_line
     FROM tests t JOIN (SELECT test_id, max(file_id) AS file_id FROM test_files GROUP BY test_id) last USING (test_id)
       JOIN files f ON f.file_id = last.file_id, (${startedSql} WHERE t.test_id = ${testId}) fresh
     WHERE t.test_id NOT IN (${ownIds.join(', ')}) AND ${isOtherKindSql(file)} AND (${agrees}) IS DISTINCT FROM false
     ORDER BY t.test_id`,
  );
  const stem = stemOf(file.path);
  const likely = found.filter(
    (each) =>
      each.agrees_in_start === true ||
      Number(each.record_count) === Number(each.n) ||
      stemOf(each.path) === stem,
  );
  for (const each of likely) each.open_record = await openRecord(connection, each, each.open_line);
  return likely;
}

/**
 * Numbers of the new tests from text that an instrument's own file may hold too, so that their records must be
 * compared with it.
 */
export async function mayBeTwins(
  connection: DuckDBConnection,
  fresh: readonly { testId: number; path: string }[],
): Promise<Set<number>> {
  const own = `
    SELECT t.*, f.path
    FROM tests t JOIN test_files tf USING (test_id) JOIN files f ON f.file_id = tf.file_id
    WHERE f.unit_of_lines <> 'line'`;
  const paths = await select<{ path: string }>(connection, `SELECT DISTINCT path FROM (${own})`);
  const stems = new Set(paths.map(({ path }) => stemOf(path)));
  const found = await select<{ test_id: number }>(
    connection,
    `SELECT DISTINCT fresh.test_id
     FROM (${startedSql} WHERE t.test_id IN (${fresh.map(({ testId }) => testId).join(', ')})) fresh, (${own}) t
     WHERE coalesce(${agreesSql()}, t.record_count = fresh.record_count)`,
  );
  return new Set([
    ...found.map(({ test_id }) => test_id),
    ...fresh.filter(({ path }) => stems.has(stemOf(path))).map(({ testId }) => testId),
  ]);
}

/** Result of comparing the records of two tests in different kinds of files. */
interface Likeness {
  common: number;
  alike: number;
  /** Line of the new file at which they first differ. */
  line: number | undefined;
}

async function likenessOf(
  connection: DuckDBConnection,
  old: StoredTest,
  newTest: number,
  openLine: number | null,
): Promise<{ byNumber: Likeness; share: number }> {
  const repairs = await recordedRepairs(connection, old.test_id);
  const repaired = new Set(repairs.flatMap(repairedColumns));
  const closeness = await closenessOf(connection, old.test_id, newTest, repaired);
  const alike = closeness.map((close) =>
    isAlikeSql(close, `o.${close.column}`, repairedSql(close.column, repairs, 'n.')),
  );
  // Two tests without a common voltage cannot be compared.
  const all = ['o.voltage_volt IS NOT NULL', 'n.voltage_volt IS NOT NULL', ...alike].join(' AND ');
  const [counted] = await select<{ common: number; alike: number; line: number | null }>(
    connection,
    `SELECT count(*) AS common, count(*) FILTER (${all}) AS alike,
       arg_min(n.line_number, record_index) FILTER (NOT (${all})) AS line
     FROM measurements o JOIN measurements n USING (record_index)
     WHERE o.test_id = ${old.test_id} AND n.test_id = ${newTest}
       AND record_index IS DISTINCT FROM ${old.open_record ?? 'NULL'}
       AND n.line_number IS DISTINCT FROM ${openLine ?? 'NULL'}`,
  );
  const common = Number(counted?.common ?? 0);
  const byNumber = { common, alike: Number(counted?.alike ?? 0), line: counted?.line ?? undefined };
  const share = common === 0 ? 0 : byNumber.alike / common;
  if (share >= leastShare) return { byNumber, share };
  // A record that only one of them has shifts all later ones; then records are compared by time.
  const slack = closeness.find(({ column }) => column === 'test_time_second')?.allowed ?? 0;
  const [timed] = await select<{ alike: number }>(
    connection,
    `SELECT count(*) FILTER (${all}) AS alike
     FROM (SELECT *, test_time_second + ${slack} AS at FROM measurements
           WHERE test_id = ${newTest} AND test_time_second IS NOT NULL) n
     ASOF JOIN (SELECT * FROM measurements WHERE test_id = ${old.test_id} AND test_time_second IS NOT NULL) o
       ON n.at >= o.test_time_second`,
  );
  return { byNumber, share: common === 0 ? 0 : Number(timed?.alike ?? 0) / common };
}

/** A new test and the stored one that is the same. */
interface Pair {
  old: Candidate;
  fresh: { testId: number; recordCount: number };
  likeness: Likeness;
  share: number;
}

async function pairFor(
  connection: DuckDBConnection,
  fresh: Pair['fresh'],
  ownIds: readonly number[],
  file: NewFile,
): Promise<Pair | undefined> {
  let best: Pair | undefined;
  for (const old of await candidatesFor(connection, fresh.testId, ownIds, file)) {
    const { byNumber, share } = await likenessOf(connection, old, fresh.testId, file.openLine);
    const isToldOtherwise = old.agrees_in_start === true || stemOf(old.path) === stemOf(file.path);
    const fewest = isToldOtherwise ? fewestRecords : enoughRecords;
    const isWhole = Number(old.record_count) === fresh.recordCount && byNumber.alike === byNumber.common;
    if (share < leastShare || (byNumber.common < fewest && !(isToldOtherwise && isWhole))) continue;
    if (best === undefined || share > best.share) best = { old, fresh, likeness: byNumber, share };
  }
  return best;
}

/** Stored spectra from other kinds of files that begin like the first one of the file. */
async function spectraTwin(
  connection: DuckDBConnection,
  spectrumId: number,
  file: NewFile,
): Promise<number | undefined> {
  const found = await select<{ file_id: number; path: string; agrees: boolean | null; n: number }>(
    connection,
    `SELECT f.file_id, f.path, s.point_count AS n,
       abs(epoch(s.measured_at) - epoch(fresh.measured_at)) <= ${startSlack} AS agrees
     FROM spectra s JOIN files f USING (file_id)
       JOIN impedance o ON o.spectrum_id = s.spectrum_id AND o.point_index = 1,
       (SELECT i.*, spectra.measured_at, spectra.point_count FROM spectra JOIN impedance i USING (spectrum_id)
        WHERE spectrum_id = ${spectrumId} AND point_index = 1) fresh
     WHERE s.spectrum_id <> ${spectrumId} AND ${isOtherKindSql(file)} AND s.point_count = fresh.point_count
       AND abs(o.frequency_hertz - fresh.frequency_hertz) <= 1e-4 * o.frequency_hertz
       AND abs(o.real_impedance_ohm - fresh.real_impedance_ohm)
         + abs(o.imaginary_impedance_ohm - fresh.imaginary_impedance_ohm)
         <= 1e-4 * sqrt(o.real_impedance_ohm ** 2 + o.imaginary_impedance_ohm ** 2)
     ORDER BY s.spectrum_id`,
  );
  const isTold = (each: (typeof found)[number]) =>
    each.agrees === true ||
    stemOf(each.path) === stemOf(file.path) ||
    (each.agrees === null && each.n >= enoughRecords);
  return found.find((each) => each.agrees !== false && isTold(each))?.file_id;
}

/** Whether two points of impedance agree to the digits of an export: frequency, real and imaginary part. */
function arePointsAlike(old: string, fresh: string): boolean {
  const [f, re, im] = old.split('/').map(Number);
  const [g, re2, im2] = fresh.split('/').map(Number);
  const size = Math.hypot(re!, im!);
  return (
    Math.abs(f! - g!) <= 1e-4 * f! &&
    Math.abs(re! - re2!) <= 1e-4 * size &&
    Math.abs(im! - im2!) <= 1e-4 * size
  );
}

/** The stored file of another kind that holds the same test as a loaded file. */
export interface Twin {
  old: StoredFile;
  pairs: Pair[];
}

/** Looks for the tests of a loaded file among those that came from another kind of file. */
export async function findTwin(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  file: NewFile,
): Promise<Twin | undefined> {
  const ownIds = loaded.tables.flatMap(({ testId }) => testId ?? []);
  const pairs: Pair[] = [];
  for (const { testId, recordCount } of loaded.tables) {
    if (testId === undefined) continue;
    const pair = await pairFor(connection, { testId, recordCount }, ownIds, file);
    if (pair !== undefined) pairs.push(pair);
  }
  const spectrum = loaded.tables.flatMap(({ spectra }) => spectra)[0];
  const fileId =
    pairs[0]?.old.file_id ?? (spectrum && (await spectraTwin(connection, spectrum.spectrumId, file)));
  const old = fileId === undefined ? undefined : await storedFile(connection, fileId);
  return old && { old, pairs };
}

/** How a loaded file relates to the other kind of file that holds its test. */
export async function compareTwin(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  { old, pairs }: Twin,
): Promise<RelationToStored> {
  const shares = pairs.map(({ share }) => share);
  const how = `its records (${Math.floor(Math.min(1, ...shares) * 1000) / 10} % agree)`;
  const newTests = loaded.tables.filter(({ testId }) => testId !== undefined);
  const oldTests = await testsOfFile(connection, old);
  const differing = pairs.find(({ likeness }) => likeness.alike < likeness.common);
  if (differing !== undefined) return { kind: 'differs', old, line: differing.likeness.line, how };
  const spectrumIds = loaded.tables.flatMap(({ spectra }) => spectra.map(({ spectrumId }) => spectrumId));
  const points = compareRows(
    await pointsOf(connection, `s.file_id = ${old.file_id}`),
    spectrumIds.length === 0
      ? []
      : await pointsOf(connection, `s.spectrum_id IN (${spectrumIds.join(', ')})`),
    null,
    arePointsAlike,
  );
  if (points.differs) return { kind: 'differs', old, line: points.line, how };
  const grew = pairs.some((pair) => pair.fresh.recordCount > Number(pair.old.record_count));
  const shrank = pairs.some((pair) => pair.fresh.recordCount < Number(pair.old.record_count));
  const isKnown = newTests.length === pairs.length && !grew && !points.grew;
  const fewer = shrank || points.shrank || pairs.length < oldTests.length;
  if (isKnown) return { kind: 'known', old, fewer };
  const isPaired = pairs.every((pair, index) => oldTests[index]?.test_id === pair.old.test_id);
  const isWhole = newTests.length === pairs.length && oldTests.length === pairs.length && isPaired;
  if (!isWhole || shrank || points.shrank) return { kind: 'differs', old, line: undefined, how };
  return { kind: 'continues', old, isOtherKind: true };
}
