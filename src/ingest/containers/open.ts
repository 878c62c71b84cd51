import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readMpr } from './mpr.js';
import { readNda } from './nda.js';
import { readNdax } from './ndax.js';
import { openParquet } from './parquet.js';
import { ContainerRefusal, type RecordFile } from './record-table.js';
import { writeRecords } from './record-text.js';
import { readRes } from './res.js';
import { type JudgeSheet, writeSheets } from './sheet-text.js';
import { type TextView, viewPath } from './view.js';
import { openWorkbook, workbookPath } from './workbook.js';
import { harmlessBytes, largestRatio, openArchive } from './zip.js';

/** The kind of an instrument's own file, recognised by its first bytes, never by its name. */
export type ContainerKind = 'mpr' | 'nda' | 'zip' | 'compound' | 'parquet' | 'res';

export function containerKind(head: Buffer): ContainerKind | undefined {
  const start = head.subarray(0, 24).toString('latin1');
  if (start.startsWith('BIO-LOGIC MODULAR FILE')) return 'mpr';
  if (/^NEWARE\d{8}/.test(start)) return 'nda';
  if (start.startsWith('PAR1')) return 'parquet';
  if (/^.{4}Standard (Jet|ACE) DB/s.test(start)) return 'res';
  if (start.startsWith('PK\u0003\u0004')) return 'zip';
  if (start.startsWith('\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1')) return 'compound';
  return undefined;
}

/** Files of records are held in memory; not even a test of several years is nearly this large. */
const largestBytes = 1 << 30;

async function wholeFile(path: string, isGzip: boolean): Promise<Buffer> {
  const { size } = await stat(path);
  const tooLarge = () =>
    new ContainerRefusal(`larger than ${largestBytes >> 20} MiB, too large for a file of this kind`);
  if (size > largestBytes) throw tooLarge();
  const bytes = await readFile(path);
  if (!isGzip) return bytes;
  const mostUnpacked = Math.min(largestBytes, Math.max(harmlessBytes, largestRatio * size));
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: mostUnpacked });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    if (mostUnpacked === largestBytes) throw tooLarge();
    throw new ContainerRefusal(
      `gzip content that unpacks to more than ${largestRatio} times its size: refused, since no instrument writes such a file`,
    );
  }
}

type RecordKind = 'mpr' | 'nda' | 'ndax' | 'res';

const readers: Record<
  RecordKind,
  { title: string; read: (file: Buffer) => RecordFile | Promise<RecordFile> }
> = {
  mpr: { title: 'a BioLogic .mpr file', read: readMpr },
  nda: { title: 'a Neware .nda file', read: readNda },
  ndax: { title: 'a Neware .ndax file', read: readNdax },
  res: { title: 'an Arbin .res file', read: readRes },
};

async function openRecords(kind: RecordKind, whole: () => Promise<Buffer>): Promise<TextView> {
  const { title, read } = readers[kind];
  const opened = () => guarded(async () => read(await whole()));
  const { tables, notes } = await opened();
  return writeRecords(title, tables, notes, async () => (await opened()).tables);
}

/** The kind of a zip archive, by its members. */
async function openZip(
  source: string | Buffer,
  judge: JudgeSheet,
  whole: () => Promise<Buffer>,
): Promise<TextView> {
  const archive = await openArchive(source);
  try {
    const has = (name: string) => archive.members.has(name);
    const names = [...archive.members.keys()];
    if (names.some((name) => name.endsWith('.ndc')) || has('TestInfo.xml'))
      return await openRecords('ndax', whole);
    if ((await workbookPath(archive)) !== undefined)
      return await writeSheets(await openWorkbook(archive), judge);
    if (has('xl/workbook.bin')) {
      throw new ContainerRefusal('a binary Excel workbook (.xlsb) - save it as .xlsx or CSV');
    }
    if (has('mimetype') && has('content.xml')) {
      throw new ContainerRefusal('an OpenDocument file (.ods or .odt) - save the table as .xlsx or CSV');
    }
    const some = names.slice(0, 5).join(', ');
    throw new ContainerRefusal(
      `not a workbook: a zip archive, but neither an Excel workbook nor a Neware test; it holds ${some}${names.length > 5 ? ` and ${names.length - 5} more files` : some === '' ? 'nothing' : ''}`,
    );
  } finally {
    archive.close();
  }
}

/** A compound file is an old workbook, or a new one with a password. */
function refuseCompound(bytes: Buffer): never {
  const isProtected = bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'));
  throw new ContainerRefusal(
    isProtected
      ? 'the workbook is protected by a password - save it without one'
      : 'an old Excel workbook (.xls) or another compound file - save it as .xlsx or CSV',
  );
}

/**
 * Opens an instrument's own file and writes its content as text.
 *
 * @param judge decides what the sheets of a workbook are
 * @throws ContainerRefusal where it cannot be read
 */
export async function openContainer(
  path: string,
  kind: ContainerKind,
  isGzip: boolean,
  judge: JudgeSheet,
): Promise<TextView> {
  const whole = () => wholeFile(path, isGzip);
  if (kind === 'zip') return guarded(async () => openZip(isGzip ? await whole() : path, judge, whole));
  if (kind === 'parquet') {
    if (!isGzip) return openParquet(path, true);
    const unpacked = viewPath();
    await writeFile(unpacked, await whole());
    return openParquet(unpacked, false).finally(() => rm(unpacked, { force: true }));
  }
  return kind === 'compound' ? refuseCompound(await whole()) : openRecords(kind, whole);
}

/** Reading beyond the end of the bytes means a damaged file, not a bug. */
async function guarded<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ContainerRefusal('damaged: a length or an offset in it points beyond the end of the file');
    }
    throw error;
  }
}
