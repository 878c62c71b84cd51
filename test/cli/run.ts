import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { afterAll } from 'vitest';
import { insertRows, openWritable, type SqlRow } from '../../src/store/connection.js';
import { emptyDatabase } from '../empty-database.js';
import { projectRoot } from '../shared-data.js';

const program = join(projectRoot, 'bin', 'cellar.js');
if (!existsSync(join(projectRoot, 'dist', 'cli', 'main.js'))) {
  throw new Error('these tests run the built program: npm run build');
}

export interface RunOptions {
  cwd?: string;
  input?: string;
  env?: Record<string, string>;
}

/** The environment of a user who has set nothing of Cellar's. */
function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { CELLAR_DB: _db, NO_COLOR: _color, ...inherited } = process.env;
  return { ...inherited, ...more };
}

/** What a command leaves behind, with its output as bytes. */
type Done = Pick<SpawnSyncReturns<Buffer>, 'status' | 'stdout' | 'stderr'>;

/** The thread that runs commands; it lives as long as the process of the tests and does not keep it alive. */
let thread: Worker | undefined;

function runInThread(args: string[], env: NodeJS.ProcessEnv, input: string): Done {
  if (thread === undefined) {
    thread = new Worker(join(projectRoot, 'test', 'cli', 'in-process.js'), {
      workerData: { dist: pathToFileURL(join(projectRoot, 'dist', sep)).href },
      execArgv: [],
    });
    thread.unref();
  }
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  thread.postMessage({ args, env: { ...env }, input, signal, reply: port2 }, [port2]);
  const outcome = Atomics.wait(signal, 0, 0, longestMilliseconds);
  const answer = receiveMessageOnPort(port1)?.message as Done | undefined;
  port1.close();
  if (answer === undefined) throw new Error(`cellar ${args.join(' ')}: no answer (${outcome})`);
  return { ...answer, stdout: Buffer.from(answer.stdout), stderr: Buffer.from(answer.stderr) };
}

/** Longer than any command of the tests takes. */
const longestMilliseconds = 200_000;

/** Runs `cellar` in this process. */
function runHere(args: string[], { cwd, env, input = '' }: RunOptions): Done {
  if (cwd === undefined) return runInThread(args, environment(env), input);
  const before = process.cwd();
  // Threads share the working directory.
  process.chdir(cwd);
  try {
    return runInThread(args, environment(env), input);
  } finally {
    process.chdir(before);
  }
}

/** The result of a command, with its output as text. */
export type Result = Record<'stdout' | 'stderr', string> & { status: number | null };

/**
 * Runs the built `cellar` as a user would, and waits for it: in this process, which saves the start of one. What holds a
 * lock against this process, and what a process takes from its environment as it starts, is for `cellarProcess`.
 */
export function cellar(args: string[], options: RunOptions = {}): Result {
  const { status, stdout, stderr } = runHere(args, options);
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** The same in a process of its own, for what only a process shows: locks, signals, language and time zone. */
export function cellarProcess(
  args: string[],
  { cwd, input, env }: RunOptions = {},
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    input: input ?? '',
    env: environment(env),
    maxBuffer: 1 << 28,
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** Runs `cellar` like `cellar()`, with binary output. */
export function cellarBytes(args: string[]): Done {
  return runHere(args, {});
}

/** How to start `cellar` for tests that talk to the running process. */
export const command = { file: process.execPath, program, environment };

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a database with the schema, the given rows and what the statements add. */
export async function makeDatabase(
  path: string,
  rows: Record<string, SqlRow[]> = {},
  statements: string[] = [],
): Promise<string> {
  copyFileSync(await emptyDatabase(), path);
  const database = await openWritable(path);
  try {
    for (const [table, given] of Object.entries(rows)) await insertRows(database.connection, table, given);
    for (const statement of statements) await database.connection.run(statement);
    await database.connection.run('CHECKPOINT');
  } finally {
    database.close();
  }
  return path;
}
