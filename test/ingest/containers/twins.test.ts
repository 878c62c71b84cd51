import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningSample } from '../../../scripts/sample-data/native/native.js';
import type { IngestSummary } from '../../../src/ingest/ingest.js';
import { hasNativeData, nativeData, realData, sayIfAbsent } from '../../shared-data.js';
import { Laboratory, unreconciledSql } from '../laboratory.js';

sayIfAbsent(hasNativeData, "the folder of instruments' own files");

/**
 * A test that lies there twice, as the instrument left it and as its vendor's program exported it, is stored once. One
 * laboratory over three nights serves all of it.
 */

/** What is there on the first night, and its twin, which comes on the second. */
const twins: [first: string, second: string][] = [
  ['biologic/geis.mpr', 'biologic/geis.mpt'],
  ['biologic/mb.mpt', 'biologic/mb.mpr'],
  ['biologic/peis.mpt', 'biologic/peis.mpr'],
  // Thirteen records and no clock in either: the name says it.
  ['biologic/vsp_ocv_with.mpr', 'biologic/vsp_ocv_with.mpt'],
  // UTC against local time without summer time, volts in steps of 0.1 mV.
  ['neware/interp-test.ndax', 'neware_xlsx/neware_btsda_derived.xlsx'],
  ['parquet/btsda_export_46.parquet', 'neware/46_1_5_60_bts16.ndax'],
  ['neware/new_nda_file.nda', 'parquet/btsda_export_new_nda.parquet'],
  // Another program's table, whose clock begins with the first record, five minutes into the test.
  ['arbin_res/20160805_test001_45_cc_01.res', 'parquet/cellpy_arbin_raw.parquet'],
];

const at = (path: string) =>
  [nativeData, realData].map((root) => join(root, path)).find((file) => existsSync(file)) ?? path;
const read = (path: string) => readFileSync(at(path));

const own = 'biologic/bcd.issue_241.mpr';
const text = hasNativeData ? read('biologic/bcd.issue_241.mpt').toString('latin1') : '';
const lines = text.split('\r\n');
const headLines = Number(/Nb header lines : (\d+)/.exec(text)?.[1]);
/** The export of a test with its first `count` records. */
const cut = (count: number) => Buffer.from(`${lines.slice(0, headLines + count).join('\r\n')}\r\n`, 'latin1');

/** The export with another voltage in one line. */
function changed(line: number): Buffer {
  const fields = lines[line - 1]!.split('\t');
  const column = lines[headLines - 1]!.split('\t').findIndex((name) => /^E(cell|we)\/V/.test(name));
  fields[column] = String(Number(fields[column]!.replace(',', '.')) + 0.01);
  return Buffer.from(lines.with(line - 1, fields.join('\t')).join('\r\n'), 'latin1');
}

describe.runIf(hasNativeData)("tests of an instrument's own file and its export", () => {
  let lab: Laboratory;
  let second: IngestSummary;
  const told = ({ outcomes }: IngestSummary) =>
    new Map(outcomes.map(({ row }) => [row.path.split('/').at(-1), `${row.status}: ${row.message}`]));
  const counts = () =>
    lab.rows(
      `SELECT (SELECT count(*) FROM tests) AS tests, (SELECT count(*) FROM measurements) AS records,
         (SELECT count(*) FROM spectra) AS spectra,
         (SELECT count(*) FROM measurements WHERE test_id NOT IN (SELECT test_id FROM tests)) AS lost`,
    );

  beforeAll(async () => {
    lab = new Laboratory();
    lab.write('cells.csv', 'cell_id,file_pattern\nAA,AA*\nBB,BB*\n');
    lab.write('AA.mpr', read('biologic/gcpl.issue_149.mpr'));
    lab.write('bcd-early.mpt', cut(1000));
    for (const [first] of twins) lab.write(`first/${first.split('/')[1]}`, read(first));
    await lab.ingest();
    for (const [, twin] of twins) lab.write(`second/${twin.split('/')[1]}`, read(twin));
    lab.write('BB.mpt', read('biologic/gcpl.issue_149.mpt'));
    lab.write('bcd.mpr', read(own));
    second = await lab.ingest();
  });
  afterAll(() => lab.remove());

  it.each(twins)('%s and %s are stored once', (first, twin) => {
    expect(told(second).get(twin.split('/')[1])).toMatch(
      new RegExp(`^duplicate: all \\d+ rows are already stored from .*/${first.split('/')[1]}$`),
    );
  });

  it('are two where the metadata give them to two cells', async () => {
    expect(told(second).get('BB.mpt')).toBe('ingested: stored');
    expect(await lab.rows('SELECT cell_id FROM tests WHERE cell_id IS NOT NULL ORDER BY 1')).toEqual([
      { cell_id: 'AA' },
      { cell_id: 'BB' },
    ]);
  });

  it('that have more records take the place of the shorter ones, and the test goes on', async () => {
    expect(told(second).get('bcd.mpr')).toMatch(/^appended: continues .*bcd-early\.mpt; new from record 1$/);
    expect(
      await lab.rows(
        "SELECT DISTINCT parse_filename(l.path) AS file, record_count FROM lineage l JOIN tests USING (test_id) WHERE record_index = 2000 AND path LIKE '%bcd%'",
      ),
    ).toEqual([{ file: 'bcd.mpr', record_count: 2550 }]);
  });

  it('that are shorter, or differ in a value, change nothing and say so', async () => {
    const before = await counts();
    expect(before).toMatchObject([{ lost: 0 }]);
    const line = lines.length - 500;
    lab.write('bcd-early.mpt', cut(1200));
    lab.write('changed.mpt', changed(line));
    const third = await lab.ingest();
    expect([...told(third).keys()].sort()).toEqual(['bcd-early.mpt', 'changed.mpt']);
    expect(told(third).get('bcd-early.mpt')).toMatch(/^duplicate: all 1200 rows are already stored/);
    expect(third.outcomes.flatMap(({ findings }) => findings.map(({ code }) => code))).toEqual(
      expect.arrayContaining(['SHORTER_THAN_STORED', 'CONFLICT']),
    );
    expect(told(third).get('changed.mpt')).toContain(`differs first in line ${line}; nothing was stored`);
    expect(await counts()).toEqual(before);
    expect(await lab.rows(unreconciledSql)).toEqual([]);
  });
});

describe('exports that are read together', () => {
  it('are stored but for the one that an own file without a start holds already', async () => {
    const lab = new Laboratory();
    try {
      lab.write('running.mpr', runningSample('biologic.mpr', 40));
      await lab.ingest();
      const records = await lab.rows<{ t: number; i: number; v: number }>(
        'SELECT test_time_second AS t, current_ampere AS i, voltage_volt AS v FROM measurements ORDER BY record_index',
      );
      // Each begins on a day of its own, so that nothing else keeps them from being read together.
      const table = (day: number, count: number, volt: number) =>
        [
          'Time (s),Current (A),Voltage (V),Date',
          ...records.slice(0, count).map(({ t, i, v }) => {
            const clock = new Date(Date.UTC(2026, 2, day) + 1000 * Math.round(t)).toISOString();
            return `${t},${i},${v + volt},${clock.slice(0, 19).replace('T', ' ')}`;
          }),
        ].join('\n');
      lab.write('exports/a.csv', `${table(1, 38, 0.1)}\n`);
      lab.write('exports/b.csv', `${table(2, 40, 0)}\n`);
      lab.write('exports/c.csv', `${table(3, 40, 0.2)}\n`);
      lab.write('exports/d.csv', `${table(4, 39, 0.3)}\n`);
      const { outcomes } = await lab.ingest();
      expect(outcomes.map(({ row }) => `${row.path.at(-5)} ${row.status} ${row.rows_loaded}`)).toEqual([
        'a ingested 38',
        'b duplicate 0',
        'c ingested 40',
        'd ingested 39',
      ]);
      expect(await lab.rows(unreconciledSql)).toEqual([]);
      expect(
        await lab.rows(
          `SELECT count(*) AS n, count(DISTINCT m.test_id) AS tests, count(DISTINCT f.file_id) AS files
           FROM measurements m JOIN tests t USING (test_id) JOIN files f USING (file_id)`,
        ),
      ).toEqual([{ n: 40 + 38 + 40 + 39, tests: 4, files: 4 }]);
    } finally {
      lab.remove();
    }
  });
});
