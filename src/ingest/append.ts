import { join } from 'node:path';
import { run, select } from '../store/connection.js';
import { auditFindings, type ExaminedTest, examineTests } from './audit/examine.js';
import type { SettledTest } from './audit/settle.js';
import { type FileScan, scanFile } from './bytes/scan.js';
import type { FileContext, FileOutcome } from './file-context.js';
import type { Finding } from './findings.js';
import { recordDiffers } from './ledger/compare.js';
import { continueTest } from './ledger/decide.js';
import { copyTail, lineStart } from './ledger/growth.js';
import { evidenceFor, isSameTest } from './ledger/identity.js';
import { type LedgerRow, markSuperseded, storedFile, writeLedger } from './ledger/ledger.js';
import { ledgerPath } from './ledger/ledger-row.js';
import { identityOf } from './ledger/test-rows.js';
import { haveSameChannels } from './load/auxiliary-channels.js';
import { mayHoldImpedance } from './load/convert.js';
import { loadFile } from './load/load.js';
import { type Continuation, type LoadedFile, rejectCount } from './load/loaded.js';
import type { Reject } from './load/records.js';
import { RejectSpool } from './load/reject-spool.js';
import { checkUnchanged, type PreparedFile } from './prepare.js';
import { recordedRepairs } from './repair.js';
import type { TablePlan } from './sniff/plan.js';
import type { SniffedFile } from './sniff/sniff.js';

/**
 * A file that grew is read from its last stored record on: the tail is copied and loaded like a separate file that
 * begins with that record, which must give the stored values again. Whatever is not clearly the same test continuing
 * is left to reading the whole file, which gives the same rows.
 */

type GrownFile = Extract<PreparedFile, { kind: 'grown' }>;

/** The stored file and its one test. */
interface StoredPart {
  file_id: number;
  path: string;
  lines_total: number;
  lines_head: number;
  lines_structural: number;
  rows_loaded: number;
  is_last_line_open: boolean;
  test_id: number;
  record_count: number;
  started_at: Date | null;
  current_direction: string;
  counter_scope: string;
}

/** The values of a record on which later records depend. */
interface LastRecord {
  record_index: number;
  line_number: number;
  step_count: number;
  test_time_second: number;
}

/** Whether the rest of a table can be read without the part before it. */
function isContinuable({ recognition, text }: SniffedFile, plan: TablePlan): boolean {
  const { format } = recognition;
  return (
    format.hook === undefined &&
    !format.layered &&
    plan.rows === undefined &&
    plan.lastLine === undefined &&
    plan.kind !== 'summary' &&
    !mayHoldImpedance(plan) &&
    !text.encoding.startsWith('utf-16')
  );
}

/** The stored part, if the file gave exactly one whole test and was read as it would be now. */
async function storedPart(
  { connection, index }: FileContext,
  { growth, reading }: GrownFile,
): Promise<StoredPart | undefined> {
  const fileId = index.withHash(growth.old.sha256!)?.file_id;
  if (fileId === undefined) return undefined;
  const { recognition, text } = reading.sniffed;
  const parts = await select<StoredPart>(
    connection,
    `SELECT f.file_id, f.path, f.lines_total, f.lines_head, f.lines_structural, f.rows_loaded,
       coalesce(f.is_last_line_open, false) AS is_last_line_open,
       t.test_id, t.record_count, t.started_at, t.current_direction, t.counter_scope
     FROM files f JOIN test_files tf USING (file_id) JOIN tests t ON t.test_id = tf.test_id
     WHERE f.file_id = ${fileId} AND f.format = $1 AND f.format_version = $2 AND f.encoding = $3
       AND NOT EXISTS (SELECT 1 FROM test_files later WHERE later.test_id = t.test_id AND later.file_id > ${fileId})
       AND NOT EXISTS (SELECT 1 FROM spectra s WHERE s.file_id = ${fileId})`,
    [recognition.format.id, recognition.format.fingerprint, text.encoding],
  );
  const [part] = parts;
  if (part === undefined || parts.length > 1 || part.rows_loaded !== part.record_count) return undefined;
  const plan = reading.tables[0]!;
  // A structural line among the rows may be another header, which decides how the rows after it are read.
  if (part.lines_structural > plan.firstLine - 1 - plan.headLines - plan.above.length) return undefined;
  const start = reading.starts[0]?.getTime() ?? null;
  if ((part.started_at?.getTime() ?? null) !== start) return undefined;
  return (await recordedRepairs(connection, part.test_id)).length === 0 ? part : undefined;
}

/** Whether nothing shows that a file with this beginning is another test. */
async function isGoingOn(
  context: FileContext,
  { file, reading }: GrownFile,
  part: StoredPart,
): Promise<boolean> {
  const { connection, cellOf } = context;
  const place = { path: ledgerPath(file), root: file.root };
  const fresh = identityOf(place, reading.sniffed, reading.starts, reading.tables);
  const old = await storedFile(connection, part.file_id);
  if (old === undefined) return false;
  return isSameTest(await evidenceFor(connection, fresh, old, cellOf), old.path === place.path);
}

/** The last record from a complete line; a line without an end may be cut inside a number. */
async function lastWholeRecord(
  { connection }: FileContext,
  part: StoredPart,
): Promise<LastRecord | undefined> {
  const records = await select<LastRecord>(
    connection,
    `SELECT record_index, line_number, step_count, test_time_second FROM measurements
     WHERE test_id = ${part.test_id} AND record_index >= ${part.record_count - 1} ORDER BY record_index DESC`,
  );
  return records.find(({ line_number }) => !(part.is_last_line_open && line_number === part.lines_total));
}

async function continuationFrom(
  { connection }: FileContext,
  { test_id }: StoredPart,
  last: LastRecord,
): Promise<Continuation> {
  const [before] = await select<{ largest: number | null; charge: number | null; discharge: number | null }>(
    connection,
    `SELECT max(abs(current_ampere)) AS largest,
       max(charging_capacity_ah) FILTER (WHERE record_index = ${last.record_index - 1}) AS charge,
       max(discharging_capacity_ah) FILTER (WHERE record_index = ${last.record_index - 1}) AS discharge
     FROM measurements WHERE test_id = ${test_id} AND record_index < ${last.record_index}`,
  );
  return {
    recordIndex: last.record_index - 1,
    stepCount: last.step_count - 1,
    lineNumber: last.line_number - 1,
    testTime: last.test_time_second,
    largestCurrent: before?.largest ?? 0,
    chargeRunning: before?.charge ?? 0,
    dischargeRunning: before?.discharge ?? 0,
  };
}

/** Copies the file from the line of the last complete record on, and examines its bytes. */
async function tailOf(
  context: FileContext,
  { file, growth, reading }: GrownFile,
  part: StoredPart,
  last: LastRecord,
): Promise<{ path: string; scan: FileScan } | undefined> {
  const from = await lineStart(file.path, growth.old.content_bytes!, part.lines_total - last.line_number);
  if (from === undefined) return undefined;
  const path = join(context.scratch, 'tail.txt');
  await copyTail(file.path, from, growth.contentBytes, path);
  const scan = await scanFile(path, false, reading.sniffed.text);
  return reading.sniffed.text.hasReturns ? undefined : { path, scan };
}

/** Codes of findings that say how the sign of the current was settled. */
const signCodes = [
  'CURRENT_FROM_STATE',
  'CURRENT_SIGN_FROM_STATE',
  'CURRENT_DIRECTION_FROM_COUNTERS',
  'COUNTER_IS_NET',
  'COUNTER_IS_THROUGHPUT',
];

/** Whether the direction of the current was settled in the tail in the same way as in the stored part. */
async function isSettledAlike(
  { connection }: FileContext,
  part: StoredPart,
  tailTest: number,
  settled: SettledTest,
): Promise<boolean> {
  const [moving] = await select<{ lowest: number | null; highest: number | null }>(
    connection,
    `SELECT min(current_ampere) AS lowest, max(current_ampere) AS highest
     FROM measurements WHERE test_id = ${tailTest}`,
  );
  const lowest = moving?.lowest ?? 0;
  const highest = moving?.highest ?? 0;
  if (lowest === 0 && highest === 0) return true;
  if (settled.currentDirection !== part.current_direction) return false;
  const stored = await select<{ code: string }>(
    connection,
    `SELECT DISTINCT code FROM findings WHERE test_id = ${part.test_id} AND code IN ('${signCodes.join("', '")}')`,
  );
  const before = stored.map(({ code }) => code).sort();
  const now = settled.findings.map(({ code }) => code as string).filter((code) => signCodes.includes(code));
  if (before.join() === [...new Set(now)].sort().join()) return true;
  // Only charging magnitudes were added, so there was nothing to reverse.
  return before.join() === 'CURRENT_FROM_STATE' && now.length === 0 && lowest >= 0;
}

/**
 * Whether the last stored record has the same absolute time in the tail. In the hour that a clock shows twice in
 * autumn, the tail alone does not show which one it is.
 */
async function isClockAlike(
  { connection }: FileContext,
  part: StoredPart,
  tailTest: number,
  { record_index }: LastRecord,
): Promise<boolean> {
  const times = await select(
    connection,
    `SELECT DISTINCT unix_time_second FROM measurements
     WHERE test_id IN (${part.test_id}, ${tailTest}) AND record_index = ${record_index}`,
  );
  return times.length === 1;
}

/** Appends the records of the tail to the stored ones. Undefined, with nothing changed, where they do not match. */
async function joinTail(
  context: FileContext,
  { file, growth, reading }: GrownFile,
  plan: TablePlan,
  part: StoredPart,
  last: LastRecord,
  loaded: LoadedFile,
): Promise<ExaminedTest | undefined> {
  const { connection } = context;
  const [table] = loaded.tables;
  const tailTest = table?.testId;
  if (table === undefined || tailTest === undefined || table.recordCount < 2) return undefined;
  const source = {
    path: file.path,
    sniffed: reading.sniffed,
    scan: { isGzip: false, contentBytes: growth.contentBytes },
  };
  const [examined] = await examineTests(connection, reading.sniffed.recognition.format, [
    {
      file: source,
      plan: { ...table.plan, firstLine: plan.firstLine },
      testId: tailTest,
      gathered: table.gathered,
    },
  ]);
  if (examined === undefined) return undefined;
  const { detectedScope } = examined.context;
  if (detectedScope !== undefined && detectedScope !== part.counter_scope) return undefined;
  const fits =
    (await isSettledAlike(context, part, tailTest, examined)) &&
    (await isClockAlike(context, part, tailTest, last)) &&
    (await haveSameChannels(connection, part.test_id, tailTest)) &&
    !(await recordDiffers(connection, part, tailTest, last.record_index, []));
  if (!fits) return undefined;
  await run(
    connection,
    `DELETE FROM measurements
     WHERE (test_id = ${part.test_id} AND record_index > ${last.record_index})
       OR (test_id = ${tailTest} AND record_index <= ${last.record_index})`,
  );
  await run(connection, `UPDATE measurements SET test_id = ${part.test_id} WHERE test_id = ${tailTest}`);
  for (const name of ['tests', 'auxiliary_channels'])
    await run(connection, `DELETE FROM ${name} WHERE test_id = ${tailTest}`);
  return examined;
}

/** Removes a loaded tail again. */
async function dropTail({ connection }: FileContext, loaded: LoadedFile): Promise<void> {
  await loaded.spool?.drop();
  for (const { testId } of loaded.tables) {
    if (testId === undefined) continue;
    for (const name of ['measurements', 'auxiliary_channels', 'tests'])
      await run(connection, `DELETE FROM ${name} WHERE test_id = ${testId}`);
  }
}

/** Lines that were rejected before the tail; they are in the grown file as well. */
async function earlierRejects(
  { connection }: FileContext,
  part: StoredPart,
  last: LastRecord,
): Promise<Reject[]> {
  return select<Reject>(
    connection,
    `SELECT line_number, column_name, raw_value, raw_line, reason FROM rejects
     WHERE file_id = ${part.file_id} AND line_number < ${last.line_number} ORDER BY line_number`,
  );
}

/** Findings that were not already made in the stored records; those move to the file that now holds all records. */
async function newFindings(
  { connection }: FileContext,
  { test_id }: StoredPart,
  fileId: number,
  examined: ExaminedTest,
): Promise<Finding[]> {
  const known = await select<{ code: string }>(
    connection,
    `SELECT DISTINCT code FROM findings WHERE test_id = ${test_id}`,
  );
  await run(connection, `UPDATE findings SET file_id = ${fileId} WHERE test_id = ${test_id}`);
  const codes = new Set(known.map(({ code }) => code));
  const found = examined.findings.map((finding): Finding => ({ ...finding, testId: test_id }));
  return [...found, ...auditFindings(examined, test_id)].filter(({ code }) => !codes.has(code));
}

/**
 * Stores what a grown file has after its last stored record. Undefined, with nothing changed, where the whole file has
 * to be read; the transaction is that of the caller.
 */
export async function appendTail(
  context: FileContext,
  grown: GrownFile,
  row: LedgerRow,
): Promise<FileOutcome | undefined> {
  const { connection } = context;
  const { file, reading, growth } = grown;
  const [plan] = reading.tables;
  if (plan === undefined || reading.tables.length > 1 || !isContinuable(reading.sniffed, plan))
    return undefined;
  const part = await storedPart(context, grown);
  const last = part === undefined ? undefined : await lastWholeRecord(context, part);
  if (part === undefined || last === undefined || !(await isGoingOn(context, grown, part))) return undefined;
  const tail = await tailOf(context, grown, part, last);
  if (tail === undefined) return undefined;
  const loaded = await loadFile(
    {
      path: tail.path,
      format: reading.sniffed.recognition.format,
      text: { ...reading.sniffed.text, bomBytes: 0 },
      scan: tail.scan,
      tables: [{ ...plan, headLines: 0, above: [], firstLine: 1 }],
    },
    {
      connection,
      scratch: context.scratch,
      timeZone: context.settingsOf(file).time_zone,
      fileId: row.file_id,
      from: await continuationFrom(context, part, last),
      spool: new RejectSpool(connection),
    },
  );
  const examined = await joinTail(context, grown, plan, part, last, loaded);
  if (examined === undefined) {
    await dropTail(context, loaded);
    return undefined;
  }
  checkUnchanged(file);

  const linesBefore = last.line_number - 1;
  const fresh = loaded.rejects.map((reject) => ({
    ...reject,
    line_number: Number(reject.line_number) + linesBefore,
  }));
  const rejects = [...(await earlierRejects(context, part, last)), ...fresh];
  row.sha256 = growth.sha256;
  row.head_key = grown.headKey;
  row.content_bytes = growth.contentBytes;
  row.is_last_line_open = !tail.scan.isTerminated;
  row.lines_total = linesBefore + tail.scan.lineCount;
  row.lines_head = part.lines_head;
  row.rows_loaded = last.record_index - 1 + loaded.rowsLoaded;
  row.rows_rejected = rejectCount({ rejects, spool: loaded.spool });
  row.lines_structural = row.lines_total - row.lines_head - row.rows_loaded - row.rows_rejected;
  row.related_file_id = part.file_id;
  row.status = 'appended';
  const samePath = part.path === row.path;
  const firstNew = last.record_index + 1;
  row.message = `continues ${samePath ? 'what was read from it before' : part.path}; new from record ${firstNew}`;
  await continueTest(connection, part.test_id, row.file_id, firstNew, row.rows_loaded);
  if (samePath) await markSuperseded(connection, part.file_id);
  const findings = [...reading.findings, ...(await newFindings(context, part, row.file_id, examined))];
  const spooled = { spool: loaded.spool, shift: linesBefore };
  const spooledRejects = loaded.spool?.count ?? 0;
  await writeLedger(connection, [{ row, rejects, spooled, findings }]);
  const known = part.is_last_line_open ? part.lines_total - 1 : part.lines_total;
  return {
    row,
    rejects: fresh.filter(({ line_number }) => line_number > known),
    spooledRejects,
    findings,
    testIds: [part.test_id],
    openSteps: new Map([[part.test_id, last.step_count]]),
  };
}
