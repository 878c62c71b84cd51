import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { findingsOf, mendTests, testsOfPaths } from './audit/mend.js';
import { Interrupted, storeBatch } from './batch.js';
import { type Discovery, discoverFiles, type FoundFile, seenNow } from './bytes/discover.js';
import { FileChangedError } from './bytes/scan.js';
import { dropView } from './containers/view.js';
import { liftForgotten } from './correct/lift.js';
import { eventNow, fileCount, type IngestEvent, outcomeEvent } from './events.js';
import type { FileContext, FileOutcome } from './file-context.js';
import type { FindingCode } from './findings.js';
import type { Format } from './formats/index.js';
import { formatsVersion, isTrouble, recordUnreadable } from './ingest-file.js';
import { applyLab } from './lab/apply.js';
import { cellFinder } from './lab/assign.js';
import type { Lab } from './lab/index.js';
import { allLabs, type LabPlaces, readGivenLabs } from './lab/labs.js';
import { implausibleInWords } from './lab/plausibility.js';
import { formatsOfLabs } from './lab-formats.js';
import type { KnownFile } from './ledger/ledger.js';
import { LedgerIndex } from './ledger/ledger-index.js';
import { ledgerPath } from './ledger/ledger-row.js';
import { notePresence } from './ledger/presence.js';
import { type Prepared, prepareFile, refuseDamaged } from './prepare.js';
import { declaredFor, declaredFormat, settingsForFile } from './read-with.js';
import { settleSettings } from './rereads.js';
import type { DateOrder } from './sniff/clock.js';
import type { IngestSummary } from './summary.js';
import { settleMoved, tellSurroundings } from './surroundings.js';

export type { IngestSummary } from './summary.js';

/** Where and how a run of `ingest` stores what it reads. */
export interface IngestOptions {
  /** Path of the snapshot people open. */
  database: string;
  /** Folder of the lab's metadata; absent: beside the exports, else where it was last time. */
  lab?: string | undefined;
  format?: Format | undefined;
  dateOrder?: DateOrder | undefined;
  supersede?: boolean | undefined;
  /** Read files again that are stored, with the settings as they are now. */
  reread?: boolean | undefined;
  /** Codes of findings whose proposed repair is wanted, also in files that were read before. */
  repair?: readonly FindingCode[] | undefined;
  waitSeconds?: number | undefined;
  signal?: AbortSignal | undefined;
  /** What the command line was, for the lock and the run's record. */
  command?: string | undefined;
  /** Whether a file may be read now; one that may not is left for a later run. Absent: all may. */
  isReady?: ((file: FoundFile) => boolean) | undefined;
  /** Whether readers are to see the outcome at once. Absent: yes. */
  publish?: boolean | undefined;
  /** Called once, with how much there is to read. */
  onStart?(total: { files: number; bytes: number }): void;
  /** Called with the number of bytes read since the last call. */
  onBytes?(count: number): void;
  /** Called when a file was worked through; its outcome follows with those of its batch. */
  onStored?(path: string): void;
  /** Called with what became of each file, in order. */
  onFile?(outcome: FileOutcome): void;
  /** Everything that goes into the log, too. */
  onEvent?(event: IngestEvent): void;
}

/**
 * Files of one transaction: many small ones share it, a large one has its own. What a batch costs whatever it holds (the
 * derivation plans some twenty statements) is spread over its files: measured for 500 rows a file, 13 ms of processor
 * time per file in batches of 100, 8 ms in batches of 500.
 */
const batchFiles = 500;
const batchBytes = 32 << 20;

/** A file that was read before is read again only if its bytes may have changed, or if it failed and its format changed. */
function needsReading(file: FoundFile, known: KnownFile | undefined, formats: readonly Format[]): boolean {
  if (known === undefined) return true;
  if (known.status === 'forgotten') return false;
  const isSame = known.size_bytes === file.size && BigInt(known.modified_ns ?? 0) === file.modifiedNs;
  if (!isSame) return true;
  if (known.status !== 'rejected' && known.status !== 'ignored') return false;
  // What `ignore` left aside and does not any more.
  if (known.read_with?.includes('"ignored":true') === true) return true;
  const current = formats.find(({ id }) => id === known.format)?.fingerprint;
  // A file no format claimed is tried again when there are other formats to claim it.
  return known.format === null
    ? known.format_version !== formatsVersion(formats)
    : known.format_version !== current;
}

/** DuckDB reports a full disk as text. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /No space left on device|disk full|ENOSPC|EDQUOT/i.test(error.message);
}

/** How long a file that changed while it was read is given before it is tried again. */
const retryMilliseconds = 500;

/** Cuts files into batches, by count and size alone, so that a run that was cut off goes on with the same ones. */
function batchesOf(files: readonly FoundFile[]): FoundFile[][] {
  const batches: FoundFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    const current = batches.at(-1);
    if (current === undefined || current.length >= batchFiles || bytes + file.size > batchBytes) {
      batches.push([file]);
      bytes = file.size;
    } else {
      current.push(file);
      bytes += file.size;
    }
  }
  return batches;
}

/** One run of ingest over an open database. */
class IngestRun {
  readonly summary: IngestSummary;
  private readonly writer: Writer;
  private readonly context: FileContext;
  private readonly options: IngestOptions;
  /** Files that changed while they were read. */
  private changed: FoundFile[] = [];

  constructor(writer: Writer, context: FileContext, options: IngestOptions, summary: IngestSummary) {
    this.writer = writer;
    this.context = context;
    this.options = options;
    this.summary = summary;
  }

  private get isAborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  /** Reads files and stores them batch by batch; the next batch is read while the one before is stored. */
  async takeAll(files: readonly FoundFile[]): Promise<void> {
    const batches = batchesOf(files);
    let reading = this.prepare(batches[0] ?? []);
    for (let at = 0; at < batches.length; at++) {
      const prepared = await reading;
      if (this.isAborted) return;
      reading = this.prepare(batches[at + 1] ?? []);
      // A failure to store ends the run; what is being read ahead must not outlive it unheeded.
      await this.take(prepared).catch(async (error) => {
        await reading;
        throw error;
      });
      for (const each of prepared) if (each.kind === 'readable') dropView(each.reading.sniffed.view);
    }
  }

  /** Reads files once more that changed while they were read: most were caught in the last moment of a copy. */
  async takeChanged(): Promise<void> {
    const files = this.changed.splice(0);
    if (files.length === 0 || this.isAborted) return;
    await sleep(retryMilliseconds);
    const paths = new Set(files.map(({ path }) => path));
    this.summary.postponed = this.summary.postponed.filter(({ path }) => !paths.has(path));
    await this.takeAll(await Promise.all(files.map(seenNow)));
  }

  private async prepare(files: readonly FoundFile[]): Promise<Prepared[]> {
    const prepared: Prepared[] = [];
    for (const file of files) {
      if (this.isAborted) break;
      prepared.push(await prepareFile(this.context, file));
    }
    return prepared;
  }

  private async store(batch: readonly Prepared[]): Promise<void> {
    const { connection } = this.writer;
    const outcomes = await inTransaction(connection, () =>
      storeBatch(this.context, batch, this.options.signal),
    );
    for (const outcome of outcomes) this.report(outcome);
  }

  private report(outcome: FileOutcome): void {
    this.summary.outcomes.push(outcome);
    this.summary.hasTrouble ||= isTrouble(outcome);
    this.options.onFile?.(outcome);
  }

  /** Stores a batch; where a file of it cannot be read, it is halved until that file is alone. */
  private async take(batch: readonly Prepared[]): Promise<void> {
    try {
      await this.store(batch);
    } catch (error) {
      await this.context.index.refresh(this.writer.connection);
      if (error instanceof Interrupted || this.isAborted) return;
      if (isDiskFull(error)) throw error;
      const [only, ...others] = batch;
      if (only === undefined) throw error;
      const refused = others.length === 0 ? refuseDamaged(only, error) : undefined;
      if (refused !== undefined) return this.take([refused]);
      if (others.length === 0) return this.giveUp(only.file, error as Error);
      const middle = batch.length >> 1;
      await this.take(batch.slice(0, middle));
      await this.take(batch.slice(middle));
    }
  }

  /** A file that could not be read: left for the next run, or put on record. */
  private async giveUp(file: FoundFile, error: Error): Promise<void> {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof FileChangedError || code === 'ENOENT') {
      const message =
        error instanceof FileChangedError ? error.message : 'it vanished before it could be read';
      this.summary.postponed.push({ path: file.path, message });
      if (error instanceof FileChangedError) this.changed.push(file);
      return;
    }
    const { index } = this.context;
    const message =
      code?.startsWith('Z_') === true
        ? `its gzip content is cut or damaged (${error.message}): copy or export it again`
        : `could not be read: ${error.message}`;
    const known = index.newest(ledgerPath(file));
    if (known?.message === message && known.size_bytes === file.size) {
      this.summary.unreadable.push({ path: file.path, message: error.message });
      return;
    }
    const outcome = await inTransaction(this.writer.connection, () =>
      recordUnreadable(this.context, file, index.nextFileId, message),
    );
    index.note(outcome.row);
    this.report(outcome);
  }
}

/**
 * Reads every new or changed file below the paths into the database, derives steps and cycles of what changed, and
 * publishes the snapshot. Each file is in completely with its ledger row, or not at all.
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

/** The same for files that were looked for already. */
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

/** Puts what ended a run on record, for the digest: a run that could not begin leaves no other trace. */
function noteFailure(database: string, { message }: Error): void {
  const paths = databasePaths(database);
  if (existsSync(paths.folder)) appendLog(paths.log, eventNow('failed', { message }));
}

async function ingestInto(
  writer: Writer,
  metadata: { given: readonly Lab[]; places: LabPlaces },
  discovery: Discovery,
  paths: readonly string[],
  options: IngestOptions,
): Promise<IngestSummary> {
  const { unreadable } = discovery;
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
  const isWanted = (file: FoundFile) => {
    const known = index.newest(ledgerPath(file));
    return (
      rereads.has(ledgerPath(file)) ||
      (options.format !== undefined && (known?.status === 'rejected' || known?.status === 'ignored')) ||
      (options.supersede === true && known?.status === 'conflict') ||
      needsReading(file, known, formats)
    );
  };
  const changed = files.filter(isWanted);
  const wanted =
    options.isReady === undefined
      ? changed
      : changed.filter((file) => rereads.has(ledgerPath(file)) || options.isReady?.(file));
  const summary: IngestSummary = {
    outcomes: [],
    unchanged: files.length - changed.length,
    ...(await notePresence(connection, discovery)),
    moved: [],
    postponed: [],
    unreadable: [...unreadable],
    skipped: discovery.skipped,
    mended: [],
    notices: [...(writer.notice === undefined ? [] : [writer.notice]), ...labs.notices, ...settled.notices],
    isPublished: true,
    hasTrouble: false,
  };
  summary.hasTrouble = unreadable.length + summary.emptied.length > 0;
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  if (wanted.length > 0) await checkSpace(writer.paths, bytes);
  let hasChanged = settled.notices.length + summary.vanished.length + summary.returned.length > 0;
  if (await applyLab(connection, labs)) hasChanged = true;
  options.onStart?.({ files: wanted.length, bytes });
  if (wanted.length > 0 || (options.repair ?? []).length > 0) {
    const runId = await startRun(writer, paths, options, startedAt);
    emit(
      eventNow('started', { message: `${options.command ?? 'cellar ingest'}: ${fileCount(wanted.length)}` }),
    );
    hasChanged = true;
    const context: FileContext = {
      connection,
      index,
      scratch: writer.paths.scratch,
      settingsOf: (file) => settingsForFile(labs, file),
      forcedFor: (file) => options.format ?? declaredFormat(settingsForFile(labs, file).format, formats),
      declaredFor: (file) => declaredFor(settingsForFile(labs, file), formats),
      rereads,
      cellOf: await cellFinder(connection, labs),
      dateOrder: options.dateOrder,
      formats,
      supersede: options.supersede ?? false,
      onBytes: options.onBytes ?? (() => undefined),
      onStored: options.onStored,
    };
    const onFile = (outcome: FileOutcome) => {
      emit(outcomeEvent(outcome));
      options.onFile?.(outcome);
    };
    const ingestRun = new IngestRun(writer, context, { ...options, onFile }, summary);
    await ingestRun.takeAll(wanted);
    await ingestRun.takeChanged();
    for (const { path, message } of summary.postponed) emit(eventNow('postponed', { path, message }));
    await inTransaction(connection, () => mendStored(connection, files, options, summary));
    await applyLab(connection, labs);
    await inTransaction(connection, async () => {
      for (const found of [await auditAgainstCells(connection), await auditCycles(connection)]) {
        for (const { row, findings } of summary.outcomes) findings.push(...(found.get(row.file_id) ?? []));
      }
    });
    await run(connection, `UPDATE runs SET finished_at = $1 WHERE run_id = ${runId}`, [new Date()]);
    emit(eventNow('finished', { message: fileCount(summary.outcomes.length) }));
  } else emit(eventNow('looked', { message: 'nothing new' }));
  await settleMoved(connection, summary);
  if (hasChanged) {
    summary.notices.push(...(await unusedPatterns(connection)).map(describeUnused));
    summary.notices.push(...(await implausibleInWords(connection)));
  }
  tellSurroundings(summary, emit);
  if (!hasChanged && writer.isPublished) return summary;
  summary.isPublished = false;
  if (options.publish !== false) {
    summary.isPublished = (await writer.publish()) === 'published';
    emit(eventNow(summary.isPublished ? 'published' : 'waiting', { path: writer.paths.snapshot }));
  }
  return summary;
}

/** The repairs asked for, in what this run stored and in what earlier ones did. */
async function mendStored(
  connection: DuckDBConnection,
  files: readonly FoundFile[],
  { repair = [] }: IngestOptions,
  summary: IngestSummary,
): Promise<void> {
  if (repair.length === 0) return;
  const mended = await mendTests(
    connection,
    repair,
    await testsOfPaths(connection, new Set(files.map(ledgerPath))),
  );
  if (mended.length === 0) return;
  await deriveTests(connection, [...new Set(mended.map(({ test_id }) => test_id))]);
  summary.mended.push(...mended);
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
