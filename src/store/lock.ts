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

interface FoundLock {
  holder: Holder | undefined;
  /** Milliseconds since its file was last touched; negative where that is in the future. */
  age: number;
  /** When its file was last touched, by the time of the file. */
  touched: number;
}

/** After a wrong clock, the time of a lock means nothing; waiting shows how long it has given no sign. */
class Silence {
  private key = '';
  private since = 0;

  /** Milliseconds without a sign of the holder, as far as known. */
  of({ holder, age, touched }: FoundLock): number {
    const key = `${holder?.token}/${touched}`;
    if (key !== this.key) {
      this.key = key;
      this.since = performance.now();
    }
    return age >= -clockSkewMilliseconds ? age : performance.now() - this.since;
  }
}

/** Clocks of two machines may differ by this much without affecting the age of a file. */
const clockSkewMilliseconds = 10_000;

const pollMilliseconds = 200;
/** A takeover takes milliseconds; one as old as this was interrupted. */
const takeoverMilliseconds = 10_000;

const isCode = (error: unknown, ...codes: string[]) =>
  codes.includes((error as NodeJS.ErrnoException).code ?? '');

async function readLock(path: string): Promise<FoundLock | undefined> {
  try {
    const handle = await open(path, 'r');
    try {
      const { mtimeMs } = await handle.stat();
      const text = await handle.readFile('utf8');
      return { holder: parseHolder(text), age: Date.now() - mtimeMs, touched: mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Windows refuses to open a file that is being removed.
    if (isCode(error, 'ENOENT', 'EPERM', 'EBUSY')) return undefined;
    throw error;
  }
}

/** Creates a file that must not exist yet; returns whether this call created it. */
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
 * Removes the lock of a holder that is gone. If several processes try, only one can create the file that permits it,
 * and this one checks again whether the lock is unchanged, so that nobody removes a lock that another process has
 * taken meanwhile.
 */
async function removeGone(path: string, { holder }: FoundLock, silence: Silence): Promise<void> {
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
    if (now !== undefined && now.holder?.token === holder?.token && isGone(now.holder, silence.of(now))) {
      await rm(path, { force: true });
    }
  } finally {
    await rm(permit, { force: true });
  }
}

function refusal(path: string, { holder, age }: FoundLock): Error {
  const held = holder === undefined ? `another process holds ${path}` : describeHolder(holder);
  if (age < -clockSkewMilliseconds) {
    return busyError(
      `${held}; the time of ${path} lies in the future, so a clock was wrong`,
      `if no ingest runs, remove ${path}; or wait longer with --wait SECONDS`,
    );
  }
  return busyError(held, 'try again when it is done, or wait longer with --wait SECONDS');
}

/**
 * Takes the lock file at `path`, waiting up to `waitSeconds` for its holder. A lock left by a killed process is taken
 * over.
 *
 * @throws CellarError (exit code 75) with the name of the holder, if the lock stays taken
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
  const silence = new Silence();
  for (;;) {
    const holder: Holder = { ...self, since: new Date().toISOString() };
    if (await createAlone(path, `${JSON.stringify(holder)}\n`)) break;
    const found = await readLock(path);
    if (found !== undefined && isGone(found.holder, silence.of(found)))
      await removeGone(path, found, silence);
    else if (found !== undefined && Date.now() >= deadline) throw refusal(path, found);
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
