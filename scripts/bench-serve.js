// Times of the page on generated databases: first paint, zoom and queries, beside one pass over all records in the
// same run; by the clock, and by the processors of the server's own process (queries of people and the browser have theirs).
// Run after a build:  npm run bench:serve -- [--records 1000000,10000000] [--folder DIR] [--json]
// Databases are kept in the folder and used again. 100000000 records take about 3 GB and ten minutes to make.
import { benchOnDatabases, printTimes, timed } from './bench-database.js';

const { startServer } = await import('../dist/serve/server.js');
const { openReadOnly } = await import('../dist/store/connection.js');
const { findBrowser } = await import('../dist/report/pdf.js');
const executablePath = findBrowser();

await benchOnDatabases(measure, printTimes);

/** @param {string} database @param {number} records */
async function measure(database, records) {
  const times = {};
  const opened = await openReadOnly(database);
  times['sum over all records'] = await timed(() =>
    opened.connection.run('SELECT sum(voltage_volt), sum(current_ampere) FROM measurements'),
  );
  opened.close();
  const server = await startServer({
    database,
    host: '127.0.0.1',
    port: 0,
    allowHosts: [],
    token: false,
    querySeconds: 600,
    sql: true,
  });
  const base = `http://127.0.0.1:${server.port}`;
  const get = async (path) => {
    const answer = await fetch(base + path);
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const long = Math.round(records * 0.3) * 6;
  const trace = (share, px = 1340) =>
    `/api/figures/trace?test=1&px=${px}&from=${Math.round(0.37 * long)}&to=${Math.round((0.37 + share) * long)}`;
  for (const [name, path] of Object.entries({
    'board, data': '/api/board',
    'channels, data': '/api/channels',
    'cells, data': '/api/cells',
    'capacity of a cell, data': '/api/figures/capacity?cells=CELL-001',
    'curves of five cycles, data': '/api/figures/curves?cells=CELL-001&cycles=2,10,20,30,40',
    'curves of the long test, data': '/api/figures/curves?cells=LONG-01&cycles=2',
    'dQ/dV of a cycle, data': '/api/figures/dqdv?cells=CELL-001&cycles=2',
    'resistances of a cell, data': '/api/figures/resistance?cells=CELL-001&delay=10',
    'trace of the long test, whole': '/api/figures/trace?test=1&px=1340',
    'zoom to 10 %': trace(0.1),
    'zoom to 1 %': trace(0.01),
    'zoom to 0.1 %': trace(0.001),
  })) {
    times[name] = await timed(() => get(path));
    times[`${name}, again`] = await timed(() => get(path));
  }
  const query = (sql) => get(`/api/query?format=csv&sql=${encodeURIComponent(sql)}`);
  times['SELECT 1'] = await timed(() => query('SELECT 1'));
  times['a count by SQL'] = await timed(() => query('SELECT count(voltage_volt) FROM measurements'));
  times['200,000 rows as CSV'] = await timed(() =>
    query('SELECT test_id, test_time_second, voltage_volt FROM measurements LIMIT 200000'),
  );
  if (executablePath !== null) Object.assign(times, await paint(server, long));
  await server.close();
  return times;
}

/** Until a screen is drawn in a browser. @param {import('../dist/serve/server.js').RunningServer} server @param {number} long */
async function paint(server, long) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-gpu'],
  });
  const page = await browser.newPage({
    viewport: { width: 1400, height: 900 },
    baseURL: `http://127.0.0.1:${server.port}`,
  });
  const open = (path) =>
    timed(async () => {
      await page.goto(path);
      await page.waitForFunction(
        () =>
          document.querySelector('.content[aria-busy=false]') !== null &&
          document.querySelector('.bar, .content[aria-busy=true]') === null,
      );
    });
  const times = {};
  for (const [name, path] of Object.entries({
    'board, drawn': '/',
    'channels, drawn': '/channels',
    'cells, drawn': '/cells',
    'cell with curves, drawn': '/cells/CELL-001?view=curves&cycles=2,10,20,30,41',
    'trace of the long test, drawn': '/cells/LONG-01?view=trace&test=1',
    'zoom to 1 %, drawn': `/cells/LONG-01?view=trace&test=1&from=${Math.round(0.5 * long)}&to=${Math.round(0.51 * long)}`,
  })) {
    times[name] = await open(path);
  }
  await browser.close();
  return times;
}
