// How often 95 % intervals hold the truth and how often a verdict passes, over simulated data of known truth: every row
// of scripts/coverage, as Markdown tables with binomial standard errors. A few rows run in the ordinary test run. The
// same number of data sets gives the same table; rows that take long are made of fewer.
//   npm run bench:coverage -- 300              so many data sets each
//   npm run bench:coverage -- 300 "decay rate" only the rows with these words in table or situation
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [dataSets = '300', words = ''] = process.argv.slice(2);

/** The simulations, compiled: they are TypeScript beside the sources that they try. */
async function simulations() {
  const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  const outfile = join(folder, 'all.mjs');
  try {
    const entry = join(dirname(fileURLToPath(import.meta.url)), 'coverage', 'all.ts');
    await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const percent = (share) => `${(100 * share).toFixed(1)}`;
// A bound that every share keeps says nothing.
const aimText = ({ least = 0, most = 1 }) =>
  [least > 0 ? `≥ ${percent(least)} %` : '', most < 1 ? `≤ ${percent(most)} %` : '']
    .filter(Boolean)
    .join(', ');

const { allSimulations, simulate } = await simulations();
let table = '';
let missed = 0;
for (const simulation of allSimulations) {
  if (!`${simulation.table}: ${simulation.situation}`.includes(words)) continue;
  if (simulation.table !== table) {
    table = simulation.table;
    console.log(
      `\n**${table}**\n\n| situation | data sets | outcome | share, % | aim |\n|---|---|---|---|---|`,
    );
  }
  const made = Math.max(20, Math.round(Number(dataSets) / (simulation.cost ?? 1)));
  for (const [name, { share, error, aim, holds }] of Object.entries(simulate(simulation, made))) {
    if (!holds) missed++;
    const aimed = `${aimText(aim)}${holds ? '' : ' (missed)'}`;
    console.log(
      `| ${simulation.situation} | ${made} | ${name} | ${percent(share)} ± ${percent(error)} | ${aimed} |`,
    );
  }
}
process.exitCode = missed > 0 ? 1 : 0;
