import { ContainerRefusal } from './record-table.js';

/**
 * Access databases of the Jet 4 and ACE kind, as far as tables of numbers and short text are concerned: pages of 4096
 * bytes, where the definition of a table lists its columns and the pages with its rows. Nothing else of the format is
 * read: no indexes, no long text, no encryption.
 */

const pageBytes = 4096;
const catalogPage = 2;
/**
 * Offset of the key of encryption, and its value without encryption: 0 under the mask that is applied to every head.
 */
const [keyAt, noKey] = [0x3e, 0x4ebc8afb];

type Value = number | string | null;

interface JetColumn {
  name: string;
  type: number;
  /** Position in the row's bit mask of nulls. */
  number: number;
  isFixed: boolean;
  /** Position among the bytes of the fixed columns, or number among the variable ones. */
  offset: number;
  length: number;
}

export interface JetTable {
  columns: JetColumn[];
  /** Rows that the table declares. */
  rowCount: number;
  page: number;
}

const damaged = () =>
  new ContainerRefusal(
    'damaged or incomplete database: the end of the file is missing (still being copied?)',
  );

export class JetDatabase {
  private readonly file: Buffer;
  private readonly pages: number;
  /** Pages of definitions by the names of their tables. */
  readonly tables: ReadonlyMap<string, number>;

  /** @throws ContainerRefusal where it is another kind of database, or damaged */
  constructor(file: Buffer) {
    this.file = file;
    this.pages = Math.floor(file.length / pageBytes);
    const version = file[0x14];
    if (version === undefined || this.pages < 3) throw damaged();
    if (version === 0) {
      throw new ContainerRefusal(
        'database version Jet 3 is not readable here; export it from Data Pro as CSV or Excel',
      );
    }
    if (file.readUInt32LE(keyAt) !== noKey) {
      throw new ContainerRefusal(
        'an encrypted Access database is not readable here; export it from Data Pro as CSV or Excel',
      );
    }
    this.tables = this.readCatalog();
  }

  private page(number: number): number {
    if (!(number > 0 && number < this.pages)) throw damaged();
    return number * pageBytes;
  }

  private readCatalog(): Map<string, number> {
    const catalog = this.definition(catalogPage);
    const tables = new Map<string, number>();
    for (const [id, name, type] of this.rows(catalog, ['Id', 'Name', 'Type'])) {
      // Type 1 is a table; the low bits of its number are its page.
      if (type === 1 && typeof name === 'string' && typeof id === 'number') {
        tables.set(name, id & 0xffffff);
      }
    }
    if (tables.size === 0) throw damaged();
    return tables;
  }

  /** The definition of a table, with its pages joined. */
  definition(page: number): JetTable {
    const parts: Buffer[] = [];
    const seen = new Set<number>();
    for (let at = page; at !== 0; ) {
      const offset = this.page(at);
      if (this.file[offset] !== 2 || seen.has(at)) throw damaged();
      seen.add(at);
      parts.push(this.file.subarray(offset + (parts.length === 0 ? 0 : 8), offset + pageBytes));
      at = this.file.readUInt32LE(offset + 4);
    }
    const text = Buffer.concat(parts);
    const columnCount = text.readUInt16LE(45);
    const indexCount = text.readUInt32LE(51);
    if (indexCount > 1000) throw damaged();
    let at = 63 + 12 * indexCount;
    const columns: JetColumn[] = [];
    for (let index = 0; index < columnCount; index++, at += 25) {
      const isFixed = (text.readUInt8(at + 15) & 1) === 1;
      columns.push({
        name: '',
        type: text.readUInt8(at),
        number: text.readUInt16LE(at + 5),
        isFixed,
        offset: text.readUInt16LE(at + (isFixed ? 21 : 7)),
        length: text.readUInt16LE(at + 23),
      });
    }
    for (const column of columns) {
      const length = text.readUInt16LE(at);
      column.name = text.toString('utf16le', at + 2, at + 2 + length);
      at += 2 + length;
    }
    return { columns, rowCount: text.readUInt32LE(16), page };
  }

  /** A table by its name; undefined where there is none. */
  table(name: string): JetTable | undefined {
    const page = this.tables.get(name);
    return page === undefined ? undefined : this.definition(page);
  }

  /**
   * Values of columns, row by row in the order of the pages.
   *
   * @throws ContainerRefusal where the number of rows is not the one that the table declares
   */
  *rows(table: JetTable, names: readonly string[]): Generator<Value[]> {
    const columns = names.map((name) => table.columns.find((column) => column.name === name));
    let found = 0;
    for (let page = 1; page < this.pages; page++) {
      const at = page * pageBytes;
      if (this.file[at] !== 1 || this.file.readUInt32LE(at + 4) !== table.page) continue;
      const count = this.file.readUInt16LE(at + 12);
      if (14 + 2 * count > pageBytes) throw damaged();
      for (let row = 0; row < count; row++) {
        const place = this.rowAt(at, row);
        if (place === undefined) continue;
        found++;
        yield columns.map((column) => readValue(place, column));
      }
    }
    if (found !== table.rowCount) {
      throw new ContainerRefusal(
        `damaged or incomplete database: a table declares ${table.rowCount} records, ${found} are there (still being copied?)`,
      );
    }
  }

  /**
   * Columns of numbers, in the order of the pages; NaN: no number.
   *
   * @throws ContainerRefusal where the rows are not as many as the table declares
   */
  numbers(table: JetTable, names: readonly string[]): Float64Array[] {
    // What a table declares may be more than the file holds: memory is taken as rows come.
    let columns: Float64Array[] = names.map(() => new Float64Array(1024));
    let count = 0;
    for (const row of this.rows(table, names)) {
      if (count === columns[0]!.length) columns = columns.map((column) => enlarged(column));
      for (const [at, column] of columns.entries()) {
        const value = row[at];
        column[count] = typeof value === 'number' ? value : Number.NaN;
      }
      count++;
    }
    return columns.map((column) => column.subarray(0, count));
  }

  /** The bytes of a row; undefined where it was deleted. */
  private rowAt(page: number, row: number): Buffer | undefined {
    const written = this.file.readUInt16LE(page + 14 + 2 * row);
    if ((written & 0x8000) !== 0) return undefined;
    const start = written & 0x1fff;
    const end = row === 0 ? pageBytes : this.file.readUInt16LE(page + 14 + 2 * (row - 1)) & 0x1fff;
    if (start > end || end > pageBytes) throw damaged();
    if ((written & 0x4000) === 0) return this.file.subarray(page + start, page + end);
    // A row that grew was moved; here is a reference to its place.
    const number = this.file[page + start]!;
    const target = this.page(this.file.readUIntLE(page + start + 1, 3));
    const moved = this.file.readUInt16LE(target + 14 + 2 * number) & 0x1fff;
    const until = number === 0 ? pageBytes : this.file.readUInt16LE(target + 14 + 2 * (number - 1)) & 0x1fff;
    if (moved > until || until > pageBytes) throw damaged();
    return this.file.subarray(target + moved, target + until);
  }
}

function enlarged(column: Float64Array): Float64Array {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}

function readValue(row: Buffer, column: JetColumn | undefined): Value {
  if (column === undefined) return null;
  const stored = row.readUInt16LE(0);
  const maskBytes = (stored + 7) >> 3;
  const mask = row.length - maskBytes;
  if (mask < 2) throw damaged();
  const { number } = column;
  const isThere = number < stored && ((row[mask + (number >> 3)]! >> (number & 7)) & 1) === 1;
  // A bit is its own null mask.
  if (column.type === 1) return isThere ? 1 : 0;
  if (!isThere) return null;
  if (column.isFixed) return fixedValue(row, 2 + column.offset, column.type);
  const variableCount = row.readUInt16LE(mask - 2);
  if (column.offset >= variableCount) return null;
  const from = row.readUInt16LE(mask - 4 - 2 * column.offset);
  const to = row.readUInt16LE(mask - 6 - 2 * column.offset);
  if (from > to || to > mask) throw damaged();
  return column.type === 10 ? textOf(row.subarray(from, to)) : null;
}

function fixedValue(row: Buffer, at: number, type: number): Value {
  if (type === 2) return row.readUInt8(at);
  if (type === 3) return row.readInt16LE(at);
  if (type === 4) return row.readInt32LE(at);
  if (type === 5) return Number(row.readBigInt64LE(at)) / 10_000;
  if (type === 6) return row.readFloatLE(at);
  if (type === 7 || type === 8) return row.readDoubleLE(at);
  return null;
}

/** Short text: UTF-16, or, after `FF FE`, Latin letters of one byte; a zero byte switches between the two. */
function textOf(bytes: Buffer): string {
  if (bytes[0] !== 0xff || bytes[1] !== 0xfe) return bytes.toString('utf16le');
  let text = '';
  let isNarrow = true;
  for (let at = 2; at < bytes.length; ) {
    if (bytes[at] === 0 && isNarrow) {
      isNarrow = false;
      at++;
    } else if (isNarrow) text += String.fromCharCode(bytes[at++]!);
    else if (at + 1 < bytes.length && bytes.readUInt16LE(at) !== 0) {
      text += String.fromCharCode(bytes.readUInt16LE(at));
      at += 2;
    } else {
      isNarrow = true;
      at++;
    }
  }
  return text;
}
