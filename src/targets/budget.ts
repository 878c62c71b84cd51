import { type BoundScale, combined, type UncertaintyComponent } from '../analysis/uncertainty/index.js';
import type { Message } from '../messages/message.js';

/**
 * One line of a verdict's uncertainty budget, a row of `verdict_budget`. The one-sided bound is value ± √(Σ(q·u)²), q
 * the quantile of each line's own distribution; on scale `ln` it is value·exp(±√(Σ(q·u/value)²)).
 */
export interface BudgetLine {
  component: string;
  kind: UncertaintyComponent['kind'];
  distribution: UncertaintyComponent['distribution'];
  /** In the target's unit, at the value. */
  standard_uncertainty: number;
  unit: string;
  scale: BoundScale;
  /** Null: the normal quantile. */
  dof: number | null;
  /** Share of the variance. */
  share: number;
  /** Whether more cells do not average it out. */
  shared: boolean;
  /** How an assumed one is printed; null where nothing was assumed. */
  assumed: string | null;
  /** The same as a message; absent where nothing was assumed. */
  assumes?: Message;
}

/** A value in the unit of its target, with everything that its bounds are computed from. */
export interface ValueWithComponents {
  /** In the target's unit. */
  value: number;
  unit: string;
  components: readonly UncertaintyComponent[];
  scale: BoundScale;
  /** Factor from the unit of the components to that of the target; not used on the ln scale. */
  factor: number;
}

/** The budget of a judged number, largest share first. */
export function budgetOf({ value, unit, components, scale, factor }: ValueWithComponents): BudgetLine[] {
  const usable = components.filter(({ standard_uncertainty: u }) => Number.isFinite(u));
  const total = combined(usable) ** 2;
  const toUnit = scale === 'ln' ? Math.abs(value) : factor;
  return usable
    .map(({ assumed, assumption: _assumption, standard_uncertainty: u, ...component }) => ({
      ...component,
      standard_uncertainty: u * toUnit,
      unit,
      scale,
      share: total > 0 ? u ** 2 / total : 0,
      assumed: assumed ?? null,
    }))
    .sort((a, b) => b.share - a.share);
}

/** What was assumed, each item once. */
export const assumptions = (budget: readonly BudgetLine[]): Message[] => [
  ...new Map(
    budget.flatMap(({ assumes }) => (assumes ? [[assumes.message, assumes] as const] : [])),
  ).values(),
];
