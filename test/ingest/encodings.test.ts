import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { measurementsOf, readWritten } from './written-export.js';

/** The same table in every encoding, with every line end and number style, gives the same rows and line numbers. */

const header =
  'Test_Time(s)\tStep_Time(s)\tCycle_Index\tStep_Index\tCurrent(A)\tVoltage(V)\tCharge_Capacity(Ah)\tTemperature (°C)';
const records = [
  '0.5\t0.5\t1\t1\t0.0125\t3.5125\t0\t25.25',
  '60.5\t60.5\t1\t1\t0.0125\t3.6\t0.000208\t25.5',
  '120.5\t0.5\t1\t2\t-0.25\t3.55\t0.000208\t25.75',
];
/** The fourth line of the file is damaged: its number has to come out whatever the line ends are. */
const lines = [header, records[0]!, records[1]!, '90\tx\t1\t1\tERR\t3.6\t0\t25', records[2]!];
const lf = `${lines.join('\n')}\n`;

const wanted = [
  [0.5, 0.0125, 3.5125, 25.25, 2],
  [60.5, 0.0125, 3.6, 25.5, 3],
  [120.5, -0.25, 3.55, 25.75, 5],
];

const gbk = `${['数据序号,循环号,工步号,工步类型,总时间,电流(A),电压(V),容量(Ah)', '1,1,1,恒流充电,00:00:01,0.0125,3.5125,0.1', '2,1,1,恒流充电,00:01:01,0.0125,3.6,0.2'].join('\n')}\n`;

const commas = lf.replaceAll('.', ',');
const quoted = `${lines
  .map((line, index) =>
    line
      .split('\t')
      .map((field) => (index === 0 || field === 'ERR' ? field : `"${field}"`))
      .join(','),
  )
  .join('\n')}\n`;

const variants: [string, Buffer, string][] = [
  ['UTF-8', Buffer.from(lf), 'utf-8'],
  ['UTF-8 with byte order mark', Buffer.from(`\uFEFF${lf}`), 'utf-8'],
  ['UTF-16 little endian with mark', iconv.encode(lf, 'utf-16le', { addBOM: true }), 'utf-16le'],
  ['UTF-16 little endian without mark', iconv.encode(lf, 'utf-16le', { addBOM: false }), 'utf-16le'],
  ['UTF-16 big endian with mark', iconv.encode(lf, 'utf-16be', { addBOM: true }), 'utf-16be'],
  ['UTF-16 big endian without mark', iconv.encode(lf, 'utf-16be', { addBOM: false }), 'utf-16be'],
  ['UTF-16 with CRLF', iconv.encode(lf.replaceAll('\n', '\r\n'), 'utf-16le', { addBOM: true }), 'utf-16le'],
  ['Latin-1', iconv.encode(lf, 'latin1'), 'windows-1252'],
  ['Windows-1252', iconv.encode(lf, 'windows-1252'), 'windows-1252'],
  ['gzip', gzipSync(lf), 'utf-8'],
  [
    'gzip of Latin-1 with CRLF',
    gzipSync(iconv.encode(lf.replaceAll('\n', '\r\n'), 'latin1')),
    'windows-1252',
  ],
  ['CRLF', Buffer.from(lf.replaceAll('\n', '\r\n')), 'utf-8'],
  ['a mixture of LF and CRLF', Buffer.from(lf.replace('\n', '\r\n').replace(/\n$/, '\r\n')), 'utf-8'],
  ['CR alone', Buffer.from(lf.replaceAll('\n', '\r')), 'utf-8'],
  ['CR CR LF', Buffer.from(lf.replaceAll('\n', '\r\r\n')), 'utf-8'],
  ['no final line end', Buffer.from(lf.trimEnd()), 'utf-8'],
  ['decimal comma with tabs', Buffer.from(commas), 'utf-8'],
  ['decimal comma with semicolons', Buffer.from(commas.replaceAll('\t', ';')), 'utf-8'],
  ['commas', Buffer.from(lf.replaceAll('\t', ',')), 'utf-8'],
  ['quoted fields', Buffer.from(quoted), 'utf-8'],
  [
    'whole lines in quotes',
    Buffer.from(`${lines.map((line) => `"${line.replaceAll('\t', ',')}"`).join('\n')}\n`),
    'utf-8',
  ],
  ['degree sign destroyed', Buffer.from(lf.replace('°', '\uFFFD')), 'utf-8'],
];

describe('encodings, line ends and number styles', () => {
  it.each(variants)('%s', async (_name, bytes, encoding) => {
    const read = await readWritten(bytes);
    expect(read.sniffed.text.encoding).toBe(encoding);
    const found = await measurementsOf(read);
    expect(
      found.map((row) => [
        row.test_time_second,
        row.current_ampere,
        row.voltage_volt,
        row.ambient_temperature_celsius,
        row.line_number,
      ]),
    ).toEqual(wanted);
    expect(
      read.loaded.rejects.map(({ line_number, column_name, raw_value }) => [
        line_number,
        column_name,
        raw_value,
      ]),
    ).toEqual([[4, 'Current(A)', 'ERR']]);
    expect(read.scan.lineCount).toBe(5);
  });

  it.each([
    ['GBK', 'gbk'],
    ['GB18030', 'gb18030'],
  ])('%s gives the same rows as UTF-8', async (_name, encoding) => {
    const plain = await measurementsOf(await readWritten(gbk));
    const read = await readWritten(iconv.encode(gbk, encoding));
    expect(read.sniffed.text.encoding).toBe('gb18030');
    expect(await measurementsOf(read)).toEqual(plain);
    expect(plain.map((row) => row.vendor_step_type)).toEqual(['恒流充电', '恒流充电']);
  });

  it('reads thousands separators in quoted fields', async () => {
    const text =
      'Cyc#,Step,TestTime(s),StepTime(s),Current(A),Voltage(V)\n0,1,"1,020.50","17.0",0.5,3.7\n0,1,"5,577,644.47",20,0.5,3.7\n0,1,"5,77",20,0.5,3.7\n';
    const read = await readWritten(text);
    expect((await measurementsOf(read)).map((row) => row.test_time_second)).toEqual([1020.5, 5577644.47]);
    expect(read.loaded.rejects.map(({ raw_value }) => raw_value)).toEqual(['5,77']);
  });

  it('keeps Latin-1 letters of state columns apart from damage', async () => {
    const text = 'Time [s];Voltage [V];Current [A];Status\n0;3.5;0;Geräteprüfung\n1;3.6;0;µ\n';
    const found = await measurementsOf(await readWritten(iconv.encode(text, 'latin1')));
    expect(found.map((row) => row.vendor_step_type)).toEqual(['Geräteprüfung', 'µ']);
  });
});
