import { gzipSync } from 'node:zlib';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { runningSample } from '../sample-data/native/native.js';

/**
 * Files made so as to fill memory: small ones that unpack to a multiple, elements without an end, counts beyond the file.
 * Each has to be refused in words, whatever it says of itself, without the memory it asks for.
 */

/** A generated workbook with one of its members changed. @param {string} name @param {(text: string) => string} change */
function workbookWith(name, change) {
  const members = unzipSync(runningSample('neware-btsda.xlsx'));
  members[name] = strToU8(change(Buffer.from(members[name]).toString('utf8')));
  return zipSync(members, { level: 1 });
}

/** @param {string} name @param {(bytes: Buffer) => void} patch */
function patched(name, patch) {
  const bytes = Buffer.from(runningSample(name));
  patch(bytes);
  return bytes;
}

const sheet = 'xl/worksheets/sheet2.xml';

/**
 * What is hostile about a file, how it is made, and what its refusal says. `megabytes`: what those that unpack unpack to.
 * @param {number} megabytes
 * @returns {{what: string, make: () => Uint8Array, says: RegExp}[]}
 */
export const hostileFiles = (megabytes) => [
  {
    what: 'a Neware test whose member unpacks without bounds',
    make: () => {
      const members = unzipSync(runningSample('neware.ndax'));
      return zipSync({ ...members, 'data.ndc': new Uint8Array(megabytes << 20) }, { level: 1 });
    },
    says: /unpacks to more than 100 times its size/,
  },
  {
    what: 'a database behind gzip that unpacks without bounds',
    make: () => {
      const bytes = Buffer.alloc(megabytes << 20);
      runningSample('arbin.res').copy(bytes);
      return gzipSync(bytes, { level: 1 });
    },
    says: /unpacks to more than 100 times its size/,
  },
  {
    what: 'a row of a sheet without an end',
    make: () => workbookWith(sheet, (text) => text.replace('</row>', '<c><v>1</v></c>'.repeat(1_300_000))),
    says: /has no end|damaged: a cell named/,
  },
  {
    what: 'more records than the file can hold',
    make: () =>
      patched('biologic.mpr', (bytes) => bytes.writeUInt32LE(0xffffffff, bytes.indexOf('VMP data') + 59)),
    says: /declares 4294967295 records/,
  },
  {
    what: 'a length beyond the file',
    make: () => patched('neware.nda', (bytes) => bytes.writeUInt32LE(0x7fffffff, 68)),
    says: /incomplete: it declares/,
  },
  {
    what: 'a definition of a table that leads back to itself',
    make: () => patched('arbin.res', (bytes) => bytes.writeUInt32LE(2, 2 * 4096 + 4)),
    says: /damaged/,
  },
  {
    what: 'a description longer than the file',
    make: () => patched('table.bdf.parquet', (bytes) => bytes.writeUInt32LE(0x7fffffff, bytes.length - 8)),
    says: /damaged Parquet file/,
  },
];
