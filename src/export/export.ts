import { posix } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { schemaVersion } from '../store/schema.js';
import { toolVersion } from '../version.js';
import {
  checkSameExport,
  type ExportFormat,
  type Manifest,
  type ManifestFile,
  readManifest,
  writeManifest,
} from './manifest.js';
import { type Place, partialFile } from './place/index.js';
import { type ExportItem, planExport } from './plan.js';
import { checkCells } from './selection.js';
import { writeItem } from './write.js';

export interface ExportRequest {
  place: Place;
  format: ExportFormat;
  /** Limits the export to these cells; null: all. */
  cells: string[] | null;
  /** Stops between two files; what is written stays and is not written again next time. */
  signal?: AbortSignal;
  onPlan?: (fileCount: number) => void;
  onFile?: (path: string, outcome: 'written' | 'unchanged') => void;
}

export interface ExportSummary {
  written: string[];
  unchanged: string[];
  removed: string[];
  skipped: { test_id: number; reason: string }[];
}

/** Whether a file of an earlier export still holds what is wanted. */
function isCurrent(
  present: ReadonlyMap<string, number>,
  before: ManifestFile | undefined,
  item: ExportItem,
): before is ManifestFile {
  if (before === undefined || before.fingerprint !== item.fingerprint) return false;
  return present.get(item.path) === before.size_bytes;
}

/** A file that is yet to be written, as a manifest names it. */
function plannedFile({ select: _, ...described }: ExportItem): ManifestFile {
  return { ...described, size_bytes: -1, sha256: '' };
}

/** Removes what an export that was killed was writing. */
async function removePartial(place: Place, present: ReadonlyMap<string, number>): Promise<void> {
  if (!place.removesFiles) return;
  for (const path of present.keys()) if (partialFile.test(path)) await place.removeFile(path);
}

const isPartition = (path: string) => path.includes('/');

/** Removes files that are superseded; a partition that is cleared as a whole was so before it was written again. */
async function removeSuperseded(place: Place, paths: readonly string[], kept: ReadonlySet<string>) {
  const keptFolders = new Set([...kept].map((path) => posix.dirname(path)));
  for (const path of paths) {
    const folder = posix.dirname(path);
    if (place.removesFiles) await place.removeFile(path);
    else if (isPartition(path) && !keptFolders.has(folder)) await place.clear(folder);
  }
}

/**
 * Exports the database to a place of its own. Run again, it writes only what has changed and removes what the new
 * data have superseded; files that it did not write are never touched. Errors as of `readManifest` and `checkCells`;
 * (usage) where an object store is to hold files side by side, which could not be removed there.
 */
export async function exportDatabase(
  connection: DuckDBConnection,
  request: ExportRequest,
): Promise<ExportSummary> {
  const { place, format, cells, signal } = request;
  if (!place.removesFiles && format !== 'parquet' && format !== 'arrow') {
    throw usageError(
      `an object store takes exports as parquet or arrow, not as ${format}`,
      'Export into a folder, and copy that.',
    );
  }
  const earlier = await readManifest(place);
  if (earlier !== undefined) checkSameExport(earlier, format, cells, place);
  if (cells !== null) await checkCells(connection, cells);
  const { items, skipped } = await planExport(connection, format, cells);
  request.onPlan?.(items.length);
  const present = await place.list('');

  const before = new Map(earlier?.files.map((file) => [file.path, file]));
  const done = new Map<string, ManifestFile>();
  const summary: ExportSummary = { written: [], unchanged: [], removed: [], skipped };
  const manifest = (files: Iterable<ManifestFile>): Manifest => ({
    schema: 'cellar.export/1',
    format,
    cells,
    schema_version: schemaVersion,
    tool_version: toolVersion,
    files: [...files],
  });
  const wanted = items.map((item) => ({ item, old: before.get(item.path) }));
  const isSame = ({ item, old }: (typeof wanted)[number]) => isCurrent(present, old, item);
  // Noted before it is written: whatever cuts the export short, the next one knows what is its own.
  if (!wanted.every(isSame)) {
    const planned = new Map(items.map((item) => [item.path, before.get(item.path) ?? plannedFile(item)]));
    await writeManifest(place, manifest(new Map([...before, ...planned]).values()));
  }
  await removePartial(place, present);
  try {
    for (const { item, old } of wanted) {
      if (signal?.aborted) return summary;
      const outcome = isSame({ item, old }) ? 'unchanged' : 'written';
      if (outcome === 'written' && !place.removesFiles && isPartition(item.path))
        await place.clear(posix.dirname(item.path));
      done.set(item.path, outcome === 'unchanged' ? old! : await writeItem(connection, place, item, format));
      summary[outcome].push(item.path);
      request.onFile?.(item.path, outcome);
    }
  } finally {
    // Old and new together until all is done: whatever interrupts, no file is forgotten or written twice.
    await writeManifest(place, manifest(new Map([...before, ...done]).values()));
  }
  summary.removed.push(...[...before.keys()].filter((path) => !done.has(path)));
  await removeSuperseded(place, summary.removed, new Set(done.keys()));
  await writeManifest(place, manifest(done.values()));
  return summary;
}
