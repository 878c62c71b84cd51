// The main job on the sample laboratory: ingest, fit, judge. Everything is written into demo/, or the folder that is named.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cellar = join(root, 'bin', 'cellar.js');
const lab = join(root, 'sample-data', 'lab');
const demo = resolve(process.argv[2] ?? join(root, 'demo'));
const database = join(demo, 'cellar.duckdb');
const report = join(demo, 'report.html');

/** Exit codes that are answers, not failures. */
const answers = new Map([
  [0, ''],
  [1, 'a target is missed'],
  [3, 'evidence is missing'],
  [4, 'lines were rejected'],
]);

function run(title, ...words) {
  const shown = words.map((word) => (word.startsWith(root) ? relative(root, word) : word)).join(' ');
  console.log(`\n${title}\n$ cellar ${shown}\n`);
  const { status } = spawnSync(process.execPath, [cellar, ...words, '--db', database], {
    stdio: 'inherit',
    cwd: root,
  });
  if (!answers.has(status)) process.exit(status ?? 1);
  if (status !== 0) console.log(`\n(exit code ${status}: ${answers.get(status)})`);
}

rmSync(demo, { recursive: true, force: true });
mkdirSync(demo, { recursive: true });
run('1. Read last night’s exports', 'ingest', lab, '--no-progress');
run('2. What is in, and what needs attention', 'status');
run('3. Fit', 'analyze');
run('4. Judge against the R&D fund’s targets', 'check');
run('5. The same as a page', 'report', '-o', report);
const shown = relative(process.cwd(), database);
console.log(`\nThe database is ${shown}, the report ${relative(process.cwd(), report)}.`);
console.log(
  `The page: npx cellar serve --db ${shown} --open  (http://127.0.0.1:4280/, or the next free port; Ctrl-C ends it)`,
);
