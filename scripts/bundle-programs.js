import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';

/** What is started as a program of its own: the command, and what runs beside it on threads and in processes. */
const programs = [
  'cli/main.js',
  'ingest/load/portion-worker.js',
  'fits/worker.js',
  'serve/query-process.js',
].map((path) => path.split('/').join(sep));

/** A module in a bundle finds its neighbours where it was compiled to. */
const neighbours = (folder) => ({
  name: 'neighbours',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
      const place = JSON.stringify(relative(folder, path).split(sep).join('/'));
      return {
        contents: readFileSync(path, 'utf8').replaceAll(
          'import.meta.url',
          `new URL(${place}, import.meta.url).href`,
        ),
        loader: 'js',
      };
    });
  },
});

/**
 * Bundles what is started into `program/` of the compiled sources, and leaves in the place of each program one line that
 * runs it: a start that loads some files takes half the time of one that loads 500.
 */
export async function bundlePrograms(root, output) {
  const folder = join(output, 'program');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: programs.map((path) => join(output, path)),
    outdir: folder,
    entryNames: '[name]',
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // It finds its library for this platform from its own place.
    external: ['@duckdb/node-api'],
    // Packages that are CommonJS ask for Node's own modules in this way.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
    plugins: [neighbours(folder)],
    metafile: true,
    logLevel: 'warning',
  });
  for (const path of programs) {
    const place = join(output, path);
    const bundle = relative(dirname(place), join(folder, basename(path)));
    writeFileSync(place, `import '${bundle.split(sep).join('/')}';\n`);
  }
  return metafile;
}

/** The licences of the packages whose text is in the bundles, as they ask for. */
export function licencesOf(metafiles, root) {
  const packages = new Set(
    metafiles
      .flatMap(({ inputs }) => Object.keys(inputs))
      .map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
      .filter((folder) => folder !== undefined),
  );
  return [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
    const text =
      file === undefined ? `Licence: ${license}` : readFileSync(join(root, folder, file), 'utf8').trim();
    return `${name} ${version}\n\n${text}\n`;
  });
}
