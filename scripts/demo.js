// The main job on the sample laboratory: ingest, fit, judge. Everything is written into demo/.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cellar = join(root, 'bin', 'cellar.js');
const lab = join(root, 'sample-data', 'lab');
const demo = join(root, 'demo');
const database = join(demo, 'cellar.duckdb');
const report = join(demo, 'report.html');

/** Codes that are answers, not failures: 1 a target missed, 3 evidence missing, 4 lines rejected. */
const answers = new Set([0, 1, 3, 4]);

function run(title, ...words) {
  const shown = words.map((word) => (word.startsWith(root) ? relative(root, word) : word)).join(' ');
  console.log(`\n${title}\n$ cellar ${shown}\n`);
  const { status } = spawnSync(process.execPath, [cellar, ...words, '--db', database], {
    stdio: 'inherit',
    cwd: root,
  });
  if (!answers.has(status)) process.exit(status ?? 1);
}

rmSync(demo, { recursive: true, force: true });
mkdirSync(demo, { recursive: true });
run('1. Read last night’s exports', 'ingest', lab, '--no-progress');
run('2. What is in, and what asks for attention', 'status');
run('3. Fit', 'analyze');
run('4. Judge against the R&D fund’s targets', 'check');
run('5. The same as a page', 'report', '-o', report);
const shown = relative(process.cwd(), database);
console.log(`\nThe database is ${shown}, the report ${relative(process.cwd(), report)}.`);
console.log(
  `The page: npx cellar serve --db ${shown} --open  (http://127.0.0.1:4280/, or the next free port; Ctrl-C ends it)`,
);
