import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/errors.js';
import { ingest } from '../../src/ingest/ingest.js';
import { openWritable } from '../../src/store/connection.js';
import { diagnose } from '../../src/store/doctor.js';
import { foreignLog } from '../../src/store/foreign-log.js';
import { databasePaths, olderPaths } from '../../src/store/paths.js';
import { noteSeen } from '../../src/store/seen.js';
import { setAsidePath } from '../../src/store/settle.js';
import { openSnapshot } from '../../src/store/snapshot.js';
import { openWriter } from '../../src/store/writer.js';
import { arbinCsv, cyclingRecords } from '../ingest/cycling.js';
import { KeptLaboratory } from '../ingest/kept-laboratory.js';
import { Laboratory } from '../ingest/laboratory.js';

/** Whatever happens to the files of a database, what is stored is right, or a sentence says what is wrong. */

const records = cyclingRecords();
/** Another test: it began later. */
const another = arbinCsv(cyclingRecords({ cycles: 2 }), (time) => time + 5_000_000);
let lab: Laboratory;
/** A laboratory with the one test. */
const kept = new KeptLaboratory();
beforeAll(async () => {
  kept.write('a.csv', arbinCsv(records));
  await kept.ingest();
  kept.keep();
});
beforeEach(async () => {
  lab = kept;
  await kept.restore();
});
afterAll(() => kept.remove());

const paths = () => databasePaths(lab.database);
const countTests = async () => (await lab.rows<{ n: number }>('SELECT count(*) AS n FROM tests'))[0]!.n;
const wrongChecks = async () => (await diagnose(lab.database)).filter(({ state }) => state === 'wrong');

/** Writes over every block of a database, but not over its headers. */
function garble(path: string): void {
  chmodSync(path, 0o644);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(statSync(path).size - 12_288 - 8, 0xa5), 0, undefined, 12_288 + 8);
  closeSync(file);
}

/** Makes readers of the snapshot see what another client wrote into it and never closed. */
async function leaveForeignLog(): Promise<void> {
  const copy = join(lab.folder, 'foreign', 'cellar.duckdb');
  mkdirSync(dirname(copy));
  copyFileSync(lab.database, copy);
  chmodSync(copy, 0o644);
  const client = await openWritable(copy);
  await client.connection.run('DELETE FROM measurements WHERE record_index <= 50');
  copyFileSync(foreignLog(copy), foreignLog(lab.database));
  client.close();
}

describe('a damaged writer', () => {
  it.each([
    ['cut to half', (path: string) => truncateSync(path, statSync(path).size / 2)],
    ['cut to nothing', (path: string) => truncateSync(path, 0)],
    ['garbled', (path: string) => garble(path)],
  ])('%s is made again from the snapshot, and what came since is read', async (_what, damage) => {
    lab.write('b.csv', another);
    damage(paths().writer);
    expect((await wrongChecks()).map(({ what }) => what)).toContain('writer');
    const summary = await lab.ingest();
    expect(summary.notices.join()).toContain('made again from the snapshot');
    expect(summary.outcomes.map(({ row }) => row.status)).toEqual(['ingested']);
    expect(await countTests()).toBe(2);
    expect(existsSync(setAsidePath(paths()))).toBe(true);
    expect(await wrongChecks()).toEqual([]);
  });

  it('without a sound snapshot ends with 74 and what to do, and nothing is lost', async () => {
    for (const path of [paths().writer, lab.database]) garble(path);
    await expect(lab.ingest()).rejects.toMatchObject({ exitCode: exitCodes.storage });
    expect(existsSync(paths().writer) && existsSync(lab.database)).toBe(true);
  });
});

describe('a snapshot that is not what was published', () => {
  it('an older one that was put back is told by its counter, not by its time, and published again', async () => {
    const backup = readFileSync(lab.database);
    lab.write('b.csv', another);
    await lab.ingest();
    rmSync(lab.database);
    writeFileSync(lab.database, backup);
    const later = new Date(Date.now() + 3_600_000);
    utimesSync(lab.database, later, later);
    expect((await wrongChecks()).map(({ message }) => message).join()).toContain('older one');
    await lab.ingest();
    expect(await countTests()).toBe(2);
    expect(await wrongChecks()).toEqual([]);
  });

  it('a damaged one ends queries with 74, and is published again', async () => {
    const stored = await lab.rows('SELECT sum(voltage_volt) AS v FROM measurements');
    garble(lab.database);
    await expect(openSnapshot(lab.database)).rejects.toMatchObject({ exitCode: exitCodes.storage });
    await lab.ingest();
    expect(await lab.rows('SELECT sum(voltage_volt) AS v FROM measurements')).toEqual(stored);
  });

  it('damage that doctor finds is made good even where size and time say nothing', async () => {
    garble(lab.database);
    await noteSeen(paths(), true);
    expect((await wrongChecks()).length).toBeGreaterThan(0);
    await lab.ingest();
    expect(await wrongChecks()).toEqual([]);
  });

  it('a newer one than the writer, whose folder came from a backup, is gone on from', async () => {
    const old = readFileSync(paths().writer);
    lab.write('b.csv', another);
    await lab.ingest();
    writeFileSync(paths().writer, old);
    const summary = await lab.ingest();
    expect(summary.notices.join()).toContain('newer than what was written');
    expect(await countTests()).toBe(2);
  });

  it('another database under the name is left as it is', async () => {
    const stranger = new Laboratory();
    const writer = await openWriter(stranger.database, { command: 'test' });
    await writer.publish();
    await writer.end();
    rmSync(lab.database);
    copyFileSync(stranger.database, lab.database);
    const bytes = readFileSync(lab.database);
    await expect(lab.ingest()).rejects.toThrow('is another database than');
    expect(readFileSync(lab.database).equals(bytes)).toBe(true);
    stranger.remove();
  });
});

describe("another client's log", () => {
  it('is named, is read by nobody, and is gone after the next publishing', async () => {
    await leaveForeignLog();
    const snapshot = await openSnapshot(lab.database);
    const read = await snapshot.connection.runAndReadAll('SELECT count(*) AS n FROM measurements');
    snapshot.close();
    expect(Number(read.getRowObjectsJson()[0]!.n)).toBe(records.length);
    expect(readdirSync(paths().folder).filter((name) => name.startsWith('reader-'))).toEqual([]);
    const found = await diagnose(lab.database);
    expect(found.map(({ message }) => message).join('\n')).toContain('FOREIGN_LOG');
    lab.write('b.csv', another);
    await lab.ingest();
    expect(existsSync(foreignLog(lab.database))).toBe(false);
    expect(await lab.rows('SELECT min(record_count) AS n FROM tests WHERE test_id = 1')).toEqual([
      { n: records.length },
    ]);
  });

  it('is removed in a night without anything new, too', async () => {
    await leaveForeignLog();
    await lab.ingest();
    expect(existsSync(foreignLog(lab.database))).toBe(false);
  });
});

describe('a name that is not a database of Cellar', () => {
  beforeEach(() => {
    lab = new Laboratory();
  });
  afterEach(() => lab.remove());

  it.each([
    ['an empty file', (path: string) => writeFileSync(path, '')],
    ['a text', (path: string) => writeFileSync(path, 'cell_id,mass\n'.repeat(2000))],
    ['a folder', (path: string) => mkdirSync(path)],
  ])('%s is refused with 2, and nothing is made beside it', async (_what, make) => {
    const path = join(lab.folder, 'other.db');
    make(path);
    await expect(openWriter(path, { command: 'test' })).rejects.toMatchObject({ exitCode: exitCodes.usage });
    expect(existsSync(join(lab.folder, '.cellar'))).toBe(false);
    rmSync(path, { recursive: true });
    await (await openWriter(path, { command: 'test' })).end();
  });

  it.each([['CREATE TABLE own AS SELECT 1 AS a'], ['CREATE TABLE files (a INT); CREATE TABLE meta (b INT)']])(
    'a DuckDB database with %s keeps its content',
    async (sql) => {
      const path = join(lab.folder, 'own.duckdb');
      const own = await openWritable(path);
      await own.connection.run(sql);
      own.close();
      const bytes = readFileSync(path);
      await expect(openWriter(path, { command: 'test' })).rejects.toMatchObject({
        exitCode: exitCodes.usage,
      });
      await expect(openSnapshot(path)).rejects.toMatchObject({ exitCode: exitCodes.usage });
      expect(readFileSync(path).equals(bytes)).toBe(true);
    },
  );

  it.each([
    ['CELLAR_MEMORY_LIMIT', 'banana'],
    ['CELLAR_THREADS', '0'],
  ])('a wrong %s is named', async (variable, value) => {
    const before = process.env[variable];
    process.env[variable] = value;
    try {
      await expect(openWriter(lab.database, { command: 'test' })).rejects.toThrow(variable);
    } finally {
      if (before === undefined) delete process.env[variable];
      else process.env[variable] = before;
    }
  });
});

describe('names', () => {
  it('that differ in their ending have writers of their own', () => {
    const [a, b] = [databasePaths('lab.duckdb'), databasePaths('lab.db')];
    for (const key of ['writer', 'lock', 'scratch', 'log', 'seen', 'spare'] as const) {
      expect(a[key]).not.toBe(b[key]);
    }
  });

  it('what an older Cellar wrote is taken over once, where no other database could have written it', async () => {
    const older = olderPaths(paths());
    renameSync(paths().writer, older.writer);
    rmSync(lab.database);
    await ingest([lab.exports], { database: lab.database });
    expect(existsSync(older.writer)).toBe(false);
    expect(await countTests()).toBe(1);
  });

  it('and is left where another one could have', async () => {
    const older = olderPaths(paths());
    renameSync(paths().writer, older.writer);
    copyFileSync(lab.database, join(lab.folder, 'cellar.db'));
    await lab.ingest();
    expect(existsSync(older.writer)).toBe(true);
    expect(await countTests()).toBe(1);
  });
});
