import type { Format, FoundTable, Role } from '../formats/definition.js';
import { type HeaderField, nameKey, readHeader } from '../formats/header.js';
import { type WithoutRole, withoutRole } from './auxiliary.js';
import { type ClockSyntax, clockSyntax, type DateOrder, provenDateOrder } from './clock.js';
import { findCurrent } from './current-column.js';
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
import {
  holdsImpedance,
  LeftAsideError,
  type MappedField,
  MissingColumnError,
  mapColumns,
  OtherFormatError,
  requireColumns,
} from './map-columns.js';
import { preambleMatch } from './preamble.js';
import type { FoundHeader, Head, Recognition } from './recognise.js';
import { type ReferenceElectrode, referenceElectrode } from './reference-electrode.js';
import { columnSyntax, settleTimeUnit, settleVoltageUnit } from './settle-units.js';
import { refuseImpedance, summaryOf } from './summary-table.js';
import { dataAbove, neededRoles, numberedHeader, packedHeader } from './table-head.js';
import { isUnitsRow, withUnits } from './units-row.js';

/** How one table of a file is read: everything that reading needs. */
export interface TablePlan extends WithoutRole {
  kind: FoundTable['kind'] | 'mixed';
  header: HeaderField[];
  mapping: ReadonlyMap<Role, MappedField>;
  /** The reference electrode, where the voltage is only the potential of one electrode. */
  reference: ReferenceElectrode | undefined;
  /** Length over area of the sample (1/cm), where the format declares it. */
  lengthOverArea: number | undefined;
  dialect: Dialect;
  headerLine: number | undefined;
  /**
   * The header as one line, by which repetitions are recognised; undefined where there is none or it spans several
   * lines.
   */
  headerText: string | undefined;
  /** Lines above the header with data of unknown meaning. */
  above: readonly { line: number; text: string }[];
  /** Number of head lines above the rows of the table; a row of units is not counted, since it is structural. */
  headLines: number;
  /** First and last data line, physical, from 1; `lastLine` undefined: to the end of the file. */
  firstLine: number;
  lastLine: number | undefined;
  /** Fields of a complete data row. */
  fieldCount: number;
  /** Whether the last of them may be absent: an empty field after a trailing delimiter. */
  lastFieldOptional: boolean;
  testTime: DurationSyntax | 'clock';
  stepTime: DurationSyntax | undefined;
  clock: ClockSyntax | undefined;
  dateOrder: DateOrder | undefined;
  /** First value of the test-time column. */
  firstTime: string | undefined;
  /** First value of the clock column, or of the column of Unix time. */
  firstClock: string | undefined;
  startedAt: string | undefined;
  temperature: number | undefined;
  cell: string | undefined;
  /** Channel named in a column of the table. */
  channel: string | undefined;
  /** Channel in the head of this test, where a file holds several tests with a head each. */
  ownChannel?: string | undefined;
  rows: FoundTable['rows'];
  layers: LayerPositions | undefined;
  /** Lines inside the table that are not data. */
  comments: RegExp | undefined;
}

/** Fields of the first data lines of a table, without blank lines. */
function sampleRows(
  lines: readonly string[],
  dialect: Dialect['delimiter'],
  from: number,
  to: number,
  comments: RegExp | undefined,
): string[][] {
  const rows: string[][] = [];
  for (let at = from - 1; at < to && rows.length < 200; at++) {
    const line = lines[at];
    if (line === undefined) break;
    if (line.trim() === '' || comments?.test(line) === true) continue;
    rows.push(splitFields(unwrapLine(line, dialect), dialect));
  }
  return rows;
}

/** The first value of a column of Unix time, in seconds. */
function firstUnixTime(
  mapping: ReadonlyMap<Role, MappedField>,
  rows: readonly (readonly string[])[],
): string | undefined {
  const unix = mapping.get('unix_time_second');
  if (unix === undefined) return undefined;
  const { multiply = 1, divide = 1 } = unix.conversion ?? {};
  const values = rows.map(
    (row) => (Number((row[unix.field.index] ?? '').replace(',', '.')) * multiply) / divide,
  );
  const first = values.find((value) => value > 0);
  return first === undefined ? undefined : String(first);
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

/** The header rows of cycles and steps are above the record header of an interleaved export. */
function layersAbove(head: Head, at: TableLocation): LayerPositions | undefined {
  const above = (offset: number) =>
    splitFields(head.lines[(at.headerLine ?? 0) - 1 - offset] ?? '', at.delimiter);
  return layerPositions(above(2), above(1));
}

/** Smallest number of fields of a row: up to the last column that is required. */
function neededFields(mapping: ReadonlyMap<Role, MappedField>): number {
  return Math.max(...neededRoles.map((role) => (mapping.get(role)?.field.index ?? 0) + 1));
}

interface TableLocation {
  kind: TablePlan['kind'];
  header: readonly string[];
  units: readonly string[] | undefined;
  headerLine: number | undefined;
  /** Whether the header spans several physical lines. */
  isFolded: boolean;
  firstLine: number;
  lastLine: number | undefined;
  delimiter: Dialect['delimiter'];
  facts: Pick<FoundTable, 'started_at' | 'temperature_celsius' | 'cell' | 'rows'>;
}

/**
 * What a table really is: a summary of cycles has no records.
 *
 * @throws MissingColumnError where it is a summary of an unknown vendor, or holds a current that matches no name
 * @throws LeftAsideError where it is a known vendor's table of steps
 * @throws OtherFormatError where the rows of a declared summary are not those of a summary
 */
function kindOf(
  format: Format,
  kind: TablePlan['kind'],
  header: readonly HeaderField[],
  mapping: Map<Role, MappedField>,
  records: readonly (readonly string[])[],
): TablePlan['kind'] {
  if (kind === 'impedance') return kind;
  const summary = summaryOf(header, mapping, records);
  if (kind === 'summary') {
    // Only tables that also number steps can have more than one row per cycle.
    if (!mapping.has('step_id') || summary?.per === 'cycle') return kind;
    if (summary === undefined && records.length > 2) throw new OtherFormatError(format.title);
  } else if (summary === undefined) {
    refuseImpedance(header, mapping, records);
    findCurrent(format, header, mapping, records);
    return kind;
  }
  if (summary?.per !== 'cycle' && format.vendor !== 'generic') {
    throw new LeftAsideError('one line per step: the records themselves are in the export beside it');
  }
  if (summary?.per === 'cycle' && format.vendor !== 'generic' && mapping.has('vendor_cycle_count'))
    return 'summary';
  throw new MissingColumnError(
    `a summary, ${summary?.reason}, and no time series: nothing of it is stored as records`,
  );
}

/** The names of a table's columns with their units, as its rows have them. */
function headerOf({ header, units }: TableLocation, rows: readonly (readonly string[])[]): HeaderField[] {
  const packed = packedHeader(header, units !== undefined, usualFieldCount(rows));
  return readHeader(withUnits(units === undefined ? numberedHeader(packed, rows) : packed, units));
}

function planTable(format: Format, head: Head, at: TableLocation): TablePlan {
  const rows =
    at.facts.rows?.map(({ fields }) => fields) ??
    sampleRows(head.lines, at.delimiter, at.firstLine, at.lastLine ?? head.lines.length, format.comments);
  const header = headerOf(at, rows);
  const records = format.layered ? rows.filter((row) => row[0] === '' && row[1] === '') : rows;
  const isFilled = (index: number) => records.some((row) => (row[index] ?? '').trim() !== '');
  const mapping = mapColumns(format, header, isFilled);
  // Exports list columns of techniques that were never run; a frequency without any value does not make a table one
  // of impedance.
  const frequency = mapping.get('frequency_hertz');
  const hasPoints =
    holdsImpedance(format, mapping) &&
    (records.length === 0 || (frequency !== undefined && isFilled(frequency.field.index)));
  requireColumns(at.kind, mapping, header, hasPoints);
  const kind =
    hasPoints && at.kind !== 'timeseries' ? at.kind : kindOf(format, at.kind, header, mapping, records);
  const valuesOf = (role: Role) => {
    const index = mapping.get(role)?.field.index;
    return index === undefined ? [] : records.map((row) => row[index] ?? '');
  };
  settleVoltageUnit(mapping, valuesOf('voltage_volt'));
  const testTimeValues = valuesOf('test_time_second');
  const testTime = columnSyntax(testTimeValues, durationSyntax);
  const stepTime = columnSyntax(valuesOf('step_time_second'), durationSyntax);
  const testTimeClock = testTime === undefined ? columnSyntax(testTimeValues, clockSyntax) : undefined;
  const dates = testTimeClock === undefined ? valuesOf('date_time') : testTimeValues;
  settleTimeUnit(format, mapping, records, mapping.has('test_time_second') ? testTime : stepTime);
  const preamble = head.lines.slice(0, at.firstLine - 1);
  const startedAt = at.facts.started_at ?? preambleMatch(format.preamble.started_at, preamble);
  const proven = provenDateOrder([...dates, ...(startedAt === undefined ? [] : [startedAt])]);
  const usual = usualFieldCount(records);
  const fieldCount = usual >= neededFields(mapping) ? usual : header.length;
  const linesAbove = at.headerLine === undefined ? [] : head.lines.slice(0, at.headerLine - 1);
  const above = dataAbove(linesAbove, at.delimiter, mapping, fieldCount);
  const temperature = preambleMatch(format.preamble.temperature_celsius, preamble);
  const voltage = mapping.get('voltage_volt');
  const voltages = records
    .filter((row) => !(frequency !== undefined && Number(row[frequency.field.index]?.replace(',', '.')) > 0))
    .map((row) => row[voltage?.field.index ?? 0] ?? '');
  return {
    kind,
    header,
    mapping,
    reference: referenceElectrode(voltage, preamble, voltages),
    lengthOverArea: format.lengthOverArea,
    ...withoutRole(format, header, mapping, kind === 'timeseries' || kind === 'mixed' ? records : undefined),
    dialect: { delimiter: at.delimiter, decimal: detectDecimal(rows) },
    headerLine: at.headerLine,
    headerText: at.headerLine === undefined || at.isFolded ? undefined : head.lines[at.headerLine - 1],
    headLines:
      at.firstLine - 1 - (at.headerLine !== undefined && at.units !== undefined ? 1 : 0) - above.length,
    above,
    firstLine: at.firstLine,
    lastLine: at.lastLine,
    fieldCount,
    lastFieldOptional: rows.some((row) => row.length === fieldCount && row[fieldCount - 1]?.trim() === ''),
    testTime: testTimeClock === undefined ? (testTime ?? 'number') : 'clock',
    stepTime,
    clock: testTimeClock ?? columnSyntax(dates, clockSyntax),
    dateOrder: proven,
    firstTime: testTimeValues.find((value) => value.trim() !== '')?.trim(),
    firstClock:
      dates.find((value) => clockSyntax(value) !== undefined)?.trim() ?? firstUnixTime(mapping, records),
    startedAt,
    temperature:
      at.facts.temperature_celsius ?? (temperature === undefined ? undefined : Number(temperature)),
    cell:
      at.facts.cell ?? preambleMatch(format.preamble.cell, preamble) ?? cellInColumn(format, header, records),
    channel: undefined,
    rows: at.facts.rows,
    layers: format.layered ? layersAbove(head, at) : undefined,
    comments: format.comments,
  };
}

/** Lines of text between a header and its numbers that are skipped where a format may have them. */
const longestText = 10;

const hasNumber = (fields: readonly string[]): boolean =>
  fields.some((field) => durationSyntax(field) === 'number');

/** Where the rows below a header row begin: after a units row, blank lines and lines that the format declares. */
function belowHeader(
  head: Head,
  header: FoundHeader,
  { linesBelow, skipsText }: { linesBelow: number; skipsText: boolean },
): { firstLine: number; units: string[] | undefined } {
  let line = header.lastLine + 1 + linesBelow;
  while (line <= head.lines.length && head.lines[line - 1]!.trim() === '') line++;
  const cut = (at: number) =>
    splitFields(unwrapLine(head.lines[at - 1] ?? '', header.delimiter), header.delimiter);
  const fields = cut(line);
  if (skipsText && !isUnitsRow(fields)) {
    const numbers = Array.from({ length: longestText }, (_, index) => line + index).find((at) =>
      hasNumber(cut(at)),
    );
    line = numbers ?? line;
  }
  return isUnitsRow(fields) ? { firstLine: line + 1, units: fields } : { firstLine: line, units: undefined };
}

/**
 * The plans of the tables that can be read; a table without a required column does not affect the others.
 *
 * @throws MissingColumnError where no table can be read
 */
function keepReadable(tables: readonly FoundTable[], plan: (table: FoundTable) => TablePlan): TablePlan[] {
  const plans: TablePlan[] = [];
  let failure: MissingColumnError | undefined;
  for (const table of tables) {
    try {
      plans.push(plan(table));
    } catch (error) {
      if (!(error instanceof MissingColumnError)) throw error;
      failure ??= error;
    }
  }
  if (plans.length === 0 && failure !== undefined) throw failure;
  return plans;
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
    return keepReadable(format.hook({ lines: head.lines, delimiter }), (table) =>
      planTable(format, head, {
        kind: table.kind,
        header: table.header,
        units: table.units,
        headerLine: undefined,
        isFolded: false,
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
      isFolded: false,
      firstLine: 1,
      lastLine: undefined,
      delimiter: format.delimiter ?? detectDelimiter(head.lines.slice(0, 100)),
      facts: {},
    };
    return [planTable(format, head, location)];
  }
  const below = format.header.kind === 'row' ? format.header : { linesBelow: 0, skipsText: false };
  const { firstLine, units } = belowHeader(head, header, below);
  const location: TableLocation = {
    kind: format.kind,
    header: header.fields,
    units,
    headerLine: header.line,
    isFolded: header.lastLine > header.line,
    firstLine,
    lastLine: undefined,
    delimiter: header.delimiter,
    facts: {},
  };
  return [planTable(format, head, location)];
}
