import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../src/analysis/verdict/index.js';
import { alternativeLine, withAlternatives } from '../../src/targets/alternatives.js';
import type { JudgedTarget } from '../../src/targets/evaluate.js';
import { inWords } from '../message.js';
import { fadingCycles, Laboratory } from './laboratory.js';

const target = (metric: string, comparison: string, threshold: number, unit: string) => ({
  id: metric,
  category: 'li_rich_cathode',
  metric,
  comparison,
  threshold,
  unit,
});

/** Three cathodes that fade as `D` says; `counted` over `integrated` charge as asked. */
function cathodes(D: number | ((n: number) => number), integrated = 1, mass: object = {}): Laboratory {
  const lab = new Laboratory().material('M', 'li_rich_cathode');
  [320.9, 321, 321.1].forEach((Q0, i) => {
    const cycles = fadingCycles(150, Q0, D, i + 1).map((cycle) => ({
      ...cycle,
      capacity_source: 'counter',
      charging_capacity_counter_ah: cycle.charging_capacity_ah ?? null,
      discharging_capacity_counter_ah: cycle.discharging_capacity_ah ?? null,
      charging_capacity_integrated_ah: (cycle.charging_capacity_ah as number) * integrated,
      discharging_capacity_integrated_ah: (cycle.discharging_capacity_ah as number) * integrated,
    }));
    const known = {
      active_mass_mg: 5,
      nominal_capacity_mah: 1.6,
      batch: `B${i}`,
      capacity_wander_relative: 0,
    };
    lab.cell(`C${i}`, 'M', 'cathode_half', { ...known, ...mass }).cycled(`C${i}`, cycles);
  });
  return lab;
}

interface Differing {
  /** Integrated energy over the counted one. */
  discharging?: number;
  charging?: number;
  /** Counted charge over the integrated one, where no energy is counted. */
  counted?: number;
}

/** Three full cells of 25 g and 10 cm³ that count their charges, and their energies unless `counted` is given. */
function fullCells({ discharging = 1, charging = 1, counted }: Differing): Laboratory {
  const lab = new Laboratory().material('P', 'cell');
  for (const i of [0, 1, 2]) {
    const cycles = Array.from({ length: 120 }, (_, n) => {
      const charge = 2.8 * (1 + 1e-5 * (i - 1));
      const [out, put] = [charge * (3.6 - 5e-4 * n), charge * 3.8];
      const energies = (suffix: string, more = 1, less = 1) => ({
        [`discharging_energy_${suffix}`]: out * less,
        [`charging_energy_${suffix}`]: put * more,
      });
      return {
        capacity_source: 'counter',
        charging_capacity_ah: charge * (counted ?? 1),
        discharging_capacity_ah: charge * (counted ?? 1),
        charging_capacity_counter_ah: charge * (counted ?? 1),
        discharging_capacity_counter_ah: charge * (counted ?? 1),
        charging_capacity_integrated_ah: charge,
        discharging_capacity_integrated_ah: charge,
        ...energies('wh'),
        ...(counted === undefined ? energies('counter_wh') : {}),
        ...energies('integrated_wh', charging, discharging),
      };
    });
    lab.cell(`P${i}`, 'P', 'full', {
      cell_mass_g: 25,
      cell_volume_cm3: 10,
      cell_mass_relative_uncertainty: 1e-5,
      cell_volume_relative_uncertainty: 1e-5,
      current_accuracy_relative: 1e-5,
      nominal_capacity_mah: 2800,
      lithium_excess_mah: 0,
      batch: `B${i}`,
    });
    lab.cycled(`P${i}`, cycles);
  }
  return lab;
}

const of = ({ alternatives }: JudgedTarget, choice: string) =>
  alternatives.filter((line) => line.choice === choice);

describe('what a verdict hangs on', () => {
  it('is the window, where early and late cycles fade on different sides of the limit', async () => {
    // Fades ever faster, without a bend: 0.03 %/cycle over all, 0.04 over the last two thirds.
    const lab = cathodes((n) => 4e-6 * n, 1, { active_mass_relative_uncertainty: 0 });
    const judged = await lab.judge(target('decay_rate', '<', 0.035, 'percent_per_cycle'));
    const late = of(judged, 'window').find(({ alternative }) => alternative === 'the last two thirds');
    expect(judged.value).toBeGreaterThan(0.028);
    expect(judged.value).toBeLessThan(0.032);
    expect(late?.value).toBeGreaterThan(0.038);
    expect(late?.value).toBeLessThan(0.042);
    expect(late?.crosses).toBe(true);
    expect(judged.verdict).toBe('INCONCLUSIVE');
    expect(judged.codes).toContain('FRAGILE');
    expect(judged.reason).toContain('the verdict depends on the choice of window');
  });

  it('is nothing where every choice gives the same word; assumptions and single cells are shown', async () => {
    const [decay, capacity] = await cathodes(1e-4).judgeAll(
      target('decay_rate', '<', 0.05, 'percent_per_cycle'),
      target('specific_capacity', '>', 312, 'mAh/g'),
    );
    expect(decay?.verdict).toBe('PASS');
    expect(decay?.codes).not.toContain('FRAGILE');
    expect(of(decay as JudgedTarget, 'window').map(({ verdict }) => verdict)).toEqual(['PASS', 'PASS']);
    const lines = of(capacity as JudgedTarget, 'assumed uncertainty');
    expect(lines.map(({ alternative, verdict }) => [alternative, verdict])).toEqual([
      ['half the assumed active mass', 'PASS'],
      ['twice the assumed active mass', 'INCONCLUSIVE'],
    ]);
    expect(capacity?.verdict).toBe('PASS');
    expect(capacity?.codes).toContain('HANGS_ON');
    expect(capacity?.reason).toContain('with twice the assumed active mass it would be INCONCLUSIVE');
    expect(of(capacity as JudgedTarget, 'cells').map(({ counts }) => counts)).toEqual([false, false, false]);
    expect(of(capacity as JudgedTarget, 'charge')).toEqual([]);
  });

  it('is the conditions, where a slower rate from some cycle on makes a fade smaller', async () => {
    const lab = cathodes(7e-4);
    for (const cycle of lab.rows.cycles!) {
      const isLater = (cycle.cycle_count as number) > 75;
      cycle.discharging_c_rate = isLater ? 1 / 3 : 1 / 2;
      if (!isLater) continue;
      for (const name of Object.keys(cycle).filter((name) => name.startsWith('discharging_capacity'))) {
        cycle[name] = (cycle[name] as number) * 1.06;
      }
    }
    const judged = await lab.judge(target('decay_rate', '<', 0.05, 'percent_per_cycle'));
    expect(judged.value).toBeLessThan(0.03);
    expect(judged.verdict).toBe('INCONCLUSIVE');
    const steady = judged.alternatives.find(({ choice }) => choice === 'conditions');
    expect(steady?.value).toBeCloseTo(0.07, 3);
  });

  it('is the charge, where counter and integrated current lie on different sides', async () => {
    const exact = { active_mass_relative_uncertainty: 1e-5, confirmed: 'specific_capacity' };
    const limit = target('specific_capacity', '>', 320, 'mAh/g');
    const judged = await cathodes(1e-5, 0.992, exact).judge(limit);
    const [charge] = of(judged, 'charge');
    expect(charge?.value).toBeCloseTo((judged.value as number) * 0.992, 6);
    expect(judged.verdict).toBe('INCONCLUSIVE');
    expect(judged.missing).toContain('calibration of the current');
  });

  it('is the energy as well: per mass and volume, its efficiency, and the fade of the voltage', async () => {
    const lab = fullCells({ discharging: 0.995, charging: 1.003 });
    const targets = [
      { ...target('specific_energy', '>', 402, 'Wh/kg'), category: 'cell' },
      { ...target('energy_density', '>', 900, 'Wh/L'), category: 'cell' },
      { ...target('round_trip_efficiency', '>', 90, 'percent'), category: 'cell' },
      { ...target('voltage_fade', '<', 1, 'mV/cycle'), category: 'cell' },
    ];
    const judged = await lab.judgeAll(...targets);
    const ratios = judged.map((one) => (of(one, 'charge')[0]?.value as number) / (one.value as number));
    expect(ratios[0]).toBeCloseTo(0.995, 9);
    expect(ratios[1]).toBeCloseTo(0.995, 9);
    expect(ratios[2]).toBeCloseTo(0.995 / 1.003, 9);
    // The charges agree: the voltage, and what it loses, is 0.5 % lower.
    expect(ratios[3]).toBeCloseTo(0.995, 6);
    // 404 Wh/kg by the counter, 402 by the integral: the limit lies between the two.
    expect(judged.map(({ verdict }) => verdict)).toEqual(['INCONCLUSIVE', 'PASS', 'PASS', 'PASS']);
    expect(judged[0]?.codes).toContain('FRAGILE');
    expect(judged[0]?.missing).toContain('calibration of the current');
  });

  it('is the counted charge at the mean voltage where the file counts no energy', async () => {
    const energy = { ...target('specific_energy', '>', 350, 'Wh/kg'), category: 'cell' };
    const fade = { ...target('voltage_fade', '<', 1, 'mV/cycle'), category: 'cell' };
    const [judged, faded] = (await fullCells({ counted: 1.004 }).judgeAll(energy, fade)) as [
      JudgedTarget,
      JudgedTarget,
    ];
    expect(of(judged, 'charge')[0]?.value).toBeCloseTo((judged.value as number) * 1.004, 9);
    expect(of(faded, 'charge')[0]?.value).toBeCloseTo(0.5, 9);
    const alike = await fullCells({ counted: 1.001 }).judge(energy);
    expect(of(alike, 'charge')).toEqual([]);
  });

  it('turns a PASS only by what counts, and leaves insufficient data alone', () => {
    const limit = { comparison: '>', threshold: 1, unit: 'mS/cm' } as const;
    const estimate = { value: 0.9, ci95_low: 0.8, ci95_high: 1, bound95_low: 0.8, bound95_high: 0.99 };
    const line = (choice: 'cells' | 'branch') =>
      alternativeLine({ choice, alternative: 'other' }, estimate, 'FAIL', 1.2, limit);
    const pass = verdictOf('PASS', inWords('so'), null, { margin: 2 });
    const word = (lines: ReturnType<typeof line>[], verdict: 'PASS' | 'INSUFFICIENT DATA') =>
      withAlternatives({ ...pass, notes: [], verdict }, lines, limit).verdict;
    expect(word([line('cells')], 'PASS')).toBe('PASS');
    expect(word([line('cells'), line('branch')], 'PASS')).toBe('INCONCLUSIVE');
    expect(word([line('branch')], 'INSUFFICIENT DATA')).toBe('INSUFFICIENT DATA');
  });
});
