import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cellar, command, temporaryFolder } from '../cli/run.js';
import { arbinCsv, cyclingRecords } from '../ingest/cycling.js';

/** A folder that every scheduler's quoting has to get through. */
const folder = join(temporaryFolder(), `Anna's 100% $HOME lab`);
const exports = join(folder, 'new exports');
const db = join(folder, 'cellar.duckdb');
mkdirSync(exports, { recursive: true });
writeFileSync(join(exports, 'a.csv'), arbinCsv(cyclingRecords()));

const schedule = (...more: string[]) => cellar(['schedule', exports, '--db', db, ...more]);

describe('cellar schedule', () => {
  it('prints all four with absolute paths', () => {
    const { stdout, status } = schedule('--at', '3:05');
    expect(status).toBe(0);
    expect(stdout).toContain('OnCalendar=*-*-* 03:05:00');
    expect(stdout).toContain('\n5 3 * * * ');
    expect(stdout).toContain('<key>Minute</key><integer>5</integer>');
    expect(stdout).toContain('-Daily -At 03:05');
    for (const line of stdout.split('\n').filter((text) => text.startsWith('ExecStart='))) {
      expect(line).toContain(`ExecStart="${process.execPath}" "${command.program}"`);
      // A specifier or a variable of systemd's would be put in place of them.
      expect(line).toContain(`100%% $$HOME`);
    }
  });

  it.skipIf(process.platform === 'win32')('what cron would run does the whole night', () => {
    const { stdout } = schedule('--for', 'cron');
    const line = stdout.split('\n').find((text) => text.startsWith('0 2 * * * '))!;
    // cron takes an unescaped % for the end of the line.
    expect(line).not.toMatch(/[^\\]%/);
    const done = spawnSync('sh', ['-c', line.slice('0 2 * * * '.length).replaceAll('\\%', '%')]);
    expect(String(done.stderr)).toBe('');
    const said = readFileSync(join(folder, 'last-night.log'), 'utf8');
    expect(said).toContain('1 ingested');
    expect(existsSync(db)).toBe(true);
    expect(readFileSync(join(folder, 'digest.md'), 'utf8')).toContain('# What is new');
  });

  it('refuses what is no time, no scheduler or no folder', () => {
    expect(schedule('--at', '25:00').status).toBe(2);
    expect(schedule('--for', 'nobody').stderr).toContain('systemd, cron, launchd, windows');
    expect(cellar(['schedule', join(folder, 'none')]).status).toBe(2);
  });
});
