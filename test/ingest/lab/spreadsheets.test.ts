import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { examineLab, readLab } from '../../../src/ingest/lab/index.js';
import { describeMistake } from '../../../src/ingest/lab/mistakes.js';

/** Metadata as spreadsheets save them are read as they are meant; what is wrong is told at once. */

function folderWith(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
const labOf = (files: Record<string, string | Buffer>) => readLab(folderWith(files));
const cellsOf = async (text: string | Buffer, name = 'cells.csv') => (await labOf({ [name]: text })).cells;
const mistakesOf = async (text: string) =>
  (await examineLab(folderWith({ 'cells.csv': text }))).mistakes.map((one) =>
    describeMistake(one).replace(/^.*cells\.csv, /, ''),
  );

const pellet = [{ cell_id: 'P1', thickness_um: 897.5, diameter_mm: 10 }];

describe('what a spreadsheet saves', () => {
  it.each([
    ['semicolons and decimal commas', 'cell_id;thickness_um;diameter_mm\r\nP1;897,5;10,0\r\n'],
    ['a declared delimiter', 'sep=;\r\ncell_id;thickness_um;diameter_mm\r\nP1;897,5;10\r\n'],
    ['quoted decimal commas', 'cell_id,thickness_um,diameter_mm\nP1,"897,5","10,0"\n'],
    ['tabs', 'cell_id\tthickness_um\tdiameter_mm\nP1\t897.5\t10\n'],
    ['a byte order mark', '\uFEFFcell_id,thickness_um,diameter_mm\nP1,897.5,10\n'],
    ['blank rows', 'cell_id,thickness_um,diameter_mm\n,,\nP1,897.5,10\n,,\n\n , , \n'],
    ['blank rows of semicolons', ';;\ncell_id;thickness_um;diameter_mm\n;;\nP1;897,5;10\n'],
    ['quoted comments', '"# a, b; c",,\ncell_id,thickness_um,diameter_mm\n"# note",,\nP1,897.5,10\n'],
    [
      'comments cut into columns',
      '# Pellets need thickness_um; diameter_mm;\ncell_id;thickness_um;diameter_mm\n# x;;\nP1;897,5;10\n',
    ],
    ['names in capitals', 'Cell_ID,Thickness_um,DIAMETER_MM\nP1,897.5,10\n'],
    ['a line end in a quoted cell', 'cell_id,thickness_um,diameter_mm,note\nP1,897.5,10,"two\nlines"\n'],
  ])('%s', async (_what, text) => {
    expect(await cellsOf(text)).toMatchObject(pellet);
  });

  it.each(['utf16le', 'utf16be'])('Unicode text in %s', async (encoding) => {
    const text = iconv.encode('cell_id\tthickness_um\tdiameter_mm\r\nP1\t897,5\t10\r\n', encoding, {
      addBOM: true,
    });
    expect(await cellsOf(text)).toMatchObject(pellet);
  });

  it('a file name in capitals', async () => {
    expect(await cellsOf('cell_id,thickness_um,diameter_mm\nP1,897.5,10\n', 'Cells.CSV')).toMatchObject(
      pellet,
    );
  });

  it('two spellings of one file name are a mistake', async () => {
    const { mistakes } = await examineLab(
      folderWith({ 'cells.csv': 'cell_id\nA\n', 'Cells.CSV': 'cell_id\nB\n' }),
    );
    // Where the system tells no letters apart there is one file.
    expect(mistakes.length === 1 || process.platform !== 'linux').toBe(true);
  });
});

describe("columns of the laboratory's own", () => {
  it.each([
    ['reference_cost_currency', 'USD', 'cost_currency is EUR'],
    ['reference_price_year', '1999', 'price_year is 2026'],
    ['ref_basis', 'm2', 'cost_basis is kg'],
  ])('do not give the reference a %s of its own', async (column, stated, ours) => {
    const rows = (value: string) =>
      `material_id,category,cost,reference_cost,cost_currency,price_year,cost_basis,${column}\nM,cell,10,100,EUR,2026,kg,${value}\n`;
    const mistakes = async (value: string) =>
      (await examineLab(folderWith({ 'materials.csv': `${rows(value)}` }))).mistakes
        .map(describeMistake)
        .filter((one) => one.includes(column));
    expect((await mistakes(stated))[0]).toContain(`line 2, column ${column}: is ${stated}, but ${ours}`);
    expect(await mistakes(ours.split(' ').at(-1)!)).toEqual([]);
    expect(await mistakes('')).toEqual([]);
  });

  it('are kept as written', async () => {
    const cells = await cellsOf('cell_id,operator,note,thickness_um\nP1,Ada,"a, b",897.5\nP2,,,\n');
    expect(JSON.parse(cells![0]!.own_columns!)).toEqual({ operator: 'Ada', note: 'a, b' });
    expect(cells![1]!.own_columns).toBeNull();
  });

  it.each([
    ['thicknes_um', 'is it thickness_um?'],
    ['thickness_mm', 'Cellar reads thickness_um'],
    ['active_mass_g', 'Cellar reads active_mass_mg'],
  ])('%s is a slip, not one of them', async (column, message) => {
    expect((await mistakesOf(`cell_id,${column}\nP1,1\n`)).join()).toContain(message);
  });
});

describe('mistakes', () => {
  it('are told all at once, by line and column', async () => {
    const text = 'cell_id,cell_type,thickness_um,relative_density\nA,pelet,,\nB,,-1,-0.91\nA,,,\n,,5,\n';
    const found = await mistakesOf(text);
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'line 2, column cell_type',
      'line 3, column thickness_um',
      'line 3, column relative_density',
      'line 4, column cell_id',
      'line 5, column cell_id',
    ]);
    await expect(labOf({ 'cells.csv': text })).rejects.toThrow(/line 2[\s\S]*line 5/);
  });

  it('a point that may mark thousands beside decimal commas is asked about', async () => {
    const found = await mistakesOf('cell_id;thickness_um\nA;897,5\nB;1.200\n');
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('thousands');
  });

  it('a comma that may mark thousands beside commas as delimiters is refused', async () => {
    expect((await mistakesOf('cell_id,thickness_um\nA,"1,200"\n'))[0]).toContain('column thickness_um');
  });

  it('those of cellar.toml and materials.csv come with them', async () => {
    const { mistakes } = await examineLab(
      folderWith({
        'cells.csv': 'cell_id,material_id\nA,X\n',
        'materials.csv': 'material_id,category\nM,nonsense\n',
        'cellar.toml': 'date_order = "ymd"\ntime_zone = "Mars"\n',
      }),
    );
    expect(mistakes).toHaveLength(4);
  });

  it('a folder that is not there is a wrong request', async () => {
    await expect(readLab('/nowhere/labb')).rejects.toThrow('labb');
  });
});
