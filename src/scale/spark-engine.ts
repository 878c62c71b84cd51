import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { busyError } from '../errors.js';
import type { Place } from '../export/index.js';
import { DerivationInterrupted, type Engine, type Job } from './engine.js';
import { localFolders } from './folders.js';
import type { DerivationPlan } from './plan.js';
import { sparkFailure } from './spark-failure.js';
import { findSparkSql } from './spark-home.js';
import { marker, sparkScript, stagesFolder } from './spark-script.js';
import { applicationAddress, executorCount } from './spark-workers.js';

export interface SparkOptions {
  /** `spark://host:7077`, `yarn`, `local[4]`, … */
  master: string;
  /** Settings of Spark, `key=value`. */
  conf: readonly string[];
  /** Address of the lake on the cluster; undefined: the same path as on this machine. */
  clusterPath?: string;
  /** How long the cluster may be without a worker. */
  workerWaitSeconds: number;
}

/** Settings that the result depends on, whatever the defaults of the cluster. */
const fixedSettings = {
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.parquet.enableVectorizedReader': 'true',
  // No metastore: nothing is left behind in a catalogue.
  'spark.sql.catalogImplementation': 'in-memory',
};

/** How much of the end of a log is kept in memory to find the cause of a failure. */
const keptLog = 200_000;
const pollMilliseconds = 3000;

/** Records of one task of a shuffle; Spark's own number of tasks takes most of the time of a small lake. */
const rowsPerTask = 250_000;

function shuffleTasks({ batches }: DerivationPlan): number {
  const rows = Math.max(0, ...batches.map((batch) => batch.rows));
  return Math.min(2000, Math.max(4, Math.ceil(rows / rowsPerTask)));
}

/**
 * The arguments of `spark-sql`; of a setting that is given twice, the last counts: settings of the user come before
 * ours, except `fixedSettings`.
 */
function commandLine(script: string, plan: DerivationPlan, { master, conf }: SparkOptions): string[] {
  const settings = [
    `spark.sql.shuffle.partitions=${shuffleTasks(plan)}`,
    ...conf,
    ...Object.entries(fixedSettings).map(([key, value]) => `${key}=${value}`),
  ];
  return [
    ...['--master', master, '--name', 'cellar derive'],
    ...settings.flatMap((setting) => ['--conf', setting]),
    ...['-f', script],
  ];
}

/** The lake as an address of Spark, where S3 has another name. */
const addressOf = ({ url }: Place) => url.replace(/^s3n?:/, 's3a:');

/** A run of spark-sql, and the end of its output. */
interface SparkRun {
  child: ChildProcess;
  log(): string;
  ended: Promise<number | null>;
}

function start(program: string, args: string[], cwd: string, logFile: string): SparkRun {
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A command file needs the shell there.
    shell: process.platform === 'win32',
  });
  const file = createWriteStream(logFile);
  let log = '';
  child.stderr?.on('data', (piece: Buffer) => {
    log = (log + piece.toString('utf8')).slice(-keptLog);
    file.write(piece);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => file.end(() => resolve(code)));
  });
  return { child, log: () => log, ended };
}

/**
 * Stops waiting for a cluster without a worker: Spark itself would wait for ever.
 *
 * @returns a promise that is rejected after `waitSeconds` without any, and a function to stop checking
 */
function watchWorkers({ log }: SparkRun, waitSeconds: number): { lost: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let application: string | undefined;
  let lastSeen = Date.now();
  const lost = new Promise<never>((_resolve, reject) => {
    const look = async () => {
      application ??= applicationAddress(log());
      const count = application === undefined ? undefined : await executorCount(application);
      if (count !== 0) lastSeen = Date.now();
      if (Date.now() - lastSeen > waitSeconds * 1000) reject(new NoWorkers());
      else timer = setTimeout(look, pollMilliseconds);
    };
    timer = setTimeout(look, pollMilliseconds);
  });
  return { lost, stop: () => clearTimeout(timer) };
}

class NoWorkers extends Error {}

/** Runs the script to its end; `onDone` is called for each finished part. */
async function runScript(
  running: SparkRun,
  { master, workerWaitSeconds }: SparkOptions,
  signal: AbortSignal | undefined,
  logFile: string,
  onDone: (pieces: number) => void,
): Promise<void> {
  const { child, ended, log } = running;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line.startsWith(marker)) onDone(Number(line.slice(marker.length)));
  });
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop);
  const isLocal = master.startsWith('local');
  const watch = isLocal ? undefined : watchWorkers(running, workerWaitSeconds);
  try {
    const code = await (watch === undefined ? ended : Promise.race([ended, watch.lost]));
    if (signal?.aborted === true) throw new DerivationInterrupted();
    if (code !== 0) throw sparkFailure(log(), master, logFile, code);
  } catch (error) {
    if (!(error instanceof NoWorkers)) throw error;
    stop();
    await ended;
    throw busyError(
      `the cluster at ${master} has had no worker for ${workerWaitSeconds} s`,
      `Start workers with free cores and memory, then run it again: it goes on from what is finished. Spark's log: ${logFile}`,
    );
  } finally {
    watch?.stop();
    signal?.removeEventListener('abort', stop);
  }
}

async function deriveOnSpark(job: Job, options: SparkOptions): Promise<void> {
  const { place } = job.lake;
  const { plan, signal, onProgress } = job;
  const program = findSparkSql();
  const address = options.clusterPath?.replace(/\/+$/, '') ?? addressOf(place);
  const { sql, pieces } = sparkScript(plan, address);
  const { spark: scratch } = localFolders(place);
  await place.clear(stagesFolder);
  await mkdir(scratch, { recursive: true });
  const script = join(scratch, 'derive.sql');
  const logFile = join(scratch, 'spark.log');
  await writeFile(script, sql);
  onProgress?.(0, pieces.length, pieces[0] ?? '');
  const running = start(program, commandLine(script, plan, options), scratch, logFile);
  await runScript(running, options, signal, logFile, (done) =>
    onProgress?.(done, pieces.length, pieces[done] ?? ''),
  );
}

/** An existing Spark cluster, or Spark on this machine, driven through its own `spark-sql`. */
export const sparkEngine = (options: SparkOptions): Engine => ({
  name: 'spark',
  derive: (job) => deriveOnSpark(job, options),
});
