import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it as itAlone } from 'vitest';
import type { FileOutcome } from '../../src/ingest/file-context.js';
import { hasRealData, realData, sayIfAbsent } from '../shared-data.js';
import { type SharedLaboratory, type SharedSummary, testsOfOneDatabase } from '../shared-laboratory.js';
import { Laboratory, unreconciledSql } from './laboratory.js';

sayIfAbsent(hasRealData, 'real-data');

interface Expectation {
  action: string;
  rows?: number;
  rows_ok?: number;
  new_rows?: number;
  rows_after?: number;
  equals?: string;
  error_names?: string[];
  quarantined?: { line?: number; lines?: string; column?: string; value?: string; reason?: string }[];
  facts?: Record<string, number>;
  facts_after?: Record<string, number>;
  facts_if_quarantined?: Record<string, number>;
  duplicate_of?: string;
  group?: string;
  order?: number;
}
interface Case {
  file: string;
  expect: Expectation;
}

const bad = join(realData, 'bad');
const cases: Case[] = hasRealData ? JSON.parse(readFileSync(join(bad, 'expected.json'), 'utf8')).cases : [];

/** Words that a message must have for what the reference list calls it. */
const named: Record<string, RegExp> = {
  empty: /empty/,
  'missing voltage column': /missing voltage column/,
  'columns that were found': /columns found: .*\w+, \w+/,
  'binary / not a known format': /binary|no known format/,
  'spreadsheet / zip, not text': /spreadsheet|zip/,
  'Git LFS pointer, the data are not here': /Git LFS pointer.*not here/,
  'line 101': /line 101/,
};

/** Total charge by the trapezoid over all consecutive rows, as the reference facts define it. */
const factsSql = (where = 'true') => `
  WITH pairs AS (
    SELECT *, lag(test_time_second) OVER w AS t0, lag(current_ampere) OVER w AS i0
    FROM measurements WHERE ${where} WINDOW w AS (PARTITION BY test_id ORDER BY record_index))
  SELECT count(*) AS rows,
    arg_min(voltage_volt, record_index) AS "voltage_first_V", arg_max(voltage_volt, record_index) AS "voltage_last_V",
    min(voltage_volt) AS "voltage_min_V", max(voltage_volt) AS "voltage_max_V",
    min(current_ampere) AS "current_min_A", max(current_ampere) AS "current_max_A",
    arg_max(test_time_second, record_index) - arg_min(test_time_second, record_index) AS duration_s,
    sum(CASE WHEN test_time_second > t0 THEN (greatest(current_ampere, 0) + greatest(i0, 0)) / 2 * (test_time_second - t0) ELSE 0 END) / 3600 AS "charge_capacity_Ah_total",
    sum(CASE WHEN test_time_second > t0 THEN (greatest(-current_ampere, 0) + greatest(-i0, 0)) / 2 * (test_time_second - t0) ELSE 0 END) / 3600 AS "discharge_capacity_Ah_total"
  FROM pairs`;

/** The same bytes in two files are one test, so files with the same content are read into databases of their own. */
const [it, ...others] = [testsOfOneDatabase(), testsOfOneDatabase(), testsOfOneDatabase()];

/** A folder whose files are of a cell of its own, so that no other's records are taken for theirs. */
function withOwnCell(lab: SharedLaboratory): SharedLaboratory {
  lab.write('cells.csv', `cell_id,file_pattern\ncell-${lab.number},*\n`);
  return lab;
}

async function expectFacts(lab: SharedLaboratory, facts: Record<string, number>): Promise<void> {
  const [found] = await lab.rows<Record<string, number>>(factsSql());
  for (const [name, value] of Object.entries(facts)) {
    const tolerance = name.includes('capacity')
      ? 1e-3 * Math.abs(value) + 1e-9
      : 1e-6 * Math.abs(value) + 1e-12;
    expect(
      Math.abs(found![name]! - value),
      `${name}: ${found![name]} instead of ${value}`,
    ).toBeLessThanOrEqual(tolerance);
  }
}

const only = (summary: SharedSummary): FileOutcome => {
  expect(summary.outcomes).toHaveLength(1);
  return summary.outcomes[0]!;
};

const storedRows = async (lab: SharedLaboratory) =>
  (
    await lab.rows<{ n: number }>(
      'SELECT (SELECT count(*) FROM measurements) + (SELECT count(*) FROM impedance) AS n',
    )
  )[0]!.n;

function expectQuarantine(outcome: FileOutcome, wanted: NonNullable<Expectation['quarantined']>): void {
  expect(outcome.rejects).toHaveLength(wanted.length);
  for (const [index, given] of wanted.entries()) {
    const reject = outcome.rejects[index]!;
    // "lines 61-65 merge into one damaged physical line 61"
    const line = given.line ?? Number(/line (\d+)/.exec(given.lines ?? '')?.[1]);
    expect(reject.line_number).toBe(line);
    if (given.column !== undefined) expect(reject.column_name).toBe(given.column);
    if (given.value !== undefined) expect(reject.raw_value).toBe(given.value);
    expect(reject.raw_line).not.toBe('');
    expect(reject.reason).not.toBe('');
    if (given.reason !== undefined && !/^only \d+ of/.test(given.reason))
      expect(reject.reason).toBe(given.reason);
  }
}

function expectMessage(outcome: FileOutcome, wanted: readonly string[]): void {
  for (const name of wanted) {
    const said = [outcome.row.message, ...outcome.findings.map(({ message }) => message)].join('\n');
    if (name === 'file') expect(basename(outcome.row.path)).toBeTruthy();
    else expect(said).toMatch(named[name] ?? new RegExp(name));
  }
}

const sameTables = ['measurements', 'impedance'] as const;
const sameSql = (table: (typeof sameTables)[number], where = 'true') =>
  `SELECT * EXCLUDE (line_number, ${table === 'impedance' ? 'spectrum_id' : 'test_id'})
   FROM ${table} WHERE ${where} ORDER BY ALL`;

/** What is stored of the files that others have to equal, by path and table. */
const originals = new Map<string, object[]>();

beforeAll(async () => {
  const lab = new Laboratory();
  try {
    const paths = [...new Set(cases.flatMap(({ expect: { equals } }) => equals ?? []))];
    if (paths.length === 0) return;
    await lab.ingest(paths.map((path) => join(realData, path)));
    for (const path of paths) {
      const file = `(SELECT file_id FROM files WHERE ends_with(replace(path, '\\', '/'), '/${path}'))`;
      const of = {
        measurements: `test_id IN (SELECT test_id FROM tests WHERE file_id IN ${file})`,
        impedance: `spectrum_id IN (SELECT spectrum_id FROM spectra WHERE file_id IN ${file})`,
      };
      for (const table of sameTables)
        originals.set(`${path}/${table}`, await lab.rows(sameSql(table, of[table])));
    }
  } finally {
    lab.remove();
  }
});

async function expectEqualTo(lab: SharedLaboratory, path: string): Promise<void> {
  for (const table of sameTables)
    expect(await lab.rows(sameSql(table))).toEqual(originals.get(`${path}/${table}`));
}

async function expectAsListed(lab: SharedLaboratory, { file, expect: wanted }: Case): Promise<void> {
  const summary = await lab.ingest(withOwnCell(lab).write(file, contentOf(file)));
  const outcome = only(summary);
  const stored = await storedRows(lab);
  switch (wanted.action) {
    case 'accept':
    case 'accept_or_reject_clearly':
      expect(outcome.row.status).toBe('ingested');
      expect(outcome.rejects).toEqual([]);
      expect(summary.hasTrouble).toBe(false);
      if (wanted.rows !== undefined) expect(stored).toBe(wanted.rows);
      break;
    case 'reject':
      expect(outcome.row.status).toBe('rejected');
      expect(stored).toBe(0);
      expect(summary.hasTrouble).toBe(true);
      expectMessage(outcome, wanted.error_names ?? []);
      break;
    case 'reject_or_empty':
      expect(outcome.row.status).toBe('empty');
      expect(outcome.row.message).toMatch(/no data rows/);
      expect(stored).toBe(0);
      expect(summary.hasTrouble).toBe(false);
      break;
    case 'accept_with_quarantine':
    case 'accept_with_quarantine_or_reject': {
      expect(outcome.row.status).toBe('ingested');
      expect(stored).toBe(wanted.rows_ok);
      expectQuarantine(outcome, wanted.quarantined ?? []);
      const isGrowing = outcome.rejects.every(({ reason }) => reason === 'incomplete last line');
      expect(summary.hasTrouble).toBe(!isGrowing);
      break;
    }
    default:
      throw new Error(`no check for ${wanted.action}`);
  }
  const facts = wanted.facts ?? wanted.facts_if_quarantined;
  if (facts !== undefined && stored > 0) await expectFacts(lab, facts);
  if (wanted.equals !== undefined) await expectEqualTo(lab, wanted.equals);
}

const contentOf = (file: string) => readFileSync(join(bad, file));

/** The same file as of a test in the year 2030 + `number`: no other test has its bytes. */
const ownContent = ({ number }: SharedLaboratory, file: string) =>
  Buffer.from(
    contentOf(file)
      .toString('latin1')
      .replace(/\b20\d\d(?=-\d\d-\d\d )|(?<=\d\d\/\d\d\/)20\d\d\b/g, String(2030 + number)),
    'latin1',
  );

describe.skipIf(!hasRealData).concurrent('a damaged or awkward file, alone', () => {
  const times = new Map<string, number>();
  for (const each of cases) {
    if (['append', 'conflict', 'skip_duplicate'].includes(each.expect.action)) continue;
    const content = contentOf(each.file);
    const isZipped = content[0] === 0x1f && content[1] === 0x8b;
    const text = (isZipped ? gunzipSync(content) : content).toString('latin1');
    const before = times.get(text) ?? 0;
    times.set(text, before + 1);
    const inDatabase = [it, ...others][before]!;
    inDatabase(each.file, ({ lab }) => expectAsListed(lab, each));
  }
});

describe.skipIf(!hasRealData).concurrent('the same bytes under another name', () => {
  const twice = cases.filter(({ expect: { action } }) => action === 'skip_duplicate');
  it.for(twice.map((each) => [each.file, each] as const))(
    '%s',
    async ([file, { expect: wanted }], { lab }) => {
      const original = basename(wanted.duplicate_of!);
      await lab.ingest(lab.write(original, ownContent(lab, original)));
      const before = await storedRows(lab);
      const summary = await lab.ingest(lab.write(file, ownContent(lab, file)));
      expect(only(summary).row).toMatchObject({ status: 'duplicate', rows_loaded: 0 });
      expect(only(summary).row.message).toContain(original);
      expect(summary.hasTrouble).toBe(false);
      expect(await storedRows(lab)).toBe(before);
    },
  );
});

const groups = [...new Set(cases.flatMap(({ expect: { group } }) => group ?? []))];

describe.skipIf(!hasRealData).concurrent.each(groups)('the nights of %s', (group) => {
  const first = cases.find(({ expect: { group: of, order } }) => of === group && order === 1)!;
  const second = cases.filter(({ expect: { group: of, order } }) => of === group && order === 2);
  const copyTo = (lab: SharedLaboratory, name: string, file: string): string =>
    lab.write(name, ownContent(lab, file));

  it.for(second.flatMap((each) => [true, false].map((samePath) => [each.file, samePath, each] as const)))(
    '%s afterwards, under the same path: %s',
    async ([file, samePath, { expect: wanted }], { lab }) => {
      await lab.ingest(copyTo(lab, samePath ? 'test.txt' : first.file, first.file));
      if (first.expect.facts !== undefined) await expectFacts(lab, first.expect.facts);
      const before = await storedRows(lab);
      const summary = await lab.ingest(copyTo(lab, samePath ? 'test.txt' : file, file));
      const outcome = only(summary);
      const whole = readFileSync(join(bad, file), 'utf8').trim().split('\n').length;
      if (wanted.action === 'append') {
        expect(outcome.row.status).toBe('appended');
        expect(await storedRows(lab)).toBe(wanted.rows_after);
        expect(wanted.rows_after! - before).toBe(wanted.new_rows);
        await expectFacts(lab, wanted.facts_after!);
        expect(summary.hasTrouble).toBe(false);
        const parts = await lab.rows(
          'SELECT file_id, test_id, first_record_index, first_line FROM test_files ORDER BY 1',
        );
        expect(parts).toHaveLength(2);
        expect(parts[1]).toMatchObject({ first_record_index: before + 1 });
      } else if (samePath) {
        expect(outcome.row.status).toBe('ingested');
        expectMessage(outcome, wanted.error_names ?? []);
        expect(outcome.findings.find(({ code }) => code === 'SUPERSEDED')).toMatchObject({ line: 101 });
        expect(await storedRows(lab)).toBe(whole - 1);
        expect(await lab.rows(`SELECT status FROM files ORDER BY file_id`)).toEqual([
          { status: 'superseded' },
          { status: 'ingested' },
        ]);
      } else {
        expect(outcome.row.status).toBe('conflict');
        expectMessage(outcome, wanted.error_names ?? []);
        expect(outcome.row.message).toContain(first.file);
        expect(outcome.findings.find(({ code }) => code === 'CONFLICT')).toMatchObject({ line: 101 });
        expect(await storedRows(lab)).toBe(before);
        expect(summary.hasTrouble).toBe(true);
      }
    },
  );

  it('all nights of a folder in one run end with the last', async ({ lab }) => {
    for (const { file, expect: wanted } of [first, ...second])
      if (wanted.action !== 'conflict') copyTo(lab, file, file);
    const summary = await lab.ingest();
    expect(summary.outcomes.map(({ row }) => row.status)).toEqual(['ingested', 'appended']);
    const { rows_after } = second.find(({ expect: { action } }) => action === 'append')!.expect;
    expect(await storedRows(lab)).toBe(rows_after);
  });
});

describe.skipIf(!hasRealData)('a folder of them all', () => {
  itAlone('is read to its end, every line accounted for', async () => {
    const lab = new Laboratory();
    const summary = await lab.ingest(bad);
    expect(summary.outcomes.length).toBeGreaterThanOrEqual(cases.length);
    expect(await lab.rows(unreconciledSql)).toEqual([]);
    // No record belongs to a test that is not there, and no test to a file that is not.
    expect(
      await lab.rows(`SELECT test_id FROM measurements WHERE test_id NOT IN (SELECT test_id FROM tests)
        UNION ALL SELECT test_id FROM test_files WHERE test_id NOT IN (SELECT test_id FROM tests)
        UNION ALL SELECT test_id FROM findings WHERE test_id NOT IN (SELECT test_id FROM tests)
        UNION ALL SELECT test_id FROM tests WHERE file_id NOT IN (SELECT file_id FROM files)`),
    ).toEqual([]);
    lab.remove();
  });
});
