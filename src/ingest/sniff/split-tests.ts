import { contentStream } from '../bytes/scan.js';
import { type Encoding, streamDecoder } from '../bytes/text.js';
import { type HeaderField, nameKey } from '../formats/header.js';
import { clockSyntax } from './clock.js';
import { splitFields, unwrapLine } from './dialect.js';
import { MissingColumnError } from './map-columns.js';
import type { TablePlan } from './plan.js';

/**
 * Columns that say to which cell, channel or test a record belongs. One value for all records is part of the identity
 * of the file; several values mean several tests, whether they alternate or follow one another.
 */

const identityName =
  /^(channel|chl|ch|chan|kanal|test|cell|zelle|battery|batterie|barcode|position|rack|shelf|slot|device|dev|unit id|sample|specimen|probe|serial|通道|通道号|设备号|条码|电池|样品)([ -]?(#|id|no\.?|number|name|nr\.?|编号))?$/i;

/**
 * With more tests than this, or fewer records each, the column counts something else; a column that is not of numbers
 * does not count anything.
 */
const mostTests = 256;
const fewestRecords = (values: ReadonlySet<string>): number =>
  [...values].every((value) => /^\d*$/.test(value)) ? 5 : 2;
/** Largest table that is split into tests, since this is done in memory. */
const largestSplit = 256 << 20;

/** Those of them that name the cell itself. */
const cellNames = ['cell id', 'cell', 'cell name', 'battery', 'barcode', 'sample', 'sample id'];

/** Identity columns of a table without a role. */
export function identityFields({ header, mapping }: Pick<TablePlan, 'header' | 'mapping'>): HeaderField[] {
  const used = new Set([...mapping.values()].map(({ field }) => field.index));
  return header.filter(({ text, index }) => !used.has(index) && identityName.test(nameKey(text)));
}

/** Physical lines of a file with their numbers, from 1. */
async function* linesOf(path: string, isGzip: boolean, encoding: Encoding): AsyncGenerator<[number, string]> {
  const decoder = streamDecoder(encoding);
  let rest = '';
  let line = 0;
  for await (const data of contentStream(path, isGzip)) {
    const pieces = (rest + decoder.write(data as Buffer)).split('\n');
    rest = pieces.pop()!;
    for (const piece of pieces) yield [++line, piece.replace(/\r$/, '')];
  }
  rest += decoder.end() ?? '';
  if (rest !== '') yield [++line, rest.replace(/\r$/, '')];
}

interface Group {
  rows: { line: number; fields: string[] }[];
  values: string[];
}

/** The first value of a group in a matching column. */
const firstOf = (rows: Group['rows'], index: number | undefined, fits: (value: string) => boolean) =>
  index === undefined ? undefined : rows.map(({ fields }) => fields[index]?.trim() ?? '').find(fits);

/** A plan in which these fields only identify the test, and are not measured values. */
function withoutFields(plan: TablePlan, fields: readonly HeaderField[]): TablePlan {
  const isOther = (text: string) => fields.every((field) => field.text !== text);
  return {
    ...plan,
    unknown: plan.unknown.filter(({ text }) => isOther(text)),
    auxiliary: plan.auxiliary.filter(({ field }) => isOther(field.text)),
  };
}

/**
 * The plans of the tests in a table: itself, or one for each value of its identity columns.
 *
 * @throws MissingColumnError where it is too large to be split
 */
export async function splitTests(
  path: string,
  isGzip: boolean,
  encoding: Encoding,
  plan: TablePlan,
  cellColumns: readonly string[],
  contentBytes: number,
): Promise<TablePlan[]> {
  const candidates = identityFields(plan);
  if (candidates.length === 0 || plan.rows !== undefined || plan.kind === 'summary') return [plan];
  const { delimiter } = plan.dialect;
  const isRow = (line: number, text: string) =>
    line >= plan.firstLine &&
    line <= (plan.lastLine ?? line) &&
    text.trim() !== '' &&
    text !== plan.headerText;
  const cut = (text: string) => splitFields(unwrapLine(text, delimiter), delimiter);
  const seen = candidates.map((field) => ({ field, values: new Set<string>() }));
  let records = 0;
  for await (const [line, text] of linesOf(path, isGzip, encoding)) {
    if (!isRow(line, text) || plan.comments?.test(text) === true) continue;
    const fields = cut(text);
    if (fields.length < plan.fieldCount - 1) continue;
    records++;
    for (const { field, values } of seen) {
      if (values.size <= mostTests) values.add((fields[field.index] ?? '').trim());
    }
  }
  // A column that counts with the records, or is a measured value, does not distinguish tests.
  const kept = seen.filter(
    ({ values }) =>
      values.size <= mostTests &&
      fewestRecords(values) * values.size <= records &&
      [...values].every((value) => !/\d[.,]\d/.test(value)),
  );
  const varying = kept.filter(({ values }) => values.size > 1);
  const identity = (varying.length > 0 ? varying : kept).map(({ field }) => field);
  if (identity.length === 0) return [plan];
  const keyOf = (fields: readonly string[]) =>
    identity.map(({ index }) => (fields[index] ?? '').trim()).join('\u0000');
  const named = (values: readonly string[]) =>
    identity.map(({ text }, at) => `${text} ${values[at]}`).join(', ');
  const others = withoutFields(plan, identity);
  if (varying.length === 0) return [{ ...others, channel: named(kept.map(({ values }) => [...values][0]!)) }];
  if (contentBytes > largestSplit) {
    throw new MissingColumnError(
      `several tests in one table, told apart by ${identity.map(({ text }) => `"${text}"`).join(', ')}, and too large to be taken apart: export each by itself`,
    );
  }
  const groups = new Map<string, Group>();
  let current: Group | undefined;
  for await (const [line, text] of linesOf(path, isGzip, encoding)) {
    if (!isRow(line, text) || plan.comments?.test(text) === true) continue;
    const fields = cut(text);
    const key = keyOf(fields);
    // A line that is too short to name its test is judged with the test before it.
    const group = fields.length < plan.fieldCount - 1 && current !== undefined ? current : groups.get(key);
    current = group ?? { rows: [], values: key.split('\u0000') };
    if (group === undefined) groups.set(key, current);
    current.rows.push({ line, fields });
  }
  const cellKeys = new Set([...cellNames, ...cellColumns.map(nameKey)]);
  const cellAt = identity.findIndex(({ text }) => cellKeys.has(nameKey(text)));
  const timeIndex = plan.mapping.get('test_time_second')?.field.index;
  const clockIndex = plan.testTime === 'clock' ? timeIndex : plan.mapping.get('date_time')?.field.index;
  return [...groups.values()].map(({ rows, values }, index) => ({
    ...others,
    // Lines above the header belong to none of them, and are reported once.
    above: index === 0 ? plan.above : [],
    rows,
    headerText: undefined,
    channel: named(values),
    cell: cellAt === -1 ? plan.cell : values[cellAt] || plan.cell,
    firstTime: firstOf(rows, timeIndex, (value) => value !== ''),
    firstClock: firstOf(rows, clockIndex, (value) => clockSyntax(value) !== undefined) ?? plan.firstClock,
  }));
}
