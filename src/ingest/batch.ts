import { deriveGrownSteps, deriveSteps } from '../store/derive/derive.js';
import { auditFindings, examineTests } from './audit/examine.js';
import type { FileContext, FileOutcome } from './file-context.js';
import { ingestFile, readWith } from './ingest-file.js';
import { writeLedger } from './ledger/ledger.js';
import { emptyRow, ledgerPath, noteFormat, noteLines, noteScan } from './ledger/ledger-row.js';
import { removeTests } from './ledger/replace.js';
import { describeTests, type TestDescription } from './ledger/test-rows.js';
import { mayBeTwins } from './ledger/twin.js';
import { loadTogether, mayBeLoadedTogether } from './load/load.js';
import type { LoadedFile, ReadyFile } from './load/loaded.js';
import { checkUnchanged, type PreparedFile } from './prepare.js';

/**
 * The files of one transaction. Small plain files that are read in the same way, and have no relation to anything
 * stored, are stored together in one scan; every other file is stored alone, after them and in the order of paths.
 */

type ReadableFile = Extract<PreparedFile, { kind: 'readable' }>;

interface Member {
  ready: ReadyFile;
  prepared: ReadableFile;
  fileId: number;
}

/** Larger files gain nothing from being stored together, and would need memory. */
const groupedBytes = 4 << 20;

/** Thrown between two files when the run is to end: what the transaction did is rolled back. */
export class InterruptedError extends Error {}

/** Groups files that may be stored together by their format; a file that may repeat another one is left out. */
function groupsOf(context: FileContext, batch: readonly PreparedFile[], firstFileId: number): Member[][] {
  const { index } = context;
  const seen = new Set<string>();
  const groups = new Map<string, Member[]>();
  for (const [at, prepared] of batch.entries()) {
    if (prepared.kind !== 'readable' || prepared.file.size > groupedBytes) continue;
    if (prepared.grownFrom !== undefined || prepared.reread !== undefined) continue;
    if (prepared.reading.sniffed.view !== undefined) continue;
    const { file, reading, scan } = prepared;
    const { format } = reading.sniffed.recognition;
    const [plan] = reading.tables;
    const [start] = reading.starts;
    if (plan === undefined || index.isStoredUnder(ledgerPath(file)) || index.withHash(scan.sha256)) continue;
    if (index.startsWithNative(start)) continue;
    const identity = `${start?.getTime()}/${format.vendor}`;
    const isKnown = start !== undefined && (index.hasIdentity(format.vendor, start) || seen.has(identity));
    seen.add(identity);
    if (isKnown || seen.has(scan.sha256)) continue;
    if (start === undefined) {
      // Without a clock only the rows can tell, and the first bytes of a short file do not show which other files to
      // compare.
      if (seen.has(scan.headKey) || index.mayBeBeginning(scan.headKey, scan.contentBytes)) continue;
      seen.add(scan.headKey);
    }
    seen.add(scan.sha256);
    const ready = { path: file.path, format, text: reading.sniffed.text, scan, tables: reading.tables };
    if (!mayBeLoadedTogether(ready)) continue;
    const member = { ready, prepared, fileId: firstFileId + at };
    groups.set(format.id, [...(groups.get(format.id) ?? []), member]);
  }
  return [...groups.values()].filter((members) => members.length > 1);
}

/** The outcome of a loaded file without relation to any other. */
function storedOutcome(context: FileContext, { prepared, fileId }: Member, loaded: LoadedFile): FileOutcome {
  const { file, reading, scan } = prepared;
  const row = emptyRow(file, fileId);
  noteFormat(row, reading.sniffed);
  noteScan(row, scan);
  noteLines(row, loaded);
  row.status = 'ingested';
  row.message = 'stored';
  row.read_with = readWith(context, prepared);
  const testIds = loaded.tables.flatMap(({ testId }) => testId ?? []);
  return { row, rejects: loaded.rejects, findings: [...reading.findings], testIds };
}

/** Stores a group of files; those that turn out to need separate reading have no outcome. */
async function storeGroup(context: FileContext, members: readonly Member[]): Promise<FileOutcome[]> {
  const { connection } = context;
  const zoneOf = ({ prepared }: Member) => context.settingsOf(prepared.file).time_zone;
  const files = await loadTogether(
    members.map((member) => ({ ready: member.ready, timeZone: zoneOf(member) })),
    { connection, scratch: context.scratch },
  );
  const loaded = members.flatMap((member, at) => {
    const file = files[at];
    return file === undefined
      ? []
      : [{ member, table: file.tables[0]!, outcome: storedOutcome(context, member, file) }];
  });
  const tests = loaded.map(({ member, table }) => ({
    file: {
      path: member.prepared.file.path,
      sniffed: member.prepared.reading.sniffed,
      scan: member.ready.scan,
    },
    plan: table.plan,
    testId: table.testId!,
    gathered: table.gathered,
  }));
  const examined = await examineTests(connection, members[0]!.ready.format, tests);
  const facts: TestDescription[] = [];
  for (const [at, { member, table, outcome }] of loaded.entries()) {
    const { sniffed, starts } = member.prepared.reading;
    const found = examined[at]!;
    outcome.findings.push(...found.findings, ...auditFindings(found, table.testId!));
    facts.push({
      table,
      fileId: member.fileId,
      partIndex: 1,
      sniffed,
      examined: found,
      started: starts[0],
      timeZone: zoneOf(member),
    });
    checkUnchanged(member.prepared.file);
  }
  await describeTests(connection, facts);
  const doubtful = context.index.hasNative
    ? await mayBeTwins(
        connection,
        tests.map(({ testId, file }) => ({ testId, path: file.path })),
      )
    : new Set<number>();
  await removeTests(connection, [...doubtful]);
  const outcomes = loaded.flatMap(({ outcome, table }) => (doubtful.has(table.testId!) ? [] : [outcome]));
  await writeLedger(connection, outcomes);
  return outcomes;
}

function noteOutcome({ index }: FileContext, prepared: PreparedFile, { row, testIds }: FileOutcome): void {
  index.note(row);
  if (prepared.kind !== 'readable') return;
  const { sniffed, starts } = prepared.reading;
  if (sniffed.view !== undefined) for (const start of starts) index.addNative(start);
  if (testIds.length === 0) return;
  for (const start of starts) {
    if (start !== undefined) index.addIdentity(sniffed.recognition.format.vendor, start);
  }
}

/** Derives the steps of what the files changed: of whole tests, or of the ends of continued tests. */
async function deriveOutcomes({ connection }: FileContext, outcomes: readonly FileOutcome[]): Promise<void> {
  const whole = new Set<number>();
  const grown = new Map<number, number>();
  for (const { testIds, openSteps } of outcomes) {
    for (const testId of testIds) {
      const open = openSteps?.get(testId);
      if (open === undefined) whole.add(testId);
      else grown.set(testId, Math.min(open, grown.get(testId) ?? open));
    }
  }
  for (const testId of whole) grown.delete(testId);
  await deriveSteps(connection, [...whole]);
  await deriveGrownSteps(connection, grown);
}

/**
 * Stores prepared files, their ledger rows and the steps derived from them. The transaction is that of the caller.
 *
 * @returns outcomes in the order of the files
 * @throws the error that prevented one of them from being read; the caller then rolls back and tries each file alone
 */
export async function storeBatch(
  context: FileContext,
  batch: readonly PreparedFile[],
  signal?: AbortSignal,
): Promise<FileOutcome[]> {
  const firstFileId = context.index.nextFileId;
  const outcomes = new Map<number, FileOutcome>();
  for (const members of groupsOf(context, batch, firstFileId)) {
    for (const outcome of await storeGroup(context, members)) outcomes.set(outcome.row.file_id, outcome);
  }
  for (const [at, prepared] of batch.entries()) {
    const outcome = outcomes.get(firstFileId + at);
    if (outcome === undefined) continue;
    noteOutcome(context, prepared, outcome);
    context.onStored?.(prepared.file.path);
  }
  for (const [at, prepared] of batch.entries()) {
    if (signal?.aborted === true) throw new InterruptedError('interrupted');
    const fileId = firstFileId + at;
    if (outcomes.has(fileId)) continue;
    const outcome = await ingestFile(context, prepared, fileId);
    outcomes.set(fileId, outcome);
    noteOutcome(context, prepared, outcome);
    context.onStored?.(prepared.file.path);
  }
  const ordered = [...outcomes].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
  await deriveOutcomes(context, ordered);
  return ordered;
}
