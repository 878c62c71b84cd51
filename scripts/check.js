// What is checked without running anything: `types`, `style`, and what stands in template strings and in the library's
// documentation (`sources`); all of them, side by side, or those that are named.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** The path of a package's program. */
function program(name, ...path) {
  return join(dirname(require.resolve(`${name}/package.json`)), ...path);
}

// TypeScript 7 checks in a fifth of the time; TypeScript 5 stays for what needs its programming interface (typedoc).
const compiler = program('typescript-7', 'bin', 'tsc');
const checks = {
  types: [
    [compiler, '--noEmit', '-p', 'tsconfig.json'],
    [compiler, '--noEmit', '-p', 'tsconfig.client.json'],
  ],
  style: [[program('@biomejs/biome', 'bin', 'biome'), 'check', '.']],
  sources: [[join(root, 'scripts', 'check-sources.js')]],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(`no check is called ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
  process.exit(2);
}

/** Runs one program; what it printed is shown in one piece, when it ends. */
function run([script, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
    });
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => printed.push(piece));
    child.on('close', (status) => resolve({ passed: status === 0, text: Buffer.concat(printed) }));
  });
}

const results = await Promise.all(
  Object.entries(checks)
    .filter(([name]) => wanted.length === 0 || wanted.includes(name))
    .flatMap(([, programs]) => programs)
    .map(run),
);
for (const { text } of results) process.stdout.write(text);
if (results.some(({ passed }) => !passed)) process.exitCode = 1;
