/**
 * Writes columns as an uncompressed Parquet file, which DuckDB reads fastest: on all threads, in order, with text as
 * dictionaries. Only the parts of the format that this needs (https://parquet.apache.org/docs/file-format/).
 */

/** A column: numbers (NaN is NULL), whole numbers without NULL, or text as codes of `words` (−1 is NULL). */
export type ParquetColumn =
  | { name: string; kind: 'double'; values: Float64Array }
  | { name: string; kind: 'int32'; values: Int32Array }
  | { name: string; kind: 'text'; codes: Int32Array; words: readonly string[] };

/** Rows of a row group: what DuckDB stores together, and what one of its threads takes. */
const groupRows = 122_880;

const types = { int32: 1, double: 5, text: 6 } as const;
const [plain, rle, rleDictionary] = [0, 3, 8];

/** Thrift's compact protocol, as far as Parquet's headers use it. */
class Thrift {
  private readonly bytes: number[] = [];
  private last = 0;
  private readonly outer: number[] = [];

  private varint(value: number): void {
    let left = value;
    while (left > 127) {
      this.bytes.push((left % 128) + 128);
      left = Math.floor(left / 128);
    }
    this.bytes.push(left);
  }

  private field(id: number, type: number): void {
    this.bytes.push(((id - this.last) << 4) | type);
    this.last = id;
  }

  i32(id: number, value: number): this {
    this.field(id, 5);
    this.varint(value * 2);
    return this;
  }

  i64(id: number, value: number): this {
    this.field(id, 6);
    this.varint(value * 2);
    return this;
  }

  private raw(text: string): void {
    const bytes = Buffer.from(text);
    this.varint(bytes.length);
    this.bytes.push(...bytes);
  }

  text(id: number, value: string): this {
    this.field(id, 8);
    this.raw(value);
    return this;
  }

  /** A list of structures (12), numbers (5) or texts (8). */
  list<Item>(id: number, type: 5 | 8 | 12, items: readonly Item[], write: (item: Item) => void): this {
    this.field(id, 9);
    if (items.length < 15) this.bytes.push((items.length << 4) | type);
    else {
      this.bytes.push(0xf0 | type);
      this.varint(items.length);
    }
    for (const item of items) {
      if (type === 5) this.varint((item as number) * 2);
      else if (type === 8) this.raw(item as string);
      else {
        this.open();
        write(item);
        this.close();
      }
    }
    return this;
  }

  struct(id: number, write: () => void): this {
    this.field(id, 12);
    this.open();
    write();
    this.close();
    return this;
  }

  private open(): void {
    this.outer.push(this.last);
    this.last = 0;
  }

  private close(): void {
    this.bytes.push(0);
    this.last = this.outer.pop()!;
  }

  end(): Buffer {
    this.bytes.push(0);
    return Buffer.from(this.bytes);
  }
}

/** Runs of equal values (Parquet's RLE hybrid without bit packing), `width` bytes a value; 0 to 4. */
class Runs {
  private bytes = Buffer.allocUnsafe(4096);
  private size = 0;
  private readonly width: number;

  constructor(width: number) {
    this.width = width;
  }

  add(length: number, value: number): void {
    if (this.size + 16 > this.bytes.length) this.bytes = Buffer.concat([this.bytes], this.bytes.length * 2);
    let header = length * 2;
    while (header > 127) {
      this.bytes[this.size++] = (header & 127) | 128;
      header >>>= 7;
    }
    this.bytes[this.size++] = header;
    for (let byte = 0; byte < this.width; byte++) this.bytes[this.size++] = (value >>> (8 * byte)) & 255;
  }

  written(): Buffer {
    return this.bytes.subarray(0, this.size);
  }

  /** The runs as definition levels, which tell which values exist. */
  levels(): Buffer {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(this.size);
    return Buffer.concat([length, this.written()]);
  }
}

/** Definition levels where all values exist. */
function allThere(count: number): Buffer {
  const runs = new Runs(1);
  runs.add(count, 1);
  return runs.levels();
}

interface Pages {
  dictionary: { bytes: Buffer; count: number } | undefined;
  data: Buffer[];
}

const bytesOf = (values: Float64Array | Int32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

function missingIn(values: Float64Array, from: number, to: number): number {
  let missing = 0;
  for (let at = from; at < to; at++) if (Number.isNaN(values[at]!)) missing++;
  return missing;
}

function doublePages(values: Float64Array, from: number, to: number): Pages {
  const missing = missingIn(values, from, to);
  if (missing === 0)
    return { dictionary: undefined, data: [allThere(to - from), bytesOf(values.subarray(from, to))] };
  const kept = new Float64Array(to - from - missing);
  const runs = new Runs(1);
  let size = 0;
  for (let at = from; at < to; ) {
    const begin = at;
    const there = !Number.isNaN(values[at]!);
    for (; at < to && Number.isNaN(values[at]!) !== there; at++) if (there) kept[size++] = values[at]!;
    runs.add(at - begin, there ? 1 : 0);
  }
  return { dictionary: undefined, data: [runs.levels(), bytesOf(kept)] };
}

function intPages(values: Int32Array, from: number, to: number): Pages {
  return { dictionary: undefined, data: [allThere(to - from), bytesOf(values.subarray(from, to))] };
}

function textPages(codes: Int32Array, words: readonly string[], from: number, to: number): Pages {
  const bits = words.length < 2 ? 1 : 32 - Math.clz32(words.length - 1);
  const isThere = new Runs(1);
  const kept = new Runs(Math.ceil(bits / 8));
  for (let at = from; at < to; ) {
    const begin = at;
    const code = codes[at]!;
    while (at < to && codes[at] === code) at++;
    isThere.add(at - begin, code < 0 ? 0 : 1);
    if (code >= 0) kept.add(at - begin, code);
  }
  const entries = words.map((word) => {
    const bytes = Buffer.from(word);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
  return {
    dictionary: { bytes: Buffer.concat(entries), count: words.length },
    data: [isThere.levels(), Buffer.from([bits]), kept.written()],
  };
}

function pagesOf(column: ParquetColumn, from: number, to: number): Pages {
  if (column.kind === 'double') return doublePages(column.values, from, to);
  if (column.kind === 'int32') return intPages(column.values, from, to);
  return textPages(column.codes, column.words, from, to);
}

function pageHeader(kind: 'data' | 'dictionary', size: number, values: number, encoding: number): Buffer {
  const header = new Thrift()
    .i32(1, kind === 'data' ? 0 : 2)
    .i32(2, size)
    .i32(3, size);
  if (kind === 'dictionary') header.struct(7, () => header.i32(1, values).i32(2, plain));
  else header.struct(5, () => header.i32(1, values).i32(2, encoding).i32(3, rle).i32(4, rle));
  return header.end();
}

interface Chunk {
  column: ParquetColumn;
  dictionaryOffset: number | undefined;
  dataOffset: number;
  size: number;
}

function writeMetadata(
  columns: readonly ParquetColumn[],
  rowCount: number,
  groups: readonly { rows: number; chunks: Chunk[] }[],
): Buffer {
  const meta = new Thrift().i32(1, 2);
  const root = undefined;
  meta.list(2, 12, [root, ...columns], (column) => {
    if (column === undefined) meta.text(4, 'rows').i32(5, columns.length);
    else {
      meta.i32(1, types[column.kind]).i32(3, 1).text(4, column.name);
      if (column.kind === 'text') meta.i32(6, 0);
    }
  });
  meta.i64(3, rowCount);
  meta.list(4, 12, groups, ({ rows, chunks }) => {
    meta.list(1, 12, chunks, ({ column, dictionaryOffset, dataOffset, size }) => {
      meta.i64(2, dictionaryOffset ?? dataOffset).struct(3, () => {
        meta
          .i32(1, types[column.kind])
          .list(2, 5, [plain, rle, rleDictionary], () => undefined)
          .list(3, 8, [column.name], () => undefined)
          .i32(4, 0)
          .i64(5, rows)
          .i64(6, size)
          .i64(7, size)
          .i64(9, dataOffset);
        if (dictionaryOffset !== undefined) meta.i64(11, dictionaryOffset);
      });
    });
    meta
      .i64(
        2,
        chunks.reduce((sum, { size }) => sum + size, 0),
      )
      .i64(3, rows);
  });
  return meta.end();
}

/** The bytes of a Parquet file with these columns, in pieces that may share memory with them. */
export function parquetFile(columns: readonly ParquetColumn[], rowCount: number): Buffer[] {
  const magic = Buffer.from('PAR1');
  const pieces: Buffer[] = [magic];
  let offset = 4;
  const push = (bytes: Buffer) => {
    pieces.push(bytes);
    offset += bytes.length;
  };
  const groups: { rows: number; chunks: Chunk[] }[] = [];
  for (let from = 0; from < rowCount; from += groupRows) {
    const to = Math.min(rowCount, from + groupRows);
    const chunks = columns.map((column): Chunk => {
      const began = offset;
      const { dictionary, data } = pagesOf(column, from, to);
      if (dictionary !== undefined) {
        push(pageHeader('dictionary', dictionary.bytes.length, dictionary.count, plain));
        push(dictionary.bytes);
      }
      const dataOffset = offset;
      const size = data.reduce((sum, { length }) => sum + length, 0);
      push(pageHeader('data', size, to - from, dictionary === undefined ? plain : rleDictionary));
      for (const bytes of data) push(bytes);
      return {
        column,
        dictionaryOffset: dictionary === undefined ? undefined : began,
        dataOffset,
        size: offset - began,
      };
    });
    groups.push({ rows: to - from, chunks });
  }
  const metadata = writeMetadata(columns, rowCount, groups);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(metadata.length);
  pieces.push(metadata, length, magic);
  return pieces;
}
