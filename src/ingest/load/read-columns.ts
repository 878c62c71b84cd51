import { isHeld, type ViewColumns } from '../containers/columns.js';
import type { Format } from '../formats/definition.js';
import { isCountedClock } from '../sniff/clock.js';
import type { TablePlan } from '../sniff/plan.js';
import { identityFields } from '../sniff/split-tests.js';
import { fieldReadings } from './convert.js';
import type { PortionRows } from './portion-rows.js';
import { isReadable, readHeld } from './read-held.js';
import { columnSql, readParquet } from './read-parquet.js';
import type { PortionReader } from './read-portion.js';
import type { FieldReading } from './records.js';

/** Reads records that are already columns: numbers stay numbers, and no text is made of them. */

/** Whether the columns of a table, by the positions of its fields, have the types that its fields are read as. */
function givesReadings(plan: TablePlan, columns: ViewColumns): boolean {
  const held = isHeld(columns) ? columns.shapes[columns.testAt(plan.firstLine)]!.columns : undefined;
  const stored = isHeld(columns) ? [] : columns.columns;
  if (plan.fieldCount !== (held ?? stored).length || plan.dialect.delimiter !== '\t') return false;
  return fieldReadings(plan, true).every((reading, at) => {
    if (reading === undefined) return true;
    return held === undefined ? columnSql(stored[at], reading) !== undefined : isReadable(held[at]!, reading);
  });
}

/** Whether each table is all records of a test, from the first on. */
function areTests(tables: readonly TablePlan[], columns: ViewColumns): boolean {
  if (!isHeld(columns)) {
    const [plan] = tables;
    return tables.length === 1 && plan!.firstLine === 2 && plan!.lastLine === undefined;
  }
  const firsts = new Set(tables.map(({ firstLine }) => firstLine));
  return firsts.size === tables.length && [...firsts].every((line) => columns.firstLines.includes(line));
}

/**
 * Whether tables can be read from columns. Where values or lines have to be examined as text, or a column
 * distinguishes tests, they are read from the text of all records.
 */
export function canReadColumns(tables: readonly TablePlan[], format: Format, columns: ViewColumns): boolean {
  if (format.layered || format.rejectsStaleRecords || !areTests(tables, columns)) return false;
  return tables.every((plan) => {
    if (plan.kind === 'summary' || plan.headerLine !== plan.firstLine - 1) return false;
    if (plan.rows !== undefined || plan.comments !== undefined || plan.above.length > 0) return false;
    if (plan.clock !== undefined && plan.clock.kind !== 'iso' && !isCountedClock(plan.clock)) return false;
    return identityFields(plan).length === 0 && givesReadings(plan, columns);
  });
}

/**
 * Reads the records of a table block by block.
 *
 * @param line line of the text with the first record of the table
 * @param take is given each block's rows; the next block is read when it resolves
 * @throws ContainerRefusal where the file is damaged
 */
export async function readColumns(
  columns: ViewColumns,
  line: number,
  readings: readonly (FieldReading | undefined)[],
  reader: PortionReader,
  take: (rows: PortionRows) => Promise<void>,
): Promise<void> {
  if (isHeld(columns)) await readHeld((await columns.tests())[columns.testAt(line)]!, readings, reader, take);
  else await readParquet(columns, readings, reader, take);
}
