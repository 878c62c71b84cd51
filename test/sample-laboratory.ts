import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectRoot } from './shared-data.js';

/**
 * The sample laboratory, read and judged once in a run of the tests: the first test that asks for it makes it, in the
 * folder of the run, others wait for it and take a copy of its database.
 */

export interface SampleLaboratory {
  /** Path of a database of the test's own, with the fits and verdicts of `cellar check`. */
  database: string;
  /** What the demo printed. */
  printed: string;
  /** How it ended. */
  status: number | null;
}

const root = () => join(tmpdir(), 'sample-laboratory');
const longestMilliseconds = 300_000;

/** Runs `npm run demo` into a folder. */
function make(folder: string): Pick<SampleLaboratory, 'printed' | 'status'> {
  const demo = [join(projectRoot, 'scripts', 'demo.js'), folder];
  const { stdout, stderr, status } = spawnSync(process.execPath, demo, {
    encoding: 'utf8',
    cwd: projectRoot,
  });
  return { printed: stdout + stderr, status };
}

/** Waits for the test that makes it; the thread has nothing else to do meanwhile. */
function waitFor(path: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const end = Date.now() + longestMilliseconds;
  while (!existsSync(path)) {
    if (Date.now() > end) throw new Error(`${path} is not made: did the test fail that makes it?`);
    Atomics.wait(clock, 0, 0, 100);
  }
}

/** Copies a database that is judged into `folder`. */
export function sampleLaboratory(folder: string): SampleLaboratory {
  const shared = join(root(), 'demo');
  const made = join(root(), 'demo.json');
  mkdirSync(root(), { recursive: true });
  let isMine = true;
  try {
    mkdirSync(shared);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    isMine = false;
  }
  if (isMine) {
    writeFileSync(`${made}.tmp`, JSON.stringify(make(shared)));
    renameSync(`${made}.tmp`, made);
  } else waitFor(made);
  const facts = JSON.parse(readFileSync(made, 'utf8')) as ReturnType<typeof make>;
  cpSync(shared, folder, {
    recursive: true,
    preserveTimestamps: true,
    // The spare copy of a snapshot is made again when it is needed.
    filter: (path) => !/^report\.html$|\.spare\./.test(basename(path)),
  });
  return { database: join(folder, 'cellar.duckdb'), ...facts };
}
