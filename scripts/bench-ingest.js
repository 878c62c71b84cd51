// Times of ingest on generated exports, beside a bare read of the same bytes in the same run. Run after a build:
//   npm run bench:ingest -- [--megabytes 1000] [--dialect-megabytes 100] [--small-files 2000] [--unchanged-files 20000]
//     [--only large,grown,dialects,small,unchanged] [--json] [--peers PYTHON,PYTHON]
// `--peers` has other programs read the dialects, where one of these Pythons has them (bench-ingest-peers.py).
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { randomStream } from './sample-data/simulate/random.js';

const script = fileURLToPath(import.meta.url);
const cellar = join(dirname(script), '..', 'bin', 'cellar.js');

const { values: options } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    'dialect-megabytes': { type: 'string', default: '100' },
    'small-files': { type: 'string', default: '2000' },
    'unchanged-files': { type: 'string', default: '20000' },
    only: { type: 'string', default: 'large,grown,dialects,small,unchanged' },
    folder: { type: 'string' },
    json: { type: 'boolean', default: false },
    peers: { type: 'string', default: '' },
    bare: { type: 'string' },
  },
});

const header =
  'Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,' +
  'Discharge_Capacity,Charge_Energy,Discharge_Energy,dV/dt,Internal_Resistance,Temperature\n';
const recordsPerStep = 1200;

/**
 * Lines of a cell that is charged and discharged at constant current, in the layout of a script export of an Arbin
 * cycler. Two files of different seeds share no line.
 */
function* exportLines(seed) {
  const random = randomStream(seed, 'bench').uniform;
  const start = 1_500_000_000 + seed * 40_000;
  const capacity = 1 + 0.2 * random();
  yield header;
  for (let index = 1, cycle = 1; ; cycle++) {
    const moved = (capacity * 0.9995 ** cycle) / recordsPerStep;
    for (const step of [1, 2, 3, 4]) {
      const current = step === 1 ? 0.5 : step === 3 ? -0.5 : 0;
      for (let at = 1; at <= recordsPerStep; at++, index++) {
        const time = index * 6.0007;
        const charge = (step === 1 ? at : recordsPerStep) * moved;
        const discharge = (step < 3 ? 0 : step === 3 ? at : recordsPerStep) * moved;
        const voltage = 3.6 + 1.2 * current * (at / recordsPerStep) + 0.0004 * random();
        const flowing = current === 0 ? '0' : (current + 1e-5 * random()).toFixed(7);
        yield `${index},${time.toFixed(4)},${start + Math.floor(time)},${(at * 6.0007).toFixed(4)},${step},${cycle},${flowing},${voltage.toFixed(7)},${charge.toFixed(8)},${discharge.toFixed(8)},${(charge * 3.9).toFixed(7)},${(discharge * 3.5).toFixed(7)},${(1e-4 * random()).toFixed(9)},0.0170977,${(29 + 0.2 * random()).toFixed(5)}\n`;
      }
    }
  }
}

/** Appends lines to a file until it has `bytes`. */
function fill(path, lines, bytes) {
  const handle = openSync(path, 'a');
  let size = statSync(path).size;
  while (size < bytes) {
    let block = '';
    while (block.length < 1 << 20 && size + block.length < bytes) block += lines.next().value;
    writeSync(handle, block);
    size += block.length;
  }
  closeSync(handle);
}

/** What a person who knows the file would type: every column declared, nothing checked. */
async function bareRead(path) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const columns = header
    .trim()
    .split(',')
    .map((name) => `'${name}': '${/Point|Index/.test(name) ? 'BIGINT' : 'DOUBLE'}'`);
  const database = `${path}.bare.duckdb`;
  rmSync(database, { force: true });
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE bare AS SELECT * FROM read_csv('${path}', header=true, auto_detect=false, delim=',', columns={${columns.join(', ')}})`,
  );
  connection.closeSync();
  instance.closeSync();
  rmSync(database, { force: true });
}

/** Runs a script in a process of its own: seconds from start to end, seconds of all its threads, and the most memory it held. */
function measure(args) {
  const note = join(folder, 'resources.json');
  const probe = `data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(note)},JSON.stringify(process.resourceUsage())))`;
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', probe, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = [];
    child.stdout.on('data', (text) => said.push(text));
    child.stderr.on('data', (text) => said.push(text));
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - began) / 1000;
      // 4: stored, with lines that were rejected.
      if (code !== 0 && code !== 4)
        return reject(new Error(`${args.join(' ')} left with ${code}\n${said.join('')}`));
      const used = JSON.parse(readFileSync(note, 'utf8'));
      const cpuSeconds = (used.userCPUTime + used.systemCPUTime) / 1e6;
      resolve({ seconds, cpuSeconds, megabytes: used.maxRSS / 1024, said: said.join('') });
    });
  });
}

const results = [];
function report(name, measured, extra, aim) {
  const row = {
    run: name,
    'time, s': Number(measured.seconds.toFixed(2)),
    'processor time, s': Number(measured.cpuSeconds.toFixed(2)),
    'peak memory, MB': Math.round(measured.megabytes),
    result: extra,
    aim,
  };
  results.push(row);
  if (!options.json)
    console.log(
      `${name}: ${row['time, s']} s (processor ${row['processor time, s']} s), ${row['peak memory, MB']} MB${extra === '' ? '' : `, ${extra}`}${aim === '' ? '' : ` (aim ${aim})`}`,
    );
}

const ingest = (database, ...paths) =>
  measure([cellar, 'ingest', ...paths, '--db', database, '--no-progress']);

async function largeAndGrown() {
  const data = join(folder, 'large');
  mkdirSync(data);
  const path = join(data, 'large.csv');
  const lines = exportLines(1);
  const bytes = Number(options.megabytes) * 1e6;
  fill(path, lines, bytes);
  const bare = await measure([script, '--bare', path]);
  report('bare read', bare, '1.00', '');
  const database = join(folder, 'large.duckdb');
  const full = await ingest(database, data);
  report('one large file', full, `${(full.seconds / bare.seconds).toFixed(2)} bare reads`, '<= 1.5');
  if (!wanted('grown')) return;
  fill(path, lines, bytes * 1.02);
  const grown = await ingest(database, data);
  report(
    'the same, grown by 2 %',
    grown,
    `${((100 * grown.seconds) / full.seconds).toFixed(1)} % of its ingest, ${(grown.seconds / bare.seconds).toFixed(2)} bare reads of the whole`,
    '<= 0.35 bare reads',
  );
  const unchanged = await ingest(database, data);
  report('the same, unchanged', unchanged, '', '');
}

const quoted = (line) => `"${line.trimEnd().replaceAll(',', '","')}"\n`;

/** The same records as other programs write them, by what is other about them: each line, and then the whole file. */
const dialects = {
  'one bad line in a thousand': {
    line: (line, index) => (index % 1000 === 999 ? line.replace(/^((?:[^,]*,){7})[^,]*/, '$1broken') : line),
  },
  'Latin-1': {
    line: (line, index) => (index === 0 ? line.replace('Temperature', 'Temperature (°C)') : line),
  },
  'quoted fields': { line: quoted },
  'decimal commas and semicolons': { line: (line) => line.replaceAll(',', ';').replaceAll('.', ',') },
  'last line open': { whole: (bytes) => bytes.subarray(0, bytes.length - 4) },
  gzip: { whole: (bytes) => gzipSync(bytes, { level: 1 }) },
};

async function inDialects() {
  const lines = exportLines(1);
  const clean = [];
  for (let size = 0; size < Number(options['dialect-megabytes']) * 1e6; size += clean.at(-1).length)
    clean.push(lines.next().value);
  const write = (name, bytes) => {
    const data = join(folder, 'dialects', name.replaceAll(' ', '-'));
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, name === 'gzip' ? 'export.csv.gz' : 'export.csv'), bytes);
    return data;
  };
  const whole = Buffer.from(clean.join(''), 'latin1');
  const plain = write('clean', whole);
  const bare = await measure([script, '--bare', join(plain, 'export.csv')]);
  report(`bare read of ${options['dialect-megabytes']} MB`, bare, '1.00', '');
  const run = async (name, data, aim) => {
    const measured = await ingest(join(folder, 'dialects', 'cellar.duckdb'), data);
    const ratio = (measured.seconds / bare.seconds).toFixed(2);
    const processor = (measured.cpuSeconds / bare.cpuSeconds).toFixed(2);
    report(name, measured, `${ratio} bare reads, ${processor} by processor time`, aim);
    rmSync(join(folder, 'dialects', '.cellar'), { recursive: true, force: true });
    rmSync(join(folder, 'dialects', 'cellar.duckdb'), { force: true });
    peers(name, join(data, name === 'gzip' ? 'export.csv.gz' : 'export.csv'));
  };
  await run('clean', plain, '<= 1.5');
  for (const [name, { line, whole: change }] of Object.entries(dialects)) {
    const bytes = line === undefined ? whole : Buffer.from(clean.map(line).join(''), 'latin1');
    await run(name, write(name, change === undefined ? bytes : change(bytes)), '<= 1.8');
  }
}

/** Times other programs on a file, each in a process of its own; one that no Python has is left out. */
function peers(name, path) {
  const tool = join(dirname(script), 'bench-ingest-peers.py');
  for (const python of options.peers.split(',').filter((each) => each !== '')) {
    for (const program of ['ionworksdata', 'PyProBE']) {
      const began = performance.now();
      const { status, stderr } = spawnSync(python, [tool, program, path], { encoding: 'utf8' });
      const seconds = ((performance.now() - began) / 1000).toFixed(2);
      if (status === 3) continue;
      const result = status === 0 ? `${seconds} s` : `cannot read it: ${stderr.trim().split('\n').at(-1)}`;
      results.push({ run: `${program}, ${name}`, result });
      if (!options.json) console.log(`  ${program}: ${result}`);
    }
  }
}

function manyFiles(data, count, recordCount) {
  mkdirSync(data);
  for (let seed = 1; seed <= count; seed++) {
    const lines = exportLines(seed);
    let text = '';
    for (let line = 0; line <= recordCount; line++) text += lines.next().value;
    const handle = openSync(join(data, `cell-${String(seed).padStart(5, '0')}.csv`), 'w');
    writeSync(handle, text);
    closeSync(handle);
  }
}

async function small() {
  const count = Number(options['small-files']);
  const data = join(folder, 'small');
  manyFiles(data, count, 500);
  const measured = await ingest(join(folder, 'small.duckdb'), data);
  report(
    `${count} files of 500 records`,
    measured,
    `${Math.round(count / measured.seconds)} files/s`,
    '>= 500',
  );
}

async function unchanged() {
  const count = Number(options['unchanged-files']);
  const data = join(folder, 'unchanged');
  manyFiles(data, count, 3);
  const database = join(folder, 'unchanged.duckdb');
  const first = await ingest(database, data);
  report(`${count} files of 3 records`, first, `${Math.round(count / first.seconds)} files/s`, '');
  const again = await ingest(database, data);
  report(`${count} unchanged files`, again, `${Math.round(count / again.seconds)} files/s`, '<= 1 s');
}

const wanted = (name) => options.only.split(',').includes(name);

if (options.bare !== undefined) {
  await bareRead(options.bare);
  process.exit(0);
}
const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'cellar-bench-'));
mkdirSync(folder, { recursive: true });
try {
  const [processor] = cpus();
  const busy = `load ${loadavg()[0].toFixed(1)} before`;
  const machine = `${processor?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}, Node ${process.version}, ${busy}`;
  if (!options.json) console.log(machine);
  if (wanted('large')) await largeAndGrown();
  if (wanted('dialects')) await inDialects();
  if (wanted('small')) await small();
  if (wanted('unchanged')) await unchanged();
  if (options.json) console.log(JSON.stringify({ machine, results }, undefined, 2));
} finally {
  if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
