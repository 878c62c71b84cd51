import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { cellar, temporaryFolder } from './run.js';

const folder = temporaryFolder();
const commands = buildProgram().commands.map((command) => command.name());
const hasShell = (name: string) => spawnSync(name, ['-c', 'exit 0']).status === 0;

/** What bash would offer for the last of `words`. */
function offered(...words: string[]): string[] {
  const script = join(folder, 'completion.bash');
  writeFileSync(script, cellar(['completion', 'bash']).stdout);
  const quoted = ['cellar', ...words].map((word) => `'${word}'`).join(' ');
  const program = `source '${script}'; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _cellar; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return spawnSync('bash', ['-c', program], { encoding: 'utf8' }).stdout.trim().split('\n');
}

describe.each(['bash', 'zsh', 'fish'])('completion for %s', (shell) => {
  const script = cellar(['completion', shell]).stdout;

  it('knows every command and every option', () => {
    for (const command of buildProgram().commands) {
      expect(script).toContain(command.name());
      for (const { long } of command.options)
        expect(script).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
    }
  });

  it.skipIf(!hasShell(shell))('is a script the shell accepts', () => {
    const flag = shell === 'fish' ? '--no-execute' : '-n';
    const file = join(folder, `script.${shell}`);
    writeFileSync(file, script);
    expect(spawnSync(shell, [flag, file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
});

describe.skipIf(!hasShell('bash'))('in bash', () => {
  it('offers commands first', () => {
    expect(offered('')).toEqual(expect.arrayContaining(commands));
    expect(offered('que')).toEqual(['query']);
  });

  it('offers the options of the command, wherever the command stands', () => {
    expect(offered('query', '--dec')).toEqual(['--decimal-comma']);
    expect(offered('--db', 'x.duckdb', 'query', '--dec')).toEqual(['--decimal-comma']);
  });

  it('offers the values of an option that has choices', () => {
    expect(offered('query', '--format', '')).toEqual([
      'table',
      'csv',
      'json',
      'ndjson',
      'parquet',
      'arrow',
      'xlsx',
    ]);
  });
});
