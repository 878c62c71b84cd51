import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyChangedBlocks } from '../../src/store/blocks.js';
import { databasePaths } from '../../src/store/paths.js';
import { openSnapshot } from '../../src/store/snapshot.js';
import { openWriter, type Writer } from '../../src/store/writer.js';
import { temporaryFolder } from '../cli/run.js';

/**
 * Publishing brings the snapshot before last up to date instead of copying everything. What readers get is the same,
 * byte for byte, and who reads an older one is not disturbed.
 */

let database: string;
beforeEach(() => {
  database = join(temporaryFolder(), 'cellar.duckdb');
});

/** What a night stores: new records, some that are gone, some that are changed. */
async function night(writer: Writer, number: number, records: number): Promise<void> {
  await writer.connection.run(
    `INSERT INTO measurements BY NAME
     SELECT ${number} AS test_id, i AS record_index, i * 0.1 AS test_time_second, random() AS voltage_volt FROM range(${records}) r(i)`,
  );
  await writer.connection.run(`DELETE FROM measurements WHERE test_id = ${number - 3}`);
  await writer.connection.run(
    `UPDATE measurements SET voltage_volt = 1 WHERE test_id = 1 AND record_index = ${number}`,
  );
}

const inode = (path: string) => statSync(path, { bigint: true }).ino;
/** The file as another process reads it: closing it in this one would give the engine's lock away. */
const bytesOf = (path: string) =>
  spawnSync(
    process.execPath,
    ['-e', 'process.stdout.write(require("node:fs").readFileSync(process.argv[1]))', path],
    {
      maxBuffer: 1 << 30,
    },
  ).stdout;

async function rowsRead(path: string): Promise<number> {
  const snapshot = await openSnapshot(path);
  try {
    const read = await snapshot.connection.runAndReadAll('SELECT count(*) AS n FROM measurements');
    return Number(read.getRowObjectsJson()[0]!.n);
  } finally {
    snapshot.close();
  }
}

describe('publishing again and again', () => {
  let writer: Writer;
  beforeEach(async () => {
    writer = await openWriter(database, { command: 'test' });
  });
  afterEach(() => writer.end());

  it('gives the same bytes as a full copy, through two files that take turns', async () => {
    const inodes: bigint[] = [];
    for (let number = 1; number <= 6; number++) {
      await night(writer, number, 2000);
      expect(await writer.publish()).toBe('published');
      expect(bytesOf(database).equals(bytesOf(writer.paths.writer))).toBe(true);
      expect(statSync(database).mode & 0o777).toBe(0o444);
      inodes.push(inode(database));
    }
    // Two files from the second publishing on: each is the one before last, brought up to date.
    expect(new Set(inodes.slice(1)).size).toBe(2);
    expect(inodes[5]).toBe(inodes[3]);
    expect(inodes[5]).not.toBe(inodes[4]);
  });

  it('leaves a snapshot that is read as it is, in this process and in another', async () => {
    await night(writer, 1, 2000);
    await writer.publish();
    const reader = await openSnapshot(database);
    for (let number = 2; number <= 5; number++) {
      await night(writer, number, 2000);
      await writer.publish();
    }
    const read = await reader.connection.runAndReadAll(
      'SELECT count(*) AS n, sum(record_index) AS s FROM measurements',
    );
    expect(read.getRowObjectsJson()[0]).toEqual({ n: '2000', s: '1999000' });
    reader.close();
  });

  it('does not write into what somebody keeps under another name', async () => {
    await night(writer, 1, 1000);
    await writer.publish();
    const kept = join(database, '..', 'kept.duckdb');
    linkSync(database, kept);
    const before = readFileSync(kept);
    for (let number = 2; number <= 4; number++) {
      await night(writer, number, 1000);
      await writer.publish();
    }
    expect(readFileSync(kept).equals(before)).toBe(true);
  });
});

it('a spare that is the snapshot under a second name, as a killed run leaves it, is not written into', async () => {
  const writer = await openWriter(database, { command: 'test' });
  await night(writer, 1, 1000);
  await writer.publish();
  linkSync(database, databasePaths(database).spare);
  const before = bytesOf(database);
  const published = inode(database);
  await night(writer, 2, 1000);
  await writer.publish();
  expect(inode(database)).not.toBe(published);
  expect(bytesOf(databasePaths(database).spare).equals(before)).toBe(true);
  await writer.end();
  expect(await rowsRead(database)).toBe(2000);
});

it.skipIf(process.platform === 'win32')(
  'a link to the database is the database, and stays a link',
  async () => {
    const link = join(database, '..', 'elsewhere', 'link.duckdb');
    mkdirSync(dirname(link));
    symlinkSync('../cellar.duckdb', link);
    for (const [index, path] of [link, database, link].entries()) {
      const writer = await openWriter(path, { command: 'test' });
      await night(writer, index + 1, 100);
      await writer.publish();
      await writer.end();
      expect(await rowsRead(link)).toBe(100 * (index + 1));
    }
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(await rowsRead(database)).toBe(300);
    expect(existsSync(join(dirname(link), '.cellar'))).toBe(false);
  },
);

it('bytes written follow what is new, not what is stored', async () => {
  const writer = await openWriter(database, { command: 'test' });
  await night(writer, 1, 800_000);
  await writer.publish();
  await night(writer, 2, 2000);
  await writer.publish();
  const { spare } = databasePaths(database);
  expect(existsSync(spare)).toBe(true);
  await night(writer, 5, 2000);
  await writer.connection.run('CHECKPOINT');
  await writer.end();
  const { openSync, closeSync, chmodSync } = await import('node:fs');
  chmodSync(spare, 0o644);
  const source = openSync(databasePaths(database).writer, 'r');
  const written = copyChangedBlocks(source, spare, 262_144);
  closeSync(source);
  expect(readFileSync(spare).equals(readFileSync(databasePaths(database).writer))).toBe(true);
  expect(statSync(spare).size).toBeGreaterThan(6e6);
  expect(written).toBeLessThan(statSync(spare).size / 3);
});
