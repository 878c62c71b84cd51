import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../shared-data.js';

/** The whole: `node scripts/kill-ingest.js` (20 kills, the sample laboratory and 150 more files), and with `--watch`. */
it.each([
  ['ingest', 2, []],
  ['watch', 1, ['--watch']],
] as const)(
  'a killed %s leaves nothing half in, and the next one ends as if nobody had disturbed it',
  {
    timeout: 300_000,
  },
  (_what, kills, more) => {
    const data = join(projectRoot, 'sample-data', 'formats', 'maccor-text');
    const done = spawnSync(
      process.execPath,
      [
        join(projectRoot, 'scripts', 'kill-ingest.js'),
        '--json',
        '--kills',
        String(kills),
        '--files',
        '20',
        ...more,
        '--data',
        data,
      ],
      { encoding: 'utf8' },
    );
    expect(done.stderr).toBe('');
    expect(JSON.parse(done.stdout)).toMatchObject({ kills, tables: 15 });
  },
);
