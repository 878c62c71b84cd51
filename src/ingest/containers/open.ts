import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readMpr } from './mpr.js';
import { readNda } from './nda.js';
import { ContainerRefusal, type RecordFile } from './record-table.js';
import { type TextView, writeRecords } from './view.js';

/** What kind of instruments' own file it is, told by its first bytes, never by its name. */
export type ContainerKind = 'mpr' | 'nda';

export function containerKind(head: Buffer): ContainerKind | undefined {
  const start = head.subarray(0, 24).toString('latin1');
  if (start.startsWith('BIO-LOGIC MODULAR FILE')) return 'mpr';
  if (/^NEWARE\d{8}/.test(start)) return 'nda';
  return undefined;
}

/** Files of records are held in memory; no test of years comes near this. */
const largestBytes = 1 << 30;

async function wholeFile(path: string, isGzip: boolean): Promise<Buffer> {
  const { size } = await stat(path);
  const tooLarge = () =>
    new ContainerRefusal(`larger than ${largestBytes >> 20} MiB, too large for a file of this kind`);
  if (size > largestBytes) throw tooLarge();
  const bytes = await readFile(path);
  if (!isGzip) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largestBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw error;
  }
}

const readers: Record<
  ContainerKind,
  { title: string; read: (file: Buffer) => RecordFile | Promise<RecordFile> }
> = {
  mpr: { title: 'a BioLogic .mpr file', read: readMpr },
  nda: { title: 'a Neware .nda file', read: readNda },
};

/**
 * Opens an instrument's own file and writes its content as text.
 *
 * @throws ContainerRefusal where it cannot be read
 */
export async function openContainer(path: string, kind: ContainerKind, isGzip: boolean): Promise<TextView> {
  const { title, read } = readers[kind];
  const bytes = await wholeFile(path, isGzip);
  const { tables, notes } = await guarded(() => read(bytes));
  return writeRecords(title, tables, notes);
}

/** A read beyond the end of the bytes is a damaged file, not a fault of the program. */
async function guarded<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ContainerRefusal('damaged: a length or place in it points beyond the end of the file');
    }
    throw error;
  }
}
