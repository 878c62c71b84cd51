import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, read, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { type DetectedText, streamDecoder } from './text.js';

const readLater = promisify(read);

/** What one pass over the bytes of a file shows; its content is not kept in memory. */
export interface FileScan {
  /** SHA-256 of the decompressed content. */
  sha256: string;
  /** SHA-256 of the first `headKeyBytes`, which candidates for "the same file, grown" have in common. */
  headKey: string;
  contentBytes: number;
  /** Size of the container that was hashed, where this describes the text in it. */
  sourceBytes?: number;
  isGzip: boolean;
  /** Physical lines; a last line without a line end counts. */
  lineCount: number;
  /** Whether the last line has a line end. */
  isTerminated: boolean;
}

/** Reaches beyond the header into the first records, so that hardly any other file shares it. */
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

/** Content that is read in one piece. */
const chunkBytes = 1 << 20;

/**
 * Reads the beginning of a file, or what comes after `start`, while everything waits for it: the way through the thread
 * pool takes six times as long, and a laboratory has thousands of small files.
 */
function readBeginning(handle: number, byteCount: number, start = 0): Buffer {
  const bytes = Buffer.allocUnsafeSlow(byteCount);
  let used = 0;
  while (used < byteCount) {
    const count = readSync(handle, bytes, used, byteCount - used, start + used);
    if (count === 0) break;
    used += count;
  }
  return bytes.subarray(0, used);
}

/**
 * The decompressed content of a file, chunk by chunk; each chunk is valid until the next is requested. Bytes that are
 * appended while it is read are left for later, so that reading a growing file ends.
 */
export async function* contentChunks(path: string, isGzip: boolean, start = 0): AsyncGenerator<Buffer> {
  if (isGzip) {
    yield* contentStream(path, true);
    return;
  }
  const handle = openSync(path, 'r');
  let ahead: Promise<{ bytesRead: number }> | undefined;
  try {
    const { size } = fstatSync(handle);
    let bytes = readBeginning(handle, Math.max(0, Math.min(chunkBytes, size - start)), start);
    let other: Buffer = Buffer.alloc(0);
    for (let at = start + bytes.length; bytes.length > 0; ) {
      // The next piece is read while this one is used.
      if (at < size && other.length === 0) other = Buffer.allocUnsafeSlow(chunkBytes);
      ahead = at < size ? readLater(handle, other, 0, Math.min(other.length, size - at), at) : undefined;
      yield bytes;
      const bytesRead = (await ahead)?.bytesRead ?? 0;
      at += bytesRead;
      [bytes, other] = [other.subarray(0, bytesRead), bytes];
    }
  } finally {
    await ahead?.catch(() => undefined);
    closeSync(handle);
  }
}

/** The first bytes of a file's decompressed content, and whether it was compressed. */
export async function readHead(path: string, byteCount: number): Promise<{ head: Buffer; isGzip: boolean }> {
  const handle = openSync(path, 'r');
  let head: Buffer;
  try {
    head = readBeginning(handle, Math.min(byteCount, fstatSync(handle).size));
  } finally {
    closeSync(handle);
  }
  const isGzip = head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
  if (!isGzip) return { head, isGzip };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of contentStream(path, true)) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= byteCount) break;
  }
  return { head: Buffer.concat(chunks).subarray(0, byteCount), isGzip };
}

const [newline, carriageReturn] = [10, 13];

/** Counts line ends chunk by chunk with native searches. */
class LineCounter {
  count = 0;
  isTerminated = false;
  private readonly hasReturns: boolean;
  private endedWithReturn = false;

  constructor(hasReturns: boolean) {
    this.hasReturns = hasReturns;
  }

  take(chunk: Buffer): void {
    if (chunk.length === 0) return;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) {
      const isPair = at === 0 ? this.endedWithReturn : chunk[at - 1] === carriageReturn;
      if (!(this.hasReturns && isPair)) this.count++;
    }
    const last = chunk[chunk.length - 1];
    this.endedWithReturn = last === carriageReturn;
    this.isTerminated = last === newline || (this.hasReturns && this.endedWithReturn);
    if (!this.hasReturns) return;
    for (let at = chunk.indexOf(carriageReturn); at !== -1; at = chunk.indexOf(carriageReturn, at + 1))
      this.count++;
  }
}

/**
 * Reads a file once: hash and line count.
 *
 * @param text its encoding, since in UTF-16 a line end is a character, not a byte; undefined: not text
 * @param onBytes called with the number of bytes read since the last call
 */
export async function scanFile(
  path: string,
  isGzip: boolean,
  text: Pick<DetectedText, 'encoding' | 'hasReturns'> | undefined,
  onBytes?: (count: number) => void,
): Promise<FileScan> {
  const hash = createHash('sha256');
  const lines = new LineCounter(text?.hasReturns ?? false);
  const wide = text?.encoding.startsWith('utf-16') === true ? streamDecoder(text.encoding) : undefined;
  const head: Buffer[] = [];
  let contentBytes = 0;
  for await (const chunk of contentChunks(path, isGzip)) {
    onBytes?.(chunk.length);
    if (contentBytes < headKeyBytes) head.push(Buffer.from(chunk.subarray(0, headKeyBytes - contentBytes)));
    hash.update(chunk);
    lines.take(wide === undefined ? chunk : Buffer.from(wide.write(chunk)));
    contentBytes += chunk.length;
  }
  const { isTerminated } = lines;
  return {
    sha256: hash.digest('hex'),
    headKey: createHash('sha256').update(Buffer.concat(head)).digest('hex'),
    contentBytes,
    isGzip,
    lineCount: lines.count + (contentBytes > 0 && !isTerminated ? 1 : 0),
    isTerminated,
  };
}
