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

  it('ships a target for every metric', async () => {
    const all = await Promise.all(shippedTables.map((name) => loadTargets(name)));
    const named = new Set(all.flatMap(({ targets }) => targets.map(({ metric }) => metric)));
    expect([...named].sort()).toEqual(metrics.map(({ id }) => id).sort());
  });

  it('fills in conditions, spells units one way and takes the name of the file', () => {
    const table = parseTargetTable({ targets: [good] }, 'mine');
    expect(table).toEqual({
      name: 'mine',
      targets: [{ ...good, unit: 'percent_per_cycle', conditions: { minimum_cycles: 100 }, source: null }],
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
      'targets[1] (a).metric: "fade" is no metric; metrics are conductivity_25c',
    ],
    [
      'a unit of another metric',
      { ...good, unit: 'mAh/g' },
      'targets[1] (a).unit: "mAh/g" is no unit of decay_rate; units are "1/cycle"',
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
