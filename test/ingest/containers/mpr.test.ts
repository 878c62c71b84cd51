import { expect, it } from 'vitest';
import { runningSample } from '../../../scripts/sample-data/native/native.js';
import { readMpr } from '../../../src/ingest/containers/mpr.js';

/** Columns of an `.mpr` whose id nobody knows: passed over where the length of the body tells their bytes. */

/** The generated file with ids of its columns replaced; those between flags and half cycle are 131, 4, 6, 11, 467, 468. */
function withIds(changes: Record<number, number>): Buffer {
  const bytes = Buffer.from(runningSample('biologic.mpr'));
  const ids = bytes.indexOf('VMP data') + 59 + 6;
  for (let at = 0; at < 9; at++) {
    const id = bytes.readUInt16LE(ids + 2 * at);
    if (changes[id] !== undefined) bytes.writeUInt16LE(changes[id], ids + 2 * at);
  }
  return bytes;
}

const read = (file: Buffer) => {
  const { tables, notes } = readMpr(file);
  return { columns: new Map(tables[0]!.columns.map(({ name, values }) => [name, values])), notes };
};
const whole = read(runningSample('biologic.mpr'));

it.each([
  [{ 467: 4000 }, 'column id 4000 (after column id 11) is not known and not read', 'Q charge/discharge/mA.h'],
  [{ 131: 4000 }, 'column id 4000 (after column id 3) is not known and not read', 'Ns'],
  [
    { 467: 4000, 468: 4001 },
    'column ids 4000, 4001 (after column id 11) are not known and not read',
    'half cycle',
  ],
  // A flag of the byte that others share takes no bytes of its own.
  [{ 3: 4000 }, 'column id 4000 (after column id 2) is not known and not read', 'error'],
])('%j: the others are read', (changes, message, lost) => {
  const { columns, notes } = read(withIds(changes));
  expect(notes).toEqual([expect.objectContaining({ code: 'UNKNOWN_COLUMN', message })]);
  expect(columns.has(lost)).toBe(false);
  for (const name of ['time/s', 'Ewe/V', '<I>/mA'])
    expect(columns.get(name), name).toEqual(whole.columns.get(name));
});

it.each([
  // Two that are apart: how many bytes each has cannot be told.
  [
    { 131: 4000, 467: 4001 },
    /column ids 4000, 4001 \(after column id 3\) are not known, so the record length is not/,
  ],
  // The byte of flags stands where the first of them does, which may be this one.
  [{ 1: 4000 }, /column id 4000 \(the first column\) is not known, so the record length is not/],
  [{ 11: 4000 }, /column id 4000 \(after column id 6\) is not known and may be the current/],
])('%j: refused', (changes, message) => {
  expect(() => readMpr(withIds(changes))).toThrow(message);
});
