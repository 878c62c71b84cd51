import { expect } from 'vitest';
import { normalQuantile, studentTQuantile } from '../../src/analysis/statistics/distributions.js';
import type { BudgetLine } from '../../src/targets/budget.js';
import type { JudgedTarget } from '../../src/targets/evaluate.js';

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

/** Holds that the lines of a budget give the judged bounds to 1e-9, and that their shares are the whole. */
export function expectBudgetToHold({ value, budget, bound95_low, bound95_high }: JudgedTarget): void {
  expect(budget.length).toBeGreaterThan(0);
  const [low, high] = boundsOf(value as number, budget);
  expect(Math.abs(low / (bound95_low as number) - 1)).toBeLessThan(1e-9);
  expect(Math.abs(high / (bound95_high as number) - 1)).toBeLessThan(1e-9);
  expect(shares(budget)).toBeCloseTo(1, 12);
}
