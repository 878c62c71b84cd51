import iconv from 'iconv-lite';
import { contentStream } from '../bytes/scan.js';
import type { Encoding } from '../bytes/text.js';

/** An export inside a file: its beginning and the bytes of its head. */
export interface Section {
  /** Physical line of its first line, from 1. */
  line: number;
  head: Buffer;
}

const newline = 10;
/**
 * What may come between the beginning of a line and the marker: a quote, a byte order mark, the other half of UTF-16.
 */
const skipped = new Set([0x22, 0xef, 0xbb, 0xbf, 0xff, 0xfe, 0x00]);

/** Searches whole lines for the marker and gathers the bytes that follow each. */
class SectionFinder {
  readonly found: { line: number; chunks: Buffer[]; size: number }[] = [];
  private readonly marker: Buffer;
  private readonly headBytes: number;
  private line = 1;

  constructor(marker: Buffer, headBytes: number) {
    this.marker = marker;
    this.headBytes = headBytes;
  }

  /** Takes bytes that begin at the beginning of a line. */
  take(bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(this.marker); at !== -1; at = bytes.indexOf(this.marker, at + 1)) {
      let before = at - 1;
      while (before >= 0 && skipped.has(bytes[before]!)) before--;
      if (before >= 0 && bytes[before] !== newline) continue;
      this.pass(bytes.subarray(from, at));
      from = at;
      this.found.push({ line: this.line, chunks: [], size: 0 });
    }
    this.pass(bytes.subarray(from));
  }

  private pass(bytes: Buffer): void {
    for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) this.line++;
    const section = this.found.at(-1);
    if (section === undefined || section.size >= this.headBytes) return;
    const piece = Buffer.from(bytes.subarray(0, this.headBytes - section.size));
    section.chunks.push(piece);
    section.size += piece.length;
  }
}

/**
 * Finds the lines of a file that begin with `marker` (possibly after a quote), in one pass over its bytes.
 *
 * @param headBytes how much of each section's beginning is kept
 */
export async function findSections(
  path: string,
  isGzip: boolean,
  marker: string,
  encoding: Encoding,
  headBytes: number,
): Promise<Section[]> {
  const finder = new SectionFinder(iconv.encode(marker, encoding), headBytes);
  let carry: Buffer = Buffer.alloc(0);
  for await (const data of contentStream(path, isGzip)) {
    const bytes = carry.length === 0 ? (data as Buffer) : Buffer.concat([carry, data as Buffer]);
    const end = bytes.lastIndexOf(newline) + 1;
    if (end > 0) finder.take(bytes.subarray(0, end));
    carry = Buffer.from(bytes.subarray(end));
  }
  finder.take(carry);
  return finder.found.map(({ line, chunks }) => ({ line, head: Buffer.concat(chunks) }));
}
