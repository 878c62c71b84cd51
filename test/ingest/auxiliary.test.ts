import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestSummary } from '../../src/ingest/ingest.js';
import { hasNativeData, nativeData, sayIfAbsent } from '../shared-data.js';
import { Laboratory, unreconciledSql } from './laboratory.js';

const lab = new Laboratory();
afterAll(() => lab.remove());

const clock = (second: number, day: number) => {
  const text = new Date(Date.UTC(2024, 0, day, 10) + 1000 * second).toISOString();
  return `${text.slice(5, 7)}/${text.slice(8, 10)}/${text.slice(0, 4)} ${text.slice(11, 19)}`;
};

type Channels = Record<string, (at: number) => number | ''>;

/** An Arbin export of a test that began on a day of January 2024, with these columns of sensors. */
function arbin(day: number, count: number, channels: Channels): string {
  const header = `Data Point,Date Time,Test Time (s),Step Index,Cycle Index,Current (A),Voltage (V),Charge Capacity (Ah),Discharge Capacity (Ah)`;
  const rows = Array.from({ length: count }, (_, at) =>
    [at + 1, clock(60 * at, day), 60 * at, 1, 1, 1, 3 + at / 1000, at / 60, 0]
      .concat(Object.values(channels).map((reading) => reading(at)) as number[])
      .join(','),
  );
  return `${[header, ...Object.keys(channels)].join(',')}\n${rows.join('\n')}\n`;
}

const tab = { 'Aux_Temperature_2 (C)': (at: number) => (at === 1 ? '' : 25 + at) } as const;
const reference = { 'Aux_Voltage_1 (mV)': (at: number) => 100 * at };

/** What the first night finds, and the second, by the day on which the test began. */
const [kept, grown, oneMore, another, corrected] = [11, 12, 13, 14, 15];
const without = 16;
const restarted = 17;
let second: IngestSummary;
beforeAll(async () => {
  lab.write('kept.csv', arbin(kept, 40, { ...tab, ...reference }));
  lab.write('grown.csv', arbin(grown, 40, tab));
  lab.write('one-more.csv', arbin(oneMore, 40, tab));
  lab.write('another.csv', arbin(another, 40, tab));
  lab.write('corrected.csv', arbin(corrected, 40, tab));
  lab.write('without.csv', arbin(without, 40, {}));
  const more = arbin(restarted, 80, { ...reference, ...tab }).split('\n');
  const behind = [more[0], ...more.slice(41)].join('\n');
  lab.write('restarted.csv', arbin(restarted, 40, { ...tab, ...reference }) + behind);
  const electrodes = Array.from({ length: 30 }, (_, at) =>
    [60 * at, 0.1, 1 + at / 100, -2 - at / 100].join('\t'),
  );
  lab.write(
    'r.mpt',
    `EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\tI/mA\tEwe/V\tEce/V\n${electrodes.join('\n')}\n`,
  );
  const ndax = join(nativeData, 'neware', 'Unit27_Example_Data_File.ndax');
  sayIfAbsent(hasNativeData, 'a .ndax file with sensors');
  const first = await lab.ingest([lab.exports, ...(hasNativeData ? [ndax] : [])]);
  const codes = first.outcomes.flatMap(({ findings }) => findings.map(({ code }) => code));
  expect(codes).not.toContain('UNKNOWN_COLUMN');
  expect(codes.filter((code) => code === 'VOLTAGE_FROM_ELECTRODES')).toHaveLength(1);
  lab.write('grown.csv', arbin(grown, 60, tab));
  lab.write('one-more-again.csv', arbin(oneMore, 40, { ...reference, ...tab }));
  lab.write('another.csv', arbin(another, 60, reference));
  lab.write('corrected.csv', arbin(corrected, 40, tab).replace(/,27$/m, ',27.5'));
  second = await lab.ingest();
}, 60_000);

const readings = (day: number) =>
  lab.rows<{ name: string; readings: (number | null)[] }>(
    `SELECT name, list(reading ORDER BY record_index) AS readings FROM auxiliary_records JOIN tests USING (test_id)
     WHERE day(started_at) = ${day} GROUP BY name, channel_index ORDER BY channel_index`,
  );
const upTo = (count: number, reading: (at: number) => number | '') =>
  Array.from({ length: count }, (_, at) => reading(at)).map((value) => (value === '' ? null : value));
const [celsius, millivolt] = [tab['Aux_Temperature_2 (C)'], reference['Aux_Voltage_1 (mV)']];
const outcomeOf = (name: string) => second.outcomes.find(({ row }) => row.path.endsWith(`/${name}`))!;

it('keeps what each sensor read beside its record, as written, with the unit', async () => {
  expect(
    await lab.rows(`SELECT channel_index, name, a.unit, kind FROM auxiliary_channels a JOIN tests USING (test_id)
      WHERE day(started_at) = ${kept} ORDER BY channel_index`),
  ).toEqual([
    { channel_index: 1, name: 'Aux_Temperature_2', unit: 'C', kind: 'temperature' },
    { channel_index: 2, name: 'Aux_Voltage_1', unit: 'mV', kind: 'voltage' },
  ]);
  expect(
    await lab.rows(`SELECT record_index, reading, unit, auxiliary_temperature_celsius AS celsius,
      auxiliary_voltage_volt AS volt FROM auxiliary_records JOIN tests USING (test_id)
      WHERE day(started_at) = ${kept} AND record_index <= 3 ORDER BY channel_index, record_index`),
  ).toEqual([
    { record_index: 1, reading: 25, unit: 'C', celsius: 25, volt: null },
    { record_index: 2, reading: null, unit: 'C', celsius: null, volt: null },
    { record_index: 3, reading: 27, unit: 'C', celsius: 27, volt: null },
    { record_index: 1, reading: 0, unit: 'mV', celsius: null, volt: 0 },
    { record_index: 2, reading: 100, unit: 'mV', celsius: null, volt: 0.1 },
    { record_index: 3, reading: 200, unit: 'mV', celsius: null, volt: 0.2 },
  ]);
});

it('a file without sensors has none', async () => {
  expect(
    await lab.rows(`SELECT count(*) AS n, count(auxiliary) AS kept FROM measurements JOIN tests USING (test_id)
      WHERE day(started_at) = ${without}`),
  ).toEqual([{ n: 40, kept: 0 }]);
});

it('follow their names behind a second header that has them in another order', async () => {
  const found = await lab.rows(
    `SELECT name, count(reading) AS n, max(reading) AS highest FROM auxiliary_records JOIN tests USING (test_id)
     WHERE started_at::DATE = DATE '2024-01-${restarted}' GROUP BY name ORDER BY name`,
  );
  expect(found).toEqual([
    { name: 'Aux_Temperature_2', n: 79, highest: 104 },
    { name: 'Aux_Voltage_1', n: 80, highest: 7900 },
  ]);
});

describe('a file that goes on', () => {
  it('has them behind each other', async () => {
    expect(outcomeOf('grown.csv').row.status).toBe('appended');
    expect(await readings(grown)).toEqual([{ name: 'Aux_Temperature_2', readings: upTo(60, celsius) }]);
  });

  it('with a sensor more, exported again from the start, has all its readings', async () => {
    expect(outcomeOf('one-more-again.csv').row.status).toBe('appended');
    expect(await readings(oneMore)).toEqual([
      { name: 'Aux_Voltage_1', readings: upTo(40, millivolt) },
      { name: 'Aux_Temperature_2', readings: upTo(40, celsius) },
    ]);
  });

  it('with another sensor instead, has each where it was read', async () => {
    const nothing = (count: number) => Array(count).fill(null);
    expect(await readings(another)).toEqual([
      { name: 'Aux_Temperature_2', readings: [...upTo(40, celsius), ...nothing(20)] },
      { name: 'Aux_Voltage_1', readings: [...nothing(40), ...upTo(60, millivolt).slice(40)] },
    ]);
  });

  it('and a reading that was changed is a correction', async () => {
    expect(outcomeOf('corrected.csv').findings).toMatchObject([{ code: 'SUPERSEDED', line: 4 }]);
    expect((await readings(corrected))[0]!.readings[2]).toBe(27.5);
  });

  it('leaves no channel without its test', async () => {
    expect(
      await lab.rows('SELECT * FROM auxiliary_channels WHERE test_id NOT IN (SELECT test_id FROM tests)'),
    ).toEqual([]);
    expect(await lab.rows(unreconciledSql)).toEqual([]);
  });
});

it('takes the voltage of a cell with a reference from its electrodes, and keeps both', async () => {
  const rows = await lab.rows(
    `SELECT voltage_volt, auxiliary[1] AS ewe, auxiliary[2] AS ece FROM measurements JOIN tests USING (test_id)
     WHERE vendor = 'BioLogic' AND record_index = 11`,
  );
  expect(rows).toEqual([{ voltage_volt: 1.1 - -2.1, ewe: 1.1, ece: -2.1 }]);
});

describe.skipIf(!hasNativeData)('a .ndax file (needs shared data)', () => {
  it('keeps its second thermocouple', async () => {
    const [row] = await lab.rows(
      `SELECT a.name, a.kind, a.unit, count(*) AS n, count(reading) AS there, min(reading) AS lowest, max(reading) AS highest
       FROM auxiliary_records a JOIN tests USING (test_id) WHERE vendor = 'Neware' GROUP BY ALL`,
    );
    expect(row).toEqual({
      name: 'T2',
      kind: 'temperature',
      unit: '°C',
      n: 301,
      there: 301,
      lowest: 25.316997528076172,
      highest: 25.681997299194336,
    });
  });
});
