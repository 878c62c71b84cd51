import { expect, it } from 'vitest';
import { seededRandom } from '../../../scripts/fuzz/random.js';
import { PlainTimes } from '../../../src/ingest/load/plain-times.js';
import { clockSeconds, withinBounds } from '../../../src/ingest/sniff/clock-seconds.js';
import { writtenSeconds } from '../../../src/ingest/sniff/durations.js';

/** Times read byte by byte are those that their text gives, to the last bit, or are left to the reading of the text. */

/** A time as it is written somewhere, at times with a digit or a mark too many, too few or changed. */
function randomTime({ below }: ReturnType<typeof seededRandom>, isClock: boolean): string {
  const digits = (length: number) => Array.from({ length }, () => below(10)).join('');
  const two = (most: number) => String(below(most)).padStart(1 + below(2), '0');
  const mark = () => ['-', '-', '/', '.'][below(4)]!;
  const date = `${1970 + below(240)}${mark()}${two(14)}${mark()}${two(33)}${['T', ' ', ' ', '  '][below(4)]}`;
  const hours = isClock ? two(25) : digits(1 + below(4));
  const fraction = below(2) === 0 ? '' : `${['.', '.', ','][below(3)]}${digits(below(12))}`;
  const text = `${isClock ? date : ''}${hours}:${two(62)}:${two(62)}${fraction}${['', '', '', 'Z', ' PM', ' '][below(6)]}`;
  if (below(8) > 0) return text;
  const at = below(text.length);
  return text.slice(0, at) + ['', ':', '7', '77', 'x'][below(5)] + text.slice(at + 1);
}

it.each([
  { name: 'elapsed times', isClock: false },
  { name: 'clocks', isClock: true },
])('reads 10,000 random $name as their text is read', ({ isClock }) => {
  const random = seededRandom(11);
  const wrong: string[] = [];
  let plain = 0;
  for (let count = 0; count < 10_000; count++) {
    const [delimiter, end] = [[9, '\t'] as const, [44, ','] as const, [59, '\n'] as const][random.below(3)]!;
    const written = randomTime(random, isClock);
    const text = delimiter === 44 ? written.replaceAll(',', '.') : written;
    const times = new PlainTimes(delimiter);
    const bytes = Buffer.from(`${text}${end}`);
    const read = isClock ? withinBounds(times.clock(bytes, 0)) : times.duration(bytes, 0);
    if (Number.isNaN(read)) continue;
    plain++;
    const meant = isClock ? clockSeconds(text, { kind: 'iso' }, undefined) : writtenSeconds(text);
    if (read !== meant || times.end !== text.length) wrong.push(`${text}: ${read}`);
  }
  expect(wrong).toEqual([]);
  expect(plain).toBeGreaterThan(1000);
});

it.each([
  ['30:05:06.25', 108_306.25],
  ['0:00:00', 0],
  ['141:52:34', 510_754],
  ['00:00:01,250', 1.25],
  ['00:00:0.1234567890123456', Number.NaN],
  [':01:02', Number.NaN],
  ['01:02', Number.NaN],
  ['1.01:02:03', Number.NaN],
])('reads %s as an elapsed time', (text, seconds) => {
  expect(new PlainTimes(9).duration(Buffer.from(`${text}\t`), 0)).toBe(seconds);
});

it.each([
  ['2024-05-06 07:08:09', Date.UTC(2024, 4, 6, 7, 8, 9) / 1000],
  ['2024/5/6T7:8:9.1234567', (Date.UTC(2024, 4, 6, 7, 8, 9) + 123.456) / 1000],
  ['2023-02-29 00:00:00', Number.NaN],
  ['2024-05-06 24:00:00', Number.NaN],
  ['2024-05-06', Number.NaN],
  ['2024-05-06 07:08:09+02:00', Number.NaN],
])('reads %s as a clock', (text, seconds) => {
  expect(new PlainTimes(9).clock(Buffer.from(`${text}\n`), 0)).toBe(seconds);
});
