// Makes everything anew that is made from declarations or by Cellar itself: the sample data, the tables of README.md, the
// schema of this version, docs/schema.md, the results in docs/queries.md and the pictures of docs/plot.md; says which files changed.
//   npm run generate              after a change of a format, a table, a view or the sample data
//   npm run generate -- --check   ends with 1 where something changed
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

/** Where generated files are. */
const places = ['README.md', 'docs', 'sample-data', join('test', 'store', 'schemas'), join('test', 'house')];

/** Texts that tests hold equal to what the program prints: the same tests write them. */
const writingTests = [
  'test/query/cookbook.test.ts',
  'test/cli/schema.test.ts',
  'test/docs/pictures.test.ts',
  'test/house/rules.test.ts',
];

function hashes() {
  const found = new Map();
  const note = (path) =>
    found.set(relative(root, path), createHash('sha256').update(readFileSync(path)).digest('hex'));
  for (const place of places) {
    const path = join(root, place);
    if (place.endsWith('.md')) note(path);
    else {
      for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) note(join(entry.parentPath, entry.name));
      }
    }
  }
  return found;
}

function run(script, words = [], env = {}) {
  const { status } = spawnSync(process.execPath, [script, ...words], {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, ...env },
  });
  if (status !== 0) process.exit(status ?? 1);
}

const before = hashes();
run(join(root, 'scripts', 'build.js'));
run(join(root, 'scripts', 'sample-data', 'make.js'));
run(join(root, 'scripts', 'docs.js'));
run(join(root, 'scripts', 'freeze-schema.js'));
run(vitest, ['run', ...writingTests], { CELLAR_UPDATE_DOCS: '1' });

const after = hashes();
const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
  (path) => before.get(path) !== after.get(path),
);
for (const path of changed) console.log(`changed: ${path}`);
if (changed.length === 0) console.log('everything is as it is generated');
else if (process.argv.includes('--check')) process.exit(1);
