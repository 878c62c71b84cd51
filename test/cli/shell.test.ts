import { spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { complete, readVocabulary, type Vocabulary } from '../../src/cli/shell/completer.js';
import { HistorySearch } from '../../src/cli/shell/history-search.js';
import { openForQueries } from '../../src/query/open.js';
import { cellar, command, makeDatabase, temporaryFolder } from './run.js';

const folder = temporaryFolder();
const db = join(folder, 'lab.duckdb');

beforeAll(async () => {
  await makeDatabase(db, { cells: [{ cell_id: 'A1', material_id: 'M1' }] });
});

const shell = (input: string) => cellar(['shell', '--db', db], { input });

/** A running shell that tests can talk to. */
function startShell(path: string) {
  const child = spawn(command.file, [command.program, 'shell', '--db', path], { env: command.environment() });
  let output = '';
  const watch = (data: Buffer) => {
    output += data.toString();
  };
  child.stdout.on('data', watch);
  child.stderr.on('data', watch);
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  const says = async (pattern: RegExp) => {
    for (let waited = 0; !pattern.test(output); waited += 20) {
      if (waited > 20_000) throw new Error(`${pattern} was not said, but: ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return output;
  };
  return { child, says, ended, type: (text: string) => child.stdin.write(text) };
}

describe('cellar shell', () => {
  it('runs statements over several lines, and the last one without a semicolon', () => {
    const { status, stdout } = shell("SELECT\n  1 AS a;\nSELECT ';' AS b");
    expect(status).toBe(0);
    expect(stdout).toBe('a\n─\n1\nb\n─\n;\n');
  });

  it('writes in another format on request', () => {
    expect(shell('.format csv\nFROM cells;').stdout.split('\n')[1]).toMatch(/^A1,M1,/);
    expect(JSON.parse(shell('.mode json\nSELECT cell_id FROM cells;').stdout)).toEqual([{ cell_id: 'A1' }]);
  });

  it('writes results to a file until told otherwise, and says when it cannot', () => {
    const file = join(folder, 'results.csv');
    const { stdout, stderr } = shell(
      `.mode csv\n.output ${file}\nSELECT 1 AS a;\nSELECT 2 AS b;\n.output\nSELECT 3 AS c;\n.output ${folder}\n`,
    );
    expect(readFileSync(file, 'utf8')).toBe('a\n1\nb\n2\n');
    expect(stdout).toBe('c\n3\n');
    expect(stderr).toContain('cannot be written');
  });

  it('lists tables and views, and explains one', () => {
    const { stdout } = shell('.tables\n.schema cycles\n');
    for (const name of ['measurements', 'cells', 'curves']) expect(stdout).toContain(name);
    expect(stdout).toMatch(/coulombic_efficiency\s+DOUBLE/);
  });

  it('goes on after an error, and leaves with 2', () => {
    const { status, stdout, stderr } = shell('SELECT nothing;\nSELECT 7 AS seven;');
    expect(status).toBe(2);
    expect(stderr).toContain('nothing');
    expect(stdout).toContain('seven');
  });

  it('keeps temporary tables between statements, and refuses to write', () => {
    const { stdout, stderr } = shell('CREATE TEMP TABLE t AS SELECT 5 AS five;\nFROM t;\nDELETE FROM cells;');
    expect(stdout).toContain('five');
    expect(stderr).toContain('DELETE is refused');
  });

  it('reads statements from a file', () => {
    const file = join(folder, 'questions.sql');
    writeFileSync(file, 'SELECT 1 AS one; SELECT 2 AS two');
    expect(shell(`.read ${file}`).stdout).toBe('one\n───\n  1\ntwo\n───\n  2\n');
    expect(shell('.read missing.sql').stderr).toContain('missing.sql cannot be read');
  });

  it('says how long statements took when asked', () => {
    expect(shell('.timing on\nSELECT 1;').stderr).toMatch(/^1 row, \d+\.\d{3} s$/m);
  });

  it('helps, leaves, and suggests', () => {
    expect(shell('.help').stdout).toContain('.timing');
    expect(shell('.quit\nSELECT 1;').stdout).toBe('');
    expect(shell('.tabels').stderr).toContain('Did you mean .tables?');
  });

  it('stops a statement on Ctrl-C and takes the next', async () => {
    const { child, says, type, ended } = startShell(db);
    type('SELECT 1 AS ready;\n');
    await says(/ready/);
    type('SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE hash(a.range + b.range) = 1;\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGINT');
    await says(/the query was stopped/);
    type('SELECT 2 AS alive;\n');
    await says(/alive/);
    child.stdin.end();
    expect(await ended).toBe(2);
  });

  it('reads a snapshot that was put in place meanwhile, and says so', async () => {
    const path = await makeDatabase(join(folder, 'followed.duckdb'), { cells: [{ cell_id: 'OLD' }] });
    const { child, says, type, ended } = startShell(path);
    type('SELECT cell_id FROM cells;\n');
    await says(/OLD/);
    renameSync(await makeDatabase(join(folder, 'next.duckdb'), { cells: [{ cell_id: 'NEW' }] }), path);
    type('SELECT cell_id FROM cells;\n');
    await says(/the database was updated[\s\S]*NEW/);
    child.stdin.end();
    expect(await ended).toBe(0);
  });
});

describe('completion', () => {
  let words: Vocabulary;
  beforeAll(async () => {
    const database = await openForQueries(db);
    words = await readVocabulary(database.connection);
    database.close();
  });

  it.each([
    ['SELECT * FROM meas', '', ['measured_at', 'measurements']],
    ['SELECT coulombic_eff', '', ['coulombic_efficiency', 'coulombic_efficiency_fits']],
    ['SELECT medi', '', ['median(', 'median_voltage_volt']],
    ['SEL', '', ['SELECT']],
    ['sel', '', ['select']],
    ['SELECT cycles.coul', '', ['cycles.coulombic_efficiency']],
    ['WHERE c.coul', 'SELECT 1 FROM cycles AS c\n', ['c.coulombic_efficiency']],
    // The alias is explained behind the cursor, or by a name in quotes.
    ['SELECT c.coul', ' FROM cells l JOIN cell_cycles AS c USING (cell_id)', ['c.coulombic_efficiency']],
    ['SELECT x.coul', 'FROM cells, "cycles" x', ['x.coulombic_efficiency']],
    ['SELECT nowhere.coul', '', []],
    ['SELECT ', '', []],
  ])('%s', (line, around, expected) => expect(complete(line, around, words)[0]).toEqual(expected));
});

describe('Ctrl-R', () => {
  it('fetches older and older lines that contain what stood there, and begins anew with something else', () => {
    const history = ['FROM cells', 'SELECT 3 FROM cycles', 'FROM files', 'select 2 from cycles'];
    const search = new HistorySearch();
    expect(search.next('CYCLES', history)).toBe('SELECT 3 FROM cycles');
    expect(search.next('SELECT 3 FROM cycles', history)).toBe('select 2 from cycles');
    expect(search.next('select 2 from cycles', history)).toBeUndefined();
    expect(search.next('files', history)).toBe('FROM files');
  });
});
