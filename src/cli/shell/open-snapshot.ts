import { statSync } from 'node:fs';
import { openForQueries } from '../../query/open.js';
import type { Database } from '../../store/connection.js';

/** A snapshot that is checked before each statement, because an ingest may have published a new one. */
export class FollowedSnapshot {
  readonly path: string;
  private database: Database | undefined;
  private identity = '';

  constructor(path: string) {
    this.path = path;
  }

  /** The open database, and whether it is another one than last time. */
  async current(): Promise<{ database: Database; isNew: boolean }> {
    const identity = this.identify();
    if (this.database !== undefined && identity === this.identity)
      return { database: this.database, isNew: false };
    const isNew = this.database !== undefined;
    const database = await openForQueries(this.path);
    this.close();
    this.database = database;
    this.identity = identity;
    return { database, isNew };
  }

  /** Stops the statement that is running, if one is. */
  interrupt(): void {
    this.database?.connection.interrupt();
  }

  close(): void {
    this.database?.close();
    this.database = undefined;
  }

  private identify(): string {
    const found = statSync(this.path, { throwIfNoEntry: false, bigint: true });
    // On a system that cannot replace a file atomically, the old one is used meanwhile.
    return found === undefined ? this.identity : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;
  }
}
