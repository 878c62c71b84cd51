import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  clockSeconds,
  type Dialect,
  integrate,
  readJson,
  readSeries,
  readText,
  type Series,
  sampleData,
  toNumber,
  totalOfRestarting,
} from './tables.js';

interface FileTruth {
  kind: string;
  status: string;
  bytes: number;
  cell_id: string;
  rows: number;
  charge_ah: number;
  discharge_ah: number;
  temperature_celsius?: number;
  rejected_lines?: { line_number: number; raw_value?: string }[];
}

interface CellTruth {
  files: string[];
  cell_type: string;
  D?: number;
  Q0_Ah?: number;
  excluded?: boolean;
  formation_cycles?: number;
  checkup_cycles?: number[];
  eligible_cycles?: number;
  coulombic_efficiency_mean_of_first_500_eligible?: number;
}

interface Verdict {
  material_id: string;
  metric: string;
  verdict: string;
  value: number;
}

const truth = readJson<{
  files: Record<string, FileTruth>;
  cells: Record<string, CellTruth>;
  verdicts: Verdict[];
}>('lab-truth.json');

interface LabDialect extends Dialect {
  /** Charge and discharge counter, and the ampere-hours of their unit; one name: unsigned per step. */
  counters: readonly [columns: readonly string[], ah: number];
  cycle: string;
}

const arbin: LabDialect = {
  delimiter: ',',
  header: 'Data Point',
  time: ['Test Time (s)', 1],
  current: ['Current (A)', 1],
  step: ['Cycle Index', 'Step Index'],
  isRecord: (row) => Number.isFinite(toNumber(row['Aux_Temperature_1 (C)'])),
  counters: [['Charge Capacity (Ah)', 'Discharge Capacity (Ah)'], 1],
  cycle: 'Cycle Index',
};
const arbinUnderscores: LabDialect = {
  delimiter: ',',
  header: 'Data_Point',
  time: ['Test_Time', 1],
  current: ['Current', 1],
  step: ['Cycle_Index', 'Step_Index'],
  isRecord: (row) => Number.isFinite(toNumber(row.Voltage)),
  counters: [['Charge_Capacity', 'Discharge_Capacity'], 1],
  cycle: 'Cycle_Index',
};
const maccor: LabDialect = {
  delimiter: '\t',
  header: 'Rec#',
  time: ['Test (Sec)', 1],
  current: ['Amps', 1],
  step: ['Cyc#', 'Step'],
  state: 'State',
  counters: [['Amp-hr'], 1],
  cycle: 'Cyc#',
};
const maccorGerman: LabDialect = {
  delimiter: '\t',
  header: 'Rec\t',
  decimalComma: true,
  time: ['TestTime', 60],
  current: ['Current [A]', 1],
  step: ['Cycle C', 'Step'],
  state: 'Md',
  counters: [['Cap. [Ah]'], 1],
  cycle: 'Cycle C',
};
const neware: LabDialect = {
  delimiter: ',',
  header: 'DataPoint',
  time: (row) => clockSeconds(row['Cumulative Time']),
  current: ['Current(A)', 1],
  step: ['Cycle Index', 'Step Index'],
  counters: [['Chg. Cap.(Ah)', 'DChg. Cap.(Ah)'], 1],
  cycle: 'Cycle Index',
};
const newareLayered: LabDialect = {
  delimiter: ',',
  header: ',,DataPoint',
  time: (row) => clockSeconds(row['Total Time']),
  current: ['Current(A)', 1],
  step: [],
  isRecord: (row) => row[''] === '' && row.Date !== '',
  counters: [['Capacity(Ah)'], 1],
  cycle: '',
};
const biologic: LabDialect = {
  delimiter: '\t',
  header: 'mode\t',
  encoding: 'latin1',
  time: ['time/s', 1],
  current: ['<I>/mA', 1e-3],
  step: ['cycle number', 'Ns'],
  counters: [['Q charge/mA.h', 'Q discharge/mA.h'], 1e-3],
  cycle: 'cycle number',
};
const bdf: LabDialect = {
  delimiter: ',',
  header: 'test_time_second',
  time: ['test_time_second', 1],
  current: ['current_ampere', 1],
  step: ['step_count'],
  counters: [['charging_capacity_ah', 'discharging_capacity_ah'], 1],
  cycle: 'cycle_count',
};

function dialectOf(path: string): LabDialect {
  if (path.startsWith('bdf/')) return bdf;
  if (path.startsWith('biologic/')) return biologic;
  if (path.startsWith('maccor/')) return path.endsWith('.txt') ? maccorGerman : maccor;
  if (path.startsWith('neware/')) return path.includes('layer') ? newareLayered : neware;
  return path.endsWith('.CSV') ? arbin : arbinUnderscores;
}

/** The file's charge and discharge counter at every record, Ah; an unsigned one is told apart by the current. */
function countersOf(series: Series, { counters: [columns, ah], decimalComma }: LabDialect) {
  const values = columns.map((column) => series.rows.map((row) => ah * toNumber(row[column], decimalComma)));
  const [charge = [], discharge] = values;
  if (discharge) return { charge, discharge };
  const only = (sign: number) =>
    charge.map((value, k) => (Math.sign(series.current[k]!) === sign ? value : 0));
  return { charge: only(1), discharge: only(-1) };
}

function readExport(path: string) {
  const dialect = dialectOf(path);
  const series = readSeries(readText(`lab/${path}`, dialect.encoding), dialect);
  return { dialect, series, counters: countersOf(series, dialect) };
}

const alreadyRead = new Map<string, ReturnType<typeof readExport>>();

function readLab(path: string) {
  const read = alreadyRead.get(path) ?? readExport(path);
  alreadyRead.set(path, read);
  return read;
}

/** Charge of each vendor cycle by its step totals, in file order, over all files of a cell. */
function cycleCharges(paths: string[]) {
  const cycles: { charge: number; discharge: number }[] = [];
  for (const path of paths) {
    const { dialect, series, counters } = readLab(path);
    let previous: string | undefined;
    series.rows.forEach((row, k) => {
      if (row[dialect.cycle] !== previous) cycles.push({ charge: 0, discharge: 0 });
      previous = row[dialect.cycle];
      const cycle = cycles.at(-1)!;
      const rise = (values: number[]) => {
        const before = k === 0 ? 0 : values[k - 1]!;
        return values[k]! >= before ? values[k]! - before : values[k]!;
      };
      cycle.charge += rise(counters.charge);
      cycle.discharge += rise(counters.discharge);
    });
  }
  return cycles;
}

const measured = Object.entries(truth.files).filter(([, { kind }]) => kind === 'timeseries');

describe('the sample laboratory', () => {
  it('states the size of every file', () => {
    for (const [path, { bytes }] of Object.entries(truth.files)) {
      expect(statSync(join(sampleData, 'lab', ...path.split('/'))).size, path).toBe(bytes);
    }
  });

  it.each(measured)('%s: rows, counters and integrated current agree with the truth', (path, expected) => {
    const { series, counters } = readLab(path);
    expect(series.rows.length).toBe(expected.rows);
    const integral = integrate(series);
    for (const direction of ['charge', 'discharge'] as const) {
      const stated = expected[`${direction}_ah`];
      expect(Math.abs(totalOfRestarting(counters[direction]) / stated - 1)).toBeLessThan(1e-4);
      expect(Math.abs(integral[`${direction}_ah`] / stated - 1)).toBeLessThan(0.002);
    }
  });

  it('names the lines a reader has to reject', () => {
    for (const [path, { rejected_lines = [] }] of measured) {
      const lines = readText(`lab/${path}`).split('\n');
      for (const { line_number, raw_value } of rejected_lines) {
        const line = lines[line_number - 1]!;
        const fields = lines[0]!.split(',').length;
        if (raw_value) expect(line.split(',')).toContain(raw_value);
        else expect(line.split(',').length).toBeLessThan(fields);
        if (!raw_value) expect(lines.length).toBe(line_number);
      }
    }
    expect(measured.flatMap(([, { rejected_lines = [] }]) => rejected_lines)).toHaveLength(2);
  });

  it('grows a file by whole lines', () => {
    const [first, second] = truth.cells['LI3D-01']!.files.map((path) => readText(`lab/${path}`));
    expect(second!.startsWith(first!)).toBe(true);
    expect(second!.length).toBeGreaterThan(first!.length);
  });

  const cathodes = Object.entries(truth.cells).filter(
    ([, cell]) => cell.cell_type === 'cathode_half' && !cell.excluded,
  );
  it.each(cathodes)('%s fades by the stated D', (_, cell) => {
    const cycles = cycleCharges(cell.files);
    // A life cut inside a cycle shows as two cycles of one direction each.
    const joined = cycles.reduce<typeof cycles>((all, cycle) => {
      const last = all.at(-1);
      if (last && last.discharge === 0) last.discharge = cycle.discharge;
      else all.push({ ...cycle });
      return all;
    }, []);
    const first = cell.formation_cycles! + 1;
    const ageing = joined
      .map(({ discharge }, k) => ({ cycle: k + 1, discharge }))
      .filter(({ cycle }) => cycle >= first && !cell.checkup_cycles!.includes(cycle))
      .filter(({ cycle }) => cycle < joined.length);
    const slope = slopeOf(
      ageing.map(({ cycle }) => cycle - first),
      ageing.map(({ discharge }) => Math.log(discharge)),
    );
    expect(ageing.length).toBeGreaterThanOrEqual(122);
    expect(Math.abs(-Math.expm1(slope.slope) - cell.D!)).toBeLessThan(8e-6);
    expect(Math.abs(Math.exp(slope.intercept) / cell.Q0_Ah! - 1)).toBeLessThan(5e-4);
  });

  const lithium = Object.entries(truth.cells).filter(([, cell]) => cell.cell_type === 'li_cu');
  it.each(lithium)('%s has the stated coulombic efficiency', (id, cell) => {
    const cycles = cycleCharges(id === 'LI3D-01' ? cell.files.slice(1) : cell.files);
    const eligible = cycles.slice(cell.formation_cycles!);
    expect(eligible.length).toBe(cell.eligible_cycles);
    const judged = eligible.slice(0, 500).map(({ charge, discharge }) => charge / discharge);
    const mean = judged.reduce((sum, x) => sum + x, 0) / judged.length;
    expect(Math.abs(mean - cell.coulombic_efficiency_mean_of_first_500_eligible!)).toBeLessThan(3e-5);
  });

  it('has something met, missed, undecided and too little of', () => {
    expect(new Set(truth.verdicts.map(({ verdict }) => verdict))).toEqual(
      new Set(['PASS', 'FAIL', 'INCONCLUSIVE', 'INSUFFICIENT DATA']),
    );
  });
});

describe('its metadata', () => {
  const table = (name: string) => {
    const [header = '', ...lines] = readText(`lab/${name}`).trimEnd().split('\n');
    const names = header.split(',');
    return lines.map((line) => {
      const fields = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)!.map((field) => field.replace(/,$/, ''));
      return Object.fromEntries(names.map((column, k) => [column, fields[k] ?? '']));
    });
  };
  const glob = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+()-]/g, '\\$&')
        .replaceAll('**/', '\u0000')
        .replaceAll('*', '[^/]*')
        .replaceAll('\u0000', '(.*/)?')}$`,
    );
  const conditions = table('conditions.csv').map((row) => ({ ...row, matches: glob(row.file_pattern!) }));

  it('names cells whose files are there', () => {
    expect(table('cells.csv').map(({ cell_id }) => cell_id)).toEqual(Object.keys(truth.cells));
    for (const { files } of Object.values(truth.cells)) {
      for (const path of files) expect(existsSync(join(sampleData, 'lab', ...path.split('/')))).toBe(true);
    }
  });

  it('has one row of conditions for every measured file, and no row for none', () => {
    const paths = Object.keys(truth.files).filter((path) => truth.files[path]!.cell_id);
    for (const path of paths) {
      const rows = conditions.filter(({ matches }) => matches.test(path));
      expect(rows, path).toHaveLength(1);
      const stated = (rows[0] as Record<string, unknown>).temperature_celsius;
      const expected = truth.files[path]!.temperature_celsius ?? 25;
      const inName = /_(-?\d+)degC/.exec(path)?.[1];
      expect(Number(stated === '' ? inName : stated), path).toBe(expected);
    }
    for (const { file_pattern, matches } of conditions as { file_pattern?: string; matches: RegExp }[]) {
      expect(
        paths.some((path) => matches.test(path)),
        file_pattern,
      ).toBe(true);
    }
  });
});

function slopeOf(x: number[], y: number[]) {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const xx = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const xy = x.reduce((sum, value, k) => sum + (value - meanX) * (y[k]! - meanY), 0);
  return { slope: xy / xx, intercept: meanY - (xy / xx) * meanX };
}
