// Compiles src/ into dist/, copies the files that are read at run time (SQL, target tables, styles) beside it, bundles the
// page of `cellar serve` and what is started as a program, and makes the empty database that new ones begin as.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundlePrograms, licencesOf } from './bundle-programs.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const source = join(root, 'src');
const output = join(root, 'dist');
const client = join(source, 'serve', 'client');

rmSync(output, { recursive: true, force: true });
const compiler = join(dirname(require.resolve('typescript-7/package.json')), 'bin', 'tsc');
// Types are checked by `npm run typecheck`, which sees the tests too.
const compiled = spawnSync(
  process.execPath,
  [compiler, '-p', join(root, 'tsconfig.build.json'), '--noCheck'],
  { stdio: 'inherit' },
);
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name.endsWith('.ts')) continue;
  const from = join(entry.parentPath, entry.name);
  if (from.startsWith(client + sep)) continue;
  cpSync(from, join(output, from.slice(source.length)), { recursive: true });
}

// The page: what it needs of libraries is in the bundle, and the editor in a part of its own.
const { build } = await import('esbuild');
const page = await build({
  absWorkingDir: root,
  entryPoints: { app: join(client, 'app.tsx'), icon: join(client, 'icon.svg') },
  outdir: join(output, 'serve', 'client'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.svg': 'copy' },
  logLevel: 'warning',
  tsconfigRaw: {},
  metafile: true,
});

// What is started as a program, and the licences of what was taken into the bundles.
const programs = await bundlePrograms(root, output);
writeFileSync(
  join(output, 'licences.txt'),
  licencesOf([page.metafile, programs], root).join(`\n${'-'.repeat(80)}\n\n`),
);

// An empty database: every new one begins as its copy.
const { createEmpty, preparedPath } = await import(pathToFileURL(join(output, 'store', 'empty.js')).href);
await createEmpty(preparedPath());
