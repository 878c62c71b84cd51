import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningSample, severalTests } from '../../../scripts/sample-data/native/native.js';
import { workbook } from '../../../scripts/sample-data/native/workbook.js';
import { Laboratory, unreconciledSql } from '../laboratory.js';

/** Running tests: a file is read again whole, and only what is new is stored; one that is cut is not taken for a whole. */

const kinds = [
  'biologic.mpr',
  'neware.ndax',
  'neware.nda',
  'neware-btsda.xlsx',
  'arbin.res',
  'table.bdf.parquet',
] as const;
const [early, whole] = [40, 73];

let lab: Laboratory;
beforeAll(() => {
  lab = new Laboratory();
});
afterAll(() => lab.remove());

describe('files of a running test', () => {
  it('of each kind grow: new records are stored behind the old ones, which stay', async () => {
    for (const kind of kinds) lab.write(kind, runningSample(kind, early));
    const first = await lab.ingest();
    for (const { row } of first.outcomes) {
      expect(`${row.status} ${row.rows_loaded}`, row.path).toBe(`ingested ${early}`);
    }
    // The .mpr of a running test has no log, so nobody knows when it started.
    expect(first.outcomes.flatMap(({ findings }) => findings.map(({ code }) => code))).toContain(
      'START_UNKNOWN',
    );
    const before = await lab.rows('SELECT * FROM measurements ORDER BY test_id, record_index');

    for (const kind of kinds) lab.write(kind, runningSample(kind));
    const { outcomes } = await lab.ingest();
    for (const { row } of outcomes) {
      expect(`${row.status}: ${row.message}`, row.path).toBe(
        `appended: continues what was read from it before; new from record ${early + 1}`,
      );
    }
    expect(outcomes.length).toBe(kinds.length);
    const after = await lab.rows<{ record_index: number }>(
      'SELECT * FROM measurements ORDER BY test_id, record_index',
    );
    expect(after.length).toBe(kinds.length * whole);
    expect(after.filter(({ record_index }) => record_index <= early)).toEqual(before);
    expect(await lab.rows(unreconciledSql)).toEqual([]);
    expect((await lab.ingest()).outcomes).toEqual([]);
    const started = await lab.rows(
      "SELECT t.started_at IS NOT NULL AS known FROM tests t JOIN files f USING (file_id) WHERE ends_with(f.path, 'biologic.mpr')",
    );
    expect(started).toEqual([{ known: true }]);
  });

  it('say of each record where it stands', async () => {
    const places = await lab.rows<{ file: string; place: string }>(
      "SELECT parse_filename(path) AS file, place FROM lineage WHERE record_index = 41 AND path LIKE '%neware%' ORDER BY file",
    );
    expect(places).toEqual([
      { file: 'neware-btsda.xlsx', place: 'sheet record, row 42' },
      { file: 'neware.nda', place: 'record 41' },
      { file: 'neware.ndax', place: 'record 41' },
    ]);
  });

  it('are refused where they are cut, and what is stored of them stays', async () => {
    const paths = kinds.map((kind) => join(lab.exports, kind));
    for (const path of paths) {
      // The end of the records, not of the file alone: the .mpr ends with its log, the others with what describes them.
      const cut = path.endsWith('.mpr') ? 3500 : path.endsWith('.nda') ? 860 : 700;
      truncateSync(path, statSync(path).size - cut);
    }
    const { outcomes } = await lab.ingest();
    const told = Object.fromEntries(
      outcomes.map(({ row }) => [row.path.split('/').at(-1), `${row.status}: ${row.message}`]),
    );
    for (const kind of kinds.filter((each) => each !== 'biologic.mpr')) {
      expect(told[kind], kind).toMatch(/^rejected: .*(incomplete|missing|declares)/);
    }
    // The records that are there are all stored already.
    expect(told['biologic.mpr']).toMatch(/^duplicate: all \d+ rows are already stored/);
    const [counted] = await lab.rows('SELECT count(*) AS n FROM measurements');
    expect(counted).toEqual({ n: kinds.length * whole });

    for (const kind of kinds) lab.write(kind, runningSample(kind));
    await lab.ingest();
    expect(await lab.rows('SELECT count(*) AS n FROM measurements')).toEqual([counted]);
  });
});

describe('a file of several tests', () => {
  it('is taken apart: a database by its tests, a workbook by the channels of its sheets', async () => {
    const several = new Laboratory();
    try {
      several.write('several.res', severalTests(3));
      const sheet = (channel: number) => ({
        name: `Channel_${channel}_1`,
        rows: [
          ['Data_Point', 'Test_Time(s)', 'Step_Index', 'Cycle_Index', 'Current(A)', 'Voltage(V)'],
          ...Array.from({ length: 20 }, (_, k) => [k + 1, 10 * k, 1, 1, 0.1, 3 + 0.01 * k + channel / 1000]),
        ],
      });
      several.write('several.xlsx', workbook([sheet(3), sheet(4), { name: 'Info', rows: [['made', 'by']] }]));
      const { outcomes } = await several.ingest();
      expect(outcomes.map(({ row }) => row.status)).toEqual(['ingested', 'ingested']);
      const tests = await several.rows(
        `SELECT parse_filename(f.path) AS file, t.channel, t.record_count, first(l.place ORDER BY l.record_index) AS first
         FROM tests t JOIN files f USING (file_id) JOIN lineage l USING (test_id) GROUP BY ALL ORDER BY file, channel`,
      );
      expect(tests).toEqual([
        { file: 'several.res', channel: '7', record_count: 73, first: 'record 1' },
        { file: 'several.res', channel: '8', record_count: 73, first: 'record 1' },
        { file: 'several.res', channel: '9', record_count: 73, first: 'record 1' },
        {
          file: 'several.xlsx',
          channel: 'Channel 3',
          record_count: 20,
          first: 'sheet Channel_3_1, row 2',
        },
        {
          file: 'several.xlsx',
          channel: 'Channel 4',
          record_count: 20,
          first: 'sheet Channel_4_1, row 2',
        },
      ]);
      expect(await several.rows(unreconciledSql)).toEqual([]);
    } finally {
      several.remove();
    }
  });
});
