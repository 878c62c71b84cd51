import { significant, timeSeriesTruth } from '../truth.js';
import { arbinCsv, arbinUnderscoreCsv } from '../write/arbin.js';
import { basytecText } from '../write/basytec.js';
import { batteryArchiveCycles, batteryArchiveTimeSeries } from '../write/battery-archive.js';
import { bdfLabels, bdfMachineNames } from '../write/bdf.js';
import { biologicGcpl } from '../write/biologic.js';
import { btLabAdvanced, btLabTimestamped } from '../write/bt-lab.js';
import { summariseCycles } from '../write/cycle-table.js';
import { digatronHash, digatronUnitsRow } from '../write/digatron.js';
import { encode } from '../write/encode.js';
import { labMadeTable } from '../write/lab-made.js';
import { landtCsv } from '../write/landt.js';
import { maccorClientCsv, maccorDays, maccorMilli, maccorMinutes, maccorSeconds } from '../write/maccor.js';
import { newareChinese, newareFlat, newareLayered } from '../write/neware.js';
import { novonixResaved, novonixUhpc } from '../write/novonix.js';
import { nrelSummary } from '../write/nrel.js';
import { pecCsv } from '../write/pec.js';
import { isoClock } from '../write/text.js';
import { demoTest, STARTED_AT } from './demo.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

/**
 * A sample of a dialect: how it is written, on which tester, and what its reader has to know.
 * @typedef {object} Sample
 * @property {string} path format id and file name
 * @property {(records: CyclerRecord[], run: {started_at: number, cell_id: string, file_name: string, procedure: string, comment: string, channel: number}) => string} write
 * @property {keyof typeof TESTERS} tester
 * @property {import('../write/encode.js').Encoding} [encoding]
 * @property {object} truth
 */

/** Testers by size of cell, resolution of time, and when in a step they write its first record. */
const TESTERS = {
  coin: { capacity_ah: 0.0024, resolution_second: 0.01, first_record_second: 0.01 },
  cylindrical: { capacity_ah: 2.5, resolution_second: 0.01, first_record_second: 0.05 },
  wholeSeconds: { capacity_ah: 2.5, resolution_second: 1, first_record_second: 0 },
  wholeSecondsCoin: { capacity_ah: 0.0024, resolution_second: 1, first_record_second: 0 },
  milliseconds: { capacity_ah: 2.5, resolution_second: 0.001, first_record_second: 0.002 },
};

/** What the counters reset on, the smallest ampere-hour the file can show, and what it says of channel, cell and start. */
const counter = (/** @type {string} */ scope, /** @type {number} */ resolution_ah) => ({
  counter_scope: scope,
  counter_resolution_ah: resolution_ah,
});
const UNSIGNED = { current_sign: 'unsigned, direction from the state column' };
const NO_START = { started_at: null };

/** @type {Sample[]} */
const SAMPLES = [
  {
    path: 'arbin-csv/mits-pro.csv',
    write: arbinCsv,
    tester: 'cylindrical',
    encoding: 'utf-8-bom',
    truth: counter('cycle', 1e-9),
  },
  {
    path: 'arbin-csv/underscores.csv',
    write: arbinUnderscoreCsv,
    tester: 'cylindrical',
    truth: { ...counter('cycle', 1e-9), started_at_is_utc: true },
  },
  {
    path: 'maccor-text/seconds.041',
    write: maccorSeconds,
    tester: 'cylindrical',
    truth: { ...counter('step', 1e-10), ...UNSIGNED, cell_hint: 'FMT-01' },
  },
  {
    path: 'maccor-text/days.txt',
    write: maccorDays,
    tester: 'cylindrical',
    truth: { ...counter('step', 1e-5), channel: '7' },
  },
  {
    path: 'maccor-text/milliampere.txt',
    write: maccorMilli,
    tester: 'coin',
    truth: { ...counter('step', 1e-9), voltage_unit: 'mV under the header Volts' },
  },
  {
    path: 'maccor-text/minutes-decimal-comma.txt',
    write: maccorMinutes,
    tester: 'cylindrical',
    truth: {
      ...counter('step', 1e-8),
      ...UNSIGNED,
      channel: '7',
      decimal_comma: true,
      test_time_unit: 'minute, not stated in the file',
    },
  },
  {
    path: 'maccor-csv/client.csv',
    write: maccorClientCsv,
    tester: 'cylindrical',
    truth: { ...counter('step', 1e-6), current_sign: 'signed, no state column' },
  },
  {
    path: 'neware-flat/english.csv',
    write: newareFlat,
    tester: 'wholeSeconds',
    truth: counter('step', 1e-9),
  },
  {
    path: 'neware-flat/chinese-gbk.csv',
    write: newareChinese,
    tester: 'wholeSecondsCoin',
    encoding: 'gbk',
    truth: counter('step', 1e-9),
  },
  {
    path: 'neware-layered/layered.csv',
    write: newareLayered,
    tester: 'wholeSeconds',
    truth: counter('step', 1e-9),
  },
  {
    path: 'biologic-mpt/gcpl.mpt',
    write: biologicGcpl,
    tester: 'coin',
    encoding: 'latin-1',
    truth: { ...counter('half cycle', 1e-15), channel: '7' },
  },
  {
    path: 'biologic-mpt/gcpl-decimal-comma.mpt',
    write: (records, run) => biologicGcpl(records, { ...run, decimal_comma: true }),
    tester: 'coin',
    encoding: 'latin-1',
    truth: { ...counter('half cycle', 1e-15), channel: '7', decimal_comma: true },
  },
  {
    path: 'biologic-mpt/bt-lab-timestamped.txt',
    write: btLabTimestamped,
    tester: 'milliseconds',
    encoding: 'latin-1',
    truth: {
      ...counter('half cycle', 1e-12),
      channel: 'A1',
      time_column: 'absolute date and time, month first',
    },
  },
  {
    path: 'bt-lab-advanced-csv/advanced.csv',
    write: btLabAdvanced,
    tester: 'milliseconds',
    truth: { ...counter('half cycle', 1e-11), ...NO_START, time_column: 'absolute date and time' },
  },
  {
    path: 'bdf-csv/machine-names.bdf.csv',
    write: bdfMachineNames,
    tester: 'cylindrical',
    truth: { ...counter('test', 1e-8), started_at_is_utc: true },
  },
  {
    path: 'bdf-csv/labels.bdf.csv',
    write: bdfLabels,
    tester: 'cylindrical',
    truth: { ...counter('test', 1e-11), ...NO_START },
  },
  {
    path: 'basytec-text/basytec.txt',
    write: basytecText,
    tester: 'milliseconds',
    encoding: 'latin-1',
    truth: { ...counter('net', 1e-12), cell_hint: 'FMT-01', channel: '1814 CH14 XCTS_40', date_order: 'dmy' },
  },
  {
    path: 'novonix-csv/uhpc.csv',
    write: novonixUhpc,
    tester: 'cylindrical',
    truth: { ...counter('net', 1e-8), cell_hint: 'FMT-01', channel: '01' },
  },
  {
    path: 'novonix-csv/hpc-resaved.csv',
    write: novonixResaved,
    tester: 'cylindrical',
    truth: {
      ...counter('net', 1e-8),
      cell_hint: 'FMT-01',
      channel: '01',
      quoting: 'whole lines in one pair of quotes',
    },
  },
  {
    path: 'landt-csv/landt.csv',
    write: landtCsv,
    tester: 'cylindrical',
    truth: { ...counter('step', 1e-4), cell_hint: 'FMT-01' },
  },
  {
    path: 'pec-csv/pec.csv',
    write: pecCsv,
    tester: 'milliseconds',
    truth: { ...counter('cycle', 1e-6), cell_hint: 'FMT-01' },
  },
  {
    path: 'digatron-csv/units-row.csv',
    write: digatronUnitsRow,
    tester: 'milliseconds',
    truth: { ...counter('net', 1e-5), cell_hint: 'FMT-01' },
  },
  {
    path: 'digatron-csv/hash-milliseconds.csv',
    write: digatronHash,
    tester: 'milliseconds',
    truth: {
      ...counter('test', 1e-6),
      test_time_unit: 'millisecond under a header that says seconds; the clock proves it',
    },
  },
  {
    path: 'battery-archive-csv/timeseries.csv',
    write: batteryArchiveTimeSeries,
    tester: 'milliseconds',
    truth: counter('cycle', 1e-3),
  },
  {
    path: 'generic-csv/lab-made.csv',
    write: labMadeTable,
    tester: 'cylindrical',
    truth: { ...counter('step', 1e-7), cell_hint: 'FMT-01' },
  },
];

/** @type {{path: string, write: (records: CyclerRecord[], run: {started_at: number, cell_id: string}) => string}[]} */
const SUMMARIES = [
  { path: 'battery-archive-cycles/cycle_data.csv', write: batteryArchiveCycles },
  { path: 'nrel-summary-csv/summary.csv', write: nrelSummary },
];

/** Cyclers' exports, each of the same two cycles. @param {number} seed @returns {import('../truth.js').SampleFile[]} */
export function timeSeriesSamples(seed) {
  return [
    ...SAMPLES.map((sample) => timeSeriesSample(sample, seed)),
    ...SUMMARIES.map((sample) => summarySample(sample, seed)),
  ];
}

/** @param {Sample} sample @param {number} seed */
function timeSeriesSample(sample, seed) {
  const records = demoTest(seed, sample.path, TESTERS[sample.tester]);
  return {
    path: sample.path,
    bytes: encode(sample.write(records, runOf(sample.path)), sample.encoding),
    truth: {
      kind: 'timeseries',
      ...timeSeriesTruth(records),
      started_at: isoClock(STARTED_AT),
      encoding: sample.encoding ?? 'utf-8',
      channel: null,
      cell_hint: null,
      current_sign: 'signed, charge positive',
      ...sample.truth,
    },
  };
}

/** @param {(typeof SUMMARIES)[number]} sample @param {number} seed */
function summarySample(sample, seed) {
  const records = demoTest(seed, sample.path, TESTERS.milliseconds);
  const cycles = summariseCycles(records).map(({ last }) => ({
    vendor_cycle_count: last.cycle,
    charge_ah: significant(last.in_cycle.charge_ah),
    discharge_ah: significant(last.in_cycle.discharge_ah),
    charge_wh: significant(last.in_cycle.charge_wh),
    discharge_wh: significant(last.in_cycle.discharge_wh),
  }));
  return {
    path: sample.path,
    bytes: encode(sample.write(records, runOf(sample.path))),
    truth: {
      kind: 'summary',
      rows: cycles.length,
      cycles,
      counter_resolution_ah: sample.path.startsWith('battery') ? 1e-3 : 1e-8,
    },
  };
}

/** @param {string} path */
export function runOf(path) {
  return {
    started_at: STARTED_AT,
    cell_id: 'FMT-01',
    file_name: path.split('/').at(-1) ?? path,
    procedure: 'two-cycles.000',
    comment: 'FMT-01',
    channel: 7,
  };
}
