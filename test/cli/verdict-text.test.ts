import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainLimit, valueWithInterval } from '../../src/cli/support/numbers.js';
import { createStyle } from '../../src/cli/support/style.js';
import { textWidth } from '../../src/cli/support/text-width.js';
import { writeVerdictsCsv, writeVerdictsWorkbook } from '../../src/cli/support/verdict-table.js';
import { verdictMarkdown, verdictText } from '../../src/cli/support/verdict-text.js';
import { named } from '../../src/messages/message.js';
import { targetMessages as say } from '../../src/messages/targets.js';
import type { JudgedTarget } from '../../src/targets/evaluate.js';
import { inWords } from '../message.js';
import { readSheets } from '../query/sheets.js';
import { temporaryFolder } from './run.js';

const lacks = inWords('three more samples, if scatter stays; '.repeat(4));

const judged = (verdict: JudgedTarget['verdict'], more: Partial<JudgedTarget> = {}): JudgedTarget => ({
  target: {
    id: 'sulfide-conductivity',
    category: 'sulfide_electrolyte',
    metric: 'conductivity_25c',
    comparison: '>',
    threshold: 0.01,
    unit: 'S/cm',
    conditions: {},
    source: null,
    material: null,
    set: null,
    due: null,
    milestones: [],
    owner: null,
    note: null,
  },
  said: { reason: [], missing: verdict === 'PASS' || verdict === 'FAIL' ? null : lacks },
  target_table: 'rd-fund',
  material_id: 'LPSC-with-a-rather-long-name',
  value: 0.012776094498077165,
  ci95_low: 0.0122547,
  ci95_high: 0.0133196,
  bound95_low: 0.01238,
  bound95_high: 0.01318,
  sample_size: 4,
  verdict,
  reason:
    'a reason that is quite long, as reasons with conditions, cells and batches are in earnest; '.repeat(3),
  missing: verdict === 'PASS' || verdict === 'FAIL' ? null : lacks.message,
  margin: 2,
  scope: 'batch not stated',
  codes: [],
  assumed: [],
  budget: [],
  alternatives: [],
  milestones: [],
  warnings: [
    { code: 'NO_PRESSURE', message: 'stack pressure is not stated: contact changes σ by tens of percent' },
  ],
  evidence: {} as JudgedTarget['evidence'],
  ...more,
});

const now = { today: '2026-06-01', past: () => [] };
const all = (['PASS', 'FAIL', 'INCONCLUSIVE', 'INSUFFICIENT DATA'] as const).map((word) => judged(word));
const counts = { PASS: 1, FAIL: 1, INCONCLUSIVE: 1, 'INSUFFICIENT DATA': 1, narrow: 0 };

describe('verdicts on a terminal', () => {
  it.each([80, 100, 169, 170, 200])('fit into %i columns with all that belongs to them', (width) => {
    const text = verdictText(all, counts, width, createStyle(false), { ...now, withWarnings: true });
    for (const line of text.split('\n')) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    for (const { verdict } of all) expect(text).toContain(verdict);
    expect(text).toContain('0.01278 [0.01225, 0.01332] S/cm');
    expect(text).toContain('What is missing');
    expect(text).toContain('NO_PRESSURE');
  });

  it('tell themselves apart by signs where there are no colours', () => {
    const signs = all.map((one) =>
      verdictText([one], counts, 80, createStyle(false), { ...now, withWarnings: false }).slice(0, 1),
    );
    expect(new Set(signs).size).toBe(4);
  });

  it('colour words on a terminal that has colours', () => {
    expect(
      verdictText([judged('FAIL')], counts, 80, createStyle(true), { ...now, withWarnings: false }),
    ).toContain('\u001b[31m✗ FAIL');
  });
});

describe('due dates', () => {
  const dated = (verdict: JudgedTarget['verdict'], due: string) => {
    const one = judged(verdict);
    return { ...one, target: { ...one.target, due, owner: 'R. Meyer' } };
  };
  const text = (one: JudgedTarget, more: object = {}) =>
    verdictText([one], counts, 200, createStyle(false), { ...now, ...more, withWarnings: false });

  it('stand below the verdicts with who answers for them', () => {
    expect(text(dated('PASS', '2026-05-01'))).toContain('due 2026-05-01: met; R. Meyer');
    expect(text(dated('FAIL', '2026-05-31'))).toContain('due 2026-05-31: missed');
    expect(text(dated('FAIL', '2026-06-01'))).toContain('due 2026-06-01: no pace');
    expect(text(judged('FAIL'))).not.toContain('Due dates');
  });

  it('no date that has passed is projected', () => {
    const when = say('READY_ABOUT', { long: say('LONG/days', { n: 3 }), pace: 12, readyOn: '2026-05-20' });
    const missing = say('MORE', { more: 30, what: named('cycles'), when });
    const stands = text({ ...judged('INCONCLUSIVE'), said: { reason: [], missing } });
    expect(stands).not.toContain('2026-05-20');
    expect(stands.replace(/\s+/g, ' ')).toContain('the test stands still, or newer records are not read');
  });
});

describe('verdicts in a spreadsheet', () => {
  const dated = {
    ...judged('FAIL', {
      value: 0.008,
      missing: null,
      said: { reason: [], missing: null },
      milestones: [{ due: '2026-05-31', threshold: 0.009, verdict: 'FAIL' }],
    }),
  };
  dated.target = { ...dated.target, due: '2026-12-31', owner: '=R. Meyer' };
  const folder = temporaryFolder();

  it('have their dates on a sheet, as dates, and the way to the limit as a number', async () => {
    const path = join(folder, 'v.xlsx');
    await writeVerdictsWorkbook(path, [dated], now);
    const sheets = new Map(await readSheets(readFileSync(path)));
    const [header = [], ...rows] = sheets.get('dates') ?? [];
    expect(header.map((cell) => cell?.text).slice(2, 7)).toEqual([
      'due',
      'comparison',
      'limit',
      'unit',
      'state',
    ]);
    expect(rows.map((row) => row.slice(2, 7).map((cell) => cell?.text))).toEqual([
      ['46173', '>', '0.009', 'S/cm', 'missed'],
      ['46387', '>', '0.01', 'S/cm', 'open'],
    ]);
    expect(rows[0]?.[2]?.isDate).toBe(true);
    const [names = [], line = []] = sheets.get('verdicts') ?? [];
    expect(line[names.findIndex((cell) => cell?.text === 'missed_by')]?.text).toBe('0.002');
  });

  it('begin no formula in CSV', async () => {
    const path = join(folder, 'v.csv');
    await writeVerdictsCsv(path, [dated], now);
    expect(readFileSync(path, 'utf8')).toContain(",2026-12-31,open,,'=R. Meyer,");
  });
});

describe('numbers', () => {
  it('carry their interval and unit, and as many digits as the interval needs', () => {
    expect(valueWithInterval(99.6192, 99.5267, 99.7116, 'percent')).toBe('99.6192 [99.5267, 99.7116] %');
    expect(valueWithInterval(38.769, 32.64, 46.04, 'ohm cm2')).toBe('38.77 [32.64, 46.04] Ω·cm²');
    expect(valueWithInterval(50, 50, 50, 'percent')).toBe('50 %');
    expect(valueWithInterval(null, null, null, 'S/cm')).toBe('no value');
    expect(plainLimit('<', 0.05, 'percent_per_cycle')).toBe('< 0.05 %/cycle');
  });
});

it('Markdown shows what a material is called as text, in every list', () => {
  const [first] = all.filter(({ said }) => said.missing !== null);
  const named = { ...first!, material_id: '<img src=x onerror=alert(1)> [a](javascript:b)' };
  const text = verdictMarkdown([named], counts, now);
  expect(text).toContain('What is missing');
  expect(text).not.toMatch(/(?<!\\)<img|(?<!\\)\[a/);
});
