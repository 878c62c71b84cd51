import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanFile } from '../../../src/ingest/bytes/scan.js';
import { formats } from '../../../src/ingest/formats/index.js';
import { sniffFile, textPath } from '../../../src/ingest/sniff/sniff.js';
import { projectRoot } from '../../shared-data.js';
import { type ReadExport, readExport } from '../read-export.js';

/** What every format promises, held against samples whose true content is known. */

interface Sweep {
  points: number;
  first_frequency_hertz: number;
  last_frequency_hertz: number;
  sum_of_real_impedance_ohm: number;
  sum_of_imaginary_impedance_ohm: number;
}
interface Truth {
  kind: 'timeseries' | 'impedance' | 'both' | 'summary';
  format?: string;
  rows?: number;
  charge_ah?: number;
  discharge_ah?: number;
  counter_resolution_ah?: number;
  ampere_hours_from?: string;
  first_test_time_second?: number;
  last_test_time_second?: number;
  first_voltage_volt?: number;
  last_voltage_volt?: number;
  vendor_cycles?: number;
  steps?: number;
  spectra?: number;
  points?: number;
  sweeps?: Sweep[];
  open_circuit_rows?: number;
  cell_hint?: string | null;
  time_column?: string;
  cycles?: {
    vendor_cycle_count: number;
    charge_ah: number;
    discharge_ah: number;
    charge_wh: number;
    discharge_wh: number;
  }[];
}

const folder = join(projectRoot, 'sample-data', 'formats');
const truthsOf = (place: string) =>
  Object.entries(JSON.parse(readFileSync(join(place, 'truth.json'), 'utf8'))) as [string, Truth][];
/** Files as the instruments leave them, the format of each in its truth. */
const native = join(projectRoot, 'sample-data', 'native');
const truths = [...truthsOf(folder), ...truthsOf(native)];

/** Roles whose values are stored under another name or derived from. */
const storedAs: Record<string, string> = {
  frequency_hertz: 'impedance',
  real_impedance_ohm: 'impedance',
  imaginary_impedance_ohm: 'impedance',
};
const measured = new Set([
  'vendor_record_index',
  'test_time_second',
  'vendor_cycle_count',
  'step_id',
  'vendor_step_type',
  'current_ampere',
  'voltage_volt',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'net_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
  'net_energy_wh',
  'ambient_temperature_celsius',
]);

const total = (key: string) => `sum(${key}) AS ${key}`;

let scratch: string;
/** All samples, read together: deriving them one by one takes most of the time. */
const reads = new Map<string, { path: string; read: ReadExport }>();
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'cellar-contract-'));
  const reading = truths.map(async ([name, { format }]) => {
    // Content alone decides: neither the folder nor the extension says what it is.
    const path = join(scratch, `x${Math.random().toString(36).slice(2)}`);
    copyFileSync(join(format === undefined ? folder : native, name), path);
    reads.set(name, { path, read: await readExport(path, { derive: 'steps' }) });
  });
  await Promise.all(reading);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(truths)('%s', (name, truth) => {
  const id = truth.format ?? name.split('/')[0]!;
  let read: ReadExport;
  let path: string;

  beforeAll(() => {
    ({ path, read } = reads.get(name)!);
  });

  it('is recognised as its format', () => {
    expect(read.sniffed.recognition.format.id).toBe(id);
  });

  it('leaves nothing unexplained', () => {
    expect(read.sniffed.tables.flatMap(({ unknown }) => unknown.map(({ text }) => text))).toEqual([]);
    expect(read.loaded.rejects).toEqual([]);
    const { linesHead, linesStructural, rowsLoaded } = read.loaded;
    expect(linesHead + linesStructural + rowsLoaded).toBe(read.scan.lineCount);
  });

  it('fills every column that its header shows', async () => {
    for (const { plan, testId, spectra } of read.loaded.tables) {
      for (const [role, { field }] of plan.mapping) {
        if (storedAs[role] === 'impedance' && spectra.length > 0) continue;
        if (!measured.has(role) || testId === undefined) continue;
        const [filled] = await read.rows<{ n: number }>(
          `SELECT count(${role}) AS n FROM measurements WHERE test_id = ${testId}`,
        );
        expect(filled!.n, `${role} from "${field.text}"`).toBeGreaterThan(0);
      }
    }
  });

  it.runIf(truth.kind === 'timeseries' && !id.startsWith('generic'))(
    'is refused by name where the voltage is missing, and taken for nothing else',
    async () => {
      const [table] = read.sniffed.tables;
      const lines = read.sniffed.head.lines.slice();
      const voltage = table!.mapping.get('voltage_volt')!.field.readings.at(-1)!.name;
      const header = lines[table!.headerLine! - 1]!;
      expect(header).toContain(voltage);
      lines[table!.headerLine! - 1] = header.replace(voltage, 'Qqq');
      const without = join(scratch, `${Math.random()}`);
      writeFileSync(without, `${lines.join('\n')}\n`);
      const sniffed = await sniffFile(without);
      expect(sniffed).toMatchObject({ kind: 'refused', recognition: { format: { id } } });
      if (sniffed.kind === 'refused')
        expect(sniffed.refusal.message).toMatch(/missing voltage column; columns found: .*Qqq/);
    },
  );

  it('gives the same bytes the same identity', async () => {
    const again = await scanFile(textPath(path, read.sniffed), read.sniffed.isGzip, read.sniffed.text);
    expect(again).toEqual(read.scan);
  });

  it.runIf(truth.cell_hint)('says which cell it is', () => {
    expect(read.sniffed.tables.at(-1)!.cell).toContain(truth.cell_hint);
  });

  it.runIf(truth.rows !== undefined && truth.kind !== 'summary')('holds the true measurements', async () => {
    const [found] = await read.rows<Record<string, number>>(`
      SELECT count(*) AS records, count(DISTINCT vendor_cycle_count) FILTER (WHERE vendor_cycle_count > 0) AS cycles_from_one,
        count(DISTINCT vendor_cycle_count) AS cycles_from_zero,
        arg_min(test_time_second, record_index) AS first_time, arg_max(test_time_second, record_index) AS last_time,
        arg_min(voltage_volt, record_index) AS first_voltage, arg_max(voltage_volt, record_index) AS last_voltage
      FROM measurements`);
    expect(found!.records).toBe(truth.rows);
    // A clock in the time column counts from its first row; hours are written with seven digits.
    const offset = truth.time_column === undefined ? 0 : truth.first_test_time_second!;
    if (truth.first_test_time_second !== undefined) {
      expect(Math.abs(found!.first_time! + offset - truth.first_test_time_second)).toBeLessThan(2e-3);
      expect(Math.abs(found!.last_time! + offset - truth.last_test_time_second!)).toBeLessThan(0.2);
      expect(found!.first_voltage).toBeCloseTo(truth.first_voltage_volt!, 5);
      expect(found!.last_voltage).toBeCloseTo(truth.last_voltage_volt!, 5);
    }
    if (truth.vendor_cycles !== undefined)
      expect([found!.cycles_from_one, found!.cycles_from_zero]).toContain(truth.vendor_cycles);
  });

  it.runIf(truth.steps !== undefined)('has the true steps, where the file names steps', async () => {
    const { mapping, layers } = read.sniffed.tables[0]!;
    if (!mapping.has('step_id') && layers === undefined) return;
    // BaSyTec counts its very first record as cycle 0, which opens a step of its own.
    const [found] = await read.rows<{ n: number }>('SELECT count(*) AS n FROM steps WHERE record_count > 1');
    expect(found!.n).toBe(truth.steps);
  });

  it.runIf(truth.charge_ah !== undefined && truth.ampere_hours_from === undefined)(
    'gives back the true ampere-hours, integrated and counted',
    async () => {
      const keys = ['charging', 'discharging'].flatMap((way) => [
        `${way}_capacity_integrated_ah`,
        `${way}_capacity_counter_ah`,
      ]);
      const [sums] = await read.rows<Record<string, number | null>>(
        `SELECT ${keys.map(total).join(', ')} FROM steps`,
      );
      for (const [way, wanted] of [
        ['charging', truth.charge_ah!],
        ['discharging', truth.discharge_ah!],
      ] as const) {
        const integrated = sums![`${way}_capacity_integrated_ah`]!;
        const counted = sums![`${way}_capacity_counter_ah`];
        // The constant-voltage part is sampled coarsely; LANDT rounds currents to 0.1 mA.
        expect(Math.abs(integrated / wanted - 1), `${way} integrated: ${integrated}`).toBeLessThan(0.01);
        if (counted === null || counted === undefined) continue;
        const resolution = (truth.counter_resolution_ah ?? 0) * (truth.steps ?? 1) * 2;
        expect(Math.abs(counted - wanted), `${way} counted: ${counted}`).toBeLessThan(
          Math.max(1e-4 * wanted, resolution),
        );
      }
    },
  );

  it.runIf(truth.sweeps !== undefined)('holds the true spectra', async () => {
    const found = await read.rows<Record<string, number>>(`
      SELECT spectrum_id, count(*) AS points, sum(real_impedance_ohm) AS re, sum(imaginary_impedance_ohm) AS im,
        arg_min(frequency_hertz, point_index) AS first_frequency, arg_max(frequency_hertz, point_index) AS last_frequency
      FROM impedance GROUP BY spectrum_id ORDER BY spectrum_id`);
    expect(found.length).toBe(truth.spectra);
    for (const [index, sweep] of truth.sweeps!.entries()) {
      const spectrum = found[index]!;
      const ends = [spectrum.first_frequency!, spectrum.last_frequency!].sort((a, b) => b - a);
      expect(spectrum.points).toBe(sweep.points);
      expect(ends[0]! / sweep.first_frequency_hertz).toBeCloseTo(1, 4);
      expect(ends[1]! / sweep.last_frequency_hertz).toBeCloseTo(1, 4);
      expect(spectrum.re! / sweep.sum_of_real_impedance_ohm).toBeCloseTo(1, 4);
      expect(spectrum.im! / sweep.sum_of_imaginary_impedance_ohm).toBeCloseTo(1, 4);
    }
  });

  it.runIf(truth.cycles !== undefined)('holds the true cycles of a summary', async () => {
    const found = await read.rows<Record<string, number>>('SELECT * FROM vendor_cycles ORDER BY row_index');
    expect(found.map(({ vendor_cycle_count }) => vendor_cycle_count)).toEqual(
      truth.cycles!.map(({ vendor_cycle_count }) => vendor_cycle_count),
    );
    for (const [index, cycle] of truth.cycles!.entries()) {
      const row = found[index]!;
      const near = (actual: number | undefined, wanted: number) =>
        expect(Math.abs(actual! - wanted)).toBeLessThanOrEqual(
          (truth.counter_resolution_ah ?? 0) + 1e-6 * wanted,
        );
      near(row.charging_capacity_ah, cycle.charge_ah);
      near(row.discharging_capacity_ah, cycle.discharge_ah);
      near(row.charging_energy_wh, cycle.charge_wh);
      near(row.discharging_energy_wh, cycle.discharge_wh);
    }
  });
});

describe('declarations', () => {
  it('have ids of their own and a sample wherever they name one', () => {
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
    const sampled = new Set(truths.map(([name]) => name.split('/')[0]));
    const missing = formats.filter(({ sample }) => sample !== undefined && !sampled.has(sample));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});
