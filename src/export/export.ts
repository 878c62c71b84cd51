import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../errors.js';
import { requireCells } from '../query/known-cells.js';
import { schemaVersion } from '../store/schema.js';
import { toolVersion } from '../version.js';
import {
  checkSameExport,
  type ExportFormat,
  type ExportManifest,
  type ManifestFile,
  readManifest,
  writeManifest,
} from './manifest.js';
import { type Place, partialFilePattern } from './place/index.js';
import { type ExportItem, planExport } from './plan.js';
import { writeSemantics } from './semantic.js';
import { writeItem } from './write.js';

export interface ExportRequest {
  place: Place;
  format: ExportFormat;
  /** Limits the export to these cells; null: all. */
  cells: string[] | null;
  /** Stops between two files; what is written stays, and is not written again next time. */
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

/** Whether a file of an earlier export is still up to date. */
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

const isPartition = (path: string) => path.includes('/');

/**
 * Exports the database to a place of its own. Run again, it writes only what has changed and removes what the new data
 * have superseded; files that it did not write are never touched. Errors as of `readManifest` and `requireCells`;
 * (usage) where an object store would have to hold several files in one folder, which could not be removed one by one.
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
  if (cells !== null) await requireCells(connection, cells);
  const { items, skipped } = await planExport(connection, format, cells);
  request.onPlan?.(items.length);
  const present = await place.list('');

  const before = new Map(earlier?.files.map((file) => [file.path, file]));
  const done = new Map<string, ManifestFile>();
  const summary: ExportSummary = { written: [], unchanged: [], removed: [], skipped };
  const manifest = (files: Iterable<ManifestFile>): ExportManifest => ({
    schema: 'cellar.export/1',
    format,
    cells,
    schema_version: schemaVersion,
    tool_version: toolVersion,
    files: [...files],
  });
  const current = new Map<string, ManifestFile>();
  for (const item of items) {
    const old = before.get(item.path);
    if (isCurrent(present, old, item)) current.set(item.path, old);
  }
  // Noted before it is written, so that after an interruption the next export knows which files are its own.
  if (current.size < items.length) {
    const planned = items.filter(({ path }) => !before.has(path)).map(plannedFile);
    await writeManifest(place, manifest([...before.values(), ...planned]));
  }
  if (place.removesFiles) {
    // Remains of an export that was killed; a running derivation writes elsewhere.
    const own = new Set([...before.keys(), ...items.map(({ path }) => path)]);
    const isOwnPartial = (path: string) =>
      partialFilePattern.test(path) && own.has(path.replace(partialFilePattern, ''));
    await place.remove([...present.keys()].filter(isOwnPartial), []);
  }
  try {
    for (const item of items) {
      if (signal?.aborted) return summary;
      const old = current.get(item.path);
      if (old === undefined && isPartition(item.path)) await place.makeRoom(item.path);
      done.set(item.path, old ?? (await writeItem(connection, place, item, format)));
      const outcome = old === undefined ? 'written' : 'unchanged';
      summary[outcome].push(item.path);
      request.onFile?.(item.path, outcome);
    }
  } finally {
    // Lists old and new files until all is done, so that after an interruption no file is forgotten or written twice.
    await writeManifest(place, manifest(new Map([...before, ...done]).values()));
  }
  summary.removed.push(...[...before.keys()].filter((path) => !done.has(path)));
  await place.remove(summary.removed, [...done.keys()]);
  await writeManifest(place, manifest(done.values()));
  if (format === 'parquet' || format === 'arrow') await writeSemantics(place, manifest(done.values()));
  return summary;
}
