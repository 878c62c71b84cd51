import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasNativeData, nativeData, realData, sayIfAbsent } from '../../shared-data.js';
import { Laboratory } from '../laboratory.js';

sayIfAbsent(hasNativeData, "the folder of instruments' own files");

/** A test that lies there twice, as the instrument left it and as its vendor's program exported it, is stored once. */

const twins: [string, string][] = [
  ['biologic/bcd.issue_241.mpr', 'biologic/bcd.issue_241.mpt'],
  ['biologic/gcpl.issue_149.mpr', 'biologic/gcpl.issue_149.mpt'],
  ['biologic/geis.mpr', 'biologic/geis.mpt'],
  ['biologic/mb.mpr', 'biologic/mb.mpt'],
  ['biologic/peis.mpr', 'biologic/peis.mpt'],
  ['biologic/vsp_ocv_with.mpr', 'biologic/vsp_ocv_with.mpt'],
  ['neware/interp-test.ndax', 'neware_xlsx/neware_btsda_derived.xlsx'],
  ['neware/TestFile.nda', 'neware_xlsx/neware_btsda_split_derived.xlsx'],
  ['neware/46_1_5_60_bts16.ndax', 'parquet/btsda_export_46.parquet'],
  ['neware/new_nda_file.nda', 'parquet/btsda_export_new_nda.parquet'],
  ['arbin_res/20160805_test001_45_cc_01.res', 'parquet/cellpy_arbin_raw.parquet'],
];

const at = (path: string) =>
  [nativeData, realData].map((root) => join(root, path)).find((file) => existsSync(file)) ?? path;

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

const stored = async () => {
  const [counted] = await lab.rows<{ tests: number; records: number; spectra: number; lost: number }>(
    `SELECT (SELECT count(*) FROM tests) AS tests, (SELECT count(*) FROM measurements) AS records,
       (SELECT count(*) FROM spectra) AS spectra,
       (SELECT count(*) FROM measurements WHERE test_id NOT IN (SELECT test_id FROM tests)) AS lost`,
  );
  return counted!;
};

describe.runIf(hasNativeData)("tests of an instrument's own file and its export", () => {
  it.each([
    ['the export after it', 0, 1, twins],
    ['the export before it', 1, 0, twins.filter(([own]) => /gcpl|peis|interp|46_1/.test(own))],
  ] as const)('are stored once: %s', async (_order, first, second, pairs) => {
    await lab.ingest(pairs.map((pair) => at(pair[first])));
    const before = await stored();
    const { outcomes } = await lab.ingest(pairs.map((pair) => at(pair[second])));
    const status = new Map(outcomes.map(({ row }) => [row.path, `${row.status} ${row.message}`]));
    for (const pair of pairs) {
      const told = status.get(at(pair[second]));
      expect(told, pair[second]).toMatch(/^duplicate all \d+ rows are already stored from /);
      expect(told, pair[second]).toContain(at(pair[first]));
    }
    expect(await stored()).toEqual(before);
    // Of each pair nothing is read a second time on a later night.
    expect((await lab.ingest(pairs.flat().map(at))).outcomes).toEqual([]);
  });

  const read = (path: string) => readFileSync(at(path), 'latin1');
  const [own, text] = ['biologic/bcd.issue_241.mpr', 'biologic/bcd.issue_241.mpt'];
  /** The text of the test with its first `count` records. */
  const cut = (count: number) => {
    const lines = read(text).split('\r\n');
    const head = Number(/Nb header lines : (\d+)/.exec(read(text))![1]);
    return `${lines.slice(0, head + count).join('\r\n')}\r\n`;
  };

  it('a shorter export is a duplicate, and says that more is stored', async () => {
    await lab.ingest(at(own));
    lab.write('other.mpt', Buffer.from(cut(1000), 'latin1'));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['duplicate']);
    expect(outcomes[0]!.findings.map(({ code }) => code)).toContain('SHORTER_THAN_STORED');
    expect((await stored()).records).toBe(2550);
  });

  it('a longer one takes the place of the records, whose numbering may differ, and keeps the test', async () => {
    lab.write('early.mpt', Buffer.from(cut(1000), 'latin1'));
    await lab.ingest();
    const { outcomes } = await lab.ingest(at(own));
    expect(outcomes.map(({ row }) => row.status)).toEqual(['appended']);
    expect(await stored()).toMatchObject({ tests: 1, records: 2550, lost: 0 });
    // The export, told again, is the shorter of the two now.
    lab.write('early.mpt', Buffer.from(cut(1200), 'latin1'));
    const again = await lab.ingest();
    expect(again.outcomes.map(({ row }) => row.status)).toEqual(['duplicate']);
    expect(await stored()).toMatchObject({ tests: 1, records: 2550, lost: 0 });
    expect(await lab.rows('SELECT DISTINCT parse_filename(path) AS file FROM lineage')).toEqual([
      { file: 'bcd.issue_241.mpr' },
    ]);
  });

  it('one in which a value was changed is a conflict that names the line, and nothing of it is stored', async () => {
    await lab.ingest(at(own));
    const lines = cut(2550).split('\r\n');
    const line = lines.length - 1000;
    const header = lines[Number(/Nb header lines : (\d+)/.exec(read(text))![1]) - 1]!.split('\t');
    const column = header.findIndex((name) => /^Ecell\/V|^Ewe\/V/.test(name));
    const fields = lines[line - 1]!.split('\t');
    fields[column] = String(Number(fields[column]!.replace(',', '.')) + 0.01);
    lines[line - 1] = fields.join('\t');
    lab.write('changed.mpt', Buffer.from(lines.join('\r\n'), 'latin1'));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['conflict']);
    expect(outcomes[0]!.row.message).toContain(`differs first in line ${line}; nothing was stored`);
    expect(await stored()).toMatchObject({ tests: 1, records: 2550 });
  });

  it('one of another cell is another test, and one with other values, too', async () => {
    lab.write('cells.csv', 'cell_id,file_pattern\nAA,*AA*\nBB,*BB*\n');
    lab.write('AA.mpr', readFileSync(at(own)));
    lab.write('BB.mpt', Buffer.from(cut(2550), 'latin1'));
    await lab.ingest();
    expect(await lab.rows('SELECT cell_id FROM tests ORDER BY cell_id')).toEqual([
      { cell_id: 'AA' },
      { cell_id: 'BB' },
    ]);
  });
});
