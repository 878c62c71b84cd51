import type { DuckDBConnection } from '@duckdb/node-api';
import { type FitOptions, type FitSet, makeFits } from '../fits/fit-set.js';
import { fitRows } from '../fits/rows.js';
import { changedTables, recordRun, replaceContents, type TableContents } from '../fits/store.js';
import { insertRows, inTransaction, type SqlRow, select } from '../store/connection.js';
import { openSnapshot } from '../store/snapshot.js';
import { openWriter } from '../store/writer.js';
import { dayOf } from './due.js';
import { evaluateTargets, type JudgedTarget } from './evaluate.js';
import { type LabData, readLabData } from './lab-data.js';
import { alternativeRows, budgetRows, cellMetricRows, verdictRows } from './rows.js';
import type { TargetTable } from './schema.js';

/** Which database is brought up to date, and by whom. */
export interface CheckOptions extends FitOptions {
  /** Path of the snapshot people open. */
  database: string;
  /** The command line, for the lock and the record of the run. */
  command: string;
  waitSeconds?: number | undefined;
  /** Runs first, under the lock, such as an update of metadata; returns whether it changed anything. */
  prepare?: ((connection: DuckDBConnection) => Promise<boolean>) | undefined;
}

/** The result of a run over the database. */
export interface CheckOutcome {
  judged: JudgedTarget[];
  /** Rows of `verdicts` as they are stored. */
  verdicts: VerdictRow[];
  lab: LabData;
  /** Tables that were written; empty where nothing was new, or nothing should be written. */
  written: string[];
  isPublished: boolean;
}

/** A row of `verdicts`. */
export type VerdictRow = SqlRow & { run_id: number | null };

/**
 * Brings the fits up to date and, with a target table, the verdicts, under the writer's lock; publishes what changed.
 * A run that finds nothing new writes nothing.
 */
export async function analyzeAndStore(
  table: TargetTable | null,
  options: CheckOptions,
): Promise<CheckOutcome> {
  const startedAt = new Date();
  const writer = await openWriter(options.database, {
    command: options.command,
    ...(options.waitSeconds === undefined ? {} : { waitSeconds: options.waitSeconds }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  try {
    const { connection } = writer;
    const isPrepared = (await options.prepare?.(connection)) ?? false;
    const made = await makeAll(connection, table, options);
    const changed = await changedTables(connection, made.contents);
    if (changed.length === 0) {
      if (isPrepared || !writer.isPublished) await writer.publish();
      return { ...made, verdicts: await storedVerdicts(connection, made), written: [], isPublished: true };
    }
    await inTransaction(connection, async () => {
      const parameters = { targets: table?.name ?? null, fits: made.lab.fits.fresh };
      const runId = await recordRun(
        connection,
        options.command.split(' ')[1] ?? 'check',
        startedAt,
        parameters,
      );
      for (const { table: name, key } of changed) {
        if (name === 'verdicts') await appendHistory(connection, runId, made.contents.verdicts ?? []);
        await replaceContents(connection, runId, { table: name, key }, made.contents[name] ?? []);
      }
    });
    const isPublished = (await writer.publish()) === 'published';
    const written = changed.map(({ table: name }) => name);
    return { ...made, verdicts: await storedVerdicts(connection, made), written, isPublished };
  } finally {
    await writer.end();
  }
}

/** The same from the published snapshot, only in memory: nothing is written, and no lock is taken. */
export async function analyzeOnly(table: TargetTable | null, options: CheckOptions): Promise<CheckOutcome> {
  const snapshot = await openSnapshot(options.database);
  try {
    const made = await makeAll(snapshot.connection, table, options);
    const verdicts = (made.contents.verdicts ?? []) as VerdictRow[];
    return { ...made, verdicts, written: [], isPublished: true };
  } finally {
    snapshot.close();
  }
}

async function makeAll(connection: DuckDBConnection, table: TargetTable | null, options: FitOptions) {
  const fits: FitSet = await makeFits(connection, options);
  const lab = await readLabData(connection, fits);
  const judged = table === null ? [] : evaluateTargets(table, lab);
  const today = dayOf(new Date());
  const contents: TableContents = {
    ...(await fitRows(fits)),
    cell_metrics: cellMetricRows(lab, table?.targets ?? [], today),
    ...(table === null
      ? {}
      : {
          verdicts: verdictRows(judged, today),
          verdict_budget: budgetRows(judged),
          verdict_alternatives: alternativeRows(judged),
        }),
  };
  return { judged, lab, contents };
}

/** The verdicts with the run that reached them, in the order of judgement. */
async function storedVerdicts(
  connection: DuckDBConnection,
  { contents }: { contents: TableContents },
): Promise<VerdictRow[]> {
  const rows = (contents.verdicts ?? []) as VerdictRow[];
  if (rows.length === 0) return rows;
  const [newest] = await select<{ run_id: number }>(connection, 'SELECT max(run_id) AS run_id FROM verdicts');
  return rows.map((row) => ({ ...row, run_id: newest?.run_id ?? null }));
}

/** Appends the verdicts that are new or differ from the last ones of the same target and material. */
async function appendHistory(
  connection: DuckDBConnection,
  runId: number,
  rows: readonly SqlRow[],
): Promise<void> {
  const last = await select<Record<string, unknown>>(
    connection,
    `SELECT * FROM verdict_history
     QUALIFY row_number() OVER (PARTITION BY target_table, target_id, material_id ORDER BY run_id DESC) = 1`,
  );
  const nameOf = (row: Record<string, unknown>) =>
    JSON.stringify([row.target_table, row.target_id, row.material_id]);
  const compared = [
    'verdict',
    'value',
    'bound95_low',
    'bound95_high',
    'threshold',
    'comparison',
    'unit',
    'sample_size',
  ];
  const known = new Map(last.map((row) => [nameOf(row), row]));
  const news = rows.filter((row) => {
    const before = known.get(nameOf(row));
    return (
      before === undefined || compared.some((column) => (before[column] ?? null) !== (row[column] ?? null))
    );
  });
  await insertRows(
    connection,
    'verdict_history',
    news.map((row) => ({ ...row, run_id: runId })),
  );
}
