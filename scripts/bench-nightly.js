// What a night costs beside an archive: one new 1 MB file into many stored records, against into none.
// node scripts/bench-nightly.js [--millions 10] [--nights 3]        (npm run build first)
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openWriter } from '../dist/store/writer.js';

const { values } = parseArgs({
  options: { millions: { type: 'string', default: '10' }, nights: { type: 'string', default: '3' } },
});
const millions = Number(values.millions);
const nights = Number(values.nights);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'cellar-nightly-'));

/** Says what the process wrote, as the system counts it, when it ends. */
const accounting = `data:text/javascript,${encodeURIComponent(`
import { readFileSync, writeFileSync } from 'node:fs';
process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  let written = null;
  try { written = Number(/^wchar: (\\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))[1]); } catch {}
  writeFileSync(process.env.ACCOUNT, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, written }));
});`)}`;

function ingest(database, exports) {
  const account = join(folder, 'account.json');
  const before = performance.now();
  const words = [
    '--import',
    accounting,
    join(root, 'bin', 'cellar.js'),
    'ingest',
    exports,
    '--db',
    database,
    '--quiet',
  ];
  const done = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: { ...process.env, ACCOUNT: account },
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return { seconds: (performance.now() - before) / 1000, ...JSON.parse(readFileSync(account, 'utf8')) };
}

/** An export of about 1 MB whose clock makes it a test of its own. */
function megabyte(number) {
  const lines = ['Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step Count / 1'];
  for (let at = 0; at < 24_000; at++) {
    const [cycle, step] = [Math.floor(at / 800) + 1, Math.floor(at / 400) + 1];
    lines.push(
      `${at * 10}.000,${(3 + ((at * 7 + number * 13) % 9973) / 10_000).toFixed(6)},${step % 2 ? 1 : -1}.000000,${cycle},${step}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Tests of a million records each, as nights before would have left them. */
async function archive(database) {
  const writer = await openWriter(database, { command: 'bench' });
  for (let test = 1; test <= millions; test++) {
    await writer.connection.run(`INSERT INTO files BY NAME SELECT ${test} AS file_id, '/archive/${test}.csv' AS path,
      '/archive' AS root, 'archive-${test}' AS sha256, 'ingested' AS status, 1000001 AS lines_total, 1 AS lines_head,
      0 AS lines_structural, 1000000 AS rows_loaded, 0 AS rows_rejected, now()::TIMESTAMP AS ingested_at`);
    await writer.connection.run(`INSERT INTO tests BY NAME SELECT ${test} AS test_id, ${test} AS file_id, 1 AS part_index,
      'archive' AS vendor, 'known' AS current_direction, 'none' AS counter_scope, 1000000 AS record_count`);
    await writer.connection.run(`INSERT INTO test_files BY NAME SELECT ${test} AS test_id, ${test} AS file_id,
      1 AS first_record_index, 2 AS first_line`);
    await writer.connection.run(`INSERT INTO measurements BY NAME SELECT ${test} AS test_id, i + 1 AS record_index,
      i * 10.0 AS test_time_second, 3 + random() AS voltage_volt, 1 - 2 * (i // 500 % 2) AS current_ampere,
      i // 500 + 1 AS step_count, i // 1000 + 1 AS vendor_cycle_count FROM range(1000000) r(i)`);
    await writer.connection.run('CHECKPOINT');
  }
  await writer.publish();
  await writer.publish();
  await writer.end();
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

try {
  const results = {};
  for (const [name, records] of [
    ['none', 0],
    [`${millions} million`, millions],
  ]) {
    const home = join(folder, name.replace(' ', '-'));
    const exports = join(home, 'exports');
    mkdirSync(exports, { recursive: true });
    const database = join(home, 'cellar.duckdb');
    if (records > 0) await archive(database);
    // Two nights make both files that take turns.
    for (let night = -2; night < 0; night++) {
      writeFileSync(join(exports, `warm${night}.csv`), megabyte(night + 50));
      ingest(database, exports);
    }
    const measured = [];
    for (let night = 0; night < nights; night++) {
      writeFileSync(join(exports, `night${night}.csv`), megabyte(night));
      measured.push(ingest(database, exports));
    }
    results[name] = {
      database_mb: Number((statSync(database).size / 1e6).toFixed(1)),
      seconds: Number(median(measured.map(({ seconds }) => seconds)).toFixed(2)),
      processor_seconds: Number(median(measured.map(({ cpu }) => cpu)).toFixed(2)),
      written_mb: Number((median(measured.map(({ written }) => written ?? Number.NaN)) / 1e6).toFixed(1)),
    };
    console.log(name, results[name]);
  }
  const [none, many] = Object.values(results);
  console.log({
    elapsed_ratio: Number((many.seconds / none.seconds).toFixed(2)),
    processor_ratio: Number((many.processor_seconds / none.processor_seconds).toFixed(2)),
    written_ratio: Number((many.written_mb / none.written_mb).toFixed(2)),
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
