import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scanFile } from '../../../src/ingest/bytes/scan.js';
import { linesOfAll } from '../../../src/ingest/containers/columns.js';
import { HeldColumns } from '../../../src/ingest/containers/held-columns.js';
import type { RecordColumn, RecordTable } from '../../../src/ingest/containers/record-table.js';
import { instantText } from '../../../src/ingest/containers/record-table.js';
import { writeRecords } from '../../../src/ingest/containers/record-text.js';
import { dropView } from '../../../src/ingest/containers/view.js';
import { loadFile } from '../../../src/ingest/load/load.js';
import { placeInContainer } from '../../../src/ingest/load/place.js';
import { canReadColumns } from '../../../src/ingest/load/read-columns.js';
import { sniffFile } from '../../../src/ingest/sniff/sniff.js';
import { run, select } from '../../../src/store/connection.js';
import { openEmptyDatabase } from '../../empty-database.js';

/**
 * Records of instruments' own files are read from columns; the text of all of them has to give the same, down to the last bit
 * of a number, the place of each record and the words of a reject.
 */

const count = 3000;
/** Characters of text by which a test is recognised here: its first three hundred records. */
const headText = 40_000;

const column = (name: string, of: (at: number) => number, stands?: RecordColumn['stands']): RecordColumn => ({
  name,
  values: Float64Array.from({ length: count }, (_, at) => of(at)),
  ...(stands === undefined ? {} : { stands }),
});
const voltage = (at: number) => 3 + Math.fround(Math.sin(at) / 7);
const current = (at: number) => Math.cos(at) / 3;
const clock = { for: 'clock', text: (value: number) => instantText(value).slice(0, 19) } as const;
const start = Date.UTC(2026, 9, 25, 0, 30);

/** Numbers that are none, zeros below zero, words that the text's grammar would take for its own, times of no experiment. */
const neware: RecordTable = {
  count,
  facts: { startedAt: '2026-10-25 00:30:00', channel: '1-2-3', about: ['File version: 29'] },
  columns: [
    column('DataPoint', (at) => at + 1),
    column('Cycle Index', (at) => (at === 900 ? Number.NaN : 1 + Math.floor(at / 1000))),
    column('Step Index', (at) => 1 + (Math.floor(at / 500) % 2)),
    column('Step Type', (at) => Math.floor(at / 500), {
      for: 'word',
      text: (type) => ['CC Chg', ' Rest ', 'a "b"\tc', 'NaN', '', '7'][type]!,
    }),
    column('Time(s)', (at) => (at % 500) / 3),
    column('Total Time(s)', (at) => (at === 1200 ? Number.NaN : at / 3)),
    column('Current(A)', (at) => (at === 1300 ? Number.POSITIVE_INFINITY : at % 7 === 0 ? -0 : current(at))),
    column('Voltage(V)', (at) => (at === 1301 ? Number.NaN : at === 1302 ? 5e-324 : voltage(at))),
    column('Chg. Cap.(Ah)', (at) => at * 1e-7),
    column('Date', (at) => (at === 1400 ? 1000 : start + 3_000 * at), clock),
    column('T1(°C)', (at) => (at % 3 === 0 ? Number.NEGATIVE_INFINITY : 20 + at / 1e4)),
  ],
};
// Nothing at all stands in one record: its line is blank.
for (const { values, stands } of neware.columns) values[1500] = stands?.for === 'word' ? 4 : Number.NaN;

const isPoint = (at: number) => at % 1000 >= 980;
const biologic: RecordTable = {
  count,
  facts: { startedAt: undefined, channel: '4', about: ['Technique: Modulo Bat'] },
  columns: [
    column('mode', (at) => (isPoint(at) ? 2 : 1)),
    column('Ns', (at) => Math.floor(at / 500)),
    column('time/s', (at) => 728_075 + at / 10),
    column('Ewe/V', voltage),
    column('freq/Hz', (at) => (isPoint(at) ? 10 ** (5 - (at % 20) / 4) : 0)),
    column('Re(Z)/Ohm', (at) => (isPoint(at) ? 0.1 + (at % 20) : 0)),
    column('-Im(Z)/Ohm', (at) => (at === 1990 ? Number.NaN : isPoint(at) ? 0.02 * (at % 20) : 0)),
    column('<I>/mA', (at) => 1000 * current(at)),
    column('Q charge/mA.h', (at) => at / 1e4),
    column('Q discharge/mA.h', () => 0),
    column('cycle number', (at) => Math.floor(at / 1000)),
  ],
};
// Points among the first records, so that they are known to be there.
for (const name of ['freq/Hz', 'Re(Z)/Ohm', '-Im(Z)/Ohm'])
  biologic.columns.find((each) => each.name === name)!.values.fill(10, 50, 52);

const arbin = (channel: number): RecordTable => ({
  count,
  facts: { startedAt: '2026-01-20 09:00:00.250', channel: String(channel), about: [`Test: ${channel}`] },
  columns: [
    column('Data_Point', (at) => at + 1),
    column('Test_Time(s)', (at) => at),
    column('Step_Time(s)', (at) => at % 500),
    column('DateTime', (at) => Date.UTC(2026, 0, 20, 9) + 1000 * at + 7, { for: 'clock', text: instantText }),
    column('Step_Index', (at) => 1 + (Math.floor(at / 500) % 3)),
    column('Cycle_Index', (at) => 1 + Math.floor(at / 1500)),
    column('Current(A)', current),
    column('Voltage(V)', (at) => voltage(at) + channel / 1000),
    column('Charge_Capacity(Ah)', (at) => at / 1e5),
    column('Discharge_Capacity(Ah)', () => 0),
  ],
});

const database = await openEmptyDatabase();
afterAll(() => database.close());

/** What is stored of records that are read from columns, or from a text of all of them. */
async function readingOf(
  title: string,
  tests: RecordTable[],
  from: 'columns' | 'columns read again' | 'text',
) {
  const { connection } = database;
  for (const table of ['measurements', 'tests', 'spectra', 'impedance'])
    await run(connection, `DELETE FROM ${table}`);
  const most = from === 'text' ? Number.POSITIVE_INFINITY : headText;
  const view = await writeRecords(title, tests, [], async () => tests, most);
  const { columns } = view;
  const sniffed = await sniffFile(view.path, { isBeginning: columns !== undefined });
  if (sniffed.kind !== 'readable') throw new Error(sniffed.refusal.message);
  const { text, tables, recognition } = sniffed;
  const { format } = recognition;
  const isRead = columns !== undefined && canReadColumns(tables, format, columns);
  expect(isRead).toBe(from !== 'text');
  if (from === 'columns read again' && columns instanceof HeldColumns) columns.drop();
  const counted = await scanFile(view.path, false, text);
  const scan = columns === undefined ? counted : { ...counted, lineCount: linesOfAll(view, columns) };
  const scratch = mkdtempSync(join(tmpdir(), 'cellar-scratch-'));
  const loaded = await loadFile(
    { path: view.path, format, text, scan, tables, columns },
    { connection, scratch, timeZone: 'Europe/Berlin', fileId: 1 },
  );
  await placeInContainer(connection, loaded, view);
  rmSync(scratch, { recursive: true });
  dropView(view);
  return {
    measurements: await select(connection, 'SELECT * FROM measurements ORDER BY test_id, record_index'),
    impedance: await select(connection, 'SELECT * FROM impedance ORDER BY ALL'),
    rejects: loaded.rejects,
    lines: [loaded.linesHead, loaded.linesStructural, loaded.rowsLoaded],
    first: loaded.tables.map(({ firstLine }) => firstLine),
  };
}

describe('records of an own file give from columns what their text gives', () => {
  it('a test with records that cannot be stored, in the hour that a clock shows twice', async () => {
    const columns = await readingOf('a Neware .nda file', [neware], 'columns');
    expect(columns).toEqual(await readingOf('a Neware .nda file', [neware], 'text'));
    expect(columns.measurements).toHaveLength(count - 4);
    expect(columns.rejects.map(({ line_number, reason }) => `${line_number}: ${reason}`)).toEqual([
      '1201: test time second is empty',
      '1301: current ampere is empty',
      '1302: voltage volt is empty',
    ]);
    expect(columns.measurements[1497]).toMatchObject({ line_number: 1502, vendor_record_index: 1502 });
  });

  it('a test with spectra among its records', async () => {
    const columns = await readingOf('a BioLogic .mpr file', [biologic], 'columns');
    expect(columns).toEqual(await readingOf('a BioLogic .mpr file', [biologic], 'text'));
    expect(columns.impedance).toHaveLength(2 + 3 * 20 - 1);
    expect(columns.rejects).toMatchObject([{ line_number: 1991, column_name: '-Im(Z)/Ohm' }]);
  });

  it('several tests, each with places of its own', async () => {
    const tests = [arbin(3), arbin(4), { ...arbin(5), count: 2 }];
    const columns = await readingOf('an Arbin .res file', tests, 'columns');
    expect(columns).toEqual(await readingOf('an Arbin .res file', tests, 'text'));
    expect(columns).toEqual(await readingOf('an Arbin .res file', tests, 'columns read again'));
    expect(columns.first).toEqual([1, 1, 1]);
    const places = columns.measurements as { line_number: number; record_index: number }[];
    expect(places).toHaveLength(2 * count + 2);
    expect(places.every(({ line_number, record_index }) => line_number === record_index)).toBe(true);
  });
});

it('columns that had to go are read again, and a file that is another by then is refused', async () => {
  const columns = new HeldColumns('a file', [neware], [8], async () => [{ ...neware, count: count - 1 }]);
  expect(await columns.tests()).toEqual([neware]);
  columns.drop();
  await expect(columns.tests()).rejects.toThrow('it changed while it was read');
});
