import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { usageError } from '../errors.js';
import { type ExportManifest, type ManifestFile, type Place, readManifest } from '../export/index.js';
import { schemaVersion } from '../store/schema.js';

/** Tables that the derivation reads, apart from the records. */
export const lakeTables = ['tests', 'cells', 'test_files', 'rejects'] as const;

/** The records of one test: one file, alone in its folder. */
export interface Partition {
  testId: number;
  /** Below the lake, forward slashes. */
  path: string;
  rows: number;
  /** Changes with any record. */
  fingerprint: string;
}

/** A Parquet export that a derivation can read. */
export interface Lake {
  place: Place;
  manifest: ExportManifest;
  /** Changes with any exported file. */
  digest: string;
  partitions: Partition[];
}

const exportAgain = ({ name }: Place) => `Run \`cellar export ${name}\` (it writes only what changed).`;

function partitionOf(file: ManifestFile): Partition {
  if (file.test_id === null) throw new Error(`${file.path} names no test`);
  return { testId: file.test_id, path: file.path, rows: file.row_count, fingerprint: file.fingerprint };
}

function checkFile(
  place: Place,
  present: ReadonlyMap<string, number>,
  { path, size_bytes }: ManifestFile,
): void {
  const size = present.get(path);
  if (size === size_bytes) return;
  throw usageError(
    `${place.at(path)} ${size === undefined ? 'is missing' : `has ${size} bytes instead of ${size_bytes}`}`,
    exportAgain(place),
  );
}

/** Engines on a cluster read a partition by its folder, so that a second file in it would be read as well. */
function checkAlone(
  place: Place,
  present: ReadonlyMap<string, number>,
  records: readonly ManifestFile[],
): void {
  const partitions = new Map(records.map(({ path }) => [posix.dirname(path), path]));
  for (const path of present.keys()) {
    const expected = partitions.get(posix.dirname(path));
    if (expected === undefined || expected === path || !path.endsWith('.parquet')) continue;
    throw usageError(
      `${place.at(path)} is not in the manifest: an export was interrupted or is under way`,
      exportAgain(place),
    );
  }
}

/**
 * Opens a lake that `cellar export` wrote.
 *
 * @throws CellarError (usage) where it is not a lake, has another schema, or is not complete
 */
export async function openLake(place: Place): Promise<Lake> {
  const { name } = place;
  if (/[*?[\]{}]/.test(name)) {
    throw usageError(
      `${name} has one of * ? [ ] { } in its name, which engines take for a pattern`,
      'Rename the folder.',
    );
  }
  const manifest = await readManifest(place);
  if (manifest === undefined) {
    throw usageError(`${name} holds no lake`, 'Make one with `cellar export DIR`, or name another.');
  }
  if (manifest.format !== 'parquet') {
    throw usageError(
      `${name} holds an export as ${manifest.format}`,
      'A lake is an export as Parquet: export into another folder.',
    );
  }
  if (manifest.schema_version !== schemaVersion) {
    throw usageError(
      `${name} has schema version ${manifest.schema_version}, this Cellar has ${schemaVersion}`,
      exportAgain(place),
    );
  }
  const records = manifest.files.filter(({ table }) => table === 'measurements');
  for (const table of lakeTables) {
    if (manifest.files.some((file) => file.table === table)) continue;
    throw usageError(`${name} has no ${table}.parquet`, exportAgain(place));
  }
  const isRead = ({ table }: ManifestFile) =>
    table === 'measurements' || (lakeTables as readonly string[]).includes(table);
  const present = await place.list('');
  for (const file of manifest.files) if (isRead(file)) checkFile(place, present, file);
  checkAlone(place, present, records);
  const partitions = records.map(partitionOf).sort((a, b) => a.testId - b.testId);
  return { place, manifest, digest: manifestDigest(manifest), partitions };
}

/** Digest of a lake's manifest: it changes with any exported file. */
export const manifestDigest = (manifest: ExportManifest | undefined): string =>
  createHash('sha256')
    .update(JSON.stringify(manifest ?? null))
    .digest('hex');
