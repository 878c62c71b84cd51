import { readFile, rename, writeFile } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { usageError } from '../../errors.js';
import { type DetectedText, decodeText, detectEncoding } from '../bytes/text.js';

/** Changes single cells of a cells.csv and leaves everything else as its author wrote it: encoding, delimiter, comments. */
export class CellsFile {
  private readonly path: string;
  private readonly text: DetectedText;
  private readonly lines: string[];
  private readonly lineEnd: string;
  private readonly delimiter: string;
  private readonly headerAt: number;

  private constructor(path: string, text: DetectedText, content: string) {
    this.path = path;
    this.text = text;
    this.lineEnd = content.includes('\r\n') ? '\r\n' : '\n';
    this.lines = content.split(/\r?\n/);
    this.headerAt = this.lines.findIndex(
      (line) => /(^|[;,\t"])cell_id($|[;,\t"])/i.test(line) && !/^\s*"?#/.test(line),
    );
    if (this.headerAt === -1)
      throw usageError(`${path} has no header with cell_id`, 'correct the file first');
    const header = this.lines[this.headerAt]!;
    this.delimiter = [';', '\t', ','].find((one) => header.includes(one)) ?? ',';
  }

  /** Reads the file at `path`; a new one begins with a header of two columns. */
  static async read(path: string): Promise<CellsFile> {
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.from('cell_id,file_pattern\n');
      throw error;
    });
    const text = detectEncoding(bytes);
    return new CellsFile(path, text, decodeText(bytes, text));
  }

  private fields(line: string): string[] {
    const fields: string[] = [];
    let field = '';
    let isQuoted = false;
    for (let at = 0; at < line.length; at++) {
      const letter = line[at]!;
      if (letter === '"' && isQuoted && line[at + 1] === '"') {
        field += '"';
        at++;
      } else if (letter === '"') isQuoted = !isQuoted;
      else if (letter === this.delimiter && !isQuoted) {
        fields.push(field.trim());
        field = '';
      } else field += letter;
    }
    return [...fields, field.trim()];
  }

  private line(fields: readonly string[]): string {
    const quoted = (field: string) =>
      field.includes(this.delimiter) || field.includes('"') ? `"${field.replaceAll('"', '""')}"` : field;
    return fields.map(quoted).join(this.delimiter);
  }

  private columnAt(name: string): number {
    const header = this.fields(this.lines[this.headerAt]!);
    const at = header.findIndex((column) => column.toLowerCase() === name);
    if (at !== -1) return at;
    this.lines[this.headerAt] = this.line([...header, name]);
    return header.length;
  }

  private rowOf(cellId: string): number {
    const at = this.columnAt('cell_id');
    return this.lines.findIndex(
      (line, index) =>
        index > this.headerAt &&
        !/^\s*"?#/.test(line) &&
        line.trim() !== '' &&
        this.fields(line)[at] === cellId,
    );
  }

  has(cellId: string): boolean {
    return this.rowOf(cellId) !== -1;
  }

  get(cellId: string, column: string): string {
    const row = this.rowOf(cellId);
    const header = this.fields(this.lines[this.headerAt]!).map((name) => name.toLowerCase());
    return row === -1 ? '' : (this.fields(this.lines[row]!)[header.indexOf(column)] ?? '');
  }

  /** Sets one cell; a cell that has no line gets one. */
  set(cellId: string, column: string, value: string): void {
    const at = this.columnAt(column);
    let row = this.rowOf(cellId);
    if (row === -1) {
      while (this.lines.at(-1)?.trim() === '') this.lines.pop();
      const fields: string[] = [];
      fields[this.columnAt('cell_id')] = cellId;
      row = this.lines.push(this.line(Array.from(fields, (field) => field ?? ''))) - 1;
      this.lines.push('');
    }
    const fields = this.fields(this.lines[row]!);
    while (fields.length <= at) fields.push('');
    fields[at] = value;
    this.lines[row] = this.line(fields);
  }

  /** Replaces the file by the changed text, completely or not at all. */
  async write(): Promise<void> {
    const body = iconv.encode(this.lines.join(this.lineEnd), this.text.encoding);
    const mark = this.text.bomBytes > 0 ? iconv.encode('\uFEFF', this.text.encoding) : Buffer.alloc(0);
    await writeFile(`${this.path}.tmp`, Buffer.concat([mark, body]));
    await rename(`${this.path}.tmp`, this.path);
  }
}
