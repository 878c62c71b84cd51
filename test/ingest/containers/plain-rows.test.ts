import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../scripts/fuzz/random.js';
import { CellWriter } from '../../../src/ingest/containers/cell-text.js';
import { rowOf } from '../../../src/ingest/containers/cells.js';
import { PlainRows } from '../../../src/ingest/containers/plain-rows.js';
import { runsOf, SharedStrings } from '../../../src/ingest/containers/shared-strings.js';
import { LineWriter } from '../../../src/ingest/containers/view.js';
import { ElementCutter } from '../../../src/ingest/containers/xml.js';

/** Rows that are written from their bytes give the lines that they give as text, in whatever pieces they come. */

const shared = [
  '',
  'Rest',
  'CC Chg',
  '恒流充电',
  '2-11:40:34',
  'a "b"',
  'two\nlines',
  ' ',
  '12',
  '\u0085x',
  '0:00:05',
];
const width = 6;

/** A document of rows in the usual form, with some of other forms. */
function sheetOf({ below }: ReturnType<typeof seededRandom>, rows: number): string {
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const value = () =>
    pick([
      '0',
      '1',
      '-3.25',
      '1e-7',
      '45000.5',
      '0.25',
      '',
      '1.2E+05',
      'x',
      '12345678901234567',
      ' 7',
      '<!-- -->4',
    ]);
  const cell = (column: number, row: number): string => {
    const reference = below(8) === 0 ? '' : ` r="${String.fromCharCode(65 + column)}${row}"`;
    const style = pick(['', '', ' s="1"', ' s="2"', ' s="99"']);
    const other = [
      `<c${reference}${style}/>`,
      `<c${reference} t="inlineStr"><is><t>in &amp; line</t></is></c>`,
      `<c${reference} t="str"><f>A1&amp;"x"</f><v>made</v></c>`,
      `<c${reference} t="e"><v>#N/A</v></c>`,
      `<c${reference}><f>1+1</f></c>`,
      `<c${reference}><f>1+1</f><v>2</v></c>`,
      `<c${reference} t="b"><v>1</v></c>`,
      `<c${reference.replace('r=', ' r= ')}><v>5</v></c>`,
      `<c t='s'${reference}><v>1</v></c>`,
      `<c${reference} cm="1"><v>3</v></c>`,
      `<c${reference} t="s"><v>${shared.length + 5}</v></c>`,
    ];
    if (below(12) === 0) return pick(other);
    return below(2) === 0
      ? `<c${reference}${style}><v>${value()}</v></c>`
      : `<c${reference} t="s"><v>${below(shared.length)}</v></c>`;
  };
  let text = '<?xml version="1.0"?><worksheet><cols><col min="1"/></cols><sheetData>';
  for (let row = 1; row <= rows; row++) {
    if (below(30) === 0) row++;
    const open = pick(['<row', '<row spans="1:6"', '<row x14ac:dyDescent="0.25"']);
    const number = below(10) === 0 ? '' : ` r="${row}"`;
    const last = below(20) === 0 ? width + 3 : width;
    const cells = Array.from({ length: last }, (_, column) => (below(7) === 0 ? '' : cell(column, row)));
    if (below(25) === 0) cells.reverse();
    text += `${open}${number}>${pick(['', '', '', '\n'])}${cells.join('')}</row>${pick(['', '', '\n'])}`;
    if (below(40) === 0) text += `<row r="${++row}"/>`;
  }
  return `${text}</sheetData><rowBreaks count="1"/></worksheet>`;
}

/** The lines of a document that comes in pieces of a size, and how many rows were written from their bytes. */
function linesOf(path: string, sheet: string, piece: number, isPlain: boolean) {
  const strings = new SharedStrings(16);
  for (const text of shared) strings.add(text);
  const context = { strings, isDateStyle: [false, true, false] };
  const cells = new CellWriter(false, { times: [2], dates: [4] });
  const lines = new LineWriter(path);
  const running: number[] = [];
  const goOn = (value: number) => running.push(value);
  const plain = new PlainRows(lines, {
    context,
    cells,
    width,
    suffix: '\tA',
    headerLine: 2,
    running: 1,
    goOn,
  });
  let asText = 0;
  const cutter = new ElementCutter(
    'row',
    (element) => {
      const row = rowOf(element, plain.number, context);
      plain.number = row.number;
      while (lines.count < row.number - 1) lines.add('');
      asText++;
      const isBlank = row.cells.every((cell) => (cell?.text ?? '') === '');
      lines.add(isBlank ? '' : `${cells.row(row, width)}\tA`);
      if (row.number > 2) goOn(Number(row.cells[1]?.text ?? Number.NaN));
    },
    isPlain ? plain.read : undefined,
  );
  const bytes = Buffer.from(sheet);
  for (let at = 0; at < bytes.length; at += piece) cutter.add(bytes.subarray(at, at + piece));
  lines.end();
  return { text: readFileSync(path, 'utf8'), running, asText, rows: plain.number };
}

it('writes rows from their bytes as from their text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-rows-'));
  const random = seededRandom(5);
  let [rows, asText] = [0, 0];
  try {
    for (let round = 0; round < 30; round++) {
      const sheet = sheetOf(random, 60);
      const path = join(folder, 'lines');
      const meant = linesOf(path, sheet, sheet.length, false);
      for (const piece of [sheet.length, 1000, 37]) {
        const plain = linesOf(path, sheet, piece, true);
        expect(plain.text).toBe(meant.text);
        expect(plain.running).toEqual(meant.running);
        rows += plain.rows;
        asText += plain.asText;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // Both ways are taken.
  expect(asText).toBeGreaterThan(rows / 10);
  expect(rows - asText).toBeGreaterThan(rows / 10);
});

it('takes texts without making a string of each where they are plain, and the others all the same', () => {
  const document = `<sst><si><t>plain</t></si><si><t xml:space="preserve"> kept </t></si><si><t>a &lt; b</t></si><si><r><t>ri</t></r><r><t>ch</t></r></si><si><t/></si><si><t>工步</t></si><si><t>_x0041_</t></si><si><t>last</t></si></sst>`;
  for (const piece of [document.length, 5]) {
    const strings = new SharedStrings(1);
    const cutter = new ElementCutter(
      'si',
      (element) => strings.add(`as text: ${runsOf(element)}`),
      strings.addPlain,
    );
    const bytes = Buffer.from(document);
    for (let at = 0; at < bytes.length; at += piece) cutter.add(bytes.subarray(at, at + piece));
    expect(Array.from({ length: 9 }, (_, at) => strings.at(at))).toEqual([
      'plain',
      'as text:  kept ',
      'as text: a < b',
      'as text: rich',
      'as text: ',
      'as text: 工步',
      'as text: A',
      'last',
      '',
    ]);
  }
});
