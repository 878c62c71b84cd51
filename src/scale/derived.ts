import { usageError } from '../errors.js';
import { manifestName, type Place } from '../export/index.js';
import { derivedFolder } from './folders.js';

export const derivedTables = ['steps', 'cycles'] as const;
export type DerivedTable = (typeof derivedTables)[number];

/** One derived test: what its rows were made from. */
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

/** The last complete derivation of a lake; undefined where there is none. */
export async function readDerived(place: Place): Promise<DerivedManifest | undefined> {
  const path = `${derivedFolder}/${manifestName}`;
  const [text, present] = [await place.readText(path), await place.list(derivedFolder)];
  if (text === undefined) {
    const own = derivedTables.map((table) => `${derivedFolder}/${table}.parquet`);
    if ([...present.keys()].every((name) => own.includes(name))) return undefined;
    throw usageError(
      `${place.at(derivedFolder)} holds no derivation of Cellar's`,
      'Move it out of the lake.',
    );
  }
  const manifest = JSON.parse(text) as DerivedManifest;
  if (manifest.schema !== 'cellar.derived/1') {
    throw usageError(
      `${place.at(path)} was written by another Cellar`,
      'Remove the folder; everything is derived anew.',
    );
  }
  const isWhole = manifest.files.every(
    ({ path: name, size_bytes }) => present.get(`${derivedFolder}/${name}`) === size_bytes,
  );
  return isWhole ? manifest : undefined;
}
