#!/usr/bin/env node
/**
 * Opens mutants of instruments' own files: each is read or refused in words, within bounds of time, memory and disk; what
 * can be read is then ingested, and the ledger has to add up. Needs `npm run build`.
 *
 *   node scripts/fuzz-native.js [--count N] [--seed N] [--files DIR]… [--only N]
 *
 * Before, files that were made so as to fill memory are opened, and those of every DIR, each in a process of its own whose
 * peak is measured.
 *
 * Prints each fault with the mutant's number; exit code 1 if any. `--only N` repeats one and keeps its file.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hostileFiles } from './fuzz/hostile.js';
import { nativeFaults, nativeMutant } from './fuzz/native.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { sniffFile } = await import('../dist/ingest/sniff/sniff.js');
const { dropView } = await import('../dist/ingest/containers/view.js');
const { ingest } = await import('../dist/ingest/ingest.js');
const { openReadOnly, select } = await import('../dist/store/connection.js');

/** Larger files take longer and tell no more. */
const largest = 300_000;
/**
 * Peak of memory (MB) of opening a file, whatever is wrong with it: starting alone takes 90, and an archive may unpack to a
 * hundred times its size.
 */
const mostMegabytes = (bytes) => 250 + (100 * bytes) / 1e6;
/** What hostile files unpack to, in MB. */
const unpackedMegabytes = 1000;
/** Readable mutants that are ingested. */
const mostIngested = 60;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
    /** A file that this process opens, to print its peak of memory in MB and what was said of it. */
    measure: { type: 'string' },
  },
});

if (values.measure !== undefined) {
  const sniffed = await sniffFile(values.measure);
  const said = sniffed.kind === 'refused' ? sniffed.refusal.message : 'read';
  if (sniffed.kind === 'readable') dropView(sniffed.view);
  process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)} ${said}\n`);
  process.exit(0);
}

const seed = Number(values.seed);

const sources = [join(root, 'sample-data', 'native'), ...values.files]
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))))
  .filter((path) => statSync(path).isFile() && statSync(path).size <= largest && !/\.(json|md)$/.test(path))
  .sort()
  .map((path) => ({ name: basename(path), path, bytes: readFileSync(path) }));

const folder = mkdtempSync(join(tmpdir(), 'cellar-fuzz-'));
const kept = join(folder, 'kept');
mkdirSync(kept);
const counts = {};
let faulty = 0;
let keptCount = 0;

async function tryMutant(number) {
  const { source, mutant, changes } = nativeMutant(sources, seed, number);
  const { faults, status } = await nativeFaults({ sniffFile, dropView }, join(folder, 'mutant'), mutant);
  counts[status] = (counts[status] ?? 0) + 1;
  for (const fault of faults.slice(0, 5)) {
    process.stdout.write(`mutant ${number} of ${source} (${changes.join(', ')}): ${fault}\n`);
  }
  if (faults.length > 0) faulty++;
  if (values.only !== undefined) {
    writeFileSync(join(folder, `mutant-${number}`), mutant);
    process.stdout.write(`${join(folder, `mutant-${number}`)}: ${status}\n`);
  } else if (status === 'read' && keptCount < mostIngested) {
    writeFileSync(join(kept, `${++keptCount}`), mutant);
  }
}

/** Opens a file in a process of its own. */
function measure(path, what, says) {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), '--measure', path],
    { encoding: 'utf8' },
  );
  const [, peak, said] = /^(\d+) (.*)/s.exec(stdout) ?? [];
  const isBad =
    status !== 0 ||
    Number(peak) > mostMegabytes(statSync(path).size) ||
    (says !== undefined && !says.test(said));
  if (isBad) {
    faulty++;
    process.stdout.write(`${what}: ${peak ?? '?'} MB; ${status === 0 ? said : stderr}\n`);
  }
  return Number(peak);
}

/** The largest peak of hostile files and of all given ones. */
function measureAll() {
  const path = join(folder, 'hostile');
  const peaks = hostileFiles(unpackedMegabytes).map(({ what, make, says }) => {
    writeFileSync(path, make());
    return measure(path, what, says);
  });
  rmSync(path);
  for (const { name, path: given } of sources) peaks.push(measure(given, name));
  process.stdout.write(`${peaks.length} files opened by themselves, at most ${Math.max(...peaks)} MB\n`);
}

if (values.only !== undefined) await tryMutant(Number(values.only));
else {
  measureAll();
  for (let number = 1; number <= Number(values.count); number++) await tryMutant(number);
  const database = join(folder, 'cellar.duckdb');
  const { outcomes } = await ingest([kept], { database, lab: kept });
  const opened = await openReadOnly(database);
  const unequal = await select(
    opened.connection,
    'SELECT path FROM files WHERE lines_total <> lines_head + lines_structural + rows_loaded + rows_rejected',
  );
  opened.close();
  if (outcomes.length !== keptCount) faulty++;
  for (const { path } of unequal)
    process.stdout.write(`${basename(path)} of the ingested: lines do not add up\n`);
  faulty += unequal.length;
  rmSync(folder, { recursive: true, force: true });
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(
    `seed ${seed}, ${values.count} mutants of ${sources.length} files: ${Object.entries(counts)
      .map(([status, count]) => `${count} ${status}`)
      .join(', ')}; ${keptCount} ingested; at most ${peak} MB; ${faulty} with faults\n`,
  );
}
process.exitCode = faulty > 0 ? 1 : 0;
