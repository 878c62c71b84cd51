// Times of every view for one cell, one test and one cycle on generated databases, beside one pass over all records.
// Run after a build:  npm run bench:queries -- [--records 1000000,10000000,100000000] [--folder DIR] [--json]
// Databases are kept in the folder and used again. 100000000 records take about 3 GB and ten minutes to make.
import { benchOnDatabases, printTimes, timed } from './bench-database.js';

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
}, printTimes);

/** @param {import('@duckdb/node-api').DuckDBConnection} connection */
async function measure(connection) {
  const times = {
    'sum over all records': await timed(() =>
      connection.run('SELECT sum(voltage_volt), sum(current_ampere) FROM measurements'),
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
