import { readFile } from 'node:fs/promises';
import type { Cell } from '../containers/cells.js';
import { containerKind } from '../containers/open.js';
import { ContainerRefusal, dayNumberText } from '../containers/record-table.js';
import { days1904, openWorkbook, type Sheet, type Workbook } from '../containers/workbook.js';
import { openArchive } from '../containers/zip.js';
import { isComment, type RawRow } from './raw-row.js';

/** A cell as a person reads it: numbers in their shortest form, dates as ISO dates. */
function textOf(cell: Cell | undefined, from1904: boolean): string {
  if (cell === undefined) return '';
  if (cell.kind !== 'number') return cell.text.trim();
  const value = Number(cell.text);
  if (Number.isNaN(value)) return cell.text;
  const date = cell.isDate ? dayNumberText(value + (from1904 ? days1904 : 0)) : undefined;
  return date === undefined ? String(value) : date.replace(/ 00:00:00\.000$/, '').replace(/\.000$/, '');
}

/** Rows of a sheet that are not empty, without remarks. */
async function rowsOf(workbook: Workbook, sheet: Sheet): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const block of workbook.rows(sheet)) {
    for (const { number, cells } of block) {
      const fields = Array.from(cells, (cell) => textOf(cell, workbook.from1904));
      if (isComment(fields[0]) || fields.every((field) => field === '')) continue;
      rows.push({ line: number, fields });
    }
  }
  return rows;
}

const knownIn = (row: RawRow | undefined, known: readonly string[]): number =>
  (row?.fields ?? []).filter((field) => known.includes(field.toLowerCase())).length;

/**
 * Rows of the table in a workbook: of the sheet whose first row names most of the columns known.
 *
 * @throws ContainerRefusal where it is not a workbook, or is damaged; errors of the file system
 */
export async function workbookRows(path: string, known: readonly string[]): Promise<RawRow[]> {
  const bytes = await readFile(path);
  if (containerKind(bytes) !== 'zip') {
    if (bytes.length === 0) return [];
    throw new ContainerRefusal('this is not a workbook (.xlsx)');
  }
  const archive = await openArchive(bytes);
  try {
    const workbook = await openWorkbook(archive);
    let best: RawRow[] = [];
    for (const sheet of workbook.sheets) {
      const rows = await rowsOf(workbook, sheet);
      if (best.length === 0 || knownIn(rows[0], known) > knownIn(best[0], known)) best = rows;
    }
    return best;
  } finally {
    archive.close();
  }
}
