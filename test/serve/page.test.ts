/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CellarError } from '../../src/errors.js';
import { drawKind } from '../../src/plot/draw.js';
import { kinds } from '../../src/plot/kinds/index.js';
import { svgFile } from '../../src/plot/svg.js';
import { plainNumber } from '../../src/report/numbers.js';
import type { RunningServer } from '../../src/serve/server.js';
import { type Database, openReadOnly, openWritable, select } from '../../src/store/connection.js';
import { openSnapshot } from '../../src/store/snapshot.js';
import { loadedAtStart } from '../cli/loaded-at-start.js';
import { cellar, makeDatabase, temporaryFolder } from '../cli/run.js';
import { hasBrowser, launchBrowser } from '../report/browser.js';
import { sampleLaboratory } from '../sample-laboratory.js';
import { projectRoot } from '../shared-data.js';
import { metric, serve, until } from './laboratory.js';

/** The page as people meet it, in a browser, on a wide and a narrow screen; and what it weighs. */

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = temporaryFolder();
let database: string;
let server: RunningServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let snapshot: Database;
const said: string[] = [];
const asked = new Set<string>();

beforeAll(async () => {
  ({ database } = sampleLaboratory(folder));
  snapshot = await openSnapshot(database);
  if (!hasBrowser) return;
  server = await serve(database);
  browser = await launchBrowser();
  context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    baseURL: `http://127.0.0.1:${server.port}`,
  });
  page = await context.newPage();
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  page.on('request', (request) => asked.add(new URL(request.url()).host));
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  snapshot?.close();
});

const screens: Record<string, string> = {
  board: '/',
  channels: '/channels',
  cells: '/cells',
  capacity: '/cells/LRMO-01',
  curves: '/cells/LRMO-01?view=curves&cycles=2,50',
  dqdv: '/cells/LRMO-01?view=dqdv&cycles=2&step=50mV',
  rate: '/cells/LRMO-01?view=rate',
  resistance: '/cells/LRMO-01?view=resistance',
  trace: '/cells/LRMO-01?view=trace',
  spectra: '/cells/LPSC-01?view=spectra',
  arrhenius: '/cells/LPSC-01?view=arrhenius',
  compare: '/compare?cells=LRMO-01,LRMO-02',
  files: '/files',
  file: '/files/1',
  query: '/query?sql=SELECT%20cell_id,%20cell_cycle%20FROM%20cell_cycles%20LIMIT%2050',
};

/** Opens an address and waits until it is shown. */
async function open(path: string, on: Page = page): Promise<void> {
  await on.goto(path);
  await shown(on);
}

async function shown(on: Page = page): Promise<void> {
  await on.waitForFunction(
    () =>
      document.querySelector('h1') !== null &&
      document.querySelector('.bar, .content[aria-busy=true]') === null &&
      document.querySelector('.content, .empty') !== null,
    null,
    { timeout: 25_000 },
  );
}

describe.skipIf(!hasBrowser)('every screen', () => {
  it.each(Object.entries(screens))(
    '%s shows data, is reachable for all, and fits both screens',
    async (name, path) => {
      await page.setViewportSize({ width: 1400, height: 900 });
      await open(path);
      const text = (await page.textContent('main')) ?? '';
      expect(text.length).toBeGreaterThan(60);
      expect(await page.$$eval('.trouble', (all) => all.map((one) => one.textContent))).toEqual([]);
      expect(await page.title()).toMatch(/ – Cellar$/);
      expect(await page.$$eval('h1', (all) => all.length)).toBe(1);
      if (/capacity|curves|dqdv|trace|resistance|rate|spectra|arrhenius|compare/.test(name)) {
        await page.waitForSelector('figure figcaption');
        expect(await page.$$eval('figure', (all) => all.length)).toBeGreaterThan(0);
        expect(
          await page.$$eval('figcaption', (all) => all.every((one) => (one.textContent ?? '').length > 20)),
        ).toBe(true);
      }
      for (const width of [1400, 390]) {
        await page.setViewportSize({ width, height: 900 });
        // Figures are drawn anew for the new width, a moment later.
        await page
          .waitForFunction(() => document.documentElement.scrollWidth <= innerWidth, null, { timeout: 5000 })
          .catch(() => undefined);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide).toBeLessThanOrEqual(0);
        if (width === 1400) await page.evaluate(axeSource);
        const found = await page.evaluate(async () => {
          // biome-ignore lint/suspicious/noExplicitAny: axe is put into the page as it is
          const axe = (globalThis as any).axe;
          // Folded tables with their columns are alike: the first of them stand for the others.
          const context = { exclude: ['.schema details:nth-of-type(n+4):not([open]) ul'] };
          return (await axe.run(context, { resultTypes: ['violations'] })) as AxeResults;
        });
        const serious = found.violations.filter(
          ({ impact }) => impact === 'serious' || impact === 'critical',
        );
        expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      }
    },
  );

  it('asks nobody but its server, and the policy is never broken', () => {
    expect([...asked]).toEqual([`127.0.0.1:${server.port}`]);
    expect(said).toEqual([]);
  });
});

/** Addresses whose picture is compared: some, with `npm run test:figures` every screen. */
const pictured =
  process.env.CELLAR_FIGURES === undefined
    ? [`${screens.trace}&from=400000&to=440000`.replace('LRMO-01', 'NMCG-01'), screens.query as string]
    : Object.values(screens);

/** Corners are smoothed as the processor's moment has it: pixels that may differ, of more than a million. */
const MOST_DIFFERENT = 100;

/** How many pixels of two pictures differ, as a browser compares them. */
async function differentPixels(one: Buffer, two: Buffer): Promise<number> {
  const blank = await browser.newPage();
  try {
    return await blank.evaluate(
      async (texts) => {
        const pixels = async (text: string) => {
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d')!;
          context.drawImage(image, 0, 0);
          return new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
        };
        const [a, b] = [await pixels(texts[0]!), await pixels(texts[1]!)];
        return a.length === b.length ? a.filter((value, i) => value !== b[i]).length : a.length;
      },
      [one.toString('base64'), two.toString('base64')],
    );
  } finally {
    await blank.close();
  }
}

/** Waits until no query runs; how long that took, ms. */
const queriesEnded = () => until(async () => (await metric(server.address, 'queries_running')) === 0);

describe.skipIf(!hasBrowser)('what a person does', () => {
  beforeAll(() => page.setViewportSize({ width: 1400, height: 900 }));

  it.each(pictured)('%s opened in another browser is the same picture', async (path) => {
    const pictureOf = async (on: Page) => {
      await open(path, on);
      // Time differs: of a query, and of what is so many minutes old.
      const mask = [on.locator('.result > .muted'), on.locator('.ago')];
      return on.screenshot({ mask, animations: 'disabled', caret: 'hide' });
    };
    const other = await browser.newContext({
      viewport: { width: 1400, height: 900 },
      baseURL: `http://127.0.0.1:${server.port}`,
    });
    try {
      const visitor = await other.newPage();
      // A part of the page that comes a moment later may shift what was drawn already, in either of both.
      let different = Number.POSITIVE_INFINITY;
      for (let tries = 0; tries < 3 && different > MOST_DIFFERENT; tries++)
        different = await differentPixels(await pictureOf(page), await pictureOf(visitor));
      expect(different).toBeLessThanOrEqual(MOST_DIFFERENT);
    } finally {
      await other.close();
    }
  });

  it('opens a question of the cookbook by its number', async () => {
    await open('/query?example=27');
    await page.locator('.rows td').first().waitFor();
    expect(await page.textContent('.cm-content')).toContain('AS retention');
    expect(await page.textContent('.rows')).toContain('LRMO-01');
  });

  it('ends a query by Stop, and by closing the tab', async () => {
    const endless = `/query?sql=${encodeURIComponent('SELECT count(*) FROM range(1000000000000)')}`;
    const visitor = await context.newPage();
    await visitor.goto(endless);
    await visitor.click('button:text("Stop")');
    expect(await queriesEnded()).toBeLessThan(5_000);
    expect(await visitor.textContent('.cm-content')).toContain('1000000000000');
    await visitor.click('button:text("Run")');
    await until(async () => (await metric(server.address, 'queries_running')) === 1);
    await visitor.close();
    expect(await queriesEnded()).toBeLessThan(5_000);
  });

  it('goes from the list to a cell, its curves and back, each with an address of its own', async () => {
    await open('/cells');
    await page.click('th[scope=row] a:text("LRMO-01")');
    await shown();
    expect(await page.textContent('h1')).toBe('LRMO-01');
    await page.click('.views a:text("Curves")');
    await shown();
    expect(page.url()).toContain('view=curves');
    await page.fill('input[placeholder^="2,50"]', '3,4');
    await page.keyboard.press('Enter');
    await page.waitForURL(/cycles=3,4/);
    await page.goBack();
    await page.goBack();
    await page.goBack();
    expect(new URL(page.url()).pathname).toBe('/cells');
  });

  it('zooms a trace by dragging; the part is in the address, and opened anew it is the same', async () => {
    await open(screens.trace as string);
    await page.locator('.u-over').first().waitFor();
    const box = await page.locator('.u-over').first().boundingBox();
    if (box === null) throw new Error('no plot');
    const whole = await page.textContent('figcaption');
    await page.mouse.move(box.x + 0.2 * box.width, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.3 * box.width, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=/);
    // The whole stays in sight until the part is there.
    await page.waitForFunction((was) => document.querySelector('figcaption')?.textContent !== was, whole);
    await shown();
    const words = await page.textContent('figcaption');
    const other = await context.newPage();
    await open(page.url(), other);
    expect(await other.textContent('figcaption')).toBe(words);
    await other.close();
    await page.locator('.chart').focus();
    await page.keyboard.press('0');
    await page.waitForFunction(() => !location.search.includes('from='));
  });

  it('searches, and moves by keys, but not while typing', async () => {
    await open('/cells');
    await page.keyboard.press('/');
    await page.keyboard.type('LPSC gl');
    expect(new URL(page.url()).pathname).toBe('/cells');
    await page.fill('input[type=search]', 'LPSC');
    await page.waitForURL(/q=LPSC/);
    await page.waitForFunction(() => !document.body.textContent?.includes('LRMO-01'));
    await page.locator('h1').focus();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.waitForURL(/\/files/);
  });

  it('keeps the text of a query that failed, and runs one that is right', async () => {
    await open('/query');
    await page.locator('.cm-content').waitFor();
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('SELECT nothing FROM cells');
    await page.keyboard.press('Control+Enter');
    await page.locator('.trouble').waitFor();
    expect(await page.textContent('.cm-content')).toContain('SELECT nothing');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('SELECT count(*) AS n FROM cells');
    await page.keyboard.press('Control+Enter');
    await page.locator('.rows td').first().waitFor();
    expect(new URL(page.url()).searchParams.get('sql')).toContain('count(*)');
  });

  it('sees the same numbers as `check` and `query`', async () => {
    await open('/');
    const shownNumbers = await page.$$eval('.c-value data.number', (all) =>
      all.map((one) => Number(one.getAttribute('value'))),
    );
    const stored = await select<{ value: number }>(
      snapshot.connection,
      'SELECT value FROM verdicts WHERE value IS NOT NULL',
    );
    expect(stored.length).toBeGreaterThan(5);
    expect(shownNumbers.toSorted()).toEqual(stored.map(({ value }) => value).toSorted());
    // Word for word as the report has them.
    const report = await (await fetch(new URL('/report', server.address))).text();
    const targets = await page.$$eval('.c-target a', (all) =>
      all.map((one) => (one as HTMLAnchorElement).hash),
    );
    const values = await page.$$eval('.c-value div', (all) => all.map((one) => one.textContent ?? ''));
    expect(targets).toHaveLength(stored.length);
    for (const [i, hash] of targets.entries()) {
      const [, after = ''] = report.split(`id="${hash.slice(1)}"`);
      const said = after
        .slice(0, 12_000)
        .replace(/<[^>]+>/g, '')
        .replace(/\s+/g, ' ');
      expect(said, hash).toContain((values[i] as string).replace(/\s+/g, ' ').trim());
    }
  });

  it('sees the capacities and efficiencies of all cells as `query` gives them', async () => {
    await open('/cells');
    const rows = await page.$$eval('tbody tr', (all) =>
      all.map((row) => [...row.querySelectorAll('th,td')].map((cell) => (cell.textContent ?? '').trim())),
    );
    const truth = await select<Record<string, number | string | null>>(
      snapshot.connection,
      `SELECT cell_id, max(cell_cycle) AS cycles, median(coulombic_efficiency) AS efficiency,
         arg_max(specific_capacity_mah_per_g, cell_cycle) AS mah_per_g,
         1000 * arg_max(discharging_capacity_ah, cell_cycle) AS mah
       FROM cell_cycles WHERE label NOT IN ('partial', 'interrupted') GROUP BY cell_id ORDER BY cell_id`,
    );
    expect(truth.length).toBeGreaterThan(8);
    for (const { cell_id, cycles, efficiency, mah_per_g, mah } of truth) {
      const [, id, , , , shownCycles, capacity, shownEfficiency] = rows.find((row) =>
        row[1]?.startsWith(String(cell_id)),
      ) as string[];
      const expected =
        mah_per_g === null
          ? `${plainNumber(mah as number)} mAh`
          : `${plainNumber(mah_per_g as number)} mAh/g`;
      expect([shownCycles, capacity, shownEfficiency], id).toEqual([
        String(cycles),
        expected,
        efficiency === null ? '' : `${plainNumber(100 * (efficiency as number))}\u202f%`,
      ]);
    }
  });

  it('prints figures as lines, without navigation', async () => {
    await open(screens.capacity as string);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('.paper-only svg.plot').first().isVisible()).toBe(true);
    expect(await page.locator('.top').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
  });
});

describe.skipIf(!hasBrowser)('a laboratory whose every text is a script', () => {
  it('runs none of them, on any screen, and breaks no rule of the page', async () => {
    const evil = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>';
    const own = join(folder, 'evil.duckdb');
    await makeDatabase(own, {
      materials: [{ material_id: evil, name: evil, category: 'li_rich_cathode' }],
      cells: [{ cell_id: evil, material_id: evil, cell_type: 'full', batch: evil, excluded_reason: evil }],
      files: [{ file_id: 1, path: `/x/${evil}.csv`, status: 'rejected', message: evil, format: evil }],
      findings: [{ file_id: 1, code: 'X', severity: 'warning', message: evil, repaired: false }],
      rejects: [
        { file_id: 1, line_number: 1, column_name: evil, raw_value: evil, raw_line: evil, reason: evil },
      ],
      tests: [{ test_id: 1, file_id: 1, cell_id: evil, channel: evil, vendor: evil }],
    });
    chmodSync(own, 0o644);
    const hostile = await serve(own);
    const visitor = await context.newPage();
    const heard: string[] = [];
    visitor.on('console', (message) => heard.push(message.text()));
    visitor.on('dialog', () => heard.push('a dialog'));
    try {
      const paths = ['/', '/channels', '/cells', `/cells/${encodeURIComponent(evil)}`, '/files', '/files/1'];
      for (const path of [
        ...paths,
        `/cells?q=${encodeURIComponent(evil)}`,
        `/query?sql=${encodeURIComponent(`SELECT ${evil}`)}`,
      ]) {
        await open(`http://127.0.0.1:${hostile.port}${path}`, visitor);
        expect(await visitor.evaluate(() => 'hit' in globalThis), path).toBe(false);
        expect(await visitor.$$eval('main img, main script', (all) => all.length), path).toBe(0);
      }
      // A query that is wrong is answered with 400, which the browser notes; nothing else.
      expect(heard.filter((line) => !/status of 400/.test(line))).toEqual([]);
    } finally {
      await visitor.close();
      await hostile.close();
    }
  });
});

/** A screen's query ends with its reader: some are caught in the midst of their work. */
async function leave({ address }: RunningServer): Promise<void> {
  const cancelled = () => metric(address, 'cancelled_total');
  for (let tries = 0; tries < 40 && (await cancelled()) === 0; tries++) {
    const leaving = new AbortController();
    const asked = fetch(new URL(`/api/figures/trace?test=1&from=${tries}&to=900000`, address), {
      signal: leaving.signal,
    }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 15));
    leaving.abort();
    await asked;
  }
  expect(await cancelled()).toBeGreaterThan(0);
  expect(await until(async () => (await metric(address, 'screens_running')) === 0)).toBeLessThan(2_000);
}

/** Milliseconds that this process's processors need for something, the least of several. */
async function processorTime(work: (turn: number) => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5; turn++) {
    const before = process.cpuUsage();
    await work(turn);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/**
 * How a trace grows: against one pass of the engine over the same two columns it takes so many times as long, and a
 * hundredth of it a fraction of the whole.
 */
async function timesOf({ address }: RunningServer, path: string): Promise<void> {
  const trace = (share: number) => (turn: number) =>
    // Never twice the same: what is kept would be told.
    fetch(
      new URL(`/api/figures/trace?test=1&px=1340&from=${turn}&to=${share * 999_000 + turn}`, address),
    ).then((one) => one.text());
  const opened = await openReadOnly(path);
  const pass = await processorTime(() =>
    opened.connection.run('SELECT sum(voltage_volt), sum(test_time_second) FROM measurements'),
  );
  opened.close();
  const [whole, part] = [await processorTime(trace(1)), await processorTime(trace(0.01))];
  expect(whole / pass).toBeLessThan(40);
  expect(part).toBeLessThan(0.5 * whole);
}

describe.skipIf(!hasBrowser)('a spike of one record in a million', () => {
  it('is inked in the whole view', async () => {
    const own = join(folder, 'spike.duckdb');
    const count = 1_000_000;
    await makeDatabase(own, {
      cells: [{ cell_id: 'A', cell_type: 'full' }],
      tests: [{ test_id: 1, cell_id: 'A', record_count: count }],
    });
    const opened = await openWritable(own);
    await opened.connection.run(`INSERT INTO measurements BY NAME
      SELECT 1 AS test_id, range + 1 AS record_index, range::DOUBLE AS test_time_second, 1 AS step_count,
        CASE WHEN range = 612345 THEN 9.0 ELSE 3.7 END AS voltage_volt FROM range(${count})`);
    await opened.connection.run(`INSERT INTO steps BY NAME SELECT 1 AS test_id, 1 AS step_count,
      0.0 AS start_time_second, ${count - 1}.0 AS end_time_second, 1 AS first_record_index,
      ${count} AS last_record_index`);
    await opened.connection.run('CHECKPOINT');
    opened.close();
    chmodSync(own, 0o644);
    const large = await serve(own);
    const visitor = await context.newPage();
    try {
      await open(`http://127.0.0.1:${large.port}/cells/A?view=trace&test=1&y=v`, visitor);
      await visitor.waitForSelector('.u-wrap canvas');
      const inked = await visitor.$eval('.u-wrap canvas', (one) => {
        const canvas = one as HTMLCanvasElement;
        const { width, height } = canvas;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
        // Columns that are inked in the upper half of the plot, where only the spike reaches: strong colour, no grid.
        const columns = new Set<number>();
        for (let y = Math.round(0.2 * height); y < 0.5 * height; y++) {
          for (let x = Math.round(0.1 * width); x < width; x++) {
            const at = 4 * (y * width + x);
            const [r = 0, g = 0, b = 0, alpha = 0] = pixels.slice(at, at + 4);
            if (alpha > 120 && Math.max(r, g, b) - Math.min(r, g, b) > 40) columns.add(x);
          }
        }
        return [...columns].map((x) => x / width);
      });
      expect(inked.length).toBeGreaterThan(0);
      expect(inked.length).toBeLessThan(12);
      await leave(large);
      await timesOf(large, own);
    } finally {
      await visitor.close();
      await large.close();
    }
  });
});

const subjectOf = (name: string) => {
  if (/spectrum|nyquist|bode|arrhenius/.test(name)) return 'LPSC-01';
  // One spectrum: a distribution of each takes long.
  if (name === 'drt') return '40';
  return name === 'trace' ? '1' : 'LRMO-02';
};

/** What a figure is drawn of: one subject each, with `npm run test:figures` every cell and test of the laboratory. */
async function subjectsOf(name: string): Promise<string[]> {
  if (process.env.CELLAR_FIGURES === undefined) return [subjectOf(name)];
  const sql = name === 'trace' ? 'SELECT test_id AS id FROM tests' : 'SELECT cell_id AS id FROM cells';
  const rows = await select<{ id: string | number }>(snapshot.connection, `${sql} ORDER BY id`);
  return rows.map(({ id }) => String(id));
}

describe('figures', () => {
  it.each(kinds.map((kind) => [kind.name, kind] as const))(
    '%s: the same bytes twice, with title, key and words; numbers as `query` gives them',
    { timeout: 600_000 },
    async (name, kind) => {
      let drawn = 0;
      for (const subject of await subjectsOf(name)) {
        const plotted = () => drawKind(snapshot.connection, kind, [subject], {});
        const draw = async () => svgFile((await plotted()).all);
        const first = await plotted().catch((error: unknown) => error as CellarError);
        if (first instanceof Error) {
          expect(first, `${name} ${subject}: ${first.stack}`).toBeInstanceOf(CellarError);
          continue;
        }
        if (first.all.length === 0) {
          // A cell without cycles, or without spectra: words, and no drawing.
          expect(first.empty, subject).toMatch(/.{10}/);
          continue;
        }
        const once = svgFile(first.all);
        drawn++;
        expect(await draw(), subject).toBe(once);
        expect(once).toMatch(/<title [^>]*>[^<]{10,}<\/title><desc [^>]*>[^<]{20,}<\/desc>/);
        expect(once).toContain('class="key-rows"');
        expect(once).not.toMatch(/NaN|Infinity|undefined/);
        if (!hasBrowser) continue;
        const { sql } = await drawKind(snapshot.connection, kind, [subject], {});
        const address = `http://127.0.0.1:${server.port}`;
        const text = async (path: string) => (await fetch(`${address}${path}`)).text();
        const asked = `?${name === 'trace' ? 'test' : /^\d+$/.test(subject) ? 'spectra' : 'cells'}=${subject}`;
        expect(await text(`/figures/${name}.svg${asked}`), subject).toBe(once);
        // Posted: what is computed stands in the statement, which is then longer than an address may be.
        const queried = await fetch(`${address}/api/query`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ sql, format: 'csv' }),
        });
        expect(await text(`/figures/${name}.csv${asked}`), subject).toBe(await queried.text());
      }
      expect(drawn).toBeGreaterThan(0);
    },
  );

  it('go into files as `cellar plot` is told', () => {
    const plot = (...words: string[]) =>
      cellar(['plot', 'curves', 'LRMO-02', '--cycles', '2', '--db', database, ...words], { cwd: folder });
    expect(plot()).toMatchObject({ status: 0, stderr: expect.stringContaining('curves-LRMO-02.svg') });
    expect(plot('-o', '-').stdout).toBe(readFileSync(join(folder, 'curves-LRMO-02.svg'), 'utf8'));
    expect(plot('-o', 'curves.csv').status).toBe(0);
    expect(readFileSync(join(folder, 'curves.csv'), 'utf8')).toMatch(/^cell_id,cell_cycle,/);
    expect(plot('-o', 'curves.html').status).toBe(0);
    expect(readFileSync(join(folder, 'curves.html'), 'utf8')).toContain('<figcaption');
  });

  it('say what is wrong: no cell, no kind, nothing to draw', () => {
    const plot = (...words: string[]) => cellar(['plot', ...words, '--db', database]);
    expect(plot('capacity', 'LRMO-1')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('LRMO-01'),
    });
    expect(plot('capasity', 'LRMO-01')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('capacity'),
    });
    expect(plot('capacity', 'LPSC-01')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('no cycle'),
    });
    expect(plot('capacity', 'LRMO-01', '--cycles', '2')).toMatchObject({ status: 2 });
  });

  it('draw exports that no database holds', () => {
    const { status, stdout } = cellar([
      'plot',
      'nyquist',
      join(projectRoot, 'sample-data/lab/zplot/LPSC-04_25degC.z'),
      '-o',
      '-',
    ]);
    expect(status).toBe(0);
    expect(stdout).toContain('Nyquist');
    const spectrum = join(projectRoot, 'sample-data/lab/zplot/LPSC-04_25degC.z');
    expect(cellar(['plot', 'drt', spectrum, '-o', '-']).stdout).toContain('distribution of relaxation times');
    const table = join(folder, 'sigma.csv');
    const rows = [0, 20, 40, 60, 80].map((celsius) => `${celsius},${0.005 * Math.exp(0.028 * celsius)}`);
    writeFileSync(table, `temperature_celsius,conductivity_siemens_per_centimeter\n${rows.join('\n')}\n`);
    expect(cellar(['plot', 'arrhenius', table, '-o', '-']).stdout).toContain('1000/T');
    expect(cellar(['plot', 'arrhenius', spectrum, '-o', '-']).status).toBe(2);
  });
});

describe('what the page weighs', () => {
  const client = join(projectRoot, 'dist', 'serve', 'client');
  const names = readdirSync(client);
  const weigh = (some: readonly string[]) =>
    some.reduce((sum, name) => sum + gzipSync(readFileSync(join(client, name))).length, 0);
  /** What a part of the page imports before it runs. */
  function withImports(name: string): string[] {
    const text = readFileSync(join(client, name), 'utf8');
    const own = [...text.matchAll(/(?:from|import)"\.\/([\w-]+\.js)"/g)].map(([, found]) => found as string);
    return [...new Set([name, ...own.flatMap(withImports)])];
  }
  it('stays within its budget', () => {
    const app = names.find((name) => /^app-.*\.js$/.test(name)) as string;
    expect(weigh(names.filter((name) => name.endsWith('.css')))).toBeLessThanOrEqual(5_000);
    expect(weigh(names.filter((name) => name.startsWith('editor')))).toBeLessThanOrEqual(130_000);
    expect(weigh(withImports(app))).toBeLessThanOrEqual(45_000);
    expect(weigh(names)).toBeLessThanOrEqual(189_440);
    // What the package grows by; maps of sources that it does not hold are left out of it.
    const { files } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      files: string[];
    };
    expect(files).toContain('!dist/**/*.map');
    const served = readdirSync(join(projectRoot, 'dist', 'serve'), { recursive: true, withFileTypes: true });
    const unpacked = served
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
      .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
    expect(unpacked).toBeLessThanOrEqual(716_800);
  });

  it('costs other commands nothing at their start: what they import reaches neither page nor figures', () => {
    const heavy = [...loadedAtStart().modules].filter((module) => /^(serve|plot|report)\//.test(module));
    expect(heavy).toEqual([]);
  });

  it('needs nothing more at run time', () => {
    const { dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    expect(Object.keys(dependencies)).not.toContain('preact');
    expect(
      readFileSync(
        join(
          client,
          readdirSync(client).find((name) => name.startsWith('app-') && name.endsWith('.js')) ?? '',
        ),
        'utf8',
      ),
    ).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });
});
