import { expect, it } from 'vitest';
import { looksBinary, refusalOf } from '../../../src/ingest/sniff/refusal.js';

/** A file that is no text is named, with what to do. */

it.each([
  ['raw Maccor', Buffer.concat([Buffer.from([0, 0, 0xa1, 1]), Buffer.alloc(400)])],
  ['MATLAB', Buffer.from('MATLAB 5.0 MAT-file, Platform: GLNXA64')],
  ['MATLAB', Buffer.from('MATLAB 7.3 MAT-file, Platform: PCWIN64')],
  ['SQLite', Buffer.from('SQLite format 3\0')],
  ['DuckDB', Buffer.from('\x01\x02\x03\x04\x05\x06\x07\x08DUCK@')],
  ['TDMS', Buffer.from('TDSm\x0e\0\0\0')],
  ['NumPy', Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])],
  ['7z', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])],
])('%s', (name, head) => {
  expect(refusalOf(head)).toMatchObject({ status: 'rejected', message: expect.stringContaining(name) });
});

it('zeros with a few numbers between them are no text; text padded with zeros is', () => {
  expect(looksBinary(`\u0001\0\u000e\0\u0001${'\0'.repeat(4000)}ab${'\0'.repeat(200)}`)).toBe(true);
  expect(
    looksBinary(`${'\0'.repeat(4000)}Time;Voltage;Current;Temperature;Capacity;Energy\n1;2;3;4;5;6\n`),
  ).toBe(false);
  expect(looksBinary('Time,Voltage\n1,2\n')).toBe(false);
});
