import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../errors.js';

export const exportFormats = ['parquet', 'arrow', 'bdf', 'bdf-parquet'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** One exported file. */
export interface ManifestFile {
  /** Below the export's folder, forward slashes. */
  path: string;
  table: string;
  test_id: number | null;
  cell_id: string | null;
  row_count: number;
  size_bytes: number;
  /** SHA-256 of the file. */
  sha256: string;
  /** Of the rows it was made from: a file is written again when this changes. */
  fingerprint: string;
}

/** `manifest.json`: what an export consists of. Files that it does not name are none of its business. */
export interface Manifest {
  schema: 'cellar.export/1';
  format: ExportFormat;
  /** Cells the export is limited to; null: all. */
  cells: string[] | null;
  schema_version: number;
  tool_version: string;
  files: ManifestFile[];
}

const fileName = 'manifest.json';

/**
 * The manifest of an earlier export into `folder`, or undefined where the folder is empty or not there. Usage error
 * where it holds something else: an export removes what it has superseded, so it wants a folder of its own.
 */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, fileName);
  if (!existsSync(path)) {
    if (!existsSync(folder) || readdirSync(folder).length === 0) return undefined;
    throw usageError(`${folder} holds other files and no export`, 'Name an empty or a new folder.');
  }
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    if (manifest.schema === 'cellar.export/1') return manifest;
  } catch {
    // Falls through to the same refusal: whatever it is, it is not ours.
  }
  throw usageError(`${path} is not the manifest of a Cellar export`, 'Name an empty or a new folder.');
}

/** Refuses to mix exports of another format or of other cells in one folder. */
export function checkSameExport(
  manifest: Manifest,
  format: ExportFormat,
  cells: string[] | null,
  folder: string,
): void {
  const describe = (what: ExportFormat, of: string[] | null) =>
    `${what} of ${of === null ? 'all cells' : of.join(', ')}`;
  const before = describe(manifest.format, manifest.cells);
  const now = describe(format, cells);
  if (before !== now) {
    throw usageError(
      `${folder} holds an export as ${before}, not ${now}`,
      'Name another folder, or export the same again.',
    );
  }
}

/** Puts the manifest in place, complete or not at all. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const partial = join(folder, `${fileName}.${process.pid}.partial`);
  await writeFile(partial, `${JSON.stringify(manifest, undefined, 2)}\n`);
  await rename(partial, join(folder, fileName));
}
