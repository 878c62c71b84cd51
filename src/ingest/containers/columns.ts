import { completeParquet, parquetLines } from './parquet.js';
import type { RecordTable } from './record-table.js';
import { completeRecords, heldLines } from './record-text.js';
import type { HeldColumns, TextView } from './view.js';

/** Records as columns, whichever way they are kept. */
export type ViewColumns = NonNullable<TextView['columns']>;

export const isHeld = (columns: ViewColumns): columns is HeldColumns => 'tests' in columns;

/** The test among whose records a line of the text is. */
export function testAt({ tests, firstLines }: HeldColumns, line: number): RecordTable {
  return tests[firstLines.findLastIndex((first) => first <= line)]!;
}

/** How many records there are of the test among whose records a line of the text is. */
export const recordCountAt = (columns: ViewColumns, line: number): number =>
  isHeld(columns) ? testAt(columns, line).count : columns.recordCount;

/** Lines that the text of all records has. */
export function linesOfAll({ heads }: TextView, columns: ViewColumns): number {
  const records = isHeld(columns)
    ? columns.tests.reduce((sum, { count }) => sum + count, 0)
    : columns.recordCount;
  return heads.reduce((sum, { count }) => sum + count, records);
}

/**
 * Records of the test among whose records a line of the text is, as lines of it, in their order.
 *
 * @param records their numbers in the test, from 0
 */
export async function linesOfRecords(
  columns: ViewColumns,
  line: number,
  records: readonly number[],
): Promise<string[]> {
  return isHeld(columns) ? heldLines(testAt(columns, line), records) : parquetLines(columns, records);
}

/**
 * Writes all records into the text of a view.
 *
 * @throws ContainerRefusal where the file is damaged behind its beginning
 */
export async function completeText(view: TextView): Promise<void> {
  const { columns } = view;
  if (columns === undefined) return;
  await (isHeld(columns) ? completeRecords(view, columns) : completeParquet(view, columns));
  view.columns = undefined;
}
