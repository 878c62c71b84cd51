import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forwardSlashes } from '../../src/store/path-patterns.js';
import { Laboratory } from './laboratory.js';

/** What lies in the folders, what does not any more, and what is no file at all. */

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

const table = (value: number, rows = 4) =>
  `Test Time / s,Voltage / V,Current / A\n${Array.from({ length: rows }, (_, at) => `${at * 10},${3 + value + at / 100},0.1`).join('\n')}\n`;
const below = (name: string) => join(lab.exports, name);
const missed = () => lab.rows('SELECT path FROM files WHERE vanished_at IS NOT NULL');

describe('a file that is not where it was', () => {
  it('is not asked about where its neighbour alone is named', async () => {
    lab.write('a/x.csv', table(0));
    lab.write('a/y.csv', table(0.1));
    await lab.ingest(below('a/x.csv'));
    rmSync(below('a/x.csv'));
    const summary = await lab.ingest(below('a/y.csv'));
    expect(summary.vanished).toEqual([]);
    expect(await missed()).toEqual([]);
    expect((await lab.ingest(below('a'))).vanished).toEqual([forwardSlashes(below('a/x.csv'))]);
  });

  it('and is under another path is moved, whole or grown', async () => {
    lab.write('x.csv', table(0));
    lab.write('y.csv', table(0.1, 40));
    await lab.ingest();
    mkdirSync(below('2026'));
    renameSync(below('x.csv'), below('2026/x_cell4.csv'));
    rmSync(below('y.csv'));
    lab.write('2026/y.csv', table(0.1, 60));
    const summary = await lab.ingest();
    expect(summary.vanished).toEqual([]);
    expect(summary.moved).toEqual([
      { path: forwardSlashes(below('x.csv')), to: forwardSlashes(below('2026/x_cell4.csv')) },
      { path: forwardSlashes(below('y.csv')), to: forwardSlashes(below('2026/y.csv')) },
    ]);
  });
});

describe('a folder that is empty', () => {
  it('is said once, as a share that may not be mounted, and nothing is noted as gone', async () => {
    for (const [at, name] of ['a', 'b', 'c'].entries()) lab.write(`nas/${name}.csv`, table(at / 10));
    lab.write('own.csv', table(0.9));
    await lab.ingest();
    for (const name of ['a', 'b', 'c']) rmSync(below(`nas/${name}.csv`));
    const summary = await lab.ingest();
    expect(summary.emptied).toEqual([{ path: forwardSlashes(below('nas')), files: 3 }]);
    expect(summary).toMatchObject({ vanished: [], hasTrouble: true });
    expect(await missed()).toEqual([]);
  });

  it('but one that went with its files is not', async () => {
    lab.write('old/a.csv', table(0));
    lab.write('b.csv', table(0.1));
    await lab.ingest();
    rmSync(below('old'), { recursive: true });
    expect(await lab.ingest()).toMatchObject({ emptied: [], vanished: [forwardSlashes(below('old/a.csv'))] });
  });
});

describe.skipIf(process.platform === 'win32')('what is no regular file', () => {
  it('is named and not read, on the command line and in a folder', async () => {
    lab.write('a.csv', table(0));
    execFileSync('mkfifo', [below('p.csv')]);
    const named = await lab.ingest([below('p.csv'), below('a.csv')]);
    expect(named.unreadable).toMatchObject([{ message: 'a pipe, not a regular file' }]);
    expect(named.outcomes).toHaveLength(1);
    const summary = await lab.ingest();
    expect(summary.skipped).toMatchObject([{ path: below('p.csv'), message: 'a pipe, not a regular file' }]);
    expect(summary.hasTrouble).toBe(false);
  });

  it('links to folders are followed, once, whatever rings they make', async () => {
    lab.write('a.csv', table(0));
    mkdirSync(join(lab.folder, 'nas'));
    symlinkSync(join(lab.folder, 'nas'), below('nas'));
    lab.write('nas/b.csv', table(0.1));
    symlinkSync(lab.exports, below('nas/ring'));
    symlinkSync(join(lab.folder, 'nas'), below('zweite'));
    const { outcomes, skipped } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.path)).toEqual([below('a.csv'), below('nas/b.csv')]);
    expect(skipped.map(({ path }) => path).sort()).toEqual([below('nas/ring'), below('zweite')]);
  });

  it('a backslash is a letter of a name', async () => {
    lab.write('a/b.csv', table(0));
    lab.write('a\\b.csv', table(0.2));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['ingested', 'ingested']);
    expect(new Set(outcomes.map(({ row }) => row.path)).size).toBe(2);
  });
});

it('a pattern that fits no file is said', async () => {
  lab.write('cells.csv', 'cell_id,file_pattern\nP1,P1-25degC*\nP2,P2_*\n');
  lab.write('P1_25degC.csv', table(0));
  lab.write('P2_25degC.csv', table(0.1));
  const { notices } = await lab.ingest();
  expect(notices).toEqual(['cells.csv: file_pattern P1-25degC* of P1 fits no file']);
});
