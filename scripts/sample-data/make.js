#!/usr/bin/env node
/**
 * Writes the sample data: `lab/`, a small laboratory with known truth, `formats/`, one small export per format, and
 * `native/`, one file of each kind as instruments leave it.
 *
 *     node scripts/sample-data/make.js [--out DIR] [--seed N]
 *
 * The same seed gives the same bytes on every machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeFormatSamples } from './formats/formats.js';
import { makeLab } from './lab/lab.js';
import { makeNativeSamples } from './native/native.js';

const DEFAULT_SEED = 20260112;
const DEFAULT_OUT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'sample-data');

const { values } = parseArgs({ options: { out: { type: 'string' }, seed: { type: 'string' } } });
const out = values.out ?? DEFAULT_OUT;
const seed = values.seed === undefined ? DEFAULT_SEED : Number(values.seed);
if (!Number.isInteger(seed)) {
  console.error(`--seed takes a whole number, not "${values.seed}"`);
  process.exit(2);
}

const lab = makeLab(seed);
const formats = makeFormatSamples(seed);
const native = makeNativeSamples(seed);
writeAll('lab', lab.files);
writeAll('formats', formats.files);
writeAll('native', native.files);
write('lab-truth.json', json(lab.truth));
write(join('formats', 'truth.json'), json(formats.truth));
write(join('native', 'truth.json'), json(native.truth));

/** @param {string} folder @param {import('./truth.js').SampleFile[]} files */
function writeAll(folder, files) {
  for (const { path, bytes } of files) write(join(folder, ...path.split('/')), bytes);
}

/** @param {string} path below the output folder @param {Buffer | string} content */
function write(path, content) {
  const target = join(out, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

/** @param {object} value */
function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
