import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { QueryParameters } from '../query/parameters.js';
import { faultPosition } from '../query/sql-errors.js';
import { Problem } from './answers.js';
import { Gate } from './gate.js';
import type { FromQueryProcess, ToQueryProcess } from './query-process.js';

/** A question of a person. */
export interface Question {
  kind: 'run' | 'report';
  sql: string;
  parameters: QueryParameters;
  format: 'page' | 'csv' | 'json' | 'ndjson' | 'arrow';
  /** Rows of a page. */
  limit: number;
}

/** Where an answer goes, piece by piece. */
export interface Reader {
  /** Called once, before the first byte. */
  onBegin(snapshot: string): void;
  /** Resolves when the next piece may come. */
  onBytes(piece: Buffer): Promise<void>;
}

export interface QueryLimits {
  firstRowSeconds: number;
  wholeSeconds: number;
  atOnce: number;
  waiting: number;
}

const PATIENCE = 30_000;
const programFile = fileURLToPath(new URL('./query-process.js', import.meta.url));

interface QueryProcess {
  child: ChildProcess;
  folder: string;
  /** Settles when its database is open; the id of the snapshot. */
  ready: Promise<string>;
  isIdle: boolean;
}

const tookTooLong = (seconds: number) =>
  new Problem(
    408,
    `the query was stopped after ${seconds} s`,
    'Ask for less, or use `cellar query`, which has no limit.',
  );

const processEnded = () =>
  new Problem(
    502,
    'the query needed more memory than it may use, and its process ended',
    'Ask for less at a time.',
  );

/**
 * Runs questions in separate processes: one that uses too much memory, crashes or cannot be interrupted does no other
 * harm, and is ended by the system. Each process belongs to one snapshot; one spare process is started ahead.
 */
export class Queries {
  readonly gate: Gate;
  killed = 0;
  cancelled = 0;
  private readonly path: string;
  private readonly limits: QueryLimits;
  private processes: QueryProcess[] = [];
  private isClosed = false;

  constructor(path: string, limits: QueryLimits) {
    this.path = path;
    this.limits = limits;
    this.gate = new Gate(limits.atOnce, limits.waiting, PATIENCE);
  }

  /** Starts a process ahead of the next question. */
  prepare(): void {
    if (!this.isClosed && !this.processes.some(({ isIdle }) => isIdle)) this.startProcess();
  }

  /** Ends idle processes, because their snapshot is not the newest any more. */
  renew(): void {
    for (const one of this.processes.filter(({ isIdle }) => isIdle)) this.end(one);
    this.prepare();
  }

  /** Ends every process and waits until the system has. */
  async letGo(): Promise<void> {
    const children = this.processes.map(({ child }) => child);
    const gone = children.map(
      (child) =>
        new Promise<void>((resolve) => {
          if (child.exitCode !== null || child.signalCode !== null) resolve();
          else child.once('exit', () => resolve());
        }),
    );
    for (const one of this.processes) this.end(one);
    await Promise.all(gone);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.letGo();
  }

  /**
   * Answers a question. @throws Problem for a fault of the SQL (400), a time limit (408) or a process that died (502);
   * after the first byte the answer stays incomplete.
   */
  async ask(
    question: Question,
    reader: Reader,
    signal: AbortSignal,
  ): Promise<{ rows: number; truncated: boolean }> {
    const leave = await this.gate.enter(signal);
    const started = this.processes.find(({ isIdle }) => isIdle) ?? this.startProcess();
    started.isIdle = false;
    let isClean = false;
    try {
      const snapshot = await started.ready;
      const outcome = await this.talk(started, question, reader, snapshot, signal);
      isClean = true;
      return outcome;
    } catch (error) {
      // An error in the SQL does not affect the process.
      isClean = error instanceof Problem && error.status === 400;
      throw error;
    } finally {
      if (isClean && this.processes.includes(started)) started.isIdle = true;
      else this.end(started);
      leave();
      this.prepare();
    }
  }

  private startProcess(): QueryProcess {
    const folder = mkdtempSync(join(tmpdir(), 'cellar-query-'));
    const child = fork(programFile, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
      execArgv: [],
      // The settings of the engine show nothing about the person who runs the server.
      env: {
        HOME: folder,
        USERPROFILE: folder,
        TMPDIR: folder,
        TEMP: folder,
        TMP: folder,
        CELLAR_MEMORY_LIMIT: '512MB',
        CELLAR_QUERY_THREADS: String(Math.max(1, Math.floor(availableParallelism() / 2))),
        ...(process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot }),
      },
      cwd: folder,
    });
    const ready = new Promise<string>((resolve, reject) => {
      child.once('message', (message: FromQueryProcess) => {
        if (message.kind === 'ready') resolve(message.snapshot);
        else reject(new Problem(503, 'the database cannot be opened for queries', 'Try again in a moment.'));
      });
      child.once('exit', () =>
        reject(new Problem(503, 'the query process did not start', 'Try again in a moment.')),
      );
    });
    ready.catch(() => undefined);
    const one: QueryProcess = { child, folder, ready, isIdle: true };
    child.on('error', () => undefined);
    child.once('exit', () => {
      this.processes = this.processes.filter((other) => other !== one);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    });
    tell(child, { kind: 'open', path: this.path });
    this.processes.push(one);
    return one;
  }

  private end(one: QueryProcess): void {
    this.processes = this.processes.filter((other) => other !== one);
    one.child.kill('SIGKILL');
  }

  private talk(
    { child }: QueryProcess,
    question: Question,
    reader: Reader,
    snapshot: string,
    signal: AbortSignal,
  ): Promise<{ rows: number; truncated: boolean }> {
    const output = child.stdout as Readable;
    const { wholeSeconds } = this.limits;
    // The report comes as a whole; unlike a query, nobody could ask for less of it.
    const firstRowSeconds = question.kind === 'report' ? wholeSeconds : this.limits.firstRowSeconds;
    return new Promise((resolve, reject) => {
      let received = 0;
      let ended: { bytes: number; rows: number; truncated: boolean } | undefined;
      let isWriting = false;
      const settle = (act: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        output.off('data', take);
        output.pause();
        child.off('message', hear);
        child.off('exit', died);
        act();
      };
      const fail = (problem: Problem) => settle(() => reject(problem));
      const kill = (problem: Problem, what: 'killed' | 'cancelled') => {
        this[what]++;
        child.kill('SIGKILL');
        fail(problem);
      };
      const tooLong = (seconds: number) => () => kill(tookTooLong(seconds), 'killed');
      let timer = setTimeout(tooLong(firstRowSeconds), 1000 * firstRowSeconds);
      const stop = () => kill(new Problem(499, 'stopped'), 'cancelled');
      const died = () => fail(processEnded());
      const finish = () => {
        if (ended === undefined || received < ended.bytes || isWriting) return;
        const { rows, truncated } = ended;
        settle(() => resolve({ rows, truncated }));
      };
      const take = (piece: Buffer) => {
        if (received === 0) {
          clearTimeout(timer);
          timer = setTimeout(tooLong(wholeSeconds), 1000 * wholeSeconds);
          reader.onBegin(snapshot);
        }
        received += piece.length;
        output.pause();
        isWriting = true;
        reader.onBytes(piece).then(
          () => {
            isWriting = false;
            output.resume();
            finish();
          },
          () => stop(),
        );
      };
      const hear = (message: FromQueryProcess) => {
        if (message.kind === 'failed') {
          fail(new Problem(400, message.message, message.hint, faultPosition(question.sql, message.message)));
        } else if (message.kind === 'end') {
          ended = message;
          if (message.bytes === 0) reader.onBegin(snapshot);
          finish();
        }
      };
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      output.on('data', take);
      child.on('message', hear);
      child.once('exit', died);
      output.resume();
      tell(child, { ...question });
    });
  }
}

/** Sends a message; a closed channel is handled when the child exits. */
function tell(child: ChildProcess, message: ToQueryProcess): void {
  if (!child.connected) return;
  child.send(message, () => undefined);
}
