import { demoTest, STARTED_AT } from '../formats/demo.js';
import { timeSeriesTruth } from '../truth.js';
import { arbinRes } from './jet.js';
import { biologicMpr } from './mpr.js';
import { newareNda, newareNdax } from './neware.js';
import { bdfParquet } from './parquet.js';
import { btsdaWorkbook } from './workbook.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

/** Testers by resolution of time and when in a step they write its first record. */
const CYLINDRICAL = { capacity_ah: 2.5, resolution_second: 0.01, first_record_second: 0.05 };
const MILLISECONDS = { capacity_ah: 2.5, resolution_second: 0.001, first_record_second: 0.002 };
const WHOLE_SECONDS = { capacity_ah: 2.5, resolution_second: 1, first_record_second: 0 };
const SEED = 20260112;
const RUN = { started_at: STARTED_AT, channel: 7 };

/**
 * Files as the instruments leave them, one of each kind, each of two cycles of a cell.
 * @type {{path: string, format: string, tester: typeof CYLINDRICAL, write: (records: CyclerRecord[], isRunning?: boolean) => Buffer, truth: object}[]}
 */
const SAMPLES = [
  {
    path: 'biologic.mpr',
    format: 'biologic-mpr',
    tester: CYLINDRICAL,
    write: (records, running) => biologicMpr(records, { ...RUN, running }),
    truth: { counter_scope: 'half cycle', counter_resolution_ah: 1e-15, channel: '7' },
  },
  {
    path: 'neware.ndax',
    format: 'neware-ndax',
    tester: MILLISECONDS,
    write: (records) => newareNdax(records, RUN),
    truth: { counter_scope: 'step', counter_resolution_ah: 1e-7, channel: '21-1-7', started_at_is_utc: true },
  },
  {
    path: 'neware.nda',
    format: 'neware-nda',
    tester: MILLISECONDS,
    write: (records) => newareNda(records, RUN),
    truth: { counter_scope: 'step', counter_resolution_ah: 1e-8, started_at_is_utc: true },
  },
  {
    path: 'neware-btsda.xlsx',
    format: 'neware-flat',
    tester: WHOLE_SECONDS,
    write: (records) => btsdaWorkbook(records, RUN),
    truth: { counter_scope: 'step', counter_resolution_ah: 1e-9 },
  },
  {
    path: 'arbin.res',
    format: 'arbin-res',
    tester: CYLINDRICAL,
    write: (records) => arbinRes([{ records, ...RUN }]),
    truth: { counter_scope: 'cycle', counter_resolution_ah: 1e-15, channel: '7' },
  },
  {
    path: 'table.bdf.parquet',
    format: 'bdf-csv',
    tester: CYLINDRICAL,
    write: (records) => bdfParquet(records, RUN),
    truth: { counter_scope: 'test', counter_resolution_ah: 1e-15, started_at_is_utc: true },
  },
];

/** @param {number} seed @returns {{files: import('../truth.js').SampleFile[], truth: object}} */
export function makeNativeSamples(seed) {
  const files = SAMPLES.map(({ path, format, tester, write, truth }) => {
    const records = demoTest(seed, `native/${path}`, tester);
    return {
      path,
      bytes: write(records),
      truth: {
        kind: 'timeseries',
        format,
        ...timeSeriesTruth(records),
        started_at: new Date(STARTED_AT).toISOString().slice(0, 19),
        ...truth,
      },
    };
  });
  return { files, truth: Object.fromEntries(files.map(({ path, truth }) => [path, truth])) };
}

/**
 * A sample as it was when its test had come to `count` records; one of a running test lacks what is written at its end.
 * @param {string} path @param {number} [count]
 */
export function runningSample(path, count = Number.POSITIVE_INFINITY) {
  const sample = SAMPLES.find((each) => each.path === path);
  if (sample === undefined) throw new Error(`no sample ${path}`);
  const records = demoTest(SEED, `native/${path}`, sample.tester);
  return sample.write(records.slice(0, count), count < records.length);
}

/** An Arbin database with several tests: the same cycles on several channels, each an hour later. @param {number} tests */
export function severalTests(tests) {
  const all = Array.from({ length: tests }, (_, index) => ({
    records: demoTest(SEED + index, 'native/several', CYLINDRICAL),
    started_at: STARTED_AT + 3_600_000 * index,
    channel: 7 + index,
  }));
  return arbinRes(all);
}
