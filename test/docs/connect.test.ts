import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeDatabase, temporaryFolder } from '../cli/run.js';
import { projectRoot } from '../shared-data.js';

/**
 * docs/connect.md: every snippet marked "run" is run, in each Python of CELLAR_TEST_PYTHONS (names separated by `:` or
 * `;`, else CELLAR_TEST_PYTHON or python3) as far as it has the package, and by Java where the driver is
 * (CELLAR_TEST_JDBC, else Maven's folder).
 */

const text = readFileSync(join(projectRoot, 'docs', 'connect.md'), 'utf8');
const snippets = (language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code]) => code!);

const pythons = (process.env.CELLAR_TEST_PYTHONS ?? process.env.CELLAR_TEST_PYTHON ?? 'python3')
  .split(/[:;]/)
  .map((python) => ({ python, modules: modulesOf(python) }));

/** Packages that a snippet imports, or needs for what it calls, and that a Python has. */
function modulesOf(python: string): Set<string> {
  const names = ['duckdb', 'pandas', 'polars', 'pyarrow', 'adbc_driver_manager'];
  const code = `import importlib.util as u\nprint(' '.join(n for n in ${JSON.stringify(names)} if u.find_spec(n)))`;
  const { stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  return new Set((stdout ?? '').trim().split(' '));
}

const needs = (code: string) => [
  'duckdb',
  ...(/\.df\(\)|from cellar/.test(code) ? ['pandas'] : []),
  ...(/\.pl\(\)/.test(code) ? ['polars', 'pyarrow'] : []),
  ...(/arrow/.test(code) ? ['pyarrow'] : []),
  ...(/adbc/.test(code) ? ['adbc_driver_manager'] : []),
];

function jdbc(): string | undefined {
  if (process.env.CELLAR_TEST_JDBC !== undefined) return process.env.CELLAR_TEST_JDBC;
  const folder = join(homedir(), '.m2', 'repository', 'org', 'duckdb', 'duckdb_jdbc');
  const version = existsSync(folder) ? readdirSync(folder).sort().at(-1) : undefined;
  return version === undefined ? undefined : join(folder, version, `duckdb_jdbc-${version}.jar`);
}

const folder = temporaryFolder();
const rows = (capacity: number) => ({
  cells: [{ cell_id: 'LRMO-01', cell_type: 'cathode_half', active_mass_mg: 10 }],
  tests: [{ test_id: 1, cell_id: 'LRMO-01', record_count: 1 }],
  measurements: [{ test_id: 1, record_index: 1, test_time_second: 0, voltage_volt: 3.5 }],
  cycles: [
    {
      test_id: 1,
      cycle_count: 1,
      cell_cycle: 1,
      label: 'ageing',
      cell_cycle_label: 'ageing',
      charging_capacity_ah: capacity,
      discharging_capacity_ah: capacity,
    },
  ],
});

beforeAll(async () => {
  await makeDatabase(join(folder, 'cellar.duckdb'), rows(0.002));
});

describe('docs/connect.md', () => {
  it('marks every snippet as run or not run, and runs all of Python and Java', () => {
    expect(snippets('python').length).toBe(5);
    expect(snippets('java').length).toBe(1);
    expect(text.match(/\*Run\.\*/g)?.length).toBe(6);
  });

  for (const [index, { python, modules }] of pythons.entries()) {
    const cases = snippets('python').map((code) => ({
      code,
      name: code.trim().split('\n')[0]!,
      of: needs(code),
    }));
    const able = cases.filter(({ of }) => of.every((name) => modules.has(name)));
    it.skipIf(able.length === 0)(`${able.length} of ${cases.length} Python snippets run in ${python}`, () => {
      // Each in a namespace of its own; what it leaves there is looked at.
      const program = `
import json, sys
sys.path.insert(0, ${JSON.stringify(join(projectRoot, 'python'))})
left = []
for code in json.load(sys.stdin):
    names = {}
    exec(code, names)
    left.append(sorted(name for name in names if not name.startswith('_')))
    for name in ('fade', 'cycles', 'table'):
        if name in names: assert len(names[name]) == 1, (name, names[name])
    if 'rows' in names: assert names['rows'] == 1
    if 'units' in names: assert any('mAh/g' in (comment or '') for _, comment in names['units'])
print(json.dumps(left))`;
      const { status, stdout, stderr } = spawnSync(python, ['-c', program], {
        cwd: folder,
        encoding: 'utf8',
        input: JSON.stringify(able.map(({ code }) => code)),
      });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toHaveLength(able.length);
    });

    it.skipIf(!modules.has('duckdb') || !modules.has('pandas'))(
      `cellar.py sees a new snapshot that an open connection does not, in ${python}`,
      async () => {
        const name = `followed-${index}.duckdb`;
        const path = await makeDatabase(join(folder, name), rows(0.002));
        const program = `
import sys, duckdb
sys.path.insert(0, ${JSON.stringify(join(projectRoot, 'python'))})
from cellar import Cellar
lab = Cellar('${name}')
sql = 'SELECT max(discharging_capacity_ah) AS ah FROM cell_cycles WHERE cell_id = $cell'
for line in sys.stdin:
    print(lab(sql, cell='LRMO-01').ah[0], flush=True)`;
        const child = spawn(python, ['-c', program], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
        const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
        const ask = async () => {
          child.stdin.write('again\n');
          return Number((await lines.next()).value);
        };
        expect(await ask()).toBe(0.002);
        renameSync(await makeDatabase(join(folder, `next-${index}.duckdb`), rows(0.003)), path);
        expect(await ask()).toBe(0.003);
        child.stdin.end();
        await once(child, 'exit');
      },
    );
  }

  const jar = jdbc();
  it.skipIf(jar === undefined || !existsSync(jar))('the Java snippet runs', () => {
    writeFileSync(join(folder, 'Fade.java'), snippets('java')[0]!);
    const { status, stdout, stderr } = spawnSync('java', ['-cp', jar!, 'Fade.java'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trim()).toBe('1 1.0');
  });
});
