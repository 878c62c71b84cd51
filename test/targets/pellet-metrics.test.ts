import { beforeAll, describe, expect, it } from 'vitest';
import type { JudgedTarget } from '../../src/targets/evaluate.js';
import { expectBudgetToHold } from './budget-bounds.js';
import { fadingCycles, Laboratory } from './laboratory.js';

const EV_PER_KELVIN = 8.617333262145179e-5;
const cellConstant = 0.09 / (Math.PI / 4);

/** Three pellets of 13 mS/cm at 25 °C and 0.28 eV, measured at five temperatures. */
function pellets(temperatures: readonly number[] = [0, 15, 25, 40, 60]): Laboratory {
  const lab = new Laboratory().material('M', 'sulfide_electrolyte');
  for (const [i, factor] of [1, 1.01, 0.99].entries()) {
    lab.cell(`P${i}`, 'M', 'pellet', { thickness_um: 900, diameter_mm: 10, batch: `B${i}` });
    for (const celsius of temperatures) {
      const sigma = 0.013 * factor * Math.exp((0.28 / EV_PER_KELVIN) * (1 / 298.15 - 1 / (celsius + 273.15)));
      lab.measured(`P${i}`, celsius, 'R0-CPE1', { R0: cellConstant / sigma, CPE1_Q: 3e-6, CPE1_n: 0.9 });
    }
  }
  return lab;
}

const target = (id: string, metric: string, threshold: number, unit: string, conditions = {}) => ({
  id,
  category: 'sulfide_electrolyte',
  metric,
  comparison: metric === 'activation_energy' ? '<' : '>',
  threshold,
  unit,
  conditions,
});

describe('activation energy and conductivity at a temperature', () => {
  let judged: Record<string, JudgedTarget>;
  beforeAll(async () => {
    const all = await pellets().judgeAll(
      target('Ea', 'activation_energy', 0.35, 'eV'),
      target('Ea-T', 'activation_energy', 40, 'kJ/mol', { form: 'ln_sigma_T' }),
      target('hot', 'conductivity', 20, 'mS/cm', { temperature_celsius: 60 }),
      target('far', 'conductivity', 20, 'mS/cm', { temperature_celsius: 100 }),
      target('room', 'conductivity', 10, 'mS/cm'),
      target('room-25', 'conductivity_25c', 10, 'mS/cm'),
    );
    judged = Object.fromEntries(all.map((one) => [one.target.id, one]));
  });

  it('give back what the spectra were made with, in either form and unit', () => {
    expect(judged.Ea?.value).toBeCloseTo(0.28, 3);
    expect(judged.Ea?.verdict).toBe('PASS');
    // Of ln(σT) it is larger by about k·T of the middle of the temperatures: 0.026 eV, 2.5 kJ/mol.
    expect((judged['Ea-T']?.value as number) / 96.485).toBeCloseTo(0.28 + EV_PER_KELVIN * 300, 2);
    const hot = 13 * Math.exp((0.28 / EV_PER_KELVIN) * (1 / 298.15 - 1 / 333.15));
    expect((judged.hot?.value as number) / hot).toBeCloseTo(1, 3);
    for (const id of ['Ea', 'hot']) expectBudgetToHold(judged[id] as JudgedTarget);
  });

  it('at 25 °C are the metric that is there for it, and too far out they are open', () => {
    expect(judged.room?.value).toBe(judged['room-25']?.value);
    expect(judged.room?.verdict).toBe(judged['room-25']?.verdict);
    expect(judged.far?.verdict).toBe('INCONCLUSIVE');
    expect(judged.far?.missing).toContain('40.0 K outside the measured range');
  });

  it('hold the error of the temperatures: 2 K assumed are 0.8 % of an offset and more of a lag', () => {
    const line = judged.Ea?.budget.find(({ component }) => component === 'temperature');
    const relative = Math.hypot(2 / (28 + 273.15), Math.SQRT2 / 60);
    expect(line?.standard_uncertainty).toBeCloseTo((0.28 * 2 * relative) / Math.sqrt(3), 4);
    expect(line?.kind).toBe('assumed');
  });
});

describe('voltage fade', () => {
  it('is minus the slope of the mean discharging voltage, in mV per cycle', async () => {
    const lab = new Laboratory().material('M', 'li_rich_cathode');
    for (const [i, fade] of [1e-3, 1.01e-3, 0.99e-3].entries()) {
      const cycles = fadingCycles(120, 300, 1e-4, i + 1).map((cycle, n) => ({
        ...cycle,
        discharging_energy_wh: (cycle.discharging_capacity_ah as number) * (3.6 - fade * n),
      }));
      lab.cell(`C${i}`, 'M', 'cathode_half', { active_mass_mg: 5, batch: `B${i}` }).cycled(`C${i}`, cycles);
    }
    const asked = (threshold: number, minimum_cycles = 100) => ({
      id: `v${threshold}${minimum_cycles}`,
      category: 'li_rich_cathode',
      metric: 'voltage_fade',
      comparison: '<',
      threshold,
      unit: 'mV/cycle',
      conditions: { minimum_cycles },
    });
    const [pass, fail, short] = await lab.judgeAll(asked(1.2), asked(0.8), asked(1.2, 200));
    expect(pass?.value).toBeCloseTo(1, 6);
    expect(pass?.verdict).toBe('PASS');
    expect(fail?.verdict).toBe('FAIL');
    expect(short?.verdict).toBe('INSUFFICIENT DATA');
    expect(short?.missing).toContain('80 more cycles (120 of 200)');
  });
});

/** A symmetric cell of 1 cm² and 50 Ω whose current rises in pairs of half cycles; shorts at `shortAt` mA. */
function stepped(lab: Laboratory, cell_id: string, shortAt: number, batch: string): void {
  lab.cell(cell_id, 'O', 'symmetric', {
    electrode_area_cm2: 1,
    electrode_area_relative_uncertainty: 1e-3,
    batch,
  });
  lab.cycled(cell_id, []);
  const test_id = lab.rows.tests?.length ?? 0;
  let record_index = 0;
  for (const [k, milliampere] of [0.5, 0.5, 1, 1, 1.5, 1.5, 2, 2].entries()) {
    const sign = k % 2 === 0 ? 1 : -1;
    const current_ampere = (sign * milliampere) / 1000;
    lab.add('steps', {
      test_id,
      step_count: k + 1,
      cycle_count: 1,
      step_type: sign > 0 ? 'charge' : 'discharge',
      mean_current_ampere: current_ampere,
      first_record_index: record_index + 1,
    });
    for (let i = 0; i < 40; i++) {
      record_index++;
      const voltage_volt = current_ampere * 50 * (milliampere >= shortAt && i > 20 ? 0.05 : 1);
      const at = {
        test_id,
        record_index,
        line_number: record_index + 1,
        test_time_second: 10 * record_index,
      };
      lab.add('measurements', { ...at, step_count: k + 1, voltage_volt, current_ampere });
    }
  }
}

describe('critical current density', () => {
  const asked = (id: string, threshold: number) => ({
    id,
    category: 'oxide_electrolyte',
    metric: 'critical_current_density',
    comparison: '>',
    threshold,
    unit: 'mA/cm2',
  });

  it('is judged by the last current without a short, and passes without one only as a lower bound', async () => {
    const lab = new Laboratory().material('O', 'oxide_electrolyte');
    for (const [i, shortAt] of [2, 2, 1.5].entries()) stepped(lab, `S${i}`, shortAt, `B${i}`);
    const [low, high] = await lab.judgeAll(asked('low', 0.5), asked('high', 3));
    expect(low?.value).toBeCloseTo((1.5 + 1.5 + 1) / 3, 9);
    expect(low?.verdict).toBe('PASS');
    expect(high?.verdict).toBe('FAIL');
    const open = new Laboratory().material('O', 'oxide_electrolyte');
    for (const i of [0, 1, 2]) stepped(open, `S${i}`, 9, `B${i}`);
    const [passes, cannot] = await open.judgeAll(asked('low', 1.5), asked('high', 3));
    expect(passes?.verdict).toBe('PASS');
    expect(cannot?.verdict).toBe('INCONCLUSIVE');
    expect(cannot?.missing).toContain('until it shorts');
  });
});
