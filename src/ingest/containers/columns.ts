import { HeldColumns } from './held-columns.js';
import { completeParquet, parquetLines } from './parquet.js';
import { completeRecords, heldLines } from './record-text.js';
import type { TextView } from './view.js';

/** Records as columns, however they are kept. */
export type ViewColumns = NonNullable<TextView['columns']>;

export const isHeld = (columns: ViewColumns): columns is HeldColumns => columns instanceof HeldColumns;

/** Number of records of the test to which a line of the text belongs. */
export const recordCountAt = (columns: ViewColumns, line: number): number =>
  isHeld(columns) ? columns.shapes[columns.testAt(line)]!.count : columns.recordCount;

/** Lines that the text of all records has. */
export function linesOfAll({ heads }: TextView, columns: ViewColumns): number {
  const records = isHeld(columns)
    ? columns.shapes.reduce((sum, { count }) => sum + count, 0)
    : columns.recordCount;
  return heads.reduce((sum, { count }) => sum + count, records);
}

/**
 * Records of the test to which a line of the text belongs, as lines of the text, in their order.
 *
 * @param records their numbers in the test, from 0
 */
export async function linesOfRecords(
  columns: ViewColumns,
  line: number,
  records: readonly number[],
): Promise<string[]> {
  if (!isHeld(columns)) return parquetLines(columns, records);
  return heldLines((await columns.tests())[columns.testAt(line)]!, records);
}

/**
 * Writes all records into the text of a view.
 *
 * @throws ContainerRefusal where the file is damaged after its beginning
 */
export async function completeText(view: TextView): Promise<void> {
  const { columns } = view;
  if (columns === undefined) return;
  if (isHeld(columns)) {
    await completeRecords(view, columns.title, await columns.tests());
    columns.drop();
  } else await completeParquet(view, columns);
  view.columns = undefined;
}
