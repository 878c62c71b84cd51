import { describe, expect, it } from 'vitest';
import { alternativeLine, withAlternatives } from '../../src/targets/alternatives.js';
import type { JudgedTarget } from '../../src/targets/evaluate.js';
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
    expect(judged.reason).toContain('the verdict hangs on the choice of window');
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

  it('is the charge, where counter and integrated current lie on different sides', async () => {
    const exact = { active_mass_relative_uncertainty: 1e-5, confirmed: 'specific_capacity' };
    const limit = target('specific_capacity', '>', 320, 'mAh/g');
    const judged = await cathodes(1e-5, 0.992, exact).judge(limit);
    const [charge] = of(judged, 'charge');
    expect(charge?.value).toBeCloseTo((judged.value as number) * 0.992, 6);
    expect(judged.verdict).toBe('INCONCLUSIVE');
    expect(judged.missing).toContain('calibration of the current');
  });

  it('turns a PASS only by what counts, and leaves insufficient data alone', () => {
    const limit = { comparison: '>', threshold: 1, unit: 'mS/cm' } as const;
    const estimate = { value: 0.9, ci95_low: 0.8, ci95_high: 1, bound95_low: 0.8, bound95_high: 0.99 };
    const line = (choice: 'cells' | 'branch') =>
      alternativeLine({ choice, alternative: 'other' }, estimate, 'FAIL', 1.2, limit);
    const pass = { verdict: 'PASS', reason: 'so', margin: 2, needed: null, notes: [] } as const;
    const word = (lines: ReturnType<typeof line>[], verdict: 'PASS' | 'INSUFFICIENT DATA') =>
      withAlternatives({ ...pass, notes: [], verdict }, lines, limit).verdict;
    expect(word([line('cells')], 'PASS')).toBe('PASS');
    expect(word([line('cells'), line('branch')], 'PASS')).toBe('INCONCLUSIVE');
    expect(word([line('branch')], 'INSUFFICIENT DATA')).toBe('INSUFFICIENT DATA');
  });
});
