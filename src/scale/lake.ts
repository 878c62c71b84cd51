import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { usageError } from '../errors.js';
import { type Manifest, type ManifestFile, readManifest } from '../export/index.js';
import { schemaVersion } from '../store/schema.js';

/** Tables the derivation reads besides the records. */
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
  folder: string;
  manifest: Manifest;
  /** Changes with any exported file. */
  digest: string;
  partitions: Partition[];
}

const exportAgain = (folder: string) => `Run \`cellar export ${folder}\` (it writes only what changed).`;

function partitionOf(file: ManifestFile): Partition {
  if (file.test_id === null) throw new Error(`${file.path} names no test`);
  return { testId: file.test_id, path: file.path, rows: file.row_count, fingerprint: file.fingerprint };
}

function checkFile(folder: string, { path, size_bytes }: ManifestFile): void {
  const size = statSync(join(folder, path), { throwIfNoEntry: false })?.size;
  if (size === size_bytes) return;
  throw usageError(
    `${join(folder, path)} ${size === undefined ? 'is missing' : `has ${size} bytes instead of ${size_bytes}`}`,
    exportAgain(folder),
  );
}

/** Engines on a cluster read a partition by its folder: a second file in it would be read as well. */
function checkAlone(folder: string, { path }: ManifestFile): void {
  const parent = join(folder, dirname(path));
  const stray = readdirSync(parent).filter((name) => name.endsWith('.parquet') && !path.endsWith(`/${name}`));
  if (stray.length === 0) return;
  throw usageError(
    `${join(parent, stray[0]!)} is not in the manifest: an export was interrupted or is under way`,
    exportAgain(folder),
  );
}

/**
 * Opens a lake that `cellar export` wrote.
 *
 * @throws CellarError (usage) where it is none, is of another schema, or is not complete
 */
export function openLake(given: string): Lake {
  const folder = resolve(given);
  if (/[*?[\]{}]/.test(folder)) {
    throw usageError(
      `${folder} has one of * ? [ ] { } in its name, which engines take for a pattern`,
      'Rename the folder.',
    );
  }
  const manifest = readManifest(folder);
  if (manifest === undefined) {
    throw usageError(`${given} holds no lake`, 'Make one with `cellar export DIR`, or name another.');
  }
  if (manifest.format !== 'parquet') {
    throw usageError(
      `${given} holds an export as ${manifest.format}`,
      'A lake is an export as Parquet: export into another folder.',
    );
  }
  if (manifest.schema_version !== schemaVersion) {
    throw usageError(
      `${given} has schema version ${manifest.schema_version}, this Cellar has ${schemaVersion}`,
      exportAgain(given),
    );
  }
  const records = manifest.files.filter(({ table }) => table === 'measurements');
  for (const table of lakeTables) {
    if (manifest.files.some((file) => file.table === table)) continue;
    throw usageError(`${given} has no ${table}.parquet`, exportAgain(given));
  }
  const isRead = ({ table }: ManifestFile) =>
    table === 'measurements' || (lakeTables as readonly string[]).includes(table);
  for (const file of manifest.files) if (isRead(file)) checkFile(folder, file);
  for (const file of records) checkAlone(folder, file);
  const partitions = records.map(partitionOf).sort((a, b) => a.testId - b.testId);
  return { folder, manifest, digest: lakeDigest(folder), partitions };
}

/** Digest of the lake's manifest as it stands: it changes with any exported file. */
export function lakeDigest(folder: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, 'manifest.json')))
    .digest('hex');
}
