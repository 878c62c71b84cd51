import { beforeAll, describe, expect, it } from 'vitest';
import { makeFits } from '../../src/fits/fit-set.js';
import { fitRows } from '../../src/fits/rows.js';
import { changedTables, recordRun, replaceContents } from '../../src/fits/store.js';
import { type Database, run, select } from '../../src/store/connection.js';
import { evaluateTargets, type JudgedTarget } from '../../src/targets/evaluate.js';
import { readLabData } from '../../src/targets/lab-data.js';
import { parseTargetTable } from '../../src/targets/schema.js';
import { findReadings } from '../../src/targets/why.js';
import { expectBudgetToHold } from './budget-bounds.js';
import { Laboratory } from './laboratory.js';

const conductivity = {
  id: 's',
  category: 'sulfide_electrolyte',
  metric: 'conductivity_25c',
  comparison: '>',
  threshold: 0.01,
  unit: 'S/cm',
};
const interfaceTarget = {
  id: 'i',
  category: 'oxide_electrolyte',
  metric: 'interfacial_asr',
  comparison: '<',
  threshold: 10,
  unit: 'ohm cm2',
};

const geometry = {
  thickness_um: 900,
  diameter_mm: 10,
  thickness_relative_uncertainty: 0.005,
  relative_density: 0.9,
};
const cellConstant = 0.09 / ((Math.PI * 1 ** 2) / 4);
const EV_PER_KELVIN = 8.617333262145179e-5;

/** Resistance of a pellet of 13 mS/cm at 25 °C and 0.28 eV. */
function resistance(celsius: number, sigma25 = 0.013): number {
  const sigma = sigma25 * Math.exp((0.28 / EV_PER_KELVIN) * (1 / 298.15 - 1 / (celsius + 273.15)));
  return cellConstant / sigma;
}

function pellet(
  lab: Laboratory,
  id: string,
  temperatures: readonly (number | null)[],
  sigma25 = 0.013,
): Laboratory {
  for (const celsius of temperatures) {
    lab.measured(id, celsius, 'R0-CPE1', {
      R0: resistance(celsius ?? 25, sigma25),
      CPE1_Q: 3e-6,
      CPE1_n: 0.9,
    });
  }
  return lab;
}

describe('conductivity at 25 °C', () => {
  const lab = new Laboratory().material('S', 'sulfide_electrolyte');
  const cell = (id: string, more: object = geometry) =>
    lab.cell(id, 'S', 'pellet', { circuit: 'R0-CPE1', ...more });
  cell('P1');
  pellet(lab, 'P1', [0, 25, 40, 60]);
  cell('P2');
  pellet(lab, 'P2', [0, 25, 40, 60], 0.0135);
  // A jump in the middle of the sweep: this spectrum cannot stand for the cell.
  const { R0 } = { R0: resistance(50, 0.0135) };
  lab.measured('P2', 50, 'R0-CPE1', { R0, CPE1_Q: 3e-6, CPE1_n: 0.9 }, ({ f, re, im }) => ({
    re: f < 3e4 ? 1.5 * re : re,
    im: f < 3e4 ? 1.5 * im : im,
  }));
  cell('P3', { thickness_um: 900 });
  pellet(lab, 'P3', [25]);
  cell('P4');
  pellet(lab, 'P4', [null]);
  cell('P5');
  pellet(lab, 'P5', [25], 0.0128);
  cell('P6');
  pellet(lab, 'P6', [45, 55, 65, 80], 0.02);
  cell('P7');

  let judged: JudgedTarget;
  let database: Database;
  beforeAll(async () => {
    database = await lab.open();
    const table = parseTargetTable({ targets: [conductivity] }, 'test');
    if ('problems' in table) throw new Error(table.problems.join());
    const fits = await makeFits(database.connection);
    [judged] = evaluateTargets(table, await readLabData(database.connection, fits)) as [JudgedTarget];
  });
  const cellOf = (id: string) => judged.evidence.cells.find(({ cell_id }) => cell_id === id)!;

  it('recovers what the spectra were made from and pools logarithms', () => {
    expect(judged).toMatchObject({ verdict: 'PASS', sample_size: 3 });
    expect(cellOf('P1').value).toBeCloseTo(0.013, 6);
    expect(cellOf('P1').goodness.Ea_ln_sigma_eV).toBeCloseTo(0.28, 5);
    expect(judged.value).toBeCloseTo(Math.cbrt(0.013 * 0.0135 * 0.0128), 5);
    expectBudgetToHold(judged);
    const components = judged.budget.map(({ component }) => component);
    expect(components).toEqual(
      expect.arrayContaining(['between cells', 'thickness', 'diameter', 'temperature']),
    );
  });

  it('leaves a spectrum out that changed during the sweep, and shows the value with it', () => {
    const [left] = cellOf('P2').excluded;
    expect(left?.reason).toContain('the cell changed during the sweep');
    expect(cellOf('P2').value).toBeCloseTo(0.0135, 6);
    expect(Math.abs((cellOf('P2').goodness.value_without_exclusions as number) - 0.0135)).toBeGreaterThan(
      1e-5,
    );
  });

  it('evaluates nothing without geometry or temperature, and never assumes them', () => {
    expect(cellOf('P3')).toMatchObject({ value: null, supports: 'INSUFFICIENT DATA' });
    expect(cellOf('P3').warnings.map(({ code }) => code)).toContain('NO_GEOMETRY');
    expect(cellOf('P4')).toMatchObject({ value: null });
    expect(cellOf('P4').missing).toContain('temperature not known: give it in conditions.csv');
    expect(cellOf('P7').missing).toContain('no impedance spectrum');
  });

  it('takes a reading at 25 °C itself where there are too few temperatures for a fit', () => {
    expect(cellOf('P5')).toMatchObject({ supports: 'verdict', method: 'reading at 25 ± 1 °C' });
    expect(cellOf('P5').value).toBeCloseTo(0.0128, 6);
  });

  it('prints an extrapolation of 20 K but does not judge by it', () => {
    expect(cellOf('P6')).toMatchObject({ supports: 'INCONCLUSIVE' });
    expect(cellOf('P6').value).toBeCloseTo(0.02, 4);
  });

  it('warns of what is not stated', () => {
    const codes = judged.warnings.map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining(['CONDITIONS_NOT_STATED', 'LEADS_NOT_SUBTRACTED', 'INTERLABORATORY_SCATTER']),
    );
    const conditions = judged.warnings.find(({ code }) => code === 'CONDITIONS_NOT_STATED');
    expect(conditions?.message).toMatch(/^P\d: stack pressure not stated/);
    expect(judged.reason).toContain('ASSUMED temperature = ±2 K');
  });

  it('fits only what changed: a corrected thickness makes no circuit fit anew', async () => {
    const { connection } = database;
    const store = async () => {
      const fits = await makeFits(connection);
      const contents = await fitRows(fits);
      const changed = await changedTables(connection, contents);
      const runId = changed.length > 0 ? await recordRun(connection, 'analyze', new Date(), {}) : 0;
      for (const one of changed) await replaceContents(connection, runId, one, contents[one.table] ?? []);
      return { fits, changed: changed.map(({ table }) => table) };
    };
    const first = await store();
    expect(first.fits.fresh).toBe(first.fits.all.length);
    expect(first.changed).toContain('impedance_fits');
    expect((await store()).changed).toEqual([]);

    await run(connection, `UPDATE cells SET thickness_um = 1800 WHERE cell_id = 'P1'`);
    const { fits, changed } = await store();
    const fresh = fits.all
      .filter(({ run_id }) => run_id === null)
      .map(({ kind, cell_id }) => `${kind} ${cell_id}`);
    expect([...new Set(fresh)].sort()).toEqual(['arrhenius P1', 'impedance_material P1']);
    expect(changed).toContain('conductivities');
    const rows = await select<{ run_id: number; s: number }>(
      connection,
      `SELECT run_id, conductivity_siemens_per_centimeter AS s FROM conductivities
       WHERE cell_id IN ('P1', 'P2') AND temperature_celsius = 25 ORDER BY cell_id`,
    );
    expect(rows.map(({ run_id }) => run_id)).toEqual([2, 1]);
    expect(rows[0]?.s).toBeCloseTo(0.026, 5);
    const readings = await findReadings(connection, 'P2');
    expect(readings.every(({ circuit, unit }) => circuit !== null && unit === 'S/cm')).toBe(true);
    expect(readings.filter(({ reason }) => reason !== null).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('the cell changed during the sweep'),
    ]);
    database.close();
  });
});

describe('resistance of an interface', () => {
  const circuit = 'R0-p(R1,CPE1)';
  const parameters = (asr: number) => ({ R0: 50, R1: (2 * asr) / 0.785, CPE1_Q: 2e-6, CPE1_n: 0.9 });

  it('judges one interface at the temperature that is asked for', async () => {
    const lab = new Laboratory().material('O', 'oxide_electrolyte');
    [6, 6.3, 6.6].forEach((asr, i) => {
      const id = `Y${i}`;
      lab.cell(id, 'O', 'symmetric', {
        electrode_area_cm2: 0.785,
        interface_count: 2,
        thickness_um: 600,
        circuit,
      });
      lab.measured(id, 25, circuit, parameters(asr));
    });
    lab.measured('Y0', 60, circuit, parameters(1.5));
    const judged = await lab.judge(interfaceTarget);
    expect(judged).toMatchObject({ verdict: 'PASS', sample_size: 3 });
    expect(judged.value).toBeCloseTo(Math.cbrt(6 * 6.3 * 6.6), 3);
    expectBudgetToHold(judged);
    expect(judged.budget.map(({ component }) => component)).toEqual(
      expect.arrayContaining(['between cells', 'electrode_area']),
    );
    expect(judged.evidence.cells[0]?.excluded[0]?.reason).toBe('measured at 60 °C, not at 25 °C');
    expect(judged.evidence.cells[0]?.conditions.interface_count).toBe(2);
  });

  it('has nothing to say without the area', async () => {
    const lab = new Laboratory().material('O', 'oxide_electrolyte');
    lab.cell('Y', 'O', 'symmetric', { circuit }).measured('Y', 25, circuit, parameters(6));
    const judged = await lab.judge(interfaceTarget);
    expect(judged).toMatchObject({ verdict: 'INSUFFICIENT DATA', value: null });
    expect(judged.missing).toContain('area is missing in cells.csv');
  });

  it('gives a material without any measured cell its row', async () => {
    const judged = await new Laboratory().material('O', 'oxide_electrolyte').judge(interfaceTarget);
    expect(judged).toMatchObject({ verdict: 'INSUFFICIENT DATA', value: null, sample_size: 0 });
    expect(judged.missing).toContain('three cells (symmetric');
  });

  it('subtracts the spectrum of a shorted cell, which is no measurement of the cell', async () => {
    const lab = new Laboratory().material('S', 'sulfide_electrolyte');
    lab.cell('Q', 'S', 'pellet', { ...geometry, circuit: 'R0-CPE1', lead_file_pattern: '**/Q_2.z' });
    lab.measured('Q', 25, 'R0-CPE1', { R0: resistance(25) + 1.5, CPE1_Q: 3e-6, CPE1_n: 0.9 });
    lab.measured('Q', 25, 'L0-R0', { L0: 1e-9, R0: 1.5 });
    const judged = await lab.judge(conductivity);
    expect(judged.evidence.cells[0]?.value).toBeCloseTo(0.013, 4);
    expect(judged.warnings.map(({ code }) => code)).not.toContain('LEADS_NOT_SUBTRACTED');
  });
});
