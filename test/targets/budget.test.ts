import { describe, expect, it } from 'vitest';
import { normalQuantile, studentTQuantile } from '../../src/analysis/statistics/distributions.js';
import type { BudgetLine } from '../../src/targets/budget.js';
import { fadingCycles, Laboratory } from './laboratory.js';

/** The one-sided bounds of a value from the lines of its budget alone, as the schema's comment says. */
function boundsOf(value: number, budget: readonly BudgetLine[]): [number, number] {
  const onLogs = budget.some(({ scale }) => scale === 'ln');
  const half = Math.hypot(
    ...budget.map(({ standard_uncertainty: u, dof }) => {
      const quantile = dof === null ? normalQuantile(0.95) : studentTQuantile(0.95, dof);
      return (quantile * u) / (onLogs ? value : 1);
    }),
  );
  return onLogs ? [value * Math.exp(-half), value * Math.exp(half)] : [value - half, value + half];
}

const shares = (budget: readonly BudgetLine[]) => budget.reduce((sum, { share }) => sum + share, 0);

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
    const judged = await lab.judge(asked);
    const [low, high] = boundsOf(judged.value as number, judged.budget);
    expect(Math.abs(low / (judged.bound95_low as number) - 1)).toBeLessThan(1e-9);
    expect(Math.abs(high / (judged.bound95_high as number) - 1)).toBeLessThan(1e-9);
    expect(shares(judged.budget)).toBeCloseTo(1, 12);
  });

  it('says what is between batches, what is assumed and that it is shared', async () => {
    const { budget, scope } = await lab.judge(target('specific_capacity', 300, 'mAh/g'));
    expect(scope).toBe('material');
    const lines = budget.map(({ component, kind, dof, shared }) => ({ component, kind, dof, shared }));
    expect(lines).toContainEqual({ component: 'between batches', kind: 'measured', dof: 1, shared: false });
    expect(lines).toContainEqual({ component: 'active_mass', kind: 'assumed', dof: null, shared: true });
  });
});
