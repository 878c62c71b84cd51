import { isAscii, isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Encoding, streamDecoder } from './text.js';

/** What one pass over a file's bytes tells; nothing of its body stays in memory. */
export interface FileScan {
  /** SHA-256 of the decompressed content. */
  sha256: string;
  /** SHA-256 of the first `headKeyBytes`: candidates for "the same file, grown" share it. */
  headKey: string;
  contentBytes: number;
  /** Size of what was hashed, where that is a container and this describes the text in it. */
  sourceBytes?: number;
  isGzip: boolean;
  /** Physical lines; a last line without a line end counts. */
  lineCount: number;
  /** Byte offset at which the last line begins. */
  lastLineOffset: number;
  /** Whether the last line has a line end. */
  isTerminated: boolean;
  lineEnd: 'lf' | 'crlf' | 'cr' | 'mixed';
  hasNul: boolean;
  /** Control characters that the careful reading uses as its own separators; some exports hold binary padding. */
  hasSeparatorBytes: boolean;
  hasQuote: boolean;
  /** Characters that DuckDB's number parser takes but no instrument means: 1_000, +-1. */
  hasOddNumberCharacters: boolean;
  isAscii: boolean;
  isUtf8: boolean;
}

/** Reaches beyond the header into the first records, so that few files but the same one share it. */
export const headKeyBytes = 4096;

/** Thrown when a file's size or time changes while it is read. */
export class FileChangedError extends Error {}

/** A stream of a file's decompressed content. */
export function contentStream(path: string, isGzip: boolean, start = 0): Readable {
  if (!isGzip) return createReadStream(path, { start, highWaterMark: 1 << 20 });
  const source = createReadStream(path, { highWaterMark: 1 << 20 });
  const gunzip = createGunzip({ chunkSize: 1 << 20 });
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

/** The first bytes of a file's decompressed content, and whether it was compressed. */
export async function readHead(path: string, byteCount: number): Promise<{ head: Buffer; isGzip: boolean }> {
  const handle = await open(path, 'r');
  const magic = Buffer.alloc(2);
  let isGzip = false;
  try {
    const { bytesRead } = await handle.read(magic, 0, 2, 0);
    isGzip = bytesRead === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
    if (!isGzip) {
      const head = Buffer.alloc(byteCount);
      const { bytesRead: got } = await handle.read(head, 0, byteCount, 0);
      return { head: head.subarray(0, got), isGzip };
    }
  } finally {
    await handle.close();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of contentStream(path, true)) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= byteCount) break;
  }
  return { head: Buffer.concat(chunks).subarray(0, byteCount), isGzip };
}

/** Counts line ends chunk by chunk with native searches. */
class LineCounter {
  newlines = 0;
  lastLineOffset = 0;
  private crlf = 0;
  private carriageReturns = 0;
  private offset = 0;
  private previousByte = 0;

  take(chunk: Buffer): void {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) {
      this.newlines++;
      if ((at === 0 ? this.previousByte : chunk[at - 1]) === 13) this.crlf++;
      this.lastLineOffset = this.offset + at + 1;
    }
    for (let at = chunk.indexOf(13); at !== -1; at = chunk.indexOf(13, at + 1)) this.carriageReturns++;
    this.offset += chunk.length;
    this.previousByte = chunk[chunk.length - 1] ?? this.previousByte;
  }

  get lineEnd(): FileScan['lineEnd'] {
    if (this.newlines === 0 && this.carriageReturns > 0) return 'cr';
    if (this.carriageReturns === 0) return 'lf';
    return this.crlf === this.newlines && this.carriageReturns === this.crlf ? 'crlf' : 'mixed';
  }

  /** Carriage returns alone, for files that have no other line end. */
  get returns(): number {
    return this.carriageReturns;
  }

  get isTerminated(): boolean {
    return this.previousByte === (this.lineEnd === 'cr' ? 13 : 10);
  }
}

/**
 * Reads a file once: hash, line count, and what of its bytes decides how it must be read.
 *
 * @param bodyOffset where the head ends; quotes and odd characters in the head do not matter
 * @param encoding of its text: in UTF-16 a line end is a character, not a byte
 * @param onBytes called with the number of bytes read since the last call
 */
export async function scanFile(
  path: string,
  isGzip: boolean,
  options: { bodyOffset?: number; encoding: Encoding | undefined; onBytes?: (count: number) => void },
): Promise<FileScan> {
  const bodyOffset = options.bodyOffset ?? 0;
  const hash = createHash('sha256');
  const lines = new LineCounter();
  const wide = options.encoding?.startsWith('utf-16') === true ? streamDecoder(options.encoding) : undefined;
  const head: Buffer[] = [];
  let contentBytes = 0;
  let hasNul = false;
  let hasSeparatorBytes = false;
  let hasQuote = false;
  let hasOddNumberCharacters = false;
  let ascii = true;
  let utf8 = true;
  let tail: Buffer = Buffer.alloc(0);
  for await (const data of contentStream(path, isGzip)) {
    const chunk = data as Buffer;
    options.onBytes?.(chunk.length);
    if (contentBytes < headKeyBytes) head.push(chunk.subarray(0, headKeyBytes - contentBytes));
    hash.update(chunk);
    lines.take(wide === undefined ? chunk : Buffer.from(wide.write(chunk)));
    const body = contentBytes >= bodyOffset ? chunk : chunk.subarray(bodyOffset - contentBytes);
    hasNul ||= chunk.includes(0);
    hasSeparatorBytes ||= chunk.includes(0x01) || chunk.includes(0x1f);
    hasQuote ||= body.includes(0x22);
    hasOddNumberCharacters ||= body.includes(0x5f) || body.includes('+-') || body.includes('--');
    if (ascii && !isAscii(chunk)) ascii = false;
    if (utf8 && !ascii) {
      const joined = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
      const cut = lastWholeCharacter(joined);
      utf8 = isUtf8(joined.subarray(0, cut));
      tail = Buffer.from(joined.subarray(cut));
    }
    contentBytes += chunk.length;
  }
  const lineEnd = lines.lineEnd;
  const ends = lineEnd === 'cr' ? lines.returns : lines.newlines;
  const isTerminated = contentBytes > 0 && lines.isTerminated;
  return {
    sha256: hash.digest('hex'),
    headKey: createHash('sha256').update(Buffer.concat(head)).digest('hex'),
    contentBytes,
    isGzip,
    lineCount: ends + (contentBytes > 0 && !isTerminated ? 1 : 0),
    lastLineOffset: lines.lastLineOffset,
    isTerminated,
    lineEnd,
    hasNul,
    hasSeparatorBytes,
    hasQuote,
    hasOddNumberCharacters,
    isAscii: ascii,
    isUtf8: ascii || (utf8 && tail.length === 0),
  };
}

/** Where the last complete UTF-8 character of a buffer ends. */
function lastWholeCharacter(buffer: Buffer): number {
  for (let back = 1; back <= Math.min(4, buffer.length); back++) {
    const byte = buffer[buffer.length - back]!;
    if (byte < 0x80) return buffer.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back >= length ? buffer.length : buffer.length - back;
    }
  }
  return buffer.length;
}
