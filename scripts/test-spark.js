// Tests of the derivation on Spark, those of failing clusters included. Needs SPARK_HOME or pyspark, and Java 17.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/scale'], {
  stdio: 'inherit',
  env: { ...process.env, CELLAR_SPARK: 'full' },
});
process.exit(status ?? 1);
