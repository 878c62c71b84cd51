import { open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyError } from '../errors.js';

/** Who holds a lock. */
interface Holder {
  pid: number;
  host: string;
  command: string;
  since: string;
}

export interface Lock {
  release(): Promise<void>;
}

/** A holder on another host is believed alive while its lock file is younger than this. */
const heartbeatMilliseconds = 15_000;
const staleMilliseconds = 8 * heartbeatMilliseconds;
const pollMilliseconds = 200;

async function readHolder(path: string): Promise<{ holder: Holder | undefined; age: number } | undefined> {
  try {
    const handle = await open(path, 'r');
    try {
      const { mtimeMs } = await handle.stat();
      const text = await handle.readFile('utf8');
      return { holder: parseHolder(text), age: Date.now() - mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isStale(found: { holder: Holder | undefined; age: number }): boolean {
  const { holder, age } = found;
  // Half-written by a process that died while it took the lock.
  if (holder === undefined) return age > 5000;
  if (holder.host === hostname()) return !isAlive(holder.pid);
  return age > staleMilliseconds;
}

/** Takes a dead holder's lock away; whoever comes first wins, the others find a fresh lock or none. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
    await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function tryTake(path: string, command: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    const holder: Holder = { pid: process.pid, host: hostname(), command, since: new Date().toISOString() };
    await handle.writeFile(`${JSON.stringify(holder)}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes the lock file at `path`, waiting up to `waitSeconds` for its holder.
 *
 * @throws CellarError (exit code 75) naming the holder when the wait was in vain
 */
export async function takeLock(
  path: string,
  command: string,
  waitSeconds: number,
  signal?: AbortSignal,
): Promise<Lock> {
  const deadline = Date.now() + waitSeconds * 1000;
  for (;;) {
    if (await tryTake(path, command)) break;
    const found = await readHolder(path);
    if (found === undefined) continue;
    if (isStale(found)) {
      await removeStale(path);
      continue;
    }
    if (Date.now() >= deadline) {
      const who = found.holder;
      throw busyError(
        who === undefined
          ? `another process holds ${path}`
          : `\`${who.command}\` (process ${who.pid} on ${who.host}) has held the database since ${who.since}`,
        'try again when it is done, or wait longer with --wait SECONDS',
      );
    }
    await sleep(pollMilliseconds, undefined, signal === undefined ? {} : { signal });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, heartbeatMilliseconds);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      const text = await readFile(path, 'utf8').catch(() => '');
      const holder = parseHolder(text);
      if (holder?.pid === process.pid && holder.host === hostname()) await rm(path, { force: true });
    },
  };
}
