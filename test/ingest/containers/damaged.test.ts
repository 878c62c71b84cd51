import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sniffFile } from '../../../src/ingest/sniff/sniff.js';
import { hasNativeData, nativeData, sayIfAbsent } from '../../shared-data.js';
import { Laboratory, unreconciledSql } from '../laboratory.js';

sayIfAbsent(hasNativeData, "the folder of instruments' own files");

/** Damaged files: refused with a sentence that says what is wrong, or the good part read with a finding. */

interface Case {
  file: string;
  expect: { action: string; rows?: number; rows_ok?: number };
}

const bad = join(nativeData, 'bad-native');
const cases: Case[] = hasNativeData ? JSON.parse(readFileSync(join(bad, 'expected.json'), 'utf8')).cases : [];

/** What the refusal of a file has to say. */
const said: Record<string, RegExp> = {
  'unknown_column.mpr': /column id 4000 \(after column id 6\)/,
  'lfs_pointer.mpr': /Git LFS pointer.*fetch/,
  'no_data_member.ndax': /data\.ndc is missing/,
  'no_runinfo.ndax': /data_runInfo\.ndc is missing.*no time/,
  'cut.ndax': /incomplete zip archive/,
  'version_99.ndax': /ndc version 99/,
  'version_77.nda': /nda version 77/,
  'cut.nda': /incomplete record at the end/,
  'cut.res': /damaged or incomplete database.*2150 records, 400/,
  'cut.bdf.parquet': /incomplete parquet file/,
  'letter.xlsx': /not a workbook/,
  'password.xlsx': /password/,
};

describe.runIf(hasNativeData)('damaged files of instruments', () => {
  it.each(cases.map((each) => [each.file, each] as const))('%s', async (file, { expect: wanted }) => {
    const sniffed = await sniffFile(join(bad, file));
    if (sniffed.kind === 'refused') {
      expect(wanted.action).toMatch(/reject/);
      expect(said[file], `a refusal of ${file} was not expected: ${sniffed.refusal.message}`).toBeDefined();
      expect(sniffed.refusal.message).toMatch(said[file]!);
      return;
    }
    expect(wanted.action).toMatch(/accept/);
    const { view } = sniffed;
    const lines = readFileSync(view!.path, 'utf8').trimEnd().split('\n');
    const added = view!.heads.reduce((sum, { count }) => sum + count, 0);
    const header = view!.unit === 'row' ? 1 : 0;
    const damaged = lines.filter((line) => line.includes('#DIV/0!')).length;
    if (file === 'two_channels.xlsx') {
      // Both are read, each row with the channel it is of.
      const channels = new Set(lines.slice(1).map((line) => line.split('\t').at(-1)));
      expect([...channels].filter((channel) => channel !== '')).toEqual(['11', '12']);
      return;
    }
    expect(lines.length - added - header - damaged).toBe(wanted.rows ?? wanted.rows_ok);
    if (file === 'cut_in_data.mpr') {
      expect(view!.notes.map(({ message }) => message).join()).toMatch(/1501 records declared, 700 complete/);
    }
    if (file === 'error_cell.xlsx') expect(lines[11]).toContain('#DIV/0!');
    if (file === 'date1904.xlsx') expect(lines[2]).toContain('2024-10-20 11:31:46.582');
  });

  it('are in the ledger as what they are, with every row accounted for', async () => {
    const lab = new Laboratory();
    try {
      const { outcomes } = await lab.ingest(bad);
      const told = new Map(outcomes.map((outcome) => [outcome.row.path.split('/').at(-1)!, outcome]));
      for (const { file, expect: wanted } of cases) {
        const { row, rejects } = told.get(file)!;
        if (wanted.action === 'reject')
          expect(`${file} ${row.status} ${row.rows_loaded}`).toBe(`${file} rejected 0`);
        else if (row.status !== 'rejected') {
          if (file !== 'two_channels.xlsx') expect(row.rows_loaded, file).toBe(wanted.rows ?? wanted.rows_ok);
          expect(rejects.length, file).toBe(file === 'error_cell.xlsx' ? 1 : 0);
        }
      }
      const [reject] = told.get('error_cell.xlsx')!.rejects;
      expect(reject).toMatchObject({ line_number: 12, column_name: 'Voltage(V)', raw_value: '#DIV/0!' });
      expect(told.get('cut_in_data.mpr')!.findings.map(({ code }) => code)).toContain('INCOMPLETE_FILE');
      expect(await lab.rows(unreconciledSql)).toEqual([]);
    } finally {
      lab.remove();
    }
  });
});
