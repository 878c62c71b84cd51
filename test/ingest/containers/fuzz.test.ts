import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nativeFaults, nativeMutant } from '../../../scripts/fuzz/native.js';
import { dropView } from '../../../src/ingest/containers/view.js';
import { sniffFile } from '../../../src/ingest/sniff/sniff.js';
import { projectRoot } from '../../shared-data.js';

/**
 * Damaged files of instruments are read or refused in words, within bounds. The long run is
 * `node scripts/fuzz-native.js --count 2000 --seed N`.
 */

const [count, seed] = [120, 3];

it(`${count} mutants of instruments' own files are read or refused in words (seed ${seed})`, async () => {
  const samples = join(projectRoot, 'sample-data', 'native');
  const sources = readdirSync(samples)
    .filter((name) => !name.endsWith('.json'))
    .map((name) => ({ name, bytes: readFileSync(join(samples, name)) }));
  const folder = mkdtempSync(join(tmpdir(), 'cellar-fuzz-'));
  const faults: string[] = [];
  const counts = { read: 0, refused: 0 };
  for (let number = 1; number <= count; number++) {
    const { source, mutant, changes } = nativeMutant(sources, seed, number);
    const found = await nativeFaults({ sniffFile, dropView }, join(folder, 'mutant'), mutant);
    for (const fault of found.faults) faults.push(`${number} of ${source} (${changes.join()}): ${fault}`);
    if (found.status === 'read' || found.status === 'refused') counts[found.status]++;
  }
  rmSync(folder, { recursive: true, force: true });
  expect(faults).toEqual([]);
  // Both happen: damage that no reading could see would test nothing, nor would damage that none survives.
  expect(counts.read).toBeGreaterThan(count / 10);
  expect(counts.refused).toBeGreaterThan(count / 10);
});
