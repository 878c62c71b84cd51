import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * A DuckDB file is three headers of 4 KiB and blocks of one size, each of which begins with a checksum of 8 bytes of its
 * content. Two files that grew from one differ in the blocks whose checksums differ.
 */
const headerBytes = 3 * 4096;
const checksumBytes = 8;

/** Reads at a position until `target` is full or the file ends; returns the number of bytes read. */
function readAt(file: number, target: Uint8Array, position: number): number {
  let filled = 0;
  while (filled < target.length) {
    const count = readSync(file, target, filled, target.length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function writeAt(file: number, source: Uint8Array, position: number): void {
  let written = 0;
  while (written < source.length) {
    written += writeSync(file, source, written, source.length - written, position + written);
  }
}

function copyRange(from: number, to: number, position: number, buffer: Uint8Array): void {
  const count = readAt(from, buffer, position);
  writeAt(to, buffer.subarray(0, count), position);
}

/**
 * Makes the database at `target` equal to the one open as `source`, byte for byte, writing only what differs. The
 * source is checkpointed and not in use; nobody reads the target.
 *
 * @param source file descriptor of the database that is written
 * @param blockBytes size of a block of both, from `PRAGMA database_size`
 * @returns bytes written
 */
export function copyChangedBlocks(source: number, target: string, blockBytes: number): number {
  const to = openSync(target, 'r+');
  try {
    const { size } = fstatSync(source);
    const old = fstatSync(to).size;
    const [here, there] = [new Uint8Array(checksumBytes), new Uint8Array(checksumBytes)];
    const buffer = new Uint8Array(blockBytes);
    let written = 0;
    for (let at = headerBytes; at < size; at += blockBytes) {
      const isSame =
        at + blockBytes <= old &&
        readAt(source, here, at) === checksumBytes &&
        readAt(to, there, at) === checksumBytes &&
        here.every((byte, index) => byte === there[index]);
      if (isSame) continue;
      copyRange(source, to, at, buffer);
      written += blockBytes;
    }
    if (old > size) ftruncateSync(to, size);
    copyRange(source, to, 0, new Uint8Array(headerBytes));
    fdatasyncSync(to);
    return written + headerBytes;
  } finally {
    closeSync(to);
  }
}
