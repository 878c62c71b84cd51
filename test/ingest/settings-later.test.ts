import { rmSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { type SharedLaboratory, testsOfOneDatabase } from '../shared-laboratory.js';

/** Settings that are made after the first ingest reach what is stored: everyone reads findings first and settles then. */

const it = testsOfOneDatabase();
/** A format of one folder is one of the whole database, whose other files are tried with it. */
const itWithFormats = testsOfOneDatabase();

/** Records of a current that no other test has. */
const maccor = ({ number }: SharedLaboratory, count: number, day = '05/06/2021') =>
  `Today's Date\t${day}\tDate of Test:\t${day}\tFilename:\tC:\\1.001\tProcedure:\tp.000\n` +
  'Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n' +
  `${Array.from({ length: count }, (_, k) => `${k + 1}\t0\t1\t${k}.00\t${k}.00\t0\t0\t${0.1 + number / 1000}\t${(3 + 0.001 * k).toFixed(4)}\tC\t1\t${day} 10:00:${String(k).padStart(2, '0')}`).join('\n')}\n`;

const plain = ({ number }: SharedLaboratory) =>
  `time_s,voltage_V,current_A\n${[0, 1, 2].map((k) => `${k},${3 + k / 10},${0.1 + number / 1000}`).join('\n')}\n`;

const tests = (lab: SharedLaboratory) =>
  lab.rows(
    "SELECT test_id AS id, strftime(started_at, '%Y-%m-%d') AS day, time_zone AS zone, record_count AS n FROM tests ORDER BY test_id",
  );

describe.concurrent('a setting made later', () => {
  it('dates what is stored anew, under the same numbers, and once only', async ({ lab }) => {
    lab.write('a.txt', maccor(lab, 20));
    await lab.ingest();
    const [before] = await tests(lab);
    expect(before).toMatchObject({ day: '2021-05-06', zone: null, n: 20 });
    lab.write('cellar.toml', 'date_order = "dmy"\n');
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.message)).toEqual(['read again: date_order is now day-first']);
    expect(await tests(lab)).toEqual([{ id: before!.id, day: '2021-06-05', zone: null, n: 20 }]);
    expect(await lab.rows('SELECT count(*) AS n FROM files')).toEqual([{ n: 1 }]);
    expect(await lab.rows("SELECT count(*) AS n FROM findings WHERE code = 'DATE_ORDER_ASSUMED'")).toEqual([
      { n: 0 },
    ]);
    expect((await lab.ingest()).outcomes).toEqual([]);
  });

  it('gives the clock a zone, and changes nothing in a file without one', async ({ lab }) => {
    lab.write('a.txt', maccor(lab, 20, '01/13/2026'));
    lab.write('b.csv', plain(lab));
    await lab.ingest();
    lab.write('cellar.toml', 'time_zone = "Europe/Berlin"\n');
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.path.split('/').at(-1))).toEqual(['a.txt']);
    expect((await tests(lab)).map(({ zone }) => zone)).toEqual(['Europe/Berlin', null]);
    const [first] = await lab.rows(
      'SELECT min(unix_time_second) AS t FROM measurements WHERE test_id = (SELECT min(test_id) FROM tests)',
    );
    expect(first).toEqual({ t: Date.UTC(2026, 0, 13, 9) / 1000 });
  });

  it('holds for the files that a pattern fits, and goes with the pattern', async ({ lab }) => {
    lab.write('oven/a.txt', maccor(lab, 20));
    lab.write('b.txt', maccor(lab, 25, '05/07/2021'));
    await lab.ingest();
    lab.write('cellar.toml', '[[files]]\npattern = "oven/**"\ndate_order = "dmy"\n');
    await lab.ingest();
    expect((await tests(lab)).map(({ day, n }) => [day, n])).toEqual(
      expect.arrayContaining([
        ['2021-06-05', 20],
        ['2021-05-07', 25],
      ]),
    );
    lab.write('cellar.toml', '');
    await lab.ingest();
    expect((await tests(lab)).map(({ day }) => day)).toEqual(['2021-05-07', '2021-05-06']);
  });

  it('reaches a file that has grown on the same night', async ({ lab }) => {
    lab.write('a.txt', maccor(lab, 20));
    await lab.ingest();
    const [before] = await tests(lab);
    lab.write('cellar.toml', 'date_order = "dmy"\n');
    lab.write('a.txt', maccor(lab, 30));
    await lab.ingest();
    expect(await tests(lab)).toEqual([{ id: before!.id, day: '2021-06-05', zone: null, n: 30 }]);
  });

  it('reaches a file that was moved, and says of one that is gone that it cannot', async ({ lab }) => {
    const gone = lab.write('a.txt', maccor(lab, 20));
    const moved = lab.write('b.txt', maccor(lab, 25, '05/07/2021'));
    await lab.ingest();
    lab.write('sub/c.txt', maccor(lab, 25, '05/07/2021'));
    rmSync(moved);
    rmSync(gone);
    lab.write('cellar.toml', 'date_order = "dmy"\n');
    const { notices } = await lab.ingest();
    expect((await tests(lab)).map(({ day, n }) => [day, n])).toEqual([
      ['2021-05-06', 20],
      ['2021-05-07', 25],
    ]);
    expect(notices.join('\n')).toMatch(
      /a\.txt: date_order is now day-first, but the file is not there any more/,
    );
    await lab.ingest();
    expect((await tests(lab)).map(({ day, n }) => [day, n])).toEqual([
      ['2021-05-06', 20],
      ['2021-07-05', 25],
    ]);
    expect((await lab.ingest()).notices).toEqual([]);
  });

  it('of a run is kept until the laboratory says otherwise; --reread forces', async ({ lab }) => {
    lab.write('a.txt', maccor(lab, 20));
    await lab.ingest();
    await lab.ingest(lab.exports, { dateOrder: 'day-first' });
    expect((await tests(lab))[0]).toMatchObject({ day: '2021-06-05' });
    expect((await lab.ingest()).outcomes).toEqual([]);
    const { outcomes } = await lab.ingest(lab.exports, { reread: true });
    expect(outcomes).toHaveLength(1);
    expect((await tests(lab))[0]).toMatchObject({ day: '2021-05-06' });
  });

  it('leaves the cells, conditions and cycles of what is read again as they were', async ({ lab }) => {
    const cell = `R${lab.number}`;
    lab.write(`a_${cell}.txt`, maccor(lab, 20));
    lab.write('cells.csv', `cell_id,material_id,cell_type\n${cell},M${cell},full\n`);
    lab.write('materials.csv', `material_id,name,category\nM${cell},M,cell\n`);
    lab.write('conditions.csv', 'file_pattern,temperature_celsius\na_*,31\n');
    await lab.ingest();
    const known = () =>
      lab.rows('SELECT t.cell_id, temperature_celsius, cycle_count FROM tests t JOIN steps USING (test_id)');
    const before = await known();
    expect(before).toEqual([{ cell_id: cell, temperature_celsius: 31, cycle_count: 1 }]);
    await lab.ingest(lab.exports, { reread: true });
    expect(await known()).toEqual(before);
    lab.write('cellar.toml', 'date_order = "dmy"\n');
    await lab.ingest();
    expect(await known()).toEqual(before);
  });
});

describe.concurrent('formats made later', () => {
  const odd = `a;b;c\n${Array.from({ length: 30 }, (_, k) => `${k};${3 + 0.01 * k};0.1`).join('\n')}\n`;
  const own = (sign: string) =>
    `[format]\nid = "ours"\ndelimiter = "semicolon"\nsign = "${sign}"\n[columns]\ntest_time_second = { name = "a", unit = "s" }\nvoltage_volt = { name = "b", unit = "V" }\ncurrent_ampere = { name = "c", unit = "A" }\n`;

  itWithFormats(
    'read a file that none read before, and again when they change; other files stay as they are',
    async ({ lab }) => {
      lab.write('odd.csv', odd);
      lab.write('a.txt', maccor(lab, 20));
      lab.write('cellar.toml', '');
      await lab.ingest();
      lab.write('ours.format.toml', own('charge-positive'));
      const first = await lab.ingest();
      expect(first.outcomes.map(({ row }) => [row.path.split('/').at(-1), row.status])).toContainEqual([
        'odd.csv',
        'ingested',
      ]);
      lab.write('ours.format.toml', own('discharge-positive'));
      const second = await lab.ingest();
      expect(second.outcomes.map(({ row }) => row.path.split('/').at(-1))).toEqual(['odd.csv']);
      expect(
        await lab.rows(
          "SELECT min(current_ampere) AS i FROM measurements JOIN tests USING (test_id) WHERE vendor = 'own'",
        ),
      ).toEqual([{ i: -0.1 }]);
    },
  );

  it('of a pattern read the files it fits, whatever they look like', async ({ lab }) => {
    lab.write('plain.csv', plain(lab));
    lab.write('cellar.toml', '');
    await lab.ingest();
    lab.write('cellar.toml', '[[files]]\npattern = "plain*"\nformat = "maccor-text"\n');
    const { outcomes } = await lab.ingest();
    expect(outcomes[0]!.row).toMatchObject({ status: 'rejected' });
    expect(outcomes[0]!.row.message).toMatch(/what was read from it before stays/);
    expect((await tests(lab))[0]).toMatchObject({ n: 3 });
    expect((await lab.ingest()).outcomes).toEqual([]);
  });
});

describe.concurrent('ignore', () => {
  it('leaves files alone, takes out what is stored of them, and brings it back', async ({ lab }) => {
    lab.write('old/a.txt', maccor(lab, 20));
    lab.write('b.txt', maccor(lab, 25, '05/07/2021'));
    await lab.ingest();
    lab.write('cellar.toml', 'ignore = ["old/**"]\n');
    lab.write('old/new.txt', maccor(lab, 22, '05/08/2021'));
    const { outcomes, notices, vanished } = await lab.ingest();
    expect({ outcomes, vanished }).toEqual({ outcomes: [], vanished: [] });
    expect(notices.join('\n')).toMatch(/old\/a\.txt.*removed/);
    expect((await tests(lab)).map(({ n }) => n)).toEqual([25]);
    lab.write('cellar.toml', '');
    await lab.ingest();
    expect((await tests(lab)).map(({ n }) => n).sort()).toEqual([20, 22, 25]);
  });

  it('keeps what is there under another name as well', async ({ lab }) => {
    lab.write('backup/a.txt', maccor(lab, 20));
    lab.write('a.txt', maccor(lab, 20));
    await lab.ingest();
    lab.write('cellar.toml', 'ignore = ["backup/**"]\n');
    await lab.ingest();
    expect((await tests(lab)).map(({ n }) => n)).toEqual([20]);
  });
});
