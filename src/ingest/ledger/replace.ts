import type { DuckDBConnection } from '@duckdb/node-api';
import { run, select } from '../../store/connection.js';
import { haveLabApplied } from '../lab/apply.js';
import { hasMoreChannels, joinChannels, replaceChannels } from '../load/auxiliary-channels.js';
import type { LoadedFile } from '../load/loaded.js';
import { applyRepair, recordedRepairs } from '../repair.js';
import { type StoredTest, testsOfFile } from './compare.js';
import type { StoredFile } from './ledger.js';

/**
 * Removes everything that a file gave and that no later file holds as well: tests with everything derived, spectra,
 * vendor cycles.
 */
export async function removeStored(connection: DuckDBConnection, old: StoredFile): Promise<number[]> {
  const continued = await select<{ test_id: number }>(
    connection,
    `SELECT DISTINCT test_id FROM test_files WHERE file_id > ${old.file_id}`,
  );
  const kept = new Set(continued.map(({ test_id }) => test_id));
  const tests = (await testsOfFile(connection, old))
    .map(({ test_id }) => test_id)
    .filter((testId) => !kept.has(testId));
  await removeTests(connection, tests);
  const spectra = await select<{ spectrum_id: number }>(
    connection,
    `SELECT spectrum_id FROM spectra WHERE file_id = ${old.file_id}`,
  );
  await removeSpectra(
    connection,
    spectra.map(({ spectrum_id }) => spectrum_id),
  );
  await removeVendorCycles(connection, old.file_id);
  return tests;
}

/** Removes the vendor's own cycles that a file gave. */
export async function removeVendorCycles(connection: DuckDBConnection, fileId: number): Promise<void> {
  await run(connection, `DELETE FROM vendor_cycles WHERE file_id = ${fileId}`);
}

/** Removes tests with their measurements, steps, cycles and findings. */
export async function removeTests(connection: DuckDBConnection, testIds: readonly number[]): Promise<void> {
  if (testIds.length === 0) return;
  for (const table of [
    'measurements',
    'auxiliary_channels',
    'steps',
    'cycles',
    'test_files',
    'findings',
    'tests',
  ]) {
    await run(connection, `DELETE FROM ${table} WHERE test_id IN (${testIds.join(', ')})`);
  }
}

/** Removes spectra with their points. */
export async function removeSpectra(
  connection: DuckDBConnection,
  spectrumIds: readonly number[],
): Promise<void> {
  if (spectrumIds.length === 0) return;
  for (const table of ['impedance', 'spectra']) {
    await run(connection, `DELETE FROM ${table} WHERE spectrum_id IN (${spectrumIds.join(', ')})`);
  }
}

/**
 * Replaces a stored test by the newly loaded one that continues it. The number stays, and so do the stored records,
 * unless more rows have settled the direction of their current, or the new records come from another kind of file or
 * have more auxiliary channels.
 *
 * @returns index of the first record that comes from the new file
 */
async function replaceTest(
  connection: DuckDBConnection,
  old: StoredTest,
  newTest: number,
  isOtherKind: boolean,
): Promise<number> {
  const [now] = await select<{ current_direction: string | null; counter_scope: string | null }>(
    connection,
    `SELECT current_direction, counter_scope FROM tests WHERE test_id = ${newTest}`,
  );
  const repairs = await recordedRepairs(connection, old.test_id);
  const isTurned =
    repairs.length === 0 &&
    (old.current_direction !== now?.current_direction ||
      (old.counter_scope === 'net') !== (now?.counter_scope === 'net'));
  for (const repair of repairs) await applyRepair(connection, newTest, repair);
  const takesAll = isTurned || isOtherKind || (await hasMoreChannels(connection, newTest, old.test_id));
  const kept = takesAll ? 0 : old.open_record === null ? old.record_count : old.open_record - 1;
  if (takesAll) await replaceChannels(connection, old.test_id, newTest);
  else await joinChannels(connection, old.test_id, newTest);
  await run(connection, `DELETE FROM measurements WHERE test_id = ${newTest} AND record_index <= ${kept}`);
  await run(connection, `DELETE FROM measurements WHERE test_id = ${old.test_id} AND record_index > ${kept}`);
  await run(connection, `UPDATE measurements SET test_id = ${old.test_id} WHERE test_id = ${newTest}`);
  if (repairs.length === 0) {
    await run(
      connection,
      `UPDATE tests SET current_direction = $1, counter_scope = $2 WHERE test_id = ${old.test_id}`,
      [now?.current_direction ?? null, now?.counter_scope ?? null],
    );
  }
  // Facts that the file of a running test did not state yet.
  await run(
    connection,
    `UPDATE tests SET started_at = coalesce(tests.started_at, n.started_at),
       time_zone = coalesce(tests.time_zone, n.time_zone),
       channel = coalesce(tests.channel, n.channel), source_name = coalesce(tests.source_name, n.source_name)
     FROM (SELECT * FROM tests WHERE test_id = ${newTest}) n WHERE tests.test_id = ${old.test_id}`,
  );
  for (const table of ['test_files', 'tests']) {
    await run(connection, `DELETE FROM ${table} WHERE test_id = ${newTest}`);
  }
  return kept + 1;
}

async function replaceSpectra(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  old: StoredFile,
): Promise<void> {
  const oldSpectra = await select<{ spectrum_id: number }>(
    connection,
    `SELECT spectrum_id FROM spectra WHERE file_id = ${old.file_id} ORDER BY sweep_index`,
  );
  const fresh = loaded.tables.flatMap(({ spectra }) => spectra);
  await removeSpectra(
    connection,
    oldSpectra.map(({ spectrum_id }) => spectrum_id),
  );
  for (const [index, { spectrum_id }] of oldSpectra.entries()) {
    const spectrum = fresh[index];
    if (spectrum === undefined) continue;
    for (const table of ['spectra', 'impedance']) {
      await run(
        connection,
        `UPDATE ${table} SET spectrum_id = ${spectrum_id} WHERE spectrum_id = ${spectrum.spectrumId}`,
      );
    }
    spectrum.spectrumId = spectrum_id;
  }
}

/**
 * Replaces what an older export of the same tests gave by the newly loaded content; ids stay.
 *
 * @returns for each continued test the index of the first record that comes from the new file
 */
export async function replaceGrown(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  old: StoredFile,
  isOtherKind = false,
): Promise<Map<number, number>> {
  const oldTests = await testsOfFile(connection, old);
  const firstNewRecord = new Map<number, number>();
  const newTables = loaded.tables.filter(({ testId }) => testId !== undefined);
  for (const [index, table] of newTables.entries()) {
    const oldTest = oldTests[index];
    if (oldTest === undefined) continue;
    firstNewRecord.set(oldTest.test_id, await replaceTest(connection, oldTest, table.testId!, isOtherKind));
    table.testId = oldTest.test_id;
  }
  await replaceSpectra(connection, loaded, old);
  await removeVendorCycles(connection, old.file_id);
  return firstNewRecord;
}

/**
 * Replaces the content of a file by what it gives when it is read again with other settings: tests and spectra keep
 * their numbers, repairs stay, and the file keeps its number.
 *
 * @param readAs number under which it was read again
 */
export async function replaceReread(
  connection: DuckDBConnection,
  loaded: LoadedFile,
  old: StoredFile,
  readAs: number,
): Promise<void> {
  const oldTests = await testsOfFile(connection, old);
  const tables = loaded.tables.filter(({ testId }) => testId !== undefined);
  for (const [index, table] of tables.entries()) {
    const oldTest = oldTests[index];
    if (oldTest === undefined) continue;
    const [from, to] = [table.testId!, oldTest.test_id];
    for (const repair of await recordedRepairs(connection, to)) await applyRepair(connection, from, repair);
    await run(
      connection,
      `DELETE FROM findings WHERE test_id = ${to} AND NOT (repaired AND repair IS NOT NULL)`,
    );
    await run(connection, `DELETE FROM test_files WHERE test_id = ${from}`);
    await run(
      connection,
      `UPDATE tests SET file_id = o.file_id FROM (SELECT file_id FROM tests WHERE test_id = ${to}) o
       WHERE tests.test_id = ${from}`,
    );
    for (const name of ['measurements', 'auxiliary_channels', 'tests']) {
      await run(connection, `DELETE FROM ${name} WHERE test_id = ${to}`);
      await run(connection, `UPDATE ${name} SET test_id = ${to} WHERE test_id = ${from}`);
    }
    table.testId = to;
  }
  await removeTests(
    connection,
    oldTests.slice(tables.length).map(({ test_id }) => test_id),
  );
  await replaceSpectra(connection, loaded, old);
  await removeVendorCycles(connection, old.file_id);
  for (const name of ['spectra', 'vendor_cycles', 'tests', 'test_files']) {
    await run(connection, `UPDATE ${name} SET file_id = ${old.file_id} WHERE file_id = ${readAs}`);
  }
  await run(
    connection,
    `DELETE FROM findings WHERE file_id = ${old.file_id} AND NOT (repaired AND repair IS NOT NULL)`,
  );
  for (const name of ['files', 'rejects']) {
    await run(connection, `DELETE FROM ${name} WHERE file_id = ${old.file_id}`);
  }
  // What was loaded anew has neither cell nor conditions, and the ledger has no new number that would show it.
  await haveLabApplied(connection);
}
