import { open as openFile } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { type Entry, fromBuffer, open, type ZipFile } from 'yauzl';
import { ContainerRefusal } from './record-table.js';

/**
 * Zip archives, read with limits: members by name, each unpacked only to its declared size, and all together no more
 * than `largestUnpacked`.
 */
export interface Archive {
  /** Members by name, as the directory lists them. */
  members: ReadonlyMap<string, Entry>;
  /** A member's unpacked bytes, piece by piece. */
  stream(entry: Entry): AsyncGenerator<Buffer>;
  /** A complete member. */
  bytes(entry: Entry, largest?: number): Promise<Buffer>;
  close(): void;
}

/** Members of one archive. */
export const mostMembers = 10_000;
/** Unpacked bytes of all members together. A workbook of a million rows has a tenth of this. */
const largestUnpacked = 16 * 2 ** 30;
/** Real workbooks unpack 1:3 to 1:7, tests 1:2 to 1:12; single members of mostly empty pages reach 1:190. */
export const largestRatio = 100;
/** A member that unpacks to less is not checked, since it does no harm. */
export const harmlessBytes = 1 << 26;
const largestMember = 2 ** 30;

const damaged = (error: Error) =>
  /end of central directory/i.test(error.message)
    ? new ContainerRefusal('incomplete zip archive: the end of the file is missing (still being copied?)')
    : new ContainerRefusal(`damaged zip archive (${error.message}): copy it again`);

function listMembers(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const members = new Map<string, Entry>();
    let unpacked = 0;
    let packed = 0;
    const bomb = (what: string) => {
      reject(
        new ContainerRefusal(`a zip archive that ${what}: refused, since no instrument writes such a file`),
      );
    };
    zip.on('error', (error: Error) => reject(damaged(error)));
    zip.on('end', () => resolve(members));
    zip.on('entry', (entry: Entry) => {
      unpacked += entry.uncompressedSize;
      packed += entry.compressedSize;
      if (members.size >= mostMembers) return bomb(`holds more than ${mostMembers} files`);
      if (unpacked > largestUnpacked) return bomb(`unpacks to more than ${largestUnpacked / 2 ** 30} GiB`);
      if (unpacked > harmlessBytes && unpacked > packed * largestRatio) {
        return bomb(`unpacks to more than ${largestRatio} times its size`);
      }
      if (members.has(entry.fileName)) return bomb(`holds two files named ${entry.fileName}`);
      if (!entry.fileName.endsWith('/')) members.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

/** Bytes of an archive: at most so many from a place on. */
interface Source {
  read(at: number, length: number): Promise<Buffer>;
  close(): void;
}

async function sourceOf(source: string | Buffer): Promise<Source> {
  if (typeof source !== 'string') {
    return { read: async (at, length) => source.subarray(at, at + length), close: () => undefined };
  }
  const handle = await openFile(source, 'r');
  return {
    async read(at, length) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
      return buffer.subarray(0, bytesRead);
    },
    close: () => void handle.close().catch(() => undefined),
  };
}

/** How the content of a member is packed. */
const [stored, deflated] = [0, 8];
/** Bytes that are read and unpacked at once. Each piece changes threads, which costs more than unpacking a small one. */
const pieceBytes = 1 << 18;

async function* packedBytes(zip: ZipFile, source: Source, entry: Entry): AsyncGenerator<Buffer> {
  const start = await new Promise<number>((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, head) =>
      error ? reject(error) : resolve(head.fileDataStart),
    );
  });
  for (let at = 0; at < entry.compressedSize; ) {
    const piece = await source.read(start + at, Math.min(pieceBytes, entry.compressedSize - at));
    if (piece.length === 0) throw new Error('a file in it reaches beyond its end');
    at += piece.length;
    yield piece;
  }
}

/** The content of a member; its length is not checked here. */
function unpacked(zip: ZipFile, source: Source, entry: Entry): AsyncIterable<Buffer> {
  const packed = packedBytes(zip, source, entry);
  if (entry.compressionMethod === stored) return packed;
  if (entry.compressionMethod !== deflated) {
    throw new Error(`unsupported compression method: ${entry.compressionMethod}`);
  }
  const chunkSize = Math.max(64, Math.min(pieceBytes, entry.uncompressedSize));
  // What fails before is thrown by the stream that is read.
  return pipeline(packed, createInflateRaw({ chunkSize }), () => undefined);
}

async function archiveOf(zip: ZipFile, source: Source): Promise<Archive> {
  const members = await listMembers(zip).catch((error: Error) => {
    zip.close();
    throw error;
  });
  async function* stream(entry: Entry): AsyncGenerator<Buffer> {
    if (entry.isEncrypted()) throw new ContainerRefusal('the archive is protected by a password');
    let size = 0;
    try {
      for await (const chunk of unpacked(zip, source, entry)) {
        size += chunk.length;
        if (size > entry.uncompressedSize) throw new Error('a file in it is longer than it says');
        yield chunk;
      }
    } catch (error) {
      throw error instanceof ContainerRefusal ? error : damaged(error as Error);
    }
    if (size < entry.uncompressedSize) throw damaged(new Error('a file in it is shorter than it says'));
  }
  return {
    members,
    stream,
    async bytes(entry, largest = largestMember) {
      if (entry.uncompressedSize > largest) {
        throw new ContainerRefusal(`${entry.fileName} in the archive is larger than ${largest >> 20} MiB`);
      }
      // Its length is checked while it is read; memory that is not written to costs nothing.
      const bytes = Buffer.allocUnsafeSlow(entry.uncompressedSize);
      let size = 0;
      for await (const chunk of stream(entry)) size += chunk.copy(bytes, size);
      return bytes;
    },
    close() {
      zip.close();
      source.close();
    },
  };
}

/**
 * Opens a zip archive.
 *
 * @param source path of the file, or its bytes
 * @throws ContainerRefusal where it is not an archive, is cut off, or is made to unpack without limit
 */
export async function openArchive(source: string | Buffer): Promise<Archive> {
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true } as const;
  const bytes = await sourceOf(source);
  try {
    const zip = await new Promise<ZipFile>((resolve, reject) => {
      const opened = (error: Error | null, found: ZipFile) =>
        error ? reject(damaged(error)) : resolve(found);
      if (typeof source === 'string') open(source, options, opened);
      else fromBuffer(source, options, opened);
    });
    return await archiveOf(zip, bytes);
  } catch (error) {
    bytes.close();
    throw error;
  }
}
