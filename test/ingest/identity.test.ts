import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { type SharedLaboratory, testsOfOneDatabase } from '../shared-laboratory.js';

/** Whose data a file holds: a beginning in common alone never decides it. */

const it = testsOfOneDatabase();

const tests = (lab: SharedLaboratory) =>
  lab.rows<{ cell: string | null; n: number }>(
    'SELECT cell_id AS cell, record_count AS n FROM tests ORDER BY cell_id, record_count',
  );

/** A table without a clock: `count` records of a charge, the first three of which are those of any other of the test. */
const table = ({ number }: SharedLaboratory, count: number, from = 0) =>
  `time_s,voltage_V,current_A\n${Array.from({ length: count }, (_, k) => `${k * 10},${(3 + number / 100 + 0.001 * k + (k < 3 ? 0 : from)).toFixed(4)},0.1`).join('\n')}\n`;

const spectrum = ({ number }: SharedLaboratory, count: number) =>
  `freq / Hz,Re(Z) / Ohm,-Im(Z) / Ohm\n${Array.from({ length: count }, (_, k) => `${1e6 / 1.3 ** k},${10 + k + number},5`).join('\n')}\n`;

const maccor = ({ number }: SharedLaboratory, count: number, day: string, source: string, volt = 3) =>
  `Today's Date\t${day}\tDate of Test:\t${day}\tFilename:\t${source}\tProcedure:\tp.000\n` +
  'Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n' +
  `${Array.from({ length: count }, (_, k) => `${k + 1}\t0\t1\t${k}.00\t${k}.00\t0\t0\t${0.1 + number / 1000}\t${(volt + 0.001 * k).toFixed(4)}\tC\t1\t${day} 10:00:${String(k).padStart(2, '0')}`).join('\n')}\n`;

/** Cells that no other test has. */
const ownCells = (lab: SharedLaboratory, ...names: string[]) => names.map((name) => lab.own(name));

const cellsByPattern = (lab: SharedLaboratory) => {
  const [AA, BB] = ownCells(lab, 'AA', 'BB');
  return `cell_id,file_pattern\n${AA},*AA*\n${BB},*BB*\n`;
};

describe.concurrent('a file that begins another', () => {
  it.for<[string, [string, string]]>([
    ['the longer one after it', ['x_AA.csv', 'y_BB.csv']],
    ['the longer one before it', ['y_AA.csv', 'x_BB.csv']],
  ])('is not continued by one of another cell: %s', async ([, [short, long]], { lab }) => {
    const [AA, BB] = ownCells(lab, 'AA', 'BB');
    lab.write('cells.csv', cellsByPattern(lab));
    lab.write(short, table(lab, 30));
    lab.write(long, table(lab, 60));
    await lab.ingest();
    expect(await tests(lab)).toEqual([
      { cell: AA, n: 30 },
      { cell: BB, n: 60 },
    ]);
  });

  it('is not continued by one of another cell on a later night, which its own growth is', async ({ lab }) => {
    const [AA, BB] = ownCells(lab, 'AA', 'BB');
    lab.write('cells.csv', `cell_id\n${AA}\n${BB}\n`);
    lab.write(`${AA}/run.csv`, table(lab, 1));
    await lab.ingest();
    lab.write(`${BB}/run.csv`, table(lab, 40, 0.2));
    await lab.ingest();
    lab.write(`${AA}/run.csv`, table(lab, 25, 0.1));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['appended']);
    expect(await tests(lab)).toEqual([
      { cell: AA, n: 25 },
      { cell: BB, n: 40 },
    ]);
  });

  it('is not continued where a handful of records is all they share', async ({ lab }) => {
    lab.write('a.csv', table(lab, 19));
    lab.write('b.csv', table(lab, 40));
    await lab.ingest();
    expect((await tests(lab)).map(({ n }) => n)).toEqual([19, 40]);
  });

  const asIs = (text: string) => text;
  it.for<[string, (text: string) => string | Buffer, (text: string) => string | Buffer]>([
    ['plain', asIs, asIs],
    ['gzipped', gzipSync, gzipSync],
    ['then gzipped', asIs, gzipSync],
  ])('and has no clock is continued under another name: %s', async ([, first, second], { lab }) => {
    lab.write('night1.csv', first(table(lab, 20)));
    await lab.ingest();
    lab.write('night2.csv.gz', second(table(lab, 45)));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['appended']);
    expect((await tests(lab)).map(({ n }) => n)).toEqual([45]);
    const again = await lab.ingest();
    expect(again.outcomes).toEqual([]);
  });

  it('and is a spectrum without a clock is continued, the first points not stored twice', async ({ lab }) => {
    lab.write('eis1.csv', spectrum(lab, 22));
    await lab.ingest();
    lab.write('eis2.csv', spectrum(lab, 44));
    await lab.ingest();
    expect(await lab.rows('SELECT point_count AS n FROM spectra')).toEqual([{ n: 44 }]);
  });
});

describe.concurrent('an older export that comes after a newer one', () => {
  const counts = (lab: SharedLaboratory) =>
    lab.rows('SELECT record_count AS n FROM tests UNION ALL SELECT point_count FROM spectra ORDER BY n');

  it.for<[string, typeof table, number, number]>([
    ['a table without a clock', table, 60, 30],
    ['a spectrum without a time', spectrum, 44, 22],
    ['one of more than a page', table, 900, 500],
  ])('is a duplicate of it: %s', async ([, write, rows, fewer], { lab }) => {
    lab.write('new.csv', write(lab, rows));
    await lab.ingest();
    lab.write('old.csv', write(lab, fewer));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['duplicate']);
    expect(outcomes[0]?.findings.map(({ code }) => code)).toContain('SHORTER_THAN_STORED');
    expect(await counts(lab)).toEqual([{ n: rows }]);
  });

  it('is one in the same night, and is another test where its rows or its cell are others', async ({
    lab,
  }) => {
    lab.write('cells.csv', cellsByPattern(lab));
    lab.write('a_AA.csv', table(lab, 900));
    lab.write('b.csv', table(lab, 500));
    lab.write('c_AA.csv', table(lab, 600));
    lab.write('d.csv', table(lab, 700, 0.1));
    await lab.ingest();
    lab.write('e_BB.csv', table(lab, 450));
    await lab.ingest();
    expect(await counts(lab)).toEqual([{ n: 450 }, { n: 700 }, { n: 900 }]);
    expect(
      await lab.rows("SELECT path.split('/')[-1] AS p FROM files WHERE status = 'duplicate' ORDER BY p"),
    ).toEqual([{ p: 'b.csv' }, { p: 'c_AA.csv' }]);
  });
});

describe.concurrent('short tables without a clock that come in one night', () => {
  it.for([
    ['the longer one first', 60, 30],
    ['the longer one last', 30, 60],
  ] as const)('are one test where one begins the other: %s', async ([, first, second], { lab }) => {
    lab.write('x.csv', table(lab, first));
    lab.write('y.csv', table(lab, second));
    lab.write('z.csv', table(lab, 40, 0.2));
    const { outcomes } = await lab.ingest();
    expect((await tests(lab)).map(({ n }) => n)).toEqual([40, 60]);
    expect(outcomes.map(({ row }) => row.status)).toContain(first > second ? 'duplicate' : 'appended');
  });
});

describe.concurrent('a name that is used again', () => {
  it.for<[string, string, string]>([
    ['another start', '03/20/2026', 'C:\\M\\1.001'],
    ['another source file', '01/13/2026', 'C:\\M\\1.002'],
  ])('keeps both tests: %s', async ([what, day, source], { lab }) => {
    lab.write('Channel1.txt', maccor(lab, 50, '01/13/2026', 'C:\\M\\1.001'));
    await lab.ingest();
    lab.write('Channel1.txt', maccor(lab, 20, day, source, 3.2));
    const { outcomes } = await lab.ingest();
    expect(outcomes[0]!.row.status).toBe('ingested');
    expect(outcomes[0]!.findings).toContainEqual(
      expect.objectContaining({
        code: 'PATH_REUSED',
        message: expect.stringContaining(what.replace('another ', '')) as string,
      }),
    );
    expect((await tests(lab)).map(({ n }) => n)).toEqual([20, 50]);
  });

  it('is a correction where it is the same test', async ({ lab }) => {
    lab.write('Channel1.txt', maccor(lab, 30, '01/13/2026', 'C:\\M\\1.001'));
    await lab.ingest();
    lab.write('Channel1.txt', maccor(lab, 30, '01/13/2026', 'D:\\copy\\1.001').replace('3.0050', '3.0051'));
    const { outcomes } = await lab.ingest();
    expect(outcomes[0]!.findings.map(({ code }) => code)).toContain('SUPERSEDED');
    expect((await tests(lab)).map(({ n }) => n)).toEqual([30]);
  });

  it('is a correction where the same records come with the clock of another time zone', async ({ lab }) => {
    lab.write('Channel1.txt', maccor(lab, 30, '01/13/2026', 'C:\\M\\1.001'));
    await lab.ingest();
    lab.write('Channel1.txt', maccor(lab, 30, '01/13/2026', 'C:\\M\\1.001').replaceAll(' 10:00:', ' 09:00:'));
    const { outcomes } = await lab.ingest();
    expect(outcomes[0]!.row.message).toBe(
      'replaces what was read from it before, from which it differs in its clock alone',
    );
    expect(await lab.rows('SELECT hour(started_at) AS h, record_count AS n FROM tests')).toEqual([
      { h: 9, n: 30 },
    ]);
  });

  it('contradicts the longer file that holds its records too, where they are corrected', async ({ lab }) => {
    lab.write('a.csv', table(lab, 30));
    lab.write('b.csv', table(lab, 60));
    await lab.ingest();
    const [, , third] = table(lab, 30).split('\n');
    lab.write('a.csv', table(lab, 30).replace(third!, third!.replace(/\d,0\.1$/, '9,0.1')));
    const { outcomes } = await lab.ingest();
    expect(outcomes[0]!.row.status).toBe('conflict');
    expect(outcomes[0]!.row.message).toMatch(/^the same test as .*b\.csv by .*first in line 3/);
    expect(await tests(lab)).toEqual([{ cell: null, n: 60 }]);
  });

  it('goes on with the test it had before, when that comes back under it', async ({ lab }) => {
    lab.write('C.txt', maccor(lab, 25, '01/13/2026', '1.001'));
    await lab.ingest();
    lab.write('C.txt', maccor(lab, 22, '03/20/2026', '1.002', 3.2));
    await lab.ingest();
    lab.write('C.txt', maccor(lab, 40, '01/13/2026', '1.001'));
    const { outcomes } = await lab.ingest();
    expect(outcomes[0]!.row.status).toBe('appended');
    expect((await tests(lab)).map(({ n }) => n)).toEqual([22, 40]);
  });
});

describe.concurrent('the same bytes elsewhere', () => {
  it('give the test its cell when the file is renamed', async ({ lab }) => {
    const [LRM] = ownCells(lab, 'LRM-07');
    lab.write('cells.csv', `cell_id\n${LRM}\n`);
    const old = lab.write('test0815.csv', table(lab, 30));
    await lab.ingest();
    expect(await tests(lab)).toEqual([{ cell: null, n: 30 }]);
    renameSync(old, join(lab.exports, `${LRM}_test.csv`));
    await lab.ingest();
    expect(await tests(lab)).toEqual([{ cell: LRM, n: 30 }]);
  });

  it('and the same rows in other bytes, too', async ({ lab }) => {
    const [LRM] = ownCells(lab, 'LRM-07');
    lab.write('cells.csv', `cell_id\n${LRM}\n`);
    const old = lab.write('test0815.csv', table(lab, 30));
    await lab.ingest();
    lab.write('test0815.csv', table(lab, 30).replaceAll('\n', '\r\n'));
    await lab.ingest();
    expect(await tests(lab)).toEqual([{ cell: null, n: 30 }]);
    renameSync(old, join(lab.exports, `${LRM}_test.csv`));
    await lab.ingest();
    expect(await tests(lab)).toEqual([{ cell: LRM, n: 30 }]);
  });

  it('give it by an explicit pattern wherever that fits, whatever a name says', async ({ lab }) => {
    const [LRM, XY] = ownCells(lab, 'LRM-07', 'XY-1');
    lab.write('cells.csv', `cell_id,file_pattern\n${LRM},Maccor/m.csv\n${XY},\n`);
    lab.write(`A_backup_${XY}/copy.csv`, table(lab, 30));
    lab.write('Maccor/m.csv', table(lab, 30));
    await lab.ingest();
    expect(await tests(lab)).toEqual([{ cell: LRM, n: 30 }]);
  });

  it('give no cell where two that are there name two', async ({ lab }) => {
    const names = ownCells(lab, 'LRM-07', 'LRM-08');
    lab.write('cells.csv', `cell_id\n${names.join('\n')}\n`);
    for (const name of names) lab.write(`${name}.csv`, table(lab, 30));
    await lab.ingest();
    expect(await tests(lab)).toEqual([{ cell: null, n: 30 }]);
    expect(await lab.rows("SELECT count(*) AS n FROM findings WHERE code = 'CELL_AMBIGUOUS'")).toEqual([
      { n: 1 },
    ]);
  });
});

describe.concurrent('one measurement under two names', () => {
  const found = (lab: SharedLaboratory) =>
    lab.rows<{ message: string }>(
      `SELECT message FROM findings WHERE code = 'SAME_RECORDS' ORDER BY message`,
    );
  const other = (lab: SharedLaboratory, count: number, from = 0) =>
    table(lab, count, from)
      .replace('time_s,voltage_V,current_A', 'Zeit [s];Spannung [V];Strom [A]')
      .replaceAll(',', ';');

  it('is told of two cells whose records agree, in whatever spelling, and not of cells that differ', async ({
    lab,
  }) => {
    const [AA, BB, CC] = ownCells(lab, 'AA', 'BB', 'CC');
    lab.write('cells.csv', `cell_id\n${AA}\n${BB}\n${CC}\n`);
    lab.write(`${AA}_run.csv`, table(lab, 60));
    lab.write(`${BB}_run.csv`, other(lab, 60));
    // The same protocol and the same grid of times: another cell differs by a few tenths of a millivolt.
    lab.write(`${CC}_run.csv`, other(lab, 60, 0.0004));
    await lab.ingest();
    const messages = (await found(lab)).map(({ message }) => message);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(
      new RegExp(`^${BB}: .*${BB}_run\\.csv holds the same measurement as .*${AA}_run\\.csv, of ${AA}`),
    );
    lab.write('cells.csv', `cell_id,confirmed\n${AA},\n${BB},records\n${CC},\n`);
    await lab.ingest();
    expect(await found(lab)).toHaveLength(1);
  });

  it('is told where one export counts steps of its own, and where the record begins with a long rest', async ({
    lab,
  }) => {
    const resting = (text: string) => {
      const [header, ...rows] = text.trimEnd().split('\n');
      const first = rows[0]!.split(',');
      const rest = Array.from({ length: 6000 }, (_, at) => [at / 100, first[1], '0'].join(','));
      const later = rows
        .map((row) => row.split(','))
        .map(([time, ...fields]) => [Number(time) + 60, ...fields].join(','));
      return [header, ...rest, ...later];
    };
    const lines = resting(table(lab, 60));
    const counted = lines.map((line, at) => `${line},${at === 0 ? 'step' : Math.ceil(at / 50)}`);
    const [AA, BB] = ownCells(lab, 'AA', 'BB');
    lab.write('cells.csv', `cell_id\n${AA}\n${BB}\n`);
    lab.write(`${AA}_run.csv`, `${lines.join('\n')}\n`);
    lab.write(`${BB}_run.csv`, `${counted.join('\n')}\n`);
    await lab.ingest();
    expect(
      await lab.rows(
        'SELECT count(DISTINCT step_count) > 50 AS many FROM steps GROUP BY test_id ORDER BY test_id',
      ),
    ).toEqual([{ many: false }, { many: true }]);
    expect(await found(lab)).toHaveLength(1);
  });

  it('is told of the beginning of a test of the same cell', async ({ lab }) => {
    const [AA] = ownCells(lab, 'AA');
    lab.write('cells.csv', `cell_id\n${AA}\n`);
    lab.write(`${AA}/all.csv`, table(lab, 60));
    const part = other(lab, 40).split('\n');
    lab.write(
      `${AA}/part.csv`,
      [...part.slice(0, 9), ...part.slice(10)].join('\n').replace(/^10;.*$/m, '10;3.9;0.1'),
    );
    await lab.ingest();
    expect((await tests(lab)).map(({ n }) => n)).toEqual([39, 60]);
    expect(await found(lab)).toEqual([]);
    lab.write(`${AA}/part.csv`, part.join('\n').replace(/^10;.*$/m, '10;3.9;0.1'));
    await lab.ingest();
    expect(await found(lab)).toEqual([
      { message: expect.stringMatching(`^${AA}: .*part\\.csv holds the same measurement as .*all\\.csv`) },
    ]);
  });

  it('and two of one cell at the same time are told from two that follow one another', async ({ lab }) => {
    const [AA, BB] = ownCells(lab, 'AA', 'BB');
    const run = (hour: number, volt: number) =>
      'Data_Point,Test_Time(s),Date_Time,Step_Index,Cycle_Index,Current(A),Voltage(V)\n' +
      Array.from({ length: 30 }, (_, k) => {
        const at = new Date(Date.UTC(2026, 0, 13, hour, 10 * k)).toISOString();
        return `${k + 1},${600 * k},${at.slice(0, 19).replace('T', ' ')},1,1,0.1,${(volt + 0.002 * k).toFixed(4)}\n`;
      }).join('');
    lab.write('cells.csv', `cell_id\n${AA}\n${BB}\n`);
    lab.write(`${AA}_1.csv`, run(9, 3 + lab.number / 100));
    lab.write(`${AA}_2.csv`, run(10, 3.1 + lab.number / 100));
    lab.write(`${BB}_1.csv`, run(8, 3.2 + lab.number / 100));
    lab.write(`${BB}_2.csv`, run(12, 3.3 + lab.number / 100));
    await lab.ingest();
    expect(await lab.rows("SELECT message FROM findings WHERE code = 'TESTS_OVERLAP'")).toEqual([
      {
        message: expect.stringMatching(
          `^${AA}: .*${AA}_2\\.csv was .* as .*${AA}_1\\.csv, from 2026-01-13 10:00 on`,
        ),
      },
    ]);
  });

  it('is told of spectra too', async ({ lab }) => {
    const [AA, BB, CC] = ownCells(lab, 'AA', 'BB', 'CC');
    const impedance = (of: string | undefined, scale: number, mark: string) =>
      `${['f (Hz)', "Z' (Ohm)", "Z'' (Ohm)"].join(mark)}\n${Array.from({ length: 12 }, (_, k) => [10 ** (5 - k / 3), scale * (20 + lab.number + k), -scale * (1 + k)].join(mark)).join('\n')}\n# ${of}\n`;
    lab.write('cells.csv', `cell_id\n${AA}\n${BB}\n${CC}\n`);
    lab.write(`${AA}.csv`, impedance(AA, 1, ','));
    lab.write(`${BB}.csv`, impedance(BB, 1, ';'));
    lab.write(`${CC}.csv`, impedance(CC, 1.001, ';'));
    await lab.ingest();
    expect(await found(lab)).toEqual([
      { message: expect.stringMatching(`^${BB}: .*${BB}\\.csv holds .*${AA}\\.csv, of ${AA}`) },
    ]);
  });
});
