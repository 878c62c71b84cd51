// Times of every view for one cell, one test and one cycle on generated databases, beside a bare count of the records.
// Run after a build:  npm run bench:queries -- [--records 1000000,10000000,100000000] [--folder DIR] [--json]
// Databases are kept in the folder and used again. 100000000 records take about 3 GB and some minutes to make.
import { cpus, loadavg } from 'node:os';
import { benchOnDatabases } from './bench-database.js';

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

await benchOnDatabases(async (path) => {
  const database = await openReadOnly(path);
  try {
    return await measure(database.connection);
  } finally {
    database.close();
  }
}, print);

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

/** @param {{ records: number, times: Awaited<ReturnType<typeof measure>> }[]} results */
function print(results) {
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
