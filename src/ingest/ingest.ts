import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, inTransaction, nextId, run } from '../store/connection.js';
import { deriveTests } from '../store/derive/derive.js';
import { checkSpace } from '../store/disk-space.js';
import { appendLog } from '../store/log.js';
import { databasePaths } from '../store/paths.js';
import { describeUnused, unusedPatterns } from '../store/unused-patterns.js';
import { openWriter, type Writer } from '../store/writer.js';
import { toolVersion } from '../version.js';
import { auditAgainstCells } from './audit/cells.js';
import { auditCycles } from './audit/cycles.js';
import { findingsOf, repairTests, testsOfPaths } from './audit/make-repairs.js';
import { type Discovery, discoverFiles, type FoundFile } from './bytes/discover.js';
import { liftForgotten } from './correct/lift.js';
import { eventNow, fileCount, type IngestEvent, outcomeEvent } from './events.js';
import type { FileContext, FileOutcome } from './file-context.js';
import type { Format } from './formats/index.js';
import { formatsVersion } from './ingest-file.js';
import { IngestRun } from './ingest-run.js';
import { applyLab } from './lab/apply.js';
import { cellFinder } from './lab/assign.js';
import type { LabMetadata } from './lab/index.js';
import { allLabs, type LabFolders, type LabPlaces, readGivenLabs } from './lab/labs.js';
import { implausibleInWords } from './lab/plausibility.js';
import { formatsOfLabs } from './lab-formats.js';
import type { KnownFile } from './ledger/ledger.js';
import { LedgerIndex } from './ledger/ledger-index.js';
import { ledgerPath } from './ledger/ledger-row.js';
import { notePresence } from './ledger/presence.js';
import type { IngestOptions } from './options.js';
import { declaredFor, declaredFormat, settingsForFile } from './read-with.js';
import { settleSettings } from './rereads.js';
import type { IngestSummary } from './summary.js';
import { settleMoved, tellSurroundings } from './surroundings.js';

export type { IngestOptions } from './options.js';
export type { IngestSummary } from './summary.js';

/** A file that was read before is read again only if its bytes may have changed, or if it failed and its format changed. */
function needsReading(file: FoundFile, known: KnownFile | undefined, formats: readonly Format[]): boolean {
  if (known === undefined) return true;
  if (known.status === 'forgotten') return false;
  const isSame = known.size_bytes === file.size && BigInt(known.modified_ns ?? 0) === file.modifiedNs;
  if (!isSame) return true;
  if (known.status !== 'rejected' && known.status !== 'ignored') return false;
  // A file that `ignore` excluded before but not any more.
  if (known.read_with?.includes('"ignored":true') === true) return true;
  const current = formats.find(({ id }) => id === known.format)?.fingerprint;
  // A file without a matching format is tried again when there are other formats.
  return known.format === null
    ? known.format_version !== formatsVersion(formats)
    : known.format_version !== current;
}

/**
 * Reads every new or changed file below the paths into the database, derives steps and cycles of what changed, and
 * publishes the snapshot. Each file is stored completely with its ledger row, or not at all.
 *
 * @throws CellarError for wrong metadata (2), a full disk (74) or a database that another process holds (75)
 */
export async function ingest(paths: readonly string[], options: IngestOptions): Promise<IngestSummary> {
  try {
    return await ingestFound(await discoverFiles(paths), paths, options);
  } catch (error) {
    noteFailure(options.database, error as Error);
    throw error;
  }
}

/** The same for files that were already found. */
export async function ingestFound(
  found: Discovery,
  paths: readonly string[],
  options: IngestOptions,
): Promise<IngestSummary> {
  const places: LabPlaces = { ...found, lab: options.lab, above: dirname(resolve(options.database)) };
  const given = await readGivenLabs(places);
  const writer = await openWriter(options.database, {
    command: options.command ?? 'cellar ingest',
    ...(options.waitSeconds === undefined ? {} : { waitSeconds: options.waitSeconds }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  try {
    return await ingestInto(writer, { given, places }, found, paths, options);
  } finally {
    await writer.end();
  }
}

/** Records what ended a run, for the digest: a run that could not begin leaves no other trace. */
function noteFailure(database: string, { message }: Error): void {
  const paths = databasePaths(database);
  if (existsSync(paths.folder)) appendLog(paths.log, eventNow('failed', { message }));
}

/** What a run works with from its beginning to its end. */
interface Run {
  writer: Writer;
  paths: readonly string[];
  options: IngestOptions;
  labs: LabFolders;
  formats: readonly Format[];
  index: LedgerIndex;
  /** Every file below the paths that is a data file according to the settings. */
  files: readonly FoundFile[];
  /** Stored files that are read again even if unchanged, by their path. */
  rereads: FileContext['rereads'];
  /** Reports events, to the log and to listeners. */
  emit(event: IngestEvent): void;
}

async function ingestInto(
  writer: Writer,
  metadata: { given: readonly LabMetadata[]; places: LabPlaces },
  discovery: Discovery,
  paths: readonly string[],
  options: IngestOptions,
): Promise<IngestSummary> {
  const { connection } = writer;
  const startedAt = new Date();
  const emit = (event: IngestEvent) => {
    appendLog(writer.paths.log, event);
    options.onEvent?.(event);
  };
  const labs = await allLabs(connection, metadata.given, metadata.places);
  await liftForgotten(connection, paths);
  const index = await LedgerIndex.read(connection);
  const formats = await formatsOfLabs(labs.all.flatMap(({ folder }) => folder ?? []));
  const settled = await settleSettings(connection, discovery, index, labs, formats, {
    reread: options.reread === true,
    format: options.format,
    dateOrder: options.dateOrder,
  });
  const { files, rereads } = settled;
  const ingesting: Run = { writer, paths, options, labs, formats, index, files, rereads, emit };
  const { changed, wanted } = wantedFiles(ingesting);
  const summary: IngestSummary = {
    outcomes: [],
    unchanged: files.length - changed.length,
    ...(await notePresence(connection, discovery)),
    moved: [],
    postponed: [],
    unreadable: [...discovery.unreadable],
    skipped: discovery.skipped,
    repaired: [],
    notices: [...(writer.notice === undefined ? [] : [writer.notice]), ...labs.notices, ...settled.notices],
    isPublished: true,
    hasTrouble: false,
  };
  summary.hasTrouble = summary.unreadable.length + summary.emptied.length > 0;
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  if (wanted.length > 0) await checkSpace(writer.paths, bytes);
  let hasChanged = settled.notices.length + summary.vanished.length + summary.returned.length > 0;
  if (await applyLab(connection, labs)) hasChanged = true;
  options.onStart?.({ files: wanted.length, bytes });
  if (wanted.length > 0 || (options.repair ?? []).length > 0) {
    await takeWanted(ingesting, wanted, startedAt, summary);
    hasChanged = true;
  } else emit(eventNow('looked', { message: 'nothing new' }));
  await settleMoved(connection, summary);
  if (hasChanged) {
    summary.notices.push(...(await unusedPatterns(connection)).map(describeUnused));
    summary.notices.push(...(await implausibleInWords(connection)));
  }
  tellSurroundings(summary, emit);
  if (hasChanged || !writer.isPublished) summary.isPublished = await publish(ingesting);
  return summary;
}

/** Files that are new, changed or requested again, and those of them that may be read now. */
function wantedFiles({ options, index, formats, files, rereads }: Run): {
  changed: FoundFile[];
  wanted: FoundFile[];
} {
  const changed = files.filter((file) => {
    const known = index.newest(ledgerPath(file));
    return (
      rereads.has(ledgerPath(file)) ||
      (options.format !== undefined && (known?.status === 'rejected' || known?.status === 'ignored')) ||
      (options.supersede === true && known?.status === 'conflict') ||
      needsReading(file, known, formats)
    );
  });
  const { isReady } = options;
  if (isReady === undefined) return { changed, wanted: changed };
  return { changed, wanted: changed.filter((file) => rereads.has(ledgerPath(file)) || isReady(file)) };
}

/** Stores the files under a new run, then what depends on all of them: repairs, metadata and audits. */
async function takeWanted(
  ingesting: Run,
  wanted: readonly FoundFile[],
  startedAt: Date,
  summary: IngestSummary,
): Promise<void> {
  const { writer, paths, options, labs, files, emit } = ingesting;
  const { connection } = writer;
  const runId = await startRun(writer, paths, options, startedAt);
  emit(
    eventNow('started', { message: `${options.command ?? 'cellar ingest'}: ${fileCount(wanted.length)}` }),
  );
  const onFile = (outcome: FileOutcome) => {
    emit(outcomeEvent(outcome));
    options.onFile?.(outcome);
  };
  const ingestRun = new IngestRun(writer, await contextOf(ingesting), { ...options, onFile }, summary);
  await ingestRun.takeAll(wanted);
  await ingestRun.takeChanged();
  for (const { path, message } of summary.postponed) emit(eventNow('postponed', { path, message }));
  await inTransaction(connection, () => repairStored(connection, files, options, summary));
  await applyLab(connection, labs);
  await inTransaction(connection, async () => {
    for (const found of [await auditAgainstCells(connection), await auditCycles(connection)]) {
      for (const { row, findings } of summary.outcomes) findings.push(...(found.get(row.file_id) ?? []));
    }
  });
  await run(connection, `UPDATE runs SET finished_at = $1 WHERE run_id = ${runId}`, [new Date()]);
  emit(eventNow('finished', { message: fileCount(summary.outcomes.length) }));
}

/** What reading a file may depend on, apart from its bytes. */
async function contextOf({ writer, options, labs, formats, index, rereads }: Run): Promise<FileContext> {
  return {
    connection: writer.connection,
    index,
    scratch: writer.paths.scratch,
    settingsOf: (file) => settingsForFile(labs, file),
    forcedFor: (file) => options.format ?? declaredFormat(settingsForFile(labs, file).format, formats),
    declaredFor: (file) => declaredFor(settingsForFile(labs, file), formats),
    rereads,
    cellOf: await cellFinder(writer.connection, labs),
    dateOrder: options.dateOrder,
    formats,
    supersede: options.supersede ?? false,
    onBytes: options.onBytes ?? (() => undefined),
    onStored: options.onStored,
  };
}

/** Publishes what was stored, if requested; returns whether readers see it. */
async function publish({ writer, options, emit }: Run): Promise<boolean> {
  if (options.publish === false) return false;
  const isPublished = (await writer.publish()) === 'published';
  emit(eventNow(isPublished ? 'published' : 'waiting', { path: writer.paths.snapshot }));
  return isPublished;
}

/** Makes the requested repairs, in what this run stored and in what earlier runs stored. */
async function repairStored(
  connection: DuckDBConnection,
  files: readonly FoundFile[],
  { repair = [] }: IngestOptions,
  summary: IngestSummary,
): Promise<void> {
  if (repair.length === 0) return;
  const repaired = await repairTests(
    connection,
    repair,
    await testsOfPaths(connection, new Set(files.map(ledgerPath))),
  );
  if (repaired.length === 0) return;
  await deriveTests(connection, [...new Set(repaired.map(({ test_id }) => test_id))]);
  summary.repaired.push(...repaired);
  for (const outcome of summary.outcomes)
    outcome.findings = await findingsOf(connection, outcome.row.file_id);
}

async function startRun(
  writer: Writer,
  paths: readonly string[],
  options: IngestOptions,
  startedAt: Date,
): Promise<number> {
  const runId = await nextId(writer.connection, 'runs', 'run_id');
  await insertRows(writer.connection, 'runs', [
    {
      run_id: runId,
      command: 'ingest',
      started_at: startedAt,
      tool_version: toolVersion,
      parameters: JSON.stringify({
        paths,
        format: options.format?.id,
        date_order: options.dateOrder,
        supersede: options.supersede,
        repair: options.repair,
      }),
    },
  ]);
  return runId;
}
