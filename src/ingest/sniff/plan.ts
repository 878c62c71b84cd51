import type { Format, FoundTable, Role } from '../formats/definition.js';
import { type HeaderField, nameKey, readHeader } from '../formats/header.js';
import { type ClockSyntax, clockSyntax, type DateOrder, provenDateOrder } from './clock.js';
import {
  type Dialect,
  detectDecimal,
  detectDelimiter,
  splitFields,
  unwrapLine,
  usualFieldCount,
} from './dialect.js';
import { type DurationSyntax, durationSyntax } from './durations.js';
import { type LayerPositions, layerPositions } from './layers.js';
import { isIgnored, type Mapped, mapColumns, nearestSpelling, requireColumns } from './map-columns.js';
import type { FoundHeader, Head, Recognition } from './recognise.js';
import { columnSyntax, settleTimeUnit, settleVoltageUnit } from './settle-units.js';
import { isUnitsRow, withUnits } from './units-row.js';

/** How one table of a file is read: everything the SQL is compiled from. */
export interface TablePlan {
  kind: FoundTable['kind'] | 'mixed';
  header: HeaderField[];
  mapping: ReadonlyMap<Role, Mapped>;
  /** Header fields no role takes, as written. */
  unmapped: string[];
  /** Those of them this format has never shown, with the nearest spelling it knows. */
  unknown: { text: string; nearest: string | undefined }[];
  dialect: Dialect;
  headerLine: number | undefined;
  headerText: string | undefined;
  /** First and last data line, physical, from 1; `lastLine` undefined: to the end of the file. */
  firstLine: number;
  lastLine: number | undefined;
  /** Fields of a complete data row. */
  fieldCount: number;
  /** Whether the last of them may be absent: an empty one behind a trailing delimiter. */
  lastFieldOptional: boolean;
  testTime: DurationSyntax | 'clock';
  stepTime: DurationSyntax | undefined;
  clock: ClockSyntax | undefined;
  dateOrder: DateOrder | undefined;
  /** First value of the test-time column. */
  firstTime: string | undefined;
  /** First value of the clock column. */
  firstClock: string | undefined;
  startedAt: string | undefined;
  temperature: number | undefined;
  cell: string | undefined;
  rows: FoundTable['rows'];
  layers: LayerPositions | undefined;
  /** Lines inside the table that are no data. */
  comments: RegExp | undefined;
}

/** Fields of the data lines at the head of a table, blank lines left out. */
function sampleRows(
  lines: readonly string[],
  dialect: Dialect['delimiter'],
  from: number,
  to: number,
  comments: RegExp | undefined,
): string[][] {
  return lines
    .slice(from - 1, to)
    .filter((line) => line.trim() !== '' && comments?.test(line) !== true)
    .slice(0, 200)
    .map((line) => splitFields(unwrapLine(line, dialect), dialect));
}

function preambleValue(
  patterns: readonly RegExp[] | undefined,
  lines: readonly string[],
): string | undefined {
  for (const pattern of patterns ?? []) {
    for (const line of lines) {
      const value = pattern
        .exec(line)
        ?.slice(1)
        .filter((group) => group !== undefined)
        .join(' ')
        .trim();
      if (value !== undefined && value !== '') return value;
    }
  }
  return undefined;
}

/** The cell that a column of the table names. */
function cellInColumn(
  format: Format,
  header: readonly HeaderField[],
  rows: readonly (readonly string[])[],
): string | undefined {
  const keys = format.cellColumns.map(nameKey);
  const column = header.find(({ text }) => keys.includes(nameKey(text)));
  const value = column === undefined ? undefined : rows[0]?.[column.index]?.trim();
  return value === '' ? undefined : value;
}

/** Cycle and step header rows stand above the record header of an interleaved export. */
function layersAbove(head: Head, at: TableLocation): LayerPositions | undefined {
  const above = (offset: number) =>
    splitFields(head.lines[(at.headerLine ?? 0) - 1 - offset] ?? '', at.delimiter);
  return layerPositions(above(2), above(1));
}

/** Fields a row must have at least: up to the last column it cannot be stored without. */
function neededFields(mapping: ReadonlyMap<Role, Mapped>): number {
  const needed: Role[] = [
    'test_time_second',
    'voltage_volt',
    'current_ampere',
    'frequency_hertz',
    'real_impedance_ohm',
    'imaginary_impedance_ohm',
  ];
  return Math.max(...needed.map((role) => (mapping.get(role)?.field.index ?? 0) + 1));
}

interface TableLocation {
  kind: TablePlan['kind'];
  header: readonly string[];
  units: readonly string[] | undefined;
  headerLine: number | undefined;
  firstLine: number;
  lastLine: number | undefined;
  delimiter: Dialect['delimiter'];
  facts: Pick<FoundTable, 'started_at' | 'temperature_celsius' | 'cell' | 'rows'>;
}

function planTable(format: Format, head: Head, at: TableLocation): TablePlan {
  const header = readHeader(withUnits(at.header, at.units));
  const rows =
    at.facts.rows?.map(({ fields }) => fields) ??
    sampleRows(head.lines, at.delimiter, at.firstLine, at.lastLine ?? head.lines.length, format.comments);
  const records = format.layered ? rows.filter((row) => row[0] === '' && row[1] === '') : rows;
  const isFilled = (index: number) => records.some((row) => (row[index] ?? '').trim() !== '');
  const mapping = mapColumns(format, header, isFilled);
  requireColumns(at.kind, mapping, header);
  const valuesOf = (role: Role) => {
    const index = mapping.get(role)?.field.index;
    return index === undefined ? [] : records.map((row) => row[index] ?? '');
  };
  settleVoltageUnit(mapping, valuesOf('voltage_volt'));
  const testTimeValues = valuesOf('test_time_second');
  const testTime = columnSyntax(testTimeValues, durationSyntax);
  const testTimeClock = testTime === undefined ? columnSyntax(testTimeValues, clockSyntax) : undefined;
  const dates = testTimeClock === undefined ? valuesOf('date_time') : testTimeValues;
  settleTimeUnit(format, mapping, testTimeValues, dates, testTime);
  const startedAt =
    at.facts.started_at ?? preambleValue(format.preamble.started_at, head.lines.slice(0, at.firstLine - 1));
  const proven = provenDateOrder([...dates, ...(startedAt === undefined ? [] : [startedAt])]);
  const usual = usualFieldCount(records);
  const fieldCount = usual >= neededFields(mapping) ? usual : header.length;
  const unmappedFields = header.filter(
    (field) =>
      field.text !== '' && ![...mapping.values()].some((mapped) => mapped.field.index === field.index),
  );
  const temperature = preambleValue(
    format.preamble.temperature_celsius,
    head.lines.slice(0, at.firstLine - 1),
  );
  return {
    kind: at.kind,
    header,
    mapping,
    unmapped: unmappedFields.map(({ text }) => text),
    unknown: unmappedFields
      .filter((field) => !isIgnored(format, field))
      .map(({ text }) => ({ text, nearest: nearestSpelling(format, text) })),
    dialect: { delimiter: at.delimiter, decimal: detectDecimal(rows, at.delimiter) },
    headerLine: at.headerLine,
    headerText: at.headerLine === undefined ? undefined : head.lines[at.headerLine - 1],
    firstLine: at.firstLine,
    lastLine: at.lastLine,
    fieldCount,
    lastFieldOptional: rows.some((row) => row.length === fieldCount && row[fieldCount - 1]?.trim() === ''),
    testTime: testTimeClock === undefined ? (testTime ?? 'number') : 'clock',
    stepTime: columnSyntax(valuesOf('step_time_second'), durationSyntax),
    clock: testTimeClock ?? columnSyntax(dates, clockSyntax),
    dateOrder: proven,
    firstTime: testTimeValues.find((value) => value.trim() !== '')?.trim(),
    firstClock: dates.find((value) => clockSyntax(value) !== undefined)?.trim(),
    startedAt,
    temperature:
      at.facts.temperature_celsius ?? (temperature === undefined ? undefined : Number(temperature)),
    cell:
      at.facts.cell ??
      preambleValue(format.preamble.cell, head.lines.slice(0, at.firstLine - 1)) ??
      cellInColumn(format, header, records),
    rows: at.facts.rows,
    layers: format.layered ? layersAbove(head, at) : undefined,
    comments: format.comments,
  };
}

/** Where the rows below a header row begin: behind a units row, blank lines and lines the format declares. */
function belowHeader(
  head: Head,
  header: FoundHeader,
  linesBelow: number,
): { firstLine: number; units: string[] | undefined } {
  let line = header.line + 1 + linesBelow;
  while (line <= head.lines.length && head.lines[line - 1]!.trim() === '') line++;
  const fields = splitFields(unwrapLine(head.lines[line - 1] ?? '', header.delimiter), header.delimiter);
  return isUnitsRow(fields) ? { firstLine: line + 1, units: fields } : { firstLine: line, units: undefined };
}

/**
 * How a recognised file is read, table by table.
 *
 * @throws MissingColumnError where a table lacks time, voltage, frequency or impedance
 */
export function planTables(recognition: Recognition, head: Head): TablePlan[] {
  const { format, header } = recognition;
  if (format.hook !== undefined) {
    const delimiter = format.delimiter ?? 'whitespace';
    return format.hook({ lines: head.lines, delimiter }).map((table) =>
      planTable(format, head, {
        kind: table.kind,
        header: table.header,
        units: table.units,
        headerLine: undefined,
        firstLine: table.firstLine,
        lastLine: table.lastLine ?? head.lines.length,
        delimiter,
        facts: table,
      }),
    );
  }
  if (header === undefined) {
    if (format.header.kind !== 'none') return [];
    const location: TableLocation = {
      kind: format.kind,
      header: format.header.columns,
      units: undefined,
      headerLine: undefined,
      firstLine: 1,
      lastLine: undefined,
      delimiter: format.delimiter ?? detectDelimiter(head.lines.slice(0, 100)),
      facts: {},
    };
    return [planTable(format, head, location)];
  }
  const linesBelow = format.header.kind === 'row' ? format.header.linesBelow : 0;
  const { firstLine, units } = belowHeader(head, header, linesBelow);
  const location: TableLocation = {
    kind: format.kind,
    header: header.fields,
    units,
    headerLine: header.line,
    firstLine,
    lastLine: undefined,
    delimiter: header.delimiter,
    facts: {},
  };
  return [planTable(format, head, location)];
}
