import { rmSync } from 'node:fs';
import { findingMessages as say } from '../../messages/findings.js';
import { summerNote } from './btsda-clock.js';
import { CellWriter, type TimeColumns } from './cell-text.js';
import { rowOf, type SheetRow } from './cells.js';
import { PlainRows } from './plain-rows.js';
import { ContainerRefusal, dayNumberText, type RecordNote } from './record-table.js';
import { fieldText, LineWriter, type TextView, viewPath } from './view.js';
import { days1904, type Sheet, type Workbook } from './workbook.js';
import { ElementCutter } from './xml.js';
import { harmlessBytes } from './zip.js';

/**
 * The record sheets of a workbook as text, row r of a sheet on line r: found by their content, joined where one
 * continues another, with day numbers and day fractions written as dates and times.
 */

/** The meaning of the lines in the head of a sheet. */
export interface SheetMeaning extends TimeColumns {
  kind: 'records' | 'impedance' | 'summary';
  headerLine: number | undefined;
  /** A column that continues from sheet to sheet: record number or test time. */
  runsOn: number | undefined;
}

/** Decides from the first lines what a sheet is; undefined: nothing that is read. */
export type JudgeSheet = (lines: readonly string[]) => SheetMeaning | undefined;

const headRows = 120;
/** By how much the text of a sheet may be longer than its XML, which has 30 bytes around the number of a shared text. */
const longestText = 10;
/** Largest number of columns of a table of records; the widest exports have some hundreds. */
const mostColumns = 4096;
interface Candidate {
  sheet: Sheet;
  meaning: SheetMeaning;
  header: string;
  width: number;
}

async function headOf(workbook: Workbook, sheet: Sheet): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const block of workbook.rows(sheet)) {
    rows.push(...block);
    if (rows.length >= headRows) break;
  }
  return rows.slice(0, headRows).filter(({ number }) => number <= headRows * 10);
}

/** Rows as lines, each on the line of its number. */
function linesOf(rows: readonly SheetRow[], writer: CellWriter): string[] {
  const width = widthOf(rows);
  const lines: string[] = [];
  for (const row of rows) {
    while (lines.length < row.number - 1) lines.push('');
    lines.push(row.cells.some((cell) => cell !== undefined) ? writer.row(row, width) : '');
  }
  return lines;
}

const widthOf = (rows: readonly SheetRow[]) => {
  let width = 0;
  for (const { cells } of rows) {
    for (let at = cells.length; at > width; at--) if ((cells[at - 1]?.text ?? '').trim() !== '') width = at;
  }
  return width;
};

/** The test that the name of a sheet refers to; sheets of the same test may continue each other. */
function testOf(name: string): string {
  const channel = /^Channel[_ -]?(\d+)/i.exec(name);
  if (channel !== null) return `channel ${channel[1]}`;
  const detail = /^(Detail\w*?_\d+_\d+_\d+)(_\d+)?$/i.exec(name);
  if (detail !== null) return detail[1]!;
  return name.replace(/[ _-]*\(?\d*\)?$/, '').toLowerCase();
}

/** What `Global_Info` says about the start. */
async function arbinStart(workbook: Workbook): Promise<string | undefined> {
  const sheet = workbook.sheets.find(({ name }) => /^Global[_ ]?Info$/i.test(name));
  if (sheet === undefined) return undefined;
  const rows = await headOf(workbook, sheet);
  for (const [index, { cells }] of rows.entries()) {
    const column = cells.findIndex((cell) => /^Start[ _]?DateTime$/i.test(cell?.text.trim() ?? ''));
    const value = column === -1 ? undefined : rows[index + 1]?.cells[column];
    if (value === undefined) continue;
    const shift = workbook.from1904 ? days1904 : 0;
    return value.kind === 'number' ? dayNumberText(Number(value.text) + shift) : fieldText(value.text);
  }
  return undefined;
}

/** The sheets that hold the records of the one test in a workbook. */
async function recordSheets(workbook: Workbook, judge: JudgeSheet): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const sheet of workbook.sheets) {
    const rows = await headOf(workbook, sheet);
    const lines = linesOf(rows, new CellWriter(workbook.from1904));
    const meaning = lines.length === 0 ? undefined : judge(lines);
    if (meaning === undefined) continue;
    const header = meaning.headerLine === undefined ? '' : (lines[meaning.headerLine - 1] ?? '');
    // A cell beyond the header makes a row too long; it is written only as long as needed to show that.
    const named = rows.filter(({ number }) => number === meaning.headerLine);
    const width = widthOf(named.length === 0 ? rows : named);
    if (width > mostColumns) {
      throw new ContainerRefusal(`sheet ${sheet.name} has ${width} columns, too many for a table of records`);
    }
    candidates.push({ sheet, meaning, header, width });
  }
  for (const kind of ['records', 'impedance', 'summary'] as const) {
    const found = candidates.filter(({ meaning }) => meaning.kind === kind);
    if (found.length > 0) return found;
  }
  const names = workbook.sheets.map(({ name }) => name).join(', ');
  throw new ContainerRefusal(
    `no sheet with time, voltage and current; sheets found: ${names}; if one has them under other names, \`cellar sniff --suggest FILE\` drafts a mapping`,
  );
}

const severalTests = (sheets: readonly string[]) =>
  new ContainerRefusal(
    `the workbook holds several tests (sheets ${sheets.join(', ')}): save each as a separate workbook or CSV`,
  );

/** Sheets that are read, and the test of each; `isMixed`: they belong to several tests. */
interface SheetChoice {
  sheets: readonly Candidate[];
  isMixed: boolean;
}

/** Sheets with the header of the first one; others are left out, with a note. */
function chooseSheets([first, ...others]: readonly Candidate[], notes: RecordNote[]): SheetChoice {
  const goesOn = others.filter(({ header }) => header === first!.header);
  const sheets = [first!, ...goesOn];
  const isMixed = new Set(sheets.map(({ sheet }) => testOf(sheet.name))).size > 1;
  if (goesOn.length > 0 && first!.meaning.kind !== 'records')
    throw severalTests(sheets.map(({ sheet }) => sheet.name));
  for (const { sheet } of sheets)
    if (sheet.isHidden) notes.push(say('CONTAINER_NOTE/hidden', { sheet: sheet.name }));
  const left = others.filter((each) => !goesOn.includes(each)).map(({ sheet }) => sheet.name);
  if (left.length > 0) {
    const read = isMixed ? sheets.map(({ sheet }) => sheet.name) : [first!.sheet.name];
    notes.push(say('CONTAINER_NOTE/left', { read: isMixed ? 2 : 1, sheets: read, left }));
  }
  return { sheets, isMixed };
}

/** Writes the sheets of one workbook, each behind the one before. */
class SheetsWriter {
  readonly sheets: TextView['sheets'] = [];
  private readonly writer: LineWriter;
  private readonly workbook: Workbook;
  private readonly headLines: number;
  private readonly chosen: SheetChoice;
  /** The last running number of each test. */
  private readonly reached = new Map<string, number>();

  constructor(writer: LineWriter, workbook: Workbook, chosen: SheetChoice) {
    this.writer = writer;
    this.headLines = writer.count;
    this.workbook = workbook;
    this.chosen = chosen;
  }

  async write({ sheet, meaning, width }: Candidate, isFirst: boolean): Promise<void> {
    const { writer, chosen } = this;
    const before = writer.count;
    this.sheets.push({ name: sheet.name, firstRow: before - this.headLines + 1 });
    const cells = new CellWriter(this.workbook.from1904, meaning);
    const test = testOf(sheet.name);
    const headerLine = meaning.headerLine ?? 0;
    // An additional column names the test of each row, so that tests can be separated.
    const suffix = (isHead: boolean) =>
      chosen.isMixed ? `\t${isHead ? testColumn(test) : fieldText(test.replace(/^channel /, ''))}` : '';
    const { context } = this.workbook;
    const running = chosen.sheets.length > 1 ? meaning.runsOn : undefined;
    const goOn = this.running(test);
    const plain = new PlainRows(writer, {
      context,
      cells,
      width,
      suffix: suffix(false),
      headerLine,
      running,
      goOn,
    });
    const takeRow = (element: string) => {
      const row = rowOf(element, plain.number, context);
      plain.number = row.number;
      while (writer.count - before < row.number - 1) writer.add('');
      const isHead = row.number <= headerLine;
      const isBlank = row.cells.every((cell) => cell === undefined || cell.text === '');
      // The header is repeated at the top of each further sheet.
      const line = (isHead && !isFirst) || isBlank ? '' : cells.row(row, width);
      writer.add(line === '' || row.number < headerLine ? line : line + suffix(isHead));
      if (!isHead) goOn(Number(row.cells[running ?? -1]?.text ?? Number.NaN));
    };
    const cutter = new ElementCutter('row', takeRow, plain.read);
    for await (const piece of this.workbook.stream(sheet)) cutter.add(piece);
  }

  /**
   * Takes the running numbers of a sheet's rows; NaN: a row has none.
   *
   * @throws ContainerRefusal where the first one does not continue those of the sheets before
   */
  private running(test: string): (value: number) => void {
    const start = this.reached.get(test);
    let isChecked = start === undefined;
    return (value) => {
      if (Number.isNaN(value)) return;
      if (!isChecked && value <= start!)
        throw severalTests(this.chosen.sheets.map(({ sheet }) => sheet.name));
      isChecked = true;
      this.reached.set(test, value);
    };
  }
}

const testColumn = (test: string) => (test.startsWith('channel ') ? 'Channel' : 'Test');

/**
 * Writes the records of a workbook as text. Sheets of several tests are distinguished by an added column.
 *
 * @throws ContainerRefusal where no sheet holds records, or several tests cannot be told apart
 */
export async function writeSheets(workbook: Workbook, judge: JudgeSheet): Promise<TextView> {
  const notes: RecordNote[] = [];
  const chosen = chooseSheets(await recordSheets(workbook, judge), notes);
  const { sheet, meaning } = chosen.sheets[0]!;
  const late = await summerNote(workbook, sheet, meaning.headerLine ?? 0, meaning.dates);
  if (late !== undefined) notes.push(late);
  const path = viewPath();
  const writer = new LineWriter(path);
  // A start that a workbook states is that of one test.
  const started = chosen.isMixed ? undefined : await arbinStart(workbook);
  if (started !== undefined) writer.add(`Start DateTime: ${started}`);
  const heads = writer.count === 0 ? [] : [{ line: 1, count: writer.count }];
  const sheets = new SheetsWriter(writer, workbook, chosen);
  const sheetBytes = chosen.sheets.reduce((sum, each) => sum + each.sheet.entry.uncompressedSize, 0);
  writer.most = harmlessBytes + longestText * sheetBytes;
  try {
    try {
      for (const [index, candidate] of chosen.sheets.entries()) await sheets.write(candidate, index === 0);
    } finally {
      writer.end();
    }
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
  return { path, unit: 'row', heads, sheets: sheets.sheets, notes };
}
