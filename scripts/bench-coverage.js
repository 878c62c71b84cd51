// How often 95 % intervals hold the truth and how often a verdict passes, over simulated data of known truth: every row
// of scripts/coverage, as Markdown tables with binomial standard errors. A few rows run in the ordinary test run.
//   npm run bench:coverage -- 1000
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
const file = join(folder, 'rows.jsonl');
const run = spawnSync(process.execPath, [vitest, 'run', 'coverage.test.ts', '--reporter=dot'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, CELLAR_COVERAGE: process.argv[2] ?? '300', CELLAR_COVERAGE_TABLE: file },
});

const percent = (share) => `${(100 * share).toFixed(1)}`;
const aimText = ({ least, most }) =>
  [least === undefined ? '' : `≥ ${100 * least} %`, most === undefined ? '' : `≤ ${100 * most} %`]
    .filter(Boolean)
    .join(', ');

const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
for (const table of [...new Set(rows.map((row) => row.table))]) {
  console.log(`\n${table}\n\n| situation | data sets | outcome | share, % | aim |\n|---|---|---|---|---|`);
  for (const { situation, dataSets, outcome } of rows.filter((row) => row.table === table)) {
    for (const [name, { share, error, aim, holds }] of Object.entries(outcome)) {
      const missed = holds ? '' : ' (missed)';
      console.log(
        `| ${situation} | ${dataSets} | ${name} | ${percent(share)} ± ${percent(error)} | ${aimText(aim)}${missed} |`,
      );
    }
  }
}
rmSync(folder, { recursive: true, force: true });
process.exit(run.status ?? 1);
