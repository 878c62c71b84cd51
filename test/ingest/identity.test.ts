import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Laboratory } from './laboratory.js';

/** Whose data a file holds: a beginning in common alone never decides it. */

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

const tests = () =>
  lab.rows<{ cell: string | null; n: number }>(
    'SELECT cell_id AS cell, record_count AS n FROM tests ORDER BY cell_id, record_count',
  );

/** A table without a clock: `count` records of a charge, the first `shared` of which are those of any other. */
const table = (count: number, from = 0) =>
  `time_s,voltage_V,current_A\n${Array.from({ length: count }, (_, k) => `${k * 10},${(3 + 0.001 * k + (k < 3 ? 0 : from)).toFixed(4)},0.1`).join('\n')}\n`;

const maccor = (count: number, day: string, source: string, volt = 3) =>
  `Today's Date\t${day}\tDate of Test:\t${day}\tFilename:\t${source}\tProcedure:\tp.000\n` +
  'Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n' +
  `${Array.from({ length: count }, (_, k) => `${k + 1}\t0\t1\t${k}.00\t${k}.00\t0\t0\t0.1\t${(volt + 0.001 * k).toFixed(4)}\tC\t1\t${day} 10:00:${String(k).padStart(2, '0')}`).join('\n')}\n`;

const cells = 'cell_id,file_pattern\nAA,*AA*\nBB,*BB*\n';

describe('a file that begins another', () => {
  it.each([
    ['the longer one after it', ['x_AA.csv', 'y_BB.csv']],
    ['the longer one before it', ['y_AA.csv', 'x_BB.csv']],
  ])('is not continued by one of another cell: %s', async (_order, [short, long]) => {
    lab.write('cells.csv', cells);
    lab.write(short!, table(30));
    lab.write(long!, table(60));
    await lab.ingest();
    expect(await tests()).toEqual([
      { cell: 'AA', n: 30 },
      { cell: 'BB', n: 60 },
    ]);
  });

  it('is not continued by one of another cell on a later night, which its own growth is', async () => {
    lab.write('cells.csv', 'cell_id\nAA\nBB\n');
    lab.write('AA/run.csv', table(1));
    await lab.ingest();
    lab.write('BB/run.csv', table(40, 0.2));
    await lab.ingest();
    lab.write('AA/run.csv', table(25, 0.1));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['appended']);
    expect(await tests()).toEqual([
      { cell: 'AA', n: 25 },
      { cell: 'BB', n: 40 },
    ]);
  });

  it('is not continued where a handful of records is all they share', async () => {
    lab.write('a.csv', table(19));
    lab.write('b.csv', table(40));
    await lab.ingest();
    expect((await tests()).map(({ n }) => n)).toEqual([19, 40]);
  });

  it.each([
    ['plain', table(20), table(45)],
    ['gzipped', gzipSync(table(20)), gzipSync(table(45))],
    ['then gzipped', table(20), gzipSync(table(45))],
  ])('and has no clock is continued under another name: %s', async (_how, first, second) => {
    lab.write('night1.csv', first);
    await lab.ingest();
    lab.write('night2.csv.gz', second);
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['appended']);
    expect((await tests()).map(({ n }) => n)).toEqual([45]);
    const again = await lab.ingest();
    expect(again.outcomes).toEqual([]);
  });

  it('and is a spectrum without a clock is continued, the first points not stored twice', async () => {
    const spectrum = (count: number) =>
      `freq / Hz,Re(Z) / Ohm,-Im(Z) / Ohm\n${Array.from({ length: count }, (_, k) => `${1e6 / 1.3 ** k},${10 + k},5`).join('\n')}\n`;
    lab.write('eis1.csv', spectrum(22));
    await lab.ingest();
    lab.write('eis2.csv', spectrum(44));
    await lab.ingest();
    expect(await lab.rows('SELECT point_count AS n FROM spectra')).toEqual([{ n: 44 }]);
  });
});

describe('an older export that comes after a newer one', () => {
  const spectrum = (count: number) =>
    `freq / Hz,Re(Z) / Ohm,-Im(Z) / Ohm\n${Array.from({ length: count }, (_, k) => `${1e6 / 1.3 ** k},${10 + k},5`).join('\n')}\n`;
  const counts = () =>
    lab.rows('SELECT record_count AS n FROM tests UNION ALL SELECT point_count FROM spectra ORDER BY n');

  it.each([
    ['a table without a clock', table(60), table(30), 60],
    ['a spectrum without a time', spectrum(44), spectrum(22), 44],
    ['one of more than a page', table(900), table(500), 900],
  ])('is a duplicate of it: %s', async (_what, long, short, rows) => {
    lab.write('new.csv', long);
    await lab.ingest();
    lab.write('old.csv', short);
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['duplicate']);
    expect(outcomes[0]?.findings.map(({ code }) => code)).toContain('SHORTER_THAN_STORED');
    expect(await counts()).toEqual([{ n: rows }]);
  });

  it('is one in the same night, and is another test where its rows or its cell are others', async () => {
    lab.write('cells.csv', cells);
    lab.write('a_AA.csv', table(900));
    lab.write('b.csv', table(500));
    lab.write('c_AA.csv', table(600));
    lab.write('d.csv', table(700, 0.1));
    await lab.ingest();
    lab.write('e_BB.csv', table(450));
    await lab.ingest();
    expect(await counts()).toEqual([{ n: 450 }, { n: 700 }, { n: 900 }]);
    expect(
      await lab.rows("SELECT path.split('/')[-1] AS p FROM files WHERE status = 'duplicate' ORDER BY p"),
    ).toEqual([{ p: 'b.csv' }, { p: 'c_AA.csv' }]);
  });
});

describe('short tables without a clock that come in one night', () => {
  it.each([
    ['the longer one first', table(60), table(30)],
    ['the longer one last', table(30), table(60)],
  ])('are one test where one begins the other: %s', async (_order, first, second) => {
    lab.write('x.csv', first);
    lab.write('y.csv', second);
    lab.write('z.csv', table(40, 0.2));
    const { outcomes } = await lab.ingest();
    expect((await tests()).map(({ n }) => n)).toEqual([40, 60]);
    expect(outcomes.map(({ row }) => row.status)).toContain(
      first.length > second.length ? 'duplicate' : 'appended',
    );
  });
});

describe('a name that is used again', () => {
  it.each([
    [
      'another start',
      maccor(50, '01/13/2026', 'C:\\M\\1.001'),
      maccor(20, '03/20/2026', 'C:\\M\\1.001', 3.2),
    ],
    [
      'another source file',
      maccor(50, '01/13/2026', 'C:\\M\\1.001'),
      maccor(20, '01/13/2026', 'C:\\M\\1.002', 3.2),
    ],
  ])('keeps both tests: %s', async (what, first, second) => {
    lab.write('Channel1.txt', first);
    await lab.ingest();
    lab.write('Channel1.txt', second);
    const { outcomes } = await lab.ingest();
    expect(outcomes[0]!.row.status).toBe('ingested');
    expect(outcomes[0]!.findings).toContainEqual(
      expect.objectContaining({
        code: 'PATH_REUSED',
        message: expect.stringContaining(what.replace('another ', '')) as string,
      }),
    );
    expect((await tests()).map(({ n }) => n)).toEqual([20, 50]);
  });

  it('is a correction where it is the same test', async () => {
    lab.write('Channel1.txt', maccor(30, '01/13/2026', 'C:\\M\\1.001'));
    await lab.ingest();
    lab.write('Channel1.txt', maccor(30, '01/13/2026', 'D:\\copy\\1.001').replace('3.0050', '3.0051'));
    const { outcomes } = await lab.ingest();
    expect(outcomes[0]!.findings.map(({ code }) => code)).toContain('SUPERSEDED');
    expect((await tests()).map(({ n }) => n)).toEqual([30]);
  });

  it('goes on with the test it had before, when that comes back under it', async () => {
    lab.write('C.txt', maccor(25, '01/13/2026', '1.001'));
    await lab.ingest();
    lab.write('C.txt', maccor(22, '03/20/2026', '1.002', 3.2));
    await lab.ingest();
    lab.write('C.txt', maccor(40, '01/13/2026', '1.001'));
    const { outcomes } = await lab.ingest();
    expect(outcomes[0]!.row.status).toBe('appended');
    expect((await tests()).map(({ n }) => n)).toEqual([22, 40]);
  });
});

describe('the same bytes elsewhere', () => {
  it('give the test its cell when the file is renamed', async () => {
    lab.write('cells.csv', 'cell_id\nLRM-07\n');
    const old = lab.write('test0815.csv', table(30));
    await lab.ingest();
    expect(await tests()).toEqual([{ cell: null, n: 30 }]);
    renameSync(old, join(lab.exports, 'LRM-07_test.csv'));
    await lab.ingest();
    expect(await tests()).toEqual([{ cell: 'LRM-07', n: 30 }]);
  });

  it('give it by an explicit pattern wherever that fits, whatever a name says', async () => {
    lab.write('cells.csv', 'cell_id,file_pattern\nLRM-07,Maccor/m.csv\nXY-1,\n');
    lab.write('A_backup_XY-1/copy.csv', table(30));
    lab.write('Maccor/m.csv', table(30));
    await lab.ingest();
    expect(await tests()).toEqual([{ cell: 'LRM-07', n: 30 }]);
  });

  it('give no cell where two that are there name two', async () => {
    lab.write('cells.csv', 'cell_id\nLRM-07\nLRM-08\n');
    lab.write('LRM-07.csv', table(30));
    lab.write('LRM-08.csv', table(30));
    await lab.ingest();
    expect(await tests()).toEqual([{ cell: null, n: 30 }]);
    expect(await lab.rows("SELECT count(*) AS n FROM findings WHERE code = 'CELL_AMBIGUOUS'")).toEqual([
      { n: 1 },
    ]);
  });
});

describe('one measurement under two names', () => {
  const found = () =>
    lab.rows<{ message: string }>(
      `SELECT message FROM findings WHERE code = 'SAME_RECORDS' ORDER BY message`,
    );
  const other = (count: number, from = 0) =>
    table(count, from)
      .replace('time_s,voltage_V,current_A', 'Zeit [s];Spannung [V];Strom [A]')
      .replaceAll(',', ';');

  it('is told of two cells whose records agree, in whatever spelling, and not of cells that differ', async () => {
    lab.write('cells.csv', 'cell_id\nAA\nBB\nCC\n');
    lab.write('AA_run.csv', table(60));
    lab.write('BB_run.csv', other(60));
    // The same protocol and the same grid of times: another cell differs by a few tenths of a millivolt.
    lab.write('CC_run.csv', other(60, 0.0004));
    await lab.ingest();
    const messages = (await found()).map(({ message }) => message);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/^BB: .*BB_run\.csv holds the same measurement as .*AA_run\.csv, of AA/);
    lab.write('cells.csv', 'cell_id,confirmed\nAA,\nBB,records\nCC,\n');
    await lab.ingest();
    expect(await found()).toHaveLength(1);
  });

  it('is told where one export counts steps of its own, and where the record begins with a long rest', async () => {
    const resting = (text: string) => {
      const [header, ...rows] = text.trimEnd().split('\n');
      const first = rows[0]!.split(',');
      const rest = Array.from({ length: 6000 }, (_, at) => [at / 100, first[1], '0'].join(','));
      const later = rows
        .map((row) => row.split(','))
        .map(([time, ...fields]) => [Number(time) + 60, ...fields].join(','));
      return [header, ...rest, ...later];
    };
    const lines = resting(table(60));
    const counted = lines.map((line, at) => `${line},${at === 0 ? 'step' : Math.ceil(at / 50)}`);
    lab.write('cells.csv', 'cell_id\nAA\nBB\n');
    lab.write('AA_run.csv', `${lines.join('\n')}\n`);
    lab.write('BB_run.csv', `${counted.join('\n')}\n`);
    await lab.ingest();
    expect(
      await lab.rows('SELECT count(DISTINCT step_count) > 50 AS many FROM steps WHERE test_id = 2'),
    ).toEqual([{ many: true }]);
    expect(await found()).toHaveLength(1);
  });

  it('is told of spectra too', async () => {
    const spectrum = (of: string, scale: number, mark: string) =>
      `${['f (Hz)', "Z' (Ohm)", "Z'' (Ohm)"].join(mark)}\n${Array.from({ length: 12 }, (_, k) => [10 ** (5 - k / 3), scale * (20 + k), -scale * (1 + k)].join(mark)).join('\n')}\n# ${of}\n`;
    lab.write('cells.csv', 'cell_id\nAA\nBB\nCC\n');
    lab.write('AA.csv', spectrum('AA', 1, ','));
    lab.write('BB.csv', spectrum('BB', 1, ';'));
    lab.write('CC.csv', spectrum('CC', 1.001, ';'));
    await lab.ingest();
    expect(await found()).toEqual([
      { message: expect.stringMatching(/^BB: .*BB\.csv holds .*AA\.csv, of AA/) },
    ]);
  });
});
