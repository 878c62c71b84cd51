import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeldColumns } from './held-columns.js';
import type { RecordNote } from './record-table.js';

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

/** Writes lines into a new file. */
export class LineWriter {
  private readonly path: string;
  private handle: FileHandle | undefined;
  private lines: string[] = [];
  /** Lines written so far. */
  count = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Takes a line; true: `flush` has to be awaited before the next. */
  add(line: string): boolean {
    this.count++;
    return this.lines.push(line) >= 1024;
  }

  async flush(): Promise<void> {
    this.handle ??= await open(this.path, 'w');
    if (this.lines.length === 0) return;
    const text = `${this.lines.join('\n')}\n`;
    this.lines = [];
    await this.handle.write(text);
  }

  async end(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.handle?.close();
    }
  }
}

/** Characters with a meaning in the grammar of the text or for its reading. */
const reserved = /[\p{Cc}"]/gu;
const anyReserved = /[\p{Cc}"]/u;

/** A field of the view; characters with a meaning in its grammar are replaced. */
export const fieldText = (text: string): string =>
  !anyReserved.test(text) ? text : text.replace(reserved, (character) => (character === '"' ? "''" : ' '));
