// How often 95 % intervals hold the truth, over 1,000 simulated data sets each; prints the figures.
// The same tests run with fewer data sets in the ordinary test run. Another number: node scripts/coverage-fits.js 300
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const run = spawnSync(process.execPath, [vitest, 'run', 'coverage.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CELLAR_COVERAGE: process.argv[2] ?? '1000' },
});
process.exit(run.status ?? 1);
