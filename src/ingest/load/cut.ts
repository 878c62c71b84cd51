import { withinBounds } from '../sniff/clock-seconds.js';
import { FieldWords } from './field-words.js';
import { numberOf, powersOfTen, wordOf } from './numbers.js';
import { PlainTimes } from './plain-times.js';
import type { FieldReading, RecordBlock, TextColumn } from './records.js';
import type { SharedMemory } from './shared-memory.js';

/** How lines are cut and how each field is read, by position. */
export interface CutPlan {
  delimiter: '\t' | ',' | ';' | 'whitespace';
  decimal: '.' | ',';
  fieldCount: number;
  /** Whether the last field may be absent. */
  lastFieldOptional: boolean;
  fields: readonly (FieldReading | undefined)[];
  /** Converts a trimmed text to seconds or NaN, for fields that are read as elapsed time or clock. */
  seconds: readonly (((text: string) => number) | undefined)[];
  /** Whether a clock may be a date and a time of day, year first. */
  hasDates: boolean;
  /** Text of bytes of a field. */
  decode(bytes: Buffer): string;
}

const [tab, newline, carriageReturn, blank, quote, plus, minus, point, comma, zero] = [
  9, 10, 13, 32, 34, 43, 45, 46, 44, 48,
];
const [skipped, numeric, worded, timed] = [0, 1, 2, 3];
/** Integers below this are exact in a double; a larger one may be rounded. */
const firstInexact = 2 ** 53;

/** A growing column, by position among the fields. */
interface GrowingColumn {
  index: number;
  numbers: Float64Array | undefined;
  codes: Int32Array | undefined;
  words: FieldWords;
}

/**
 * Cuts lines of bytes into columns. A regular line, with the right number of fields and no peculiarity, is cut and
 * converted byte by byte; every other line is left to the caller.
 */
export class FieldCutter {
  /** Records so far. */
  count = 0;
  private capacity = 0;
  private places: Uint32Array = new Uint32Array(0);
  private starts: Uint32Array = new Uint32Array(0);
  private readonly columns: GrowingColumn[];
  private readonly kinds: Uint8Array;
  /** Where the numbers of a field go, by position; unused for other fields. */
  private targets: Float64Array[] = [];
  private readonly byField: (GrowingColumn | undefined)[];
  private readonly delimiter: number;
  private readonly decimal: number;
  private readonly plan: CutPlan;
  private readonly memory: SharedMemory | undefined;
  private readonly times: PlainTimes;
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  /** Average number of bytes of a record in the bytes before. */
  private bytesPerRecord = 60;

  /** @param memory where the memory of columns comes from; undefined: it is allocated */
  constructor(plan: CutPlan, memory?: SharedMemory) {
    this.plan = plan;
    this.memory = memory;
    this.delimiter = plan.delimiter === 'whitespace' ? blank : plan.delimiter.charCodeAt(0);
    this.decimal = plan.decimal === ',' ? comma : point;
    this.times = new PlainTimes(this.delimiter);
    this.kinds = Uint8Array.from(plan.fields, (reading) =>
      reading === undefined ? skipped : reading === 'number' ? numeric : reading === 'text' ? worded : timed,
    );
    this.byField = plan.fields.map((reading, index): GrowingColumn | undefined =>
      reading === undefined
        ? undefined
        : {
            index,
            numbers: reading === 'text' ? undefined : new Float64Array(0),
            codes: reading === 'text' ? new Int32Array(0) : undefined,
            words: new FieldWords(plan.decode),
          },
    );
    this.columns = this.byField.filter((column) => column !== undefined);
  }

  /** Begins with other bytes; what was cut before is discarded. */
  begin(bytes: Buffer): void {
    // A tenth more than the number in the bytes before.
    if (this.count > 0) this.bytesPerRecord = Math.max(2, (0.9 * this.bytes.length) / this.count);
    this.bytes = bytes;
    this.count = 0;
    this.capacity = 0;
    // The former arrays may have been sent to another thread.
    this.places = new Uint32Array(0);
    this.starts = new Uint32Array(0);
    for (const column of this.columns) {
      if (column.numbers !== undefined) column.numbers = new Float64Array(0);
      if (column.codes !== undefined) column.codes = new Int32Array(0);
      column.words = new FieldWords(this.plan.decode);
    }
    this.reserve(Math.max(64, Math.ceil(bytes.length / this.bytesPerRecord)));
  }

  private reserve(capacity: number): void {
    const grown = <A extends Float64Array | Int32Array | Uint32Array>(fresh: A, old: A): A => {
      fresh.set(old.subarray(0, this.count));
      return fresh;
    };
    const fresh = (width: number) =>
      [this.memory?.take(capacity * width) ?? new ArrayBuffer(capacity * width), 0, capacity] as const;
    this.places = grown(new Uint32Array(...fresh(4)), this.places);
    this.starts = grown(new Uint32Array(...fresh(4)), this.starts);
    for (const column of this.columns) {
      if (column.numbers !== undefined) column.numbers = grown(new Float64Array(...fresh(8)), column.numbers);
      if (column.codes !== undefined) column.codes = grown(new Int32Array(...fresh(4)), column.codes);
    }
    const none = new Float64Array(0);
    this.targets = this.byField.map((column) => column?.numbers ?? none);
    this.capacity = capacity;
  }

  /**
   * Cuts the line that begins at `start` into a record at `place`. Returns the offset after the line, or −1, with
   * nothing taken, where the line is not a regular one.
   */
  line(start: number, place: number): number {
    if (this.count === this.capacity) this.reserve(this.capacity * 2);
    const isBlank = this.plan.delimiter === 'whitespace';
    this.at = start;
    const fields = isBlank ? this.blankLine() : this.delimitedLine();
    if (fields < 0) return -1;
    const { fieldCount, lastFieldOptional } = this.plan;
    if (fields !== fieldCount && !(lastFieldOptional && fields === fieldCount - 1)) return -1;
    if (fields < this.byField.length) this.clear(fields);
    this.places[this.count] = place;
    this.starts[this.count] = start;
    this.count++;
    return this.at + 1;
  }

  /** Sets the fields of the present row from `field` on to missing. */
  private clear(field: number): void {
    for (let index = field; index < this.byField.length; index++) {
      const column = this.byField[index];
      if (column?.numbers !== undefined) column.numbers[this.count] = Number.NaN;
      if (column?.codes !== undefined) column.codes[this.count] = -1;
    }
  }

  /** Cuts the fields of a delimited line, which ends at `this.at`; −1 where it is not regular. */
  private delimitedLine(): number {
    const { bytes, delimiter, kinds } = this;
    const { fieldCount } = this.plan;
    for (let field = 0; ; field++) {
      // One additional empty field is a trailing delimiter.
      if (field === fieldCount) return this.isBlankRest() ? field : -1;
      const kind = field < kinds.length ? kinds[field]! : skipped;
      const isThere =
        (kind === numeric && (this.plainNumber(field) || this.number(field))) ||
        (kind === timed && this.plainTime(field)) ||
        (kind !== numeric && this.other(field, kind));
      if (!isThere) return -1;
      const byte = bytes[this.at]!;
      if (byte !== delimiter) return this.endsHere(byte) ? field + 1 : -1;
      this.at++;
    }
  }

  /** Reads a field with only digits, a sign and a decimal point; false, with nothing read, for any other field. */
  private plainNumber(field: number): boolean {
    const { bytes, delimiter, decimal } = this;
    let { at } = this;
    let digit = bytes[at]! - zero;
    const isNegative = digit === minus - zero;
    if (isNegative) digit = bytes[++at]! - zero;
    let mantissa = 0;
    let scale = 0;
    let begin = at;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - zero) mantissa = mantissa * 10 + digit;
    if (at === begin) return false;
    if (digit === decimal - zero && decimal !== delimiter) {
      begin = ++at;
      digit = bytes[at]! - zero;
      for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - zero) mantissa = mantissa * 10 + digit;
      scale = at - begin;
    }
    const isEnd = digit === delimiter - zero || digit === newline - zero;
    // Once an integer passes the largest exact one it stays above it, however it is rounded.
    if (!isEnd || mantissa >= firstInexact || scale > 22) return false;
    const value = scale === 0 ? mantissa : mantissa / powersOfTen[scale]!;
    this.targets[field]![this.count] = isNegative ? -value : value;
    this.at = at;
    return true;
  }

  /** Reads an elapsed time or a clock in its usual form; false, with nothing read, for any other field. */
  private plainTime(field: number): boolean {
    const { times, bytes } = this;
    const isClock = this.plan.fields[field] === 'clock';
    if (isClock && !this.plan.hasDates) return false;
    const seconds = isClock ? withinBounds(times.clock(bytes, this.at)) : times.duration(bytes, this.at);
    if (Number.isNaN(seconds)) return false;
    this.targets[field]![this.count] = seconds;
    this.at = times.end;
    return true;
  }

  private isBlankRest(): boolean {
    const { bytes } = this;
    while ((bytes[this.at] === blank || bytes[this.at] === tab) && bytes[this.at] !== this.delimiter)
      this.at++;
    return this.endsHere(bytes[this.at]!);
  }

  /** Whether the line ends at `this.at`, possibly after carriage returns; moves to its newline. */
  private endsHere(byte: number): boolean {
    if (byte === newline) return true;
    let at = this.at;
    while (this.bytes[at] === carriageReturn) at++;
    if (this.bytes[at] !== newline) return false;
    this.at = at;
    return true;
  }

  private blankLine(): number {
    const { bytes, kinds } = this;
    for (let field = 0; ; ) {
      while (bytes[this.at] === blank || bytes[this.at] === tab) this.at++;
      if (this.endsHere(bytes[this.at]!)) return field;
      const kind = field < kinds.length ? kinds[field]! : skipped;
      if (!(kind === numeric ? this.number(field) : this.blankField(field, kind))) return -1;
      field++;
      const byte = bytes[this.at]!;
      if (byte !== blank && byte !== tab && !this.endsHere(byte)) return -1;
    }
  }

  private blankField(field: number, kind: number): boolean {
    const { bytes } = this;
    const from = this.at;
    let at = from;
    while (bytes[at] !== blank && bytes[at] !== tab && bytes[at] !== newline && bytes[at] !== carriageReturn)
      at++;
    this.at = at;
    if (kind !== skipped) this.keep(field, kind, from, at, false);
    return true;
  }

  /** Reads a field as a number; false where the line has to be examined as a whole. */
  private number(field: number): boolean {
    const { bytes, delimiter, decimal } = this;
    const begin = this.at;
    let at = begin;
    let byte = bytes[at]!;
    const isQuoted = byte === quote && this.plan.delimiter !== 'whitespace';
    if (isQuoted) byte = bytes[++at]!;
    while ((byte === blank || byte === tab) && byte !== delimiter) byte = bytes[++at]!;
    // A decimal comma in a line with commas is in quotes.
    const mark = isQuoted || decimal !== delimiter ? decimal : -1;
    const isNegative = byte === minus;
    if (isNegative || byte === plus) byte = bytes[++at]!;
    let mantissa = 0;
    let scale = 0;
    const first = at;
    for (; byte >= 48 && byte <= 57; byte = bytes[++at]!) mantissa = mantissa * 10 + (byte - 48);
    let length = at - first;
    if (byte === mark) {
      const begin = at + 1;
      for (byte = bytes[++at]!; byte >= 48 && byte <= 57; byte = bytes[++at]!)
        mantissa = mantissa * 10 + (byte - 48);
      scale = at - begin;
      length += scale;
    }
    if (length > 0 && (byte | 32) === 101) {
      const exponent = this.exponent(at + 1);
      scale -= exponent;
      at = this.at;
      byte = bytes[at]!;
    }
    if (isQuoted && byte === quote) byte = bytes[++at]!;
    else if (isQuoted) length = 0;
    const isEnd = byte === delimiter || byte === newline || byte === carriageReturn;
    // Once an integer passes the largest exact one it stays above it, however it is rounded.
    const isExact = mantissa < firstInexact && scale <= 22 && scale >= -22;
    if (length === 0 || !isEnd || !isExact) {
      this.at = begin;
      return this.other(field, numeric);
    }
    // A single rounding of exact numbers gives the double nearest to what is written.
    let value =
      scale === 0 ? mantissa : scale > 0 ? mantissa / powersOfTen[scale]! : mantissa * powersOfTen[-scale]!;
    if (isNegative) value = -value;
    this.targets[field]![this.count] = value;
    this.at = at;
    return true;
  }

  /** The exponent whose sign or first digit is at `from`; moves behind it. NaN where there is none. */
  private exponent(from: number): number {
    const { bytes } = this;
    let at = from;
    const isNegative = bytes[at] === minus;
    if (isNegative || bytes[at] === plus) at++;
    let value = 0;
    const first = at;
    for (let byte = bytes[at]!; byte >= 48 && byte <= 57 && value < 10_000; byte = bytes[++at]!)
      value = value * 10 + byte - 48;
    if (at === first) return Number.NaN;
    this.at = at;
    return isNegative ? -value : value;
  }

  /** Reads any field, quoted or not. False where its quotes are not regular. */
  private other(field: number, kind: number): boolean {
    const { bytes, delimiter } = this;
    let from = this.at;
    let end: number;
    if (this.plan.delimiter === 'whitespace') return this.blankField(field, kind);
    const isQuoted = bytes[from] === quote;
    if (isQuoted) {
      from++;
      end = from;
      while (bytes[end] !== quote && bytes[end] !== newline) end++;
      if (bytes[end] !== quote) return false;
      this.at = end + 1;
      const next = bytes[this.at]!;
      if (next !== delimiter && !this.endsHere(next)) return false;
    } else {
      end = from;
      while (bytes[end] !== delimiter && bytes[end] !== newline) end++;
      this.at = end;
    }
    if (kind !== skipped) this.keep(field, kind, from, end, isQuoted);
    return true;
  }

  /** Takes the value between two offsets. */
  private keep(field: number, kind: number, begin: number, stop: number, isQuoted: boolean): void {
    const { bytes } = this;
    let [from, end] = [begin, stop];
    while (end > from && bytes[end - 1] === carriageReturn) end--;
    while (from < end && (bytes[from] === blank || bytes[from] === tab)) from++;
    while (end > from && (bytes[end - 1] === blank || bytes[end - 1] === tab)) end--;
    const column = this.byField[field]!;
    if (kind === worded) column.codes![this.count] = column.words.codeAt(bytes, from, end);
    else {
      const text =
        kind === numeric ? bytes.toString('latin1', from, end) : this.plan.decode(bytes.subarray(from, end));
      column.numbers![this.count] = this.numberFrom(field, kind, text, isQuoted);
    }
  }

  private numberFrom(field: number, kind: number, text: string, isQuoted: boolean): number {
    if (kind === numeric) return numberOf(text, this.plan.decimal, isQuoted);
    const word = wordOf(text);
    return word === undefined ? Number.NaN : this.plan.seconds[field]!(word);
  }

  /** Takes a record whose fields were already cut. */
  fields(texts: readonly string[], start: number, place: number, isQuoted: boolean): void {
    if (this.count === this.capacity) this.reserve(this.capacity * 2);
    for (const column of this.columns) {
      const text = (texts[column.index] ?? '').replace(/^[ \t]+|[ \t]+$/g, '');
      if (column.codes !== undefined) {
        column.codes[this.count] = column.words.codeOf(text);
      } else
        column.numbers![this.count] = this.numberFrom(
          column.index,
          this.kinds[column.index]!,
          text,
          isQuoted,
        );
    }
    this.places[this.count] = place;
    this.starts[this.count] = start;
    this.count++;
  }

  /** Offsets at which the lines of the records begin. */
  lineStarts(): Uint32Array {
    return this.starts.subarray(0, this.count);
  }

  /** The records that were cut. */
  block(placeCount: number): RecordBlock {
    const numbers = new Map<number, Float64Array>();
    const texts = new Map<number, TextColumn>();
    for (const { index, numbers: values, codes, words } of this.columns) {
      if (values !== undefined) numbers.set(index, values);
      if (codes !== undefined) texts.set(index, { codes, words: words.words });
    }
    return { count: this.count, places: this.places, placeCount, numbers, texts };
  }
}
