import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CellarError, exitCodes } from '../../src/errors.js';
import { type Holder, processStart } from '../../src/store/holder.js';
import { takeLock } from '../../src/store/lock.js';
import { cellar, temporaryFolder } from '../cli/run.js';
import { arbinCsv, cyclingRecords } from '../ingest/cycling.js';
import { Laboratory } from '../ingest/laboratory.js';
import { Running } from './running.js';

const folder = temporaryFolder();
let count = 0;
const lockPath = () => join(folder, `${count++}.lock`);

/** A lock file as a process of this machine would have left it. */
function leave(path: string, more: Partial<Holder> = {}): void {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    command: 'cellar ingest left',
    since: '2026-01-01T00:00:00.000Z',
    token: 'left',
    started: processStart(process.pid),
    ...more,
  };
  writeFileSync(path, `${JSON.stringify(holder)}\n`);
}

const age = (path: string, seconds: number) => {
  const then = new Date(Date.now() - seconds * 1000);
  utimesSync(path, then, then);
};

/** No process has this number: Linux gives out at most 2^22. */
const nobody = 2 ** 22 + 1;

describe('a lock that was left', () => {
  it('by a process that is gone is taken over at once', async () => {
    const path = lockPath();
    leave(path, { pid: nobody });
    const lock = await takeLock(path, 'next', 0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ command: 'next', pid: process.pid });
    await lock.release();
    expect(existsSync(path)).toBe(false);
  });

  it.skipIf(processStart(process.pid) === null)(
    'by a process whose number another has by now is taken over',
    async () => {
      const path = lockPath();
      leave(path, { started: 'an earlier boot/123' });
      await (await takeLock(path, 'next', 0)).release();
    },
  );

  it('where the system does not tell when a process began, silence for two minutes counts', async () => {
    const path = lockPath();
    leave(path, { started: null });
    await expect(takeLock(path, 'next', 0)).rejects.toThrow('has held the database');
    age(path, 130);
    await (await takeLock(path, 'next', 0)).release();
  });

  it('on another machine is respected until that has been silent for two minutes', async () => {
    const path = lockPath();
    leave(path, { host: 'another', pid: nobody });
    await expect(takeLock(path, 'next', 0)).rejects.toThrow('on another');
    age(path, 130);
    await (await takeLock(path, 'next', 0)).release();
  });

  it('half written is taken over after a few seconds', async () => {
    const path = lockPath();
    writeFileSync(path, '{"pid": 1');
    await expect(takeLock(path, 'next', 0)).rejects.toThrow('another process holds');
    age(path, 6);
    await (await takeLock(path, 'next', 0)).release();
  });

  it('has one heir, however many try, and none takes the lock of the heir', async () => {
    for (let round = 0; round < 5; round++) {
      const path = lockPath();
      leave(path, { pid: nobody, token: `left-${round}` });
      let held = 0;
      let most = 0;
      await Promise.all(
        Array.from({ length: 3 }, async () => {
          const lock = await takeLock(path, 'heir', 20);
          held += 1;
          most = Math.max(most, held);
          await new Promise((resolve) => setTimeout(resolve, 1));
          held -= 1;
          await lock.release();
        }),
      );
      expect(most).toBe(1);
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('names who holds the lock, with exit code 75', async () => {
  const path = lockPath();
  const lock = await takeLock(path, 'cellar ingest /exports', 0);
  const error = await takeLock(path, 'second', 0.1).catch((thrown: CellarError) => thrown);
  expect((error as CellarError).exitCode).toBe(exitCodes.busy);
  expect((error as CellarError).message).toMatch(
    /`cellar ingest \/exports` \(process \d+ on .+\) has held .* since 20/,
  );
  await lock.release();
});

describe('two ingests at once', () => {
  const big = arbinCsv(cyclingRecords({ cycles: 400 }));

  it('the second waits, then leaves with 75 naming the first; or takes its turn', async () => {
    const lab = new Laboratory();
    try {
      lab.write('big.csv', big);
      const first = new Running(['ingest', lab.exports, '--db', lab.database]);
      await first.until(() => existsSync(join(lab.folder, '.cellar', 'cellar.duckdb.lock')), 'the lock');
      const patient = new Running(['ingest', lab.exports, '--db', lab.database, '--wait', '60']);
      const second = cellar(['ingest', lab.exports, '--db', lab.database, '--wait', '0.2']);
      expect(second.status, second.stderr).toBe(75);
      expect(second.stderr).toContain(`process ${first.child.pid}`);
      expect(second.stderr).toContain('since 20');
      expect(await first.ended, first.stderr).toBe(0);
      expect(await patient.ended, patient.stderr).toBe(0);
      expect(patient.stdout).toContain('1 unchanged');
    } finally {
      lab.remove();
    }
  });
});
