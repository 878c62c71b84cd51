import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { storeBatch } from '../../dist/ingest/batch.js';
import { decodeText } from '../../dist/ingest/bytes/text.js';
import { formats } from '../../dist/ingest/formats/index.js';
import { ingestFile, recordUnreadable } from '../../dist/ingest/ingest-file.js';
import { settingsFile } from '../../dist/ingest/lab/schemas.js';
import { LedgerIndex } from '../../dist/ingest/ledger/ledger-index.js';
import { prepareFile } from '../../dist/ingest/prepare.js';
import { sniffFile } from '../../dist/ingest/sniff/sniff.js';
import { openInMemory, select } from '../../dist/store/connection.js';
import { createSchema } from '../../dist/store/schema.js';
import { canJudge, contradictions, physicalLines } from './oracle.js';

const storedStatuses = ['ingested', 'appended'];

/** A database in memory with one healthy file in it, into which mutants are read and rolled back again. */
export async function openBench(scratch, reference) {
  const database = await openInMemory();
  const { connection } = database;
  await createSchema(connection);
  const settings = settingsFile.parse({});
  const context = {
    connection,
    scratch,
    settingsOf: () => settings,
    cellOf: () => null,
    dateOrder: undefined,
    formats,
    forcedFor: () => undefined,
    declaredFor: () => ({ date_order: null, time_zone: null, format: null, own_formats: null }),
    rereads: new Map(),
    supersede: false,
    onBytes: () => undefined,
  };
  await storeFile(context, reference, true);
  const before = await fingerprint(connection, 'test_id = 1');
  return { database, context, before };
}

function foundFile(path) {
  const facts = statSync(path, { bigint: true });
  return { path, root: dirname(path), size: Number(facts.size), modifiedNs: facts.mtimeNs };
}

/** Stores a file as a nightly run does: prepared, loaded and audited, and derived where that is asked for. */
async function storeFile(context, path, isDerived) {
  const index = await LedgerIndex.read(context.connection);
  const whole = { ...context, index };
  const prepared = await prepareFile(whole, foundFile(path));
  const isDamagedGzip = prepared.kind === 'failed' && prepared.error.code?.startsWith('Z_');
  if (isDamagedGzip) await recordUnreadable(whole, prepared.file, index.nextFileId, prepared.error.message);
  else if (isDerived) await storeBatch(whole, [prepared]);
  else await ingestFile(whole, prepared, index.nextFileId);
}

/** A number that changes with any value of any record. */
async function fingerprint(connection, where) {
  const [row] = await select(
    connection,
    `SELECT count(*) AS n, bit_xor(hash(CAST(m AS VARCHAR))) AS h FROM (SELECT * FROM measurements WHERE ${where}) AS m`,
  );
  return `${row.n} ${row.h}`;
}

/** Reads a mutant in a transaction that is rolled back; gives what its reading was. */
async function readMutant(bench, path, isDerived) {
  const { connection } = bench.context;
  await connection.run('BEGIN TRANSACTION');
  try {
    await storeFile(bench.context, path, isDerived);
    const own = await select(
      connection,
      `SELECT * EXCLUDE (test_id) FROM measurements WHERE test_id <> 1 ORDER BY line_number, record_index`,
    );
    const points = await select(
      connection,
      'SELECT line_number, frequency_hertz, real_impedance_ohm, imaginary_impedance_ohm FROM impedance ORDER BY spectrum_id, point_index',
    );
    const [cycles] = await select(connection, 'SELECT count(*) AS n FROM vendor_cycles');
    const [row] = await select(connection, 'SELECT * FROM files ORDER BY file_id DESC LIMIT 1');
    const rejects = await select(
      connection,
      `SELECT * EXCLUDE (file_id) FROM rejects WHERE file_id = ${row.file_id} ORDER BY line_number`,
    );
    const tests = await select(
      connection,
      'SELECT current_direction, counter_scope, record_count FROM tests WHERE test_id <> 1 ORDER BY test_id',
    );
    const orphans = await select(
      connection,
      `SELECT test_id FROM measurements WHERE test_id NOT IN (SELECT test_id FROM tests)
       UNION ALL SELECT test_id FROM tests WHERE test_id NOT IN (SELECT test_id FROM measurements)`,
    );
    const reference = await fingerprint(connection, 'test_id = 1');
    return { own, points, cycles: cycles.n, row, rejects, tests, orphans, reference };
  } finally {
    await connection.run('ROLLBACK');
  }
}

function ledgerFaults({ row, own, points, cycles, rejects, orphans, reference }, before) {
  const faults = [];
  const parts = [row.lines_head, row.lines_structural, row.rows_loaded, row.rows_rejected];
  if (parts.some((part) => part < 0) || row.lines_total !== parts.reduce((sum, part) => sum + part, 0)) {
    faults.push(`lines do not add up: ${row.lines_total} is not ${parts.join(' + ')}`);
  }
  const stored = own.length + points.length + cycles;
  if (!storedStatuses.includes(row.status) && stored > 0)
    faults.push(`${stored} rows of a file that is ${row.status}`);
  if (storedStatuses.includes(row.status) && stored !== row.rows_loaded) {
    faults.push(`${stored} rows stored where the ledger says ${row.rows_loaded}`);
  }
  if (rejects.length !== row.rows_rejected)
    faults.push(`${rejects.length} rejects where the ledger says ${row.rows_rejected}`);
  if (orphans.length > 0) faults.push('records without a test, or a test without records');
  if (reference !== before) faults.push('another file was changed');
  if (row.message === '') faults.push('nothing is said about the file');
  return faults;
}

async function textOf(path, bytes) {
  const sniffed = await sniffFile(path, {});
  if (sniffed.kind !== 'readable' || !canJudge(sniffed)) return undefined;
  const content = sniffed.isGzip ? gunzipSync(bytes) : bytes;
  // NUL bytes and broken characters are marked or replaced by the reader; their lines are rejected or text.
  if (sniffed.text.encoding !== 'utf-8' || content.includes(0)) return undefined;
  return { plan: sniffed.tables[0], lines: physicalLines(decodeText(content, sniffed.text)) };
}

/**
 * Everything that is wrong with how a mutant was read, in words; none where it was read as it should be.
 *
 * @param isDerived whether its steps and cycles are derived too
 */
export async function faultsOf(bench, path, isDerived) {
  const read = await readMutant(bench, path, isDerived);
  const faults = ledgerFaults(read, bench.before);
  const text = storedStatuses.includes(read.row.status) ? await textOf(path, readFileSync(path)) : undefined;
  if (text !== undefined) {
    const accounted = new Set(
      [...read.own, ...read.points, ...read.rejects].map(({ line_number }) => Number(line_number)),
    );
    faults.push(...contradictions(text.lines, text.plan, read.own, accounted, true));
  }
  return { faults, status: read.row.status, isJudged: text !== undefined };
}
