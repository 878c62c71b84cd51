import { describe, expect, it } from 'vitest';
import type { SqlRow } from '../../src/store/connection.js';
import { expectBudgetToHold } from './budget-bounds.js';
import { fadingCycles, Laboratory } from './laboratory.js';

describe('the uncertainty budget', () => {
  const lab = new Laboratory().material('M', 'li_rich_cathode', {
    cost: 60,
    reference_cost: 100,
    cost_basis: 'kg',
    cost_currency: 'EUR',
    price_year: 2025,
    cost_scale: 'quote',
    cost_relative_uncertainty: 0.03,
  });
  [310, 318, 324].forEach((Q0, i) => {
    lab
      .cell(`C${i}`, 'M', 'cathode_half', {
        active_mass_mg: 12,
        nominal_capacity_mah: 3.6,
        batch: `B${i % 2}`,
      })
      .cycled(`C${i}`, fadingCycles(120, Q0, 3e-4));
  });
  const target = (metric: string, threshold: number, unit: string, conditions = {}) => ({
    id: metric,
    category: 'li_rich_cathode',
    metric,
    comparison: '>',
    threshold,
    unit,
    conditions,
  });

  it.each([
    target('specific_capacity', 300, 'mAh/g'),
    target('cost_reduction', 10, 'percent'),
    target('cost_ratio', 0.5, '1'),
  ])('of $metric reproduces the judged bounds', async (asked) => {
    expectBudgetToHold(await lab.judge(asked));
  });

  it('takes an accuracy of the range at the current of the cycles, and asks for a range that is not stated', async () => {
    // 1.92 mAh in half an hour, so 3.84 mA: 0.02 % of 100 mA is 0.52 % of that.
    const cell = { active_mass_mg: 6, active_mass_relative_uncertainty: 0.001, nominal_capacity_mah: 1.9 };
    const ofRange = { ...cell, current_accuracy_relative: 2e-4, current_accuracy_of: 'range' };
    const judgedWith = async (more: SqlRow) => {
      const one = new Laboratory().material('M', 'li_rich_cathode').cell('A', 'M', 'cathode_half', more);
      const cycles = fadingCycles(6, 384, 0, 1, () => ({ discharging_duration_second: 1800 }));
      return one.cycled('A', cycles).judge(target('specific_capacity', 300, 'mAh/g', { minimum_cells: 1 }));
    };
    const known = await judgedWith({ ...ofRange, current_range_ma: 100 });
    expectBudgetToHold(known);
    const line = known.budget.find(({ component }) => component === 'current');
    const expected = ((2e-4 * 100) / 3.84 / Math.sqrt(3)) * (known.value as number);
    expect(line).toMatchObject({ kind: 'declared', distribution: 'rectangular', dof: null });
    expect((line?.standard_uncertainty as number) / expected).toBeCloseTo(1, 2);
    const unknown = await judgedWith(ofRange);
    expect(unknown.verdict).toBe('INCONCLUSIVE');
    expect(unknown.missing).toContain('current_range_ma');
    const reading = await judgedWith({ ...ofRange, current_accuracy_of: 'reading' });
    expect(reading.budget.find(({ component }) => component === 'current')?.standard_uncertainty).toBeCloseTo(
      (2e-4 / Math.sqrt(3)) * (reading.value as number),
      9,
    );
  });

  it('says what is between batches, what is assumed and that it is shared', async () => {
    const { budget, scope } = await lab.judge(target('specific_capacity', 300, 'mAh/g'));
    expect(scope).toBe('material');
    const lines = budget.map(({ component, kind, dof, shared }) => ({ component, kind, dof, shared }));
    expect(lines).toContainEqual({ component: 'between batches', kind: 'measured', dof: 1, shared: false });
    expect(lines).toContainEqual({ component: 'active_mass', kind: 'assumed', dof: null, shared: true });
  });
});
