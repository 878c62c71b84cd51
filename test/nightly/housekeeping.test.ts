import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendLog, logBytes, logsKept } from '../../src/store/log.js';
import { command, temporaryFolder } from '../cli/run.js';
import { arbinCsv, changed, cyclingRecords } from '../ingest/cycling.js';
import { Laboratory } from '../ingest/laboratory.js';

const records = cyclingRecords();
const whole = arbinCsv(records);

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

describe('the log', () => {
  it('is put aside when it is full, and never takes more than its share', () => {
    const path = join(temporaryFolder(), '.cellar', 'cellar.log');
    const line = { at: '2026-03-08T02:00:00.000Z', event: 'ingested', message: 'x'.repeat(200_000) };
    const count = Math.ceil((logBytes * (logsKept + 3)) / 200_000);
    for (let number = 0; number < count; number++) appendLog(path, { ...line, number });
    const files = readdirSync(join(path, '..'));
    expect(files).toHaveLength(logsKept + 1);
    const sizes = files.map((name) => statSync(join(path, '..', name)).size);
    expect(Math.max(...sizes)).toBeLessThan(logBytes + 250_000);
    // The newest line is in the log itself, the one before the rotation in .1.
    expect(readFileSync(path, 'utf8')).toContain(`"number":${count - 1}`);
  });

  it('that cannot be written stops nothing', () => {
    const file = join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    expect(() => appendLog(join(file, 'cellar.log'), { event: 'ingested' })).not.toThrow();
  });
});

describe('what lies in .cellar', () => {
  it('after an ingest is the database, its log, and nothing that killed runs left', async () => {
    const folder = join(lab.folder, '.cellar');
    mkdirSync(join(folder, 'cellar.duckdb.scratch'), { recursive: true });
    const left = [
      'cellar.duckdb.writer.duckdb.copy-4711.tmp',
      'cellar.duckdb.lock.abc.takeover',
      'cellar.duckdb.scratch/tail.csv',
    ];
    for (const name of left) writeFileSync(join(folder, name), 'left');
    // That of a neighbour in the same folder stays.
    writeFileSync(join(folder, 'other.writer.duckdb.copy-1.tmp'), 'left');
    lab.write('cells.csv', 'cell_id\nA-1\n');
    await lab.ingest();
    expect(readdirSync(folder).sort()).toEqual([
      'cellar.duckdb.log',
      'cellar.duckdb.seen.json',
      'cellar.duckdb.writer.duckdb',
      'other.writer.duckdb.copy-1.tmp',
    ]);
  });

  it('is made anew from the snapshot where somebody removed it', async () => {
    await lab.ingest(lab.write('a.csv', whole));
    const before = await lab.rows('SELECT count(*) AS n FROM measurements');
    rmSync(join(lab.folder, '.cellar'), { recursive: true });
    const summary = await lab.ingest();
    expect(summary.unchanged).toBe(1);
    expect(await lab.rows('SELECT count(*) AS n FROM measurements')).toEqual(before);
  });
});

describe.skipIf(process.platform === 'win32')('permissions', () => {
  it.each([
    ['002', 0o664, 0o444],
    ['077', 0o600, 0o400],
  ])(
    'umask %s: the writer and the log have the mode it asks for, the snapshot the same to read',
    (umask, mode, read) => {
      lab.write('cells.csv', 'cell_id\nA-1\n');
      const words = [process.execPath, command.program, 'ingest', lab.exports, '--db', lab.database];
      const done = spawnSync('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...words], { encoding: 'utf8' });
      expect(done.status, done.stderr).toBe(0);
      const modeOf = (name: string) => statSync(join(lab.folder, name)).mode & 0o777;
      for (const name of ['writer.duckdb', 'log']) {
        expect(modeOf(join('.cellar', `cellar.duckdb.${name}`)), name).toBe(mode);
      }
      expect(modeOf('cellar.duckdb')).toBe(read);
    },
  );
});

it('--supersede is on record: with the run, as a finding, and in what became of the old file', async () => {
  lab.write('a.csv', whole);
  await lab.ingest();
  lab.write('b.csv', arbinCsv(changed(records, (_record, index) => (index === 30 ? { voltage: 3.7 } : {}))));
  await lab.ingest(lab.exports, { supersede: true });
  const [run] = await lab.rows<{ parameters: string }>(
    'SELECT parameters FROM runs ORDER BY run_id DESC LIMIT 1',
  );
  expect(JSON.parse(String(run?.parameters))).toMatchObject({ supersede: true });
  expect(await lab.rows("SELECT severity FROM findings WHERE code = 'SUPERSEDED'")).toEqual([
    { severity: 'warning' },
  ]);
  expect(await lab.rows('SELECT status FROM files ORDER BY file_id')).toEqual([
    { status: 'superseded' },
    { status: 'ingested' },
  ]);
});
