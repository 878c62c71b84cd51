#!/usr/bin/env node
/**
 * Opens mutants of instruments' own files: each is read or refused in words, within bounds of time, memory and disk; what
 * can be read is then ingested, and the ledger has to add up. Needs `npm run build`.
 *
 *   node scripts/fuzz-native.js [--count N] [--seed N] [--files DIR]… [--only N]
 *
 * Prints each fault with the mutant's number; exit code 1 if any. `--only N` repeats one and keeps its file.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nativeFaults, nativeMutant } from './fuzz/native.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { sniffFile } = await import('../dist/ingest/sniff/sniff.js');
const { dropView } = await import('../dist/ingest/containers/view.js');
const { ingest } = await import('../dist/ingest/ingest.js');
const { openReadOnly, select } = await import('../dist/store/connection.js');

/** Larger files take longer and tell no more. */
const largest = 300_000;
/** Readable mutants that are ingested. */
const mostIngested = 60;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);

const sources = [join(root, 'sample-data', 'native'), ...values.files]
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))))
  .filter((path) => statSync(path).isFile() && statSync(path).size <= largest && !/\.(json|md)$/.test(path))
  .sort()
  .map((path) => ({ name: basename(path), bytes: readFileSync(path) }));

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

if (values.only !== undefined) await tryMutant(Number(values.only));
else {
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
