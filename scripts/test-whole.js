// Runs tests whole that `npm test` runs in a short version; the names are below: node scripts/test-whole.js NAME
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const wholes = {
  // Failing clusters included. Needs SPARK_HOME or pyspark, and Java 17.
  spark: { paths: ['test/scale'], environment: { CELLAR_SPARK: 'full' } },
  month: { paths: ['test/nightly/month.test.ts'], environment: { CELLAR_MONTH_NIGHTS: '30' } },
  readers: { paths: ['test/store/readers.test.ts'], environment: { CELLAR_PUBLICATIONS: '50' } },
  figures: { paths: ['test/serve/page.test.ts'], environment: { CELLAR_FIGURES: 'all' } },
  publications: {
    paths: ['test/serve/publications.test.ts'],
    environment: { CELLAR_SERVE_PUBLICATIONS: '200' },
  },
  portions: { paths: ['test/ingest/portions.test.ts'], environment: { CELLAR_PORTIONS: '10' } },
  mutants: {
    paths: ['test/ingest/load/mutants.test.ts', 'test/ingest/load/reading.test.ts'],
    environment: { CELLAR_MUTANTS: '2000' },
  },
  literals: { paths: ['test/ingest/load/numbers.test.ts'], environment: { CELLAR_LITERALS: '10000000' } },
};

const whole = wholes[process.argv[2]];
if (whole === undefined) {
  console.error(`which tests? one of ${Object.keys(wholes).join(', ')}`);
  process.exit(2);
}
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', ...whole.paths], {
  stdio: 'inherit',
  env: { ...process.env, ...whole.environment },
});
process.exit(status ?? 1);
