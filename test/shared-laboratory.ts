import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type IngestOptions, type IngestSummary, ingest } from '../src/ingest/ingest.js';
import { isTrouble } from '../src/ingest/ingest-file.js';
import { type Database, identifier, literal, openReadOnly, select } from '../src/store/connection.js';
import { forwardSlashes } from '../src/store/path-patterns.js';
import { layEmptyWriter } from './empty-database.js';
import { unreconciledSql } from './ingest/laboratory.js';

/**
 * One database for the tests of a file, which run at the same time (`describe.concurrent`): each has a folder of its
 * own and sees only what came from there, and ingests that they wait for run as one. An ingest of one small file takes
 * a second, one more file in it a hundredth of that.
 *
 * A test has to keep apart what it writes from what others write, by `lab.number`: the same bytes, start or records in
 * two folders are one test to Cellar, as in any database.
 */

/** What an ingest did with the files of one folder. */
export type SharedSummary = Pick<
  IngestSummary,
  'outcomes' | 'vanished' | 'returned' | 'moved' | 'mended' | 'notices' | 'hasTrouble'
>;

type Options = Omit<Partial<IngestOptions>, 'database'>;

/** A call for an ingest that has not been answered. */
interface Waiting {
  /** The test that waits. */
  holder: symbol;
  paths: readonly string[];
  options: Options;
  answer(summary: Promise<IngestSummary>): void;
}

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

  /** The published snapshot, until the next ingest. */
  snapshot(): Promise<Database> {
    this.opened ??= openReadOnly(this.database);
    return this.opened;
  }

  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => undefined);
    this.opened = undefined;
    opened?.close();
  }

  /** Ingests as soon as every test that runs waits for it: none can be reading then. */
  private async consider(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    // Tests that begin or end together do so one after the other.
    await sleep(5);
    while (this.waiting.length > 0 && this.isAwaitedByAll()) {
      const batch = this.waiting.splice(0);
      await this.close();
      const keyOf = ({ options }: Waiting) => JSON.stringify(options);
      const keys = [...new Set(batch.map(keyOf))];
      const answers: (() => void)[] = [];
      for (const key of keys) {
        const set = batch.filter((each) => keyOf(each) === key);
        const paths = set.flatMap((each) => each.paths);
        const summary = this.run(paths, { ...set[0]!.options, publish: key === keys.at(-1) });
        await summary.catch(() => undefined);
        answers.push(
          ...set.map(
            ({ answer }) =>
              () =>
                answer(summary),
          ),
        );
      }
      // Not before: whoever has an answer reads what is published.
      for (const answer of answers) answer();
      await sleep(5);
    }
    this.isRunning = false;
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
  private readonly shared: SharedDatabase;
  private readonly holder: symbol;
  private own: { of: Database; connection: DuckDBConnection; where: Map<string, string> } | undefined;

  constructor(shared: SharedDatabase, holder: symbol) {
    this.shared = shared;
    this.holder = holder;
    this.number = shared.nextNumber();
    this.folder = join(shared.root, String(this.number));
    this.exports = join(this.folder, 'exports');
    mkdirSync(this.exports, { recursive: true });
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

  /** Ingests together with what other tests wait for at the same time; what it did with the files of this folder. */
  async ingest(paths: string | string[] = this.exports, options: Options = {}): Promise<SharedSummary> {
    const whole = await this.shared.ingest(this.holder, [paths].flat(), options);
    const isOwn = (path: string) => forwardSlashes(path).startsWith(`${forwardSlashes(this.folder)}/`);
    const outcomes = whole.outcomes.filter(({ row }) => isOwn(row.path));
    return {
      outcomes,
      vanished: whole.vanished.filter(isOwn),
      returned: whole.returned.filter(isOwn),
      moved: whole.moved.filter(({ to }) => isOwn(to)),
      mended: whole.mended.filter(({ path }) => isOwn(path)),
      notices: whole.notices.filter((notice) => notice.includes(this.folder)),
      hasTrouble: outcomes.some(isTrouble),
    };
  }

  /** Rows of a query on the published snapshot, whose tables have only what came from this folder. */
  async rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]> {
    const database = await this.shared.snapshot();
    if (this.own?.of !== database) this.own = await this.openOwn(database);
    const { connection, where } = this.own;
    for (const [table, condition] of where) {
      if (!new RegExp(`\\b${table}\\b`).test(sql)) continue;
      const whole = `cellar.main.${identifier(table)}`;
      await connection.run(
        `CREATE TEMP VIEW ${identifier(table)} AS SELECT * FROM ${whole} WHERE ${condition}`,
      );
      where.delete(table);
    }
    return select<Row>(connection, sql);
  }

  /** A connection of its own, and for each table of the schema the condition on rows of this folder. */
  private async openOwn(database: Database): Promise<NonNullable<typeof this.own>> {
    const connection = await database.instance.connect();
    const idsOf = async (sql: string) =>
      (await select<{ id: number }>(connection, sql)).map(({ id }) => id).join(', ') || 'NULL';
    const below = `starts_with(replace(path, '\\', '/'), ${literal(`${forwardSlashes(this.folder)}/`)})`;
    const files = await idsOf(`SELECT file_id AS id FROM files WHERE ${below}`);
    const tests = await idsOf(
      `SELECT test_id AS id FROM tests WHERE file_id IN (${files})
       UNION SELECT test_id FROM test_files WHERE file_id IN (${files}) ORDER BY id`,
    );
    const spectra = await idsOf(`SELECT spectrum_id AS id FROM spectra WHERE file_id IN (${files})`);
    const columns = await select<{ name: string; columns: string[] }>(
      connection,
      `SELECT table_name AS name, list(column_name) AS columns FROM duckdb_columns()
       WHERE database_name = 'cellar' AND schema_name = 'main' GROUP BY ALL`,
    );
    const conditions: [string, string][] = [
      ['spectrum_id', `spectrum_id IN (${spectra})`],
      ['test_id', `test_id IN (${tests})`],
      ['file_id', `file_id IN (${files})`],
      ['lab_folder', `starts_with(lab_folder, ${literal(this.folder)})`],
    ];
    const where = new Map<string, string>();
    for (const { name, columns: names } of columns) {
      const condition = conditions.find(([column]) => names.includes(column))?.[1];
      if (condition !== undefined) where.set(name, condition);
    }
    where.set('findings', `(test_id IN (${tests}) OR file_id IN (${files}))`);
    const inJson = JSON.stringify(join(this.folder, 'x')).slice(1, -2);
    where.set('runs', `contains(parameters::VARCHAR, ${literal(inJson)})`);
    return { of: database, connection, where };
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
