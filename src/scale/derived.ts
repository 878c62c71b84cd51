import { existsSync, readFileSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../errors.js';
import type { LakeFolders } from './folders.js';

export const derivedTables = ['steps', 'cycles'] as const;
export type DerivedTable = (typeof derivedTables)[number];

/** One test as it was derived: what its rows were made from. */
export interface DerivedTest {
  test_id: number;
  records: string;
  numbering: string;
}

/** `derived/manifest.json`: what the files beside it were made from. */
export interface DerivedManifest {
  schema: 'cellar.derived/1';
  engine: string;
  tool_version: string;
  schema_version: number;
  derived_at: string;
  files: { path: string; table: DerivedTable; row_count: number; size_bytes: number; sha256: string }[];
  tests: DerivedTest[];
}

const manifestName = 'manifest.json';

/** The last derivation of a lake; undefined where there is none that is whole. */
export function readDerived({ derived }: LakeFolders): DerivedManifest | undefined {
  const path = join(derived, manifestName);
  if (!existsSync(path)) {
    if (!existsSync(derived)) return undefined;
    throw usageError(`${derived} holds no derivation of Cellar's`, 'Move it out of the lake.');
  }
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as DerivedManifest;
  if (manifest.schema !== 'cellar.derived/1') {
    throw usageError(
      `${path} was written by another Cellar`,
      'Remove the folder; everything is derived anew.',
    );
  }
  const isWhole = manifest.files.every(
    ({ path: name, size_bytes }) =>
      statSync(join(derived, name), { throwIfNoEntry: false })?.size === size_bytes,
  );
  return isWhole ? manifest : undefined;
}

/** Writes the manifest of a derivation into the folder that is to become `derived/`. */
export async function writeDerived(folder: string, manifest: DerivedManifest): Promise<void> {
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Puts a complete derivation in the place of the last one. */
export async function exchange({ derived, before }: LakeFolders, next: string): Promise<void> {
  await rm(before, { recursive: true, force: true });
  if (existsSync(derived)) await rename(derived, before);
  try {
    await rename(next, derived);
  } catch (error) {
    if (existsSync(before)) await rename(before, derived);
    throw error;
  }
  await rm(before, { recursive: true, force: true });
}

/** Makes good an exchange that was cut between its two renames. */
export async function mendExchange({ derived, before }: LakeFolders): Promise<void> {
  if (!existsSync(before)) return;
  if (existsSync(derived)) await rm(before, { recursive: true, force: true });
  else await rename(before, derived);
}
