import type { DuckDBConnection } from '@duckdb/node-api';
import { findingMessages as say } from '../../messages/findings.js';
import { run, select } from '../../store/connection.js';
import { placeMessage } from '../../store/place.js';
import type { Finding } from '../findings.js';
import type { CellFinder } from '../lab/assign.js';
import type { LoadedFile } from '../load/loaded.js';
import {
  compareWithStored,
  longerWithoutClock,
  type RelationToStored,
  sameSpectrumStored,
  sameTestStored,
} from './compare.js';
import { type Evidence, evidenceFor, fewestCommonRows, type Identity, isSameTest } from './identity.js';
import { type LedgerRow, markSuperseded, type StoredFile, storedFile, storedUnderPath } from './ledger.js';
import { removeSpectra, removeStored, removeTests, removeVendorCycles, replaceGrown } from './replace.js';
import { compareTwin, findTwin, mostShift } from './twin.js';

/**
 * Stored files with the same test or spectrum as a table of the loaded one, identified by start, channel and
 * beginning.
 */
async function sameStored(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  { vendor, channel, starts }: Identity,
): Promise<StoredFile[]> {
  const found = new Set<number>();
  for (const [index, { testId, spectra }] of loaded.tables.entries()) {
    const spectrum = spectra[0];
    const fileIds =
      testId !== undefined
        ? await sameTestStored(connection, testId, starts[index], channel, vendor)
        : spectrum !== undefined
          ? await sameSpectrumStored(connection, spectrum.spectrumId, starts[index])
          : [];
    for (const fileId of fileIds) found.add(fileId);
  }
  const files: StoredFile[] = [];
  for (const fileId of found) files.push((await storedFile(connection, fileId))!);
  return files;
}

/**
 * The stored file that has every row of a file without a clock, and more after them: the new file is an older export
 * that arrives later. As many rows have to agree as when a file grew.
 */
async function olderExportOf(
  connection: DuckDBConnection,
  row: LedgerRow,
  loaded: LoadedFile,
  identity: Identity,
  cellOf: CellFinder,
): Promise<RelationToStored | undefined> {
  const [table] = loaded.tables;
  if (table === undefined || loaded.tables.length > 1 || identity.starts.some((start) => start !== undefined))
    return undefined;
  const [spectrum] = table.spectra;
  const one =
    table.testId !== undefined
      ? { testId: table.testId }
      : spectrum !== undefined
        ? { spectrumId: spectrum.spectrumId }
        : undefined;
  if (one === undefined) return undefined;
  for (const fileId of await longerWithoutClock(connection, one, identity.vendor, row.format ?? '')) {
    const old = (await storedFile(connection, fileId))!;
    const evidence = await evidenceFor(connection, identity, old, cellOf);
    const rows = Math.min(evidence.rows, loaded.rowsLoaded);
    if (!isSameTest({ ...evidence, rows }, old.path === row.path)) continue;
    const relation = await compareWithStored(connection, loaded, row.file_id, old);
    if (relation.kind === 'known') return relation;
  }
  return undefined;
}

/**
 * How the loaded file relates to the file stored under its path, to a file with whose bytes it begins, or to the same
 * test under another path or in another kind of file. A common beginning decides nothing if something shows that the
 * tests are different.
 *
 * @param begunWith the stored file with whose content this file begins
 * @param may whether a longer file that is stored may begin with its content, and another kind of file hold its test:
 *   where it cannot, no search is made
 */
export async function relate(
  connection: DuckDBConnection,
  row: LedgerRow,
  loaded: LoadedFile,
  identity: Identity,
  cellOf: CellFinder,
  begunWith: StoredFile | undefined,
  may: { beOlder: boolean; haveTwin: boolean },
): Promise<RelationToStored> {
  const underPath = await storedUnderPath(connection, row.path);
  let reused: { old: StoredFile; why: string } | undefined;
  if (underPath !== undefined) {
    const evidence = await evidenceFor(connection, identity, underPath, cellOf);
    const { against } = evidence;
    if (against === undefined) return compareWithStored(connection, loaded, row.file_id, underPath);
    if (isOtherZone(evidence)) {
      const { kind } = await compareWithStored(connection, loaded, row.file_id, underPath);
      if (kind === 'known')
        return { kind: 'differs', old: underPath, line: undefined, where: say('WHERE/clock') };
    }
    reused = { old: underPath, why: against };
  }
  const twin = may.haveTwin
    ? await findTwin(connection, loaded, { ...row, openLine: row.is_last_line_open ? row.lines_total : null })
    : undefined;
  if (twin !== undefined) {
    const { against } = await evidenceFor(connection, identity, twin.old, cellOf, true);
    if (against === undefined) return compareTwin(connection, loaded, twin);
  }
  const others = [
    ...(begunWith === undefined ? [] : [begunWith]),
    ...(await sameStored(connection, loaded, identity)),
  ];
  for (const old of others) {
    const evidence = await evidenceFor(connection, identity, old, cellOf);
    if (!isSameTest(evidence, old.path === row.path)) continue;
    return compareWithStored(connection, loaded, row.file_id, old);
  }
  const older = may.beOlder ? await olderExportOf(connection, row, loaded, identity, cellOf) : undefined;
  return older ?? { kind: 'new', reused };
}

/** Whether all that differs is the clock, by what two time zones differ, and the rows are enough to compare. */
const isOtherZone = ({ startLater, rows }: Evidence): boolean =>
  startLater !== undefined &&
  startLater % 900 === 0 &&
  Math.abs(startLater) <= mostShift &&
  rows >= fewestCommonRows;

/** The newest file of another name that went on with a test of this one, and so holds its records too. */
async function continuedBy(connection: DuckDBConnection, old: StoredFile): Promise<StoredFile | undefined> {
  const [newest] = await select<{ file_id: number | null }>(
    connection,
    `SELECT max(tf.file_id) AS file_id FROM test_files tf JOIN files f USING (file_id)
     WHERE tf.file_id > ${old.file_id} AND f.path <> $1
       AND tf.test_id IN (SELECT test_id FROM test_files WHERE file_id = ${old.file_id})`,
    [old.path],
  );
  return newest?.file_id == null ? undefined : storedFile(connection, newest.file_id);
}

async function dropLoaded(connection: DuckDBConnection, loaded: LoadedFile, fileId: number): Promise<void> {
  await removeTests(
    connection,
    loaded.tables.flatMap(({ testId }) => testId ?? []),
  );
  await removeSpectra(
    connection,
    loaded.tables.flatMap(({ spectra }) => spectra.map(({ spectrumId }) => spectrumId)),
  );
  await removeVendorCycles(connection, fileId);
  for (const table of loaded.tables) {
    table.testId = undefined;
    table.spectra = [];
  }
}

/** If nothing was stored from a file, its lines count as structural, so that the sum of lines is right. */
function moveToStructural(row: LedgerRow): void {
  row.lines_structural += row.rows_loaded;
  row.rows_loaded = 0;
}

/**
 * Notes which file the records of a test come from, from `first` on.
 *
 * @param recordCount records of the whole test
 */
export async function continueTest(
  connection: DuckDBConnection,
  testId: number,
  fileId: number,
  first: number,
  recordCount: number,
): Promise<void> {
  await run(connection, `UPDATE tests SET record_count = ${recordCount} WHERE test_id = ${testId}`);
  await run(
    connection,
    `DELETE FROM test_files WHERE test_id = ${testId} AND first_record_index >= ${first}`,
  );
  await run(
    connection,
    `INSERT INTO test_files SELECT ${testId}, ${fileId}, ${first}, min(line_number)
     FROM measurements WHERE test_id = ${testId} AND record_index >= ${first}`,
  );
}

/** Notes which file gave which part of the continued tests. */
async function continueTests(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  fileId: number,
  firstNewRecord: ReadonlyMap<number, number>,
): Promise<void> {
  for (const { testId, recordCount } of loaded.tables) {
    const first = testId === undefined ? undefined : firstNewRecord.get(testId);
    if (testId === undefined || first === undefined) continue;
    // Findings about the shorter test are made again for the longer one; repairs that were done stay on record.
    await run(
      connection,
      `DELETE FROM findings WHERE test_id = ${testId} AND NOT (repaired AND repair IS NOT NULL)`,
    );
    await run(connection, `UPDATE findings SET file_id = ${fileId} WHERE test_id = ${testId}`);
    await continueTest(connection, testId, fileId, first, recordCount);
  }
}

/** A test that replaces another one keeps its number, so that references to it stay valid. */
async function keepTestNumbers(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  removed: readonly number[],
): Promise<void> {
  const tables = loaded.tables.filter(({ testId }) => testId !== undefined);
  for (const [index, table] of tables.entries()) {
    const testId = removed[index];
    if (testId === undefined) continue;
    for (const name of ['measurements', 'auxiliary_channels', 'tests', 'test_files']) {
      await run(connection, `UPDATE ${name} SET test_id = ${testId} WHERE test_id = ${table.testId}`);
    }
    table.testId = testId;
  }
}

async function storedCount(connection: DuckDBConnection, old: StoredFile): Promise<number> {
  const [counted] = await select<{ n: number }>(
    connection,
    `WITH held AS (SELECT test_id FROM test_files WHERE file_id = ${old.file_id})
     SELECT (SELECT coalesce(sum(record_count), 0) FROM tests WHERE test_id IN (SELECT test_id FROM held))
       + (SELECT coalesce(sum(point_count), 0) FROM spectra WHERE file_id = ${old.file_id})
       + (SELECT count(*) FROM vendor_cycles WHERE file_id = ${old.file_id}) AS n`,
  );
  return Number(counted?.n ?? 0);
}

/** Whether a stored file was found at this path before, and no longer exists where it was read. */
async function hasMovedTo(connection: DuckDBConnection, old: StoredFile, row: LedgerRow): Promise<boolean> {
  const found = await select(
    connection,
    `SELECT 1 FROM files o JOIN files n ON n.path = $1 AND n.file_id < ${row.file_id}
     WHERE o.file_id = ${old.file_id} AND o.vanished_at IS NOT NULL
       AND n.status = 'duplicate' AND (n.sha256 = o.sha256 OR n.related_file_id = o.file_id)`,
    [row.path],
  );
  return found.length > 0;
}

/** Decides by the table of outcomes what becomes of a loaded file, and sets its status and message. */
export async function decide(
  connection: DuckDBConnection,
  row: LedgerRow,
  loaded: LoadedFile,
  relation: RelationToStored,
  supersede: boolean,
  findings: Finding[],
): Promise<void> {
  if (relation.kind === 'new') {
    row.status = 'ingested';
    row.message = 'stored';
    const { reused } = relation;
    if (reused !== undefined) {
      findings.push(say('PATH_REUSED', { why: reused.why }));
    }
    return;
  }
  // A correction of what another file holds too is a contradiction between the two.
  const later = relation.kind === 'differs' ? await continuedBy(connection, relation.old) : undefined;
  const old = later ?? relation.old;
  const samePath = later === undefined && (old.path === row.path || (await hasMovedTo(connection, old, row)));
  row.related_file_id = old.file_id;
  if (relation.kind === 'known') {
    const stored = await storedCount(connection, old);
    await dropLoaded(connection, loaded, row.file_id);
    row.status = 'duplicate';
    const { rows_loaded: count } = row;
    row.message = `all ${count} rows are already stored from ${old.path}`;
    if (relation.fewer) findings.push(say('SHORTER_THAN_STORED', { count, path: old.path, stored }));
    moveToStructural(row);
    return;
  }
  if (relation.kind === 'continues') {
    const firstNewRecord = await replaceGrown(connection, loaded, old, relation.isOtherKind);
    await continueTests(connection, loaded, row.file_id, firstNewRecord);
    if (samePath || relation.isOtherKind === true) await markSuperseded(connection, old.file_id);
    row.status = 'appended';
    const from = [...firstNewRecord.values()].map((first) => `; new from record ${first}`);
    row.message = `continues ${samePath ? 'what was read from it before' : old.path}${from.join('')}`;
    return;
  }
  const where =
    relation.where ??
    (relation.line === undefined
      ? say('WHERE/length')
      : say('WHERE/place', { place: placeMessage(row, relation.line) }));
  if (samePath || supersede) {
    const removed = await removeStored(connection, old);
    await markSuperseded(connection, old.file_id);
    await keepTestNumbers(connection, loaded, removed);
    row.status = 'ingested';
    const replaced = samePath
      ? say('SUPERSEDED/itself', { where })
      : say('SUPERSEDED', { path: old.path, where });
    row.message = replaced.message;
    findings.push({ ...replaced, line: relation.line });
    return;
  }
  await dropLoaded(connection, loaded, row.file_id);
  row.status = 'conflict';
  const conflict = say('CONFLICT', { path: old.path, how: relation.how ?? say('SAME_TEST/start'), where });
  row.message = conflict.message;
  findings.push({ ...conflict, line: relation.line });
  moveToStructural(row);
}
