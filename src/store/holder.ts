import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lock. */
export interface Holder {
  pid: number;
  host: string;
  command: string;
  since: string;
  /** Distinguishes this acquisition of the lock from every other. */
  token: string;
  /**
   * Boot of the machine and start of the process, where the system gives them, since the number of a process may be
   * used again.
   */
  started: string | null;
}

/**
 * Start of a process of this machine, as a text that differs from that of any later process with the same number; null
 * where it is unknown.
 */
export function processStart(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may contain blanks; the start is the 22nd field, the 20th after it.
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return start === undefined ? null : `${boot}/${start}`;
  } catch {
    return null;
  }
}

/** The content of a lock file; undefined where it was not written completely, or was lost. */
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

/** How often a holder shows that it is alive, and after how long without a sign it counts as gone. */
export const heartbeatMilliseconds = 15_000;
const silentMilliseconds = 8 * heartbeatMilliseconds;
/** A lock without a holder was left incomplete by a process that died, or is just being written. */
const unwrittenMilliseconds = 5_000;

/**
 * Whether the holder of a lock is gone. On this machine the process is looked up, and distinguished from a later one
 * with the same number. Elsewhere, or where the start of a process is unknown, the time without a sign counts.
 *
 * @param age milliseconds since the lock file was last touched or, where its time is in the future, since it was first
 *   seen in this state
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
