/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordRun } from '../../src/fits/store.js';
import { insertRows } from '../../src/store/connection.js';
import { openWriter } from '../../src/store/writer.js';
import { cellar, temporaryFolder } from '../cli/run.js';
import { sampleLaboratory } from '../sample-laboratory.js';
import { projectRoot } from '../shared-data.js';
import { hasBrowser, launchBrowser } from './browser.js';

/** The page as people meet it: opened in a browser from a file, on a wide and a narrow screen, on paper, by keyboard. */

// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes, read field by field
type Json = any;

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 360, height: 740 };
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * The targets that ship, with dates: one that is met, one missed, one with milestones, and one that gets away from its limit.
 */
function datedTargets(path: string): string {
  const dates: Record<string, string> = {
    'sulfide-conductivity': 'due = 2099-12-31\nnote = "pressed at 375 MPa"',
    'sulfide-cost': 'due = 2020-06-30\nowner = "S. Okafor"',
    'oxide-interface': 'due = 2099-12-31\nowner = "R. Meyer"',
    'cathode-capacity':
      'due = 2099-12-31\nmilestones = [{ due = 2020-09-30, threshold = 200 }, { due = 2021-06-30, threshold = 310 }]',
  };
  const shipped = readFileSync(join(projectRoot, 'src', 'targets', 'tables', 'rd-fund.toml'), 'utf8');
  const text = Object.entries(dates).reduce(
    (all, [id, lines]) => all.replace(`id = "${id}"`, `id = "${id}"\n${lines}`),
    shipped,
  );
  writeFileSync(path, text);
  return path;
}

/** Earlier values of the oxide's interface, ever further from its limit. */
async function recordPast(database: string): Promise<void> {
  const writer = await openWriter(database, { command: 'cellar check' });
  try {
    for (const [i, value] of [30, 33, 36].entries()) {
      const run_id = await recordRun(writer.connection, 'check', new Date(Date.UTC(2026, 2 * i, 1)), {});
      await insertRows(writer.connection, 'verdict_history', [
        {
          run_id,
          target_table: 'rd-fund',
          target_id: 'oxide-interface',
          material_id: 'LLZO',
          metric: 'interfacial_asr',
          verdict: 'FAIL',
          value,
          bound95_low: value - 5,
          bound95_high: value + 5,
          comparison: '<',
          threshold: 10,
          unit: 'ohm cm2',
          sample_size: 3,
        },
      ]);
    }
    await writer.publish();
  } finally {
    await writer.end();
  }
}

const folder = temporaryFolder();
const file = join(folder, 'report.html');
const said: string[] = [];
let checked: Json;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!hasBrowser) return;
  const launched = launchBrowser();
  const { database } = sampleLaboratory(folder);
  await recordPast(database);
  const targets = datedTargets(join(folder, 'targets.toml'));
  const run = (...args: string[]) => cellar([...args, '--db', database, '--targets', targets]);
  checked = JSON.parse(run('check', '--json').stdout);
  expect(run('report', '-o', file).status).toBe(0);
  browser = await launched;
  const context = await browser.newContext({ viewport: WIDE });
  page = await context.newPage();
  page.on('console', (message) => said.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  page.on('request', (request) => said.push(`request: ${request.url()}`));
  await page.goto(pathToFileURL(file).href);
}, 300_000);

afterAll(() => browser?.close());

/** What `check` says of a verdict, as the page is to show it. */
const expectedVerdicts = () =>
  checked.verdicts.map((row: Json) => ({
    material: row.material_id,
    verdict: row.verdict,
    numbers: [row.value, row.ci95_low, row.ci95_high].filter((value) => value !== null),
  }));

describe.skipIf(!hasBrowser)('the page in a browser', () => {
  it('asks for nothing but itself, and nothing goes wrong', () => {
    expect(said).toEqual([`request: ${pathToFileURL(file).href}`]);
  });

  it('has every verdict of `check --json` on its first table, with the same numbers', async () => {
    const shown = await page.$$eval('.overview tbody', (groups) =>
      groups.flatMap((group) =>
        [...group.querySelectorAll('tr:not(.group)')].map((row) => ({
          material: group.querySelector('.group a')?.textContent,
          verdict: row.querySelector('.c-verdict')?.textContent,
          numbers: [...row.querySelectorAll('.c-value data')].map((data) =>
            Number(data.getAttribute('value')),
          ),
        })),
      ),
    );
    expect(shown).toEqual(expectedVerdicts());
    expect(new Set(shown.map(({ verdict }) => verdict)).size).toBe(4);
  });

  it('has the same numbers again beside the evidence, with warnings, what is missing, and every cell', async () => {
    const shown = await page.$$eval('section.verdict', (sections) =>
      sections.map((section) => ({
        verdict: section.querySelector('.result .badge')?.textContent,
        numbers: [...section.querySelectorAll('.result data')].map((data) =>
          Number(data.getAttribute('value')),
        ),
        warnings: [...section.querySelectorAll('.warnings code')].map(({ textContent }) => textContent),
        cells: [...section.querySelectorAll('table.cells tbody th')].map(({ textContent }) => textContent),
        isMissing: section.querySelector('.missing') !== null,
      })),
    );
    const expected = checked.verdicts.map((row: Json) => ({
      verdict: row.verdict,
      numbers: [row.value, row.ci95_low, row.ci95_high],
      warnings: row.warnings.map(({ code }: Json) => code),
      cells: row.evidence.cells.map(({ cell_id }: Json) => cell_id),
      isMissing: row.missing !== null,
    }));
    expect(shown).toEqual(expected);
  });

  it('leads from each number to formula, files, lines and exclusions', async () => {
    const text = await page.$eval('#verdict-LRMO-cathode-decay .sources', (one) => one.textContent ?? '');
    for (const words of [
      '(1 − D)^n',
      'LRMO-02_Channel_4_Wb_1.CSV from line 2',
      'cycles 1–2: labelled formation',
      'cellar why LRMO/cathode-decay',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('says of each date of a target how it stands, and marks what is projected', async () => {
    const notes = await page.$$eval('.overview .due', (all) =>
      all.map((one) => [one.className, one.textContent]),
    );
    expect(notes).toEqual([
      ['due met', 'due 2099-12-31: met'],
      ['due missed', 'due 2020-06-30: missed'],
      ['due late', 'due 2099-12-31: late'],
      ['due missed', 'due 2021-06-30: missed'],
    ]);
    const dates = (id: string) =>
      page.$$eval(`#verdict-${id} .dates li`, (items) =>
        items.map(({ textContent }) => textContent?.replace(/\s/g, ' ')),
      );
    expect(await dates('LRMO-cathode-capacity')).toEqual([
      'Due 2020-09-30: met, > 200 mAh/g',
      'Due 2021-06-30: missed, > 310 mAh/g',
      expect.stringMatching(/^Due 2099-12-31: no pace to project from, > 300/),
    ]);
    expect(await dates('LLZO-oxide-interface')).toEqual([
      'Due 2099-12-31: late (projection: never at the pace of the values so far)',
    ]);
  });

  it('shows what was excluded as excluded', async () => {
    const [capacity, forest, strip] = await Promise.all([
      page.$eval('#capacity-LRMO-04', (figure) => figure.textContent),
      page.$$eval('#cells-LRMO-cathode-capacity path.excluded', (marks) => marks.length),
      page.$$eval('.overview .strip path.excluded', (marks) => marks.length),
    ]);
    expect(capacity).toContain('(cell excluded)');
    expect(forest).toBeGreaterThan(0);
    // LRMO-04 in the two targets of its material.
    expect(strip).toBe(2);
    expect(
      await page.$$eval('#capacity-LRMO-02 svg.plot .excluded', (marks) => marks.length),
    ).toBeGreaterThan(0);
    expect(await page.textContent('#verdict-LRMO-cathode-decay table.cells')).toContain(
      'Excluded: internal short',
    );
  });
});

/** Every figure with what its drawing consists of. */
const figures = () =>
  page.$$eval('figure', (all) =>
    all.map((figure) => {
      const svg = figure.querySelector('svg.plot') as SVGSVGElement;
      const marks = [...svg.querySelectorAll('.data, .cell, .open, .pooled')] as SVGGraphicsElement[];
      return {
        id: figure.id,
        name: svg.getAttribute('aria-label') ?? '',
        words: figure.querySelector('figcaption')?.textContent ?? '',
        marks: marks.filter((mark) => {
          const { width, height } = mark.getBBox({ stroke: true });
          return width > 0 && height > 0;
        }).length,
        broken: /NaN|Infinity|undefined/.test(svg.outerHTML),
      };
    }),
  );

/** Words of drawings that stand on others or reach out of the drawing. */
const hiddenWords = () =>
  page.$$eval('svg.plot', (all) =>
    all.flatMap((svg) => {
      const frame = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')].map((text) => ({
        words: text.textContent ?? '',
        box: text.getBoundingClientRect(),
      }));
      const name = svg.getAttribute('aria-label');
      const cut = texts
        .filter(
          ({ box }) =>
            box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1,
        )
        .map(({ words }) => `${name}: “${words}” is cut`);
      const covered = texts.flatMap((a, i) =>
        texts.slice(i + 1).flatMap((b) => {
          const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
          return wide > 1 && high > 4 ? [`${name}: “${a.words}” and “${b.words}” overlap`] : [];
        }),
      );
      return [...cut, ...covered];
    }),
  );

describe.skipIf(!hasBrowser)('the plots', () => {
  beforeAll(async () => {
    // What is folded away has to be as good as what is in sight.
    await page.$$eval('details', (all) => all.map((one) => one.setAttribute('open', '')));
  });

  it('are there for each kind of evidence, have marks, a name and words', async () => {
    const found = await figures();
    for (const id of [
      'arrhenius-LPSC-03',
      'capacity-LRMO-02',
      'efficiency-LISEI-02',
      'cells-LI3D-anode-efficiency',
    ]) {
      expect(found.map((figure) => figure.id)).toContain(id);
    }
    for (const kind of ['nyquist', 'bode']) {
      expect(found.filter(({ id }) => id.startsWith(`${kind}-`)).length).toBeGreaterThan(10);
    }
    for (const { id, name, words, marks, broken } of found) {
      expect({
        id,
        hasMarks: marks > 0,
        isNamed: name.length > 10,
        isTold: words.length > 40,
        broken,
      }).toEqual({
        id,
        hasMarks: true,
        isNamed: true,
        isTold: true,
        broken: false,
      });
    }
  });

  it('have the same scale on both axes where the plane is complex', async () => {
    const ratios = await page.$$eval('figure[id^="nyquist-"] svg.plot', (all) =>
      all.map((svg) => {
        const spacing = (texts: Element[], along: 'x' | 'y') => {
          const [first, second] = texts.slice(0, 2).map((text) => ({
            at: Number(text.getAttribute(along)),
            value: Number((text.textContent ?? '').replace('−', '-').replace(/\s/g, '')),
          }));
          if (first === undefined || second === undefined) return Number.NaN;
          return Math.abs((second.at - first.at) / (second.value - first.value));
        };
        const ticks = [...svg.querySelectorAll('text.tick')];
        const isAcross = (text: Element) => text.getAttribute('text-anchor') === 'middle';
        return (
          spacing(ticks.filter(isAcross), 'x') /
          spacing(
            ticks.filter((one) => !isAcross(one)),
            'y',
          )
        );
      }),
    );
    for (const ratio of ratios) expect(ratio).toBeCloseTo(1, 1);
  });

  it('have no words that cover one another or are cut off', { timeout: 60_000 }, async () => {
    expect(await page.locator('svg.plot text').count()).toBeGreaterThan(500);
    expect(await hiddenWords()).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)('whoever does not use a mouse or a wide screen', () => {
  it('skips to the verdicts and opens what is folded with the keyboard alone', async () => {
    await page.reload();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the verdicts');
    expect(
      await page.evaluate(() => document.activeElement?.getBoundingClientRect().left),
    ).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#main');
    const summary = page.locator('details.sources > summary').first();
    await summary.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details.sources').first().getAttribute('open')).not.toBeNull();
  });

  it('finds a place behind every link', async () => {
    const dead = await page.$$eval('a[href^="#"]', (links) =>
      links
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => document.getElementById(decodeURIComponent(href.slice(1))) === null),
    );
    expect(dead).toEqual([]);
    const ids = await page.$$eval('[id]', (all) => all.map(({ id }) => id));
    expect(ids.length).toBe(new Set(ids).size);
  });

  it('reads it on a narrow screen without scrolling sideways', async () => {
    await page.setViewportSize(NARROW);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(NARROW.width);
    const sizes = await page.$$eval('svg.plot text, svg.strip text', (texts) =>
      texts.map((text) => {
        const scale = (text as SVGTextElement).getScreenCTM()?.a ?? 0;
        return scale * Number.parseFloat(getComputedStyle(text).fontSize);
      }),
    );
    expect(Math.min(...sizes.filter((size) => size > 0))).toBeGreaterThan(8.5);
    expect(await hiddenWords()).toEqual([]);
    await page.setViewportSize(WIDE);
  });

  it.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ] as const)('meets no barrier that axe-core knows, %s', { timeout: 60_000 }, async (_name, viewport) => {
    await page.setViewportSize(viewport);
    await page.$$eval('details', (all) => all.map((one) => one.setAttribute('open', '')));
    // Spectra are drawn alike: the first of them stand for the others.
    await page.$$eval('figure[id^="nyquist-"], figure[id^="bode-"]', (all) =>
      all.slice(4).map((one) => one.remove()),
    );
    await page.evaluate(axeSource);
    const options: RunOptions = {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    };
    const { violations } = await page.evaluate<AxeResults, RunOptions>(
      // biome-ignore lint/suspicious/noExplicitAny: axe puts itself there
      (given) => (window as any).axe.run(document, given),
      options,
    );
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    await page.setViewportSize(WIDE);
  });
});

describe.skipIf(!hasBrowser)('on paper', () => {
  it('prints what is folded away on the screen, and is no wider than A4', async () => {
    await page.reload();
    await page.emulateMedia({ media: 'print' });
    // A4 less the margins of the style sheet, at 96 pixels an inch.
    await page.setViewportSize({ width: 695, height: 1010 });
    const shown = await page.$eval('details.sources .source', (one) => one.getBoundingClientRect().height);
    expect(shown).toBeGreaterThan(20);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(695);
    const overview = await page.$eval(
      '.overview',
      (one) => one.getBoundingClientRect().bottom + window.scrollY,
    );
    expect(overview).toBeLessThan(1010);
    await page.emulateMedia({ media: null });
    await page.setViewportSize(WIDE);
  });
});
