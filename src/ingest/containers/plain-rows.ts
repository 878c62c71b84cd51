import type { CellWriter } from './cell-text.js';
import { type CellContext, cellOf, mostColumns, mostRows } from './cells.js';
import type { LineWriter } from './view.js';

/**
 * Writes rows of a sheet as lines, straight from the bytes of the document: no text is made of a row, or of a cell with
 * a plain number or a shared text. Everything of another form is left to the reading of the row as text (`cells.ts`),
 * and the lines are the same.
 */
export interface PlainRowOptions {
  context: CellContext;
  cells: CellWriter;
  /** Columns of the table. */
  width: number;
  /** Written behind each row that is not blank. */
  suffix: string;
  /** Rows up to this one are not read here. */
  headerLine: number;
  /** A column of which `goOn` is given the number in each row, NaN where it has none; undefined: none. */
  running: number | undefined;
  goOn: (value: number) => void;
}

const [tab, blank, quote, slash, colon, less, equals, greater] = [9, 32, 34, 47, 58, 60, 61, 62];
const [minus, plus, point, zero, nine, upperA, upperE, upperZ] = [45, 43, 46, 48, 57, 65, 69, 90];
const [lowerC, lowerE, lowerN, lowerO, lowerR, lowerS, lowerT, lowerV, lowerW, lowerZ, del] = [
  99, 101, 110, 111, 114, 115, 116, 118, 119, 122, 127,
];
/** First byte of the control characters beyond ASCII in UTF-8. */
const leadOfControls = 0xc2;
/** Longest number that is copied as it is. */
const longestNumber = 40;

const isDigit = (byte: number) => byte >= zero && byte <= nine;
const isLetter = (byte: number) => (byte | 32) >= 97 && (byte | 32) <= lowerZ;

export class PlainRows {
  /** Number of the row that was read last, from 1. */
  number = 0;
  private readonly lines: LineWriter;
  private readonly options: PlainRowOptions;
  /** Columns of dates, whatever the style of their cells. */
  private readonly isDate: boolean[];
  private readonly isTime: boolean[];
  /** Column of the last cell, and the tabs written so far. */
  private column = -1;
  private tabs = 0;
  private isBlank = true;
  private runningValue = Number.NaN;
  /** Type and style of the cell that is read. */
  private type = lowerN;
  private style = 0;

  constructor(lines: LineWriter, options: PlainRowOptions) {
    this.lines = lines;
    this.options = options;
    const { cells, width } = options;
    this.isDate = Array.from({ length: width }, (_, column) => cells.isDate(column));
    this.isTime = Array.from({ length: width }, (_, column) => cells.isTime(column));
  }

  /** Reads the row that begins at an offset, as `ElementCutter` asks for it. */
  readonly read = (bytes: Buffer, from: number): number => {
    const { lines, options } = this;
    let at = this.rowTag(bytes, from + 4);
    if (at === -1) return -1;
    this.column = -1;
    this.tabs = 0;
    this.isBlank = true;
    this.runningValue = Number.NaN;
    while (bytes[at] === less && bytes[at + 1] === lowerC) {
      at = this.cell(bytes, at + 2);
      if (at === -1) {
        lines.dropLine();
        return -1;
      }
    }
    if (!isRowEnd(bytes, at)) {
      lines.dropLine();
      return -1;
    }
    if (this.isBlank) lines.dropLine();
    else {
      lines.reserve(options.width);
      this.tabsTo(options.width - 1);
      if (options.suffix !== '') lines.append(options.suffix);
    }
    lines.endLine();
    this.number++;
    if (options.running !== undefined) options.goOn(this.runningValue);
    return at + 6;
  };

  /** Reads the tag of the next row behind its name; −1 where it is of another row, or of another form. */
  private rowTag(bytes: Buffer, from: number): number {
    let at = from;
    let number = this.number + 1;
    for (let byte = bytes[at]!; byte !== greater; byte = bytes[at]!) {
      if (byte === blank) {
        at++;
        continue;
      }
      const name = at;
      while (isLetter(bytes[at]!) || isDigit(bytes[at]!) || bytes[at] === colon) at++;
      if (at === name || bytes[at] !== equals || bytes[at + 1] !== quote) return -1;
      const isNumber = byte === lowerR && at === name + 1;
      at += 2;
      if (isNumber) number = 0;
      for (byte = bytes[at]!; byte !== quote; byte = bytes[++at]!) {
        if (byte < blank || byte === less || byte === greater || (isNumber && !isDigit(byte))) return -1;
        if (isNumber) number = number * 10 + byte - zero;
      }
      at++;
    }
    const isNext = number === this.number + 1 && number <= mostRows;
    return isNext && number > this.options.headerLine ? at + 1 : -1;
  }

  /** Reads a cell behind `<c` and writes its text; −1 where the row has to be read as text. */
  private cell(bytes: Buffer, from: number): number {
    const { column: before, options } = this;
    let at = this.cellTag(bytes, from);
    if (at === -1 || this.column <= before) return -1;
    const { column } = this;
    if (bytes[at] === slash) return bytes[at + 1] === greater && column < mostColumns ? at + 2 : -1;
    if (column >= options.width) return -1;
    at++;
    if (bytes[at] === less && bytes[at + 1] === lowerV && bytes[at + 2] === greater) {
      const isNumber =
        this.type === lowerN && !this.isDate[column] && options.context.isDateStyle[this.style] !== true;
      const behind = isNumber
        ? this.numberCell(bytes, at + 3)
        : this.type === lowerS
          ? this.sharedCell(bytes, at + 3)
          : -1;
      if (behind !== -1) return behind;
    }
    return this.otherCell(bytes, from, at);
  }

  /** Reads the attributes of a cell up to the end of its tag, `>` or `/>`; −1 where they have another form. */
  private cellTag(bytes: Buffer, from: number): number {
    let at = from;
    this.column++;
    this.type = lowerN;
    this.style = 0;
    for (;;) {
      const name = bytes[at]!;
      if (name === greater || name === slash) return at;
      if (name === blank) {
        at++;
        continue;
      }
      if (bytes[at + 1] !== equals || bytes[at + 2] !== quote) return -1;
      at += 3;
      const first = at;
      let byte = bytes[at]!;
      if (name === lowerR) {
        let column = 0;
        for (; byte >= upperA && byte <= upperZ && at < first + 3; byte = bytes[++at]!)
          column = column * 26 + byte - upperA + 1;
        for (; isDigit(byte); byte = bytes[++at]!);
        this.column = column - 1;
      } else if (name === lowerS) {
        let style = 0;
        for (; isDigit(byte); byte = bytes[++at]!) style = style * 10 + byte - zero;
        this.style = style;
      } else if (name === lowerT) {
        for (; isLetter(byte); byte = bytes[++at]!);
        this.type = at === first + 1 ? bytes[first]! : 0;
      } else return -1;
      if (byte !== quote || at === first) return -1;
      at++;
    }
  }

  /** A number, whose text is copied as it is. */
  private numberCell(bytes: Buffer, from: number): number {
    let at = from;
    const last = from + longestNumber;
    for (let byte = bytes[at]!; byte !== less; byte = bytes[++at]!) {
      const isPlain =
        isDigit(byte) ||
        byte === point ||
        byte === minus ||
        byte === plus ||
        byte === lowerE ||
        byte === upperE;
      if (!isPlain || at === last) return -1;
    }
    if (!isCellEnd(bytes, at)) return -1;
    this.copy(bytes, from, at);
    if (this.column === this.options.running) this.runningValue = Number(bytes.toString('latin1', from, at));
    return at + 8;
  }

  /** A shared text, copied where no character of it has to be replaced. */
  private sharedCell(bytes: Buffer, from: number): number {
    const { column } = this;
    const { strings } = this.options.context;
    let at = from;
    let index = 0;
    for (let byte = bytes[at]!; isDigit(byte); byte = bytes[++at]!) index = index * 10 + byte - zero;
    if (at === from || !isCellEnd(bytes, at)) return -1;
    const [begin, end] = [strings.startOf(index), strings.endOf(index)];
    const text = strings.bytes;
    const isTime = this.isTime[column]!;
    for (let each = begin; each < end; each++) {
      const byte = text[each]!;
      const isReplaced = byte < blank || byte === quote || byte === del || byte === leadOfControls;
      if (isReplaced || (isTime && byte === minus)) return -1;
    }
    this.copy(text, begin, end);
    if (column === this.options.running) this.runningValue = Number(strings.at(index));
    return at + 8;
  }

  /** A cell of any other kind, whose text is made as everywhere. `from` and `inner`: behind `<c`, behind its tag. */
  private otherCell(bytes: Buffer, from: number, inner: number): number {
    let end = inner;
    for (; bytes[end] !== less || bytes[end + 1] !== slash || bytes[end + 2] !== lowerC; end++) {
      if (bytes[end] === 0 || isRowEnd(bytes, end)) return -1;
    }
    if (bytes[end + 3] !== greater) return -1;
    const { column, lines, options } = this;
    const cell = cellOf(
      bytes.toString('utf8', from, inner - 1),
      bytes.toString('utf8', inner, end),
      options.context,
    );
    if (cell === undefined) return end + 4;
    lines.reserve(column);
    this.tabsTo(column);
    lines.append(options.cells.cell(cell, column));
    if (cell.text !== '') this.isBlank = false;
    if (column === options.running) this.runningValue = Number(cell.text);
    return end + 4;
  }

  /** Writes a text as the cell that is read. */
  private copy(text: Buffer, begin: number, end: number): void {
    const { lines } = this;
    lines.reserve(this.column + end - begin);
    this.tabsTo(this.column);
    const into = lines.bytes;
    let { size } = lines;
    for (let at = begin; at < end; at++) into[size++] = text[at]!;
    lines.size = size;
    if (end > begin) this.isBlank = false;
  }

  /** Writes the tabs before a column; there is room for them. */
  private tabsTo(column: number): void {
    const { lines } = this;
    for (; this.tabs < column; this.tabs++) lines.bytes[lines.size++] = tab;
  }
}

const isRowEnd = (bytes: Buffer, at: number): boolean =>
  bytes[at] === less &&
  bytes[at + 1] === slash &&
  bytes[at + 2] === lowerR &&
  bytes[at + 3] === lowerO &&
  bytes[at + 4] === lowerW &&
  bytes[at + 5] === greater;

/** Whether a value and its cell end here: `</v></c>`. */
const isCellEnd = (bytes: Buffer, at: number): boolean =>
  bytes[at] === less &&
  bytes[at + 1] === slash &&
  bytes[at + 2] === lowerV &&
  bytes[at + 3] === greater &&
  bytes[at + 4] === less &&
  bytes[at + 5] === slash &&
  bytes[at + 6] === lowerC &&
  bytes[at + 7] === greater;
