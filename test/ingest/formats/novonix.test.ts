import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { measurementsOf, readWritten } from '../written-export.js';

const header =
  'Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),Temperature (°C),Step Number,Step position';
const record = (hour: number, voltage: number, step = 1) =>
  `2026-01-20 09:00:00,1,7,${hour},${hour},0.1,${voltage},${hour / 10},25,${step},0`;
const run = (
  started: string,
  records: string[],
  protocol: string[] = ['{"Version":"UHPC Control: 2.13.0"}'],
) => [
  '[Summary]',
  'Novonix UHPC data file',
  'Channel: 01',
  `Started: ${started}`,
  '[End Summary]',
  '[Protocol]',
  ...protocol,
  '[End Protocol]',
  '[Data]',
  header,
  ...records,
];
const text = (...lines: string[][]) => `${lines.flat().join('\n')}\n`;

describe('Novonix', () => {
  it('rejects stale records, whose run time jumps back, and keeps what follows', async () => {
    const read = await readWritten(
      text(
        run('2026-01-20 09:00:00', [
          record(0, 3.5),
          record(0.2, 3.6),
          record(0.1, 3.55),
          record(0.2, 3.6),
          record(0.3, 3.7),
        ]),
      ),
    );
    expect((await measurementsOf(read)).map(({ voltage_volt }) => voltage_volt)).toEqual([
      3.5, 3.6, 3.6, 3.7,
    ]);
    expect(read.loaded.rejects).toEqual([
      {
        line_number: 13,
        column_name: null,
        raw_value: null,
        raw_line: record(0.1, 3.55),
        reason: 'stale record: its test time jumps back',
      },
    ]);
  });

  const failed = run('2026-01-20 09:00:00', [record(0, 3.5), record(0.1, 3.6)]);
  const empty = run('2026-01-20 09:30:00', []);
  const never = ['[Summary]', 'Novonix UHPC data file', 'Started: 2026-01-20 09:40:00', '[End Summary]'];
  const complete = run('2026-01-20 10:00:00', [record(0, 3.4), record(0.5, 3.8), record(1, 4.2)]);

  it.each([
    ['plain', (content: string) => content],
    ['compressed', (content: string) => gzipSync(content)],
    ['with CRLF', (content: string) => content.replaceAll('\n', '\r\n')],
    [
      'with every line in quotes',
      (content: string) => content.replace(/^(.*)$/gm, '"$1"').replace(/\n""$/, '\n'),
    ],
  ])('reads every run of a file that holds several: %s', async (_name, write) => {
    const content = text(failed, empty, never, complete);
    const read = await readWritten(write(content));
    expect(read.loaded.rejects).toEqual([]);
    const found = await measurementsOf(read);
    expect(
      found.map(({ test_id, voltage_volt, line_number }) => [test_id, voltage_volt, line_number]),
    ).toEqual([
      [1, 3.5, 11],
      [1, 3.6, 12],
      [2, 3.4, 37],
      [2, 3.8, 38],
      [2, 4.2, 39],
    ]);
    expect(read.sniffed.tables.map(({ startedAt }) => startedAt)).toEqual([
      '2026-01-20 09:00:00',
      '2026-01-20 09:30:00',
      '2026-01-20 10:00:00',
    ]);
    const { linesHead, linesStructural, rowsLoaded } = read.loaded;
    expect([linesHead, linesStructural, rowsLoaded]).toEqual([10, 24, 5]);
  });

  it('finds a header behind a protocol of many lines and one of many bytes', async () => {
    const protocol = Array.from(
      { length: 700 },
      (_, index) => `   [${index}: Save data when Δt > 1 seconds]`,
    );
    const long = `{"Steps":"${'x'.repeat(200_000)}"}`;
    for (const before of [protocol, [long]]) {
      const read = await readWritten(text(run('2026-01-20 09:00:00', [record(0, 3.5)], before)));
      expect((await measurementsOf(read)).length).toBe(1);
    }
  });

  it('reads the step type from "Step Number" where HPC 3.0 leaves "Step Type" out', async () => {
    const content = text(
      run('2026-01-20 09:00:00', [
        '2026-01-20 09:00:00,1,1,0,0,0.1,3.5,0,25',
        '2026-01-20 09:30:00,1,1,0.5,0.5,0.1,3.6,0.05,25',
      ]),
    ).replace(
      header,
      'Date and Time,Cycle Number,Step Number,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),Temperature (°C)',
    );
    const found = await measurementsOf(await readWritten(content));
    expect(found.map(({ step_id, vendor_step_type }) => [step_id, vendor_step_type])).toEqual([
      [null, '1'],
      [null, '1'],
    ]);
  });
});
