import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Format, type Role, roles } from '../../../src/ingest/formats/definition.js';
import { type HeaderField, matchField } from '../../../src/ingest/formats/header.js';
import { formats } from '../../../src/ingest/formats/index.js';
import { spellingOf } from '../../../src/ingest/sniff/map-columns.js';
import { sniffFile } from '../../../src/ingest/sniff/sniff.js';
import {
  hasNativeData,
  hasRealData,
  nativeData,
  projectRoot,
  realData,
  sayIfAbsent,
} from '../../shared-data.js';

/**
 * A spelling that some file shows is a fact; one that only a description shows is marked `assumed`. Both marks have to
 * be right, or nobody knows which part of a declaration was ever tried. Instruments' own files show facts that no text
 * does; `assumed` speaks of texts, since a header of such a file may be Cellar's own.
 */

/** Some spellings are shown by an instrument's own file only. */
const hasRecorded = hasRealData && hasNativeData;
sayIfAbsent(hasRecorded, 'one of the folders of recorded exports');

/** Header fields of files, by format and by vendor. */
type Shown = Map<string, HeaderField[]>;
const shownByTexts: Shown = new Map();
const shownByOwnFiles: Shown = new Map();

async function collect(path: string, shown: Shown): Promise<void> {
  const sniffed = await sniffFile(path);
  if (sniffed.kind !== 'readable') return;
  const { id, vendor } = sniffed.recognition.format;
  for (const key of [id, vendor]) {
    const known = shown.get(key) ?? [];
    for (const { header } of sniffed.tables) known.push(...header);
    shown.set(key, known);
  }
}

beforeAll(async () => {
  if (!hasRecorded) return;
  const samples = join(projectRoot, 'sample-data', 'formats');
  const truth = JSON.parse(readFileSync(join(samples, 'truth.json'), 'utf8')) as Record<string, unknown>;
  for (const name of Object.keys(truth)) await collect(join(samples, name), shownByTexts);
  for (const [folder, shown] of [
    [realData, shownByTexts],
    [nativeData, shownByOwnFiles],
  ] as const) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !/bad(-native)?$/.test(entry.parentPath) && !/\.(json|md)$/.test(entry.name))
        await collect(join(entry.parentPath, entry.name), shown);
    }
  }
}, 60_000);

/** Declared spellings of a format whose mark disagrees with what files show. */
function disagreements(format: Format, isAssumed: boolean): string[] {
  // A vendor's dialects share their words; what one of them shows is known of the others.
  const fields = isAssumed
    ? (shownByTexts.get(format.id) ?? [])
    : [shownByTexts, shownByOwnFiles].flatMap((shown) => shown.get(format.vendor) ?? []);
  return (Object.entries(format.columns) as [Role, Parameters<typeof spellingOf>[0][]][]).flatMap(
    ([role, spellings]) =>
      spellings
        .filter((given) => (typeof given === 'object' && 'assumed' in given && given.assumed) === isAssumed)
        .filter((given) => {
          const isShown = fields.some(
            (field) =>
              matchField(field, spellingOf(given), roles[role], format.defaultUnits[roles[role]]) !==
              undefined,
          );
          return isShown === isAssumed;
        })
        .map((given) => `${format.id}.${role}: ${spellingOf(given).name}`),
  );
}

describe.runIf(hasRecorded)('header spellings', () => {
  it('that are stated as facts are shown by a recorded file or a sample', () => {
    expect(formats.flatMap((format) => disagreements(format, false))).toEqual([]);
  });

  it('that are marked as assumed are shown by none', () => {
    expect(formats.flatMap((format) => disagreements(format, true))).toEqual([]);
  });
});
