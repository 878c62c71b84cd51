// Kills a real `cellar ingest` at random moments, lets it complete, and compares the end, table by table, with a run that
// nobody disturbed. Run after a build:
//   node scripts/kill-ingest.js [--kills 20] [--watch-kills 20] [--seed 1] [--data sample-data/lab] [--files 150] [--json]
// After the kills of an ingest come those of a watch, which publishes after every round. Kills fall into the publishing,
// too: the second and every later one of a database brings an older snapshot up to date.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { randomStream } from './sample-data/simulate/random.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = join(root, 'bin', 'cellar.js');

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    'watch-kills': { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string', default: join(root, 'sample-data', 'lab') },
    files: { type: 'string', default: '150' },
    json: { type: 'boolean', default: false },
  },
});
const random = randomStream(Number(options.seed), 'kill-ingest').uniform;
const folder = mkdtempSync(join(tmpdir(), 'cellar-kill-'));
const exports = join(folder, 'exports');

/** Small exports beside the given ones, so that there is more than one transaction. */
function writeSmallFiles(count) {
  mkdirSync(join(exports, 'small'), { recursive: true });
  for (let number = 1; number <= count; number++) {
    const lines = [
      'Test_Time,DateTime,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity',
    ];
    for (let at = 1; at <= 200; at++) {
      const current = at <= 100 ? 0.5 : -0.5;
      const moved = (Math.min(at, 100) * 0.5) / 360;
      const back = (Math.max(0, at - 100) * 0.5) / 360;
      const voltage = 3.4 + (at <= 100 ? at : 200 - at) * 0.008 + 1e-4 * number;
      lines.push(
        `${at * 10},${1_600_000_000 + number * 5000 + at * 10},${at <= 100 ? 1 : 2},1,${current},${voltage.toFixed(5)},${moved.toFixed(7)},${back.toFixed(7)}`,
      );
    }
    writeFileSync(join(exports, 'small', `cell-${number}.csv`), `${lines.join('\n')}\n`);
  }
}

/** Paths of the exports that the second night finds grown: every fourth. */
function grownFiles() {
  const names = readdirSync(exports, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && /\.(csv|txt|mpt|dta|\d{3})$/i.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !/(materials|cells|conditions)\.csv$/.test(path))
    .sort()
    .filter((_path, at) => at % 4 === 0);
}

/** The two nights of the exports: on the first, some files are cut anywhere; on the second they are whole. */
function prepareNights() {
  cpSync(options.data, exports, { recursive: true });
  writeSmallFiles(Number(options.files));
  const whole = new Map(grownFiles().map((path) => [path, readFileSync(path)]));
  const first = () => {
    for (const [path, bytes] of whole) writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.7)));
  };
  const second = () => {
    for (const [path, bytes] of whole) writeFileSync(path, bytes);
  };
  return [first, second];
}

const watch = ['--watch', '--poll', '0.1', '--settle', '0', '--publish-every', '0'];

/** Starts an ingest, kills it after `killAfter` milliseconds if it still runs; gives its exit code, null if it was killed. */
function ingest(database, killAfter, more = []) {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [program, 'ingest', exports, '--db', database, '--quiet', ...more],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code !== null && code !== 0 && code !== 4) throw new Error(`ingest left with ${code}:\n${said}`);
      resolve(code);
    });
  });
}

async function withDatabase(path, work) {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    return await work(async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Whoever opens the snapshot at this moment finds whole files and nothing else. */
async function checkSnapshot(database) {
  if (!existsSync(database)) return;
  await withDatabase(database, async (query) => {
    const [row] = await query(`SELECT
      (SELECT count(*) FROM files WHERE lines_total <> lines_head + lines_structural + rows_loaded + rows_rejected) AS unreconciled,
      (SELECT count(*) FROM (SELECT DISTINCT test_id FROM measurements) WHERE test_id NOT IN (SELECT test_id FROM tests)) AS stray,
      (SELECT count(*) FROM tests WHERE record_count <> (SELECT count(*) FROM measurements m WHERE m.test_id = tests.test_id)) AS half`);
    for (const [what, count] of Object.entries(row)) {
      if (Number(count) !== 0) throw new Error(`the snapshot has ${count} ${what}`);
    }
  });
}

/** What must be equal. Times of the run are left out; numbers of files and tests are given out in the same order again. */
const compared = {
  files: 'SELECT * EXCLUDE (ingested_at, modified_at, modified_ns) FROM files',
  test_files: 'SELECT * FROM test_files',
  rejects: 'SELECT * FROM rejects',
  findings: 'SELECT * FROM findings',
  tests: 'SELECT * FROM tests',
  measurements: 'SELECT * FROM measurements',
  auxiliary_channels: 'SELECT * FROM auxiliary_channels',
  vendor_cycles: 'SELECT * FROM vendor_cycles',
  steps: 'SELECT * FROM steps',
  cycles: 'SELECT * FROM cycles',
  spectra: 'SELECT * FROM spectra',
  impedance: 'SELECT * FROM impedance',
  materials: 'SELECT * FROM materials',
  cells: 'SELECT * FROM cells',
  conditions: 'SELECT * FROM conditions',
};

/** A row as what must be equal letter by letter, and its fractions, which may differ in what their order of addition rounds. */
function rowOf(row) {
  const fractions = [];
  const key = JSON.stringify(row, (_key, value) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'number' || Number.isInteger(value)) return value;
    fractions.push(value);
    return '…';
  });
  return { key, fractions };
}

const isClose = (a, b) => Math.abs(a - b) <= 1e-10 * Math.max(Math.abs(a), Math.abs(b)) + 1e-13;
const isSameRow = (a, b) =>
  a.key === b?.key && a.fractions.every((value, at) => isClose(value, b.fractions[at]));

async function contentsOf(database) {
  return withDatabase(database, async (query) => {
    const contents = {};
    for (const [table, sql] of Object.entries(compared))
      contents[table] = (await query(sql))
        .map(rowOf)
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return contents;
  });
}

function differences(wanted, found) {
  return Object.keys(compared).flatMap((table) => {
    const [want, have] = [wanted[table], found[table]];
    const at = want.findIndex((row, index) => !isSameRow(row, have[index]));
    if (at === -1 && want.length === have.length) return [];
    return [
      `${table}: ${have.length} rows instead of ${want.length}; row ${at + 1}: ${JSON.stringify(have[at])} instead of ${JSON.stringify(want[at])}`,
    ];
  });
}

/** Seconds that each night takes undisturbed, and what is stored in the end. */
async function undisturbed(nights) {
  const database = join(folder, 'undisturbed.duckdb');
  const seconds = [];
  for (const night of nights) {
    night();
    const began = performance.now();
    await ingest(database);
    seconds.push((performance.now() - began) / 1000);
  }
  return { contents: await contentsOf(database), seconds };
}

/** Kills ingests, or watches with `more`, of as many new databases as it takes; gives the moments, s. */
async function killAndCompare(kills, nights, { contents: wanted, seconds }, more) {
  const moments = [];
  let rounds = 0;
  for (; moments.length < kills; rounds++) {
    const database = join(folder, `killed-${more.length}-${rounds}.duckdb`);
    for (const [at, night] of nights.entries()) {
      night();
      // At most as many kills in one night as leave some for the other.
      for (let tries = 0; moments.length < kills && tries < 4; tries++) {
        const killAfter = 1000 * seconds[at] * (0.1 + 0.95 * random());
        const code = await ingest(database, killAfter, more);
        await checkSnapshot(database);
        if (code !== null) break;
        moments.push(Number((killAfter / 1000).toFixed(2)));
      }
      await ingest(database);
    }
    await checkSnapshot(database);
    const wrong = differences(wanted, await contentsOf(database));
    if (wrong.length > 0) throw new Error(`after kills at ${moments.join(', ')} s:\n${wrong.join('\n')}`);
  }
  return { kills: moments.length, databases: rounds, moments };
}

async function main() {
  const nights = prepareNights();
  const whole = await undisturbed(nights);
  const ingests = await killAndCompare(Number(options.kills), nights, whole, []);
  const watches = await killAndCompare(Number(options['watch-kills']), nights, whole, watch);
  const rows = Object.values(whole.contents).reduce((sum, table) => sum + table.length, 0);
  const result = { ingests, watches, tables: Object.keys(compared).length, rows };
  const text = ({ kills, databases, moments }) =>
    `${kills} in ${databases} databases, at ${moments.join(', ')} s`;
  console.log(
    options.json
      ? JSON.stringify(result)
      : `kills of an ingest: ${text(ingests)}; of a watch: ${text(watches)}; ${result.tables} tables with ${rows} rows as undisturbed`,
  );
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
