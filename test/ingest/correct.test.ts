import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assignFiles } from '../../src/ingest/correct/assign-files.js';
import { CellsFile } from '../../src/ingest/correct/edit-cells.js';
import { forget, planForget } from '../../src/ingest/correct/forget.js';
import { renameCell } from '../../src/ingest/correct/rename-cell.js';
import { openWriter, type Writer } from '../../src/store/writer.js';
import { excludeCell } from '../../src/targets/exclusions.js';
import { arbinCsv, cyclingRecords } from './cycling.js';
import { Laboratory, unreconciledSql } from './laboratory.js';

/** What a person corrects later: files that should never have come in, cells of files, ids of cells. */

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

const records = cyclingRecords();
const first = arbinCsv(records.slice(0, 60));
const grown = arbinCsv(records);
const other = arbinCsv(cyclingRecords({ cycles: 2 }), (time) => time + 5_000_000);

async function writing<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
  const writer = await openWriter(lab.database, { command: 'test' });
  try {
    const result = await work(writer);
    await writer.publish();
    return result;
  } finally {
    await writer.end();
  }
}
const tests = () => lab.rows('SELECT record_count::INTEGER AS n, cell_id FROM tests ORDER BY test_id');
const statuses = async () =>
  Object.fromEntries(
    (
      await lab.rows<{ path: string; status: string }>(
        'SELECT path, arg_max(status, file_id) AS status FROM files GROUP BY path',
      )
    ).map(({ path, status }) => [path.split('/').at(-1), status]),
  );

describe('forget', () => {
  it('takes a file and all that came from it out, keeps it out, and lets it in again when it is named', async () => {
    const path = lab.write('a.csv', grown);
    lab.write('b.csv', other);
    await lab.ingest();
    const plan = await writing(({ connection }) => forget(connection, { paths: [path] }));
    expect(plan).toMatchObject({ tests: [1], records: records.length, cut: [], read_again: [] });
    expect(await tests()).toHaveLength(1);
    for (const table of ['measurements', 'steps', 'cycles', 'findings']) {
      expect(await lab.rows(`SELECT count(*)::INTEGER AS n FROM ${table} WHERE test_id = 1`)).toEqual([
        { n: 0 },
      ]);
    }
    expect(await lab.rows(unreconciledSql)).toEqual([]);
    lab.write('copy.csv', grown);
    await lab.ingest();
    expect(await statuses()).toEqual({ 'a.csv': 'forgotten', 'b.csv': 'ingested', 'copy.csv': 'forgotten' });
    await lab.ingest(path);
    expect((await statuses())['a.csv']).toBe('ingested');
    expect(await lab.rows(`SELECT command FROM runs WHERE command = 'forget'`)).toHaveLength(1);
  });

  it('of the later part of a test leaves what came before, as if it had never come', async () => {
    lab.write('night1.csv', first);
    await lab.ingest();
    const alone = await lab.rows(
      'SELECT * EXCLUDE (mean_temperature_celsius) FROM cycles ORDER BY cycle_count',
    );
    const path = lab.write('night2.csv', grown);
    await lab.ingest();
    const [run] = await lab.rows<{ n: number }>('SELECT max(run_id)::INTEGER AS n FROM runs');
    const plan = await writing(({ connection }) => forget(connection, { run: run!.n }));
    expect(plan.files.map((file) => file.path)).toEqual([path]);
    expect(await tests()).toMatchObject([{ n: 60 }]);
    expect(
      await lab.rows('SELECT * EXCLUDE (mean_temperature_celsius) FROM cycles ORDER BY cycle_count'),
    ).toEqual(alone);
  });

  it('of the first part has the others read again; refuses where they are gone', async () => {
    const path = lab.write('night1.csv', first);
    await lab.ingest();
    const later = lab.write('night2.csv', grown);
    await lab.ingest();
    rmSync(later);
    await expect(writing(({ connection }) => forget(connection, { paths: [path] }))).rejects.toThrow(
      'night2.csv',
    );
    lab.write('night2.csv', grown);
    await writing(({ connection }) => forget(connection, { paths: [path] }));
    expect(await tests()).toEqual([]);
    await lab.ingest();
    expect(await tests()).toMatchObject([{ n: records.length }]);
  });

  it('says what would go before anything does', async () => {
    lab.write('x/a.csv', grown);
    await lab.ingest();
    const plan = await writing(({ connection }) =>
      planForget(connection, { paths: [join(lab.exports, 'x')] }),
    );
    expect(plan.records).toBe(records.length);
    expect(await tests()).toHaveLength(1);
    await expect(
      writing(({ connection }) => planForget(connection, { paths: ['/nowhere'] })),
    ).rejects.toThrow('not in the ledger');
  });
});

describe('assign', () => {
  it('writes the files into file_pattern, beside what stands there, and leaves the rest of the table alone', async () => {
    const text = '# cells of the lab\r\ncell_id;thickness_um;note\r\nK-12;897,5;"a; b"\r\n';
    const cells = lab.write('cells.csv', text);
    const [a, b] = [lab.write('scan 7 [x].csv', grown), lab.write('n/b.csv', other)];
    await lab.ingest();
    for (const file of [a, b]) {
      await writing(({ connection }) =>
        assignFiles(connection, { cell: 'K-12', files: [file], lab: undefined, database: lab.database }),
      );
    }
    expect(readFileSync(cells, 'utf8')).toBe(
      '# cells of the lab\r\ncell_id;thickness_um;note;file_pattern\r\nK-12;897,5;"a; b";{scan?7??x?.csv,n/b.csv}\r\n',
    );
    await lab.ingest();
    expect(await tests()).toMatchObject([{ cell_id: 'K-12' }, { cell_id: 'K-12' }]);
  });

  it('gives a cell without a line one, and refuses files that another cell claims', async () => {
    lab.write('cells.csv', 'cell_id,file_pattern\nA,a*.csv\n');
    const [a, b] = [lab.write('a.csv', grown), lab.write('b.csv', other)];
    await lab.ingest();
    const assign = (file: string) =>
      writing(({ connection }) =>
        assignFiles(connection, { cell: 'B', files: [file], lab: undefined, database: lab.database }),
      );
    await expect(assign(a)).rejects.toThrow('claimed by file_pattern a*.csv of A');
    await assign(b);
    await lab.ingest();
    expect(await tests()).toMatchObject([{ cell_id: 'A' }, { cell_id: 'B' }]);
  });
});

describe('rename', () => {
  it('keeps files that name the old id, exclusions and history', async () => {
    lab.write('cells.csv', 'cell_id,thickness_um\nK-04,900\n');
    lab.write('K-04.csv', grown);
    await lab.ingest();
    await writing(({ connection }) => excludeCell(connection, 'K-04', 'internal short'));
    await writing(({ connection }) =>
      renameCell(connection, { from: 'K-04', to: 'K-44', lab: undefined, database: lab.database }),
    );
    await lab.ingest();
    expect(await lab.rows('SELECT cell_id, former_ids FROM cells')).toEqual([
      { cell_id: 'K-44', former_ids: 'K-04' },
    ]);
    expect(await tests()).toMatchObject([{ cell_id: 'K-44' }]);
    expect(await lab.rows('SELECT cell_id, reason FROM exclusions')).toEqual([
      { cell_id: 'K-44', reason: 'internal short' },
    ]);
  });

  it('follows where the table has the new id already; refuses the id of another cell', async () => {
    const cells = lab.write('cells.csv', 'cell_id\nK-04\nK-05\n');
    lab.write('K-04.csv', grown);
    await lab.ingest();
    await writing(({ connection }) => excludeCell(connection, 'K-04', 'internal short'));
    const rename = (from: string, to: string) =>
      writing(({ connection }) =>
        renameCell(connection, { from, to, lab: undefined, database: lab.database }),
      );
    await expect(rename('K-04', 'K-05')).rejects.toThrow('another cell');
    await expect(rename('X', 'Y')).rejects.toThrow('no cell has the id X');
    writeFileSync(cells, 'cell_id\nK-44\nK-05\n');
    await lab.ingest();
    await rename('K-04', 'K-44');
    await lab.ingest();
    expect(await tests()).toMatchObject([{ cell_id: 'K-44' }]);
    expect(await lab.rows('SELECT cell_id FROM exclusions')).toEqual([{ cell_id: 'K-44' }]);
  });
});

it('cells.csv in UTF-16 with tabs is written as it was', async () => {
  mkdirSync(lab.exports, { recursive: true });
  const path = join(lab.exports, 'cells.csv');
  writeFileSync(path, Buffer.from('\uFEFFcell_id\tthickness_um\r\nP1\t897,5\r\n', 'utf16le'));
  const table = await CellsFile.read(path);
  table.set('P1', 'file_pattern', 'x,y');
  table.set('P2', 'thickness_um', '900');
  await table.write();
  expect(readFileSync(path, 'utf16le')).toBe(
    '\uFEFFcell_id\tthickness_um\tfile_pattern\r\nP1\t897,5\tx,y\r\nP2\t900\r\n',
  );
});
