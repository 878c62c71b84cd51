import { copyFileSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileOutcome } from '../../src/ingest/file-context.js';
import type { IngestSummary } from '../../src/ingest/ingest.js';
import { hasRealData, realData, sayIfAbsent } from '../shared-data.js';
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

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

async function expectFacts(facts: Record<string, number>): Promise<void> {
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

const only = (summary: IngestSummary): FileOutcome => {
  expect(summary.outcomes).toHaveLength(1);
  return summary.outcomes[0]!;
};

const storedRows = async () =>
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

async function expectEqualTo(path: string): Promise<void> {
  const other = new Laboratory();
  try {
    await other.ingest(join(realData, path));
    const sql = (table: string) => `SELECT * EXCLUDE (line_number) FROM ${table} ORDER BY ALL`;
    for (const table of ['measurements', 'impedance']) {
      const expected = await other.rows(sql(table));
      expect(await lab.rows(sql(table))).toEqual(expected);
    }
  } finally {
    other.remove();
  }
}

async function expectAsListed({ file, expect: wanted }: Case): Promise<void> {
  const summary = await lab.ingest(join(bad, file));
  const outcome = only(summary);
  expect(await lab.rows(unreconciledSql)).toEqual([]);
  const stored = await storedRows();
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
  if (facts !== undefined && stored > 0) await expectFacts(facts);
  if (wanted.equals !== undefined) await expectEqualTo(wanted.equals);
}

describe.skipIf(!hasRealData)('a damaged or awkward file, alone', () => {
  const alone = cases.filter(
    ({ expect: { action } }) => !['append', 'conflict', 'skip_duplicate'].includes(action),
  );
  it.each(alone.map((each) => [each.file, each] as const))('%s', (_file, each) => expectAsListed(each));
});

describe.skipIf(!hasRealData)('the same bytes under another name', () => {
  const twice = cases.filter(({ expect: { action } }) => action === 'skip_duplicate');
  it.each(twice.map((each) => [each.file, each] as const))('%s', async (file, { expect: wanted }) => {
    await lab.ingest(join(realData, wanted.duplicate_of!));
    const before = await storedRows();
    const summary = await lab.ingest(join(bad, file));
    expect(only(summary).row).toMatchObject({ status: 'duplicate', rows_loaded: 0 });
    expect(only(summary).row.message).toContain(basename(wanted.duplicate_of!));
    expect(summary.hasTrouble).toBe(false);
    expect(await storedRows()).toBe(before);
    expect(await lab.rows(unreconciledSql)).toEqual([]);
  });
});

const groups = [...new Set(cases.flatMap(({ expect: { group } }) => group ?? []))];

describe.skipIf(!hasRealData).each(groups)('the nights of %s', (group) => {
  const first = cases.find(({ expect: { group: of, order } }) => of === group && order === 1)!;
  const second = cases.filter(({ expect: { group: of, order } }) => of === group && order === 2);
  const copyTo = (name: string, file: string): string => {
    const target = join(lab.exports, name);
    copyFileSync(join(bad, file), target);
    return target;
  };

  it.each(second.flatMap((each) => [true, false].map((samePath) => [each.file, samePath, each] as const)))(
    '%s afterwards, under the same path: %s',
    async (file, samePath, { expect: wanted }) => {
      await lab.ingest(copyTo(samePath ? 'test.txt' : first.file, first.file));
      if (first.expect.facts !== undefined) await expectFacts(first.expect.facts);
      const before = await storedRows();
      const summary = await lab.ingest(copyTo(samePath ? 'test.txt' : file, file));
      const outcome = only(summary);
      expect(await lab.rows(unreconciledSql)).toEqual([]);
      const whole = readFileSync(join(bad, file), 'utf8').trim().split('\n').length;
      if (wanted.action === 'append') {
        expect(outcome.row.status).toBe('appended');
        expect(await storedRows()).toBe(wanted.rows_after);
        expect(wanted.rows_after! - before).toBe(wanted.new_rows);
        await expectFacts(wanted.facts_after!);
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
        expect(await storedRows()).toBe(whole - 1);
        expect(await lab.rows(`SELECT status FROM files ORDER BY file_id`)).toEqual([
          { status: 'superseded' },
          { status: 'ingested' },
        ]);
      } else {
        expect(outcome.row.status).toBe('conflict');
        expectMessage(outcome, wanted.error_names ?? []);
        expect(outcome.row.message).toContain(first.file);
        expect(outcome.findings.find(({ code }) => code === 'CONFLICT')).toMatchObject({ line: 101 });
        expect(await storedRows()).toBe(before);
        expect(summary.hasTrouble).toBe(true);
      }
    },
  );

  it('all nights of a folder in one run end with the last', async () => {
    for (const { file, expect: wanted } of [first, ...second])
      if (wanted.action !== 'conflict') copyTo(file, file);
    const summary = await lab.ingest();
    expect(summary.outcomes.map(({ row }) => row.status)).toEqual(['ingested', 'appended']);
    const { rows_after } = second.find(({ expect: { action } }) => action === 'append')!.expect;
    expect(await storedRows()).toBe(rows_after);
  });
});

describe.skipIf(!hasRealData)('a folder of them all', () => {
  it('is read to its end, every line accounted for', async () => {
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
  });
});
