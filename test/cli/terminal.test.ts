import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { command, makeDatabase, temporaryFolder } from './run.js';

/** The shell on a terminal, which Python's standard library brings: pager, Ctrl-R, completion, Ctrl-D. */

const python = process.platform === 'win32' ? 'python' : 'python3';
const hasTerminal = process.platform !== 'win32' && spawnSync(python, ['-c', 'import pty']).status === 0;
if (!hasTerminal) console.warn('skipped: there is no Python that brings a terminal here');

const folder = temporaryFolder();
const db = join(folder, 'lab.duckdb');

beforeAll(async () => {
  await makeDatabase(db, { cells: Array.from({ length: 60 }, (_, i) => ({ cell_id: `CELL-${i}` })) });
});

/** Types each text when the one before has been answered by what it waits for; prints all that was shown. */
const program = `
import fcntl, json, os, pty, select, struct, sys, termios, time
command, steps = json.load(sys.stdin)
child, terminal = pty.fork()
if child == 0:
    os.execvpe(command[0], command, dict(os.environ, TERM='xterm', CELLAR_PAGER='more'))
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 100, 0, 0))
shown = ''
seen = 0
for wanted, typed in steps:
    end = time.time() + 20
    while wanted not in shown[seen:]:
        if time.time() > end: sys.exit(f'{wanted!r} was not shown, but: {shown[seen:]!r}')
        if select.select([terminal], [], [], 0.1)[0]:
            try: shown += os.read(terminal, 65536).decode('utf8', 'replace')
            except OSError: break
    seen = len(shown)
    os.write(terminal, typed.encode())
_, status = os.waitpid(child, 0)
print(json.dumps([shown, os.waitstatus_to_exitcode(status)]))
`;

function onTerminal(steps: readonly (readonly [wanted: string, typed: string])[]): [string, number] {
  const words = [command.file, command.program, 'shell', '--db', db];
  const { stdout, stderr, status } = spawnSync(python, ['-c', program], {
    encoding: 'utf8',
    input: JSON.stringify([words, steps]),
    env: command.environment({ HOME: folder, XDG_STATE_HOME: folder, NO_COLOR: '1' }),
    timeout: 60_000,
  });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as [string, number];
}

describe.skipIf(!hasTerminal)('the shell on a terminal', () => {
  it('pages what is longer than the screen, finds old lines, completes behind an alias, writes into files', () => {
    const [shown, code] = onTerminal([
      ['cellar> ', 'SELECT cell_id FROM cells ORDER BY cell_id;\r'],
      // A page of the sixty; its reader leaves.
      ['More', 'q'],
      ['60 rows', 'SELECT 7 AS seven;\r'],
      ['1 row', 'cells\u0012'],
      ['ORDER BY cell_id;', `\u0015SELECT c.batc FROM cells c\u001b[H${'\u001b[C'.repeat(13)}\t`],
      ['c.batch', '\u001b[F LIMIT 1;\r'],
      ['1 row', '.mode csv\r'],
      ['cellar> ', `.output ${join(folder, 'x.csv')}\r`],
      ['cellar> ', 'SELECT 5 AS five;\r'],
      [' s\r\n', '\u0004'],
    ]);
    expect(code).toBe(0);
    expect(shown).not.toContain('CELL-9');
    expect(readFileSync(join(folder, 'x.csv'), 'utf8')).toBe('five\n5\n');
  });
});
