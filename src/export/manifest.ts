import { usageError } from '../errors.js';
import { type Place, writeText } from './place/index.js';

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
  /** -1: it is not written yet; an export is running, or was interrupted. */
  size_bytes: number;
  /** SHA-256 of the file. */
  sha256: string;
  /** Digest of the rows it was made from; a file is written again when this changes. */
  fingerprint: string;
}

/** `manifest.json`: what an export consists of. Files that it does not name are left alone. */
export interface ExportManifest {
  schema: 'cellar.export/1';
  format: ExportFormat;
  /** Cells the export is limited to; null: all. */
  cells: string[] | null;
  schema_version: number;
  tool_version: string;
  files: ManifestFile[];
}

export const manifestName = 'manifest.json';

/**
 * The manifest of an earlier export to `place`, or undefined where nothing is there. Usage error where the place holds
 * something else: an export removes files that are superseded, so it needs a place of its own.
 */
export async function readManifest(place: Place): Promise<ExportManifest | undefined> {
  const text = await place.readText(manifestName);
  if (text === undefined) {
    if (await place.isEmpty()) return undefined;
    throw usageError(`${place.name} holds other files and no export`, 'Name an empty or a new folder.');
  }
  try {
    const manifest = JSON.parse(text) as ExportManifest;
    if (manifest.schema === 'cellar.export/1') return manifest;
  } catch {
    // Falls through to the same refusal: whatever it is, it is not ours.
  }
  throw usageError(
    `${place.at(manifestName)} is not the manifest of a Cellar export`,
    'Name an empty or a new folder.',
  );
}

/** Refuses to mix exports of another format or of other cells in one folder. */
export function checkSameExport(
  manifest: ExportManifest,
  format: ExportFormat,
  cells: string[] | null,
  place: Place,
): void {
  const describe = (what: ExportFormat, of: string[] | null) =>
    `${what} of ${of === null ? 'all cells' : of.join(', ')}`;
  const before = describe(manifest.format, manifest.cells);
  const now = describe(format, cells);
  if (before !== now) {
    throw usageError(
      `${place.name} holds an export as ${before}, not ${now}`,
      'Name another folder, or export the same again.',
    );
  }
}

/** Puts the manifest in place, complete or not at all. */
export async function writeManifest(place: Place, manifest: ExportManifest): Promise<void> {
  await writeText(place, manifestName, `${JSON.stringify(manifest, undefined, 2)}\n`);
}
