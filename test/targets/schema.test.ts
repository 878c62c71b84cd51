import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTargets, shippedTables } from '../../src/targets/load.js';
import { metrics } from '../../src/targets/metrics/index.js';
import { parseTargetTable } from '../../src/targets/schema.js';

const folder = mkdtempSync(join(tmpdir(), 'cellar-targets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = {
  id: 'a',
  category: 'li_rich_cathode',
  metric: 'decay_rate',
  comparison: '<',
  threshold: 0.05,
  unit: '%/cycle',
};

const problemsOf = (...targets: object[]) => {
  const parsed = parseTargetTable({ targets }, 'mine');
  return 'problems' in parsed ? parsed.problems : [];
};

describe('target tables', () => {
  it.each(shippedTables)('%s is in order and says where each target comes from', async (name) => {
    const table = await loadTargets(name);
    expect(table.name).toBe(name);
    for (const target of table.targets) expect(target.source, target.id).toBeTruthy();
  });

  it('ships a target for every metric but those that no table asks for', async () => {
    const unasked = ['activation_energy', 'conductivity', 'critical_current_density', 'voltage_fade'];
    const all = await Promise.all(shippedTables.map((name) => loadTargets(name)));
    const named = new Set(all.flatMap(({ targets }) => targets.map(({ metric }) => metric)));
    const asked = metrics.map(({ id }) => id).filter((id) => !unasked.includes(id));
    expect([...named].sort()).toEqual(asked.sort());
  });

  it('takes dates, milestones, sets that follow each other, an owner and a note', async () => {
    const file = join(folder, 'dated.toml');
    writeFileSync(
      file,
      `name = "dated"
sets = [{ name = "2026", due = 2026-12-31 }, { name = "2027", due = 2027-12-31 }]
[[targets]]
id = "a"
category = "li_rich_cathode"
material = "LRMO"
metric = "decay_rate"
comparison = "<"
threshold = 0.05
unit = "%/cycle"
set = "2027"
milestones = [{ due = 2026-06-30, threshold = 0.2 }, { due = 2027-06-30, threshold = 0.1 }]
owner = "R. Meyer"
`,
    );
    const { sets, targets } = await loadTargets(file);
    expect(sets.map(({ name }) => name)).toEqual(['2026', '2027']);
    expect(targets[0]).toMatchObject({
      material: 'LRMO',
      due: '2027-12-31',
      milestones: [
        { due: '2026-06-30', threshold: 0.2 },
        { due: '2027-06-30', threshold: 0.1 },
      ],
      owner: 'R. Meyer',
      note: null,
    });
    expect(problemsOf({ ...good, due: '31.12.2026' })[0]).toContain('must be a date, such as 2026-12-31');
    expect(problemsOf({ ...good, set: '2028' })[0]).toContain('"2028" is not a set of this table');
    const late = [{ due: '2027-01-31', threshold: 0.1 }];
    expect(problemsOf({ ...good, due: '2026-12-31', milestones: late })[0]).toContain('all before `due`');
  });

  it('fills in conditions, spells units one way and takes the name of the file', () => {
    const table = parseTargetTable({ targets: [good] }, 'mine');
    const undated = { material: null, set: null, due: null, milestones: [], owner: null, note: null };
    const conditions = { minimum_cycles: 100 };
    expect(table).toEqual({
      name: 'mine',
      sets: [],
      targets: [{ ...good, unit: 'percent_per_cycle', conditions, source: null, ...undated }],
    });
  });

  it('reads TOML and JSON alike', async () => {
    const json = join(folder, 'own.json');
    writeFileSync(json, JSON.stringify({ name: 'own', targets: [good] }));
    const toml = join(folder, 'own.toml');
    const lines = Object.entries(good).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    writeFileSync(toml, `name = "own"\n[[targets]]\n${lines.join('\n')}\n`);
    expect(await loadTargets(toml)).toEqual(await loadTargets(json));
  });

  it.each([
    [
      'an unknown metric',
      { ...good, metric: 'fade' },
      'targets[1] (a).metric: "fade" is not a metric; metrics are conductivity_25c',
    ],
    [
      'a unit of another metric',
      { ...good, unit: 'mAh/g' },
      'targets[1] (a).unit: "mAh/g" is not a unit of decay_rate; units are "1/cycle"',
    ],
    [
      'an unknown category',
      { ...good, category: 'cathode' },
      'targets[1] (a).category: must be one of sulfide_electrolyte',
    ],
    ['a wrong comparison', { ...good, comparison: '=' }, 'targets[1] (a).comparison: must be ">"'],
    ['a threshold in words', { ...good, threshold: '5' }, 'targets[1] (a).threshold'],
    [
      'a condition of another metric',
      { ...good, conditions: { required_cycles: 5 } },
      'targets[1] (a).conditions: Unrecognized key: "required_cycles"; conditions of decay_rate are minimum_cells',
    ],
    [
      'a condition out of range',
      { ...good, conditions: { minimum_cycles: 0 } },
      'targets[1] (a).conditions.minimum_cycles',
    ],
    [
      'conductivity at another temperature',
      { ...good, metric: 'conductivity_25c', unit: 'S/cm', conditions: { temperature_celsius: 60 } },
      'targets[1] (a).conditions.temperature_celsius',
    ],
    [
      'a peak rate without its pulse',
      { ...good, metric: 'peak_discharge_rate', unit: 'C' },
      'targets[1] (a).conditions.pulse_second',
    ],
    ['an unknown key', { ...good, limit: 3 }, 'targets[1] (a): Unrecognized key: "limit"'],
  ])('says where there is %s', (_what, target, text) => {
    expect(problemsOf(target).join('\n')).toContain(text);
  });

  it('refuses two targets of one id and an empty list', () => {
    expect(problemsOf(good, good)).toEqual([
      'targets: the id "a" is there twice; give each an id of its own',
    ]);
    expect(problemsOf().join()).toContain('lists no target');
  });

  it('names the file in what it throws', async () => {
    const path = join(folder, 'bad.toml');
    writeFileSync(path, 'targets = 3\n');
    await expect(loadTargets(path)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`${path}, targets`),
    });
    writeFileSync(path, 'targets = [');
    await expect(loadTargets(path)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(path),
    });
    await expect(loadTargets(join(folder, 'none.toml'))).rejects.toMatchObject({ exitCode: 2 });
  });
});
