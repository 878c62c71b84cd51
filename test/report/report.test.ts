import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../src/report/pdf.js';
import { cellar, temporaryFolder } from '../cli/run.js';
import { hasBrowser } from './browser.js';

/** The command around the page: what it can be believed for, and what it does when something is not there. */

const folder = temporaryFolder();

const columns = [
  'material_id,name,category,cost,reference_cost,cost_basis,cost_currency,price_year,cost_scale',
  'cost_relative_uncertainty,reference_cost_relative_uncertainty,source',
].join(',');

interface Bought {
  id?: string;
  name?: string;
  cost: number;
}

/** A material that is only bought costs no fit: its verdict follows from `materials.csv`. */
function buy(lab: string, ...materials: Bought[]): void {
  mkdirSync(lab, { recursive: true });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = materials.map(
    ({ id = 'FOIL', name = 'Foil', cost }) =>
      `${quoted(id)},${quoted(name)},current_collector,${cost},1.16,m2,EUR,2026,quote,0.02,0.02,supplier`,
  );
  writeFileSync(join(lab, 'materials.csv'), `${[columns, ...lines].join('\n')}\n`);
}

interface Lab {
  folder: string;
  run(...args: string[]): ReturnType<typeof cellar>;
  page(name?: string): string;
}

function labIn(name: string, env: Record<string, string> = {}): Lab {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  return {
    folder: own,
    run: (...args) => cellar(args, { cwd: own, env }),
    page: (file = 'report.html') => readFileSync(join(own, file), 'utf8'),
  };
}

/** A laboratory with one material, ingested. */
function labWith(name: string, ...materials: Bought[]): Lab {
  const lab = labIn(name);
  buy(lab.folder, ...materials);
  expect(lab.run('ingest', '.', '--quiet').status).toBe(0);
  return lab;
}

/** Text of a page without its tags. */
const textOf = (page: string) =>
  page
    .replace(/<style>[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<[^>]*>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ');

describe('the same inputs', () => {
  let lab: Lab;
  beforeAll(() => {
    lab = labWith('same', { cost: 1.37 });
    expect(lab.run('report').status).toBe(0);
  });

  it('give the same bytes again, also from a copy elsewhere and in another time zone', () => {
    const first = lab.page();
    expect(lab.run('report', '-o', 'again.html').status).toBe(0);
    expect(lab.page('again.html')).toBe(first);
    const moved = labIn('moved/far away', { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' });
    cpSync(lab.folder, moved.folder, { recursive: true });
    expect(moved.run('report', '-o', 'moved.html').status).toBe(0);
    expect(moved.page('moved.html')).toBe(first);
  });

  it('give the same bytes from a database made anew, where none of the two has a past', () => {
    const [west, east] = (['America/New_York', 'Asia/Kolkata'] as const).map((TZ, i) => {
      const fresh = labIn(`fresh-${i}`, { TZ });
      buy(fresh.folder, { cost: 1.37 });
      expect(fresh.run('ingest', '.', '--quiet').status).toBe(0);
      expect(fresh.run('report', '--no-write').status).toBe(0);
      return fresh.page();
    });
    expect(east).toBe(west);
  });

  it('are verified: 0 for the page as it was made', () => {
    const { status, stdout } = lab.run('report', '--verify', 'report.html');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'report.html is what the data give: the same bytes\n',
    });
  });

  it('are verified: 1 and the line for a page that somebody edited', () => {
    const page = lab.page();
    const edited = page.replace('>FAIL</span>', '>PASS</span>');
    expect(edited).not.toBe(page);
    writeFileSync(join(lab.folder, 'edited.html'), edited);
    const line = page.split('\n').findIndex((text) => text.includes('>FAIL</span>')) + 1;
    const { status, stdout } = lab.run('report', '--verify', 'edited.html');
    expect(status).toBe(1);
    expect(stdout).toContain(`the page itself was changed: line ${line} is the first that differs`);
  });

  it('are verified: 1 and what changed for a page that newer data have overtaken', () => {
    buy(lab.folder, { cost: 1.0 });
    expect(lab.run('ingest', '.', '--quiet').status).toBe(0);
    const { status, stdout } = lab.run('report', '--verify', 'report.html');
    expect(status).toBe(1);
    expect(stdout).toContain('- materials, cells or exclusions\n');
    expect(stdout).toContain('- the verdicts or their evidence\n');
    expect(stdout).not.toContain('the ingested files');
  });

  it('are verified: 2 for what is no report', () => {
    writeFileSync(join(lab.folder, 'other.html'), '<html></html>');
    expect(lab.run('report', '--verify', 'other.html')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('other.html carries no manifest of a Cellar report'),
    });
    expect(lab.run('report', '--verify', 'absent.html').status).toBe(2);
  });
});

describe('the trend', () => {
  let lab: Lab;
  const costs = [1.37, 1.15, 1.0];
  beforeAll(() => {
    lab = labIn('trend');
    for (const [i, cost] of costs.entries()) {
      buy(lab.folder, { cost });
      expect(lab.run('ingest', '.', '--quiet').status).toBe(0);
      expect(lab.run('report', '-o', `${i}.html`).status).toBe(0);
    }
  });

  it('tells how a verdict moved over past runs, and what it was in the report before', () => {
    expect(textOf(lab.page('0.html'))).toContain('First report: nothing to compare with.');
    const last = textOf(lab.page('2.html'));
    expect(last).toMatch(/3 states so far: \S+ FAIL, 1\.181; \S+ INCONCLUSIVE, 0\.9914; \S+ PASS, 0\.8621\./);
    expect(last).toContain('was INCONCLUSIVE, was 0.9914');
  });

  it('shows each state with a shape of its own', () => {
    const figure = /<figure id="trend-[\s\S]*?<\/figure>/.exec(lab.page('2.html'))?.[0] ?? '';
    const drawing = figure.slice(figure.indexOf('svg class="plot"'));
    expect(drawing).toMatch(/<path class="data" d="M[^"]*Z">/);
    expect(drawing).toMatch(/<circle class="open"/);
    expect(drawing).toMatch(/<circle class="data"/);
  });

  it('is told since a run or a date that is asked for', () => {
    const { stdout } = lab.run(
      'query',
      "SELECT min(run_id) AS run FROM runs WHERE command = 'report'",
      '--format',
      'json',
    );
    const [{ run }] = JSON.parse(stdout);
    expect(lab.run('report', '--since', String(run), '-o', 'since.html').status).toBe(0);
    expect(textOf(lab.page('since.html'))).toContain('was FAIL, was 1.181');
    expect(lab.run('report', '--verify', 'since.html').status).toBe(0);
    const today = new Date().toISOString().slice(0, 10);
    expect(lab.run('report', '--since', today, '-o', 'today.html').status).toBe(0);
    expect(textOf(lab.page('today.html'))).toContain(`Since ${today}: unchanged.`);
  });

  it.each([
    ['yesterday', 'neither a date nor a run'],
    ['2001-01-01', 'no run is as old as 2001-01-01'],
    ['9999', 'there is no run 9999'],
  ])('refuses --since %s with a way on', (since, message) => {
    expect(lab.run('report', '--since', since)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(message),
    });
  });
});

describe('names from a laboratory', () => {
  const id = 'A&B <foil>';
  const name = '<img src=x onerror=alert(1)> | "Cu" </script><script>alert(2)</script>';
  let lab: Lab;
  beforeAll(() => {
    lab = labWith('names', { id, name, cost: 1.37 }, { id: 'PLAIN', cost: 1.0 });
    expect(lab.run('report').status).toBe(0);
  });

  it('are text on the page, whatever they look like', () => {
    const page = lab.page();
    expect(page).toContain('A&amp;B &lt;foil&gt;');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toMatch(/<img|<script(?! type="application\/json" id="cellar-manifest")/);
  });

  it('do not break the table of a message', () => {
    const { status, stdout } = lab.run('report', '--markdown');
    expect(status).toBe(0);
    expect(stdout).toContain('1 of 4 targets met, 1 missed and 2 open.');
    expect(stdout).toContain(
      '| **FAIL** | A&B \\<foil> | cost over that of the reference ≤ 1 | 1.181 (95 % interval',
    );
    const rows = stdout.split('\n').filter((line) => line.startsWith('| **'));
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(7);
    expect(existsSync(join(lab.folder, 'report.md'))).toBe(false);
    expect(lab.run('report', '--markdown', '-o', 'message.md').status).toBe(0);
    expect(lab.page('message.md')).toBe(stdout);
  });

  it('choose one material, and an unknown one is answered with those that are', () => {
    expect(lab.run('report', '--material', 'PLAIN', '-o', 'one.html').status).toBe(0);
    const page = lab.page('one.html');
    expect(page).toContain('verdict-PLAIN-collector-cost-parity');
    expect(page).not.toContain('foil');
    expect(lab.run('report', '--verify', 'one.html').status).toBe(0);
    expect(lab.run('report', '--material', 'LPSC')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`materials are: ${id}, PLAIN`),
    });
  });
});

describe('a laboratory with little', () => {
  it('gets a page that says what to measure, where no cell was measured', () => {
    const lab = labIn('empty');
    const categories = ['sulfide_electrolyte', 'oxide_electrolyte', 'li_rich_cathode', 'li_metal_anode'];
    const rows = categories.map((category, i) => `M${i},,${category}`);
    writeFileSync(join(lab.folder, 'materials.csv'), `material_id,name,category\n${rows.join('\n')}\n`);
    expect(lab.run('ingest', '.', '--quiet').status).toBe(0);
    expect(lab.run('report').status).toBe(0);
    const page = lab.page();
    const text = textOf(page);
    expect(text).toContain('0 of 7 targets met, 0 missed and 7 open.');
    expect(page.match(/class="badge insufficient-data"/g)?.length).toBeGreaterThanOrEqual(14);
    expect(text).toContain('Three cells (pellet), listed in cells.csv and measured');
    expect(text).toContain('cost_basis');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('gets exit code 3 and a page that says so, where there is no material at all', () => {
    const lab = labIn('nothing');
    writeFileSync(join(lab.folder, 'materials.csv'), 'material_id,name,category\n');
    lab.run('ingest', '.', '--quiet');
    const { status } = lab.run('report');
    expect(status).toBe(3);
    expect(textOf(lab.page())).toContain('There is nothing to judge: the database holds no material.');
  });

  it('is told to ingest first where there is no database', () => {
    expect(labIn('nowhere').run('report')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('cellar ingest'),
    });
  });

  it('is told where a page cannot be written', () => {
    const lab = labWith('unwritable', { cost: 1 });
    const { status, stderr } = lab.run('report', '-o', join('no', 'such', 'folder.html'));
    expect(status).toBe(74);
    expect(stderr).toContain('folder.html cannot be written');
  });
});

describe('a PDF', () => {
  it.skipIf(!hasBrowser)('is printed by the browser that is there', { timeout: 60_000 }, () => {
    const lab = labWith('pdf', { cost: 1.37 });
    const { status, stderr } = lab.run('report', '--pdf', '-o', 'report.pdf');
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'wrote report.pdf\n' });
    expect(readFileSync(join(lab.folder, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    expect(findBrowser({ CELLAR_BROWSER: join(folder, 'absent') })).toBeNull();
  });

  it('says what to do where no browser is', () => {
    const own = join(folder, 'no-browser');
    mkdirSync(own);
    buy(own, { cost: 1.37 });
    const env = { CELLAR_BROWSER: join(own, 'absent') };
    expect(cellar(['ingest', '.', '--quiet'], { cwd: own }).status).toBe(0);
    const { status, stderr } = cellar(['report', '--pdf'], { cwd: own, env });
    expect(status).toBe(2);
    expect(stderr).toContain('no Chromium or Chrome was found to print with');
    expect(stderr).toContain('CELLAR_BROWSER');
    expect(existsSync(join(own, 'report.pdf'))).toBe(false);
  });
});
