// How fast a lake is derived, by DuckDB and by Spark on one and two workers, and how that grows with its size.
//   npm run bench:scale -- --rows 10000000,100000000 --engines duckdb,spark-1,spark-2 --folder /tmp/scale
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hashFile } from '../dist/export/hash-file.js';
import { writeManifest } from '../dist/export/manifest.js';
import { folderPlace } from '../dist/export/place/index.js';
import { openWritable } from '../dist/store/connection.js';
import { createSchema, schemaVersion } from '../dist/store/schema.js';
import { tableDefinition } from '../dist/store/tables/index.js';
import { toolVersion } from '../dist/version.js';
import { hasSpark, sparkHome, startCluster } from './spark-cluster.js';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000,100000000' },
    engines: { type: 'string', default: 'duckdb,spark-1,spark-2' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const recordsPerTest = 200_000;
/** Records of a charge, and of a discharge; the rests beside them have a tenth. */
const recordsPerLoad = 400;
const recordsPerRest = 40;

/** Records of one test: charge, rest, discharge, rest, one in ten seconds, with noise that follows from the seed. */
function recordsOf(test, count, seed) {
  const [load, rest] = [recordsPerLoad, recordsPerRest];
  const cycle = 2 * (load + rest);
  const noise = (what) => `(hash(${seed}, ${test}, ${what}, i) % 1000000 / 1e6 - 0.5)`;
  return `
    SELECT i + 1 AS record_index, i * 10.0 AS test_time_second, 1.7e9 + i * 10.0 AS unix_time_second,
      4 * (i // ${cycle}) + 1 + step AS step_count, step::VARCHAR AS step_id, 1.0 + i // ${cycle} AS vendor_cycle_count,
      CASE step WHEN 0 THEN 1 + 1e-3 * ${noise(1)} WHEN 2 THEN -1 + 1e-3 * ${noise(1)} ELSE 0.0 END AS current_ampere,
      CASE step WHEN 0 THEN 3 + 1.2 * since / ${load} WHEN 2 THEN 4.1 - 1.2 * since / ${load} ELSE 3.6 END
        + 1e-3 * ${noise(2)} AS voltage_volt,
      CASE WHEN step = 0 THEN since * 10 / 3600.0 ELSE ${load} * 10 / 3600.0 END AS charging_capacity_ah,
      CASE step WHEN 0 THEN 0.0 WHEN 1 THEN 0.0 WHEN 2 THEN since * 10 / 3600.0 ELSE ${load} * 10 / 3600.0 END AS discharging_capacity_ah,
      25 + ${noise(3)} AS ambient_temperature_celsius
    FROM (
      SELECT i, CASE WHEN p < ${load} THEN 0 WHEN p < ${load + rest} THEN 1 WHEN p < ${2 * load + rest} THEN 2 ELSE 3 END AS step,
        CASE WHEN p < ${load} THEN p WHEN p < ${load + rest} THEN p - ${load} WHEN p < ${2 * load + rest} THEN p - ${load + rest}
          ELSE p - ${2 * load + rest} END AS since
      FROM (SELECT i, i % ${cycle} AS p FROM range(${count}) AS r(i))
    ) ORDER BY i`;
}

/** Writes a lake as \`cellar export\` lays it out, without the database it would come from. */
async function makeLake(folder, rows, seed) {
  mkdirSync(folder, { recursive: true });
  const database = await openWritable(':memory:', join(folder, '..', 'spill'));
  const { connection } = database;
  await createSchema(connection);
  const columns = tableDefinition('measurements').columns.filter(({ name }) => name !== 'test_id');
  await connection.run(
    `CREATE TEMP TABLE record (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
  );
  const files = [];
  const describe = async (path, table, test, cell, count) => {
    const { size } = statSync(join(folder, path));
    const sha256 = await hashFile(join(folder, path));
    files.push({
      ...{ path, table, test_id: test, cell_id: cell, row_count: count, size_bytes: size, sha256 },
      fingerprint: sha256.slice(0, 32),
    });
  };
  for (let test = 1, left = rows; left > 0; test++, left -= recordsPerTest) {
    const count = Math.min(left, recordsPerTest);
    const cell = `C${String(test).padStart(5, '0')}`;
    const path = `measurements/cell_id=${cell}/test_id=${test}/part-${seed}.parquet`;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    await connection.run(
      `COPY (FROM record UNION ALL BY NAME (${recordsOf(test, count, seed)})) TO '${join(folder, path)}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    await connection.run(
      `INSERT INTO tests (test_id, file_id, cell_id, counter_scope, current_direction) VALUES (${test}, ${test}, '${cell}', 'cycle', 'known')`,
    );
    await connection.run(
      `INSERT INTO cells (cell_id, cell_type, nominal_capacity_mah) VALUES ('${cell}', 'full', 1111)`,
    );
    await describe(path, 'measurements', test, cell, count);
  }
  for (const table of ['tests', 'cells', 'test_files', 'rejects']) {
    await connection.run(
      `COPY ${table} TO '${join(folder, `${table}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    await describe(`${table}.parquet`, table, null, null, 0);
  }
  database.close();
  await writeManifest(folderPlace(folder), {
    ...{ schema: 'cellar.export/1', format: 'parquet', cells: null },
    ...{ schema_version: schemaVersion, tool_version: toolVersion, files },
  });
  return files.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
}

const program = join(dirname(fileURLToPath(import.meta.url)), '..', 'bin', 'cellar.js');

/** Processor time (s) of a process and of those it has waited for, by what Linux notes in its `stat`. */
function processorSeconds(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

const processorSecondsOf = (id) =>
  existsSync(`/proc/${id}/stat`) ? processorSeconds(readFileSync(`/proc/${id}/stat`, 'utf8')) : Number.NaN;

/** Derives a lake in a process of its own. */
function derive(lake, args) {
  const began = performance.now();
  const note = join(folder, 'processor-time.txt');
  const probe = `data:text/javascript,import{existsSync,writeFileSync,readFileSync}from'node:fs';process.on('exit',()=>{if(existsSync('/proc/self/stat'))writeFileSync(${JSON.stringify(note)},readFileSync('/proc/self/stat'))})`;
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', probe, program, 'derive', '--lake', lake, '--no-store', '--json', ...args],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          SPARK_LOCAL_IP: '127.0.0.1',
          ...(sparkHome === undefined ? {} : { SPARK_HOME: sparkHome }),
        },
      },
    );
    const out = [];
    const said = [];
    child.stdout.on('data', (text) => out.push(text));
    child.stderr.on('data', (text) => said.push(text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`derive left with ${code}\n${said.join('')}`));
      const seconds = (performance.now() - began) / 1000;
      const processor = existsSync(note) ? processorSeconds(readFileSync(note, 'utf8')) : Number.NaN;
      resolve({ ...JSON.parse(out.join('')), seconds, processor });
    });
  });
}

/** Memory that each process of Spark gets: what a small machine can give. */
const sparkSettings = [
  ...['spark.driver.memory=2g', 'spark.executor.memory=2g'],
  ...['spark.driver.host=127.0.0.1', 'spark.driver.bindAddress=127.0.0.1'],
].flatMap((setting) => ['--conf', setting]);

async function measure(engine, lake, folder) {
  rmSync(join(lake, 'derived'), { recursive: true, force: true });
  if (engine === 'duckdb') return { cores: cpus().length, ...(await derive(lake, [])) };
  const workers = Number(engine.split('-')[1]);
  const place = mkdtempSync(join(folder, 'cluster-'));
  const cluster = await startCluster(workers, place, { memory: '2g' });
  try {
    const busy = () => cluster.processIds.reduce((sum, id) => sum + processorSecondsOf(id), 0);
    const before = busy();
    const measured = await derive(lake, [
      ...['--engine', 'spark', '--master', cluster.master],
      ...sparkSettings,
    ]);
    // The workers have waited for the executors by now.
    await sleep(3000);
    return { cores: workers, ...measured, processor: measured.processor + busy() - before };
  } finally {
    await cluster.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

const wanted = options.engines.split(',');
const engines = wanted.filter((engine) => engine === 'duckdb' || hasSpark);
const sizes = options.rows.split(',').map(Number);
const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'cellar-scale-'));
const machine = `${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}, Node ${process.version}`;
const say = (line) => {
  if (!options.json) console.log(line);
};
say(machine);
if (engines.length < wanted.length) say('no Spark here (set SPARK_HOME, or install pyspark): DuckDB only');

const perSecond = (rows, seconds) => `${Math.round(rows / seconds).toLocaleString('en')} records/s`;
const results = [];
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
try {
  for (const rows of sizes) {
    const lake = join(folder, `lake-${rows}`);
    const bytes = await makeLake(lake, rows, Number(options.seed));
    say(`${rows.toLocaleString('en')} records, ${(bytes / 1e6).toFixed(0)} MB of Parquet`);
    for (const engine of engines) {
      const { seconds, processor, cores, steps, cycles } = await measure(engine, lake, folder);
      const smaller = results.findLast((result) => result.engine === engine);
      const ratio = rows / (smaller?.rows ?? rows);
      const growth = smaller && {
        time: seconds / smaller.seconds,
        processor: processor / smaller.processor_seconds,
      };
      results.push({ engine, rows, seconds, processor_seconds: processor, cores, steps, cycles, growth });
      say(
        `  ${engine}: ${seconds.toFixed(1)} s, ${perSecond(rows, seconds)}; processor time ${processor.toFixed(1)} s, ` +
          `${perSecond(rows, processor)}; ${steps} steps, ${cycles} cycles` +
          (growth === undefined
            ? ''
            : `; for ${ratio} times the records ${growth.time.toFixed(1)} times the time, ${growth.processor.toFixed(1)} times the processor time`),
      );
    }
    rmSync(lake, { recursive: true, force: true });
  }
  if (options.json) console.log(JSON.stringify({ machine, results }, undefined, 2));
} finally {
  if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
