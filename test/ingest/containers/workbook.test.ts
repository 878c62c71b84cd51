import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, expect, it } from 'vitest';
import { parquet } from '../../../scripts/sample-data/native/parquet.js';
import { workbook } from '../../../scripts/sample-data/native/workbook.js';
import { sniffFile } from '../../../src/ingest/sniff/sniff.js';
import { suggestFormat } from '../../../src/ingest/sniff/suggest.js';
import { Laboratory } from '../laboratory.js';

/** What a workbook says beside its records, and what is drafted for one that nobody knows. */

const folder = mkdtempSync(join(tmpdir(), 'cellar-workbook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, sheets: Parameters<typeof workbook>[0]): string {
  const path = join(folder, name);
  writeFileSync(path, workbook(sheets));
  return path;
}

const header = [
  'DataPoint',
  'Cycle Index',
  'Step Index',
  'Step Type',
  'Time',
  'Current(A)',
  'Voltage(V)',
  'Date',
];
const clock = (hour: number, second: number) =>
  `2025-06-17 ${String(hour).padStart(2, '0')}:26:${39 + second}`;
const records = Array.from({ length: 12 }, (_, k) => [
  k + 1,
  1,
  1,
  'Rest',
  `00:00:${10 + k}`,
  0,
  3 + k / 100,
  clock(9, k),
]);
const notesOf = async (stepHour: number) => {
  const path = write(`step-${stepHour}.xlsx`, [
    {
      name: 'step',
      rows: [
        ['Step Index', 'Oneset Date'],
        [1, clock(stepHour, 0)],
      ],
    },
    { name: 'record', rows: [header, ...records] },
  ]);
  const sniffed = await sniffFile(path);
  if (sniffed.kind !== 'readable') throw new Error(sniffed.refusal.message);
  return { notes: sniffed.view!.notes.map(({ message }) => message).join(), sniffed };
};

it('says that BTSDA left summer time out of the records, and nothing in winter', async () => {
  expect((await notesOf(10)).notes).toContain(
    'sheet record is an hour behind that of sheet step (2025-06-17 09:26:39, 2025-06-17 10:26:39)',
  );
  expect((await notesOf(9)).notes).not.toContain('hour');
});

it('explains itself in rows of its sheet', async () => {
  const { sniffed } = await notesOf(9);
  expect(sniffed.recognition.reasons).toEqual([
    'header in row 1: DataPoint, Cycle Index, Step Index, Step Type, Time, Current(A), …',
  ]);
});

it('is found where its package says it is, its parts under whatever names', async () => {
  const members = unzipSync(workbook([{ name: 'record', rows: [header, ...records] }]));
  const moved: Record<string, string> = {
    'xl/workbook.xml': 'xl/workbook22.xml',
    'xl/_rels/workbook.xml.rels': 'xl/_rels/workbook22.xml.rels',
    'xl/sharedStrings.xml': 'xl/SharedStrings.xml',
  };
  const other = Object.entries(members).map(([name, bytes]) => {
    const text = strFromU8(bytes).replaceAll('xl/workbook.xml', 'xl/workbook22.xml');
    return [moved[name] ?? name, strToU8(text)] as const;
  });
  const path = join(folder, 'moved.xlsx');
  writeFileSync(path, zipSync(Object.fromEntries(other)));
  const sniffed = await sniffFile(path);
  expect(sniffed.kind === 'readable' && sniffed.head.lines[1]).toBe(
    '1\t1\t1\tRest\t00:00:10\t0\t3\t2025-06-17 09:26:39',
  );
});

it.each([
  [
    'Record number,State,Jump,Cycle,Steps,Current(mA),Voltage(V),CapaCity(mAh),Relative Time(h:min:s.ms)',
    'Rest',
  ],
  ['记录序号,状态,跳转,循环,步次,电流(mA),电压(V),容量(mAh),相对时间(h:min:s.ms)', '搁置'],
])('of BTS 7 has its records on sheets that go on in each other: %s', async (names, rest) => {
  const row = (k: number) => [k, rest, 1, 1, 2, 500, 3 + k / 100, 0, `0:00:${10 + k}.500`];
  const detail = (from: number) => [names.split(','), ...Array.from({ length: 9 }, (_, k) => row(from + k))];
  const path = write('bts7.xlsx', [
    { name: 'Info', rows: [['Device', '81-1-8']] },
    { name: 'Detail_81_1_8', rows: detail(1) },
    { name: 'Detail_81_1_8_2', rows: detail(10) },
  ]);
  const sniffed = await sniffFile(path);
  if (sniffed.kind !== 'readable') throw new Error(sniffed.refusal.message);
  const plan = sniffed.tables[0]!;
  expect(sniffed.view!.sheets.map(({ name }) => name)).toEqual(['Detail_81_1_8', 'Detail_81_1_8_2']);
  expect(plan.unknown).toEqual([]);
  const at = (role: Parameters<typeof plan.mapping.get>[0]) => plan.mapping.get(role)?.field.index;
  expect([at('vendor_cycle_count'), at('step_id'), at('vendor_step_type'), at('step_time_second')]).toEqual([
    3, 4, 1, 8,
  ]);
  expect(plan.mapping.get('current_ampere')?.writtenUnit).toBe('mA');
});

it('gets a draft of a format where no format claims it, from the sheet that has a table', async () => {
  const rows = Array.from({ length: 8 }, (_, k) => [k * 10, 3.1 + k / 50, k]);
  const path = write('odd.xlsx', [
    { name: 'Readme', rows: [['made by'], ['somebody']] },
    { name: 'Werte', rows: [['run'], ['Laufdauer (s)', 'Klemmenspannung (V)', 'Zähler'], ...rows] },
  ]);
  expect(await sniffFile(path)).toMatchObject({ kind: 'refused' });
  const draft = await suggestFormat(path);
  expect(draft).toContain('header in sheet Werte, row 2');
  expect(draft).toContain('voltage_volt = ["Klemmenspannung (V)"]');
  expect(draft).not.toContain('delimiter');
});

it('is read by the draft for it, and so is a Parquet file', async () => {
  const lab = new Laboratory();
  try {
    const rows = Array.from({ length: 30 }, (_, k): [number, number, number, number] => [
      k / 6,
      3300 + k,
      500,
      25,
    ]);
    const names = ['Laufdauer [min]', 'Klemmspg [mV]', 'Strom [mA]', 'Kammer [°C]'];
    lab.write('odd.xlsx', workbook([{ name: 'Werte', rows: [['run'], names, ...rows] }]));
    const column = (of: (row: (typeof rows)[number]) => number) => rows.map(of);
    lab.write(
      'odd.parquet',
      parquet([
        ['Laufdauer/h', column(([time]) => time / 60)],
        ['Klemmspg/V', column(([, volt]) => volt / 1000 + 0.2)],
        ['Strom/A', column(([, , current]) => current / 1000)],
      ]),
    );
    lab.write('cellar.toml', '');
    for (const name of ['odd.xlsx', 'odd.parquet']) {
      const draft = (await suggestFormat(join(lab.exports, name)))!.replace(
        'my-format',
        name.replace('.', '-'),
      );
      lab.write(`${name}.format.toml`, draft);
    }
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => `${row.format} ${row.status} ${row.rows_loaded}`)).toEqual([
      'odd-parquet ingested 30',
      'odd-xlsx ingested 30',
    ]);
    const last = await lab.rows(
      `SELECT round(test_time_second, 6) AS t, round(voltage_volt, 6) AS v, current_ampere AS i, line_number AS place
       FROM measurements WHERE record_index = 30 ORDER BY test_id`,
    );
    expect(last).toEqual([
      { t: 290, v: 3.529, i: 0.5, place: 30 },
      { t: 290, v: 3.329, i: 0.5, place: 32 },
    ]);
    const codes = outcomes.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(codes).not.toContain('VOLTAGE_IN_MILLIVOLT');
  } finally {
    lab.remove();
  }
});
