import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../../store/connection.js';
import { headKeyBytes } from '../bytes/scan.js';
import { headKeyOf } from './growth.js';
import { type FileStatus, type KnownFile, knownColumns, type LedgerRow } from './ledger.js';
import { mostShift, startSlack } from './twin.js';

const dayMilliseconds = 86_400_000;

const isStored = (status: FileStatus) => status === 'ingested' || status === 'appended';

/** What indicates that two files hold the same test, before their records are compared. */
export function identityKey(vendor: string, startedAt: Date): string {
  return `${vendor}\u0000${startedAt.getTime()}`;
}

/**
 * The ledger in memory, so that a file costs no query unless one is needed. It is the content of the database plus
 * what the open transaction has added; after a rollback it is read again.
 */
export class LedgerIndex {
  private readonly newestByPath = new Map<string, KnownFile>();
  private readonly byHash = new Map<string, KnownFile>();
  private readonly byHeadKey = new Map<string, Map<string, KnownFile>>();
  private readonly byId = new Map<number, KnownFile>();
  private readonly storedPaths = new Set<string>();
  private readonly forgotten = new Map<string, KnownFile>();
  /** Lengths of contents that are shorter than a head key; their key is the hash of the whole content. */
  private readonly shortLengths = new Set<number>();
  private readonly identities = new Set<string>();
  /** Starts of tests from instruments' own files; undefined where a file does not state it. */
  private readonly nativeStarts = new Set<number | undefined>();
  private lastFileId = 0;

  static async read(connection: DuckDBConnection): Promise<LedgerIndex> {
    const index = new LedgerIndex();
    await index.refresh(connection);
    return index;
  }

  /** Reads the ledger again. */
  async refresh(connection: DuckDBConnection): Promise<void> {
    for (const known of [this.newestByPath, this.byId, this.byHash, this.byHeadKey, this.forgotten]) {
      known.clear();
    }
    for (const known of [this.storedPaths, this.shortLengths, this.identities, this.nativeStarts])
      known.clear();
    this.lastFileId = 0;
    for (const file of await select<KnownFile>(
      connection,
      `SELECT ${knownColumns} FROM files ORDER BY file_id`,
    )) {
      this.add(file);
    }
    const tests = await select<{ vendor: string; started_at: Date }>(
      connection,
      'SELECT vendor, started_at FROM tests WHERE started_at IS NOT NULL',
    );
    for (const { vendor, started_at } of tests) this.addIdentity(vendor, started_at);
    const natives = await select<{ started_at: Date | null }>(
      connection,
      `SELECT started_at FROM tests JOIN files USING (file_id) WHERE unit_of_lines <> 'line'
       UNION SELECT measured_at FROM spectra JOIN files USING (file_id) WHERE unit_of_lines <> 'line'`,
    );
    for (const { started_at } of natives) this.addNative(started_at ?? undefined);
  }

  get nextFileId(): number {
    return this.lastFileId + 1;
  }

  /** Newest ledger row of a path. */
  newest(path: string): KnownFile | undefined {
    return this.newestByPath.get(path);
  }

  /** The file with these bytes that is not a duplicate of another one. */
  withHash(sha256: string): KnownFile | undefined {
    return this.byHash.get(sha256);
  }

  /** The file with these bytes that was removed by `cellar forget`. */
  forgottenWithHash(sha256: string): KnownFile | undefined {
    return this.forgotten.get(sha256);
  }

  /** Whether data were ever stored under this path. */
  isStoredUnder(path: string): boolean {
    return this.storedPaths.has(path);
  }

  /** Files whose data are stored under their own number; of equal contents the newest. */
  stored(): KnownFile[] {
    return [...this.byHash.values()].filter(({ status }) => isStored(status));
  }

  /** Paths whose newest row holds the content of a stored file, its own first. */
  placesOf({ path, sha256 }: KnownFile): string[] {
    const places = [...this.newestByPath.values()]
      .filter((file) => file.sha256 === sha256)
      .map((file) => file.path);
    return places.includes(path) ? [path, ...places.filter((place) => place !== path)] : places;
  }

  hasIdentity(vendor: string, startedAt: Date): boolean {
    return this.identities.has(identityKey(vendor, startedAt));
  }

  addIdentity(vendor: string, startedAt: Date): void {
    this.identities.add(identityKey(vendor, startedAt));
  }

  /** Notes the start of a test or spectrum from an instrument's own file. */
  addNative(startedAt: Date | undefined): void {
    this.nativeStarts.add(startedAt?.getTime());
  }

  /** Whether any test came from an instrument's own file. */
  get hasNative(): boolean {
    return this.nativeStarts.size > 0;
  }

  /** Whether an instrument's own file has the same start as an export that starts at this time, in any zone. */
  startsWithNative(startedAt: Date | undefined): boolean {
    if (startedAt === undefined) return false;
    return [...this.nativeStarts].some((native) => {
      const away = native === undefined ? Number.NaN : Math.abs(native - startedAt.getTime()) / 1000;
      return away <= mostShift && Math.abs(away - 900 * Math.round(away / 900)) <= startSlack;
    });
  }

  /** Whether an instrument's own file may hold the test of an export that starts at this time, in any zone. */
  mayHaveTwin(startedAt: Date | undefined): boolean {
    if (startedAt === undefined || this.nativeStarts.has(undefined)) return this.nativeStarts.size > 0;
    const time = startedAt.getTime();
    return [...this.nativeStarts].some((native) => Math.abs(native! - time) < dayMilliseconds);
  }

  /** Notes a row that was written, and the row that it replaced. */
  note(row: LedgerRow): void {
    const old = row.related_file_id === null ? undefined : this.byId.get(row.related_file_id);
    if (old !== undefined && isStored(row.status) && (row.status === 'ingested' || old.path === row.path)) {
      this.byHash.delete(old.sha256 ?? '');
      this.byHeadKey.get(old.head_key ?? '')?.delete(old.sha256 ?? '');
    }
    this.add(row);
  }

  /** Notes that a file with these bytes will be stored: a later file of the run may be the same one, grown. */
  expect(file: Pick<KnownFile, 'path' | 'sha256' | 'content_bytes' | 'head_key'>): void {
    this.addCandidate({
      ...file,
      file_id: 0,
      size_bytes: 0,
      modified_ns: null,
      format: null,
      format_version: null,
      status: 'ingested',
      message: null,
      read_with: null,
    });
  }

  /** Files whose content may be the beginning of a file of this size that begins with `head`. */
  growthCandidates(size: number, head: Buffer): KnownFile[] {
    const whole = head.subarray(0, headKeyBytes);
    const shorter = [...this.shortLengths].filter((length) => length < whole.length && length < size);
    const keys = [headKeyOf(whole), ...shorter.map((length) => headKeyOf(whole.subarray(0, length)))];
    return keys
      .flatMap((key) => [...(this.byHeadKey.get(key)?.values() ?? [])])
      .filter(({ content_bytes }) => content_bytes! < size);
  }

  /** Whether a longer file may begin with the content of this one; it is unknown for a file shorter than its key. */
  mayBeBeginning(headKey: string, contentBytes: number): boolean {
    if (contentBytes < headKeyBytes) return true;
    const longer = this.byHeadKey.get(headKey)?.values() ?? [];
    return [...longer].some(({ content_bytes }) => content_bytes! > contentBytes);
  }

  private add(file: KnownFile): void {
    this.lastFileId = Math.max(this.lastFileId, file.file_id);
    this.newestByPath.set(file.path, file);
    this.byId.set(file.file_id, file);
    if (file.sha256 === null) return;
    if (file.status === 'forgotten') this.forgotten.set(file.sha256, file);
    if (isStored(file.status) || file.status === 'empty') this.byHash.set(file.sha256, file);
    if (!isStored(file.status)) return;
    this.storedPaths.add(file.path);
    this.addCandidate(file);
  }

  private addCandidate(file: KnownFile): void {
    const { head_key, sha256, content_bytes } = file;
    if (head_key === null || sha256 === null || content_bytes === null || content_bytes === 0) return;
    const same = this.byHeadKey.get(head_key) ?? new Map<string, KnownFile>();
    this.byHeadKey.set(head_key, same.set(sha256, file));
    if (content_bytes < headKeyBytes) this.shortLengths.add(content_bytes);
  }
}
