import { type Command, Option } from 'commander';
import { usageError } from '../errors.js';
import type { Place } from '../export/index.js';
import type { DerivationPlan, DeriveLakeSummary, Engine, StoreSummary } from '../scale/index.js';
import { waitOption } from './support/analysis.js';
import { requireDatabase } from './support/database.js';
import { writeJson } from './support/output.js';
import { createPieceProgress } from './support/piece-progress.js';
import { PieceTimes } from './support/piece-times.js';
import { takeInterruption } from './support/process.js';
import { action, type Session } from './support/session.js';

interface DeriveOptions {
  lake: string;
  engine: 'duckdb' | 'spark';
  master?: string;
  conf?: string[];
  clusterPath?: string;
  workerWait: string;
  batchRows: string;
  store: boolean;
  wait: string;
  json?: boolean;
}

const help = `
Examples:
  cellar derive --lake lake                (after \`cellar export lake\`) by DuckDB, back into the database
  cellar derive --lake lake --engine spark --master spark://head:7077
  cellar derive --lake lake --engine spark --master 'local[2]' --conf spark.driver.memory=2g
  cellar derive --lake lake --no-store     leave them in the lake: lake/derived/steps.parquet, cycles.parquet

When a cluster is worth it, and how to set one up: docs/scale-out.md`;

const repeatable = (value: string, before: string[] = []) => [...before, value];

/** Adds `cellar derive`. */
export function registerDerive(program: Command): void {
  program
    .command('derive')
    .summary('steps and cycles of an exported lake, by DuckDB or on a Spark cluster')
    .description(
      'Derive steps and cycles of a lake that `cellar export` wrote, only of what changed since the last time, and bring them back into the database.',
    )
    .requiredOption('--lake <dir>', 'the lake: a folder, or s3://BUCKET/PATH')
    .addOption(
      new Option('--engine <engine>', 'what runs the derivation')
        .choices(['duckdb', 'spark'])
        .default('duckdb'),
    )
    .option(
      '--master <url>',
      'spark: the cluster: spark://HOST:PORT, yarn, k8s://…, local[CORES] (default local[*])',
    )
    .option('--conf <key=value>', 'spark: a setting of Spark; repeatable', repeatable)
    .option('--cluster-path <path>', 'spark: where the cluster sees the lake, if not where this machine does')
    .option('--worker-wait <seconds>', 'spark: how long the cluster may be without a worker', '120')
    .option('--batch-rows <n>', 'records that are read together; a failure loses at most these', '50000000')
    .option('--no-store', 'leave the result in the lake; needs no database')
    .option('--wait <seconds>', 'how long to wait for another writer', '10')
    .option('--json', 'print the outcome as one JSON object')
    .addHelpText('after', help)
    .action(action(runDerive));
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw usageError(`${option} ${text} is not a number above 0`);
}

async function engineOf(options: DeriveOptions): Promise<Engine> {
  const { duckdbEngine, sparkEngine } = await import('../scale/index.js');
  if (options.engine === 'duckdb') {
    const given = (
      [
        ['--master', options.master],
        ['--cluster-path', options.clusterPath],
        ['--conf', options.conf?.[0]],
      ] as const
    ).find(([, value]) => value !== undefined);
    if (given !== undefined) throw usageError(`${given[0]} is for Spark`, 'Add --engine spark.');
    return duckdbEngine;
  }
  const conf = options.conf ?? [];
  const stray = conf.find((setting) => !/^[^=\s]+=/.test(setting));
  if (stray !== undefined) throw usageError(`--conf ${stray} is not KEY=VALUE`);
  return sparkEngine({
    master: options.master ?? 'local[*]',
    conf,
    workerWaitSeconds: positive(options.workerWait, '--worker-wait'),
    ...(options.clusterPath === undefined ? {} : { clusterPath: options.clusterPath }),
  });
}

async function runDerive(session: Session, options: DeriveOptions): Promise<void> {
  const { openPlace } = await import('../export/index.js');
  const engine = await engineOf(options);
  const batchRows = positive(options.batchRows, '--batch-rows');
  const waitSeconds = waitOption(options.wait);
  const signal = takeInterruption();
  if (options.store) requireDatabase(session.db);
  const place = await openPlace(options.lake);
  try {
    const { summary, stored } = await deriveAt(place, session, engine, options, {
      batchRows,
      waitSeconds,
      signal,
    });
    if (options.json === true) {
      await writeJson({
        schema: 'cellar.derive/1',
        lake: options.lake,
        engine: engine.name,
        ...summary,
        stored,
      });
    } else report(session, summary, stored);
  } finally {
    place.close();
  }
}

async function deriveAt(
  place: Place,
  session: Session,
  engine: Engine,
  { store, engine: name }: DeriveOptions,
  how: { batchRows: number; waitSeconds: number; signal: AbortSignal },
): Promise<{ summary: DeriveLakeSummary; stored: StoreSummary | null }> {
  const { checkStorable, deriveLake, storeDerivation } = await import('../scale/index.js');
  if (store) await checkStorable(session.db, place);
  const progress = createPieceProgress(session, name);
  const times = new PieceTimes();
  let summary: DeriveLakeSummary;
  try {
    summary = await deriveLake(place, engine, {
      ...how,
      onPlan: (plan) => {
        session.notes.note(planned(plan));
        if (name === 'spark') warnOfSpark(session, plan);
      },
      onProgress: (done, total, what) => {
        times.begin(done < total ? what : undefined);
        progress.show(done, total, what);
      },
    });
    if (name === 'spark' && times.pieces.length > 0)
      session.notes.note(`where the time went, starting included: ${times.longest(5)}`);
  } finally {
    progress.stop();
  }
  const { waitSeconds, signal } = how;
  const stored = store
    ? await storeDerivation(session.db, place, { engine: engine.name, waitSeconds, signal })
    : null;
  return { summary, stored };
}

/**
 * Records that DuckDB derives per second on two cores, and the number of records up to which that is faster than
 * starting a cluster (docs/scale-out.md).
 */
const duckdbRecordsPerSecond = 1e6;
const worthACluster = 200e6;

function warnOfSpark({ notes }: Session, { batches }: DerivationPlan): void {
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  if (rows === 0 || rows >= worthACluster) return;
  const seconds = Math.max(1, Math.ceil(rows / duckdbRecordsPerSecond));
  notes.warn(
    `DuckDB derives ${count(rows, 'record')} in about ${seconds} s on one machine (--engine duckdb); Spark takes two minutes and more to start and compile`,
  );
}

const count = (n: number, word: string) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;

function planned({ batches, done, numbered, unchanged }: DerivationPlan): string {
  if (numbered.length === 0) return `nothing to derive: ${count(unchanged.length, 'test')} unchanged`;
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const read = batches.reduce((sum, { tests }) => sum + tests.length, 0);
  const resumed = done.reduce((sum, { testIds }) => sum + testIds.length, 0);
  return [
    `${count(read, 'test')} to read (${count(rows, 'record')})`,
    ...(resumed === 0 ? [] : [`${count(resumed, 'test')} finished by an earlier attempt`]),
    `${count(numbered.length, 'test')} to number, ${unchanged.length} unchanged`,
  ].join(', ');
}

function report({ notes, db }: Session, summary: DeriveLakeSummary, stored: StoreSummary | null): void {
  const { steps, cycles, seconds } = summary;
  notes.note(`${count(steps, 'step')} and ${count(cycles, 'cycle')} in the lake, in ${seconds.toFixed(1)} s`);
  if (stored === null) return;
  const { replaced } = stored;
  notes.note(
    replaced === 0
      ? `${db} had them already`
      : `${db}: steps and cycles of ${count(replaced, 'test')} replaced; \`cellar check\` fits and judges them`,
  );
  if (!stored.isPublished) notes.note('a reader holds the snapshot: they appear there with the next run');
}
