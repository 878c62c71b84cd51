import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examineTests } from '../../src/ingest/audit/examine.js';
import { type FileScan, scanFile } from '../../src/ingest/bytes/scan.js';
import { loadFile } from '../../src/ingest/load/load.js';
import type { LoadedFile } from '../../src/ingest/load/loaded.js';
import { settleDateOrder } from '../../src/ingest/sniff/date-order.js';
import { type SniffOptions, type SniffResult, sniffFile, textPath } from '../../src/ingest/sniff/sniff.js';
import { type Database, run, select } from '../../src/store/connection.js';
import { deriveSteps, deriveTests } from '../../src/store/derive/derive.js';
import { openEmptyDatabase } from '../empty-database.js';

/** An export read into the database in memory, as ingesting reads it, without a ledger. The next one takes its place. */
export interface ReadExport {
  sniffed: Extract<SniffResult, { kind: 'readable' }>;
  scan: FileScan;
  loaded: LoadedFile;
  rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
}

/** What is derived from the records; steps alone take a third of the time. */
type Derived = 'steps' | 'cycles';

let opened: Promise<Database> | undefined;

/** One database serves all reads of a test file. */
async function emptiedDatabase(): Promise<Database> {
  opened ??= openEmptyDatabase();
  const database = await opened;
  for (const table of ['measurements', 'tests', 'steps', 'cycles', 'spectra', 'impedance', 'vendor_cycles']) {
    await run(database.connection, `DELETE FROM ${table}`);
  }
  return database;
}

/** Loads the tables of a sniffed file; with `derive` the direction of current is settled, and steps are derived or cycles with them. */
async function loadInto(
  database: Database,
  path: string,
  sniffed: ReadExport['sniffed'],
  scan: FileScan,
  derive: Derived | undefined,
): Promise<LoadedFile> {
  const { connection } = database;
  const { format } = sniffed.recognition;
  const tables = [];
  for (const plan of sniffed.tables) {
    const { order } = await settleDateOrder(plan, format, undefined, path, sniffed, scan);
    tables.push({ ...plan, dateOrder: order });
  }
  const scratch = mkdtempSync(join(tmpdir(), 'cellar-scratch-'));
  try {
    const loaded = await loadFile(
      { path, format, text: sniffed.text, scan, tables },
      { connection, scratch, timeZone: undefined, fileId: 1 },
    );
    for (const { plan, testId } of derive === undefined ? [] : loaded.tables) {
      if (testId === undefined) continue;
      const [examined] = await examineTests(connection, format, [
        { file: { path, sniffed, scan }, plan, testId },
      ]);
      const { currentDirection, counterScope } = examined!;
      await run(
        connection,
        `UPDATE tests SET current_direction = $1, counter_scope = $2 WHERE test_id = ${testId}`,
        [currentDirection, counterScope],
      );
      await (derive === 'steps' ? deriveSteps : deriveTests)(connection, [testId]);
    }
    return loaded;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @throws Error with the refusal's words where the file is refused */
export async function readExport(
  path: string,
  options: SniffOptions & { derive?: Derived } = {},
): Promise<ReadExport> {
  const sniffed = await sniffFile(path, options);
  if (sniffed.kind !== 'readable') throw new Error(sniffed.refusal.message);
  const text = textPath(path, sniffed);
  const scan = await scanFile(text, sniffed.view === undefined && sniffed.isGzip, sniffed.text);
  const database = await emptiedDatabase();
  const loaded = await loadInto(database, text, sniffed, scan, options.derive);
  return {
    sniffed,
    scan,
    loaded,
    rows: (sql) => select(database.connection, sql),
  };
}
