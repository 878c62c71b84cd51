import { describe, expect, it } from 'vitest';
import {
  detectDecimal,
  detectDelimiter,
  splitFields,
  splitQuoted,
  unwrapLine,
  usualFieldCount,
} from '../../../src/ingest/sniff/dialect.js';

describe('dialects', () => {
  it.each([
    [['a\tb\tc', '1\t2\t3'], '\t'],
    [['a;b', '1,5;2,5', '3,5;4,5'], ';'],
    [['a,b', '1.5,2.5'], ','],
    [['  1.0   2.0  3.0', '  4.0   5.0  6.0'], 'whitespace'],
    [['some words of a preamble', '', 'f,re,im', '1,2,3', '4,5,6'], ','],
  ])('%j is cut by %j', (lines, delimiter) => {
    expect(detectDelimiter(lines)).toBe(delimiter);
  });

  it.each([
    [[['1,5', '2']], ','],
    [[['1,5', '2.5']], '.'],
    [[['1,5E-3', '2']], ','],
    [[['15', '2']], '.'],
    // One value typed with a point is not the file's habit.
    [
      [
        ['1,5', '2,5'],
        ['1,6', '2.6'],
      ],
      ',',
    ],
    // Between commas these stood in quotes: without a point anywhere they are decimals, beside points thousands.
    [[['1,020', '2']], ','],
    [[['1,020', '2.5', '3.25']], '.'],
  ] as const)('%j has the decimal mark %j', (rows, mark) => {
    expect(detectDecimal(rows)).toBe(mark);
  });

  it('honours quotes, doubled quotes and empty fields', () => {
    expect(splitFields('a,"b, c","d ""e""",', ',')).toEqual(['a', 'b, c', 'd "e"', '']);
    expect(splitQuoted('a,"b', ',')).toBeUndefined();
    expect(splitFields('a,"b', ',')).toEqual(['a', '"b']);
    expect(splitFields('  1 2\t3 ', 'whitespace')).toEqual(['1', '2', '3']);
    expect(splitFields('Freq/Hz, Z"/ohm', ',')).toEqual(['Freq/Hz', ' Z"/ohm']);
  });

  it('unwraps a line that a spreadsheet put into one pair of quotes', () => {
    expect(unwrapLine('"a,b,c"', ',')).toBe('a,b,c');
    expect(unwrapLine('"a","b"', ',')).toBe('"a","b"');
    expect(unwrapLine('"a"', ',')).toBe('"a"');
  });

  it('takes the most frequent number of fields, the larger on a tie', () => {
    expect(usualFieldCount([['a'], ['a', 'b'], ['c', 'd']])).toBe(2);
    expect(usualFieldCount([['a'], ['a', 'b']])).toBe(2);
    expect(usualFieldCount([])).toBe(0);
  });
});
