// Screens of `cellar serve` for README.md, from the sample laboratory. Run after `npm run demo`; needs a Chromium or Chrome.
// The figures of docs/plot.md are drawn by `npm run generate`.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const database = join(root, 'demo', 'cellar.duckdb');
const folder = join(root, 'docs', 'pictures');

/** Screens with their addresses. */
const screens = {
  board: '/',
  curves: '/cells/NMCG-01?view=curves&cycles=2,6,8,10',
  query:
    '/query?sql=SELECT%20cell_id%2C%20cell_cycle%2C%20peak_voltage_volt%0AFROM%20differential_capacity%0AWHERE%20peak_voltage_volt%20IS%20NOT%20NULL%20AND%20cell_id%20%3D%20%27NMCG-01%27%0AORDER%20BY%20ALL',
};

if (!existsSync(database)) {
  console.error('there is no demo: run `npm run demo` first');
  process.exit(2);
}
const { startServer } = await import('../dist/serve/server.js');
const { findBrowser } = await import('../dist/report/pdf.js');
const { chromium } = await import('playwright-core');
const executablePath = findBrowser();
if (executablePath === null) {
  console.error('no Chromium or Chrome is here');
  process.exit(2);
}
const server = await startServer({
  database,
  host: '127.0.0.1',
  port: 0,
  allowHosts: [],
  token: false,
  querySeconds: 30,
  sql: true,
});
const browser = await chromium.launch({
  executablePath,
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--disable-gpu'],
});
const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
for (const [name, path] of Object.entries(screens)) {
  await page.goto(new URL(path, server.address).href);
  await page.waitForFunction(
    (path) =>
      document.querySelector('.content') !== null &&
      document.querySelector('.bar, .content[aria-busy=true]') === null &&
      (!path.includes('view=') || document.querySelector('.chart canvas') !== null),
    path,
    { timeout: 120_000 },
  );
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(folder, `screen-${name}.png`) });
}
await browser.close();
await server.close();
