import { spawnSync } from 'node:child_process';
import {
  accessSync,
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CellarError, exitCodes } from '../../src/errors.js';
import { ingest } from '../../src/ingest/ingest.js';
import { openReadOnly, select } from '../../src/store/connection.js';
import { isDiskFull } from '../../src/store/disk-space.js';
import { command } from '../cli/run.js';
import { arbinCsv, cyclingRecords } from '../ingest/cycling.js';
import { Laboratory, unreconciledSql } from '../ingest/laboratory.js';
import { Running } from './running.js';

const whole = arbinCsv(cyclingRecords());
const lines = whole.split('\n');
const upTo = (share: number) => `${lines.slice(0, Math.floor(lines.length * share)).join('\n')}\n`;

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

const records = async () => (await lab.rows<{ n: number }>('SELECT count(*) AS n FROM measurements'))[0]!.n;

describe('readers never wait', () => {
  it('a query that is left open keeps what it saw, and stops no ingest', async () => {
    lab.write('a.csv', upTo(0.5));
    await lab.ingest();
    const before = await records();
    const reader = await openReadOnly(lab.database);
    try {
      const count = async () =>
        (await select<{ n: number }>(reader.connection, 'SELECT count(*) AS n FROM measurements'))[0]!.n;
      expect(await count()).toBe(before);
      lab.write('a.csv', whole);
      const summary = await lab.ingest();
      expect(summary.isPublished || process.platform === 'win32').toBe(true);
      expect(await count()).toBe(before);
    } finally {
      reader.close();
    }
    await lab.ingest();
    expect(await records()).toBe(lines.length - 2);
  });
});

describe('a file that changes while it is read', () => {
  it('is read again at once', async () => {
    const path = lab.write('a.csv', upTo(0.5));
    let changes = 0;
    const summary = await lab.ingest(lab.exports, {
      onBytes: () => {
        if (changes++ === 0) appendFileSync(path, whole.slice(upTo(0.5).length));
      },
    });
    expect(summary.postponed).toEqual([]);
    expect(summary.outcomes.map(({ row }) => row.status)).toEqual(['ingested']);
    expect(await records()).toBe(lines.length - 2);
  });

  it('and does not rest is left for the next run', async () => {
    const path = lab.write('a.csv', whole);
    const next = lines.at(-2)!.split(',');
    const summary = await lab.ingest(lab.exports, {
      onBytes: () => appendFileSync(path, `${next.join(',')}\n`),
    });
    expect(summary.postponed).toMatchObject([{ path, message: expect.stringContaining('changed') }]);
    expect(summary.outcomes).toEqual([]);
    await lab.ingest();
    expect(await records()).toBeGreaterThan(lines.length - 2);
  });
});

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it('what was committed stays, exit code 130, and the next run completes it', async () => {
    const big = arbinCsv(cyclingRecords({ cycles: 300 }));
    // Two transactions: a large file has its own.
    lab.write('a.csv', whole);
    for (let number = 0; number < 110; number++) lab.write(`notes/${number}.log`, `note ${number}`);
    lab.write('z.csv', big.replaceAll('2026', '2025'));
    const first = new Running(['ingest', lab.exports, '--db', lab.database]);
    await first.until(({ stderr }) => stderr.includes('/112 '), 'the first transaction');
    first.child.kill('SIGINT');
    expect(await first.ended, first.stderr).toBe(130);
    expect(await lab.rows(unreconciledSql)).toEqual([]);
    expect(await records()).toBeGreaterThan(0);
    await lab.ingest();
    expect(await lab.rows("SELECT DISTINCT status FROM files WHERE path LIKE '%.csv'")).toEqual([
      { status: 'ingested' },
    ]);
  });
});

/** Somebody who is not root, where this is root; permissions do not bind root. */
const stranger = 65534;
const isRoot = process.getuid?.() === 0;

function mayStrangerRun(): boolean {
  if (!isRoot) return process.platform !== 'win32';
  const args = ['-e', `require('node:fs').readFileSync(${JSON.stringify(command.program)})`];
  return spawnSync(process.execPath, args, { uid: stranger }).status === 0;
}

describe.skipIf(!mayStrangerRun())('a folder that cannot be read', () => {
  it('is named, the others are read, and what is known below it has not vanished', async () => {
    const hidden = join(lab.exports, 'hidden');
    lab.write('hidden/a.csv', upTo(0.5));
    lab.write('b.csv', whole);
    chmodSync(lab.folder, 0o777);
    const options = { encoding: 'utf8' as const, ...(isRoot ? { uid: stranger } : {}) };
    const run = () =>
      spawnSync(
        process.execPath,
        [command.program, 'ingest', lab.exports, '--db', lab.database, '--json'],
        options,
      );
    expect(run().status).toBe(0);
    chmodSync(hidden, 0o000);
    try {
      accessSync(lab.exports, constants.R_OK);
      const again = run();
      expect(again.status).toBe(4);
      expect(JSON.parse(again.stdout)).toMatchObject({
        vanished: [],
        unreadable: [{ path: hidden }],
        totals: { unchanged: 1 },
      });
    } finally {
      chmodSync(hidden, 0o755);
    }
  });
});

/** A disk of its own, small enough to be filled. */
const disk = join(tmpdir(), `cellar-disk-${process.pid}`);

function mountDisk(): boolean {
  if (process.platform !== 'linux' || !isRoot) return false;
  mkdirSync(disk, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'tmpfs', disk]).status === 0;
}

const hasDisk = mountDisk();
if (!hasDisk) console.warn('skipped: a full disk is made by mounting one, which needs Linux and root');
afterAll(() => {
  if (hasDisk) spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

describe.skipIf(!hasDisk)('a full disk', () => {
  const filler = join(disk, 'filler');
  const database = join(disk, 'cellar.duckdb');

  /** Fills the disk but for `left` bytes. */
  function fill(left: number): void {
    const handle = openSync(filler, 'w');
    const block = Buffer.alloc(1 << 18);
    try {
      for (;;) writeSync(handle, block);
    } catch {
      // Full.
    }
    closeSync(handle);
    spawnSync('truncate', ['-s', String(Math.max(0, statSync(filler).size - left)), filler]);
  }

  it('is known before anything is begun: what is needed, what is there', async () => {
    fill(40e6);
    lab.write('a.csv', whole);
    const error = await ingest([lab.exports], { database }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CellarError);
    expect(error.exitCode).toBe(exitCodes.storage);
    expect(error.message).toMatch(/has \d+ MB free; .* needs about \d+ MB/);
    rmSync(filler);
  });

  it('in the middle of an ingest: what was committed stays, the next run completes it', async () => {
    lab.write('a.csv', upTo(0.5));
    await ingest([lab.exports], { database });
    const stored = async () => {
      const { connection, close } = await openReadOnly(database);
      const [row] = await select<{ n: number }>(connection, 'SELECT count(*) AS n FROM measurements');
      close();
      return row!.n;
    };
    const before = await stored();
    lab.write('b.csv', arbinCsv(cyclingRecords({ cycles: 300, current: 1.4 })));
    const error = await ingest([lab.exports], { database, onStart: () => fill(0) }).catch((thrown) => thrown);
    expect(isDiskFull(error), String(error)).toBe(true);
    expect(await stored()).toBe(before);
    rmSync(filler);
    const summary = await ingest([lab.exports], { database });
    expect(summary.outcomes.map(({ row }) => row.status)).toEqual(['ingested']);
    expect(await stored()).toBeGreaterThan(before);
  });
});
