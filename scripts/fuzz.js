#!/usr/bin/env node
/**
 * Reads mutants of real exports and holds the reading to what must be true of any file: no crash, nothing half loaded,
 * other files unchanged, every line accounted for, every stored number exactly what the text says. Needs
 * `npm run build`. `npm run test:mutants` holds them to the reading by lines, too.
 *
 *   node scripts/fuzz.js [--count N] [--seed N] [--files DIR]… [--only N]
 *
 * `--only N` repeats mutant N alone and keeps its file. Prints each fault with the mutant's number; exit code 1 if any.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { faultsOf, openBench } from './fuzz/check.js';
import { mutate } from './fuzz/mutate.js';
import { seededRandom } from './fuzz/random.js';

/** Deriving takes longer than reading, and sees only what was read: every so many mutants is enough. */
const derivedEvery = 10;
const samples = join(dirname(fileURLToPath(import.meta.url)), '..', 'sample-data', 'formats');
/** Larger files are cut behind a line near here: damage is as telling in a small one. */
const largest = 40_000;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
  },
});

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !/\.(json|md)$/.test(path))
    .sort();
}

function shortened(bytes) {
  if (bytes.length <= largest) return bytes;
  const end = bytes.indexOf(10, largest);
  return end === -1 ? bytes : bytes.subarray(0, end + 1);
}

const sources = [samples, ...values.files].flatMap(filesBelow).map((path) => ({
  name: basename(path),
  bytes: shortened(readFileSync(path)),
}));
const folder = mkdtempSync(join(tmpdir(), 'cellar-fuzz-'));
const bench = await openBench(folder, join(samples, 'arbin-csv', 'mits-pro.csv'));

/** A mutant by its number: independent of those before it, so that one can be repeated alone. */
async function tryMutant(number) {
  const random = seededRandom(Number(values.seed) * 1_000_003 + number);
  const source = random.pick(sources);
  const { mutant, changes } = mutate(source.bytes, random, random.pick(sources).bytes);
  const path = join(folder, `mutant-${number}.txt`);
  writeFileSync(path, mutant);
  let result;
  try {
    result = await faultsOf(bench, path, number % derivedEvery === 0);
  } catch (error) {
    result = { faults: [`threw ${error.stack ?? error}`], status: 'crashed', isJudged: false };
  }
  if (values.only === undefined) rmSync(path);
  else process.stdout.write(`${path}\n`);
  for (const fault of result.faults.slice(0, 5)) {
    process.stdout.write(`mutant ${number} of ${source.name} (${changes.join(', ')}): ${fault}\n`);
  }
  return result;
}

const counts = {};
let judged = 0;
let faulty = 0;
const [first, last] =
  values.only === undefined ? [1, Number(values.count)] : [Number(values.only), Number(values.only)];
for (let number = first; number <= last; number++) {
  const { faults, status, isJudged } = await tryMutant(number);
  counts[status] = (counts[status] ?? 0) + 1;
  if (isJudged) judged++;
  if (faults.length > 0) faulty++;
}
bench.database.close();
if (values.only === undefined) rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `seed ${values.seed}, ${last - first + 1} mutants of ${sources.length} files: ${Object.entries(counts)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ')}; ${judged} held against their text; ${faulty} with faults\n`,
);
process.exitCode = faulty > 0 ? 1 : 0;
