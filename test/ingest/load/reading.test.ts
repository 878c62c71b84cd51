import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, differences, openReferenceBench } from '../../reference/compare.js';
import { hasRealData, realData, sayIfAbsent } from '../../shared-data.js';

/** The reading of ingest and the slow one by lines give the same rows, rejects and counts of lines. */

sayIfAbsent(hasRealData, 'the folder of recorded exports');

const samples = join(import.meta.dirname, '../../../sample-data/formats');
/** Largest file that is compared (bytes); three times as large with `npm run test:mutants`. */
const largest = (process.env.CELLAR_MUTANTS === undefined ? 1 : 3) << 20;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size <= largest && !path.endsWith('.json'))
    .sort();
}

let bench: Bench;
beforeAll(async () => {
  bench = await openReferenceBench();
});
afterAll(() => bench.close());

describe('sample exports', () => {
  it.each(filesBelow(samples))('%s', async (path) => {
    expect(await differences(bench, path)).toEqual([]);
  });
});

describe.skipIf(!hasRealData)('recorded exports', () => {
  it.each(hasRealData ? filesBelow(realData) : [])('%s', { timeout: 60_000 }, async (path) => {
    expect(await differences(bench, path)).toEqual([]);
  });
});
