import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ingest } from '../../src/ingest/ingest.js';
import { makeReport, type ReportOptions, renderMarkdown, renderPage } from '../../src/report/index.js';
import { verifyReport } from '../../src/report/verify.js';
import { openReadOnly, select } from '../../src/store/connection.js';
import { cellar, cellarProcess, temporaryFolder } from '../cli/run.js';
import { hasBrowser } from './browser.js';

/** What a report can be believed for, and what the command does when something is not there. */

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

/** A laboratory of materials that are only bought: their verdicts follow from `materials.csv`, and need no fit. */
class Lab {
  readonly folder: string;
  readonly database: string;

  constructor(name: string) {
    this.folder = join(folder, name);
    this.database = join(this.folder, 'cellar.duckdb');
    mkdirSync(this.folder, { recursive: true });
  }

  path = (file: string) => join(this.folder, file);

  /** Writes `materials.csv` anew and reads it in. */
  async buy(...materials: Bought[]): Promise<this> {
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const lines = materials.map(
      ({ id = 'FOIL', name = 'Foil', cost }) =>
        `${quoted(id)},${quoted(name)},current_collector,${cost},1.16,m2,EUR,2026,quote,0.02,0.02,supplier`,
    );
    return this.read([columns, ...lines]);
  }

  async read(materials: string[]): Promise<this> {
    writeFileSync(this.path('materials.csv'), `${materials.join('\n')}\n`);
    await ingest([this.folder], { database: this.database });
    return this;
  }

  private options = () => ({ database: this.database, command: 'cellar report' });

  private async model(options: Partial<ReportOptions>) {
    const asked = { targets: 'rd-fund', material: null, since: undefined, write: true, ...options };
    return (await makeReport({ ...this.options(), ...asked })).model;
  }

  async report(options: Partial<ReportOptions> = {}): Promise<string> {
    return renderPage(await this.model(options));
  }

  async markdown(): Promise<string> {
    return renderMarkdown(await this.model({}));
  }

  /** What differs between a page and the data as they are now. */
  async differences(page: string): Promise<string[]> {
    const path = this.path('verified.html');
    writeFileSync(path, page);
    return (await verifyReport(path, { ...this.options(), refit: false })).differences;
  }

  run(...args: string[]) {
    return cellar(args, { cwd: this.folder });
  }
}

/** Text of a page without its tags. */
const textOf = (page: string) =>
  page
    .replace(/<style>[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<[^>]*>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ');

describe('the same inputs', () => {
  const lab = new Lab('same');
  let page: string;
  beforeAll(async () => {
    await lab.buy({ cost: 1.37 });
    page = await lab.report();
  });

  it('give the same bytes again, also from a copy elsewhere, in another time zone and language', async () => {
    expect(await lab.report()).toBe(page);
    const moved = join(folder, 'moved', 'far away');
    cpSync(lab.folder, moved, { recursive: true });
    const env = { TZ: 'Asia/Kolkata', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };
    expect(cellarProcess(['report', '-o', 'moved.html'], { cwd: moved, env }).status).toBe(0);
    expect(readFileSync(join(moved, 'moved.html'), 'utf8')).toBe(page);
  });

  it('give the same bytes from databases made anew, where these have no past', async () => {
    const pages = [];
    for (const name of ['fresh', 'fresh again']) {
      const fresh = await new Lab(name).buy({ cost: 1.37 });
      pages.push(await fresh.report({ write: false }));
    }
    expect(pages[1]).toBe(pages[0]);
  });

  it('are verified: nothing differs for the page as it was made', async () => {
    expect(await lab.differences(page)).toEqual([]);
  });

  it('are verified: a page that somebody edited is told by its line', async () => {
    const edited = page.replace('>FAIL</span>', '>PASS</span>');
    expect(edited).not.toBe(page);
    const line = page.split('\n').findIndex((text) => text.includes('>FAIL</span>')) + 1;
    expect(await lab.differences(edited)).toEqual([
      `the page itself was changed: line ${line} is the first that differs`,
    ]);
  });

  it('are verified: what changed is named where newer data have overtaken the page', async () => {
    const newer = await new Lab('newer').buy({ cost: 1.37 });
    const before = await newer.report({ write: false });
    await newer.buy({ cost: 1.0 });
    expect(await newer.differences(before)).toEqual([
      'materials, cells or exclusions',
      'the verdicts or their evidence',
    ]);
  });

  it('are verified on the command line: 0, 1 with the reason, 2 for what is no report', () => {
    writeFileSync(lab.path('report.html'), page);
    expect(lab.run('report', '--verify', 'report.html')).toMatchObject({
      status: 0,
      stdout: 'report.html is what the data give: the same bytes\n',
    });
    writeFileSync(lab.path('edited.html'), page.replace('1.181', '0.981'));
    expect(lab.run('report', '--verify', 'edited.html')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('edited.html differs from what the data give now:\n- the page itself'),
    });
    writeFileSync(lab.path('other.html'), '<html></html>');
    expect(lab.run('report', '--verify', 'other.html')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('other.html carries no manifest of a Cellar report'),
    });
  });
});

describe('the trend', () => {
  const lab = new Lab('trend');
  const pages: string[] = [];
  beforeAll(async () => {
    for (const cost of [1.37, 1.15, 1.0]) {
      await lab.buy({ cost });
      pages.push(await lab.report());
    }
  });

  it('tells how a verdict moved over past runs, and what it was in the report before', () => {
    expect(textOf(pages[0] as string)).toContain('First report: nothing to compare with.');
    const last = textOf(pages[2] as string);
    expect(last).toMatch(/3 states so far: \S+ FAIL, 1\.181; \S+ INCONCLUSIVE, 0\.9914; \S+ PASS, 0\.8621\./);
    expect(last).toContain('was INCONCLUSIVE, was 0.9914');
  });

  it('shows each state with a shape of its own', () => {
    const figure = /<figure id="trend-[\s\S]*?<\/figure>/.exec(pages[2] as string)?.[0] ?? '';
    const drawing = figure.slice(figure.indexOf('svg class="plot"'));
    expect(drawing).toMatch(/<path class="data" d="M[^"]*Z">/);
    expect(drawing).toMatch(/<circle class="open"/);
    expect(drawing).toMatch(/<circle class="data"/);
  });

  it('is told since a run or a date that is asked for', async () => {
    const database = await openReadOnly(lab.database);
    const [first] = await select<{ run: number }>(
      database.connection,
      "SELECT min(run_id) AS run FROM runs WHERE command = 'report'",
    ).finally(() => database.close());
    const since = await lab.report({ since: String(first?.run) });
    expect(textOf(since)).toContain('was FAIL, was 1.181');
    expect(await lab.differences(since)).toEqual([]);
    const today = new Date().toISOString().slice(0, 10);
    expect(textOf(await lab.report({ since: today }))).toContain(`Since ${today}: unchanged.`);
  });

  it.each([
    ['yesterday', 'neither a date nor a run'],
    ['2001-01-01', 'no run is as old as 2001-01-01'],
    ['9999', 'there is no run 9999'],
  ])('refuses to be told since %s, with a way on', async (since, message) => {
    await expect(lab.report({ since })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });
});

describe('targets with a date', () => {
  const lab = new Lab('dates');
  const made = new Map<string, string>();
  beforeAll(async () => {
    await lab.buy({ cost: 1.37 });
    const targets = lab.path('targets.toml');
    writeFileSync(
      targets,
      `[[targets]]
id = "foil"
category = "current_collector"
metric = "cost_ratio"
comparison = "<="
threshold = 1
unit = "1"
due = 2027-06-30
milestones = [{ due = 2026-12-31, threshold = 1.3 }, { due = 2027-03-31, threshold = 1.1 }]
owner = "R. Meyer"
note = "without recycling"
`,
    );
    for (const today of ['2026-12-30', '2027-07-01']) {
      made.set(today, await lab.report({ targets, today, write: false }));
    }
  });
  const words = (day: string) => textOf(made.get(day) as string);

  it('say where each stands on the day of the page, with who answers for it', () => {
    expect(words('2026-12-30')).toContain('dates as of 2026-12-30');
    expect(words('2026-12-30')).toContain('Due 2026-12-31: met, ≤ 1.3');
    expect(words('2026-12-30')).toContain('Due 2027-03-31: no pace to project from, ≤ 1.1');
    expect(words('2027-07-01')).toContain('Due 2027-06-30: missed, ≤ 1');
    expect(words('2027-07-01')).toContain('due 2027-03-31: missed');
    expect(words('2027-07-01')).toContain('Owner: R. Meyer. Without recycling');
    expect(words('2027-07-01')).toContain('missed by 0.181 (18.1 % of the limit)');
  });

  it('are verified as of the day that the page was made on', async () => {
    for (const page of made.values()) expect(await lab.differences(page)).toEqual([]);
  });
});

describe('names from a laboratory', () => {
  const id = 'A&B <foil>';
  const name = '<img src=x onerror=alert(1)> | "Cu" </script><script>alert(2)</script>';
  const lab = new Lab('names');
  beforeAll(async () => {
    await lab.buy({ id, name, cost: 1.37 }, { id: 'PLAIN', cost: 1.0 });
  });

  it('are text on the page, whatever they look like', async () => {
    const page = await lab.report();
    expect(page).toContain('A&amp;B &lt;foil&gt;');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toMatch(/<img|<script(?! type="application\/json" id="cellar-manifest")/);
  });

  it('do not break the table of a message', async () => {
    const text = await lab.markdown();
    expect(text).toContain('1 of 4 targets met, 1 missed and 2 open.');
    expect(text).toContain(
      '| **FAIL** | A&B \\<foil> | cost over that of the reference ≤ 1 | 1.181 (95 % interval',
    );
    const rows = text.split('\n').filter((line) => line.startsWith('| **'));
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(7);
  });

  it('choose one material, and an unknown one is answered with those that are', async () => {
    const page = await lab.report({ material: 'PLAIN' });
    expect(page).toContain('verdict-PLAIN-collector-cost-parity');
    expect(page).not.toContain('foil');
    expect(await lab.differences(page)).toEqual([]);
    await expect(lab.report({ material: 'LPSC' })).rejects.toMatchObject({
      exitCode: 2,
      hint: `materials are: ${id}, PLAIN`,
    });
  });
});

describe('a laboratory with little', () => {
  it('gets a page that says what to measure, where no cell was measured', async () => {
    const categories = ['sulfide_electrolyte', 'oxide_electrolyte', 'li_rich_cathode', 'li_metal_anode'];
    const rows = categories.map((category, i) => `M${i},,${category}`);
    const lab = await new Lab('unmeasured').read(['material_id,name,category', ...rows]);
    const page = await lab.report();
    const text = textOf(page);
    expect(text).toContain('0 of 7 targets met, 0 missed and 7 open.');
    expect(page.match(/<td[^>]*><span class="badge insufficient-data"/g)).toHaveLength(7);
    expect(text).toContain('Three cells (pellet), listed in cells.csv and measured');
    expect(text).toContain('cost_basis');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('gets exit code 3 and a page that says so, where there is no material at all', async () => {
    const lab = await new Lab('nothing').read(['material_id,name,category']);
    expect(lab.run('report').status).toBe(3);
    expect(textOf(readFileSync(lab.path('report.html'), 'utf8'))).toContain(
      'There is nothing to judge: the database holds no material.',
    );
  });

  it('is told to ingest first where there is no database', () => {
    expect(new Lab('nowhere').run('report')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('cellar ingest'),
    });
  });
});

describe('what it writes', () => {
  const lab = new Lab('written');
  beforeAll(async () => {
    await lab.buy({ cost: 1.37 });
  });

  it('goes to stdout as a message, and nowhere else', () => {
    const { status, stdout, stderr } = lab.run('report', '--markdown');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^# Materials against their targets\n/);
    expect(existsSync(lab.path('report.html'))).toBe(false);
  });

  it('is whole or not there: a folder that does not exist is named', () => {
    const { status, stderr } = lab.run('report', '-o', join('no', 'such', 'page.html'));
    expect(status).toBe(74);
    expect(stderr).toContain('page.html cannot be written');
  });

  it.skipIf(!hasBrowser)('is a PDF from the browser that is there', { timeout: 60_000 }, () => {
    expect(lab.run('report', '--pdf', '-o', 'page.pdf')).toMatchObject({
      status: 0,
      stderr: 'wrote page.pdf\n',
    });
    expect(readFileSync(lab.path('page.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('is no PDF where no browser is, and what to do is said', () => {
    const env = { CELLAR_BROWSER: join(folder, 'absent') };
    const { status, stderr } = cellar(['report', '--pdf', '-o', 'other.pdf'], { cwd: lab.folder, env });
    expect(status).toBe(2);
    expect(stderr).toContain('no Chromium or Chrome was found to print with');
    expect(stderr).toContain('CELLAR_BROWSER');
    expect(existsSync(lab.path('other.pdf'))).toBe(false);
  });
});
