import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckDBInstance } from '../../src/store/duckdb.js';
import { noteOpen } from '../../src/store/open-files.js';
import { openSnapshot } from '../../src/store/snapshot.js';
import { openWriter, type Writer } from '../../src/store/writer.js';
import { temporaryFolder } from '../cli/run.js';

/**
 * Nobody who reads a snapshot sees a part of a later one, however many are published meanwhile: not a reader in this
 * process that Cellar does not know of, not one whose process has lost DuckDB's lock, not a program that copies.
 * `npm run test:readers` publishes fifty times while readers come and go.
 */

const publications = Number(process.env.CELLAR_PUBLICATIONS ?? 4);

// Two columns in blocks of their own, alike in every snapshot; reading one leaves the other in the file.
const fill = (number: number) =>
  `UPDATE twins SET a = ${number} * 1e6 + hash(i) % 99991, b = ${number} * 1e6 + hash(i) % 99991`;
const sum = (column: string) =>
  `SELECT sum(${column})::BIGINT::VARCHAR AS s, count(*)::INTEGER AS n FROM twins`;

interface Reading {
  connection: Awaited<ReturnType<DuckDBInstance['connect']>>;
  close(): void;
}

async function openRaw(path: string): Promise<Reading> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const ask = async ({ connection }: Reading, column: string) =>
  (await connection.runAndReadAll(sum(column))).getRowObjectsJson()[0];

/** Another process, which opens the snapshot twice and closes it once: the system then drops its locks on the file. */
const lockless = `
const { openSync, readSync } = await import('node:fs');
const { createHash } = await import('node:crypto');
const { DuckDBInstance } = (await import(process.argv[1])).default;
const path = process.argv[2];
const open = () => DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
const instance = await open();
const connection = await instance.connect();
const ask = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson()[0];
const other = await open();
other.closeSync();
const copied = process.argv[3] === 'copies' ? openSync(path, 'r') : undefined;
const copy = () => {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(1 << 20);
  for (let at = 0, n; (n = readSync(copied, buffer, 0, buffer.length, at)) > 0; at += n) hash.update(buffer.subarray(0, n));
  return hash.digest('hex');
};
for await (const sql of (await import('node:readline')).createInterface({ input: process.stdin })) {
  try { console.log(JSON.stringify(sql === 'copy' ? copy() : await ask(sql))); } catch (error) { console.log(JSON.stringify(error.message)); }
}
process.exit(0);`;

class Other {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(path: string, kind: 'queries' | 'copies') {
    const module = pathToFileURL(createRequire(import.meta.url).resolve('@duckdb/node-api')).href;
    this.child = spawn(process.execPath, ['--input-type=module', '-e', lockless, module, path, kind], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  async ask(line: string): Promise<unknown> {
    this.child.stdin!.write(`${line}\n`);
    return JSON.parse((await this.lines.next()).value as string);
  }

  async end(): Promise<void> {
    const closed = once(this.child, 'close');
    this.child.stdin!.end();
    await closed;
  }
}

describe('snapshots that are read while others are published', () => {
  const database = join(temporaryFolder(), 'lab.duckdb');
  let writer: Writer;
  beforeAll(async () => {
    writer = await openWriter(database, { command: 'test' });
    await writer.connection.run(
      'CREATE TABLE twins AS SELECT i, 0::DOUBLE AS a, 0::DOUBLE AS b FROM range(400000) t(i)',
    );
    await writer.connection.run(fill(1));
    await writer.publish();
  });
  afterAll(() => writer.end());

  let number = 1;
  const publish = async () => {
    await writer.connection.run(fill(++number));
    await writer.publish();
  };

  // Windows does not replace a file that is open, and its locks belong to handles.
  it.skipIf(process.platform !== 'linux')(
    'stay whole for readers without a lock, and for what copies',
    async () => {
      const raw = await openRaw(database);
      const [queries, copies] = [new Other(database, 'queries'), new Other(database, 'copies')];
      const before = await ask(raw, 'a');
      expect(await queries.ask(sum('a'))).toEqual(before);
      const bytes = await copies.ask('copy');
      for (let times = 0; times < 3; times++) await publish();
      expect(await ask(raw, 'b')).toEqual(before);
      expect(await queries.ask(sum('b'))).toEqual(before);
      expect(await copies.ask('copy')).toBe(bytes);
      raw.close();
      await Promise.all([queries.end(), copies.end()]);
    },
  );

  it(`stay whole for readers that come and go during ${publications} publications`, async () => {
    let isOver = false;
    let readings = 0;
    const openings = [openSnapshot, ...(process.platform === 'linux' ? [openRaw] : []), openSnapshot];
    const readers = openings.map(async (open, index) => {
      while (!isOver) {
        const reading: Reading = await open(database);
        try {
          const before = await ask(reading, 'a');
          await new Promise((resolve) => setTimeout(resolve, 150 * index));
          expect(await ask(reading, 'b')).toEqual(before);
          readings++;
        } finally {
          reading.close();
        }
      }
    });
    for (let times = 0; times < publications; times++) await publish();
    isOver = true;
    await Promise.all(readers);
    expect(readings).toBeGreaterThan(2);
  });

  it('are written into again once nobody reads them', async () => {
    const files = new Set<bigint>();
    for (let times = 0; times < 4; times++) {
      await publish();
      files.add(statSync(database, { bigint: true }).ino);
    }
    expect(files.size).toBeLessThanOrEqual(3);
  });
});

it.skipIf(process.platform === 'win32')(
  'a reader that ends is closed with the last one of its process',
  () => {
    const closed: string[] = [];
    const [first, second] = [noteOpen('1:1'), noteOpen('1:1')];
    first(() => closed.push('first'));
    first(() => closed.push('first'));
    expect(closed).toEqual([]);
    noteOpen('1:2')(() => closed.push('other'));
    second(() => closed.push('second'));
    expect(closed).toEqual(['other', 'first', 'second']);
  },
);
