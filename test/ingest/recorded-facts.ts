import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingest } from '../../src/ingest/ingest.js';
import { sniffFile } from '../../src/ingest/sniff/sniff.js';
import { type Database, openReadOnly, select } from '../../src/store/connection.js';

type Fact = number | string | null | unknown;
interface Spectrum {
  n: number;
  freq_first_Hz: number;
  freq_last_Hz: number;
  z_re_first_ohm: number;
  z_im_first_ohm: number;
  z_re_last_ohm: number;
  z_im_last_ohm: number;
}
interface SampleRow {
  data_row: number;
  time_s: number | null;
  voltage_V: number | null;
  current_A: number | null;
  cycle: string | number | null;
  step: string | number | null;
}
export interface FileFacts extends Record<string, Fact> {
  path: string;
  kind: 'timeseries' | 'eis' | 'mixed' | 'summary' | 'empty' | 'not_data';
  header_line: number | null;
  sample_rows?: SampleRow[];
  spectra?: (Spectrum | { skipped: number })[];
  timeseries?: Record<string, Fact> & { sample_rows?: SampleRow[] };
  eis?: Record<string, Fact> & { spectra?: (Spectrum | { skipped: number })[] };
}

/** Facts of a file's measurements; its impedance rows are described apart. */
function seriesFacts(file: FileFacts): (Record<string, Fact> & { sample_rows?: SampleRow[] }) | undefined {
  if (file.timeseries !== undefined) return { ...file.timeseries, data_rows: file.rows_timeseries };
  if (file.kind !== 'timeseries') return undefined;
  return file.rows_timeseries === undefined ? file : { ...file, data_rows: file.rows_timeseries };
}

function impedanceFacts(
  file: FileFacts,
): (Record<string, Fact> & { spectra?: (Spectrum | { skipped: number })[] }) | undefined {
  return file.eis ?? (file.kind === 'eis' ? file : undefined);
}

const directRelative = 1e-6;
const integralRelative = 1e-3;

function expectNear(actual: unknown, expected: number, relative: number, what: string): void {
  const allowed = Math.max(relative * Math.abs(expected), relative === directRelative ? 1e-12 : 1e-9);
  const isNear = typeof actual === 'number' && Math.abs(actual - expected) <= allowed;
  expect(isNear, `${what}: ${actual} instead of ${expected}`).toBe(true);
}

const valuesSql = (testId: number) => `
  SELECT count(*) AS data_rows,
    arg_min(voltage_volt, record_index) AS "voltage_first_V", arg_max(voltage_volt, record_index) AS "voltage_last_V",
    min(voltage_volt) AS "voltage_min_V", max(voltage_volt) AS "voltage_max_V", avg(voltage_volt) AS "voltage_mean_V",
    arg_min(current_ampere, record_index) AS "current_first_A", arg_max(current_ampere, record_index) AS "current_last_A",
    min(current_ampere) AS "current_min_A", max(current_ampere) AS "current_max_A", avg(current_ampere) AS "current_mean_A",
    arg_min(test_time_second, record_index) AS "time_first_s", arg_max(test_time_second, record_index) AS "time_last_s",
    arg_max(test_time_second, record_index) - arg_min(test_time_second, record_index) AS "duration_s",
    count(DISTINCT vendor_cycle_count) AS n_cycles, count(DISTINCT step_id) AS n_steps, max(step_count) AS n_step_segments,
    first(ambient_temperature_celsius ORDER BY record_index) FILTER (WHERE ambient_temperature_celsius IS NOT NULL) AS "temperature_first_C",
    last(ambient_temperature_celsius ORDER BY record_index) FILTER (WHERE ambient_temperature_celsius IS NOT NULL) AS "temperature_last_C",
    min(ambient_temperature_celsius) AS "temperature_min_C", max(ambient_temperature_celsius) AS "temperature_max_C",
    count(ambient_temperature_celsius) AS temperature_n_values
  FROM measurements WHERE test_id = ${testId}`;

const integralsSql = (testId: number) => `
  SELECT coalesce(sum(charge), 0) AS "charge_capacity_Ah_total", coalesce(sum(discharge), 0) AS "discharge_capacity_Ah_total",
    coalesce(sum(charge) FILTER (WHERE is_within), 0) AS "charge_capacity_Ah_within_steps",
    coalesce(sum(discharge) FILTER (WHERE is_within), 0) AS "discharge_capacity_Ah_within_steps",
    count(*) FILTER (WHERE dt < 0) AS time_backward_steps, count(*) FILTER (WHERE dt = 0) AS time_duplicate_steps
  FROM (
    SELECT dt, is_within,
      CASE WHEN dt > 0 THEN dt * (greatest(i, 0) + greatest(previous, 0)) / 7200 END AS charge,
      CASE WHEN dt > 0 THEN dt * (greatest(-i, 0) + greatest(-previous, 0)) / 7200 END AS discharge
    FROM (
      SELECT test_time_second - lag(test_time_second) OVER w AS dt, current_ampere AS i,
        lag(current_ampere) OVER w AS previous, step_count = lag(step_count) OVER w AS is_within
      FROM measurements WHERE test_id = ${testId} WINDOW w AS (ORDER BY record_index)
    )
  )`;

/**
 * Facts that what is stored does not answer in the same words: a table without step columns has steps by the sign of
 * its current, while the facts then count none.
 */
function isComparable(key: string, expected: Fact, wanted: Record<string, Fact>): expected is number {
  if (typeof expected !== 'number') return false;
  const hasSteps = typeof wanted.n_steps === 'number' && wanted.n_steps > 0;
  return hasSteps || !/within_steps|n_step/.test(key);
}

/** Facts of the files of one folder. */
export function readFacts(root: string, name: string): FileFacts[] {
  return (JSON.parse(readFileSync(join(root, name), 'utf8')) as { files: FileFacts[] }).files;
}

/**
 * Ingests every file once and holds what is stored against facts that were computed from the same file without Cellar:
 * first, last, extreme and mean values, integrals, counts, spectra.
 */
export function heldToFacts(root: string, facts: readonly FileFacts[]): void {
  let folder: string;
  let database: Database;
  const testOf = new Map<string, number[]>();

  const rows = <Row>(sql: string) => select<Row>(database.connection, sql);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cellar-facts-'));
    const path = join(folder, 'cellar.duckdb');
    await ingest(
      facts.map((file) => join(root, file.path)),
      { database: path, lab: folder },
    );
    database = await openReadOnly(path);
  }, 400_000);

  afterAll(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The file's tests, the one with the most records first: secondary tables are tests of their own. */
  async function testsOf(path: string): Promise<number[]> {
    const known = testOf.get(path);
    if (known !== undefined) return known;
    const found = await rows<{ test_id: number }>(
      `SELECT t.test_id FROM tests t JOIN files f USING (file_id) WHERE ends_with(f.path, '/${path.replaceAll("'", "''")}') ORDER BY record_count DESC`,
    );
    testOf.set(
      path,
      found.map(({ test_id }) => test_id),
    );
    return testOf.get(path)!;
  }

  it.each(facts.map((file) => [file.path, file] as const))('%s: head', async (path, file) => {
    const sniffed = await sniffFile(join(root, path));
    if (sniffed.kind !== 'readable') throw new Error(sniffed.refusal.message);
    const table = sniffed.tables[0]!;
    expect(
      table.unknown.map(({ text }) => text),
      'unknown columns',
    ).toEqual([]);
    if (table.headerLine !== undefined && typeof file.header_line === 'number') {
      const added = sniffed.view?.heads[0]?.count ?? 0;
      expect(table.headerLine - added).toBe(file.header_line);
    }
  });

  const series = facts.flatMap((file) => {
    const wanted = seriesFacts(file);
    return wanted === undefined ? [] : [[file.path, wanted] as const];
  });
  it.each(series)('%s: measurements', async (path, wanted) => {
    const [testId] = await testsOf(path);
    if (testId === undefined) throw new Error('no test is stored');
    const [values] = await rows<Record<string, number>>(valuesSql(testId));
    const [integrals] = await rows<Record<string, number>>(integralsSql(testId));
    let compared = 0;
    for (const [key, actual] of Object.entries({ ...values, ...integrals })) {
      const expected = wanted[key];
      if (!isComparable(key, expected, wanted)) continue;
      expectNear(actual, expected, /capacity/.test(key) ? integralRelative : directRelative, key);
      compared++;
    }
    expect(compared).toBeGreaterThan(10);
  });

  it.each(series)('%s: single records', async (path, wanted) => {
    const [testId] = await testsOf(path);
    for (const row of wanted.sample_rows ?? []) {
      const [stored] = await rows<Record<string, number | string | null>>(
        `SELECT test_time_second, voltage_volt, current_ampere, vendor_cycle_count, step_id FROM measurements WHERE test_id = ${testId} AND record_index = ${row.data_row}`,
      );
      const pairs = [
        ['test_time_second', row.time_s],
        ['voltage_volt', row.voltage_V],
        ['current_ampere', row.current_A],
        ['vendor_cycle_count', row.cycle === null ? null : Number(String(row.cycle).replace(',', '.'))],
      ] as const;
      for (const [key, expected] of pairs) {
        if (expected !== null)
          expectNear(stored?.[key], expected, directRelative, `${key} of record ${row.data_row}`);
      }
      if (row.step !== null) expect(Number(stored?.step_id)).toBe(Number(String(row.step).replace(',', '.')));
    }
  });

  const spectra = facts.flatMap((file) => {
    const wanted = impedanceFacts(file);
    return wanted === undefined ? [] : [[file.path, wanted] as const];
  });
  it.each(spectra)('%s: spectra', async (path, wanted) => {
    const stored = await rows<Record<string, number>>(`
      SELECT s.sweep_index, count(*) AS n, sum(real_impedance_ohm) AS z_re_sum, sum(imaginary_impedance_ohm) AS z_im_sum,
        arg_min(frequency_hertz, point_index) AS "freq_first_Hz", arg_max(frequency_hertz, point_index) AS "freq_last_Hz",
        arg_min(real_impedance_ohm, point_index) AS z_re_first_ohm, arg_max(real_impedance_ohm, point_index) AS z_re_last_ohm,
        arg_min(imaginary_impedance_ohm, point_index) AS z_im_first_ohm, arg_max(imaginary_impedance_ohm, point_index) AS z_im_last_ohm
      FROM spectra s JOIN files f USING (file_id) JOIN impedance i USING (spectrum_id)
      WHERE ends_with(f.path, '/${path}') GROUP BY ALL ORDER BY s.sweep_index`);
    expect(stored.length).toBe(wanted.n_spectra);
    expect(stored.map(({ n }) => n)).toEqual(wanted.n_points);
    let index = 0;
    for (const spectrum of wanted.spectra ?? []) {
      // Of many spectra only the first and the last are described.
      if ('skipped' in spectrum) {
        index += spectrum.skipped;
        continue;
      }
      for (const [key, expected] of Object.entries(spectrum)) {
        if (typeof expected === 'number')
          expectNear(stored[index]?.[key], expected, directRelative, `${key} of spectrum ${index + 1}`);
      }
      index++;
    }
    const sum = (key: string) => stored.reduce((total, row) => total + row[key]!, 0);
    expectNear(sum('z_re_sum'), wanted.z_re_sum_ohm as number, directRelative, 'sum of real parts');
    expectNear(sum('z_im_sum'), wanted.z_im_sum_ohm as number, directRelative, 'sum of imaginary parts');
  });

  const dated = facts.filter(
    ({ kind, start_datetime }) => kind !== 'empty' && typeof start_datetime === 'string',
  );
  it.each(dated.map((file) => [file.path, file] as const))('%s: start', async (path, file) => {
    const expected = new Date(`${(file.start_datetime as string).replace(/Z$/, '')}Z`).getTime();
    const [test] = await rows<{ started_at: Date }>(
      `SELECT t.started_at FROM tests t JOIN files f USING (file_id) WHERE ends_with(f.path, '/${path}') ORDER BY record_count DESC`,
    );
    const [spectrum] = await rows<{ measured_at: Date }>(
      `SELECT measured_at FROM spectra JOIN files f USING (file_id) WHERE ends_with(f.path, '/${path}') ORDER BY sweep_index`,
    );
    const started = [test?.started_at, spectrum?.measured_at].map((date) => date?.getTime());
    expect(started).toContain(expected);
  });

  const summaries = facts.filter(({ kind }) => kind === 'summary');
  it.each(summaries.map((file) => [file.path, file] as const))('%s: cycles', async (path, file) => {
    const [stored] = await rows<Record<string, number>>(`
      SELECT count(*) AS data_rows, count(DISTINCT vendor_cycle_count) AS n_cycles,
        sum(charging_capacity_ah) AS "charge_capacity_Ah_sum", sum(discharging_capacity_ah) AS "discharge_capacity_Ah_sum",
        count(*) - count(charging_capacity_ah) AS charge_capacity_missing,
        count(*) - count(discharging_capacity_ah) AS discharge_capacity_missing
      FROM vendor_cycles JOIN files f USING (file_id) WHERE ends_with(f.path, '/${path}')`);
    for (const [key, actual] of Object.entries(stored!))
      expectNear(actual, file[key] as number, directRelative, key);
  });
}
