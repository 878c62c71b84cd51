import { ContainerRefusal, dayNumberText, type RecordNote } from './record-table.js';
import { fieldText, LineWriter, type TextView, viewPath } from './view.js';
import type { Cell, Sheet, SheetRow, Workbook } from './workbook.js';

/**
 * The record sheets of a workbook as text, row r of a sheet on line r: found by what they hold, joined where they go on,
 * with day numbers and day fractions written as what they mean.
 */

/** What the lines of a sheet's head are. */
export interface SheetMeaning {
  kind: 'records' | 'impedance' | 'summary';
  headerLine: number | undefined;
  /** Columns of durations and of dates, from 0. */
  times: number[];
  dates: number[];
  /** A column that runs on from sheet to sheet: record number or test time. */
  runsOn: number | undefined;
}

/** Tells from the first lines of a sheet what it is; undefined: nothing that is read. */
export type JudgeSheet = (lines: readonly string[]) => SheetMeaning | undefined;

const headRows = 120;
/** Days between 1899-12-30 and 1904-01-01. */
const days1904 = 1462;
/** Day numbers of dates begin here (1927); smaller ones are durations. */
const firstDate = 10_000;

/** A duration of days as hours, minutes and seconds, to the microsecond. */
function durationText(days: number): string {
  const microseconds = Math.round(Math.abs(days) * 86_400e6);
  const seconds = Math.floor(microseconds / 1e6);
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const second = (seconds % 60) + (microseconds % 1e6) / 1e6;
  const two = (value: number) => String(value).padStart(2, '0');
  const written = second.toFixed(6).replace(/\.?0+$/, '');
  return `${days < 0 ? '-' : ''}${hour}:${two(minute)}:${second < 10 ? '0' : ''}${written}`;
}

const daysAndTime = /^(\d+)-(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$/;

/** Writes the cells of one workbook's sheets. */
class CellWriter {
  private readonly from1904: boolean;
  private readonly times: ReadonlySet<number>;
  private readonly dates: ReadonlySet<number>;

  constructor(from1904: boolean, meaning: SheetMeaning | undefined) {
    this.from1904 = from1904;
    this.times = new Set(meaning?.times);
    this.dates = new Set(meaning?.dates);
  }

  private cell(cell: Cell | undefined, column: number): string {
    if (cell === undefined) return '';
    if (cell.kind === 'number' && (cell.isDate || this.dates.has(column))) {
      const value = Number(cell.text);
      const isDate = value >= firstDate && value < 100_000;
      if (isDate) return dayNumberText(value + (this.from1904 ? days1904 : 0)) ?? cell.text;
      if (cell.isDate && Math.abs(value) < firstDate) return durationText(value);
      return cell.text;
    }
    if (cell.kind === 'number') return cell.text;
    const long = this.times.has(column) ? daysAndTime.exec(cell.text.trim()) : null;
    if (long !== null) return `${Number(long[1]) * 24 + Number(long[2])}:${long[3]}:${long[4]}`;
    return fieldText(cell.text);
  }

  row({ cells }: SheetRow, width: number): string {
    let line = '';
    const count = Math.max(cells.length, width);
    for (let column = 0; column < count; column++) {
      if (column > 0) line += '\t';
      line += this.cell(cells[column], column);
    }
    return line;
  }
}

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

/** The test that a sheet's name stands for: sheets of the same one may go on in each other. */
function testOf(name: string): string {
  const channel = /^Channel[_ -]?(\d+)/i.exec(name);
  if (channel !== null) return `channel ${channel[1]}`;
  const detail = /^(Detail\w*?_\d+_\d+_\d+)(_\d+)?$/i.exec(name);
  if (detail !== null) return detail[1]!;
  return name.replace(/[ _-]*\(?\d*\)?$/, '').toLowerCase();
}

/** What `Global_Info` says of the start. */
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
    const lines = linesOf(rows, new CellWriter(workbook.from1904, undefined));
    const meaning = lines.length === 0 ? undefined : judge(lines);
    if (meaning === undefined) continue;
    const header = meaning.headerLine === undefined ? '' : (lines[meaning.headerLine - 1] ?? '');
    candidates.push({ sheet, meaning, header, width: widthOf(rows) });
  }
  for (const kind of ['records', 'impedance', 'summary'] as const) {
    const found = candidates.filter(({ meaning }) => meaning.kind === kind);
    if (found.length > 0) return found;
  }
  const names = workbook.sheets.map(({ name }) => name).join(', ');
  throw new ContainerRefusal(`no sheet with time, voltage and current; sheets found: ${names}`);
}

const severalTests = (sheets: readonly string[]) =>
  new ContainerRefusal(
    `the workbook holds several tests (sheets ${sheets.join(', ')}): save each as a workbook or CSV of its own`,
  );

/**
 * Writes the records of a workbook as text.
 *
 * @throws ContainerRefusal where no sheet holds records, or several tests do
 */
export async function writeSheets(workbook: Workbook, judge: JudgeSheet): Promise<TextView> {
  const [first, ...others] = await recordSheets(workbook, judge);
  const goesOn = others.filter(({ header }) => header === first!.header);
  const tests = new Set([first!, ...goesOn].map(({ sheet }) => testOf(sheet.name)));
  const names = [first!, ...goesOn].map(({ sheet }) => sheet.name);
  if (tests.size > 1 || (goesOn.length > 0 && first!.meaning.kind !== 'records')) throw severalTests(names);
  const notes: RecordNote[] = [];
  const note = (message: string) => notes.push({ code: 'CONTAINER_NOTE', message });
  for (const { sheet } of [first!, ...goesOn])
    if (sheet.isHidden) note(`sheet ${sheet.name} is hidden; it was read`);
  const left = others.filter((each) => !goesOn.includes(each));
  if (left.length > 0) {
    note(
      `read sheet ${first!.sheet.name}; other tables are left out: sheets ${left.map(({ sheet }) => sheet.name).join(', ')}`,
    );
  }
  const path = viewPath();
  const writer = new LineWriter(path);
  const started = await arbinStart(workbook);
  if (started !== undefined) writer.add(`Start DateTime: ${started}`);
  const heads = writer.count === 0 ? [] : [{ line: 1, count: writer.count }];
  const sheets: TextView['sheets'] = [];
  let reached = Number.NEGATIVE_INFINITY;
  for (const [index, { sheet, meaning, width }] of [first!, ...goesOn].entries()) {
    const before = writer.count;
    sheets.push({ name: sheet.name, firstRow: before - (heads[0]?.count ?? 0) + 1 });
    const cells = new CellWriter(workbook.from1904, meaning);
    let isFirst = index > 0;
    let last = reached;
    for await (const block of workbook.rows(sheet)) {
      for (const row of block) {
        while (writer.count - before < row.number - 1) writer.add('');
        // The header is repeated at the top of each further sheet.
        const isHead = index > 0 && row.number <= (meaning.headerLine ?? 0);
        const isBlank = row.cells.every((cell) => cell === undefined || cell.text === '');
        if (writer.add(isHead || isBlank ? '' : cells.row(row, width))) await writer.flush();
        if (isHead || meaning.runsOn === undefined) continue;
        const value = Number(row.cells[meaning.runsOn]?.text ?? Number.NaN);
        if (Number.isNaN(value)) continue;
        if (isFirst && value <= reached) throw severalTests(names);
        isFirst = false;
        last = value;
      }
    }
    reached = last;
  }
  await writer.end();
  return { path, unit: 'row', heads, sheets, notes };
}
