import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { examineTests } from '../../src/ingest/audit/examine.js';
import { type FileScan, scanFile } from '../../src/ingest/bytes/scan.js';
import { loadFile } from '../../src/ingest/load/load.js';
import type { LoadedFile } from '../../src/ingest/load/loaded.js';
import { settleDateOrder } from '../../src/ingest/sniff/date-order.js';
import type { TablePlan } from '../../src/ingest/sniff/plan.js';
import { type SniffOptions, type SniffResult, sniffFile, textPath } from '../../src/ingest/sniff/sniff.js';
import { inTransaction, run } from '../../src/store/connection.js';
import { deriveSteps, deriveTests } from '../../src/store/derive/derive.js';
import { openEmptyDatabase } from '../empty-database.js';
import { OwnRows } from '../own-rows.js';

/** An export read into the database in memory, as ingesting reads it, without a ledger. */
export interface ReadExport {
  sniffed: Extract<SniffResult, { kind: 'readable' }>;
  scan: FileScan;
  loaded: LoadedFile;
  /** Rows of a query on tables that have only what was read from this export. */
  rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
}

/** What is derived from the records; steps alone take a third of the time. */
type Derived = 'steps' | 'cycles';

interface Loading {
  path: string;
  sniffed: ReadExport['sniffed'];
  scan: FileScan;
  derive: Derived | undefined;
}

/** Reads exports of one test file into one database, and derives what is read at the same time together. */
class Reader {
  readonly testFile: string | undefined;
  private readonly database = openEmptyDatabase();
  private files = 0;
  /** Reads that have begun and have not loaded their records yet. */
  private loading = 0;
  private turn: Promise<unknown> = Promise.resolve();
  private loaded: { of: Loading; file: LoadedFile }[] = [];
  private deriving: Promise<void> | undefined;
  private readonly looks: OwnRows[] = [];

  constructor(testFile: string | undefined) {
    this.testFile = testFile;
  }

  async read(path: string, { derive, ...options }: ReadOptions): Promise<ReadExport> {
    this.loading += 1;
    let isLoading = true;
    try {
      const sniffed = await sniffFile(path, options);
      if (sniffed.kind !== 'readable') throw new Error(sniffed.refusal.message);
      const text = textPath(path, sniffed);
      const scan = await scanFile(text, sniffed.view === undefined && sniffed.isGzip, sniffed.text);
      const of = { path: text, sniffed, scan, derive };
      this.files += 1;
      const fileId = this.files;
      const loaded = await this.inTurn(() => this.load(of, fileId));
      isLoading = false;
      this.loading -= 1;
      if (derive !== undefined) await this.derived(of, loaded);
      const own = await this.ownRows(loaded, fileId);
      return { sniffed, scan, loaded, rows: (sql) => own.select(sql) };
    } finally {
      if (isLoading) this.loading -= 1;
    }
  }

  async close(): Promise<void> {
    for (const look of this.looks) look.close();
    (await this.database).close();
  }

  /** Works with the one connection, one after the other. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async load({ path, sniffed, scan }: Loading, fileId: number): Promise<LoadedFile> {
    const { connection } = await this.database;
    const { format } = sniffed.recognition;
    const tables: TablePlan[] = [];
    for (const plan of sniffed.tables) {
      const { order } = await settleDateOrder(plan, format, undefined, path, sniffed, scan);
      tables.push({ ...plan, dateOrder: order });
    }
    const scratch = mkdtempSync(join(tmpdir(), 'cellar-scratch-'));
    try {
      // A file that fails leaves nothing behind, whose numbers the next one would be given.
      return await inTransaction(connection, () =>
        loadFile(
          { path, format, text: sniffed.text, scan, tables },
          { connection, scratch, timeZone: undefined, fileId },
        ),
      );
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /** Waits until a loaded file is derived, as soon as no other is being loaded. */
  private async derived(of: Loading, file: LoadedFile): Promise<void> {
    this.loaded.push({ of, file });
    this.deriving ??= (async () => {
      do await sleep(1);
      while (this.loading > 0);
      this.deriving = undefined;
      const all = this.loaded.splice(0);
      await this.inTurn(() => this.derive(all));
    })();
    await this.deriving;
  }

  /** Settles the direction of the current of loaded files, and derives their steps or cycles. */
  private async derive(all: readonly { of: Loading; file: LoadedFile }[]): Promise<void> {
    const { connection } = await this.database;
    const ids: Record<Derived, number[]> = { steps: [], cycles: [] };
    for (const { of, file } of all) {
      for (const { plan, testId } of file.tables) {
        if (testId === undefined) continue;
        const [examined] = await examineTests(connection, of.sniffed.recognition.format, [
          { file: of, plan, testId },
        ]);
        const { currentDirection, counterScope } = examined!;
        await run(
          connection,
          `UPDATE tests SET current_direction = $1, counter_scope = $2 WHERE test_id = ${testId}`,
          [currentDirection, counterScope],
        );
        ids[of.derive!].push(testId);
      }
    }
    if (ids.steps.length > 0) await deriveSteps(connection, ids.steps);
    if (ids.cycles.length > 0) await deriveTests(connection, ids.cycles);
  }

  private async ownRows({ tables }: LoadedFile, fileId: number): Promise<OwnRows> {
    const tests = tables.flatMap(({ testId }) => testId ?? []);
    const spectra = tables.flatMap((table) => table.spectra.map(({ spectrumId }) => spectrumId));
    const look = await OwnRows.open(await this.database, [
      ['spectrum_id', `spectrum_id IN (${spectra.join(', ') || 'NULL'})`],
      ['test_id', `test_id IN (${tests.join(', ') || 'NULL'})`],
      ['file_id', `file_id = ${fileId}`],
    ]);
    this.looks.push(look);
    return look;
  }
}

type ReadOptions = SniffOptions & { derive?: Derived };

let reader: Reader | undefined;

/**
 * Reads an export; those that are asked for at the same time are derived together.
 *
 * @throws Error with the refusal's words where the file is refused
 */
export async function readExport(path: string, options: ReadOptions = {}): Promise<ReadExport> {
  const { testPath } = expect.getState();
  if (reader === undefined || reader.testFile !== testPath) {
    // Files of tests share what they import, and the last one has ended.
    const last = reader;
    reader = new Reader(testPath);
    await last?.close();
  }
  return reader.read(path, options);
}
