import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IngestEvent } from '../../src/ingest/events.js';
import { cellar } from '../cli/run.js';
import { arbinCsv, cyclingRecords } from '../ingest/cycling.js';
import { Laboratory, unreconciledSql } from '../ingest/laboratory.js';
import { Running } from './running.js';

const whole = arbinCsv(cyclingRecords());
const lines = whole.split('\n');
const half = `${lines.slice(0, Math.floor(lines.length / 2)).join('\n')}\n`;
const rest = whole.slice(half.length);

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory();
});
afterEach(() => lab.remove());

const watching = (more: string[] = []) =>
  new Running([
    'ingest',
    lab.exports,
    '--db',
    lab.database,
    '--watch',
    '--json',
    ...['--poll', '0.1', '--settle', '0.4'],
    ...more,
  ]);

const records = async () => (await lab.rows<{ n: number }>('SELECT count(*) AS n FROM measurements'))[0]!.n;

/** Waits until readers see what an event tells of: an empty database is published before the first file has rested. */
const publishedAfter = (watch: Running, isIt: (event: IngestEvent) => boolean) =>
  watch.until(({ events }) => {
    const at = events.findIndex(isIt);
    return at >= 0 && events.slice(at).some(({ event }) => event === 'published');
  }, 'published');

// Windows ends a process without letting it say a word.
describe.skipIf(process.platform === 'win32')('cellar ingest --watch', () => {
  it('takes what rests, keeps nobody out, survives a folder that goes, and ends with 143', async () => {
    lab.write('night1.csv', half);
    // A folder that has nothing left at all is taken for a share that is not mounted.
    lab.write('stays.dta', 'not an export');
    const watch = watching(['--publish-every', '0']);
    const first = await watch.event('ingested');
    expect(first).toMatchObject({ path: expect.stringContaining('night1.csv'), format: 'arbin-csv' });
    await publishedAfter(watch, ({ event }) => event === 'ingested');
    const before = await records();
    expect(first.rows).toBe(before);

    // The lock is free between rounds: another command writes at once.
    await watch.until(
      () => !existsSync(join(lab.folder, '.cellar', 'cellar.duckdb.lock')),
      'lock given back',
    );
    const undone = cellar(['exclude', 'X-1', '--reason', 'a test', '--wait', '5', '--db', lab.database]);
    expect(undone.stderr).not.toContain('has held the database');

    // Going and coming back is said once each, and is no vanishing of files.
    renameSync(lab.exports, `${lab.exports}-away`);
    await watch.event('gone');
    await new Promise((resolve) => setTimeout(resolve, 400));
    renameSync(`${lab.exports}-away`, lab.exports);
    await watch.event('back');
    expect(watch.events.filter(({ event }) => event === 'gone' || event === 'vanished')).toHaveLength(1);

    // A file that keeps changing is left alone until it rests: it is taken once, and once more for every time that this
    // process, on a busy machine, let it rest for as long as `--settle` says.
    const growing = join(lab.exports, 'night1.csv');
    let rests = 0;
    let touched = Number.POSITIVE_INFINITY;
    for (const piece of [rest.slice(0, 500), rest.slice(500, 900), rest.slice(900)]) {
      const before = touched;
      touched = performance.now();
      appendFileSync(growing, piece);
      if (performance.now() - before >= 400) rests++;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const isWhole = ({ event, rows }: IngestEvent) => event === 'appended' && rows === lines.length - 2;
    await publishedAfter(watch, isWhole);
    expect(watch.events.filter(({ event }) => event === 'appended').length).toBeLessThanOrEqual(1 + rests);
    rmSync(growing);
    await watch.event('vanished');
    watch.child.kill('SIGTERM');
    expect(await watch.ended).toBe(143);
    expect(watch.events.at(-1)?.event).toBe('stopped');
    expect(await lab.rows(unreconciledSql)).toEqual([]);
    expect(await records()).toBe(lines.length - 2);
    expect(await lab.rows('SELECT path FROM files WHERE vanished_at IS NOT NULL')).toHaveLength(1);
    // The log beside the database has told the same.
    const log = readFileSync(join(lab.folder, '.cellar', 'cellar.duckdb.log'), 'utf8');
    expect(log).toContain('"event":"gone"');
    expect(log).toContain('"event":"appended"');
  });

  it('publishes at most every --publish-every, and what is left when it ends', async () => {
    lab.write('a.csv', half);
    const watch = watching(['--publish-every', '3600']);
    await watch.event('finished');
    await watch.event('published');
    lab.write('b.dta', 'not an export');
    await watch.event('finished', 2);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(watch.events.filter(({ event }) => event === 'published')).toHaveLength(1);
    watch.child.kill('SIGINT');
    expect(await watch.ended).toBe(130);
    expect(watch.events.map(({ event }) => event).slice(-2)).toEqual(['published', 'stopped']);
    expect(await lab.rows('SELECT 1 FROM files')).toHaveLength(2);
  });

  it('says once that the metadata are wrong, and goes on when they are corrected', async () => {
    lab.write('a.csv', half);
    const watch = watching();
    await watch.event('ingested');
    writeFileSync(join(lab.exports, 'cells.csv'), 'cell_id,cell_type\nA,pilet\n');
    expect((await watch.event('failed')).message).toContain('cells.csv, line 2');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(watch.events.filter(({ event }) => event === 'failed')).toHaveLength(1);
    writeFileSync(join(lab.exports, 'cells.csv'), 'cell_id,cell_type\nA,pellet\n');
    await watch.event('recovered');
    watch.child.kill('SIGTERM');
    expect(await watch.ended).toBe(143);
  });
});

describe('cellar ingest --watch with wrong arguments', () => {
  it('refuses a folder that is not there at the start, and numbers that are none', () => {
    const missing = cellar(['ingest', join(lab.folder, 'no'), '--watch', '--db', lab.database]);
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain('does not exist');
    const odd = cellar(['ingest', lab.exports, '--watch', '--settle', 'soon', '--db', lab.database]);
    expect(odd.status).toBe(2);
    expect(odd.stderr).toContain('--settle soon');
  });
});
