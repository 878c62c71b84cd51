// Times of every view for one cell, one test and one cycle on generated databases, beside a bare count of the records.
// Run after a build:  npm run bench:queries -- [--records 1000000,10000000,100000000] [--folder DIR] [--json]
// Databases are kept in the folder and used again. 100000000 records take about 3 GB and some minutes to make.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBenchDatabase } from './bench-database.js';

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000,10000000' },
    folder: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'cellar-bench-'));
mkdirSync(folder, { recursive: true });

const { openReadOnly } = await import('../dist/store/connection.js');
const { views } = await import('../dist/store/views.js');

/** What is asked of every view that has the columns: the aim is half a second for the first two. */
const questions = [
  { name: 'one cell', needs: ['cell_id'], condition: "cell_id = 'CELL-002'" },
  { name: 'one test', needs: ['test_id'], condition: 'test_id = 3' },
  {
    name: 'one cycle',
    needs: ['cell_id', 'cell_cycle'],
    condition: "cell_id = 'CELL-002' AND cell_cycle = 5",
  },
];

const results = [];
for (const records of options.records.split(',').map(Number)) {
  const path = join(folder, `records-${records}.duckdb`);
  if (!existsSync(path)) {
    console.error(`making ${records} records …`);
    await makeBenchDatabase(path, records);
  }
  const database = await openReadOnly(path);
  results.push({ records, times: await measure(database.connection) });
  database.close();
}
if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
if (options.json)
  console.log(JSON.stringify({ cpus: cpus().length, load: loadavg(), results }, undefined, 2));
else print();

/** Seconds of wall clock and of all processors. @param {() => Promise<unknown>} work */
async function timed(work) {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
}

/** @param {import('@duckdb/node-api').DuckDBConnection} connection */
async function measure(connection) {
  const times = {
    'bare count of the records': await timed(() =>
      connection.run('SELECT count(voltage_volt) FROM measurements'),
    ),
  };
  for (const { name: view, columns } of views) {
    const names = columns.map(({ name }) => name);
    for (const { name, needs, condition } of questions) {
      if (!needs.every((column) => names.includes(column))) continue;
      // Every column is asked for: a count of rows alone would leave most of the work out.
      const all = names.map((column) => `count(${column})`).join(', ');
      times[`${view}, ${name}`] = await timed(() =>
        connection.run(`SELECT ${all} FROM ${view} WHERE ${condition}`),
      );
    }
  }
  return times;
}

function print() {
  console.log(
    `${cpus().length} processors, load ${loadavg()[0].toFixed(1)}; seconds by the clock (by all processors)`,
  );
  const width = Math.max(...Object.keys(results[0].times).map((name) => name.length));
  console.log(' '.repeat(width), ...results.map(({ records }) => `${records / 1e6} million`.padStart(18)));
  for (const name of Object.keys(results[0].times)) {
    const cells = results.map(({ times }) => {
      const { wall, processor } = times[name];
      return `${wall.toFixed(2)} (${processor.toFixed(2)})`.padStart(18);
    });
    console.log(name.padEnd(width), ...cells);
  }
}
