import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { Zip, ZipDeflate } from 'fflate';
import { usageError } from '../errors.js';

/** A member of a bundle: text, or the bytes of a file. */
export interface Member {
  path: string;
  content: string | { file: string };
}

/** Limit of the format without its 64-bit extension. */
const largestZip = 2 ** 32 - 1;

/**
 * One time for all members. A zip stores local time without a zone; made from local parts, the stored time is the same
 * in every zone.
 */
const memberTime = () => new Date(1980, 0, 1, 12);

async function* bytesOf({ content }: Member): AsyncGenerator<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content);
  else yield* createReadStream(content.file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
}

/** SHA-256 and size of a member. */
export async function digestOf(member: Member): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const bytes of bytesOf(member)) {
    hash.update(bytes);
    size += bytes.length;
  }
  return { sha256: hash.digest('hex'), size };
}

/**
 * Writes members as a zip archive whose bytes depend only on them: sorted by path, with one time, compressed in
 * JavaScript, since the output of Node's zlib differs between versions.
 *
 * @throws CellarError (usage) above 4 GiB
 */
export async function writeZip(path: string, members: readonly Member[]): Promise<void> {
  const out = createWriteStream(path, { flags: 'wx' });
  const failed = once(out, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => undefined);
  const waiting: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    waiting.push(bytes);
  });
  let written = 0;
  const drain = async () => {
    for (const bytes of waiting.splice(0)) {
      written += bytes.length;
      if (written > largestZip) {
        throw usageError('the bundle is larger than 4 GiB', 'leave the raw files out with --no-raw');
      }
      if (!out.write(bytes)) await Promise.race([once(out, 'drain'), failed]);
    }
  };
  try {
    for (const member of members) {
      const entry = new ZipDeflate(member.path, { level: 6 });
      entry.mtime = memberTime();
      zip.add(entry);
      for await (const bytes of evenPieces(bytesOf(member))) {
        entry.push(bytes);
        await drain();
      }
      entry.push(new Uint8Array(0), true);
      await drain();
    }
    zip.end();
    await drain();
  } finally {
    out.end();
    await Promise.race([once(out, 'close'), failed]);
  }
}

const pieceBytes = 1 << 20;

/**
 * The same bytes in pieces of a fixed size, so that the way a disk delivers them does not change how they are
 * compressed.
 */
async function* evenPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let kept: Buffer = Buffer.alloc(0);
  for await (const bytes of source) {
    kept = kept.length === 0 ? Buffer.from(bytes) : Buffer.concat([kept, bytes]);
    for (; kept.length >= pieceBytes; kept = kept.subarray(pieceBytes)) yield kept.subarray(0, pieceBytes);
  }
  if (kept.length > 0) yield kept;
}
