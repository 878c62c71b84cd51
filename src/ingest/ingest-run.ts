import { setTimeout as sleep, setImmediate as yieldToOthers } from 'node:timers/promises';
import { inTransaction } from '../store/connection.js';
import { isDiskFull } from '../store/disk-space.js';
import type { Writer } from '../store/writer.js';
import { InterruptedError, storeBatch } from './batch.js';
import { type FoundFile, seenNow } from './bytes/discover.js';
import { FileChangedError } from './bytes/scan.js';
import { dropView } from './containers/view.js';
import type { FileContext, FileOutcome } from './file-context.js';
import { isTrouble, recordUnreadable } from './ingest-file.js';
import { ledgerPath } from './ledger/ledger-row.js';
import type { IngestOptions } from './options.js';
import { type PreparedFile, prepareFile, refuseDamaged } from './prepare.js';
import type { IngestSummary } from './summary.js';

/**
 * Files of one transaction: many small ones share it, a large one has its own. The fixed cost of a batch (the
 * derivation plans some twenty statements) is spread over its files: measured with 500 rows per file, 13 ms of
 * processor time per file in batches of 100, 8 ms in batches of 500.
 */
const batchFiles = 500;
const batchBytes = 32 << 20;

/** How long to wait before a file that changed while it was read is tried again. */
const retryMilliseconds = 500;

/** Divides files into batches by count and size alone, so that an interrupted run continues with the same batches. */
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

/** Reads files and stores them in an open database, batch by batch. */
export class IngestRun {
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
      // A failure to store ends the run; the file that is being read ahead must be awaited, too.
      await this.take(prepared).catch(async (error) => {
        await reading;
        throw error;
      });
      for (const each of prepared) if (each.kind === 'readable') dropView(each.reading.sniffed.view);
    }
  }

  /** Reads files again that changed while they were read; most of them were being copied. */
  async takeChanged(): Promise<void> {
    const files = this.changed.splice(0);
    if (files.length === 0 || this.isAborted) return;
    await sleep(retryMilliseconds);
    const paths = new Set(files.map(({ path }) => path));
    this.summary.postponed = this.summary.postponed.filter(({ path }) => !paths.has(path));
    await this.takeAll(await Promise.all(files.map(seenNow)));
  }

  private async prepare(files: readonly FoundFile[]): Promise<PreparedFile[]> {
    const prepared: PreparedFile[] = [];
    for (const file of files) {
      if (this.isAborted) break;
      prepared.push(await prepareFile(this.context, file));
      // The batch before is being stored: its next statement must not wait for all these files.
      await yieldToOthers();
    }
    return prepared;
  }

  private async store(batch: readonly PreparedFile[]): Promise<void> {
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

  /** Stores a batch; where one of its files cannot be read, the batch is halved until that file is alone. */
  private async take(batch: readonly PreparedFile[]): Promise<void> {
    try {
      await this.store(batch);
    } catch (error) {
      await this.context.index.refresh(this.writer.connection);
      if (error instanceof InterruptedError || this.isAborted) return;
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

  /** A file that could not be read: it is left for the next run, or recorded. */
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
