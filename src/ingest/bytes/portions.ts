import { contentChunks } from './scan.js';
import { type Encoding, streamDecoder } from './text.js';

/** Whole lines of a file, cut at a line end; only LF ends a line in it. */
export interface Portion {
  /** Ends with LF. */
  bytes: Buffer;
  /** Whether the file ends here. */
  isLast: boolean;
  /** Whether the LF at its end is not in the file, because the last line is open. */
  isOpen: boolean;
  /** Offsets in `bytes` of lines that are too long to be read; only their beginning is kept. */
  overlong: number[];
}

export interface PortionOptions {
  isGzip: boolean;
  encoding: Encoding;
  /** Whether CR ends a line, too. */
  hasReturns: boolean;
  /** Bytes of the byte order mark, which is left out. */
  bomBytes: number;
  /** Byte of the content to begin at. */
  start?: number | undefined;
  size?: number | undefined;
  /** Allocates memory for a portion. */
  allocate?(size: number): Buffer;
  /** Longest line that is read, in bytes; this much of a longer one is kept. */
  longestLine?: number | undefined;
}

export const portionBytes = 8 << 20;
/** No record of an instrument is nearly as long. */
export const longestLine = 1 << 20;
/** What is kept of a line that is too long, to show why it was rejected. */
const keptOfLine = 16 << 10;
const [newline, carriageReturn, quote] = [10, 13, 34];

/** Cuts a stream of chunks into portions; holds one portion and the unfinished line. */
class Cutter {
  private bytes: Buffer;
  private used = 0;
  private overlong: number[] = [];
  /** Whether the rest of an overlong line is being passed over. */
  private isPassing = false;
  private readonly size: number;
  private readonly allocate: (size: number) => Buffer;
  private readonly longest: number;
  private hasQuotes = false;

  constructor({ size = portionBytes, longestLine: longest = longestLine, allocate }: PortionOptions) {
    this.size = size;
    this.allocate = allocate ?? Buffer.allocUnsafeSlow;
    this.longest = longest;
    this.bytes = this.allocate(size);
  }

  /** Takes bytes; returns the portions that they fill. */
  *take(chunk: Buffer): Generator<Portion> {
    let from = 0;
    while (from < chunk.length) {
      if (this.isPassing) {
        const end = chunk.indexOf(newline, from);
        if (end === -1) return;
        this.isPassing = false;
        from = end;
      }
      this.hasQuotes ||= chunk.includes(quote);
      const count = Math.min(chunk.length - from, this.bytes.length - this.used);
      chunk.copy(this.bytes, this.used, from, from + count);
      this.used += count;
      from += count;
      if (this.used === this.bytes.length) yield* this.cut();
    }
  }

  /** What is left at the end of the file. */
  last(): Portion {
    const isOpen = this.used > 0 && this.bytes[this.used - 1] !== newline;
    if (isOpen) {
      const begin = this.bytes.subarray(0, this.used).lastIndexOf(newline) + 1;
      if (this.used - begin > this.longest) {
        this.overlong.push(begin);
        this.used = begin + keptOfLine;
      }
      if (this.used === this.bytes.length) this.grow();
      this.bytes[this.used++] = newline;
    }
    const bytes = this.bytes.subarray(0, this.used);
    return { bytes, isLast: true, isOpen: isOpen || this.isPassing, overlong: this.overlong };
  }

  private grow(): void {
    const larger = this.allocate(this.bytes.length * 2);
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }

  /** A full buffer becomes a portion; an unfinished line is moved to the next one. */
  private *cut(): Generator<Portion> {
    const end = this.lineEnd();
    const open = this.used - end;
    if (open > this.longest) {
      this.overlong.push(end);
      this.used = end + keptOfLine;
      this.isPassing = true;
      if (end < this.size / 2) return;
    }
    if (end === 0) return this.grow();
    const { bytes, overlong } = this;
    this.bytes = this.allocate(this.size);
    bytes.copy(this.bytes, 0, end, this.used);
    this.used -= end;
    this.overlong = overlong.filter((at) => at >= end).map((at) => at - end);
    yield {
      bytes: bytes.subarray(0, end),
      isLast: false,
      isOpen: false,
      overlong: overlong.filter((at) => at < end),
    };
  }

  /** End of the last complete line after which no quote is open, since a quoted field may contain line ends. */
  private lineEnd(): number {
    const filled = this.bytes.subarray(0, this.used);
    const last = filled.lastIndexOf(newline) + 1;
    if (!this.hasQuotes || last === 0) return last;
    let open = countQuotes(filled, 0, last) % 2 === 1;
    for (let end = last; end > Math.max(0, last - this.longest); ) {
      if (!open) return end;
      const begin = end < 2 ? 0 : filled.lastIndexOf(newline, end - 2) + 1;
      if (countQuotes(filled, begin, end) % 2 === 1) open = !open;
      end = begin;
    }
    // A quote that is never closed costs only its own line.
    return last;
  }
}

function countQuotes(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(quote, from); at !== -1 && at < to; at = bytes.indexOf(quote, at + 1)) count++;
  return count;
}

/** Makes every line end LF, where CR ends lines too. */
class ReturnsAsNewlines {
  private endedWithReturn = false;

  take(chunk: Buffer): Buffer {
    const out = Buffer.allocUnsafe(chunk.length);
    let size = 0;
    for (const byte of chunk) {
      if (byte === newline && this.endedWithReturn) {
        this.endedWithReturn = false;
        continue;
      }
      this.endedWithReturn = byte === carriageReturn;
      out[size++] = this.endedWithReturn ? newline : byte;
    }
    return out.subarray(0, size);
  }
}

/**
 * Reads a file's decompressed content once, in portions cut at line ends. UTF-16 becomes UTF-8; other encodings stay as
 * they are, since in all of them delimiters, digits, quotes and line ends are the bytes of ASCII.
 */
export async function* readPortions(path: string, options: PortionOptions): AsyncGenerator<Portion> {
  const cutter = new Cutter(options);
  const wide = options.encoding.startsWith('utf-16') ? streamDecoder(options.encoding) : undefined;
  const returns = options.hasReturns ? new ReturnsAsNewlines() : undefined;
  let left = options.start === undefined ? options.bomBytes : 0;
  for await (const raw of contentChunks(path, options.isGzip, options.start)) {
    let chunk = left > 0 ? raw.subarray(left) : raw;
    left = Math.max(0, left - raw.length);
    if (wide !== undefined) chunk = Buffer.from(wide.write(chunk));
    if (returns !== undefined) chunk = returns.take(chunk);
    yield* cutter.take(chunk);
  }
  if (wide !== undefined) yield* cutter.take(Buffer.from(wide.end() ?? ''));
  yield cutter.last();
}
