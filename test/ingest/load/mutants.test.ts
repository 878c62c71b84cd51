import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mutate } from '../../../scripts/fuzz/mutate.js';
import { seededRandom } from '../../../scripts/fuzz/random.js';
import { type Bench, differences, openReferenceBench } from '../../reference/compare.js';

/**
 * Damaged exports are read as the slow reading by lines reads them: the same records, the same rejects with the same
 * reasons. `CELLAR_MUTANTS` says how many; `npm run test:mutants` runs two thousand.
 */

const count = Number(process.env.CELLAR_MUTANTS ?? 24);
const seed = Number(process.env.CELLAR_SEED ?? 1);
const samples = join(import.meta.dirname, '../../../sample-data/formats');
const largest = 20_000;

const sources = readdirSync(samples, { recursive: true })
  .map((name) => join(samples, String(name)))
  .filter((path) => statSync(path).isFile() && !/\.(json|md)$/.test(path))
  .sort()
  .map((path) => readFileSync(path))
  .map((bytes) => {
    const end = bytes.length <= largest ? -1 : bytes.indexOf(10, largest);
    return end === -1 ? bytes : bytes.subarray(0, end + 1);
  });

let bench: Bench;
beforeAll(async () => {
  bench = await openReferenceBench();
});
afterAll(() => bench.close());

it(`reads ${count} mutants as the reading by lines does`, { timeout: 60_000 + 2000 * count }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-mutants-'));
  const faults: string[] = [];
  for (let number = 1; number <= count; number++) {
    const random = seededRandom(seed * 1_000_003 + number);
    const { mutant, changes } = mutate(random.pick(sources), random, random.pick(sources));
    const path = join(folder, `mutant-${number}.txt`);
    writeFileSync(path, mutant);
    const found = await differences(bench, path).catch((error: NodeJS.ErrnoException) => {
      // A damaged gzip is refused before it is read.
      if (error.code?.startsWith('Z_') === true) return [];
      throw error;
    });
    if (found.length === 0) rmSync(path);
    else faults.push(`${path} (${changes.join(', ')}): ${found.join('; ')}`);
  }
  expect(faults).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});
