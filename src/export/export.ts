import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
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
import { type ExportItem, planExport } from './plan.js';
import { checkCells } from './selection.js';
import { writeItem } from './write.js';

export interface ExportRequest {
  folder: string;
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
  folder: string,
  before: ManifestFile | undefined,
  item: ExportItem,
): before is ManifestFile {
  if (before === undefined || before.fingerprint !== item.fingerprint) return false;
  const path = join(folder, item.path);
  return existsSync(path) && statSync(path).size === before.size_bytes;
}

/** Removes a file and the folders that it leaves empty. */
async function removeFile(folder: string, path: string): Promise<void> {
  await rm(join(folder, path), { force: true });
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    const absolute = join(folder, parent);
    if (!existsSync(absolute) || (await readdir(absolute)).length > 0) return;
    await rmdir(absolute);
  }
}

/**
 * Exports the database into a folder of its own. Run again, it writes only what has changed and removes what the new
 * data have superseded; files that it did not write are never touched. Errors as of `readManifest` and `checkCells`.
 */
export async function exportDatabase(
  connection: DuckDBConnection,
  request: ExportRequest,
): Promise<ExportSummary> {
  const { folder, format, cells, signal } = request;
  const earlier = readManifest(folder);
  if (earlier !== undefined) checkSameExport(earlier, format, cells, folder);
  if (cells !== null) await checkCells(connection, cells);
  const { items, skipped } = await planExport(connection, format, cells);
  request.onPlan?.(items.length);
  await mkdir(folder, { recursive: true });

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
  try {
    for (const item of items) {
      if (signal?.aborted) return summary;
      const old = before.get(item.path);
      const outcome = isCurrent(folder, old, item) ? 'unchanged' : 'written';
      done.set(item.path, outcome === 'unchanged' ? old! : await writeItem(connection, folder, item, format));
      summary[outcome].push(item.path);
      request.onFile?.(item.path, outcome);
    }
  } finally {
    // Old and new together until all is done: whatever interrupts, no file is forgotten or written twice.
    await writeManifest(folder, manifest(new Map([...before, ...done]).values()));
  }
  for (const path of before.keys()) {
    if (done.has(path)) continue;
    await removeFile(folder, path);
    summary.removed.push(path);
  }
  await writeManifest(folder, manifest(done.values()));
  return summary;
}
