import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawKind } from '../../src/plot/draw.js';
import { kinds } from '../../src/plot/kinds/index.js';
import { svgFile } from '../../src/plot/svg.js';
import type { Database } from '../../src/store/connection.js';
import { openSnapshot } from '../../src/store/snapshot.js';
import { temporaryFolder } from '../cli/run.js';
import { sampleLaboratory } from '../sample-laboratory.js';
import { projectRoot } from '../shared-data.js';

/**
 * The pictures of docs/plot.md are what the first command of their section draws of the sample laboratory;
 * `npm run generate` draws them anew.
 */

const isUpdate = process.env.CELLAR_UPDATE_DOCS === '1';
const docs = join(projectRoot, 'docs');
const text = readFileSync(join(docs, 'plot.md'), 'utf8');
const pattern =
  /## (\w+)[^\n]*\n\n {4}cellar plot ([^\n]+)\n(?:(?!\n## )[\s\S])*?!\[\w+\]\((pictures\/\w+\.svg)\)/g;
const pictures = [...text.matchAll(pattern)].map(([, name, command, file]) => ({
  name: name!,
  words: command!.split(' '),
  file: join(docs, file!),
}));

let snapshot: Database;
beforeAll(async () => {
  snapshot = await openSnapshot(sampleLaboratory(temporaryFolder()).database);
}, 240_000);
afterAll(() => snapshot.close());

/** Words of a command as kind, subjects and options. */
function parsed(words: readonly string[]) {
  const [kind = '', ...rest] = words;
  const at = rest.findIndex((word) => word.startsWith('--'));
  const subjects = at < 0 ? rest : rest.slice(0, at);
  const options = at < 0 ? [] : rest.slice(at);
  const given = options.flatMap((word, i) =>
    word.startsWith('--') ? [[word.slice(2), options[i + 1]!] as const] : [],
  );
  return { kind: kinds.find(({ name }) => name === kind)!, subjects, options: Object.fromEntries(given) };
}

describe('the pictures of docs/plot.md', () => {
  it.each(pictures)('$name', async ({ words, file }) => {
    const { kind, subjects, options } = parsed(words);
    const drawn = svgFile((await drawKind(snapshot.connection, kind, subjects, options)).all);
    if (isUpdate) writeFileSync(file, drawn);
    // The difference of two drawings is no reading.
    else expect(drawn === readFileSync(file, 'utf8'), `${file}: npm run generate`).toBe(true);
  });

  it('show every kind, and nothing lies beside them that no text shows', () => {
    const isPart = (name: string) => name === 'nyquist' || name === 'bode';
    expect(pictures.map(({ name }) => name).sort()).toEqual(
      kinds.flatMap(({ name }) => (isPart(name) ? [] : [name])).sort(),
    );
    const texts = ['README.md', ...readdirSync(docs).map((name) => join('docs', name))]
      .filter((name) => name.endsWith('.md'))
      .map((name) => readFileSync(join(projectRoot, name), 'utf8'))
      .join('\n');
    const unused = readdirSync(join(docs, 'pictures')).filter((name) => !texts.includes(`pictures/${name}`));
    expect(unused).toEqual([]);
    const named = [...texts.matchAll(/pictures\/([\w-]+\.\w+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !existsSync(join(docs, 'pictures', name)))).toEqual([]);
  });
});
