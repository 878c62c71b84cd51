import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeldColumns } from './held-columns.js';
import { ContainerRefusal, type RecordNote } from './record-table.js';

/**
 * The content of a container as text, which is then read like any other: records as a table with the names of the
 * vendor, or the rows of a sheet, each on its own line.
 */
export interface TextView {
  /** The text; it exists until `dropView`. */
  path: string;
  /** What a line of it represents. */
  unit: 'row' | 'record';
  /** Lines above the first row or record of each test, which are not in the file. */
  heads: { line: number; count: number }[];
  /** Where the rows of each sheet begin, in rows of the view; empty for records. */
  sheets: { name: string; firstRow: number }[];
  notes: RecordNote[];
  /** All records as columns, where the text holds only the first of them. */
  columns?: StoredColumns | HeldColumns | undefined;
}

/** Columns of a Parquet file, in the order of the text's header, with the engine's type of each. */
export interface StoredColumns {
  path: string;
  columns: { name: string; type: string }[];
  recordCount: number;
}

let folder: string | undefined;
let made = 0;

/** Path of a new file that is removed with the process at the latest. */
export function viewPath(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'cellar-view-'));
    folder = made;
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  }
  return join(folder, `${++made}.txt`);
}

/** Removes the text of a view and the columns that are kept in memory. */
export function dropView(view: TextView | undefined): void {
  if (view === undefined) return;
  if (view.columns instanceof HeldColumns) view.columns.drop();
  rmSync(view.path, { force: true });
}

const newline = 10;
const [heldBytes, lineBytes] = [1 << 20, 1 << 10];

/** Writes lines into a new file. A line may be put together from its bytes: `reserve`, write at `size`, `endLine`. */
export class LineWriter {
  /** Lines written so far. */
  count = 0;
  /** Bytes that wait to be written, and the line that is put together. */
  bytes = Buffer.allocUnsafeSlow(heldBytes + lineBytes);
  /** Where the line ends so far. */
  size = 0;
  /** Bytes of text above which a file is refused. */
  most = Number.POSITIVE_INFINITY;
  private written = 0;
  private lineStart = 0;
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  add(line: string): void {
    this.append(line);
    this.endLine();
  }

  append(text: string): void {
    this.reserve(3 * text.length);
    this.size += this.bytes.write(text, this.size);
  }

  /** Makes room for so many bytes more, and the end of the line. */
  reserve(length: number): void {
    if (this.size + length < this.bytes.length) return;
    this.flush();
    if (this.size + length < this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.size + length + 1));
    this.bytes.copy(larger, 0, 0, this.size);
    this.bytes = larger;
  }

  endLine(): void {
    this.bytes[this.size++] = newline;
    this.lineStart = this.size;
    this.count++;
    if (this.size >= heldBytes) this.flush();
  }

  /** Gives up the line that is put together. */
  dropLine(): void {
    this.size = this.lineStart;
  }

  /** Writes the complete lines. */
  private flush(): void {
    this.written += this.lineStart;
    if (this.written > this.most) {
      throw new ContainerRefusal(
        'its cells repeat a long text so often that they would fill the disk: refused, since no instrument writes such a file',
      );
    }
    for (let at = 0; at < this.lineStart; ) at += writeSync(this.file, this.bytes, at, this.lineStart - at);
    this.bytes.copyWithin(0, this.lineStart, this.size);
    this.size -= this.lineStart;
    this.lineStart = 0;
  }

  end(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.file);
    }
  }
}

/** Characters with a meaning in the grammar of the text or for its reading. */
const reserved = /[\p{Cc}"]/gu;
const anyReserved = /[\p{Cc}"]/u;

/** A field of the view; characters with a meaning in its grammar are replaced. */
export const fieldText = (text: string): string =>
  !anyReserved.test(text) ? text : text.replace(reserved, (character) => (character === '"' ? "''" : ' '));
