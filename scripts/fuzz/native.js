import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { seededRandom } from './random.js';

/**
 * Damaged files of instruments: bytes, counts and lengths changed, pieces cut out or put elsewhere. Of an archive a member
 * is damaged and packed again, so that the damage comes past the checksums.
 */

/** @typedef {ReturnType<typeof seededRandom>} Random */

const extremes = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
/** Text that workbooks and their descriptions must not trust. */
const phrases = [
  '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
  '&b;',
  '<row r="1048577">',
  '<row r="4294967296"/>',
  '<c r="XFE1"><v>1</v></c>',
  '<c r="A1" t="s"><v>99999999</v></c>',
  '<c t="e"><v>#REF!</v></c>',
  '<v>1e999</v>',
  '<v>-',
  '</sheetData>',
  '&#x110000;',
  '_x0000_',
];

/** @type {Record<string, (bytes: Buffer, random: Random) => Buffer>} */
const damages = {
  'bytes changed': (bytes, { below }) => {
    const changed = Buffer.from(bytes);
    if (changed.length === 0) return changed;
    for (let count = 1 + below(8); count > 0; count--) changed[below(changed.length)] = below(256);
    return changed;
  },
  'a number made extreme': (bytes, { below, pick }) => {
    const changed = Buffer.from(bytes);
    const width = pick([1, 2, 4]);
    // Counts and lengths stand at the beginning.
    const reach = below(2) === 0 ? Math.min(changed.length, 1200) : changed.length;
    if (reach < 8) return changed;
    const value = pick(extremes) % 2 ** (8 * width);
    changed.writeUIntLE(value, below(reach - width), width);
    return changed;
  },
  'the end cut off': (bytes, { below }) => bytes.subarray(0, below(bytes.length + 1)),
  'a piece cut out': (bytes, { below }) => {
    const at = below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(2000))]);
  },
  'a piece put in twice': (bytes, { below }) => {
    const [from, at] = [below(bytes.length), below(bytes.length)];
    const piece = bytes.subarray(from, from + 1 + below(5000));
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  },
  'a block made zero': (bytes, { below }) => {
    const changed = Buffer.from(bytes);
    const at = below(changed.length);
    changed.fill(0, at, Math.min(changed.length, at + below(4096)));
    return changed;
  },
  'a block copied over another': (bytes, { below }) => {
    const changed = Buffer.from(bytes);
    const page = 512 << below(4);
    const pages = Math.max(1, Math.floor(changed.length / page));
    const from = below(pages) * page;
    changed.copy(changed, below(pages) * page, from, from + page);
    return changed;
  },
  'a phrase put in': (bytes, { below, pick }) => {
    const at = below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(phrases)), bytes.subarray(at)]);
  },
};

/** @param {Buffer} bytes @param {Random} random */
function damageMember(bytes, random) {
  let members;
  try {
    members = unzipSync(bytes);
  } catch {
    // A source may be an archive that is damaged already.
    const how = random.pick(Object.keys(damages));
    return { mutant: damages[how](bytes, random), change: how };
  }
  const names = Object.keys(members);
  const name = random.pick(names);
  const how = random.pick(Object.keys(damages));
  members[name] = damages[how](Buffer.from(members[name]), random);
  if (random.below(12) === 0) delete members[random.pick(names)];
  return { mutant: Buffer.from(zipSync(members, { level: 1 })), change: `${how} in ${name}` };
}

/**
 * A mutant of one of the sources by its number, independent of those before it.
 * @param {{name: string, bytes: Buffer}[]} sources @param {number} seed @param {number} number
 */
export function nativeMutant(sources, seed, number) {
  const random = seededRandom(seed * 1_000_003 + number);
  const source = random.pick(sources);
  const isArchive = source.bytes.readUInt16LE(0) === 0x4b50;
  let mutant = source.bytes;
  const changes = [];
  for (let count = 1 + random.below(2); count > 0; count--) {
    if (isArchive && count === 1 && random.below(5) > 0 && changes.length === 0) {
      const damaged = damageMember(mutant, random);
      mutant = damaged.mutant;
      changes.push(damaged.change);
    } else {
      const how = random.pick(Object.keys(damages));
      if (mutant.length > 16) mutant = damages[how](mutant, random);
      changes.push(how);
    }
  }
  return { source: source.name, mutant, changes };
}

/** A text of a file's records is larger than the file; beyond this it was blown up. */
const mostTimes = 60;
const longestSeconds = 20;
/** Words of a program's own mistakes. */
const mistakes = /undefined|\bNaN\b|RangeError|TypeError|Cannot read|is not a function|ENOENT|out of range/;

/**
 * What is wrong with how a mutant is read.
 * @param {{sniffFile: Function, dropView: Function}} library
 * @param {string} path @param {Buffer} mutant
 * @returns {Promise<{faults: string[], status: string}>}
 */
export async function nativeFaults({ sniffFile, dropView }, path, mutant) {
  writeFileSync(path, mutant);
  const faults = [];
  const started = process.cpuUsage();
  let status = 'refused';
  try {
    const sniffed = await sniffFile(path);
    status = sniffed.kind === 'refused' ? 'refused' : 'read';
    if (sniffed.kind === 'refused') {
      const { message } = sniffed.refusal;
      // What the engine says of a Parquet file is in its own words.
      const own = message.replace(/^damaged Parquet file: .*/s, 'damaged');
      if (message === '' || mistakes.test(own)) faults.push(`says "${message}"`);
    } else if (sniffed.view !== undefined) {
      const { size } = statSync(sniffed.view.path);
      if (size > mostTimes * mutant.length + 1_000_000) faults.push(`${size} bytes of text`);
      const added = sniffed.view.heads.reduce((sum, { count }) => sum + count, 0);
      const lines = readFileSync(sniffed.view.path).filter((byte) => byte === 10).length;
      if (lines < added) faults.push(`${lines} lines, ${added} of them heads`);
      dropView(sniffed.view);
    }
  } catch (error) {
    // A damaged gzip stream is refused by its code.
    const isGzip = error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));
    status = isGzip ? 'refused' : 'crashed';
    if (!isGzip) faults.push(`threw ${error instanceof Error ? error.stack : error}`);
  }
  const { user, system } = process.cpuUsage(started);
  if ((user + system) / 1e6 > longestSeconds) faults.push(`took ${(user + system) / 1e6} s`);
  rmSync(path, { force: true });
  return { faults, status };
}
