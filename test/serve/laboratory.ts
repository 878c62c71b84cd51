import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServeOptions } from '../../src/serve/server.js';
import { command } from '../cli/run.js';
import { projectRoot } from '../shared-data.js';

/** A server of the tests' own on any free port: the built one, since it starts processes and has the page beside it. */
export async function serve(database: string, more: Partial<ServeOptions> = {}) {
  const built = pathToFileURL(join(projectRoot, 'dist', 'serve', 'server.js')).href;
  const { startServer } = (await import(built)) as typeof import('../../src/serve/server.js');
  return startServer({
    database,
    host: '127.0.0.1',
    port: 0,
    allowHosts: [],
    token: false,
    querySeconds: 5,
    sql: true,
    ...more,
  });
}

/** `cellar serve` as a process of its own, for what only a process shows. */
export interface ServingProcess {
  child: ChildProcess;
  /** Ends with a slash. */
  address: string;
}

/** Starts it on any free port, and waits until it has printed its address. */
export async function serveProcess(database: string): Promise<ServingProcess> {
  const words = [command.program, 'serve', '--db', database, '--port', '0'];
  const child = spawn(command.file, words, {
    env: command.environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, address: String(text).trim() };
}

const TICKS_PER_SECOND = 100;

/** Seconds of the processor that a process has taken so far, as Linux tells. */
export function processorSeconds(pid: number): number {
  // Behind the name, which may hold spaces: user time is the 14th value, system time the 15th.
  const values = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(values[11]) + Number(values[12])) / TICKS_PER_SECOND;
}

/** The value of a metric of a server. */
export async function metric(address: string, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', address))).text();
  return Number(new RegExp(`^cellar_${name} (\\d+)`, 'm').exec(text)?.[1]);
}

/** Milliseconds until something holds. @throws after 20 s */
export async function until(holds: () => Promise<boolean>): Promise<number> {
  const started = performance.now();
  while (!(await holds())) {
    if (performance.now() - started > 20_000) throw new Error('it never holds');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - started;
}
