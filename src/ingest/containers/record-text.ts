import { HeldColumns } from './held-columns.js';
import type { RecordColumn, RecordNote, RecordTable } from './record-table.js';
import { fieldText, LineWriter, type TextView, viewPath } from './view.js';

/**
 * Records of an instrument's own file as text: for each test its own head and a table with the names of the vendor.
 */

/** Characters of the text by which a test is recognised; more than is examined of any head. */
const headText = 512 << 10;

function valueText({ values, stands }: RecordColumn): (record: number) => string {
  const text = stands?.text ?? String;
  return (record) => {
    const value = values[record]!;
    return Number.isFinite(value) ? fieldText(text(value)) : '';
  };
}

/** The text of a record, by its number in the test, from 0. */
function recordText({ columns }: RecordTable): (record: number) => string {
  const texts = columns.map(valueText);
  return (record) => texts.map((text) => text(record)).join('\t');
}

/** Texts of records of a test, by their numbers, from 0. */
export function heldLines(test: RecordTable, records: readonly number[]): string[] {
  return records.map(recordText(test));
}

function headOf(title: string, { columns, facts }: RecordTable): string[] {
  const head = [
    `Records of ${title}`,
    ...(facts.startedAt === undefined ? [] : [`Started: ${facts.startedAt}`]),
    ...(facts.channel === undefined ? [] : [`Channel: ${facts.channel}`]),
    ...facts.about,
  ];
  return [...head.map(fieldText), columns.map(({ name }) => fieldText(name)).join('\t')];
}

/** Writes the tests into a text: of each test this many characters, up to the end of a record. */
function writeTests(
  path: string,
  title: string,
  tests: readonly RecordTable[],
  most: number,
): { heads: TextView['heads']; isWhole: boolean } {
  const writer = new LineWriter(path);
  const heads: TextView['heads'] = [];
  let isWhole = true;
  for (const test of tests) {
    const head = headOf(title, test);
    heads.push({ line: writer.count + 1, count: head.length });
    for (const line of head) writer.add(line);
    const text = recordText(test);
    let size = 0;
    let record = 0;
    for (; record < test.count && size < most; record++) {
      const line = text(record);
      size += line.length + 1;
      writer.add(line);
    }
    isWhole &&= record === test.count;
  }
  writer.end();
  return { heads, isWhole };
}

/**
 * Writes the records of a file as text; only the first ones of long tests.
 *
 * @param title what the file is
 * @param again reads the tests from the file once more
 * @param most characters of each test's text
 */
export async function writeRecords(
  title: string,
  tests: RecordTable[],
  notes: RecordNote[],
  again: () => Promise<RecordTable[]>,
  most = headText,
): Promise<TextView> {
  const path = viewPath();
  const { heads, isWhole } = writeTests(path, title, tests, most);
  const firstLines = heads.map(({ line, count }) => line + count);
  const columns = isWhole ? undefined : new HeldColumns(title, tests, firstLines, again);
  return { path, unit: 'record', heads, sheets: [], notes, columns };
}

/** Writes all records into the text of a view. */
export async function completeRecords(
  view: TextView,
  title: string,
  tests: readonly RecordTable[],
): Promise<void> {
  const { heads } = writeTests(view.path, title, tests, Number.POSITIVE_INFINITY);
  view.heads = heads;
}
