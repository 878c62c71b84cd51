import { expect, it } from 'vitest';
import { measurementsOf, pointsOf, readWritten } from '../written-export.js';

/** Tables that are not of one piece: no value is stored under another column's name, in another unit, or lost unsaid. */

const header = 'Test Time / s,Voltage / V,Current / A';
const count = (n: number) => Array.from({ length: n }, (_, k) => k);
/** Records of 3 V and more at 0.1 A, from a time on. */
const records = (from: number, n = 12) => count(n).map((k) => `${from + k},${(3 + 0.01 * k).toFixed(3)},0.1`);
const text = (...lines: (string | string[])[]) => `${lines.flat().join('\n')}\n`;

async function read(content: string | Buffer) {
  const found = await readWritten(content);
  const rows = await measurementsOf(found);
  const { rejects, linesHead, linesStructural, rowsLoaded } = found.loaded;
  expect(linesHead + linesStructural + rowsLoaded + rejects.length).toBe(found.scan.lineCount);
  return { found, rows, rejects, linesStructural };
}

it.each([
  ['another order', 'Test Time / s,Current / A,Voltage / V', (k: number) => `${40 + k},0.2,3.5`],
  ['another unit', 'Test Time / s,Voltage / V,Current / mA', (k: number) => `${40 + k},3.5,200`],
])('lines behind a second header are read by it: %s', async (_what, second, line) => {
  const { rows, rejects, linesStructural } = await read(
    text(header, records(0), second, count(12).map(line)),
  );
  expect(rejects).toEqual([]);
  expect(linesStructural).toBe(1);
  expect(rows).toHaveLength(24);
  expect(rows[12]).toMatchObject({ line_number: 15, test_time_second: 40, voltage_volt: 3.5 });
  for (const row of rows.slice(12)) expect(row.current_ampere).toBeCloseTo(0.2, 12);
});

it('lines behind a header of other columns are rejected one by one', async () => {
  const { rows, rejects } = await read(
    text(header, records(0), 'Test Time / s,Voltage / V,Temperature / °C', records(40)),
  );
  expect(rows).toHaveLength(12);
  expect(rejects.map(({ line_number }) => line_number)).toEqual(count(12).map((k) => 15 + k));
  expect(rejects[0]!.reason).toMatch(/another header \(line 14\)/);
});

it('lines of data above the header are rejected, each once, also where the table holds several tests', async () => {
  const above = await read(text(records(0), header, records(30)));
  expect(above.rows).toHaveLength(12);
  expect(above.rejects).toHaveLength(12);
  expect(above.rejects[0]).toMatchObject({
    line_number: 1,
    reason: expect.stringContaining('above the header'),
  });
});

it.each([
  [
    'milliampere',
    'Test Time / s,Voltage / mV,Current / mA',
    (k: number) => `"${k}","${3000 + k}","1,2${50 + k}"`,
  ],
  ['a zero before it', header, (k: number) => `"${k}","3,3${10 + k}","0,100"`],
])('quoted numbers of three decimals keep their decimal comma: %s', async (_what, head, line) => {
  const { rows, rejects } = await read(text(head, count(12).map(line)));
  expect(rejects).toEqual([]);
  for (const [k, row] of rows.entries()) {
    const isMilli = head !== header;
    expect(row.voltage_volt).toBeCloseTo(isMilli ? 3 + k / 1000 : 3.31 + k / 1000, 12);
    expect(row.current_ampere).toBeCloseTo(isMilli ? (1.25 + k / 1000) / 1000 : 0.1, 12);
  }
});

it('one value typed with a point costs its line at most, in a file of decimal commas', async () => {
  const lines = count(20).map((k) => `${10 * k};3,${100 + k};0,1`);
  lines[7] = '70;3.107;0,1';
  const { rows, rejects } = await read(text(header.replaceAll(',', ';'), lines));
  expect(rows).toHaveLength(19);
  expect(rejects).toMatchObject([{ line_number: 9, raw_value: '3.107' }]);
});

it('a header whose tabs are doubled names the columns by the names that are there', async () => {
  const points = count(8).map((k) => `${10 ** (6 - k / 2)},${(20 + k).toFixed(3)},-2.5`);
  const content = text(
    'F[Hz]\t\tZ[Ohm]\t\tTheta',
    points.map((line) => line.replaceAll(',', '\t')),
  );
  const found = await readWritten(content);
  const stored = await pointsOf(found);
  expect(stored).toHaveLength(8);
  expect(stored[0]!.real_impedance_ohm).toBeCloseTo(20 * Math.cos((2.5 * Math.PI) / 180), 9);
  expect(stored[0]!.imaginary_impedance_ohm).toBeCloseTo(-20 * Math.sin((2.5 * Math.PI) / 180), 9);
});

it('reads lines that end with CR before a last LF, and lines that are quoted as a whole', async () => {
  const cr = await read(`${[header, ...records(0)].join('\r')}\n`);
  expect(cr.rows).toHaveLength(12);
  const quoted = await read(text([header, ...records(0)].map((line) => `"${line}"`)));
  expect(quoted.rows).toHaveLength(12);
  expect(quoted.rows[3]).toMatchObject({ test_time_second: 3, voltage_volt: 3.03, current_ampere: 0.1 });
});

it('a line without end costs itself', async () => {
  const long = '0123456789abcdef'.repeat((17 << 20) / 16);
  const { rows, rejects } = await read(text(header, records(0), long, records(40)));
  expect(rows).toHaveLength(24);
  expect(rejects.map(({ line_number }) => line_number)).toEqual([14]);
  expect(rejects[0]!.raw_line!.length).toBeLessThan(20_000);
});

it('a line with NUL bytes is rejected, and shown without them', async () => {
  const damaged = records(0);
  damaged[5] = `5,3.0\0\0\0,0.1`;
  const { rows, rejects } = await read(text(header, damaged));
  expect(rows).toHaveLength(11);
  expect(rejects).toMatchObject([{ line_number: 7, raw_line: '5,3.0␀␀␀,0.1', reason: 'NUL bytes' }]);
});

it('a line end in quotes belongs to words; in a number it is a quote that was lost', async () => {
  const lines = records(0).map((line) => `"${line}"`);
  lines[3] = lines[3]!.replace(/"$/, '');
  lines[6] = lines[6]!.slice(5);
  const lost = await read(text(`"${header}"`, lines));
  expect(lost.linesStructural).toBe(0);
  expect(lost.rows.length + lost.rejects.length).toBe(12);
  expect(lost.rejects.map(({ line_number }) => line_number)).toContain(5);
  const noted = records(0).map((line, k) => `${line},${k === 3 ? '"opened\nand closed"' : 'none'}`);
  const kept = await read(text(`${header},Comment`, noted));
  expect(kept.rejects).toEqual([]);
  expect(kept.rows).toHaveLength(12);
});
