import { describe, expect, it } from 'vitest';
import { clockSeconds, type Dialect, integrate, readJson, readSeries, readText } from './tables.js';

interface SampleTruth {
  kind: 'timeseries' | 'impedance' | 'both' | 'summary';
  rows?: number;
  charge_ah?: number;
  discharge_ah?: number;
}

const truth = readJson<Record<string, SampleTruth>>('formats/truth.json');

const tab = '\t';
const second = 1;
const novonix: Dialect = {
  delimiter: ',',
  header: 'Date and Time',
  time: ['Run Time (h)', 3600],
  current: ['Current (A)', 1],
  step: ['Cycle Number', 'Step Number'],
};

/** How each sample's time, current and steps are written, from the vendors' own conventions. */
const dialects: Record<string, Dialect> = {
  'arbin-csv/mits-pro.csv': {
    delimiter: ',',
    header: 'Data Point',
    time: ['Test Time (s)', second],
    current: ['Current (A)', 1],
    step: ['Cycle Index', 'Step Index'],
  },
  'arbin-csv/underscores.csv': {
    delimiter: ',',
    header: 'Data_Point',
    time: ['Test_Time', second],
    current: ['Current', 1],
    step: ['Cycle_Index', 'Step_Index'],
  },
  'maccor-text/seconds.041': {
    delimiter: tab,
    header: 'Rec#',
    time: ['Test (Sec)', second],
    current: ['Amps', 1],
    step: ['Cyc#', 'Step'],
    state: 'State',
  },
  'maccor-text/days.txt': {
    delimiter: tab,
    header: 'Rec#',
    time: (row) => clockSeconds(row.TestTime),
    current: ['Amps', 1],
    step: ['Cyc#', 'Step'],
  },
  'maccor-text/milliampere.txt': {
    delimiter: tab,
    header: 'Rec#',
    time: (row) => clockSeconds(row.TestTime),
    current: ['mAmps', 1e-3],
    step: ['Cyc#', 'Step'],
  },
  'maccor-text/minutes-decimal-comma.txt': {
    delimiter: tab,
    header: 'Rec',
    decimalComma: true,
    time: ['TestTime', 60],
    current: ['Current [A]', 1],
    step: ['Cycle C', 'Step'],
    state: 'Md',
  },
  'maccor-csv/client.csv': {
    delimiter: ',',
    header: 'Rec,',
    time: ['Test Time (sec)', second],
    current: ['Current', 1],
    step: ['Cycle C', 'Step'],
  },
  'neware-flat/english.csv': {
    delimiter: ',',
    header: 'DataPoint',
    time: (row) => clockSeconds(row['Cumulative Time']),
    current: ['Current(A)', 1],
    step: ['Cycle Index', 'Step Index'],
  },
  'neware-flat/chinese-gbk.csv': {
    delimiter: ',',
    header: '数据序号',
    encoding: 'gbk',
    time: (row) => clockSeconds(row.总时间),
    current: ['电流(mA)', 1e-3],
    step: ['循环号', '工步号'],
  },
  'neware-layered/layered.csv': {
    delimiter: ',',
    header: ',,DataPoint',
    time: (row) => clockSeconds(row['Total Time']),
    current: ['Current(A)', 1],
    // Steps are not named in the record rows; the clock restarts with each.
    step: [],
    isRecord: (row) => row.DataPoint !== '' && row.Date !== '' && row[''] === '',
  },
  'biologic-mpt/gcpl.mpt': ecLab('<I>/mA'),
  'biologic-mpt/gcpl-decimal-comma.mpt': { ...ecLab('<I>/mA'), decimalComma: true },
  'biologic-mpt/modulo-bat.mpt': { ...ecLab('I/mA'), isRecord: (row) => Number(row['freq/Hz']) === 0 },
  'biologic-mpt/bt-lab-timestamped.txt': {
    delimiter: tab,
    header: 'Ns changes',
    encoding: 'latin1',
    time: (row) => Date.parse(`${row['time/s']} GMT`) / 1000,
    current: ['I/mA', 1e-3],
    step: ['cycle number', 'Ns'],
  },
  'bt-lab-advanced-csv/advanced.csv': {
    delimiter: ';',
    header: ';Ns changes',
    time: (row) => Date.parse(`${row['time/s']?.replace(' ', 'T')}Z`) / 1000,
    current: ['I/mA', 1e-3],
    step: ['cycle number', 'Ns'],
  },
  'bdf-csv/machine-names.bdf.csv': {
    delimiter: ',',
    header: 'test_time',
    time: ['test_time_second', second],
    current: ['current_ampere', 1],
    step: ['step_count'],
  },
  'bdf-csv/labels.bdf.csv': {
    delimiter: ',',
    header: 'Test Time',
    time: ['Test Time / h', 3600],
    current: ['Current / A', 1],
    step: ['Step Count / 1'],
  },
  'basytec-text/basytec.txt': {
    delimiter: tab,
    header: '~Time[s]',
    encoding: 'latin1',
    time: ['~Time[s]', second],
    current: ['I[A]', 1],
    step: ['Cyc-Count', 'Line'],
  },
  'novonix-csv/uhpc.csv': novonix,
  'novonix-csv/hpc-resaved.csv': novonix,
  'landt-csv/landt.csv': {
    delimiter: ',',
    header: 'channel_index',
    time: ['test_time_s', second],
    current: ['current_A', 1],
    step: ['cycle_index', 'step_index'],
  },
  'pec-csv/pec.csv': {
    delimiter: ',',
    header: 'Test,Cell',
    time: (row) => clockSeconds(row['Total Time (Hours in hh:mm:ss.xxx)']),
    current: ['Current (mA)', 1e-3],
    step: ['Cycle', 'Step'],
  },
  'digatron-csv/units-row.csv': {
    delimiter: ',',
    header: 'Time Stamp',
    time: (row) => clockSeconds(row['Prog Time']),
    current: ['Current', 1],
    step: ['Cycle', 'Step'],
    isRecord: (row) => row.Step !== '',
  },
  'digatron-csv/hash-milliseconds.csv': {
    delimiter: ',',
    header: 'Step,',
    time: ['Program Duration#s', 1e-3],
    current: ['Current#A', 1],
    step: ['Cycle', 'Step'],
  },
  'battery-archive-csv/timeseries.csv': {
    delimiter: ',',
    header: 'Date_Time',
    time: ['Test_Time (s)', second],
    current: ['Current (A)', 1],
    step: ['Cycle_Index'],
  },
  'nrel-raw-csv/raw.csv': {
    delimiter: ',',
    header: 'Cycle_Index',
    time: ['Time_s', second],
    current: ['Current_A', 1],
    step: ['Cycle_Index', 'Step'],
    isRecord: (row) => row.Frequency_Hz === 'NaN',
  },
  'generic-csv/lab-made.csv': {
    delimiter: ';',
    header: 'index;',
    time: ['test_time', second],
    current: ['current', 1],
    step: ['cycle', 'step'],
    isRecord: (row) => row.index !== '',
  },
  'parstat-txt/parstat.txt': {
    delimiter: tab,
    header: 'Potential',
    time: ['Elapsed Time (s)', second],
    current: ['Current (A)', 1],
    step: [],
    isRecord: (row) => Number(row['Frequency (Hz)']) === 0,
  },
};

function ecLab(current: string): Dialect {
  return {
    delimiter: tab,
    header: 'mode\t',
    encoding: 'latin1',
    time: ['time/s', second],
    current: [current, 1e-3],
    step: ['cycle number', 'Ns'],
  };
}

describe('samples of the formats', () => {
  const cycled = Object.entries(truth).filter(([, { kind }]) => kind === 'timeseries' || kind === 'both');

  it('are all described here', () => {
    expect(Object.keys(dialects).sort()).toEqual(cycled.map(([path]) => path).sort());
  });

  it.each(cycled)(
    '%s: rows and the integral of its current agree with the stated ampere-hours',
    (path, expected) => {
      const dialect = dialects[path]!;
      const series = readSeries(readText(`formats/${path}`, dialect.encoding), dialect);
      expect(series.rows.length).toBe(expected.rows);
      const integral = integrate(series);
      expect(Math.abs(integral.charge_ah / expected.charge_ah! - 1)).toBeLessThan(0.002);
      expect(Math.abs(integral.discharge_ah / expected.discharge_ah! - 1)).toBeLessThan(0.002);
    },
  );

  it.each(cycled.filter(([path]) => path !== 'parstat-txt/parstat.txt'))(
    '%s: holds charge, rest and discharge of two cycles',
    (path) => {
      const dialect = dialects[path]!;
      const { current } = readSeries(readText(`formats/${path}`, dialect.encoding), dialect);
      const directions = current.map(Math.sign).filter((sign, k, all) => sign !== all[k - 1]);
      expect(directions.filter((sign) => sign > 0).length).toBeGreaterThanOrEqual(2);
      expect(directions.filter((sign) => sign < 0).length).toBeGreaterThanOrEqual(2);
      expect(directions.filter((sign) => sign === 0).length).toBeGreaterThanOrEqual(3);
    },
  );
});
