import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { toolVersion } from '../../src/version.js';
import { loadedAtStart } from './loaded-at-start.js';
import { cellar, temporaryFolder } from './run.js';

const folder = temporaryFolder();

describe('cellar', () => {
  it('prints its version and leaves with 0', () => {
    const { status, stdout } = cellar(['--version']);
    expect([status, stdout]).toEqual([0, `${toolVersion}\n`]);
  });

  it('lists every command in --help', () => {
    const { status, stdout } = cellar(['--help']);
    expect(status).toBe(0);
    for (const { name } of buildProgram().commands.map((command) => ({ name: command.name() }))) {
      expect(stdout).toContain(name);
    }
  });

  it.each(buildProgram().commands.map((command) => command.name()))('%s --help has an example', (name) => {
    const { status, stdout } = cellar([name, '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples?:\\n.*\\bcellar ${name}\\b`));
  });

  it.each([
    ['no command', [], /Usage: cellar/],
    ['a misspelt command', ['qurey', 'SELECT 1'], /unknown command 'qurey'\n.*Did you mean query\?/],
    ['an unknown option', ['query', '--fromat', 'csv', 'SELECT 1'], /unknown option '--fromat'\n.*--format/],
    ['a missing option value', ['query', '--format'], /argument missing/],
    ['a value that is no choice', ['query', '--format', 'xml', 'SELECT 1'], /Allowed choices/],
  ])('leaves with 2, not 1, on %s', (_, args, message) => {
    const { status, stdout, stderr } = cellar(args as string[]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });

  it('says what to do where there is no database, without a stack', () => {
    const missing = join(folder, 'nothing.duckdb');
    const { status, stderr } = cellar(['query', 'SELECT 1', '--db', missing]);
    expect(status).toBe(2);
    expect(stderr).toContain(`there is no database at ${missing}`);
    expect(stderr).toContain('cellar ingest');
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['a file where a folder has to be made', ['init', 'file'], /file is there already/],
    ['a file on the way to a folder', ['init', 'file/lab'], /a part of file.lab is a file/],
  ])('names a place that cannot be used and leaves with 74, no bug: %s', (_, args, message) => {
    writeFileSync(join(folder, 'file'), '');
    const { status, stderr } = cellar(args as string[], { cwd: folder });
    expect([status, stderr]).toEqual([74, expect.stringMatching(message)]);
  });

  it('prints the stack with --debug', () => {
    const { stderr } = cellar(['query', 'SELECT 1', '--db', join(folder, 'nothing.duckdb'), '--debug']);
    expect(stderr).toContain('    at ');
  });

  it('takes the database from CELLAR_DB, and --db before it', () => {
    const env = { CELLAR_DB: join(folder, 'from-environment.duckdb') };
    expect(cellar(['query', 'SELECT 1'], { env }).stderr).toContain('from-environment.duckdb');
    expect(cellar(['query', 'SELECT 1', '--db', 'given.duckdb'], { env, cwd: folder }).stderr).toContain(
      'given.duckdb',
    );
  });
});

describe('--help', () => {
  it('starts fast: it loads commander and nothing heavy', () => {
    const { modules, packages } = loadedAtStart();
    expect([...packages]).toEqual(['commander']);
    expect(modules.size).toBeGreaterThan(20);
  });
});
