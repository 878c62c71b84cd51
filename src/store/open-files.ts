import { fstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Who has a snapshot open. DuckDB locks what it reads against other processes, but such a lock says nothing within the
 * process that holds it, is lost when that process closes the same file under any other handle, and is not asked for by
 * programs that only copy.
 */

/** A file this process reads: how often, and what is to be closed once nothing here reads it. */
interface OpenFile {
  readers: number;
  waiting: (() => void)[];
}

const open = new Map<string, OpenFile>();

const identityOf = ({ dev, ino }: { dev: bigint; ino: bigint }): string => `${dev}:${ino}`;

/** What tells a file from every other, whatever names it has; undefined where it is not there. */
export function fileIdentity(path: string): string | undefined {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts === undefined ? undefined : identityOf(facts);
}

/** What tells the content of a file from every other that has lain at the path, one written into the same file included. */
export function fileState(path: string): string | undefined {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts === undefined ? undefined : `${identityOf(facts)}:${facts.mtimeNs}:${facts.size}`;
}

/**
 * Notes that a file is read here. The function that is returned notes that it is not any more, and calls `close` as soon
 * as nothing here reads the file: closed sooner, it would take the lock of the other readers with it. On Windows locks
 * belong to handles, and `close` is called at once.
 */
export function noteOpen(identity: string | undefined): (close?: () => void) => void {
  if (identity === undefined) return (close) => close?.();
  const noted = open.get(identity) ?? { readers: 0, waiting: [] };
  noted.readers++;
  open.set(identity, noted);
  let isNoted = true;
  return (close) => {
    if (!isNoted) return;
    isNoted = false;
    noted.readers--;
    if (close !== undefined) noted.waiting.push(close);
    if (noted.readers === 0) open.delete(identity);
    if (noted.readers === 0 || process.platform === 'win32') {
      for (const waiting of noted.waiting.splice(0)) waiting();
    }
  };
}

/** Whether this process reads that file by `noteOpen`. */
export const isOpenHere = (identity: string | undefined): boolean =>
  identity !== undefined && open.has(identity);

/** Entries of a folder of the system; none where this user may not look, or the process has ended. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether a process has the file open that had one of the names; only files of such a name are looked at. */
function holds(process: string, identity: string, names: ReadonlySet<string>): boolean {
  const folder = `/proc/${process}/fd`;
  return entries(folder).some((handle) => {
    try {
      const path = readlinkSync(`${folder}/${handle}`);
      if (!names.has(basename(path).replace(/ \(deleted\)$/, ''))) return false;
      return fileIdentity(`${folder}/${handle}`) === identity;
    } catch {
      return false;
    }
  });
}

/** The same for this process where the system tells nothing of others. */
function isHeldHere(identity: string): boolean {
  return entries('/dev/fd').some((handle) => {
    try {
      return identityOf(fstatSync(Number(handle), { bigint: true })) === identity;
    } catch {
      return false;
    }
  });
}

/**
 * Whether anybody the system tells of has the file open: on Linux every process of this user (of all users for root), on
 * other systems this process. False is no proof; DuckDB's lock has to be asked as well.
 *
 * @param names every name the file has had
 */
export function isHeld(identity: string, names: readonly string[]): boolean {
  if (process.platform !== 'linux') return isHeldHere(identity);
  const known = new Set(names.map((name) => basename(name)));
  return entries('/proc').some((name) => /^\d+$/.test(name) && holds(name, identity, known));
}
