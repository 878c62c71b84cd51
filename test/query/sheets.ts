import type { Cell } from '../../src/ingest/containers/cells.js';
import { openWorkbook } from '../../src/ingest/containers/workbook.js';
import { openArchive } from '../../src/ingest/containers/zip.js';

export type Sheet = (Cell | undefined)[][];

/** The sheets of a workbook by name, as the reader of vendors' workbooks has them. */
export async function readSheets(bytes: Buffer): Promise<[string, Sheet][]> {
  const archive = await openArchive(bytes);
  const workbook = await openWorkbook(archive);
  const found: [string, Sheet][] = [];
  for (const sheet of workbook.sheets) {
    const rows: Sheet = [];
    for await (const block of workbook.rows(sheet)) rows.push(...block.map(({ cells }) => cells));
    found.push([sheet.name, rows]);
  }
  archive.close();
  return found;
}
