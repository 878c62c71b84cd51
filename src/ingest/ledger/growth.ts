import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { contentStream, headKeyBytes } from '../bytes/scan.js';
import type { KnownFile } from './ledger.js';

/**
 * Whether a file is a stored one that has grown. Only its bytes are compared, in one pass that computes hashes, since
 * the stored part was examined when it was read.
 */

/** Key for finding a stored file that has grown: the hash of its first bytes. */
export function headKeyOf(head: Buffer): string {
  return createHash('sha256').update(head.subarray(0, headKeyBytes)).digest('hex');
}

/** The result of one pass over a grown file. */
export interface Growth {
  /** The stored file whose content this file begins with. */
  old: KnownFile;
  sha256: string;
  contentBytes: number;
}

/** Hashes a file's content and compares it with each candidate at its length; undefined where it begins with none of them. */
export async function findGrowth(
  path: string,
  candidates: readonly KnownFile[],
  onBytes: (count: number) => void,
  isGzip = false,
): Promise<Growth | undefined> {
  if (candidates.length === 0) return undefined;
  const waiting = [...candidates].sort((a, b) => a.content_bytes! - b.content_bytes!);
  const hash = createHash('sha256');
  let old: KnownFile | undefined;
  let offset = 0;
  for await (const data of contentStream(path, isGzip)) {
    const chunk = data as Buffer;
    let from = 0;
    while (waiting[0] !== undefined && waiting[0].content_bytes! <= offset + chunk.length) {
      const candidate = waiting.shift()!;
      const upTo = candidate.content_bytes! - offset;
      hash.update(chunk.subarray(from, upTo));
      from = upTo;
      if (hash.copy().digest('hex') === candidate.sha256) old = candidate;
    }
    if (waiting.length === 0 && old === undefined) return undefined;
    hash.update(chunk.subarray(from));
    offset += chunk.length;
    onBytes(chunk.length);
  }
  // The whole file is a stored one: the same bytes, not more.
  if (old?.content_bytes === offset) return undefined;
  return old === undefined ? undefined : { old, sha256: hash.digest('hex'), contentBytes: offset };
}

/** How far back a line is searched for; files with longer lines are read completely. */
const searchedBytes = 4 << 20;

/**
 * Byte offset of the line that is `linesBack` lines before the one with byte `end` − 1; undefined where it is too far
 * back.
 */
export async function lineStart(path: string, end: number, linesBack: number): Promise<number | undefined> {
  const from = Math.max(0, end - searchedBytes);
  const bytes = Buffer.alloc(end - from);
  const handle = await open(path, 'r');
  try {
    await handle.read(bytes, 0, bytes.length, from);
  } finally {
    await handle.close();
  }
  let at = bytes.length - 1;
  for (let line = 0; line <= linesBack; line++) {
    at = at === 0 ? -1 : bytes.lastIndexOf(10, at - 1);
    if (at === -1) return from === 0 && line === linesBack ? 0 : undefined;
  }
  return from + at + 1;
}

/** Copies a file from a byte offset to the end it had when it was found. */
export async function copyTail(path: string, from: number, end: number, target: string): Promise<void> {
  const out = createWriteStream(target, { highWaterMark: 1 << 20 });
  let left = end - from;
  for await (const data of contentStream(path, false, from)) {
    const piece = (data as Buffer).subarray(0, left);
    left -= piece.length;
    if (!out.write(piece)) await once(out, 'drain');
    if (left === 0) break;
  }
  out.end();
  await finished(out);
}
