import { statSync } from 'node:fs';

/**
 * Snapshots this process has open, by the file itself: DuckDB's lock keeps other processes from changing a file that is
 * read, but not the one that reads it.
 */
const open = new Map<string, number>();

/** What tells a file from every other, whatever names it has; undefined where it is not there. */
export function fileIdentity(path: string): string | undefined {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts === undefined ? undefined : `${facts.dev}:${facts.ino}`;
}

/** Notes that a file is read here; the function that is returned notes that it is not any more. */
export function noteOpen(identity: string | undefined): () => void {
  if (identity === undefined) return () => undefined;
  open.set(identity, (open.get(identity) ?? 0) + 1);
  let isNoted = true;
  return () => {
    if (!isNoted) return;
    isNoted = false;
    const left = (open.get(identity) ?? 1) - 1;
    if (left > 0) open.set(identity, left);
    else open.delete(identity);
  };
}

/** Whether this process reads that file. */
export const isOpenHere = (identity: string | undefined): boolean =>
  identity !== undefined && open.has(identity);
