import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { CellarError } from '../errors.js';
import type { Database } from '../store/connection.js';
import type { DatabasePaths } from '../store/paths.js';
import { publishWaiting, waitingSnapshot } from '../store/publish.js';
import { schemaVersion, storedSchemaVersion } from '../store/schema.js';
import { openSnapshot } from '../store/snapshot.js';

/** Identity and last change of a file; another value means another file. */
export interface Identity {
  /** Short text for addresses and headers. */
  id: string;
  publishedAt: Date;
  /** Whether everybody on the machine may read it; true where the system has no such mode. */
  isPublic: boolean;
}

const OTHERS_READ = 0o004;

/** The identity of the file at a path; null where there is none. */
export function identify(path: string): Identity | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (found === undefined) return null;
  const text = `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;
  return {
    id: createHash('sha256').update(text).digest('hex').slice(0, 12),
    publishedAt: new Date(Number(found.mtimeNs / 1_000_000n)),
    isPublic: process.platform === 'win32' || (Number(found.mode) & OTHERS_READ) !== 0,
  };
}

/** One published snapshot, open for reading. */
export interface Generation extends Identity {
  database: Database;
  /** Version of its schema; with an older one, some screens have nothing to show. */
  schema: number;
  /** Its present readers. */
  users: number;
}

export interface SnapshotEvents {
  onSnapshot(generation: Generation): void;
  onTrouble(reason: string | null): void;
  /** Asks others that hold the file to close it. */
  letGo(): Promise<void>;
}

const LOOK_EVERY = 1_000;
const HAND_OVER = 10_000;

/**
 * The snapshot at a path, followed: when another one replaces it, that one is opened, and the last reader closes the
 * old one. On a system that cannot replace an open file, the one that waits beside it is put in place.
 */
export class Snapshots {
  /** Why the newest state is not shown; null where it is. */
  trouble: string | null = null;
  private readonly paths: DatabasePaths;
  private readonly events: SnapshotEvents;
  private current: Generation | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private readonly open = new Set<Generation>();
  /** Requests that wait while the file is replaced. */
  private closedUntil: Promise<void> | undefined;

  constructor(paths: DatabasePaths, events: SnapshotEvents) {
    this.paths = paths;
    this.events = events;
  }

  /** Opens the snapshot and begins to follow it. @throws CellarError where it cannot be opened */
  async start(): Promise<void> {
    const before = identify(this.paths.snapshot);
    const log = this.foreignLog();
    if (log !== null) throw new CellarError(2, log, 'Remove it, or run `cellar ingest` once.');
    await this.take(before);
    this.timer = setInterval(() => this.lookNow(), LOOK_EVERY);
    this.timer.unref();
  }

  get generation(): Generation {
    if (this.current === undefined) throw new Error('no snapshot is open');
    return this.current;
  }

  /** Number of open snapshots: the current one, and those that still have readers. */
  get openCount(): number {
    return this.open.size;
  }

  /** Reads the current snapshot; it stays open until `work` is done. */
  async use<T>(work: (generation: Generation) => Promise<T>): Promise<T> {
    while (this.closedUntil !== undefined) await this.closedUntil;
    const generation = this.generation;
    generation.users++;
    try {
      return await work(generation);
    } finally {
      generation.users--;
      this.closeUnused();
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    this.current = undefined;
    this.closeUnused();
  }

  /** Checks whether the file was replaced. */
  lookNow(): Promise<void> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async look(): Promise<void> {
    if (existsSync(waitingSnapshot(this.paths))) await this.handOver();
    const found = identify(this.paths.snapshot);
    if (found === null || found.id === this.current?.id) {
      if (found !== null) this.say(this.foreignLog());
      return;
    }
    const log = this.foreignLog();
    if (log !== null) return this.say(log);
    try {
      if (await this.take(found)) {
        this.say(null);
        this.events.onSnapshot(this.generation);
      }
    } catch (error) {
      this.say(`the newest data cannot be opened: ${(error as Error).message}`);
    }
  }

  /** Opens the file that was seen as `expected`; false where it was replaced again meanwhile. */
  private async take(expected: Identity | null): Promise<boolean> {
    const database = await openSnapshot(this.paths.snapshot);
    const found = identify(this.paths.snapshot);
    if (found === null || found.id !== expected?.id) {
      database.close();
      return false;
    }
    const schema = await storedSchemaVersion(database.connection);
    const generation: Generation = { ...found, database, schema, users: 0 };
    this.current = generation;
    this.open.add(generation);
    this.closeUnused();
    if (schema < schemaVersion) {
      this.say(
        `the database has schema version ${schema}, this Cellar shows ${schemaVersion}: run \`cellar ingest\` once`,
      );
    }
    return true;
  }

  private closeUnused(): void {
    for (const generation of this.open) {
      if (generation.users > 0 || generation === this.current) continue;
      this.open.delete(generation);
      generation.database.close();
    }
  }

  /** A write-ahead log of another program: the engine would replay it, and show data that nobody ingested. */
  private foreignLog(): string | null {
    const log = `${this.paths.snapshot}.wal`;
    return existsSync(log)
      ? `another program has written to the snapshot: ${log} lies beside it, and what it holds is not shown`
      : null;
  }

  private say(reason: string | null): void {
    if (reason === this.trouble) return;
    this.trouble = reason;
    this.events.onTrouble(reason);
  }

  /** Closes everything for a moment, so that the waiting snapshot can replace the present one. */
  private async handOver(): Promise<void> {
    let opened: () => void = () => undefined;
    this.closedUntil = new Promise((resolve) => {
      opened = resolve;
    });
    try {
      const end = Date.now() + HAND_OVER;
      const isRead = () => [...this.open].some(({ users }) => users > 0);
      while (isRead() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
      await this.events.letGo();
      const held = this.current;
      this.current = undefined;
      for (const generation of this.open) {
        if (generation.users > 0) generation.database.connection.interrupt();
      }
      this.closeUnused();
      await publishWaiting(this.paths);
      const found = identify(this.paths.snapshot);
      await this.take(found);
      if (this.current !== undefined && this.generation.id !== held?.id)
        this.events.onSnapshot(this.generation);
    } finally {
      this.closedUntil = undefined;
      opened();
    }
  }
}
