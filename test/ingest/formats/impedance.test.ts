import { describe, expect, it } from 'vitest';
import { measurementsOf, pointsOf, readWritten } from '../written-export.js';

const lines = (...all: string[]) => `${all.join('\n')}\n`;
const triples = (points: Record<string, number>[]) =>
  points.map(({ frequency_hertz, real_impedance_ohm, imaginary_impedance_ohm }) => [
    frequency_hertz,
    real_impedance_ohm,
    imaginary_impedance_ohm,
  ]);

describe('Autolab .dfr', () => {
  const point = (f: string, re: string, im: string) => [f, re, im, '0.1', '1E-3', '1', '0', '0', '0'];
  const head = ['VERSION8.0', '2', ' 1'];
  const first = point('1.0E+0003', '10', '2');
  const second = point('1.0E+0002', '20', '5');

  it('has nine lines per point, negates the third and credits a point to its first line', async () => {
    const read = await readWritten(lines(...head, ...first, ...second, '26.02.2025', '15:11:00', 'cell A'));
    const points = await pointsOf(read);
    expect(triples(points)).toEqual([
      [1000, 10, -2],
      [100, 20, -5],
    ]);
    expect(points.map(({ line_number }) => line_number)).toEqual([4, 13]);
    expect(read.sniffed.tables[0]!.startedAt).toBe('26.02.2025 15:11:00');
    expect(read.loaded.linesHead + read.loaded.linesStructural + read.loaded.rowsLoaded).toBe(
      read.scan.lineCount,
    );
  });

  it('rejects a point that was cut off', async () => {
    const read = await readWritten(lines(...head, ...first, ...second.slice(0, 4)));
    expect((await pointsOf(read)).length).toBe(1);
    expect(read.loaded.rejects.map(({ line_number, reason }) => [line_number, reason])).toEqual([
      [13, '4 fields instead of 9'],
    ]);
  });
});

describe('Ivium', () => {
  const block = (title: string, method: string, ...rows: string[]) => [
    `Title=${title}`,
    `Method=${method}`,
    'starttime=1/20/2026 09:15:00',
    'primary_data    \0',
    '3         ',
    `${rows.length}        `,
    ...rows,
  ];

  it('reads one spectrum per block, frequency last, and leaves other techniques aside', async () => {
    const text = lines(
      '\0\0\x01\x02H',
      ...block('first', 'Impedance', '1.0E+01  -2.0E+00\t1.0E+03 ', '1.2E+01  -3.0E+00\t1.0E+02 '),
      '0',
      ...block('cv', 'CyclicVoltammetry', '0.1 0.2 0.3', '0.4 0.5 0.6'),
      ...block('second', 'Impedance', '1.1E+01  -2.5E+00\t1.0E+03 '),
      '\0\0\0',
    );
    const read = await readWritten(text);
    expect(read.sniffed.recognition.format.id).toBe('ivium-idf');
    expect(read.loaded.rejects).toEqual([]);
    expect(read.loaded.tables.map(({ spectra }) => spectra.length)).toEqual([1, 1]);
    expect(triples(await pointsOf(read))).toEqual([
      [1000, 10, -2],
      [100, 12, -3],
      [1000, 11, -2.5],
    ]);
  });

  it('rejects a row that NUL bytes damaged', async () => {
    const read = await readWritten(
      lines(...block('first', 'Impedance', '10 -2 1000', '1\0\0 -3 100', '14 -4 10')),
    );
    expect((await pointsOf(read)).length).toBe(2);
    expect(read.loaded.rejects[0]).toMatchObject({ line_number: 8, reason: 'NUL bytes' });
  });
});

describe('VersaStudio .par', () => {
  const definition =
    'Definition=Segment #, Point #, E(V), I(A), Elapsed Time(s), Frequency(Hz), Z Real, Z Imag, Status';
  const file = lines(
    '<Application>',
    'Name=VersaStudio',
    '</Application>',
    '<Experiment>',
    'DateAcquired=1/20/2026',
    'TimeAcquired=09:15:00',
    '</Experiment>',
    '<Segment1>',
    definition,
    '0,0,3.5,0,1,0,0,0,0',
    '0,1,3.6,0.1,2,0,0,0,0',
    '</Segment1>',
    '<Segment2>',
    definition,
    '1,0,3.6,0,3,1000,10,-2,0',
    '1,1,3.6,0,4,100,12,-3,0',
    '</Segment2>',
    '<Segment3>',
    definition,
    '</Segment3>',
  );

  it('reads each segment: rows without a frequency are measurements, the others points', async () => {
    const read = await readWritten(file);
    expect(read.sniffed.recognition.format.id).toBe('versastudio-par');
    expect(
      (await measurementsOf(read)).map(({ voltage_volt, line_number }) => [voltage_volt, line_number]),
    ).toEqual([
      [3.5, 10],
      [3.6, 11],
    ]);
    expect(triples(await pointsOf(read))).toEqual([
      [1000, 10, -2],
      [100, 12, -3],
    ]);
    expect(read.loaded.rejects).toEqual([]);
  });
});

describe('small text formats', () => {
  it.each([
    [
      'powersuite-txt',
      'Frequency\t Zre\t Zimg\r\r\n 1.0E+002\t 1.2E+001\t -3.0E+000\r\r\n 1.0E+003\t 1.0E+001\t -2.0E+000\r\r\n',
    ],
    [
      'p00-text',
      lines(
        'sample',
        " f/Hz\t Z'/Ohm\t -Z''/Ohm\t time/s\t Edc/V\t Idc/A",
        ' 2',
        '  10.0e+01\t 12\t 3\t 1\t 0\t 0',
        '  1.0e+03\t 10\t 2\t 2\t 0\t 0',
      ),
    ],
    ['elchemea-i2b', lines('a', 'b', 'c', 'd', '', '2', '100 12 -3', '1000 10 -2')],
    ['zahner-text', lines('Number\tFrequency/Hz\tR/ohm\tI/ohm', '1\t100\t12\t-3', '2\t1000\t10\t-2')],
    [
      'novocontrol-txt',
      lines('s1, 26.02.2025, 15:11', "Freq. [Hz]\t Zs' [Ohms]\t Zs'' [Ohms]", '100\t12\t-3', '1000\t10\t-2'),
    ],
    [
      'parstat-txt',
      lines(
        'Point,Elapsed Time (s),Potential (V),Current (A),Frequency (Hz),Zre (ohms),Zim (ohms),|Z| (ohms)',
        '1,1,3.5,0,100,12,-3,12.4',
        '2,2,3.5,0,1000,10,-2,10.2',
      ),
    ],
    [
      'digatron-eis',
      lines(
        'Zeitstempel;Progr. Zeit;Frequenz;Zreal1;Zimg1',
        ';;[Hz];[mOhm];[mOhm]',
        '20.01.2026 09:15:00;00:00:01;100;12000;-3000',
        '20.01.2026 09:15:02;00:00:03;1000;10000;-2000',
      ),
    ],
    ['generic-impedance', lines("Frequency (Hz),Z' (Ohm),Z'' (Ohm)", '100,12,-3', '1000,10,-2')],
    ['generic-impedance', lines('freq/kHz;Re(Z)/mOhm;-Im(Z)/mOhm', '0,1;12000;3000', '1;10000;2000')],
    ['generic-impedance', lines('f\tZ′\t−Z″', '100\t12\t3', '1000\t10\t2')],
    [
      'generic-impedance',
      lines('# FREQUENCY [Hz], ZRE [Ω], -ZIM [Ω]', '100, 12, 3', '# a comment', '1000, 10, 2'),
    ],
    [
      'generic-impedance',
      lines('impedance_frequency,real impedance,imaginary impedance', '100,12,-3', '1000,10,-2'),
    ],
    [
      'generic-impedance',
      lines(
        'f,mag,-phi',
        `100,${Math.hypot(12, 3)},${(Math.atan2(3, 12) * 180) / Math.PI}`,
        `1000,${Math.hypot(10, 2)},${(Math.atan2(2, 10) * 180) / Math.PI}`,
      ),
    ],
    [
      'generic-impedance',
      lines(
        'f,|Z|,phase (rad)',
        `100,${Math.hypot(12, 3)},${-Math.atan2(3, 12)}`,
        `1000,${Math.hypot(10, 2)},${-Math.atan2(2, 10)}`,
      ),
    ],
    ['headerless-impedance', lines('100,12,-3', '1000,10,-2')],
    ['headerless-impedance', lines('100\t12\t-3', '1000\t10\t-2')],
    ['headerless-impedance', lines('100;12,0;-3,0', '1000,0;10,0;-2,0')],
    ['headerless-impedance', lines('1.0e2  12.0 -3.0', '1.0e3  10.0 -2.0')],
  ])('%s: %j', async (id, text) => {
    const read = await readWritten(text);
    expect(read.sniffed.recognition.format.id).toBe(id);
    expect(read.loaded.rejects).toEqual([]);
    const found = triples(await pointsOf(read));
    const wanted = [
      [100, 12, -3],
      [1000, 10, -2],
    ];
    for (const [index, point] of wanted.entries())
      for (const [at, value] of point.entries()) expect(found[index]![at]).toBeCloseTo(value, 9);
    expect(found.length).toBe(2);
  });

  it('never takes a frequency of zero or below for a point', async () => {
    const read = await readWritten(lines('f,re,im', '0,12,-3', '1000,10,-2'));
    expect(triples(await pointsOf(read))).toEqual([[1000, 10, -2]]);
    expect(read.loaded.rejects.length).toBe(1);
  });
});
