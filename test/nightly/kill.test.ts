import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../shared-data.js';

/**
 * The whole: `node scripts/kill-ingest.js` (20 kills of an ingest and of a watch, the sample laboratory and 150 more
 * files).
 */
let done: ReturnType<typeof run>;

function run() {
  const words = [
    ...['--kills', '2', '--watch-kills', '1', '--files', '20'],
    ...['--data', join(projectRoot, 'sample-data', 'formats', 'maccor-text')],
  ];
  const script = join(projectRoot, 'scripts', 'kill-ingest.js');
  return spawnSync(process.execPath, [script, '--json', ...words], { encoding: 'utf8' });
}

beforeAll(() => {
  done = run();
}, 300_000);

it.each([
  ['ingest', { ingests: { kills: 2 } }],
  ['watch', { watches: { kills: 1 } }],
] as const)(
  'a killed %s leaves nothing half in, and the next one ends as if nobody had disturbed it',
  (_what, killed) => {
    expect(done.stderr).toBe('');
    expect(JSON.parse(done.stdout)).toMatchObject({ ...killed, tables: 15 });
  },
);
