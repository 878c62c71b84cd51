import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it as itAlone } from 'vitest';
import { forwardSlashes } from '../../src/store/path-patterns.js';
import { type SharedLaboratory, testsOfOneDatabase } from '../shared-laboratory.js';
import { Laboratory } from './laboratory.js';

/** What lies in the folders, what does not any more, and what is no file at all. */

const it = testsOfOneDatabase();

const table = ({ number } = { number: 0 }, value = 0, rows = 4) =>
  `Test Time / s,Voltage / V,Current / A\n${Array.from({ length: rows }, (_, at) => `${at * 10},${3 + value + at / 100},${0.1 + number / 1000}`).join('\n')}\n`;
const below = (lab: SharedLaboratory, name: string) => join(lab.exports, name);
const missed = (lab: SharedLaboratory) => lab.rows('SELECT path FROM files WHERE vanished_at IS NOT NULL');

describe.concurrent('a file that is not where it was', () => {
  it('is not asked about where its neighbour alone is named', async ({ lab }) => {
    lab.write('a/x.csv', table(lab));
    lab.write('a/y.csv', table(lab, 0.1));
    await lab.ingest(below(lab, 'a/x.csv'));
    rmSync(below(lab, 'a/x.csv'));
    const summary = await lab.ingest(below(lab, 'a/y.csv'));
    expect(summary.vanished).toEqual([]);
    expect(await missed(lab)).toEqual([]);
    expect((await lab.ingest(below(lab, 'a'))).vanished).toEqual([forwardSlashes(below(lab, 'a/x.csv'))]);
  });

  it('and is under another path is moved, whole or grown', async ({ lab }) => {
    lab.write('x.csv', table(lab));
    lab.write('y.csv', table(lab, 0.1, 40));
    await lab.ingest();
    mkdirSync(below(lab, '2026'));
    renameSync(below(lab, 'x.csv'), below(lab, '2026/x_cell4.csv'));
    rmSync(below(lab, 'y.csv'));
    lab.write('2026/y.csv', table(lab, 0.1, 60));
    const summary = await lab.ingest();
    expect(summary.vanished).toEqual([]);
    expect(summary.moved).toEqual([
      { path: forwardSlashes(below(lab, 'x.csv')), to: forwardSlashes(below(lab, '2026/x_cell4.csv')) },
      { path: forwardSlashes(below(lab, 'y.csv')), to: forwardSlashes(below(lab, '2026/y.csv')) },
    ]);
  });
});

describe.concurrent('a folder that is empty', () => {
  it('is said once, as a share that may not be mounted, and nothing is noted as gone', async ({ lab }) => {
    for (const [at, name] of ['a', 'b', 'c'].entries()) lab.write(`nas/${name}.csv`, table(lab, at / 10));
    lab.write('own.csv', table(lab, 0.9));
    await lab.ingest();
    for (const name of ['a', 'b', 'c']) rmSync(below(lab, `nas/${name}.csv`));
    const summary = await lab.ingest();
    expect(summary.emptied).toEqual([{ path: forwardSlashes(below(lab, 'nas')), files: 3 }]);
    expect(summary).toMatchObject({ vanished: [], hasTrouble: true });
    expect(await missed(lab)).toEqual([]);
  });

  it('but one that went with its files is not', async ({ lab }) => {
    lab.write('old/a.csv', table(lab));
    lab.write('b.csv', table(lab, 0.1));
    await lab.ingest();
    rmSync(below(lab, 'old'), { recursive: true });
    expect(await lab.ingest()).toMatchObject({
      emptied: [],
      vanished: [forwardSlashes(below(lab, 'old/a.csv'))],
    });
  });
});

describe.skipIf(process.platform === 'win32').concurrent('what is no regular file', () => {
  it('is named and not read, on the command line and in a folder', async ({ lab }) => {
    lab.write('a.csv', table(lab));
    execFileSync('mkfifo', [below(lab, 'p.csv')]);
    const named = await lab.ingest([below(lab, 'p.csv'), below(lab, 'a.csv')]);
    expect(named.unreadable).toMatchObject([{ message: 'a pipe, not a regular file' }]);
    expect(named.outcomes).toHaveLength(1);
    const summary = await lab.ingest();
    expect(summary.skipped).toMatchObject([
      { path: below(lab, 'p.csv'), message: 'a pipe, not a regular file' },
    ]);
    expect(summary.hasTrouble).toBe(false);
  });

  it('links to folders are followed, once, whatever rings they make', async ({ lab }) => {
    lab.write('a.csv', table(lab));
    mkdirSync(join(lab.folder, 'nas'));
    symlinkSync(join(lab.folder, 'nas'), below(lab, 'nas'));
    lab.write('nas/b.csv', table(lab, 0.1));
    symlinkSync(lab.exports, below(lab, 'nas/ring'));
    symlinkSync(join(lab.folder, 'nas'), below(lab, 'zweite'));
    const { outcomes, skipped } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.path)).toEqual([below(lab, 'a.csv'), below(lab, 'nas/b.csv')]);
    expect(skipped.map(({ path }) => path).sort()).toEqual([below(lab, 'nas/ring'), below(lab, 'zweite')]);
  });

  it('a backslash is a letter of a name', async ({ lab }) => {
    lab.write('a/b.csv', table(lab));
    lab.write('a\\b.csv', table(lab, 0.2));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['ingested', 'ingested']);
    expect(new Set(outcomes.map(({ row }) => row.path)).size).toBe(2);
  });
});

itAlone('a pattern that fits no file is said', async () => {
  const lab = new Laboratory();
  lab.write('cells.csv', 'cell_id,file_pattern\nP1,P1-25degC*\nP2,P2_*\n');
  lab.write('P1_25degC.csv', table());
  lab.write('P2_25degC.csv', table(undefined, 0.1));
  const { notices } = await lab.ingest();
  expect(notices).toEqual(['cells.csv: file_pattern P1-25degC* of P1 fits no file']);
  lab.remove();
});
