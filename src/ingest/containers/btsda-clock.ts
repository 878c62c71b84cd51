import { findingMessages as say } from '../../messages/findings.js';
import type { Cell } from './cells.js';
import { dayNumberText, type RecordNote } from './record-table.js';
import { days1904, type Sheet, type Workbook } from './workbook.js';

/**
 * BTSDA writes the records of a workbook in the standard time of its zone all the year, but the sheets about the test
 * and its steps in the displayed time. In summer the two differ by one hour.
 */

const firstRows = 60;

/** The clock in a cell, in milliseconds as if it were UTC. */
function clockOf(cell: Cell | undefined, from1904: boolean): number | undefined {
  const text =
    cell?.kind === 'number'
      ? dayNumberText(Number(cell.text) + (from1904 ? days1904 : 0))
      : cell?.text.trim();
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?/.exec(text ?? '');
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
}

async function firstCells(workbook: Workbook, sheet: Sheet): Promise<(Cell | undefined)[][]> {
  const rows: (Cell | undefined)[][] = [];
  for await (const block of workbook.rows(sheet)) {
    rows.push(...block.map(({ cells }) => cells));
    if (rows.length >= firstRows) break;
  }
  return rows.slice(0, firstRows);
}

/** The start of the first step or of the test as another sheet states it, below or beside its name. */
async function statedStart(workbook: Workbook): Promise<{ sheet: string; time: number } | undefined> {
  for (const sheet of workbook.sheets.filter(({ name }) =>
    /^(step|test|unit|工步|测试)$/i.test(name.trim()),
  )) {
    const rows = await firstCells(workbook, sheet);
    for (const [index, cells] of rows.entries()) {
      const column = cells.findIndex((cell) => startName.test(cell?.text.trim() ?? ''));
      if (column === -1) continue;
      const time =
        clockOf(rows[index + 1]?.[column], workbook.from1904) ??
        clockOf(cells[column + 1], workbook.from1904);
      if (time !== undefined) return { sheet: sheet.name, time };
    }
  }
  return undefined;
}

const startName = /^(One?set[ _]?Date|Start[ _]?(Time|Date)|开始时间|起始(绝对)?时间)\s*:?$/i;

const iso = (time: number) => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/**
 * Reports where the clock of the records is one hour behind the start that the workbook states for the test; the clock
 * is kept as written.
 *
 * @param headerRow of the records; `dates`: columns of their clock
 */
export async function summerNote(
  workbook: Workbook,
  sheet: Sheet,
  headerRow: number,
  dates: readonly number[],
): Promise<RecordNote | undefined> {
  const [column] = dates;
  if (column === undefined) return undefined;
  const rows = await firstCells(workbook, sheet);
  const times = rows.slice(headerRow).map((cells) => clockOf(cells[column], workbook.from1904));
  const first = times.find((time) => time !== undefined);
  const stated = first === undefined ? undefined : await statedStart(workbook);
  if (first === undefined || stated === undefined) return undefined;
  if (Math.abs((stated.time - first) / 1000 - 3600) > 10) return undefined;
  return say('CONTAINER_NOTE/summer', {
    sheet: sheet.name,
    other: stated.sheet,
    first: iso(first),
    stated: iso(stated.time),
  });
}
