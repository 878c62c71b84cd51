import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CellarError, usageError } from '../errors.js';
import { isDiskFull } from '../store/disk-space.js';
import { appendLog } from '../store/log.js';
import { databasePaths } from '../store/paths.js';
import { openWriter } from '../store/writer.js';
import { type Discovery, discoverFiles, type FoundFile, type UnreadablePath } from './bytes/discover.js';
import { eventNow, type IngestEvent } from './events.js';
import { type IngestOptions, ingestFound } from './ingest.js';
import { labFiles } from './lab/index.js';

export interface WatchOptions extends Omit<IngestOptions, 'isReady' | 'publish' | 'repair' | 'onEvent'> {
  /** A file is read when its size and time have not changed for this long. */
  settleSeconds: number;
  /** How often the folders are searched. */
  pollSeconds: number;
  /** Readers see what was stored at most this often. */
  publishEverySeconds: number;
  signal: AbortSignal;
  onEvent(event: IngestEvent): void;
}

const lookMilliseconds = 3_600_000;

/** A file as it was seen last. */
interface Sight {
  size: number;
  modifiedNs: bigint;
  /** Since when it has not changed, by a monotonic clock. */
  since: number;
  isTaken: boolean;
}

/**
 * Errors of the operating system, a share that does not answer, and wrong metadata can be corrected while the watch
 * continues.
 */
function isPassing(error: unknown): error is Error {
  return error instanceof CellarError || isDiskFull(error) || typeof errorCode(error) === 'string';
}

const errorCode = (error: unknown): unknown =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;

/** Whether a path exists; on a share that does not answer it counts as missing. */
async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** One watch over folders: what was seen, what is not published yet, and what was already reported. */
class Watch {
  private readonly paths: readonly string[];
  private readonly options: WatchOptions;
  private readonly seen = new Map<string, Sight>();
  private readonly gone = new Set<string>();
  private unreadable = new Map<string, string>();
  private labState = '';
  private problem: string | undefined;
  private hasMissing = false;
  private isUnpublished = false;
  private publishedAt = Number.NEGATIVE_INFINITY;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(paths: readonly string[], options: WatchOptions) {
    this.paths = paths;
    this.options = options;
  }

  private emit(event: IngestEvent): void {
    appendLog(databasePaths(this.options.database).log, event);
    this.options.onEvent(event);
  }

  async run(): Promise<void> {
    const { signal, pollSeconds, settleSeconds } = this.options;
    for (const path of this.paths) {
      if (!(await isThere(path))) throw usageError(`${path} does not exist`, 'name a folder of exports');
    }
    const message = `every ${pollSeconds} s, a file is taken when it has not changed for ${settleSeconds} s`;
    this.emit(eventNow('watching', { path: this.paths.map((path) => resolve(path)).join(' '), message }));
    while (!signal.aborted) {
      await this.guarded(() => this.round());
      await sleep(pollSeconds * 1000, undefined, { signal }).catch(() => undefined);
    }
    if (this.isUnpublished) await this.guarded(() => this.publish());
    this.emit(eventNow('stopped'));
  }

  /** Reports a failure once, and leaves it to the next round. */
  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      if (this.problem !== undefined) this.emit(eventNow('recovered', { message: this.problem }));
      this.problem = undefined;
    } catch (error) {
      if (this.options.signal.aborted) return;
      if (!isPassing(error)) throw error;
      const hint = error instanceof CellarError && error.hint !== undefined ? ` (${error.hint})` : '';
      if (error.message !== this.problem) {
        this.emit(eventNow('failed', { message: `${error.message}${hint}; trying again` }));
      }
      this.problem = error.message;
    }
  }

  private async round(): Promise<void> {
    const found = await this.look();
    if (this.forgetMissing(found.files) > 0) this.hasMissing = true;
    const ready = this.rested(found.files);
    const labState = await this.readLabState(found);
    const isDue = performance.now() - this.publishedAt >= this.options.publishEverySeconds * 1000;
    if (ready.size > 0 || this.hasMissing || labState !== this.labState) {
      await this.take(found, ready, isDue);
      this.labState = labState;
      this.hasMissing = false;
    } else if (this.isUnpublished && isDue) await this.publish();
    else this.noteLook();
  }

  /** Writes a sign of life into the log from time to time: a watch with nothing to do is not a missing night. */
  private noteLook(): void {
    const now = performance.now();
    if (now - this.lookedAt < lookMilliseconds) return;
    this.lookedAt = now;
    appendLog(databasePaths(this.options.database).log, eventNow('looked', { message: 'nothing new' }));
  }

  /** Files below the existing paths; reports once that a path has disappeared, and once that it is back. */
  private async look(): Promise<Discovery> {
    const there: string[] = [];
    for (const given of this.paths) {
      const path = resolve(given);
      if (await isThere(path)) {
        there.push(path);
        if (this.gone.delete(path)) this.emit(eventNow('back', { path }));
      } else if (!this.gone.has(path)) {
        this.gone.add(path);
        this.emit(eventNow('gone', { path, message: 'waiting for it to come back' }));
      }
    }
    const found = await discoverFiles(there);
    this.noteUnreadable(found.unreadable);
    return found;
  }

  private noteUnreadable(unreadable: readonly UnreadablePath[]): void {
    for (const { path, message } of unreadable) {
      if (this.unreadable.get(path) !== message) this.emit(eventNow('unreadable', { path, message }));
    }
    this.unreadable = new Map(unreadable.map(({ path, message }) => [path, message]));
  }

  /** Forgets files that are not found any more; returns their number. */
  private forgetMissing(files: readonly FoundFile[]): number {
    const present = new Set(files.map(({ path }) => path));
    const missing = [...this.seen.keys()].filter((path) => !present.has(path));
    for (const path of missing) this.seen.delete(path);
    return missing.length;
  }

  /** Paths of the files that have not changed for long enough and are not read yet. */
  private rested(files: readonly FoundFile[]): Set<string> {
    const now = performance.now();
    const ready = new Set<string>();
    for (const { path, size, modifiedNs } of files) {
      const sight = this.seen.get(path);
      if (sight === undefined || sight.size !== size || sight.modifiedNs !== modifiedNs) {
        this.seen.set(path, { size, modifiedNs, since: now, isTaken: false });
      } else if (!sight.isTaken && now - sight.since >= this.options.settleSeconds * 1000) ready.add(path);
    }
    return ready;
  }

  /** Size and time of the laboratory's metadata files: a mass that was entered counts at once. */
  private async readLabState({ roots, labFolders }: Discovery): Promise<string> {
    const beside = dirname(resolve(this.options.database));
    const folders = this.options.lab === undefined ? [beside, ...roots, ...labFolders] : [this.options.lab];
    const facts = await Promise.all(
      [...new Set(folders)].flatMap((folder) =>
        labFiles.map((name) => stat(join(folder, name), { bigint: true }).catch(() => undefined)),
      ),
    );
    return facts.map((fact) => (fact === undefined ? '' : `${fact.size}/${fact.mtimeNs}`)).join(' ');
  }

  private async take(found: Discovery, ready: ReadonlySet<string>, isDue: boolean): Promise<void> {
    const before = performance.now();
    const summary = await ingestFound(found, this.paths, {
      ...this.options,
      isReady: ({ path }) => ready.has(path),
      publish: isDue,
      onEvent: (event) => this.options.onEvent(event),
    });
    const postponed = new Set(summary.postponed.map(({ path }) => path));
    for (const path of ready) {
      const sight = this.seen.get(path);
      if (sight === undefined) continue;
      if (postponed.has(path)) sight.since = before;
      else sight.isTaken = true;
    }
    this.isUnpublished = !summary.isPublished;
    if (isDue) this.publishedAt = performance.now();
  }

  private async publish(): Promise<void> {
    const writer = await openWriter(this.options.database, {
      command: this.options.command ?? 'cellar ingest --watch',
      waitSeconds: this.options.waitSeconds ?? 10,
    });
    try {
      const isPublished = (await writer.publish()) === 'published';
      this.isUnpublished = !isPublished;
      this.publishedAt = performance.now();
      this.emit(eventNow(isPublished ? 'published' : 'waiting', { path: writer.paths.snapshot }));
    } finally {
      await writer.end();
    }
  }
}

/**
 * Ingests what arrives below the paths, until the signal aborts: folders are searched again and again, which works on
 * network shares too and costs a stat per file. The writer's lock is held only while files are stored.
 *
 * @throws CellarError (usage) where a path does not exist at the start
 */
export async function watch(paths: readonly string[], options: WatchOptions): Promise<void> {
  await new Watch(paths, options).run();
}
