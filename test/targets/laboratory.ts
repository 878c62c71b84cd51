import { simulateImpedance } from '../../src/analysis/impedance/index.js';
import { makeFits } from '../../src/fits/fit-set.js';
import { type Database, insertRows, type SqlRow } from '../../src/store/connection.js';
import { evaluateTargets, type JudgedTarget } from '../../src/targets/evaluate.js';
import { type LabData, readLabData } from '../../src/targets/lab-data.js';
import { parseTargetTable } from '../../src/targets/schema.js';
import { openEmptyDatabase } from '../empty-database.js';

/** Rows of a laboratory made by hand: what an ingest and the derivation would have stored. */
export class Laboratory {
  readonly rows: Record<string, SqlRow[]> = {
    materials: [],
    cells: [],
    files: [],
    findings: [],
    tests: [],
    test_files: [],
    cycles: [],
    steps: [],
    measurements: [],
    spectra: [],
    impedance: [],
    exclusions: [],
  };

  add(table: string, ...rows: SqlRow[]): this {
    this.rows[table]?.push(...rows);
    return this;
  }

  material(material_id: string, category: string, more: SqlRow = {}): this {
    return this.add('materials', { material_id, category, ...more });
  }

  cell(cell_id: string, material_id: string, cell_type: string, more: SqlRow = {}): this {
    return this.add('cells', { cell_id, material_id, cell_type, ...more });
  }

  private file(path: string): number {
    const file_id = (this.rows.files?.length ?? 0) + 1;
    this.add('files', { file_id, path, root: '/exports' });
    return file_id;
  }

  /** A test of a cell with its cycles; capacities in Ah. */
  cycled(cell_id: string, cycles: readonly SqlRow[], test: SqlRow = {}): this {
    const test_id = (this.rows.tests?.length ?? 0) + 1;
    const file_id = this.file(`/exports/${cell_id}_${test_id}.csv`);
    const started_at = new Date('2026-01-01T00:00:00Z');
    this.add('tests', { test_id, file_id, cell_id, current_direction: 'known', started_at, ...test });
    this.add('test_files', { test_id, file_id, first_record_index: 1, first_line: 2 });
    return this.add(
      'cycles',
      ...cycles.map((cycle, i) => ({
        test_id,
        cycle_count: i + 1,
        cell_cycle: i + 1,
        cell_cycle_label: cycle.label ?? 'ageing',
        label: 'ageing',
        is_complete: true,
        duration_second: 7200,
        discharging_c_rate: 1,
        charging_c_rate: 1,
        warnings: '[]',
        ...cycle,
      })),
    );
  }

  /** A spectrum of a cell, computed from a circuit. */
  measured(
    cell_id: string,
    temperature_celsius: number | null,
    circuit: string,
    parameters: Record<string, number>,
    distort: (point: { f: number; re: number; im: number }) => { re: number; im: number } = (point) => point,
  ): this {
    const frequency = Float64Array.from({ length: 43 }, (_, i) => 10 ** (6.3 - i / 6));
    const z = simulateImpedance(circuit, parameters, frequency);
    const points = Array.from(frequency, (f, i) =>
      distort({ f, re: z.real_impedance_ohm[i] as number, im: z.imaginary_impedance_ohm[i] as number }),
    );
    return this.spectrum(
      cell_id,
      temperature_celsius,
      [...frequency],
      points.map(({ re }) => re),
      points.map(({ im }) => im),
    );
  }

  /** A spectrum of a cell, point by point: hertz and ohm. */
  spectrum(
    cell_id: string,
    temperature_celsius: number | null,
    frequency: readonly number[],
    real: readonly number[],
    imaginary: readonly number[],
  ): this {
    const spectrum_id = (this.rows.spectra?.length ?? 0) + 1;
    const file_id = this.file(`/exports/${cell_id}_${spectrum_id}.z`);
    this.add('spectra', { spectrum_id, file_id, cell_id, temperature_celsius, sweep_index: 1 });
    return this.add(
      'impedance',
      ...frequency.map(
        (frequency_hertz, i): SqlRow => ({
          spectrum_id,
          point_index: i + 1,
          line_number: i + 5,
          frequency_hertz,
          real_impedance_ohm: real[i] as number,
          imaginary_impedance_ohm: imaginary[i] as number,
        }),
      ),
    );
  }

  /** A database that holds it. */
  async open(): Promise<Database> {
    const database = await openEmptyDatabase();
    for (const [table, rows] of Object.entries(this.rows)) await insertRows(database.connection, table, rows);
    return database;
  }

  /** The verdict on one target, for the one material of its category. */
  async judge(target: object): Promise<JudgedTarget> {
    const [first, ...others] = await this.judgeAll(target);
    if (first === undefined || others.length > 0) throw new Error('not one verdict');
    return first;
  }

  async judgeAll(...targets: object[]): Promise<JudgedTarget[]> {
    const table = parseTargetTable({ targets }, 'test');
    if ('problems' in table) throw new Error(table.problems.join('\n'));
    return evaluateTargets(table, await this.read());
  }

  /** What verdicts are made from. */
  async read(): Promise<LabData> {
    const database = await this.open();
    try {
      return await readLabData(database.connection, await makeFits(database.connection));
    } finally {
      database.close();
    }
  }
}

/** A seeded sequence of values between −1 and 1, so that scatter is the same in every run. */
export function scatter(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Cycles of a cathode of 5 mg that fades by D per cycle from Q0 (mAh/g), with scatter of 0.05 %. */
export function fadingCycles(
  count: number,
  Q0: number,
  D: number | ((n: number) => number),
  seed = 1,
  more: (n: number) => SqlRow = () => ({}),
): SqlRow[] {
  const noise = scatter(seed);
  let capacity = Q0;
  return Array.from({ length: count }, (_, n) => {
    if (n > 0) capacity *= 1 - (typeof D === 'number' ? D : D(n));
    const ampereHour = (capacity * 5 * (1 + 5e-4 * noise())) / 1e6;
    return {
      charging_capacity_ah: ampereHour / 0.9985,
      discharging_capacity_ah: ampereHour,
      charging_energy_wh: ampereHour * 3.9,
      discharging_energy_wh: ampereHour * 3.6,
      minimum_voltage_volt: 2,
      maximum_voltage_volt: 4.8,
      ...more(n),
    };
  });
}

/** Cycles of a Li‖Cu cell: plating first, so discharge is what went in. */
export function platingCycles(count: number, efficiency: (n: number) => number): SqlRow[] {
  return Array.from({ length: count }, (_, n) => ({
    discharging_capacity_ah: 1e-3,
    charging_capacity_ah: 1e-3 * efficiency(n),
    label: 'capacity_limited',
  }));
}
