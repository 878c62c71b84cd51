import { pipeline, type Readable } from 'node:stream';
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

/** How a member is packed: by deflate. */
const deflated = 8;
/** Bytes that are unpacked at once. Each piece costs a change of threads, so that small ones cost more than what is in them. */
const pieceBytes = 1 << 18;

/** The content of a member as a stream; how long it is remains to be checked. */
function unpacked(zip: ZipFile, entry: Entry): Promise<Readable> {
  const isPacked = entry.compressionMethod === deflated;
  const options = isPacked ? { decodeFileData: false } : {};
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, options, (error, packed) => {
      if (error) return reject(error);
      if (!isPacked) return resolve(packed);
      const chunkSize = Math.max(64, Math.min(pieceBytes, entry.uncompressedSize));
      // What fails is told by the stream that is read.
      resolve(pipeline(packed, createInflateRaw({ chunkSize }), () => undefined));
    });
  });
}

async function archiveOf(zip: ZipFile): Promise<Archive> {
  const members = await listMembers(zip).catch((error: Error) => {
    zip.close();
    throw error;
  });
  async function* stream(entry: Entry): AsyncGenerator<Buffer> {
    if (entry.isEncrypted()) throw new ContainerRefusal('the archive is protected by a password');
    let size = 0;
    try {
      for await (const chunk of await unpacked(zip, entry)) {
        size += (chunk as Buffer).length;
        if (size > entry.uncompressedSize) throw new Error('a file in it is longer than it says');
        yield chunk as Buffer;
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
      const chunks: Buffer[] = [];
      for await (const chunk of stream(entry)) chunks.push(chunk);
      return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    },
    close: () => zip.close(),
  };
}

/**
 * Opens a zip archive.
 *
 * @param source path of the file, or its bytes
 * @throws ContainerRefusal where it is not an archive, is cut off, or is made to unpack without limit
 */
export function openArchive(source: string | Buffer): Promise<Archive> {
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true } as const;
  return new Promise((resolve, reject) => {
    const opened = (error: Error | null, zip: ZipFile) =>
      error ? reject(damaged(error)) : archiveOf(zip).then(resolve, reject);
    if (typeof source === 'string') open(source, options, opened);
    else fromBuffer(source, options, opened);
  });
}
