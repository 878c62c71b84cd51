// A database of as many records as asked for, made inside the engine: what the benches of views and of the page read.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Measures on a database of each size that `--records` asks for, made in `--folder` where it is not there yet, and prints:
 * as JSON with `--json`, else by `print`.
 *
 * @template T
 * @param {(path: string, records: number) => Promise<T>} measure
 * @param {(results: { records: number, times: T }[]) => void} print
 */
export async function benchOnDatabases(measure, print) {
  const { values: options } = parseArgs({
    options: {
      records: { type: 'string', default: '1000000,10000000' },
      folder: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'cellar-bench-'));
  mkdirSync(folder, { recursive: true });
  const results = [];
  for (const records of options.records.split(',').map(Number)) {
    const path = join(folder, `records-${records}.duckdb`);
    if (!existsSync(path)) {
      console.error(`making ${records} records …`);
      // One that was cut off while it was made must not be taken for a whole one.
      await makeBenchDatabase(`${path}.part`, records);
      renameSync(`${path}.part`, path);
    }
    results.push({ records, times: await measure(path, records) });
  }
  if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  if (options.json)
    console.log(JSON.stringify({ cpus: cpus().length, load: loadavg(), results }, undefined, 2));
  else print(results);
}

/** Seconds by the clock and of all processors of this process. @param {() => Promise<unknown>} work */
export async function timed(work) {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
}

/** @param {{ records: number, times: Record<string, Awaited<ReturnType<typeof timed>>> }[]} results */
export function printTimes(results) {
  console.log(
    `${cpus().length} processors, load ${loadavg()[0].toFixed(1)}; seconds by the clock (by all processors)`,
  );
  const names = Object.keys(results[0].times);
  const width = Math.max(...names.map(({ length }) => length));
  console.log(' '.repeat(width), ...results.map(({ records }) => `${records / 1e6} million`.padStart(18)));
  for (const name of names) {
    const cells = results.map(({ times }) => {
      const { wall, processor } = times[name];
      return `${wall.toFixed(3)} (${processor.toFixed(3)})`.padStart(18);
    });
    console.log(name.padEnd(width), ...cells);
  }
}

const BASE = { RECORDS_PER_STEP: 1200, LONG_STEP: 6000 };

/**
 * Writes a snapshot with `records` records: three tenths of them in one test of the cell LONG-01, the rest in tests of
 * 200,000 of the cells CELL-001 …; CC charge, rest, discharge, rest, with a plateau, a fade and a little noise.
 *
 * @param {string} path @param {number} records
 */
async function makeBenchDatabase(path, records) {
  const { openWritable, insertRows, inTransaction } = await import('../dist/store/connection.js');
  const { createSchema } = await import('../dist/store/schema.js');
  const { deriveTests } = await import('../dist/store/derive/derive.js');
  for (const file of [path, `${path}.wal`]) rmSync(file, { force: true });
  const database = await openWritable(path);
  const { connection } = database;
  try {
    await createSchema(connection);
    const long = Math.round(records * 0.3);
    const count = Math.max(1, Math.round((records - long) / 200_000));
    const each = Math.round((records - long) / count);
    const tests = [
      { test_id: 1, cell_id: 'LONG-01', records: long, perStep: BASE.LONG_STEP },
      ...Array.from({ length: count }, (_, i) => ({
        test_id: i + 2,
        cell_id: `CELL-${String(i + 1).padStart(3, '0')}`,
        records: each,
        perStep: BASE.RECORDS_PER_STEP,
      })),
    ];
    const at = new Date('2026-01-05T08:00:00Z');
    await insertRows(connection, 'materials', [
      { material_id: 'BENCH', name: 'Generated', category: 'cathode_li_rich' },
    ]);
    await insertRows(
      connection,
      'cells',
      tests.map(({ cell_id }) => ({
        cell_id,
        material_id: 'BENCH',
        cell_type: 'cathode_half',
        batch: 'B1',
        active_mass_mg: 10,
        electrode_area_cm2: 1.131,
      })),
    );
    await insertRows(
      connection,
      'files',
      tests.map(({ test_id, cell_id, records: n }) => ({
        file_id: test_id,
        path: `bench/${cell_id}.csv`,
        root: 'bench',
        size_bytes: n * 100,
        format: 'arbin-csv',
        status: 'ingested',
        lines_total: n + 1,
        lines_head: 1,
        lines_structural: 0,
        rows_loaded: n,
        rows_rejected: 0,
        modified_at: at,
        ingested_at: at,
      })),
    );
    await insertRows(
      connection,
      'tests',
      tests.map(({ test_id, cell_id, records: n }) => ({
        test_id,
        file_id: test_id,
        part_index: 1,
        cell_id,
        vendor: 'Arbin',
        channel: String(test_id),
        started_at: at,
        current_direction: 'known',
        record_count: n,
      })),
    );
    await insertRows(
      connection,
      'test_files',
      tests.map(({ test_id }) => ({ test_id, file_id: test_id, first_record_index: 1, first_line: 2 })),
    );
    await connection.run('SELECT setseed(0.5)');
    for (const { test_id, records: n, perStep } of tests)
      await insertRecords(connection, test_id, n, perStep);
    // All tests of 200,000 follow one law: the second is derived, the others take over its steps and cycles.
    await inTransaction(connection, () => deriveTests(connection, [1, 2]));
    for (const table of ['steps', 'cycles']) {
      await connection.run(`INSERT INTO ${table}
        SELECT t.test_id, d.* EXCLUDE (test_id) FROM ${table} d CROSS JOIN tests t WHERE d.test_id = 2 AND t.test_id > 2
        ORDER BY t.test_id`);
    }
    await connection.run('CHECKPOINT');
  } finally {
    database.close();
  }
}

/** One test: four steps a cycle, 6 s between records. */
function insertRecords(connection, testId, records, perStep) {
  const moved = `(0.0017 * pow(0.9995, cycle))`;
  return connection.run(`
    INSERT INTO measurements BY NAME
    SELECT ${testId} AS test_id, i + 1 AS record_index, i + 2 AS line_number, i * 6.0 AS test_time_second,
      1767600000.0 + i * 6 AS unix_time_second, step + 1 AS step_count, CAST(kind + 1 AS VARCHAR) AS step_id,
      ['Charge', 'Rest', 'Discharge', 'Rest'][kind + 1] AS vendor_step_type, CAST(cycle + 1 AS DOUBLE) AS vendor_cycle_count,
      ampere AS current_ampere,
      CASE kind WHEN 0 THEN 3.2 + 1.1 * share + 0.12 * tanh((share - 0.4) * 12)
        WHEN 1 THEN 4.30 - 0.05 * (1 - exp(-share * 20))
        WHEN 2 THEN 4.25 - 1.1 * share - 0.12 * tanh((share - 0.6) * 12)
        ELSE 3.05 + 0.05 * (1 - exp(-share * 20)) END + 0.0004 * random() AS voltage_volt,
      CASE WHEN kind = 0 THEN share * ${moved} ELSE ${moved} END AS charging_capacity_ah,
      CASE WHEN kind < 2 THEN 0 WHEN kind = 2 THEN share * ${moved} * 0.999 ELSE ${moved} * 0.999 END AS discharging_capacity_ah,
      25 + 0.2 * random() AS ambient_temperature_celsius
    FROM (
      SELECT i, step, step // 4 AS cycle, step % 4 AS kind, (i % ${perStep}) / ${perStep - 1}.0 AS share,
        CASE step % 4 WHEN 0 THEN 1 WHEN 2 THEN -1 ELSE 0 END * 0.0017 * pow(0.9995, step // 4) * 3600 / (${perStep} * 6.0) AS ampere
      FROM (SELECT range AS i, range // ${perStep} AS step FROM range(${records}))
    )`);
}
