import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { longestLine, type Portion } from '../bytes/portions.js';
import type { Encoding } from '../bytes/text.js';
import type { Format, Role } from '../formats/definition.js';
import { clockSeconds } from '../sniff/clock-seconds.js';
import { writtenSeconds } from '../sniff/durations.js';
import type { TablePlan } from '../sniff/plan.js';
import { convertBlock, fieldReadings, missingRoles, type Rows } from './convert.js';
import { type CutPlan, FieldCutter } from './cut.js';
import { LayerReader, LineJudge, messagePattern } from './judge.js';
import { keepRows, type PortionRows } from './portion-rows.js';
import { type FieldReading, firstPlaces, type RecordBlock, type Reject } from './records.js';
import type { SharedMemory } from './shared-memory.js';

/** Everything that decides how portions of a table are read; it can be sent to another thread. */
export interface PortionPlan {
  plan: TablePlan;
  format: Format;
  encoding: Encoding;
  needsClock: boolean;
  /** Set where no record is taken: why each line is rejected. */
  refusal?: string | undefined;
}

/** A row that was already cut into fields, and the line it is attributed to. */
export interface GatheredRow {
  line: number;
  fields: readonly string[];
}

/** Which lines of a portion belong to the table, counted from its first, which is 0. */
export interface LineRange {
  from: number;
  to: number;
}

/** The fields of a record, or what the line is instead. */
interface CutRecord {
  line: string;
  fields: readonly string[];
  /** The last line of the file, without a line end. */
  isLast: boolean;
  bad?: string;
}

/** A block in canonical units, with what is known about its records. */
interface JudgedBlock {
  rows: Rows;
  isPoint: Uint8Array | undefined;
  /** The required role for which a record has no value. */
  roleAt: (at: number) => Role | undefined;
  isMessage: ((row: number) => boolean) | undefined;
  /** Whether a record cannot be stored; undefined: all can. */
  isOdd: ((at: number) => boolean) | undefined;
}

const newline = 10;
/** Over how many line ends a quoted field may continue. */
const [mostLines, mostBytes] = [100, 64 << 10];

/**
 * Reads portions of one table: cuts lines, converts values, and gives the reason for each line that is not a record.
 */
export class PortionReader {
  private readonly portionPlan: PortionPlan;
  private readonly readings: readonly (FieldReading | undefined)[];
  private readonly cutter: FieldCutter;
  private readonly judge: LineJudge;
  private readonly layers: LayerReader | undefined;
  private readonly message: RegExp | undefined;
  private rejects: Reject[] = [];
  private layerRows: PortionRows['layers'] = [];
  private bytes: Buffer = Buffer.alloc(0);
  private header: PortionRows['header'];
  /** Rows that were already cut, where no bytes are read. */
  private gathered: readonly GatheredRow[] | undefined;

  /** @param memory source of the memory for what is read */
  constructor(portionPlan: PortionPlan, memory?: SharedMemory) {
    const { plan, format } = portionPlan;
    this.portionPlan = portionPlan;
    this.readings = fieldReadings(plan, portionPlan.needsClock);
    this.cutter = new FieldCutter(this.cutPlan(), memory);
    this.judge = new LineJudge(plan, format);
    this.layers =
      plan.layers === undefined ? undefined : new LayerReader(plan.layers, plan.dialect.delimiter);
    this.message = messagePattern(format, plan);
  }

  private cutPlan(): CutPlan {
    const { plan } = this.portionPlan;
    const { dialect, fieldCount, lastFieldOptional, clock, dateOrder } = plan;
    const fields = this.readings;
    const duration = (text: string) => writtenSeconds(text) ?? Number.NaN;
    const onClock = (text: string) =>
      clock === undefined ? Number.NaN : clockSeconds(text, clock, dateOrder);
    return {
      ...dialect,
      fieldCount,
      lastFieldOptional,
      fields,
      seconds: fields.map((reading) =>
        reading === 'duration' ? duration : reading === 'clock' ? onClock : undefined,
      ),
      hasDates: clock !== undefined && clock.kind !== 'time-of-day' && clock.kind !== 'ticks',
      decode: (bytes) => this.decode(bytes),
    };
  }

  /** Text of bytes; bytes that are not UTF-8 in a file that should be are read as Latin text rather than lost. */
  private decode(bytes: Buffer): string {
    const { encoding } = this.portionPlan;
    // UTF-16 was converted to UTF-8 before it was cut.
    if (encoding === 'utf-8' || encoding.startsWith('utf-16')) {
      return isUtf8(bytes) ? bytes.toString('utf8') : iconv.decode(bytes, 'windows-1252');
    }
    return iconv.decode(bytes, encoding);
  }

  private lineText(start: number, end: number): string {
    return this.decode(this.bytes.subarray(start, end)).replace(/\r+$/, '').replaceAll('\r', ' ');
  }

  /** Reads the lines of a portion that lie in `range`. */
  read(portion: Portion, range: LineRange = { from: 0, to: Number.POSITIVE_INFINITY }): PortionRows {
    const { bytes } = portion;
    this.bytes = bytes;
    this.gathered = undefined;
    this.header = undefined;
    this.rejects = [];
    this.layerRows = [];
    this.cutter.begin(bytes);
    const hasNul = bytes.includes(0);
    const {
      plan: { comments },
      refusal,
    } = this.portionPlan;
    const overlong = new Set(portion.overlong);
    let place = 0;
    for (let at = 0; at < bytes.length && this.header === undefined; place++) {
      const isInside = place >= range.from && place <= range.to;
      const end =
        isInside &&
        refusal === undefined &&
        !hasNul &&
        comments === undefined &&
        !overlong.has(at) &&
        !this.mayBeLayer(at)
          ? this.cutter.line(at, place)
          : -1;
      if (end !== -1) {
        at = end;
        continue;
      }
      const stop = bytes.indexOf(newline, at);
      const isOpen = portion.isOpen && stop === bytes.length - 1;
      const isOverlong = overlong.has(at) || stop - at > longestLine;
      const taken = isInside ? this.odd(at, stop, place, { isOverlong, isOpen }) : 1;
      for (let line = 0; line < taken; line++) at = bytes.indexOf(newline, at) + 1;
      place += taken - 1;
    }
    return this.finish(portion, place);
  }

  /** Reads rows that a hook gathered from several lines each. Their places are their lines. */
  readRows(rows: readonly GatheredRow[]): PortionRows {
    this.bytes = Buffer.alloc(0);
    this.gathered = rows;
    this.rejects = [];
    this.layerRows = [];
    this.cutter.begin(this.bytes);
    for (const [index, { line, fields }] of rows.entries()) {
      if (this.judge.fits(fields)) this.cutter.fields(fields, index, line, false);
      else this.rejects.push(this.judge.reject(fields.join(' '), line, this.judge.unfitting(fields)));
    }
    return this.finish({ bytes: this.bytes, isLast: true, isOpen: false, overlong: [] }, 0);
  }

  private mayBeLayer(at: number): boolean {
    return this.layers?.mayBe(this.bytes, at) === true;
  }

  /** Examines a line that is not a regular record. Returns the number of lines that it takes. */
  private odd(
    start: number,
    stop: number,
    place: number,
    at: { isOverlong: boolean; isOpen: boolean },
  ): number {
    const line = this.lineText(start, Math.min(stop, start + longestLine));
    const layer = this.layers?.read(line);
    if (layer !== undefined) {
      this.layerRows.push({ before: this.cutter.count, row: layer });
      return 1;
    }
    const shape = this.judge.shape(line, at);
    const { refusal } = this.portionPlan;
    if (refusal !== undefined) {
      if (shape.kind !== 'blank') this.rejects.push(this.judge.reject(line, place, refusal));
    } else if (shape.kind === 'header') this.header = { place, offset: start };
    else if (shape.kind === 'row') this.cutter.fields(shape.fields, start, place, shape.isQuoted);
    else if (shape.kind === 'bad') {
      const joined = shape.reason === 'a quote is not closed' ? this.joined(start, stop) : undefined;
      if (joined !== undefined) {
        this.cutter.fields(joined.fields, start, place, true);
        return joined.lines;
      }
      this.rejects.push(this.judge.reject(line, place, shape.reason));
    }
    return 1;
  }

  /** A record whose quoted fields contain line ends and which covers several lines; undefined where it is not one. */
  private joined(start: number, stop: number): { fields: string[]; lines: number } | undefined {
    let end = stop;
    for (let lines = 2; lines <= mostLines; lines++) {
      end = this.bytes.indexOf(newline, end + 1);
      if (end === -1 || end - start > mostBytes) return undefined;
      const shape = this.judge.shape(this.lineText(start, end), { isOverlong: false, isOpen: false });
      if (shape.kind === 'row')
        return this.isTextThere(shape.fields) ? { fields: shape.fields, lines } : undefined;
      if (shape.kind !== 'bad' || shape.reason !== 'a quote is not closed') return undefined;
    }
    return undefined;
  }

  /** Whether line ends are only inside words: a number across line ends has lost its quote, and swallows lines. */
  private isTextThere(fields: readonly string[]): boolean {
    return fields.every(
      (field, index) => !field.includes('\n') || (this.readings[index] ?? 'text') === 'text',
    );
  }

  /** Converts what was cut, and removes the records that cannot be stored. */
  private finish(portion: Portion, placeCount: number): PortionRows {
    const block = this.cutter.block(placeCount);
    const found = this.judged(block);
    return this.withoutOdd(this.portionRows(found, this.cutter.lineStarts(), portion), found);
  }

  /**
   * Reads records that come as columns: converts them, and removes those that cannot be stored.
   *
   * @param linesOf gives texts of records, by their numbers in the block; called where a record is rejected
   */
  async block(block: RecordBlock, linesOf: (records: number[]) => Promise<string[]>): Promise<PortionRows> {
    this.gathered = undefined;
    this.header = undefined;
    this.rejects = [];
    this.layerRows = [];
    const found = this.judged(block);
    const { isOdd } = found;
    const odd = isOdd === undefined ? [] : Array.from(firstPlaces(block.count)).filter(isOdd);
    const starts = new Uint32Array(odd.length === 0 ? 0 : block.count);
    const lines = odd.length === 0 ? [] : await linesOf(odd);
    let offset = 0;
    for (const [index, at] of odd.entries()) {
      starts[at] = offset;
      offset += Buffer.byteLength(lines[index]!) + 1;
    }
    this.bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const portion = { bytes: this.bytes, isLast: false, isOpen: false, overlong: [] };
    return this.withoutOdd(this.portionRows(found, starts, portion), found);
  }

  /** A block in canonical units, and which of its records cannot be stored. */
  private judged(block: RecordBlock): JudgedBlock {
    const { plan } = this.portionPlan;
    const rows = convertBlock(block, plan);
    const { missing, roles, isPoint } = missingRoles(rows, plan);
    const isMessage = this.messageWords(rows);
    const roleAt = (at: number) =>
      missing === undefined || missing[at] === -1 ? undefined : roles[missing[at]!]!;
    const isOdd =
      missing === undefined && isMessage === undefined
        ? undefined
        : (at: number) => roleAt(at) !== undefined || isMessage?.(at) === true;
    return { rows, isPoint, roleAt, isMessage, isOdd };
  }

  private portionRows({ rows, isPoint }: JudgedBlock, starts: Uint32Array, portion: Portion): PortionRows {
    const { rejects, layerRows: layers, header } = this;
    return { ...rows, isPoint, rejects, layers, portion, starts, header };
  }

  private withoutOdd(result: PortionRows, { rows, roleAt, isMessage, isOdd }: JudgedBlock): PortionRows {
    if (isOdd === undefined) return result;
    const { portion, starts } = result;
    const isKept = new Uint8Array(rows.count).fill(1);
    for (let at = 0; at < rows.count; at++) {
      if (!isOdd(at)) continue;
      isKept[at] = 0;
      const record = this.recordAt(starts[at]!, portion.isOpen);
      if (record === 'header') return this.upTo(result, isKept, at);
      if (record !== undefined) this.rejectRecord(record, rows, at, roleAt(at), isMessage?.(at) === true);
    }
    this.rejects.sort((a, b) => a.line_number - b.line_number);
    return keepRows(result, isKept);
  }

  /** The lines above a header that was cut like a record. */
  private upTo(rows: PortionRows, isKept: Uint8Array, at: number): PortionRows {
    const place = rows.places[at]!;
    isKept.fill(0, at);
    const rejects = rows.rejects
      .filter(({ line_number }) => line_number < place)
      .sort((a, b) => a.line_number - b.line_number);
    const header = { place, offset: rows.starts[at]! };
    return keepRows({ ...rows, rejects, placeCount: place + 1, header }, isKept);
  }

  /** Whether a record is a message of the instrument, by its word; undefined where no record can be one. */
  private messageWords(rows: Rows): ((row: number) => boolean) | undefined {
    const types = rows.words.vendor_step_type;
    if (this.message === undefined || types === undefined) return undefined;
    const flags = types.words.map((word) => this.message!.test(word));
    if (!flags.includes(true)) return undefined;
    return (row) => flags[types.codes[row]!] === true;
  }

  /**
   * The fields of a record that was cut, or the shape of its line where it is not a record; undefined: it is blank.
   */
  private recordAt(start: number, isOpen: boolean): CutRecord | 'header' | undefined {
    const row = this.gathered?.[start];
    if (row !== undefined) return { line: row.fields.join(' '), fields: row.fields, isLast: false };
    const stop = this.bytes.indexOf(newline, start);
    const line = this.lineText(start, stop);
    const isLast = isOpen && stop === this.bytes.length - 1;
    const shape = this.judge.shape(line, { isOverlong: false, isOpen: isLast });
    if (shape.kind === 'blank') return undefined;
    if (shape.kind === 'row') return { line, fields: shape.fields, isLast };
    if (shape.kind === 'header') return 'header';
    const joined = shape.reason === 'a quote is not closed' ? this.joined(start, stop) : undefined;
    return joined === undefined
      ? { line, fields: [], isLast, bad: shape.reason }
      : { line, fields: joined.fields, isLast };
  }

  private rejectRecord(
    { line, fields, isLast, bad }: CutRecord,
    rows: Rows,
    at: number,
    role: Role | undefined,
    isMessage: boolean,
  ): void {
    const place = rows.places[at]!;
    if (bad !== undefined) {
      this.rejects.push(this.judge.reject(line, place, bad));
      return;
    }
    const frequency = rows.numbers.frequency_hertz?.[at] ?? Number.NaN;
    const reason = isMessage
      ? 'a message record, not a measurement'
      : this.judge.missingReason(role!, fields, isLast, frequency);
    this.rejects.push(this.judge.reject(line, place, reason, role, fields));
  }
}
