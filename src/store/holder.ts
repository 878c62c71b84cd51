import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lock. */
export interface Holder {
  pid: number;
  host: string;
  command: string;
  since: string;
  /** Tells this taking of the lock from every other. */
  token: string;
  /** Which boot of the machine and when in it the process began, where the system tells: its number may be given out again. */
  started: string | null;
}

/** When a process of this machine began, as a text that no later process of the same number shares; null where it is not told. */
export function processStart(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks; the start is the 22nd field, the 20th behind it.
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return start === undefined ? null : `${boot}/${start}`;
  } catch {
    return null;
  }
}

/** What a lock file says; undefined where it was not written to its end, or its content was lost. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const found = JSON.parse(text) as Partial<Holder> | null;
    const isWhole =
      typeof found?.pid === 'number' && typeof found.host === 'string' && typeof found.token === 'string';
    return isWhole ? (found as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** How often a holder shows that it lives, and after how long a silence it counts as gone. */
export const heartbeatMilliseconds = 15_000;
const silentMilliseconds = 8 * heartbeatMilliseconds;
/** A lock that names nobody was half written by a process that died, or is being written just now. */
const unwrittenMilliseconds = 5_000;

/**
 * Whether whoever took a lock is gone. On this machine the process is looked for, and told from a later one that has
 * its number; elsewhere, or where a process does not tell when it began, its silence counts.
 *
 * @param age milliseconds since the lock file was last touched, or since it was first seen as it is where its time lies
 *   in the future
 */
export function isGone(holder: Holder | undefined, age: number): boolean {
  if (holder === undefined) return age > unwrittenMilliseconds;
  if (holder.host !== hostname()) return age > silentMilliseconds;
  if (!isRunning(holder.pid)) return true;
  const started = processStart(holder.pid);
  if (started === null || (holder.started ?? null) === null) return age > silentMilliseconds;
  return started !== holder.started;
}

/** The holder for people: command, process, machine, since when. */
export function describeHolder({ command, pid, host, since }: Holder): string {
  return `\`${command}\` (process ${pid} on ${host}) has held the database since ${since}`;
}
