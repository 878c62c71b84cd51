import type { LedgerRow } from './ledger.js';

/** Where a line of a file stands, in words: a line, a record, or a row of a sheet. */
export function placeIn(
  { unit_of_lines, sheets }: Pick<LedgerRow, 'unit_of_lines' | 'sheets'>,
  line: number,
): string {
  const sheet = sheets?.findLast(({ firstRow }) => firstRow <= line);
  return sheet === undefined
    ? `${unit_of_lines} ${line}`
    : `sheet ${sheet.name}, row ${line - sheet.firstRow + 1}`;
}
