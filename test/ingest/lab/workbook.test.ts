import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, expect, it } from 'vitest';
import { cellsFileIn } from '../../../src/ingest/correct/cells-place.js';
import { examineLab } from '../../../src/ingest/lab/index.js';

/** Metadata as a workbook are read as the same table in CSV is. */

const folder = mkdtempSync(join(tmpdir(), 'cellar-workbook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** A workbook of two sheets, of which the second has these rows; style 1 shows a date. */
function workbook(rows: string[]): Uint8Array {
  const sheet = (body: string) => strToU8(`<worksheet ${main}><sheetData>${body}</sheetData></worksheet>`);
  return zipSync({
    '[Content_Types].xml': strToU8('<Types/>'),
    'xl/workbook.xml': strToU8(
      `<workbook ${main} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Notes" sheetId="1" r:id="a"/><sheet name="Tabelle2" sheetId="2" r:id="b"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/><Relationship Id="b" Target="worksheets/sheet2.xml"/></Relationships>',
    ),
    'xl/styles.xml': strToU8(
      `<styleSheet ${main}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
    ),
    'xl/worksheets/sheet1.xml': sheet('<row><c t="inlineStr"><is><t>who to ask</t></is></c></row>'),
    'xl/worksheets/sheet2.xml': sheet(rows.join('')),
  });
}

const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const number = (value: string) => `<c><v>${value}</v></c>`;
const row = (...cells: string[]) => `<row>${cells.join('')}</row>`;
const header = row(...['cell_id', 'file_pattern', 'active_mass_mg', 'built by'].map(text));

it('reads numbers, a number as an id, and columns of its own from the sheet that has the table', async () => {
  writeFileSync(
    join(folder, 'Cells.xlsx'),
    workbook([
      header,
      row(text('# remark')),
      row(text('A-1'), text('*A-1*'), number('12.300000000000001'), text('Kim &amp; Lee')),
      '<row/>',
      row(number('17'), text('*17*'), number('9')),
    ]),
  );
  const { lab, mistakes } = await examineLab(folder);
  expect(mistakes).toEqual([]);
  expect(lab.cells?.map(({ cell_id, active_mass_mg }) => [cell_id, active_mass_mg])).toEqual([
    ['A-1', 12.300000000000001],
    ['17', 9],
  ]);
  expect(JSON.parse(lab.cells?.[0]?.own_columns ?? '')).toEqual({ 'built by': 'Kim & Lee' });
});

it('names file, row and column of what is wrong, and a file that is there twice', async () => {
  writeFileSync(
    join(folder, 'Cells.xlsx'),
    workbook([header, row(text('A-1'), text('*'), text('heavy')), row(text('A-1'), text('*'), number('1'))]),
  );
  const { mistakes } = await examineLab(folder);
  expect(mistakes.map(({ line, column }) => [line, column])).toEqual([
    [2, 'active_mass_mg'],
    [3, 'cell_id'],
  ]);
  writeFileSync(join(folder, 'cells.csv'), 'cell_id\nA-1\n');
  expect((await examineLab(folder)).mistakes.map(({ message }) => message).join()).toContain(
    'Cells.xlsx is there too',
  );
  rmSync(join(folder, 'cells.csv'));
  writeFileSync(join(folder, 'Cells.xlsx'), 'cell_id\nA-1\n');
  expect((await examineLab(folder)).mistakes[0]?.message).toBe('this is not a workbook (.xlsx)');
});

it('is not changed by what changes cells.csv', () => {
  expect(() => cellsFileIn(folder)).toThrow(/is a workbook, which Cellar reads but does not change/);
});
