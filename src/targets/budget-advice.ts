import { type AssumedName, assumedValues } from '../analysis/uncertainty/index.js';
import type { BudgetLine } from './budget.js';

/** What narrows a source that is measured: more of what it is the scatter of. */
const narrowedBy: Readonly<Record<string, string>> = {
  'between cells': 'more cells narrow it',
  'between batches': 'more batches narrow it',
  cycles: 'more cycles narrow it',
  temperatures: 'more temperatures narrow it',
  spectra: 'more spectra narrow it',
  'circuit fit': 'less noise, or a wider band of frequencies, narrows it',
  'choice of circuit': 'a wider band of frequencies, or a circuit that is named, narrows it',
};

/** How a source of uncertainty becomes smaller, in a few words. */
export function adviceOn({ component, kind, assumed }: BudgetLine): string {
  if (kind === 'assumed') {
    const name = /^ASSUMED (\w+)/.exec(assumed ?? '')?.[1] ?? component;
    const stated = name in assumedValues ? assumedValues[name as AssumedName].stated_as : 'the metadata';
    return `nobody stated it: measure it and state it (${stated})`;
  }
  if (kind === 'declared') return 'measure it better';
  return narrowedBy[component] ?? 'more measurements narrow it';
}

/** What the largest source is and what to do about it; null without a budget. */
export function largestSource(budget: readonly BudgetLine[]): { text: string; share: number } | null {
  const [first] = budget;
  if (first === undefined || !(first.share > 0)) return null;
  const percent = `${Math.round(100 * first.share)} %`;
  const name = first.component.replaceAll('_', ' ');
  return { share: first.share, text: `${percent} of the variance is ${name}: ${adviceOn(first)}` };
}
