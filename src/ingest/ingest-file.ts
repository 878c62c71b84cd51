import { run } from '../store/connection.js';
import { incompleteLine } from '../store/derive/running.js';
import { placeIn } from '../store/place.js';
import { appendTail } from './append.js';
import { auditStored, type ExaminedTest, examineTests } from './audit/examine.js';
import type { FoundFile } from './bytes/discover.js';
import type { FileScan } from './bytes/scan.js';
import type { TextView } from './containers/view.js';
import type { FileContext, FileOutcome } from './file-context.js';
import type { Finding } from './findings.js';
import { decide, relate } from './ledger/decide.js';
import { type LedgerRow, storedFile, writeLedger } from './ledger/ledger.js';
import { emptyRow, noteFormat, noteLines, noteScan } from './ledger/ledger-row.js';
import { replaceReread } from './ledger/replace.js';
import { describeSpectra, describeTests, identityOf } from './ledger/test-rows.js';
import { loadFile } from './load/load.js';
import type { LoadedFile, LoadedTable } from './load/loaded.js';
import { placeInContainer, withoutHeads } from './load/place.js';
import { RejectSpool } from './load/reject-spool.js';
import {
  checkUnchanged,
  type PrepareContext,
  type PreparedFile,
  prepareWhole,
  type ReadingPlan,
} from './prepare.js';
import type { ReadWith } from './read-with.js';
import type { RereadFile } from './rereads.js';
import { textPath } from './sniff/sniff.js';

/** Counts all lines of a file as structural, because none of them is read. */
async function settleUnread(context: FileContext, row: LedgerRow): Promise<FileOutcome> {
  row.lines_structural = row.lines_total;
  await writeLedger(context.connection, [{ row, rejects: [], findings: [] }]);
  return { row, rejects: [], findings: [], testIds: [] };
}

interface SettledFile {
  loaded: LoadedFile;
  /** Findings from reading it; `testId` is that of the table as loaded. */
  findings: Finding[];
  examined: Map<LoadedTable, ExaminedTest>;
}

/** Loads, settles and describes the tests of a recognised file. */
async function loadAndSettle(
  context: FileContext,
  file: FoundFile,
  { sniffed, tables, starts, findings: seen }: ReadingPlan,
  scan: FileScan,
  row: LedgerRow,
): Promise<SettledFile> {
  const { connection } = context;
  const { format } = sniffed.recognition;
  const findings = [...seen];
  const timeZone = context.settingsOf(file).time_zone;
  const examined = new Map<LoadedTable, ExaminedTest>();
  const loaded = await loadFile(
    {
      path: textPath(file.path, sniffed),
      format,
      text: sniffed.text,
      scan,
      tables,
      columns: sniffed.view?.columns,
    },
    {
      connection,
      scratch: context.scratch,
      timeZone,
      fileId: row.file_id,
      readTable: context.readTable,
      // The place of each row of a view has to be looked up, so all rows are kept in memory.
      spool: sniffed.view === undefined ? new RejectSpool(connection) : undefined,
    },
  );
  if (sniffed.view !== undefined) await placeInContainer(connection, loaded, sniffed.view);
  for (const [index, table] of loaded.tables.entries()) {
    const started = starts[index];
    if (table.testId !== undefined) {
      const source = { path: textPath(file.path, sniffed), sniffed, scan };
      const test = { file: source, plan: table.plan, testId: table.testId, gathered: table.gathered };
      const found = (await examineTests(connection, format, [test]))[0]!;
      examined.set(table, found);
      findings.push(...found.findings);
      const partIndex = index + 1;
      await describeTests(connection, [
        { table, fileId: row.file_id, partIndex, sniffed, examined: found, started, timeZone },
      ]);
    }
    if (table.spectra.length > 0) {
      await describeSpectra(connection, table, { fileId: row.file_id, started, sniffed, timeZone });
    }
  }
  return { loaded, findings, examined };
}

/** Notes how the lines of a loaded file add up, and returns whether any of them was stored. */
function noteLoaded(row: LedgerRow, loaded: LoadedFile, view: TextView | undefined): boolean {
  noteLines(row, loaded);
  if (view !== undefined) withoutHeads(row, view);
  if (loaded.rowsLoaded > 0) return true;
  const bad = loaded.rejects.filter(({ reason }) => reason !== incompleteLine);
  const badCount = bad.length + (loaded.spool?.count ?? 0);
  row.status = bad.length === 0 ? 'empty' : 'rejected';
  row.message =
    bad.length === 0
      ? 'no data rows'
      : `none of ${badCount} ${row.unit_of_lines}s could be read; the first, ${placeIn(row, bad[0]!.line_number)}: ${bad[0]!.reason}`;
  return false;
}

/** Replaces the content of a stored file by what it gives when read again with other settings. */
async function takeAgain(
  connection: FileContext['connection'],
  row: LedgerRow,
  loaded: LoadedFile,
  { stored, why }: RereadFile,
): Promise<void> {
  const old = await storedFile(connection, stored.file_id);
  if (old === undefined) throw new Error(`file ${stored.file_id} is in no ledger`);
  const isGrown = row.sha256 !== stored.sha256;
  await replaceReread(connection, loaded, old, row.file_id);
  row.file_id = stored.file_id;
  row.path = stored.path;
  row.root = old.root;
  row.status = isGrown ? 'appended' : stored.status;
  row.message = `read again: ${why}`;
}

async function loadWhole(
  context: FileContext,
  { file, reading, scan, grownFrom, reread }: Extract<PreparedFile, { kind: 'readable' }>,
  row: LedgerRow,
): Promise<FileOutcome> {
  const { connection } = context;
  const { loaded, findings, examined } = await loadAndSettle(context, file, reading, scan, row);
  checkUnchanged(file);
  if (noteLoaded(row, loaded, reading.sniffed.view)) {
    const tableOf = new Map(loaded.tables.map((table) => [table.testId, table]));
    const { sniffed, starts } = reading;
    if (reread !== undefined) await takeAgain(connection, row, loaded, reread);
    else {
      const begunWith = grownFrom === undefined ? undefined : context.index.withHash(grownFrom);
      const relation = await relate(
        connection,
        row,
        loaded,
        identityOf(row, sniffed, starts, reading.tables),
        context.cellOf,
        begunWith === undefined ? undefined : await storedFile(connection, begunWith.file_id),
        {
          beOlder: context.index.mayBeBeginning(scan.headKey, scan.contentBytes),
          haveTwin: sniffed.view !== undefined || starts.some((start) => context.index.mayHaveTwin(start)),
        },
      );
      await decide(connection, row, loaded, relation, context.supersede, findings);
    }
    // A test may have the number of the one it continues or replaces, or may have been dropped.
    for (const finding of findings) {
      if (finding.testId !== undefined) finding.testId = tableOf.get(finding.testId)?.testId;
    }
    for (const [{ testId }, found] of examined) {
      if (testId !== undefined) findings.push(...(await auditStored(connection, found, testId)));
    }
  }
  const testIds = loaded.tables.flatMap(({ testId }) => testId ?? []);
  const { rejects, spool } = loaded;
  const spooledRejects = spool?.count ?? 0;
  await writeLedger(connection, [{ row, rejects, spooled: { spool }, findings }]);
  return { row, rejects, spooledRejects, findings, testIds };
}

/**
 * Stores one prepared file with its ledger row. The transaction is that of the caller: the file is stored completely
 * or, if this throws, not at all.
 *
 * @throws FileChangedError where the file changed while it was read, or the error that prevented reading
 */
export async function ingestFile(
  context: FileContext,
  prepared: PreparedFile,
  fileId: number,
): Promise<FileOutcome> {
  if (prepared.kind === 'failed') throw prepared.error;
  const { file } = prepared;
  const row = emptyRow(file, fileId);
  const { sniffed } = prepared.kind === 'refused' ? prepared : prepared.reading;
  noteFormat(row, sniffed);
  if (prepared.kind !== 'refused') row.read_with = readWith(context, prepared);
  if (prepared.kind === 'grown') {
    const grown = await appendTail(context, prepared, row);
    if (grown !== undefined) return grown;
    const whole = await prepareWhole(context, file, prepared.reading.sniffed);
    return ingestFile(context, { ...whole, grownFrom: prepared.growth.old.sha256! }, fileId);
  }
  noteScan(row, prepared.scan);
  const same = prepared.scan.contentBytes === 0 ? undefined : context.index.withHash(prepared.scan.sha256);
  const reread = context.rereads.get(row.path);
  if (prepared.kind === 'refused' && reread !== undefined) {
    row.status = 'rejected';
    row.message = `${prepared.sniffed.refusal.message}; what was read from it before stays (${reread.why})`;
    if (row.format === null) row.format_version = formatsVersion(context.formats);
    // The file is tried again when something changes, not every night.
    await run(
      context.connection,
      `UPDATE files SET read_with = $1 WHERE file_id = ${reread.stored.file_id}`,
      [JSON.stringify({ declared: context.declaredFor(file), depends_on: ['format', 'own_formats'] })],
    );
    return settleUnread(context, row);
  }
  if (same !== undefined && (prepared.kind !== 'readable' || prepared.reread === undefined)) {
    row.status = 'duplicate';
    row.related_file_id = same.file_id;
    row.message = `the same bytes as ${same.path}`;
    return settleUnread(context, row);
  }
  const forgotten = context.index.forgottenWithHash(prepared.scan.sha256);
  if (forgotten !== undefined) {
    row.status = 'forgotten';
    row.message = `the same bytes as ${forgotten.path}, which was taken out by \`cellar forget\``;
    return settleUnread(context, row);
  }
  if (prepared.kind === 'readable') return loadWhole(context, prepared, row);
  row.status = prepared.sniffed.refusal.status;
  row.message = prepared.sniffed.refusal.message;
  if (row.format === null) row.format_version = formatsVersion(context.formats);
  return settleUnread(context, row);
}

/** Fingerprint of all formats together, noted for files that none of them claimed. */
export function formatsVersion(formats: PrepareContext['formats']): string {
  return `any:${formats.map(({ fingerprint }) => fingerprint.slice(0, 4)).join('')}`;
}

/** The settings that a file is read with, to be stored with it. */
export function readWith(
  context: PrepareContext,
  { file, reading }: Extract<PreparedFile, { kind: 'readable' | 'grown' }>,
): string {
  const declared = context.declaredFor(file);
  const kept: ReadWith = {
    declared,
    depends_on: reading.dependsOn,
    date_order: context.dateOrder ?? declared.date_order,
  };
  return JSON.stringify(kept);
}

/** Whether an outcome makes the run end with exit code 4. */
export function isTrouble({ row, rejects }: FileOutcome): boolean {
  return (
    row.status === 'rejected' ||
    row.status === 'conflict' ||
    rejects.some(({ reason }) => reason !== incompleteLine)
  );
}

/** The ledger row of a file that could not be read at all. */
export async function recordUnreadable(
  context: FileContext,
  file: FoundFile,
  fileId: number,
  message: string,
): Promise<FileOutcome> {
  const row = emptyRow(file, fileId);
  row.message = message;
  await writeLedger(context.connection, [{ row, rejects: [], findings: [] }]);
  return { row, rejects: [], findings: [], testIds: [] };
}
