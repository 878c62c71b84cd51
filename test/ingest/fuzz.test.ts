import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../shared-data.js';

/**
 * Damaged exports: no crash, every line accounted for, no number changed silently, the fast reading the same as the
 * careful one. The long run is `node scripts/fuzz.js --count 2000 --seed N`.
 */

const [count, seed] = [40, 20];

it(`${count} mutants of real dialects keep every line and every number (seed ${seed})`, {
  timeout: 280_000,
}, () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(projectRoot, 'scripts', 'fuzz.js'), '--count', `${count}`, '--seed', `${seed}`],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(new RegExp(`seed ${seed}, ${count} mutants of \\d+ files: .*; 0 with faults`));
  expect(status).toBe(0);
});
