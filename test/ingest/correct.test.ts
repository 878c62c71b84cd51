import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { assignFiles } from '../../src/ingest/correct/assign-files.js';
import { CellsFile } from '../../src/ingest/correct/edit-cells.js';
import { forget, planForget } from '../../src/ingest/correct/forget.js';
import { renameCell } from '../../src/ingest/correct/rename-cell.js';
import { excludeCell } from '../../src/targets/exclusions.js';
import { type SharedLaboratory, testsOfOneDatabase } from '../shared-laboratory.js';
import { cyclingRecords, ownArbinCsv } from './cycling.js';

/** What a person corrects later: files that should never have come in, cells of files, ids of cells. */

const it = testsOfOneDatabase();
/** A run of a shared database is one of all its tests. */
const itAlone = testsOfOneDatabase();

const records = cyclingRecords();

/** Exports that no other test has: of a test, of the same when it had begun, and of another one. */
const exportsOf = (lab: SharedLaboratory) => ({
  first: ownArbinCsv(lab, records.slice(0, 60)),
  grown: ownArbinCsv(lab, records),
  other: ownArbinCsv(lab, cyclingRecords({ cycles: 2 }), (time) => time + 5 * 86_400),
});

const tests = (lab: SharedLaboratory) =>
  lab.rows('SELECT record_count::INTEGER AS n, cell_id FROM tests ORDER BY test_id');
const statuses = async (lab: SharedLaboratory) =>
  Object.fromEntries(
    (
      await lab.rows<{ path: string; status: string }>(
        'SELECT path, arg_max(status, file_id) AS status FROM files GROUP BY path',
      )
    ).map(({ path, status }) => [path.split('/').at(-1), status]),
  );

describe.concurrent('forget', () => {
  it('takes a file and all that came from it out, keeps it out, and lets it in again when it is named', async ({
    lab,
  }) => {
    const { grown, other } = exportsOf(lab);
    const path = lab.write('a.csv', grown);
    lab.write('b.csv', other);
    await lab.ingest();
    const [{ id } = { id: 0 }] = await lab.rows<{ id: number }>(
      "SELECT test_id AS id FROM tests JOIN files USING (file_id) WHERE ends_with(path, 'a.csv')",
    );
    const plan = await lab.writing(({ connection }) => forget(connection, { paths: [path] }));
    expect(plan).toMatchObject({ tests: [id], records: records.length, cut: [], read_again: [] });
    expect(await tests(lab)).toHaveLength(1);
    for (const table of ['measurements', 'steps', 'cycles', 'findings']) {
      expect(
        await lab.rows(`SELECT count(*)::INTEGER AS n FROM cellar.main.${table} WHERE test_id = ${id}`),
      ).toEqual([{ n: 0 }]);
    }
    lab.write('copy.csv', grown);
    await lab.ingest();
    expect(await statuses(lab)).toEqual({
      'a.csv': 'forgotten',
      'b.csv': 'ingested',
      'copy.csv': 'forgotten',
    });
    await lab.ingest(path);
    expect((await statuses(lab))['a.csv']).toBe('ingested');
    expect(await lab.rows(`SELECT command FROM runs WHERE command = 'forget'`)).toHaveLength(1);
  });

  itAlone('of the later part of a test leaves what came before, as if it had never come', async ({ lab }) => {
    const { first, grown } = exportsOf(lab);
    lab.write('night1.csv', first);
    await lab.ingest();
    const alone = await lab.rows(
      'SELECT * EXCLUDE (mean_temperature_celsius) FROM cycles ORDER BY cycle_count',
    );
    const path = lab.write('night2.csv', grown);
    await lab.ingest();
    const [run] = await lab.rows<{ n: number }>('SELECT max(run_id)::INTEGER AS n FROM runs');
    const plan = await lab.writing(({ connection }) => forget(connection, { run: run!.n }));
    expect(plan.files.map((file) => file.path)).toEqual([path]);
    expect(await tests(lab)).toMatchObject([{ n: 60 }]);
    expect(
      await lab.rows('SELECT * EXCLUDE (mean_temperature_celsius) FROM cycles ORDER BY cycle_count'),
    ).toEqual(alone);
  });

  it('of the first part has the others read again; refuses where they are gone', async ({ lab }) => {
    const { first, grown } = exportsOf(lab);
    const path = lab.write('night1.csv', first);
    await lab.ingest();
    const later = lab.write('night2.csv', grown);
    await lab.ingest();
    rmSync(later);
    await expect(lab.writing(({ connection }) => forget(connection, { paths: [path] }))).rejects.toThrow(
      'night2.csv',
    );
    lab.write('night2.csv', grown);
    await lab.writing(({ connection }) => forget(connection, { paths: [path] }));
    expect(await tests(lab)).toEqual([]);
    await lab.ingest();
    expect(await tests(lab)).toMatchObject([{ n: records.length }]);
  });

  it('says what would go before anything does', async ({ lab }) => {
    const { grown } = exportsOf(lab);
    lab.write('x/a.csv', grown);
    await lab.ingest();
    const plan = await lab.writing(({ connection }) =>
      planForget(connection, { paths: [join(lab.exports, 'x')] }),
    );
    expect(plan.records).toBe(records.length);
    expect(await tests(lab)).toHaveLength(1);
    await expect(
      lab.writing(({ connection }) => planForget(connection, { paths: ['/nowhere'] })),
    ).rejects.toThrow('not in the ledger');
  });
});

describe.concurrent('assign', () => {
  it('writes the files into file_pattern, beside what stands there, and leaves the rest of the table alone', async ({
    lab,
  }) => {
    const { grown, other } = exportsOf(lab);
    const cell = lab.own('K-12');
    const text = `# cells of the lab\r\ncell_id;thickness_um;note\r\n${cell};897,5;"a; b"\r\n`;
    const cells = lab.write('cells.csv', text);
    const [a, b] = [lab.write('scan 7 [x].csv', grown), lab.write('n/b.csv', other)];
    await lab.ingest();
    for (const file of [a, b]) {
      await lab.writing(({ connection }) =>
        assignFiles(connection, { cell, files: [file], lab: undefined, database: lab.database }),
      );
    }
    expect(readFileSync(cells, 'utf8')).toBe(
      `# cells of the lab\r\ncell_id;thickness_um;note;file_pattern\r\n${cell};897,5;"a; b";{scan?7??x?.csv,n/b.csv}\r\n`,
    );
    await lab.ingest();
    expect(await tests(lab)).toMatchObject([{ cell_id: cell }, { cell_id: cell }]);
  });

  it('gives a cell without a line one, and refuses files that another cell claims', async ({ lab }) => {
    const { grown, other } = exportsOf(lab);
    const [A, B] = [lab.own('A'), lab.own('B')];
    lab.write('cells.csv', `cell_id,file_pattern\n${A},a*.csv\n`);
    const [a, b] = [lab.write('a.csv', grown), lab.write('b.csv', other)];
    await lab.ingest();
    const assign = (file: string) =>
      lab.writing(({ connection }) =>
        assignFiles(connection, { cell: B, files: [file], lab: undefined, database: lab.database }),
      );
    await expect(assign(a)).rejects.toThrow(`claimed by file_pattern a*.csv of ${A}`);
    await assign(b);
    await lab.ingest();
    expect(await tests(lab)).toMatchObject([{ cell_id: A }, { cell_id: B }]);
  });
});

describe.concurrent('rename', () => {
  it('keeps files that name the old id, exclusions and history', async ({ lab }) => {
    const { grown } = exportsOf(lab);
    const [K04, K44] = [lab.own('K-04'), lab.own('K-44')];
    lab.write('cells.csv', `cell_id,thickness_um\n${K04},900\n`);
    lab.write(`${K04}.csv`, grown);
    await lab.ingest();
    await lab.writing(({ connection }) => excludeCell(connection, K04, 'internal short'));
    await lab.writing(({ connection }) =>
      renameCell(connection, { from: K04, to: K44, lab: undefined, database: lab.database }),
    );
    await lab.ingest();
    expect(await lab.rows('SELECT cell_id, former_ids FROM cells')).toEqual([
      { cell_id: K44, former_ids: K04 },
    ]);
    expect(await tests(lab)).toMatchObject([{ cell_id: K44 }]);
    expect(await lab.rows('SELECT cell_id, reason FROM exclusions')).toEqual([
      { cell_id: K44, reason: 'internal short' },
    ]);
  });

  it('follows where the table has the new id already; refuses the id of another cell', async ({ lab }) => {
    const { grown } = exportsOf(lab);
    const [K04, K05, K44] = [lab.own('K-04'), lab.own('K-05'), lab.own('K-44')];
    const cells = lab.write('cells.csv', `cell_id\n${K04}\n${K05}\n`);
    lab.write(`${K04}.csv`, grown);
    await lab.ingest();
    await lab.writing(({ connection }) => excludeCell(connection, K04, 'internal short'));
    const rename = (from: string, to: string) =>
      lab.writing(({ connection }) =>
        renameCell(connection, { from, to, lab: undefined, database: lab.database }),
      );
    await expect(rename(K04, K05)).rejects.toThrow('another cell');
    await expect(rename('X', 'Y')).rejects.toThrow('no cell has the id X');
    writeFileSync(cells, `cell_id\n${K44}\n${K05}\n`);
    await lab.ingest();
    await rename(K04, K44);
    await lab.ingest();
    expect(await tests(lab)).toMatchObject([{ cell_id: K44 }]);
    expect(await lab.rows('SELECT cell_id FROM exclusions')).toEqual([{ cell_id: K44 }]);
  });
});

it.concurrent('cells.csv in UTF-16 with tabs is written as it was', async ({ lab }) => {
  const path = lab.write('cells.csv', Buffer.from('\uFEFFcell_id\tthickness_um\r\nP1\t897,5\r\n', 'utf16le'));
  const table = await CellsFile.read(path);
  table.set('P1', 'file_pattern', 'x,y');
  table.set('P2', 'thickness_um', '900');
  await table.write();
  expect(readFileSync(path, 'utf16le')).toBe(
    '\uFEFFcell_id\tthickness_um\tfile_pattern\r\nP1\t897,5\tx,y\r\nP2\t900\r\n',
  );
});
