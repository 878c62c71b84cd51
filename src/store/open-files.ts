import { fstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Who has a snapshot open. DuckDB locks what it reads against other processes. But such a lock has no effect within
 * the process that holds it, it is lost when that process closes the same file through any other handle, and programs
 * that only copy ignore it.
 */

/** A file that this process reads: how often, and what to close when nothing here reads it any more. */
interface OpenFile {
  readers: number;
  waiting: (() => void)[];
}

const open = new Map<string, OpenFile>();

const identityOf = ({ dev, ino }: { dev: bigint; ino: bigint }): string => `${dev}:${ino}`;

/** Identity of a file, independent of its names; undefined where it does not exist. */
export function fileIdentity(path: string): string | undefined {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts === undefined ? undefined : identityOf(facts);
}

/** Identity of the content of a file, which changes when the file is replaced or written. */
export function fileState(path: string): string | undefined {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts === undefined ? undefined : `${identityOf(facts)}:${facts.mtimeNs}:${facts.size}`;
}

/**
 * Notes that a file is read here. The returned function notes that reading has ended, and calls `close` as soon as
 * nothing here reads the file; closing it earlier would release the lock of the other readers. On Windows locks belong
 * to handles, and `close` is called at once.
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

/** Entries of a folder of the system; empty without permission, or where the process has ended. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether a process has the file open under one of its names; only files with such a name are examined. */
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

/** The same for this process, where the system gives no information about others. */
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
 * Whether any process that the system shows has the file open: on Linux every process of this user (of all users for
 * root), on other systems only this process. False is not a proof; DuckDB's lock has to be checked as well.
 *
 * @param names every name that the file has had
 */
export function isHeld(identity: string, names: readonly string[]): boolean {
  if (process.platform !== 'linux') return isHeldHere(identity);
  const known = new Set(names.map((name) => basename(name)));
  return entries('/proc').some((name) => /^\d+$/.test(name) && holds(name, identity, known));
}
