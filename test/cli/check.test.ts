import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openReadOnly, select } from '../../src/store/connection.js';
import { readSheets } from '../query/sheets.js';
import { sampleLaboratory } from '../sample-laboratory.js';
import { projectRoot } from '../shared-data.js';
import { cellar, makeDatabase, temporaryFolder } from './run.js';

/** The sample laboratory, through the program as a user runs it, against what it was made from. */

// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes, read field by field
type Json = any;
const truth: Json = JSON.parse(readFileSync(join(projectRoot, 'sample-data', 'lab-truth.json'), 'utf8'));

const folder = temporaryFolder();
const db = join(folder, 'cellar.duckdb');
let checked: Json;

const run = (...args: string[]) => cellar([...args, '--db', db]);
const json = (...args: string[]): Json => JSON.parse(run(...args, '--json').stdout);

async function rows<Row = Json>(sql: string): Promise<Row[]> {
  const database = await openReadOnly(db);
  try {
    return await select<Row>(database.connection, sql);
  } finally {
    database.close();
  }
}

const verdictOf = (material: string, metric: string): Json =>
  checked.verdicts.find((row: Json) => row.material_id === material && row.metric === metric);

const cellOf = (material: string, metric: string, cell: string): Json =>
  verdictOf(material, metric).evidence.cells.find(({ cell_id }: Json) => cell_id === cell);

beforeAll(() => {
  const { printed } = sampleLaboratory(folder);
  expect(printed).toContain(`(exit code ${truth.ingest_exit_code}: lines were rejected)`);
  const result = run('check', '--json', '--xlsx', join(folder, 'v.xlsx'), '--csv', join(folder, 'v.csv'));
  expect(result.status).toBe(truth.check_exit_code);
  checked = JSON.parse(result.stdout);
}, 300_000);

describe('the sample laboratory against rd-fund', () => {
  it.each<[string, string, Json]>(truth.verdicts.map((one: Json) => [one.material_id, one.metric, one]))(
    '%s: %s',
    (material, metric, { verdict, value, unit }) => {
      const found = verdictOf(material, metric);
      expect(found.verdict).toBe(verdict);
      const scale = { percent: 100, percent_per_cycle: 100 }[found.unit as string] ?? 1;
      const expected = (unit === '1' && found.unit !== '1') || unit === '1 per cycle' ? value * scale : value;
      expect(found.ci95_low).toBeLessThanOrEqual(expected);
      expect(found.ci95_high).toBeGreaterThanOrEqual(expected);
      expect(Math.abs(found.value / expected - 1)).toBeLessThan(0.01);
      expect(found.missing === null).toBe(verdict === 'PASS' || verdict === 'FAIL');
    },
  );

  it('judges nothing else, and says how it ended', () => {
    expect(checked.schema).toBe('cellar.check/1');
    expect(checked.verdicts).toHaveLength(truth.verdicts.length);
    expect(checked.exit_code).toBe(truth.check_exit_code);
    const { PASS, FAIL, INCONCLUSIVE, 'INSUFFICIENT DATA': open } = checked.counts;
    expect(PASS + FAIL + INCONCLUSIVE + open).toBe(truth.verdicts.length);
  });

  it.each(Object.entries<Json>(truth.cells).filter(([, cell]) => cell.law?.startsWith('sigma')))(
    '%s: conductivity and activation energy lie in their intervals',
    (id, cell) => {
      const found = cellOf('LPSC', 'conductivity_25c', id);
      expect(found.ci95_low).toBeLessThan(cell.sigma25_S_cm);
      expect(found.ci95_high).toBeGreaterThan(cell.sigma25_S_cm);
      expect(Math.abs(found.goodness.Ea_ln_sigma_eV - cell.Ea_eV)).toBeLessThan(0.003);
      for (const { path, first_line, last_line } of found.files) {
        expect(cell.files.some((file: string) => path.endsWith(file))).toBe(true);
        expect(last_line).toBeGreaterThan(first_line);
      }
    },
  );

  it.each(Object.entries<Json>(truth.cells).filter(([, cell]) => cell.area_specific_resistance_25_ohm_cm2))(
    '%s: resistance of the interface lies in its interval',
    (id, cell) => {
      const found = cellOf('LLZO', 'interfacial_asr', id);
      expect(found.ci95_low).toBeLessThan(cell.area_specific_resistance_25_ohm_cm2);
      expect(found.ci95_high).toBeGreaterThan(cell.area_specific_resistance_25_ohm_cm2);
    },
  );

  it.each(Object.entries<Json>(truth.cells).filter(([, cell]) => cell.D && !cell.excluded))(
    '%s: decay and capacity lie in their intervals',
    (id, cell) => {
      const decay = cellOf('LRMO', 'decay_rate', id);
      expect(decay.ci95_low).toBeLessThan(100 * cell.D);
      expect(decay.ci95_high).toBeGreaterThan(100 * cell.D);
      const capacity = cellOf('LRMO', 'specific_capacity', id);
      expect(capacity.ci95_low).toBeLessThan(cell.Q0_mAh_g);
      expect(capacity.ci95_high).toBeGreaterThan(cell.Q0_mAh_g);
    },
  );

  it.each(Object.entries<Json>(truth.cells).filter(([, cell]) => cell.eligible_cycles))(
    '%s: efficiency over the eligible cycles is what was simulated',
    (id, cell) => {
      const found = cellOf(cell.material_id, 'coulombic_efficiency', id);
      const mean = 100 * cell.coulombic_efficiency_mean_of_first_500_eligible;
      expect(Math.abs(found.value - mean)).toBeLessThan(1e-3);
      expect(found.goodness.eligible_cycles).toBe(cell.eligible_cycles);
    },
  );

  it('names the excluded cell with its reason, and the value with it', () => {
    const { evidence, sample_size } = verdictOf('LRMO', 'specific_capacity');
    expect(sample_size).toBe(3);
    expect(evidence.cells.find(({ cell_id }: Json) => cell_id === 'LRMO-04').excluded_reason).toContain(
      'short',
    );
    expect(evidence.without_exclusions.value).not.toBe(verdictOf('LRMO', 'specific_capacity').value);
  });

  it('judges heating and cooling apart, on record', () => {
    expect(cellOf('LPSC', 'conductivity_25c', 'LPSC-03').goodness.judged_branch).toBe('heating');
    expect(verdictOf('LPSC', 'conductivity_25c').warnings.map(({ code }: Json) => code)).toContain(
      'HYSTERESIS',
    );
  });

  it('says what is missing and about when it will be there', () => {
    expect(verdictOf('LI3D', 'coulombic_efficiency').missing).toMatch(
      /LI3D-01: 393 more eligible cycles \(107 of 500\), about \d+ days more at \d+ cycles a day/,
    );
  });

  it('projects no date that has passed, as the samples’ have: not printed, not stored, not of a cell', async () => {
    expect(verdictOf('LI3D', 'coulombic_efficiency').missing).toContain('the test stands still');
    const stored = await rows('SELECT missing FROM verdicts UNION ALL SELECT missing FROM cell_metrics');
    const all = [JSON.stringify(checked), JSON.stringify(stored), run('why', 'LI3D-01').stdout];
    for (const text of all) expect(text).not.toMatch(/around 20\d\d/);
  });
});

describe('verdicts for Excel', () => {
  it('are a workbook: numbers as numbers, budget and alternatives on sheets of their own', async () => {
    const sheets = new Map(await readSheets(readFileSync(join(folder, 'v.xlsx'))));
    expect([...sheets.keys()]).toEqual(['verdicts', 'dates', 'budget', 'alternatives']);
    const [header = [], ...lines] = sheets.get('verdicts') ?? [];
    const at = (name: string) => header.findIndex((cell) => cell?.text === name);
    expect(lines.map((line) => [line[at('material')]?.text, line[at('verdict')]?.text])).toEqual(
      checked.verdicts.map((one: Json) => [one.material_id, one.verdict]),
    );
    const missed = lines.filter((line) => line[at('verdict')]?.text === 'FAIL');
    expect(missed.length).toBeGreaterThan(0);
    for (const line of missed) {
      const [value, limit, by] = ['value', 'limit', 'missed_by'].map((name) => line[at(name)]);
      expect(by?.kind).toBe('number');
      expect(Number(by?.text)).toBeCloseTo(Math.abs(Number(value?.text) - Number(limit?.text)), 9);
      expect(line[at('reason')]?.text).toContain('missed by');
    }
    const count = (name: string) => checked.verdicts.flatMap((one: Json) => one[name]).length;
    expect(sheets.get('budget')).toHaveLength(count('budget') + 1);
    expect(sheets.get('alternatives')).toHaveLength(count('alternatives') + 1);
  });

  it('are CSV that Excel takes for UTF-8', () => {
    const text = readFileSync(join(folder, 'v.csv'), 'utf8');
    expect(text.startsWith('\ufeffmaterial,target,verdict,value,')).toBe(true);
    expect(text).toContain('Ω·cm²');
    expect(text.trim().split('\r\n')).toHaveLength(checked.verdicts.length + 1);
  });
});

describe('what check leaves behind', () => {
  it('stores the verdicts it printed, in the documented columns', async () => {
    const stored = await rows('SELECT * FROM verdicts ORDER BY rowid');
    const printed = checked.verdicts.map(({ budget, alternatives, ...row }: Json) => ({
      ...row,
      warnings: JSON.stringify(row.warnings),
      messages: JSON.stringify(row.messages),
      evidence: JSON.stringify(row.evidence),
      assumed: JSON.stringify(row.assumed),
      codes: JSON.stringify(row.codes),
      milestones: JSON.stringify(row.milestones),
    }));
    expect(stored).toEqual(printed);
    const [budgets] = await rows('SELECT count(*)::INTEGER AS count FROM verdict_budget');
    expect(budgets?.count).toBe(checked.verdicts.flatMap((row: Json) => row.budget).length);
    const [others] = await rows('SELECT count(*)::INTEGER AS count FROM verdict_alternatives');
    expect(others?.count).toBe(checked.verdicts.flatMap((row: Json) => row.alternatives).length);
  });

  it('fills the tables of fits', async () => {
    const [counts] = await rows(`SELECT
      (SELECT count(DISTINCT spectrum_id) FROM impedance_fits) AS spectra,
      (SELECT count(*) FROM spectra WHERE cell_id IS NOT NULL) AS all_spectra,
      (SELECT count(DISTINCT cell_id) FROM arrhenius_fits) AS pellets,
      (SELECT count(DISTINCT form) FROM arrhenius_fits) AS forms,
      (SELECT count(DISTINCT cell_id) FROM decay_fits WHERE quantity = 'D') AS cathodes,
      (SELECT count(DISTINCT cell_id) FROM coulombic_efficiency_fits) AS efficiencies,
      (SELECT count(*) FROM conductivities WHERE conductivity_siemens_per_centimeter IS NULL) AS without,
      (SELECT count(*) FROM impedance_fits WHERE value = 'NaN' OR isinf(value)) AS undefined_values`);
    expect(counts).toMatchObject({
      pellets: 6,
      forms: 5,
      cathodes: 5,
      efficiencies: 10,
      without: 0,
      undefined_values: 0,
    });
    expect(counts.spectra).toBe(counts.all_spectra);
    const voltage = await rows(`SELECT * FROM decay_fits WHERE series = 'mean_discharging_voltage'`);
    expect(voltage.length).toBeGreaterThanOrEqual(3);
  });

  it('writes nothing where nothing is new', async () => {
    const before = { modified: statSync(db).mtimeMs, runs: await rows('SELECT * FROM runs') };
    expect(json('check')).toEqual(checked);
    expect(json('analyze')).toMatchObject({ new_fits: 0, written: [] });
    expect({ modified: statSync(db).mtimeMs, runs: await rows('SELECT * FROM runs') }).toEqual(before);
  });

  it('says the same with --no-write, which touches no file', () => {
    const beside = readdirSync(join(folder, '.cellar'));
    const before = statSync(db).mtimeMs;
    const { verdicts, counts } = json('check', '--no-write');
    expect(counts).toEqual(checked.counts);
    expect(verdicts.map(({ value, verdict }: Json) => [value, verdict])).toEqual(
      checked.verdicts.map(({ value, verdict }: Json) => [value, verdict]),
    );
    expect(statSync(db).mtimeMs).toBe(before);
    expect(readdirSync(join(folder, '.cellar'))).toEqual(beside);
  });

  it('keeps a verdict that changes in the history, and takes an exclusion back', async () => {
    expect(run('exclude', 'LPSC-04').status).toBe(2);
    expect(run('exclude', 'NOBODY', '--reason', 'x').status).toBe(2);
    expect(run('exclude', 'LPSC-04', '--reason', 'cracked').stdout).toContain(
      'LPSC-04 is left out of verdicts: cracked',
    );
    expect(run('exclude', 'LPSC-04', '--reason', 'again').stderr).toContain('excluded already: cracked');
    const without = json('check').verdicts.find(
      ({ target_id }: Json) => target_id === 'sulfide-conductivity',
    );
    expect(without.sample_size).toBe(3);
    expect(without.run_id).toBeGreaterThan(verdictOf('LPSC', 'conductivity_25c').run_id);
    expect(json('exclude').exclusions.map(({ cell_id }: Json) => cell_id)).toEqual(['LPSC-04', 'LRMO-04']);
    expect(run('exclude', 'LRMO-04', '--undo').stderr).toContain('excluded in cells.csv');
    expect(run('exclude', 'LPSC-04', '--undo').status).toBe(0);
    const again = json('check').verdicts.find(({ target_id }: Json) => target_id === 'sulfide-conductivity');
    expect(again.value).toBe(verdictOf('LPSC', 'conductivity_25c').value);
    const history = await rows(
      `SELECT sample_size FROM verdict_history WHERE target_id = 'sulfide-conductivity' ORDER BY run_id`,
    );
    expect(history.map(({ sample_size }) => sample_size)).toEqual([4, 3, 4]);
  });
});

describe('exit codes of check', () => {
  const table = (name: string, targets: object[]) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ targets }));
    return path;
  };
  const target = {
    id: 't',
    category: 'oxide_electrolyte',
    metric: 'cost_reduction',
    comparison: '>',
    threshold: 50,
    unit: 'percent',
  };

  it('is 0 where every target is met', () => {
    const result = run('check', '--no-write', '--targets', table('easy.json', [target]));
    expect(result.stdout).toContain('1 PASS');
    expect(result.status).toBe(0);
  });

  it('is 3 where nothing fails but something is open', () => {
    const open = { ...target, id: 'open', category: 'sulfide_electrolyte' };
    expect(run('check', '--no-write', '--targets', table('open.json', [target, open])).status).toBe(3);
  });

  it('is that of the material that is asked for', () => {
    expect(run('check', '--no-write', '--material', 'LLZO').status).toBe(1);
    expect(run('check', '--no-write', '--material', 'LI3D').status).toBe(3);
    const unknown = run('check', '--no-write', '--material', 'XYZ');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('materials are: CUPET, LI3D');
  });

  it('is 3 on an empty database and 2 where there is none', async () => {
    const empty = await makeDatabase(join(folder, 'empty', 'empty.duckdb').replace('empty/empty', 'empty'));
    const result = cellar(['check', '--db', empty]);
    expect(result.status).toBe(3);
    expect(result.stdout).toContain('nothing to judge');
    const missing = join(folder, 'slip.duckdb');
    expect(cellar(['check', '--db', missing]).status).toBe(2);
    expect(existsSync(missing)).toBe(false);
  });

  it('is 2 for a target file that is wrong, naming file and key', () => {
    const path = table('bad.json', [{ ...target, unit: 'kg' }]);
    const result = run('check', '--targets', path);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain(`${path}, targets[1] (t).unit: "kg" is not a unit of cost_reduction`);
    expect(run('targets', 'validate', path).status).toBe(2);
  });
});

describe('for people', () => {
  it('prints verdicts that need no colours', () => {
    const { stdout } = run('check', '--no-write');
    expect(stdout).toContain('✓ PASS');
    expect(stdout).toContain('✗ FAIL');
    expect(stdout).toMatch(/0\.01282 \[0\.0113\d*, 0\.0144\d*\] S\/cm, target > 0\.01 S\/cm, n = 4/);
    expect(stdout).toContain('What is missing');
    expect(stdout).not.toContain('\u001b[');
  });

  it('prints a Markdown table', () => {
    const { stdout } = run('check', '--no-write', '--markdown');
    expect(stdout).toContain('| **FAIL** | LLZO | oxide-interface | 38.77');
    expect(stdout.split('\n').filter((line) => line.startsWith('| **'))).toHaveLength(truth.verdicts.length);
  });

  it('explains a verdict down to the lines of the files', () => {
    const { stdout } = run('why', 'LRMO/cathode-capacity');
    expect(stdout).toContain('formula: Q/m_active');
    expect(stdout).toContain('EXCLUDED: internal short');
    expect(stdout).toMatch(/LRMO-02_Channel_4_Wb_1\.CSV, lines 2 to 47\d\d/);
    expect(stdout).toContain('left out: cycles 53, 104: label checkup');
    expect(json('why', 'LRMO').verdicts).toHaveLength(2);
  });

  it('explains a cell, and says what else there is', () => {
    const { cell } = json('why', 'LISEI-01');
    expect(cell.verdicts).toEqual(['LISEI/anode-efficiency']);
    expect(cell.metrics.map(({ metric }: Json) => metric)).toContain('coulombic_efficiency');
    expect(cell.files).toHaveLength(2);
    const unknown = run('why', 'LISEI-99');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('LISEI/anode-efficiency');
  });

  it('finds everything in order, and says what is not', async () => {
    expect(run('doctor').status).toBe(0);
    const broken = join(folder, 'broken.duckdb');
    cpSync(db, broken);
    const database = await (await import('../../src/store/connection.js')).openWritable(broken);
    await database.connection.run('UPDATE files SET lines_total = lines_total + 1 WHERE file_id = 3');
    await database.connection.run('DELETE FROM tests WHERE test_id = 1');
    database.close();
    const result = cellar(['doctor', '--db', broken]);
    expect(result.status).toBe(1);
    expect(result.stdout).toMatch(/✗ wrong +lines: 1 files do not add up/);
    expect(result.stdout).toMatch(/✗ wrong +references: .*steps\.test_id.*measurements\.test_id/);
  });
});

describe('a new laboratory', () => {
  it('gets templates that ingest and check take, and keeps what is there', () => {
    const dir = join(folder, 'new-lab');
    expect(cellar(['init', dir]).status).toBe(0);
    expect(readdirSync(dir).sort()).toEqual([
      'cellar.toml',
      'cells.csv',
      'conditions.csv',
      'materials.csv',
      'targets.toml',
    ]);
    const again = cellar(['init', dir]);
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('nothing was written');
    const database = join(folder, 'new.duckdb');
    const ingest = cellar(['ingest', dir, '--db', database]);
    expect(ingest.status).toBe(0);
    // None of these is an export, so none of them is one that is ignored.
    expect(ingest.stdout).not.toContain('ignored');
    const targets = join(dir, 'targets.toml');
    expect(cellar(['targets', 'validate', targets]).stdout).toContain('1 targets');
    expect(cellar(['check', '--db', database, '--targets', targets]).status).toBe(3);
  });

  it('lists targets, metrics and a template', () => {
    const { targets } = JSON.parse(cellar(['targets', '--json']).stdout);
    expect(targets).toHaveLength(9);
    expect(cellar(['targets', 'demonstration']).stdout).toContain('cell-cycle-life');
    expect(cellar(['targets', 'metrics']).stdout).toContain('peak_discharge_rate');
    const path = join(folder, 'template.toml');
    expect(cellar(['targets', 'init', path]).status).toBe(0);
    expect(cellar(['targets', 'init', path]).status).toBe(2);
    expect(cellar(['targets', 'validate', path]).status).toBe(0);
  });
});
