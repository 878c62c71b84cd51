import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temperatureOf } from '../../../src/ingest/load/sweeps.js';
import { sniffFile } from '../../../src/ingest/sniff/sniff.js';
import { measurementsOf, pointsOf, readWritten } from '../written-export.js';

/** Kinds of tables that laboratories were seen to have and that were once read wrongly, each with values of its own. */

/** One record of a test: two cycles of 1 Ah charged at 1 A and 0.9 Ah discharged, after a rest. */
interface Record {
  t: number;
  cycle: number;
  step: number;
  word: 'rest' | 'charge' | 'discharge';
  i: number;
  v: number;
  /** Charge moved in the step, Ah. */
  q: number;
}

function records(cycles = 2): Record[] {
  const rows: Record[] = [];
  let t = 0;
  const add = (cycle: number, step: number, word: Record['word'], i: number, hours: number) => {
    for (let k = 0; k <= 6; k++) {
      const share = k / 6;
      const v = i === 0 ? 3.5 : i > 0 ? 3 + 1.2 * share : 4.2 - 1.2 * share;
      rows.push({ t: t + share * hours * 3600, cycle, step, word, i, v, q: Math.abs(i) * hours * share });
    }
    t += hours * 3600;
  };
  for (let cycle = 1; cycle <= cycles; cycle++) {
    add(cycle, 1, 'rest', 0, 0.5);
    add(cycle, 2, 'charge', 1, 1);
    add(cycle, 3, 'discharge', -1, 0.9);
  }
  return rows;
}

const table = (header: string, row: (record: Record) => (string | number)[], cycles = 2) =>
  `${[header, ...records(cycles).map((record) => row(record).join(header.includes(';') ? ';' : ','))].join('\n')}\n`;

/** Reads a table and gives what its cycles moved, and how its direction was settled. */
async function cyclesOf(text: string): Promise<{ moved: number[][]; direction: string; codes: string[] }> {
  const read = await readWritten(text, { derive: 'cycles' });
  const cycles = await read.rows<{ c: number; d: number }>(
    'SELECT round(charging_capacity_ah, 6) AS c, round(discharging_capacity_ah, 6) AS d FROM cycles ORDER BY cycle_count',
  );
  const [test] = await read.rows<{ current_direction: string }>('SELECT current_direction FROM tests');
  return {
    moved: cycles.filter(({ c }) => c > 0.01).map(({ c, d }) => [c, d]),
    direction: test?.current_direction ?? 'none',
    codes: [],
  };
}

async function refusalOf(text: string): Promise<{ status: string; message: string } | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'cellar-kinds-'));
  try {
    const path = join(folder, 'export');
    writeFileSync(path, text);
    const sniffed = await sniffFile(path);
    return sniffed.kind === 'refused' ? sniffed.refusal : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.concurrent('headers of plain tables', () => {
  it.each([
    ['Zeit [min];Spannung [V];Strom [A]', 60],
    ['"Test\nTime (min)";"Cell\nVoltage (V)";"Applied\nCurrent (A)"', 60],
    ['Prüfzeit in min;Klemmenspannung in V;Strom in A', 60],
    ['time_in_min;voltage_in_V;current_in_A', 60],
    ['测试时间(min);电压(V);电流(A)', 60],
    ['Time (min);Battery Voltage (V);I_batt [A]', 60],
    ['Time_measured (min);Voltage_measured;Current_measured', 60],
  ])('%j', async (header, factor) => {
    const read = await readWritten(
      table(header, ({ t, v, i }) => [t / factor, v, i].map((value) => String(value).replace('.', ','))),
    );
    const found = await measurementsOf(read);
    expect(found).toHaveLength(42);
    expect(found.at(-1)!.test_time_second).toBeCloseTo(2 * 2.4 * 3600, 6);
    expect(found.at(-1)!.voltage_volt).toBeCloseTo(3, 9);
    expect(found.map(({ current_ampere }) => current_ampere)).toContain(-1);
  });

  it('takes the one column with a unit of current that no name finds', async () => {
    const read = await readWritten(
      table('time_s,voltage_V,Galvanostat out (mA)', ({ t, v, i }) => [t, v, 1000 * i]),
    );
    expect(read.sniffed.tables[0]!.mapping.get('current_ampere')).toMatchObject({ isGuessed: true });
    expect((await measurementsOf(read)).map(({ current_ampere }) => current_ampere)).toContain(-1);
  });

  it.each([
    [
      'two that could be meant',
      'time_s,voltage_V,left out (mA),right out (mA)',
      ({ t, v, i }: Record) => [t, v, i, i],
    ],
    ['one that follows the voltage', 'time_s,voltage_V,channel', ({ t, v, i }: Record) => [t, v, i]],
    ['one in another unit', 'time_s,voltage_V,Current (mA/cm2)', ({ t, v }: Record) => [t, v, 1]],
    ['a density', 'time_s,voltage_V,current density (mA/cm2)', ({ t, v, i }: Record) => [t, v, i]],
  ])('refuses a table without current that holds %s', async (_what, header, row) => {
    const refusal = await refusalOf(table(header, row));
    expect(refusal).toMatchObject({ status: 'rejected' });
    expect(refusal!.message).toMatch(/looks? like one/);
  });

  it('stores a table of voltage alone', async () => {
    const read = await readWritten(table('time_s,voltage_V,current range', ({ t, v }) => [t, v, 3]));
    expect((await measurementsOf(read))[0]!.current_ampere).toBeNull();
  });
});

describe.concurrent('times', () => {
  const clock = (t: number) =>
    new Date(Date.UTC(2026, 4, 14, 8) + t * 1000).toISOString().replace('T', ' ').slice(0, 19);

  it.each([
    ['days', 86_400],
    ['hours', 3600],
    ['minutes', 60],
  ])('without a unit are in %s where the clock says so', async (_unit, factor) => {
    const read = await readWritten(
      table('DateTime,Time,Voltage (V),Current (A)', ({ t, v, i }) => [
        clock(t),
        (t / factor).toFixed(9),
        v,
        i,
      ]),
    );
    expect((await measurementsOf(read)).at(-1)!.test_time_second).toBeCloseTo(17_280, 0);
  });

  it.each([
    ['pandas', (t: number) => `1 days 0${Math.floor(t / 3600)}:${Math.floor((t % 3600) / 60)}:00`],
    ['.NET', (t: number) => `1.0${Math.floor(t / 3600)}:${Math.floor((t % 3600) / 60)}:00`],
  ])('as %s writes them', async (_who, write) => {
    const read = await readWritten(table('time,voltage_V,current_A', ({ t, v, i }) => [write(t), v, i]));
    const found = await measurementsOf(read);
    expect(Number(found.at(-1)!.test_time_second) - Number(found[0]!.test_time_second)).toBe(17_280);
  });

  it('are dated by Unix time alone', async () => {
    const read = await readWritten(
      table('test_time_second,voltage_volt,current_ampere,Unix Time / ms', ({ t, v, i }) => [
        t,
        v,
        i,
        1_768_239_000_000 + t * 1000,
      ]),
    );
    expect(read.sniffed.tables[0]!.firstClock).toBe('1768239000');
  });
});

describe.concurrent('tables that are no time series', () => {
  it.each([
    ['Cycle,Time (s),Voltage (V),Current (A)', (n: number) => [n, 7200 * n, 3.1, -1]],
    ['discharge,voltage,temperature,time,capacity', (n: number) => [n, 3.2, 25, 3600 - 5 * n, 1.9]],
    ['test_time_second,voltage_volt,soh', (n: number) => [3600 - 5 * n, 3.2, 99 - n]],
    ['Zyklus;Zeit [s];Spannung [V];Strom [A]', (n: number) => [n, 7200 * n, 3, 1]],
  ])('%s is refused as a summary', async (header, row) => {
    const delimiter = header.includes(';') ? ';' : ',';
    const lines = Array.from({ length: 12 }, (_, index) => row(index + 1).join(delimiter));
    expect(await refusalOf(`${[header, ...lines].join('\n')}\n`)).toMatchObject({
      status: 'rejected',
      message: expect.stringMatching(/summary/) as string,
    });
  });

  it('of a known vendor give the cycles the vendor counted', async () => {
    const lines = [1, 2, 3].map((n) => `${n},${n * 8000},${n * 300},4,-1,2.9,${1 / n},0.9,4.2,98`);
    const header =
      'Cycle Index,Test Time (s),Step Time (s),Step Index,Current (A),Voltage (V),Charge Capacity (Ah),Discharge Capacity (Ah)';
    for (const extremes of ['V_Max_On_Cycle (V),Coulombic Efficiency (%)', 'a,b']) {
      const read = await readWritten(`${[`${header},${extremes}`, ...lines].join('\n')}\n`);
      expect(await measurementsOf(read)).toEqual([]);
      const cycles = await read.rows(
        'SELECT vendor_cycle_count AS n, charging_capacity_ah AS q FROM vendor_cycles',
      );
      expect(cycles).toEqual([
        { n: 1, q: 1 },
        { n: 2, q: 0.5 },
        { n: 3, q: 1 / 3 },
      ]);
    }
  });

  it.each([
    [
      'Neware',
      '循环号,工步号,工步类型,工步时间,起始电压(V),结束电压(V),容量(Ah)\n1,1,静置,00:10:00,3,3,0\n1,2,恒流充电,01:00:00,3,4.2,1\n1,3,恒流放电,00:58:48,4.2,2.9,0.98\n2,1,静置,00:10:00,3,3,0\n',
    ],
    [
      'Arbin',
      'Cycle Index,Step Index,Test Time (s),Current (A),Voltage (V),Charge Capacity (Ah),Discharge Capacity (Ah),V_Max_On_Step (V)\n1,1,600,0,3,0,0,3\n1,2,4200,1,4.2,1,0,4.2\n1,3,8000,-1,2.9,1,0.98,4.2\n2,1,8600,0,3,0,0,3\n',
    ],
  ])('%s: a table of steps is left aside', async (_vendor, text) => {
    expect(await refusalOf(text)).toMatchObject({ status: 'ignored' });
  });

  it('are not made of a time series with a column of efficiency', async () => {
    const header =
      'Data Point,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah),Discharge Capacity (Ah),Coulombic Efficiency (%)';
    const read = await readWritten(
      table(header, ({ t, cycle, step, i, v, q }) => [
        1,
        t,
        t,
        cycle,
        step,
        i,
        v,
        i > 0 ? q : 1,
        i < 0 ? q : 0,
        98,
      ]),
    );
    expect(read.sniffed.recognition.format.id).toBe('arbin-csv');
    expect(await measurementsOf(read)).toHaveLength(42);
  });
});

describe.concurrent('what a counter counts', () => {
  const wanted = [
    [1, 0.9],
    [1, 0.9],
  ];

  it.each([
    ['a magnitude', ({ q }: Record) => q],
    ['its direction as a sign', ({ q, i }: Record) => Math.sign(i) * q],
    ['net charge', ({ q, i, cycle }: Record) => 0.1 * (cycle - 1) + (i > 0 ? q : i < 0 ? 1 - q : 0)],
    [
      'net charge from a discharge on',
      ({ q, i, cycle }: Record) => 0.1 * (cycle - 1) - 1 + (i > 0 ? q : i < 0 ? 1 - q : 0),
    ],
  ])('one column of %s', async (_what, counter) => {
    const header = 'time_s,voltage_V,current_A,capacity_Ah,state';
    const { moved, direction } = await cyclesOf(
      table(header, (record) => [record.t, record.v, record.i, counter(record), record.word]),
    );
    expect(direction).toBe('known');
    expect(moved).toEqual(wanted);
  });

  const before = (cycle: number) => 1.9 * (cycle - 1);
  const plain = 'time_s,voltage_V,current_A,Capacity (Ah)';

  it.each([
    [
      'all the charge that passed',
      ({ q, i, cycle }: Record) => before(cycle) + (i > 0 ? q : i < 0 ? 1 + q : 0),
    ],
    ['all the charge that passed in each cycle', ({ q, i }: Record) => (i > 0 ? q : i < 0 ? 1 + q : 0)],
    [
      'the charge that is missing',
      ({ q, i, cycle }: Record) => 2 - 0.1 * (cycle - 1) - (i > 0 ? q : i < 0 ? 1 - q : 0),
    ],
  ])('one column of %s is taken apart by the current', async (_what, counter) => {
    const text = table(plain, (record) => [record.t, record.v, record.i, counter(record)]);
    expect((await cyclesOf(text)).moved).toEqual(wanted);
  });

  it('a discharge column of negative numbers', async () => {
    const { moved, direction } = await cyclesOf(
      table('time_s,voltage_V,current_A,charge_capacity_Ah,discharge_capacity_Ah', ({ t, v, i, q }) => [
        t,
        v,
        i,
        i > 0 ? q : 0,
        i < 0 ? -q : 0,
      ]),
    );
    expect(direction).toBe('known');
    expect(moved).toEqual(wanted);
  });
});

describe.concurrent('the direction of magnitudes', () => {
  const landt =
    'Record,Cycle-Index,Step-Index,Step-State,TestTime/Sec,StepTime/Sec,Current/mA,Voltage/V,Capacity/mAh';
  const words = (charge: string, discharge: string) =>
    table(landt, ({ t, cycle, step, word, i, v, q }) => [
      1,
      cycle,
      step,
      word === 'rest' ? 'R' : word === 'charge' ? charge : discharge,
      t,
      t,
      Math.abs(1000 * i),
      v,
      1000 * q,
    ]);

  it.each([
    ['C_CC', 'D_CC'],
    ['CC_C', 'CV D'],
    ['CCCV_Chg', 'CC_DChg'],
    ['恒流充电', '恒流放电'],
    ['Laden', 'Entladen'],
    ['Lade', 'Entl'],
  ])('is told by %s and %s', async (charge, discharge) => {
    const { moved, direction } = await cyclesOf(words(charge, discharge));
    expect({ moved, direction }).toEqual({
      moved: [
        [1, 0.9],
        [1, 0.9],
      ],
      direction: 'known',
    });
  });

  it('stays unknown where a word is not understood', async () => {
    expect((await cyclesOf(words('C_CC', 'abwärts'))).direction).toBe('unknown');
  });

  it('is told by two counters although the vendor writes signs', async () => {
    const header =
      'Data Point,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah),Discharge Capacity (Ah)';
    const { moved, direction } = await cyclesOf(
      table(header, ({ t, cycle, step, i, v, q }) => [
        1,
        t,
        t,
        cycle,
        step,
        Math.abs(i),
        v,
        step === 1 ? 0 : i > 0 ? q : 1,
        i < 0 ? q : 0,
      ]),
    );
    expect({ moved, direction }).toEqual({
      moved: [
        [1, 0.9],
        [1, 0.9],
      ],
      direction: 'known',
    });
  });

  it('is not taken from a vendor who writes signs where none is there and the voltage falls', async () => {
    const header = 'DataPoint,Cycle Index,Step Index,Total Time,Current(A),Voltage(V)';
    const text = table(header, ({ t, cycle, step, i, v }) => [1, cycle, step, t, Math.abs(i), v]);
    const read = await readWritten(text.replaceAll('\n', '\n'), { derive: 'cycles' });
    expect(await read.rows('SELECT current_direction FROM tests')).toEqual([
      { current_direction: 'unknown' },
    ]);
  });
});

describe('impedance', () => {
  it.each([
    ["f,-Z',-Z''", ['1000', '-20', '5'], [20, -5]],
    ['Frequency/Hz, Impedance/Ohm, Phase/deg', ['1000', '20', '-30'], [20 * Math.cos(Math.PI / 6), -10]],
    ['freq/Hz,|Z|/Ohm,Phase(Z)/deg', ['1000', '20', '-30'], [20 * Math.cos(Math.PI / 6), -10]],
    ['Freq (Hz),R (Ohm),X (Ohm)', ['1000', '20', '-5'], [20, -5]],
    ['Frequenz (kHz),Realteil (Ohm),Imaginärteil (Ohm)', ['1', '20', '-5'], [20, -5]],
    ['频率(Hz),实部(Ω),虚部(Ω)', ['1000', '20', '-5'], [20, -5]],
    [
      'time/s,freq/Hz,|Z|/Ohm,Phase(Z)/deg,I/A,Ewe/V',
      ['0', '1000', '20', '-30', '1e-5', '3.7'],
      [20 * Math.cos(Math.PI / 6), -10],
    ],
    [
      'Test Time / s,Voltage / V,Current / A,Frequency / Hz,Absolute Impedance / ohm,Phase / deg',
      ['0', '3.7', '0', '1000', '20', '-30'],
      [20 * Math.cos(Math.PI / 6), -10],
    ],
  ])('%s', async (header, row, [re, im]) => {
    const lines = [1, 0.5, 0.25].map((scale) =>
      row.map((value) => (value === '1000' || value === '1' ? String(Number(value) * scale) : value)),
    );
    const read = await readWritten(`${[header, ...lines.map((line) => line.join(','))].join('\n')}\n`);
    const points = await pointsOf(read);
    expect(points).toHaveLength(3);
    expect(points[0]!.frequency_hertz).toBe(1000);
    expect(points[0]!.real_impedance_ohm).toBeCloseTo(re!, 9);
    expect(points[0]!.imaginary_impedance_ohm).toBeCloseTo(im!, 9);
    expect(await measurementsOf(read)).toEqual([]);
  });

  it('of a stack of cells', async () => {
    const text =
      'EC-Lab ASCII FILE\nNb header lines : 3\nfreq/Hz\tRe(Zstack)/Ohm\t-Im(Zstack)/Ohm\tRe(Z1)/Ohm\t-Im(Z1)/Ohm\n1000\t20\t5\t7\t2\n100\t30\t8\t9\t3\n';
    expect((await pointsOf(await readWritten(text)))[1]).toMatchObject({
      real_impedance_ohm: 30,
      imaginary_impedance_ohm: -8,
    });
  });

  it('below a line about the sample', async () => {
    const text =
      "Date: 12/16/2025 2:29:15 PM\nData: Frequency\tData: Z'\tData: Z''\nDC=0.1, TM=25\tModel: none\tpellet\n10\t119\t-0.8\n100\t90\t-4\n";
    const read = await readWritten(text);
    expect(await pointsOf(read)).toHaveLength(2);
    expect(read.sniffed.tables[0]!.startedAt).toBe('12/16/2025 2:29:15 PM');
  });

  it('is not spoilt by the raw wave that an aborted Gamry run leaves', async () => {
    const text = [
      'EXPLAIN',
      'TAG\tEISPOT',
      'ZCURVE\tTABLE',
      '\tPt\tTime\tFreq\tZreal\tZimag',
      '\t#\ts\tHz\tohm\tohm',
      '\t0\t1\t1000\t20\t-5',
      '\t1\t2\t100\t30\t-8',
      'FRACURVE\tTABLE',
      '\tPt\tT\tV\tI',
      '\t#\ts\tV\tA',
      '\t0\t0\t0.01\t0.001',
      'EXPERIMENTABORTED\tTOGGLE\tT\tAborted',
      '',
    ].join('\n');
    const read = await readWritten(text);
    expect(await pointsOf(read)).toHaveLength(2);
    expect(await measurementsOf(read)).toEqual([]);
  });
});

describe.concurrent('tables that do not say all of themselves', () => {
  it('the first column of R, which numbers the lines, has no name', async () => {
    let n = 0;
    const read = await readWritten(
      table('"time_s","voltage_V","current_A"', ({ t, v, i }) => [++n, t, v, i]),
    );
    const found = await measurementsOf(read);
    expect(found).toHaveLength(42);
    expect(found.at(-1)).toMatchObject({
      test_time_second: 2 * 2.4 * 3600,
      voltage_volt: 3,
      current_ampere: -1,
    });
  });

  it('quoted thousands are told from decimals by the time, which rises', async () => {
    const quoted = (value: number) => `"${value.toLocaleString('en-US')}"`;
    const lines = Array.from({ length: 30 }, (_, k) => [600 * k, 3300 + k, 100].map(quoted).join(','));
    const read = await readWritten(['Time (s),Voltage (mV),Current (mA)', ...lines, ''].join('\n'));
    expect((await measurementsOf(read)).at(-1)).toMatchObject({
      test_time_second: 17_400,
      voltage_volt: 3.329,
    });
  });

  it.each([
    ['Temperature (C)', 25, 60],
    ['T [K]', 298.15, 333.15],
  ])('the temperature of each spectrum stands in its column %s', async (name, first, second) => {
    const sweep = (celsius: number) =>
      Array.from({ length: 12 }, (_, k) => `${celsius},${10 ** (5 - k / 3)},${20 + k},${-k}`);
    const read = await readWritten(
      [`${name},Frequency (Hz),Z' (Ohm),Z'' (Ohm)`, ...sweep(first), ...sweep(second), ''].join('\n'),
    );
    const spectra = read.loaded.tables.flatMap((one) => one.spectra);
    expect(spectra.map(({ points }) => temperatureOf(points))).toEqual([
      expect.closeTo(25, 9),
      expect.closeTo(60, 9),
    ]);
  });

  it.each([
    ['freq/Hz\t-Re(Z)/Ohm\t-Im(Z)/Ohm', [-20, 5]],
    ["f (Hz)\t- Z' (Ohm)\t- Z'' (Ohm)", [-20, 5]],
    ["Freq.[Hz]\t-Zs'[ohm]\t-Zs''[ohm]", [-20, 5]],
    ['Frequency (Hz)\t|Y| (S)\ttheta (deg)', [1 / Math.hypot(20, 5), (Math.atan2(5, 20) * 180) / Math.PI]],
    ['freq/Hz\tRe(Y)/Ohm-1\tIm(Y)/Ohm-1', [20 / 425, 5 / 425]],
  ])('%j is 20 − 5j ohm', async (header, [a, b]) => {
    const lines = Array.from({ length: 8 }, (_, k) => [10 ** (5 - k / 3), a, b].join('\t'));
    const found = await pointsOf(await readWritten([header, ...lines, ''].join('\n')));
    expect(found).toHaveLength(8);
    expect(found[3]!.real_impedance_ohm).toBeCloseTo(20, 9);
    expect(found[3]!.imaginary_impedance_ohm).toBeCloseTo(-5, 9);
  });

  it('a first line without an end hides the table behind it: refused, not passed over', async () => {
    const refusal = await refusalOf(
      `${'x'.repeat(2 ** 21)}\n${table('time_s,voltage_V,current_A', ({ t, v, i }) => [t, v, i])}`,
    );
    expect(refusal).toMatchObject({ status: 'rejected', message: expect.stringContaining('too long') });
  });
});
