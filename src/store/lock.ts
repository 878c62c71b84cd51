import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyError } from '../errors.js';
import {
  describeHolder,
  type Holder,
  heartbeatMilliseconds,
  isGone,
  parseHolder,
  processStart,
} from './holder.js';

export interface Lock {
  release(): Promise<void>;
}

interface Found {
  holder: Holder | undefined;
  /** Milliseconds since its file was last touched. */
  age: number;
}

const pollMilliseconds = 200;
/** A takeover takes milliseconds; one as old as this was cut off. */
const takeoverMilliseconds = 10_000;

const isCode = (error: unknown, ...codes: string[]) =>
  codes.includes((error as NodeJS.ErrnoException).code ?? '');

async function readLock(path: string): Promise<Found | undefined> {
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
    // Windows refuses to open a file that is being removed.
    if (isCode(error, 'ENOENT', 'EPERM', 'EBUSY')) return undefined;
    throw error;
  }
}

/** Makes a file that must not be there yet; says whether it was this call that made it. */
async function createAlone(path: string, text: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Removes the lock of a holder that is gone. Of several that try, one alone makes the file that permits it, and it looks
 * again whether the lock is still the same: nobody removes a lock that another has taken meanwhile.
 */
async function removeGone(path: string, { holder }: Found): Promise<void> {
  const permit = `${path}.${holder?.token ?? 'unwritten'}.takeover`;
  if (!(await createAlone(permit, ''))) {
    const facts = await stat(permit).catch(() => undefined);
    if (facts !== undefined && Date.now() - facts.mtimeMs > takeoverMilliseconds) {
      await rm(permit, { force: true });
    }
    await sleep(10);
    return;
  }
  try {
    const now = await readLock(path);
    if (now !== undefined && now.holder?.token === holder?.token && isGone(now.holder, now.age)) {
      await rm(path, { force: true });
    }
  } finally {
    await rm(permit, { force: true });
  }
}

function refusal(path: string, holder: Holder | undefined): Error {
  return busyError(
    holder === undefined ? `another process holds ${path}` : describeHolder(holder),
    'try again when it is done, or wait longer with --wait SECONDS',
  );
}

/**
 * Takes the lock file at `path`, waiting up to `waitSeconds` for its holder. A lock that a killed process left is taken
 * over.
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
  const token = randomUUID();
  const started = processStart(process.pid);
  const self = { pid: process.pid, host: hostname(), command, token, started };
  for (;;) {
    const holder: Holder = { ...self, since: new Date().toISOString() };
    if (await createAlone(path, `${JSON.stringify(holder)}\n`)) break;
    const found = await readLock(path);
    if (found !== undefined && isGone(found.holder, found.age)) await removeGone(path, found);
    else if (found !== undefined && Date.now() >= deadline) throw refusal(path, found.holder);
    else if (found !== undefined) await sleep(pollMilliseconds, undefined, { ...(signal && { signal }) });
    else await sleep(1);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, heartbeatMilliseconds);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      const held = parseHolder(await readFile(path, 'utf8').catch(() => ''));
      if (held?.token === token) await rm(path, { force: true });
    },
  };
}
