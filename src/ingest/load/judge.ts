import type { Format, Role } from '../formats/definition.js';
import { readHeader } from '../formats/header.js';
import { type Dialect, splitQuoted, unwrapLine } from '../sniff/dialect.js';
import type { LayerPositions } from '../sniff/layers.js';
import { mapColumns } from '../sniff/map-columns.js';
import type { TablePlan } from '../sniff/plan.js';
import type { Reject } from './records.js';

/** Longest text of a line that is kept with a reject, in characters. */
export const keptLine = 10_000;
const keptValue = 1000;

/** What a line is by its shape alone. */
export type Shape =
  | { kind: 'blank' }
  /** A row of the table, cut; `isQuoted`: some field stood in quotes. */
  | { kind: 'row'; fields: string[]; isQuoted: boolean }
  /** Names of other columns than those above, or of the same in another order or unit. */
  | { kind: 'header' }
  | { kind: 'bad'; reason: string };

/** What a row of an interleaved export says about the records below it. */
export interface LayerRow {
  /** Undefined where the row does not say. */
  cycle: number | undefined;
  stepId: string | undefined;
  stepCount: string | undefined;
  stepType: string | undefined;
}

/** Where a line is in the file, as far as its shape depends on it. */
export interface LinePlace {
  isOverlong: boolean;
  /** Whether it is the last line of the file, without a line end, so that it may be cut off. */
  isOpen: boolean;
}

/** Columns whose names identify a header. */
const neededRoles: readonly Role[] = ['voltage_volt', 'current_ampere', 'frequency_hertz'];
const isNumber = (field: string) => /^[ \t]*[+-]?\d*[.,]?\d+([eE][+-]?\d+)?[ \t]*$/.test(field);

/** Text that can be displayed: NUL bytes become their symbol. */
const shown = (text: string, length: number) => text.slice(0, length).replaceAll('\0', '\u2400');

const trimBlanks = (text: string) => text.replace(/^[ \t]+|[ \t]+$/g, '');
const isInteger = (text: string | undefined) => text !== undefined && /^\d+$/.test(text);

/** Fields of a line, or undefined where a quote is not closed. */
export function cutLine(line: string, delimiter: Dialect['delimiter']): string[] | undefined {
  if (delimiter === 'whitespace') return trimBlanks(line).split(/[ \t]+/);
  if (!line.includes('"')) return line.split(delimiter);
  return splitQuoted(unwrapLine(line, delimiter), delimiter);
}

/** Says what a line is that is not a regular record, in the words of its reject. */
export class LineJudge {
  private readonly plan: TablePlan;
  private readonly format: Format;
  private readonly header: string | undefined;
  private readonly allowed: number[];

  constructor(plan: TablePlan, format: Format) {
    this.plan = plan;
    this.format = format;
    this.header = plan.headerText === undefined ? undefined : this.comparable(plan.headerText);
    this.allowed = plan.lastFieldOptional ? [plan.fieldCount, plan.fieldCount - 1] : [plan.fieldCount];
  }

  /** A line in the form in which it is compared with the header: names without quotes and outer blanks. */
  private comparable(line: string): string {
    const fields = cutLine(line.replace(/^\uFEFF/, '').replace(/\r+$/, ''), this.plan.dialect.delimiter);
    return (fields ?? [line]).join('\u001f').trim();
  }

  /** Whether a line names columns of this format, and holds no number. */
  private isOtherHeader(fields: readonly string[]): boolean {
    const { mapping, headerLine, lastLine } = this.plan;
    if (
      headerLine === undefined ||
      lastLine !== undefined ||
      this.format.hook !== undefined ||
      this.format.layered
    )
      return false;
    const isName = (field: string) => /\p{L}/u.test(field);
    if (fields.filter(isName).length < fields.length / 2 || fields.some(isNumber)) return false;
    const found = mapColumns(this.format, readHeader(fields));
    const needed = neededRoles.filter((role) => mapping.has(role));
    if (needed.length > 0 && needed.every((role) => found.has(role))) return true;
    // Names of other columns are a header, too: the lines after it do not have the columns of the header above.
    return found.size >= 2 && 2 * found.size >= mapping.size && needed.some((role) => found.has(role));
  }

  fits(fields: readonly string[]): boolean {
    const { fieldCount } = this.plan;
    if (this.allowed.includes(fields.length)) return true;
    // One additional empty field is a trailing delimiter.
    return fields.length === fieldCount + 1 && trimBlanks(fields[fieldCount]!) === '';
  }

  unfitting(fields: readonly string[]): string {
    return `${fields.length} fields instead of ${this.plan.fieldCount}`;
  }

  shape(line: string, { isOverlong, isOpen }: LinePlace): Shape {
    const { comments, dialect } = this.plan;
    if (/^[ \t,;]*$/.test(line) || comments?.test(line) === true) return { kind: 'blank' };
    const bad = (reason: string): Shape => ({ kind: 'bad', reason });
    if (isOverlong) return bad('longer than any line of an export');
    if (line.includes('\0')) return bad('NUL bytes');
    const fields = cutLine(line, dialect.delimiter);
    if (fields === undefined) return bad('a quote is not closed');
    if (fields.every((field) => /^[ \t,;]*$/.test(field))) return { kind: 'blank' };
    if (this.header !== undefined && this.comparable(line) === this.header) return bad('header repeated');
    if (this.isOtherHeader(fields)) return { kind: 'header' };
    if (isOpen && fields.length < Math.min(...this.allowed)) return bad('incomplete last line');
    if (!this.fits(fields)) return bad(this.unfitting(fields));
    return { kind: 'row', fields, isQuoted: line.includes('"') };
  }

  /** The reject of a line, for its shape or for the record in it. */
  reject(line: string, place: number, reason: string, role?: Role, fields?: readonly string[]): Reject {
    const field = role === undefined ? undefined : this.plan.mapping.get(role)?.field;
    const value = field === undefined ? undefined : fields?.[field.index];
    return {
      line_number: place,
      column_name: field?.text ?? null,
      raw_value: value === undefined ? null : shown(value, keptValue),
      raw_line: shown(line, keptLine),
      reason,
    };
  }

  /** Why a record without a value of a role that it needs is not loaded. */
  missingReason(role: Role, fields: readonly string[], isOpen: boolean, frequency: number): string {
    const index = this.plan.mapping.get(role)?.field.index ?? -1;
    if (isOpen && fields.length === index + 1) return 'incomplete last line';
    if (role === 'frequency_hertz' && frequency <= 0)
      return 'a frequency of 0 or below is not an impedance point';
    const value = fields[index] ?? '';
    const name = role.replaceAll('_', ' ');
    if (value.trim() === '') return `${name} is empty`;
    return `${name} is not a number that can be stored: ${value.slice(0, 80)}`;
  }
}

/** Distinguishes the cycle and step rows of an interleaved export from its records. */
export class LayerReader {
  private readonly layers: LayerPositions;
  private readonly delimiter: Dialect['delimiter'];

  constructor(layers: LayerPositions, delimiter: Dialect['delimiter']) {
    this.layers = layers;
    this.delimiter = delimiter;
  }

  /** The content of the row; undefined where it is a record or something else. */
  read(line: string): LayerRow | undefined {
    const f = cutLine(line, this.delimiter);
    if (f === undefined) return undefined;
    const { cycleFields, stepFields, stepIndex, stepNumber, stepType } = this.layers;
    const n = f.length;
    const word = (position: number | undefined, offset: number) => {
      const text = position === undefined ? undefined : f[position + offset];
      const trimmed = text === undefined ? '' : trimBlanks(text);
      return trimmed === '' ? undefined : trimmed;
    };
    const said = (cycle: number | undefined, offset: number | undefined): LayerRow => ({
      cycle,
      stepId: offset === undefined ? undefined : word(stepIndex, offset),
      stepCount: offset === undefined ? undefined : word(stepNumber, offset),
      stepType: offset === undefined ? undefined : word(stepType, offset),
    });
    // In a joined line the fields of the step follow those of the cycle without their leading empty one.
    const glued = [cycleFields + stepFields - 1, cycleFields + stepFields].includes(n);
    if (isInteger(f[0]) && glued && isInteger(f[cycleFields + stepIndex - 1]))
      return said(Number(f[0]), cycleFields - 1);
    if (isInteger(f[0]) && [cycleFields, cycleFields + 1].includes(n)) return said(Number(f[0]), undefined);
    if (f[0] === '' && isInteger(f[stepIndex]) && [stepFields, stepFields + 1].includes(n))
      return said(undefined, 0);
    return undefined;
  }

  /** Whether a line may be one of these rows: records begin with two empty fields. */
  mayBe(bytes: Buffer, at: number): boolean {
    const byte = this.delimiter.charCodeAt(0);
    return this.layers.stepIndex !== 1 || bytes[at] !== byte || bytes[at + 1] !== byte;
  }
}

/** Whether records of a table may be messages of the instrument instead of measurements. */
export function messagePattern(format: Format, plan: TablePlan): RegExp | undefined {
  const message = format.states?.message;
  return message === undefined || !plan.mapping.has('vendor_step_type')
    ? undefined
    : new RegExp(message.source, 'i');
}
