import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type IngestOptions, type IngestSummary, ingest } from '../src/ingest/ingest.js';
import { isTrouble } from '../src/ingest/ingest-file.js';
import { type Database, literal, openReadOnly, select } from '../src/store/connection.js';
import { forwardSlashes } from '../src/store/path-patterns.js';
import { openWriter, type Writer } from '../src/store/writer.js';
import { layEmptyWriter } from './empty-database.js';
import { unreconciledSql } from './ingest/laboratory.js';
import { OwnRows } from './own-rows.js';

/**
 * One database for the tests of a file, which run at the same time (`describe.concurrent`): each has a folder of its
 * own and sees only what came from there, and ingests that they wait for run as one. An ingest of one small file takes
 * a second, one more file in it a hundredth of that.
 *
 * A test has to keep apart what it writes from what others write, by `lab.number`: the same bytes, start or records in
 * two folders are one test to Cellar, and a cell defined twice is refused, as in any database. Formats of a laboratory
 * are read again in all of it; tests of those, and of what is wrong with metadata, take a database of their own.
 */

/** What an ingest did with the files of one folder. */
export type SharedSummary = Omit<IngestSummary, 'unchanged' | 'postponed' | 'isPublished'>;

type Options = Omit<Partial<IngestOptions>, 'database'>;

/** A call that has not been answered: for an ingest, or for what the work does with the writer of the database. */
type Waiting = {
  /** The test that waits. */
  holder: symbol;
} & (
  | { paths: readonly string[]; options: Options; answer(summary: Promise<IngestSummary>): void }
  | { work(writer: Writer): Promise<() => void> }
);
type WaitingIngest = Extract<Waiting, { paths: unknown }>;

class SharedDatabase {
  readonly root = mkdtempSync(join(tmpdir(), 'cellar-shared-'));
  readonly database = join(this.root, 'cellar.duckdb');
  /** Tests that run. */
  private readonly holders = new Set<symbol>();
  private waiting: Waiting[] = [];
  private isRunning = false;
  private folders = 0;
  /** Whether anything was ingested. */
  isFilled = false;
  private opened: Promise<Database> | undefined;
  /** What tests look at in the published snapshot. */
  private readonly looks: Promise<OwnRows>[] = [];

  nextNumber(): number {
    this.folders += 1;
    return this.folders;
  }

  enter(holder: symbol): void {
    this.holders.add(holder);
  }

  leave(holder: symbol): void {
    this.holders.delete(holder);
    void this.consider();
  }

  ingest(holder: symbol, paths: readonly string[], options: Options): Promise<IngestSummary> {
    return new Promise((resolve) => {
      this.waiting.push({ holder, paths, options, answer: resolve });
      void this.consider();
    });
  }

  write<T>(holder: symbol, work: (writer: Writer) => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      const working = async (writer: Writer) => {
        const result = work(writer);
        await result.catch(() => undefined);
        return () => resolve(result);
      };
      this.waiting.push({ holder, work: working });
      void this.consider();
    });
  }

  /** The published snapshot, until the next ingest. */
  snapshot(): Promise<Database> {
    this.opened ??= openReadOnly(this.database);
    return this.opened;
  }

  /** Looks at the snapshot until the next ingest. */
  look(open: (snapshot: Database) => Promise<OwnRows>): Promise<OwnRows> {
    const look = this.snapshot().then(open);
    this.looks.push(look);
    return look;
  }

  async close(): Promise<void> {
    for (const look of this.looks.splice(0)) (await look.catch(() => undefined))?.close();
    const opened = await this.opened?.catch(() => undefined);
    this.opened = undefined;
    opened?.close();
  }

  /** Does what is waited for as soon as every test that runs waits: none can be reading then. */
  private async consider(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    // Tests that begin or end together do so one after the other.
    await sleep(5);
    while (this.waiting.length > 0 && this.isAwaitedByAll()) {
      const batch = this.waiting.splice(0);
      await this.close();
      const works = batch.filter((each) => 'work' in each);
      const ingests = batch.filter((each) => 'paths' in each);
      const answers = [
        ...(await this.ingestAll(ingests, works.length === 0)),
        ...(await this.workAll(works)),
      ];
      // Not before: whoever has an answer reads what is published.
      for (const answer of answers) answer();
      await sleep(5);
    }
    this.isRunning = false;
  }

  /** Ingests once for all calls with the same options. */
  private async ingestAll(calls: readonly WaitingIngest[], isLast: boolean): Promise<(() => void)[]> {
    const keyOf = ({ options }: WaitingIngest) => JSON.stringify(options);
    const keys = [...new Set(calls.map(keyOf))];
    const answers: (() => void)[] = [];
    for (const key of keys) {
      const set = calls.filter((call) => keyOf(call) === key);
      const paths = set.flatMap((call) => call.paths);
      const publish = isLast && key === keys.at(-1);
      const summary = this.run(paths, { ...set[0]!.options, publish });
      await summary.catch(() => undefined);
      for (const call of set) answers.push(() => call.answer(summary));
    }
    return answers;
  }

  private async workAll(calls: readonly Exclude<Waiting, WaitingIngest>[]): Promise<(() => void)[]> {
    if (calls.length === 0) return [];
    const writer = await openWriter(this.database, { command: 'test' });
    try {
      const answers: (() => void)[] = [];
      for (const { work } of calls) answers.push(await work(writer));
      await writer.publish();
      return answers;
    } finally {
      await writer.end();
    }
  }

  private isAwaitedByAll(): boolean {
    const waiting = new Set(this.waiting.map(({ holder }) => holder));
    return [...this.holders].every((holder) => waiting.has(holder));
  }

  private async run(paths: string[], options: Options): Promise<IngestSummary> {
    if (!this.isFilled) await layEmptyWriter(this.database);
    this.isFilled = true;
    return ingest(paths, { ...options, database: this.database });
  }
}

/** A folder for exports in a database that tests share. */
export class SharedLaboratory {
  /** No other folder of the database has it; from 1. */
  readonly number: number;
  readonly folder: string;
  readonly exports: string;
  /** The database of all folders: what a test reads there itself has not only its own. */
  readonly database: string;
  private readonly shared: SharedDatabase;
  private readonly holder: symbol;
  private look: { of: Promise<Database>; tables: Promise<OwnRows> } | undefined;

  constructor(shared: SharedDatabase, holder: symbol) {
    this.shared = shared;
    this.holder = holder;
    this.database = shared.database;
    this.number = shared.nextNumber();
    this.folder = join(shared.root, String(this.number));
    this.exports = join(this.folder, 'exports');
    mkdirSync(this.exports, { recursive: true });
  }

  /** A name that begins as given and that no other folder has: for cells, which all folders share. */
  own(name: string): string {
    return `${name}x${this.number}`;
  }

  /** Another folder for the same test. */
  another(): SharedLaboratory {
    return new SharedLaboratory(this.shared, this.holder);
  }

  /** Writes an export, with a modification time later than any before. */
  write(name: string, content: string | Buffer): string {
    const path = join(this.exports, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /**
   * Ingests together with what other tests wait for at the same time. What it did with the files of this folder; notices
   * are those that name it.
   */
  async ingest(paths: string | string[] = this.exports, options: Options = {}): Promise<SharedSummary> {
    const whole = await this.shared.ingest(this.holder, [paths].flat(), options);
    const isOwn = (path: string) => forwardSlashes(path).startsWith(`${forwardSlashes(this.folder)}/`);
    const ownOf = <Each extends { path: string }>(all: Each[]) => all.filter(({ path }) => isOwn(path));
    const outcomes = whole.outcomes.filter(({ row }) => isOwn(row.path));
    const [emptied, unreadable] = [ownOf(whole.emptied), ownOf(whole.unreadable)];
    return {
      outcomes,
      vanished: whole.vanished.filter(isOwn),
      returned: whole.returned.filter(isOwn),
      moved: ownOf(whole.moved),
      emptied,
      skipped: ownOf(whole.skipped),
      unreadable,
      repaired: ownOf(whole.repaired),
      notices: whole.notices.filter((notice) => notice.includes(this.folder)),
      hasTrouble: outcomes.some(isTrouble) || emptied.length + unreadable.length > 0,
    };
  }

  /** Works with the writer of the database, and publishes; together with what other tests wait for. */
  writing<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
    return this.shared.write(this.holder, work);
  }

  /** Rows of a query on the published snapshot, whose tables have only what came from this folder. */
  async rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]> {
    const snapshot = this.shared.snapshot();
    if (this.look?.of !== snapshot)
      this.look = { of: snapshot, tables: this.shared.look((database) => this.openOwn(database)) };
    return (await this.look.tables).select<Row>(sql);
  }

  private async openOwn(database: Database): Promise<OwnRows> {
    const idsOf = async (sql: string) =>
      (await select<{ id: number | string }>(database.connection, sql)).map(({ id }) => id).join(', ') ||
      'NULL';
    const below = (column: string) =>
      `starts_with(concat(replace(${column}, '\\', '/'), '/'), ${literal(`${forwardSlashes(this.folder)}/`)})`;
    const files = await idsOf(`SELECT file_id AS id FROM files WHERE ${below('path')}`);
    const tests = await idsOf(
      `SELECT test_id AS id FROM tests WHERE file_id IN (${files})
       UNION SELECT test_id FROM test_files WHERE file_id IN (${files}) ORDER BY id`,
    );
    const spectra = await idsOf(`SELECT spectrum_id AS id FROM spectra WHERE file_id IN (${files})`);
    const cells = await idsOf(
      `SELECT concat('''', cell_id, '''') AS id FROM cells WHERE ${below('lab_folder')}`,
    );
    const inJson = JSON.stringify(join(this.folder, 'x')).slice(1, -2);
    return OwnRows.open(
      database,
      [
        ['spectrum_id', `spectrum_id IN (${spectra})`],
        ['test_id', `test_id IN (${tests})`],
        ['file_id', `file_id IN (${files})`],
        ['lab_folder', below('lab_folder')],
        ['cell_id', `cell_id IN (${cells})`],
      ],
      {
        findings: `(test_id IN (${tests}) OR file_id IN (${files}))`,
        runs: `contains(parameters::VARCHAR, ${literal(inJson)})`,
      },
    );
  }
}

/** The `it` of tests that share a database; each gets its folder as `lab`, and every line of its files is accounted for. */
export function testsOfOneDatabase() {
  let shared: SharedDatabase;
  beforeAll(() => {
    shared = new SharedDatabase();
  });
  afterAll(async () => {
    await shared.close();
    rmSync(shared.root, { recursive: true, force: true });
  });
  return test.extend<{ lab: SharedLaboratory }>({
    lab: async ({ task }, use) => {
      const holder = Symbol(task.name);
      shared.enter(holder);
      const lab = new SharedLaboratory(shared, holder);
      try {
        await use(lab);
        if (shared.isFilled) expect(await lab.rows(unreconciledSql)).toEqual([]);
      } finally {
        shared.leave(holder);
      }
    },
  });
}
