import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanFile } from '../../src/ingest/bytes/scan.js';
import { loadFile } from '../../src/ingest/load/load.js';
import type { LoadedFile, ReadyFile, TableReading } from '../../src/ingest/load/loaded.js';
import { settleDateOrder } from '../../src/ingest/sniff/date-order.js';
import type { TablePlan } from '../../src/ingest/sniff/plan.js';
import { sniffFile } from '../../src/ingest/sniff/sniff.js';
import { type Database, inTransaction, openInMemory, select } from '../../src/store/connection.js';
import { createSchema } from '../../src/store/schema.js';
import { readTableByLines } from './read-table.js';

/** What one of the two readings made of a file. */
interface Outcome {
  counts: Pick<LoadedFile, 'linesHead' | 'linesStructural' | 'rowsLoaded'> | string;
  measurements: Record<string, unknown>[];
  points: Record<string, unknown>[];
  cycles: Record<string, unknown>[];
  rejects: Record<string, unknown>[];
}

export interface Bench {
  database: Database;
  scratch: string;
  close(): void;
}

/** A database in memory in which files are read and rolled back. */
export async function openReferenceBench(): Promise<Bench> {
  const database = await openInMemory();
  await createSchema(database.connection);
  const scratch = mkdtempSync(join(tmpdir(), 'cellar-reference-'));
  return {
    database,
    scratch,
    close() {
      database.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

class RolledBack extends Error {}

/** What is known of a file before it is loaded; nothing where it is refused. */
async function readyOf(path: string): Promise<ReadyFile | undefined> {
  const sniffed = await sniffFile(path);
  if (sniffed.kind !== 'readable') return undefined;
  const { format } = sniffed.recognition;
  const scan = await scanFile(path, sniffed.isGzip, sniffed.text);
  const tables: TablePlan[] = [];
  for (const plan of sniffed.tables) {
    const { order } = await settleDateOrder(plan, format, 'month-first', path, sniffed, scan);
    tables.push({ ...plan, dateOrder: order });
  }
  return { path, format, text: sniffed.text, scan, tables };
}

async function outcomeOf(
  { database, scratch }: Bench,
  ready: ReadyFile,
  readTable: TableReading | undefined,
): Promise<Outcome> {
  const { connection } = database;
  let outcome: Outcome | undefined;
  const work = async () => {
    const loaded = await loadFile(ready, {
      connection,
      scratch,
      timeZone: 'Europe/Berlin',
      fileId: 1,
      readTable,
    });
    outcome = {
      counts: {
        linesHead: loaded.linesHead,
        linesStructural: loaded.linesStructural,
        rowsLoaded: loaded.rowsLoaded,
      },
      measurements: await select(
        connection,
        'SELECT * EXCLUDE (test_id), dense_rank() OVER (ORDER BY test_id) AS part FROM measurements ORDER BY test_id, record_index',
      ),
      // Sine and cosine are DuckDB's there and JavaScript's here: the last digit may differ.
      points: (
        await select<Record<string, unknown>>(
          connection,
          'SELECT * FROM impedance ORDER BY spectrum_id, point_index',
        )
      ).map((point) =>
        Object.fromEntries(
          Object.entries(point).map(([name, value]) => [
            name,
            typeof value === 'number' ? Number(value.toPrecision(14)) : value,
          ]),
        ),
      ),
      cycles: await select(connection, 'SELECT * FROM vendor_cycles ORDER BY row_index'),
      rejects: loaded.rejects.map(({ line_number, column_name, raw_value, reason }) => ({
        line_number: Number(line_number),
        column_name,
        raw_value,
        reason,
      })),
    };
    throw new RolledBack();
  };
  await inTransaction(connection, work).catch((error) => {
    if (error instanceof RolledBack) return;
    outcome = { counts: (error as Error).message, measurements: [], points: [], cycles: [], rejects: [] };
  });
  return outcome!;
}

const asText = (value: unknown) =>
  JSON.stringify(value, (_key, each) => {
    if (typeof each === 'bigint') return Number(each);
    // The reading by lines needs some control characters for itself.
    if (typeof each === 'string') return each.replaceAll(/[\p{Cc}\u2400]/gu, '').trim();
    return Object.is(each, -0) ? 0 : each;
  });

/** Where two lists of rows first differ, in words. */
function firstDifference(
  part: string,
  ours: Record<string, unknown>[],
  theirs: Record<string, unknown>[],
): string[] {
  const at = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, index) => index).find(
    (index) => asText(ours[index]) !== asText(theirs[index]),
  );
  if (at === undefined) return [];
  const [one, other] = [ours[at] ?? {}, theirs[at] ?? {}];
  const column = Object.keys({ ...one, ...other }).find((name) => asText(one[name]) !== asText(other[name]))!;
  return [
    `${part} ${at + 1} of ${ours.length}, by lines ${theirs.length}: ${column} ${asText(one[column])}, by lines ${asText(other[column])}`,
  ];
}

/** How the reading of a file differs from the reading by lines; nothing where it does not. */
export async function differences(bench: Bench, path: string): Promise<string[]> {
  const ready = await readyOf(path);
  if (ready === undefined) return [];
  const ours = await outcomeOf(bench, ready, undefined);
  const theirs = await outcomeOf(bench, ready, readTableByLines);
  const found = (['measurements', 'points', 'cycles', 'rejects'] as const).flatMap((part) =>
    firstDifference(part, ours[part], theirs[part]),
  );
  if (asText(ours.counts) !== asText(theirs.counts))
    found.push(`lines ${asText(ours.counts)}, by lines ${asText(theirs.counts)}`);
  return found;
}
