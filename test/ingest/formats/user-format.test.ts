import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CellarError } from '../../../src/errors.js';
import { formats } from '../../../src/ingest/formats/index.js';
import { parseUserFormat, readUserFormats } from '../../../src/ingest/formats/user-format.js';
import { suggestFormat } from '../../../src/ingest/sniff/suggest.js';
import { measurementsOf, pointsOf, readWritten } from '../written-export.js';

const declaration = `
[format]
id = "test-rig"
vendor = "Own rig"
delimiter = "semicolon"
header = ["Kanal"]
sign = "discharge-positive"
counters = "step"
date_order = "day-first"
comment = "//"
ignored = ["Bemerkung", "Kanal"]

[columns]
test_time_second = ["Laufzeit (h)"]
date_time = "Uhr"
voltage_volt = [{ name = "Zellspg", unit = "mV" }]
current_ampere = ["Zellstrom (mA)"]
vendor_step_type = ["Art"]
capacity_ah = "Ladung (mAh)"

[states]
charge = ["Laden"]
discharge = ["Entladen (schnell)"]
rest = ["Ruhe"]

[preamble]
started_at = "^Beginn: (.+)$"
cell = "^Zelle: (.+)$"
`;

const table = [
  'Prüfstand 3',
  'Beginn: 03.04.2026 08:00:00',
  'Zelle: LZ-17',
  'Kanal;Laufzeit (h);Uhr;Zellspg;Zellstrom (mA);Art;Ladung (mAh);Bemerkung',
  '1;0;03.04.2026 08:00:00;3500;0;Ruhe;0;',
  '// power failure',
  '1;0,5;03.04.2026 08:30:00;3600,5;-100;Laden;50;x',
  '1;1;03.04.2026 09:00:00;3400;200;Entladen (schnell);20;',
  '',
].join('\n');

describe('a format that the laboratory declares', () => {
  const format = parseUserFormat(declaration, 'rig.format.toml');

  it('reads a table that is otherwise unknown', async () => {
    await expect(readWritten(table)).rejects.toThrow(/no known format/);
    const read = await readWritten(table, { formats: [format, ...formats] });
    expect(read.sniffed.recognition.format.id).toBe('test-rig');
    expect(read.loaded.rejects).toEqual([]);
    expect(read.sniffed.tables[0]).toMatchObject({
      startedAt: '03.04.2026 08:00:00',
      cell: 'LZ-17',
      dateOrder: undefined,
      unknown: [],
    });
    const found = await measurementsOf(read);
    expect(
      found.map((row) => [
        row.line_number,
        row.test_time_second,
        row.voltage_volt,
        row.current_ampere,
        row.charging_capacity_ah,
        row.discharging_capacity_ah,
      ]),
    ).toEqual([
      [5, 0, 3.5, -0, null, null],
      [7, 1800, 3.6005, 0.1, 0.05, 0],
      [8, 3600, 3.4, -0.2, 0, 0.02],
    ]);
    expect(read.loaded.linesHead + read.loaded.linesStructural + read.loaded.rowsLoaded).toBe(8);
  });

  it('reads a file of numbers whose columns it names in order', async () => {
    const byPosition = parseUserFormat(
      `[format]\nid = "bare"\nkind = "impedance"\ndelimiter = "blanks"\nnames = ["f", "phase", "mod", "T"]\n[columns]\nfrequency_hertz = [{ name = "f", unit = "Hz" }]\nabsolute_impedance_ohm = [{ name = "mod", unit = "kohm" }]\nphase_degree = [{ name = "phase", unit = "deg" }]`,
      'bare.format.toml',
    );
    const read = await readWritten('1000 -90 2 25\n100 0 3 25\n', { formats: [byPosition, ...formats] });
    expect(read.sniffed.recognition.format.id).toBe('bare');
    const points = await pointsOf(read);
    expect(points.map(({ frequency_hertz }) => frequency_hertz)).toEqual([1000, 100]);
    expect(points[0]!.imaginary_impedance_ohm).toBeCloseTo(-2000, 9);
    expect(points[1]!.real_impedance_ohm).toBeCloseTo(3000, 9);
  });

  it.each([
    ['[format', /rig\.format\.toml: .*/],
    [
      declaration.replace('id = "test-rig"', 'id = "Test Rig"'),
      /rig\.format\.toml, format\.id: must be lower-case/,
    ],
    [declaration.replace('voltage_volt', 'spannung'), /rig\.format\.toml, columns.*/],
    [
      declaration.replace('{ name = "Zellspg", unit = "mV" }', '"Zellspg"'),
      /columns\.voltage_volt: "Zellspg" names no unit of voltage/,
    ],
    [
      declaration.replace('"mV"', '"furlong"'),
      /columns\.voltage_volt: "furlong" is not a known unit of voltage/,
    ],
    [declaration.replace(/voltage_volt.*\n/, ''), /columns: voltage_volt is missing/],
    [declaration.replace('^Beginn: (.+)$', '^Beginn: (.+$'), /preamble\.started_at: .*/],
    [declaration.replace('sign = "discharge-positive"', 'sign = "backwards"'), /format\.sign: .*/],
  ])('says file and key of what is wrong: %#', (text, message) => {
    expect(() => parseUserFormat(text, 'rig.format.toml')).toThrow(message);
    expect(() => parseUserFormat(text, 'rig.format.toml')).toThrow(CellarError);
  });
});

describe('the folder of a laboratory', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cellar-lab-'));
    mkdirSync(join(folder, 'formats'));
    writeFileSync(join(folder, 'rig.format.toml'), declaration);
    writeFileSync(
      join(folder, 'formats', 'second.format.toml'),
      declaration.replace('test-rig', 'second-rig'),
    );
    writeFileSync(join(folder, 'formats', 'notes.toml'), 'x = 1');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives its formats by file name', async () => {
    const found = await readUserFormats(folder, new Set());
    expect(found.map(({ id }) => id)).toEqual(['test-rig', 'second-rig']);
    expect(found[0]!.fingerprint).not.toBe(found[1]!.fingerprint);
  });

  it('refuses an id that exists', async () => {
    await expect(readUserFormats(folder, new Set(['second-rig']))).rejects.toThrow(/second-rig is taken/);
  });
});

describe('a draft for an unknown table', () => {
  let folder: string;
  const draft = (content: string) => {
    writeFileSync(join(folder, 'export'), content);
    return suggestFormat(join(folder, 'export'));
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cellar-draft-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('guesses columns by the nearest known names, marks guesses, and reads the table as it is', async () => {
    const content =
      'rig 3\nElapsed (s);Cell Volts (mV);Curr. (mA);Temperature;Remark\n0;3500;0;25;a\n60;3600;100;25,5;b\n';
    const text = await draft(content);
    expect(text).toContain('header in line 2');
    expect(text).toMatch(/voltage_volt = \["Cell Volts \(mV\)"\] {2}# guess/);
    expect(text).toMatch(/current_ampere = \["Curr\. \(mA\)"\] {2}# guess/);
    expect(text).toContain('ignored = ["Remark"]');
    expect(text).toMatch(/unit = "°C" }\] .*guess: the header names no unit/);
    const read = await readWritten(content, { formats: [parseUserFormat(text!, 'draft'), ...formats] });
    expect(read.sniffed.recognition.format.id).toBe('my-format');
    expect(
      (await measurementsOf(read)).map((row) => [row.test_time_second, row.voltage_volt, row.current_ampere]),
    ).toEqual([
      [0, 3.5, 0],
      [60, 3.6, 0.1],
    ]);
  });

  it('leaves the columns of numbers without a header to the reader', async () => {
    const text = await draft('0,3.5,0,25\n60,3.6,0.1,25\n');
    expect(text).toContain('names = ["column 1", "column 2", "column 3", "column 4"]');
  });

  it('has nothing to say about text', async () => {
    expect(await draft('Dear all,\nthe cells are in the oven.\n')).toBeUndefined();
  });
});
