import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellar, makeDatabase } from '../cli/run.js';
import { arbinCsv, cyclingRecords } from '../ingest/cycling.js';
import { Laboratory } from '../ingest/laboratory.js';

/** Two nights of a small lab: on the second a cell fails, a file is damaged, one is gone, one belongs to nobody. */
let lab: Laboratory;
const run = (...args: string[]) => cellar([...args, '--db', lab.database, '--quiet']);

/** 21 cycles as always, then three that reach the same voltages in half the time. */
const before = cyclingRecords({ cycles: 21 });
const last = before.at(-1)!;
const after = cyclingRecords({ cycles: 3, records: 10 }).map((record) => ({
  ...record,
  cycle: record.cycle + 21,
  time: record.time + last.time + 60,
}));
const failing = [...before, ...after];

beforeAll(() => {
  lab = new Laboratory();
  const cut = before.filter(({ cycle }) => cycle <= 20);
  lab.write('cells.csv', 'cell_id,material_id,cell_type\nA-01,,full\n');
  lab.write('A-01_cycling.csv', arbinCsv(cut));
  lab.write('archive/old.csv', arbinCsv(cyclingRecords({ current: 1.1 })).replaceAll('2026', '2019'));
  expect(run('ingest', lab.exports).status).toBe(0);
  lab.write('A-01_cycling.csv', arbinCsv(failing));
  lab.write('B-77_cycling.csv', arbinCsv(cyclingRecords({ current: 1.2 })).replaceAll('2026', '2024'));
  lab.write('broken.csv', '');
  rmSync(join(lab.exports, 'archive'), { recursive: true });
  expect(run('ingest', lab.exports).status).toBe(4);
}, 60_000);
afterAll(() => lab.remove());

describe('cellar digest', () => {
  it('says what the last night brought, and what to do about it', () => {
    const { status, stdout, stderr } = run('digest', '--since', '2', '--json');
    // Something is open for a person.
    expect(status, stderr).toBe(3);
    const digest = JSON.parse(stdout);
    expect(digest.schema).toBe('cellar.digest/1');
    expect(digest.runs).toMatchObject([{ run_id: 2, command: 'ingest' }]);
    expect(digest.new_tests).toMatchObject([{ path: expect.stringContaining('B-77'), cell_id: null }]);
    expect(digest.grown_tests).toMatchObject([{ cell_id: 'A-01', cycles: 24 }]);
    expect(digest.refused).toMatchObject([
      { path: expect.stringContaining('broken.csv'), status: 'rejected' },
    ]);
    expect(digest.vanished).toMatchObject([{ path: expect.stringContaining('archive/old.csv') }]);
    expect(digest.cells_without_material).toEqual(['A-01']);
    expect(digest.trends).toMatchObject({
      cells_judged: 1,
      left: expect.arrayContaining([
        expect.objectContaining({ cell_id: 'A-01', quantity: 'discharging_capacity_ah' }),
      ]),
    });
    expect(digest.trends.definition).toContain('robust');
    const commands = digest.to_do.map(({ command }: { command: string | null }) => command).join('\n');
    expect(commands).toContain('cellar sniff');
    expect(commands).toContain("where cell_id = 'A-01'");
    expect(commands).toContain(`--db ${lab.database}`);
  });

  it('is the same as text and as Markdown, and ends with what to do', () => {
    const text = run('digest', '--since', '2').stdout;
    const markdown = run('digest', '--since', '2', '--markdown').stdout;
    for (const title of [
      'New tests',
      'Tests that continued',
      'Cells that left their own trend',
      'Without metadata',
    ]) {
      expect(text).toContain(`\n${title}\n`);
      expect(markdown).toContain(`\n## ${title}\n`);
    }
    expect(text.slice(text.indexOf('What to do'))).toContain('cellar exclude A-01 --reason TEXT');
    expect(markdown.lastIndexOf('## ')).toBe(markdown.indexOf('## What to do'));
  });

  it('covers what it is asked for', () => {
    const all = JSON.parse(run('digest', '--json').stdout);
    expect(all.new_tests).toHaveLength(3);
    // Seen whole for the first time, a cell has no earlier trend to leave.
    expect(all.trends).toMatchObject({ cells_judged: 0, cells_without_trend: 1, left: [] });
    const none = run('digest', '--since', '2100-01-01').stdout;
    expect(none).toContain('nothing was ingested; the newest file came');
    expect(none).toMatch(/What to do\n {2}1\. say in cells\.csv which material cell A-01 tests/);
    expect(run('digest', '--since', '99').stderr).toContain('there is no run 99');
    expect(run('digest', '--since', 'noon').status).toBe(2);
  });

  it('names what stopped an ingest that left no run', () => {
    lab.write('cells.csv', 'cell_id,material_id,cell_type\nA-01,,nonsense\n');
    expect(run('ingest', lab.exports).status).toBe(2);
    lab.write('cells.csv', 'cell_id,material_id,cell_type\nA-01,,full\n');
    const { failures, to_do } = JSON.parse(run('digest', '--json').stdout);
    expect(failures).toMatchObject([{ message: expect.stringContaining('cells.csv, line 2') }]);
    expect(to_do[0].what).toContain('cells.csv, line 2');
  });

  it('names verdicts that flipped', async () => {
    const path = join(lab.folder, 'flipped.duckdb');
    const verdict = { target_id: 'T', target_table: 'rd-fund', material_id: 'M', reason: 'why' };
    const at = (day: number) => new Date(Date.UTC(2026, 2, day));
    await makeDatabase(path, {
      runs: [1, 2, 3].map((run_id) => ({
        run_id,
        command: 'check',
        started_at: at(run_id),
        finished_at: at(run_id),
      })),
      verdict_history: [
        { ...verdict, run_id: 1, verdict: 'PASS' },
        { ...verdict, run_id: 2, verdict: 'PASS' },
        { ...verdict, run_id: 3, verdict: 'FAIL' },
      ],
    });
    const { stdout } = cellar(['digest', '--since', '2026-03-01', '--db', path]);
    expect(stdout).toContain('M/T: PASS → FAIL: why');
    expect(stdout).toContain('cellar why M/T');
  });
});
