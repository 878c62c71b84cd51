import { editDistance } from '../../edit-distance.js';
import type { Format, FoundTable, Role } from '../formats/definition.js';
import { roles } from '../formats/definition.js';
import {
  type HeaderField,
  type MatchedField,
  matchField,
  nameKey,
  readHeader,
  type Spelling,
} from '../formats/header.js';
import { unitConversion, unitDimension } from '../formats/units.js';
import { type ClockSyntax, clockSyntax, type DateOrder, parseClock, provenDateOrder } from './clock.js';
import {
  type Dialect,
  detectDecimal,
  detectDelimiter,
  splitFields,
  unwrapLine,
  usualFieldCount,
} from './dialect.js';
import { type DurationSyntax, durationSeconds, durationSyntax } from './durations.js';
import { type LayerPositions, layerPositions } from './layers.js';
import type { FoundHeader, Head, Recognition } from './recognise.js';

/** A header field that feeds a role, with what the declaration adds. */
export interface Mapped extends MatchedField {
  negate: boolean;
  /** The unit that the values prove, where the header names none or a wrong one. */
  settledUnit?: string;
}

const implausibleVolt = 100;

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

/** A file of a known format that lacks a column it cannot be read without. */
export class MissingColumnError extends Error {}

/** A spelling as declared, in its full form. */
export const spellingOf = (given: NonNullable<Format['columns'][Role]>[number]): Spelling =>
  typeof given === 'string' || given instanceof RegExp ? { name: given } : given;

/**
 * Fits a format's declared spellings to header fields; each field feeds at most one role. Of several that fit, the
 * first spelling's is taken whose column has values, since exports list columns that a set-up never fills.
 *
 * @param isFilled whether the column at a position has a value in the rows looked at
 */
export function mapColumns(
  format: Format,
  header: readonly HeaderField[],
  isFilled: (index: number) => boolean = () => true,
): Map<Role, Mapped> {
  const mapping = new Map<Role, Mapped>();
  const taken = new Set<number>();
  for (const [role, spellings] of Object.entries(format.columns) as [
    Role,
    Parameters<typeof spellingOf>[0][],
  ][]) {
    const dimension = roles[role];
    const candidates = spellings.map(spellingOf).flatMap((spelling) => {
      const matches = header
        .filter(({ index }) => !taken.has(index))
        .flatMap((field) => matchField(field, spelling, dimension, format.defaultUnits[dimension]) ?? []);
      const match = preferExactCase(matches, spelling);
      return match === undefined ? [] : [{ ...match, negate: spelling.negate ?? false }];
    });
    const chosen = candidates.find(({ field }) => isFilled(field.index)) ?? candidates[0];
    if (chosen === undefined) continue;
    mapping.set(role, chosen);
    taken.add(chosen.field.index);
  }
  return mapping;
}

/** Two columns may differ by case only; the one written as declared is meant. */
function preferExactCase(matches: MatchedField[], spelling: Spelling): MatchedField | undefined {
  const exact = matches.find(({ field }) => field.readings.some(({ name }) => name === spelling.name));
  return exact ?? matches[0];
}

/** Header rows with units below them: no number in it, and at least one unit. */
export function isUnitsRow(fields: readonly string[]): boolean {
  const filled = fields
    .map((field) => field.trim().replace(/^[[(](.*)[\])]$/, '$1'))
    .filter((field) => field !== '');
  if (filled.length === 0 || filled.some((field) => field !== '#' && /\d/.test(field))) return false;
  return filled.some((field) => unitDimension(field) !== undefined || field === '°C');
}

function withUnits(header: readonly string[], units: readonly string[] | undefined): string[] {
  if (units === undefined) return [...header];
  return header.map((name, index) => {
    const unit = units[index]?.trim().replace(/^[[(](.*)[\])]$/, '$1') ?? '';
    return unit === '' || unit === '#' ? name : `${name} [${unit}]`;
  });
}

function nearestSpelling(format: Format, text: string): string | undefined {
  const known = Object.values(format.columns)
    .flat()
    .map((given) => spellingOf(given!).name)
    .filter((name): name is string => typeof name === 'string');
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const distance = editDistance(nameKey(text), nameKey(name));
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best !== undefined && bestDistance <= Math.max(2, best.length / 2) ? best : undefined;
}

function isIgnored(format: Format, field: HeaderField): boolean {
  return format.ignored.some((pattern) =>
    pattern instanceof RegExp
      ? pattern.test(field.text)
      : field.readings.some(({ name }) => nameKey(name) === nameKey(pattern)),
  );
}

/** What a table must have to be worth reading; the message names what is missing and what was found. */
function requireColumns(
  kind: TablePlan['kind'],
  mapping: ReadonlyMap<Role, Mapped>,
  header: readonly HeaderField[],
): void {
  const has = (role: Role) => mapping.has(role);
  const missing: string[] = [];
  const hasTime =
    has('test_time_second') || has('step_time_second') || has('date_time') || has('unix_time_second');
  const isImpedance =
    has('frequency_hertz') &&
    ((has('real_impedance_ohm') && has('imaginary_impedance_ohm')) ||
      (has('absolute_impedance_ohm') && has('phase_degree')));
  if (kind === 'timeseries' || (kind === 'mixed' && !isImpedance)) {
    if (!hasTime) missing.push('time');
    if (!has('voltage_volt')) missing.push('voltage');
  } else if (kind === 'impedance' && !isImpedance) {
    if (!has('frequency_hertz')) missing.push('frequency');
    if (!has('real_impedance_ohm') && !has('absolute_impedance_ohm')) missing.push('real impedance');
    if (!has('imaginary_impedance_ohm') && !has('phase_degree')) missing.push('imaginary impedance');
  } else if (kind === 'summary' && !has('vendor_cycle_count')) missing.push('cycle number');
  if (missing.length === 0) return;
  const found = header.map(({ text }) => text).filter((text) => text !== '');
  throw new MissingColumnError(
    `missing ${missing.join(' and ')} column; columns found: ${found.join(', ') || 'none'}`,
  );
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

/** A bare number of time means seconds, minutes or hours: the clock of the same rows decides where it can. */
function settleTimeUnit(
  format: Format,
  mapping: Map<Role, Mapped>,
  times: readonly string[],
  clocks: readonly string[],
  syntax: DurationSyntax | undefined,
): void {
  const time = mapping.get('test_time_second');
  const isOpen = (mapped: Mapped) => mapped.writtenUnit === undefined || format.doubtfulTimeUnit;
  if (time === undefined || !isOpen(time) || syntax !== 'number') return;
  const elapsed = span(times.map((value) => durationSeconds(value)));
  const order = provenDateOrder(clocks) ?? 'month-first';
  const onClock = span(clocks.map((value) => parseClock(value, order))) / 1000;
  if (!(elapsed > 0) || !(onClock > 0)) return;
  for (const unit of format.bareTimeUnits) {
    const conversion = unitConversion(unit, 'time');
    if (conversion === undefined) continue;
    const seconds = (elapsed * (conversion.multiply ?? 1)) / (conversion.divide ?? 1);
    if (Math.abs(seconds / onClock - 1) > 0.05) continue;
    mapping.set('test_time_second', { ...time, conversion, settledUnit: unit });
    const stepTime = mapping.get('step_time_second');
    if (stepTime !== undefined && isOpen(stepTime)) {
      mapping.set('step_time_second', { ...stepTime, conversion });
    }
    return;
  }
}

function span(values: readonly (number | undefined)[]): number {
  const known = values.filter((value): value is number => value !== undefined);
  return known.length < 2 ? Number.NaN : known.at(-1)! - known[0]!;
}

/** No cell has hundreds of volts: where the header names no unit, such values are millivolts. */
function settleVoltageUnit(mapping: Map<Role, Mapped>, values: readonly string[]): void {
  const voltage = mapping.get('voltage_volt');
  if (voltage === undefined || voltage.writtenUnit !== undefined) return;
  const numbers = values
    .map((value) => Math.abs(Number(value.replace(',', '.'))))
    .filter((value) => value > 0);
  const middle = numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
  if (middle === undefined || middle <= implausibleVolt) return;
  mapping.set('voltage_volt', {
    ...voltage,
    conversion: { dimension: 'voltage', divide: 1000 },
    settledUnit: 'mV',
  });
}

/** The syntax most values of a column have. */
function columnSyntax<T>(
  values: readonly string[],
  syntaxOf: (value: string) => T | undefined,
): T | undefined {
  const counts = new Map<string, { syntax: T; times: number }>();
  for (const value of values) {
    if (value.trim() === '') continue;
    const syntax = syntaxOf(value);
    if (syntax === undefined) continue;
    const key = JSON.stringify(syntax);
    const seen = counts.get(key);
    counts.set(key, { syntax, times: (seen?.times ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.times - a.times)[0]?.syntax;
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
