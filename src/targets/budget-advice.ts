import { type AssumedName, assumedValues, statedIn } from '../analysis/uncertainty/index.js';
import { type Message, named } from '../messages/message.js';
import { targetMessages as say } from '../messages/targets.js';
import type { BudgetLine } from './budget.js';

/** Sources that are measured, and what more of makes them smaller. */
const narrowed = [
  'between cells',
  'between batches',
  'cycles',
  'temperatures',
  'spectra',
  'circuit fit',
  'choice of circuit',
] as const;

const isAssumed = (name: string): name is AssumedName => name in assumedValues;

/** How a source of uncertainty can be reduced, in a few words. */
export function adviceOn({ component, kind, assumes }: BudgetLine): Message {
  if (kind === 'assumed') {
    const said = assumes?.values?.name as Message | undefined;
    const name = said?.message ?? assumes?.wording?.split('/')[1] ?? component;
    const stated = isAssumed(name) ? statedIn(name) : say('NARROWED_BY/metadata');
    return say('NARROWED_BY/state', { stated });
  }
  if (kind === 'declared') return say('NARROWED_BY/declared');
  const known = narrowed.find((one) => one === component);
  return say(`NARROWED_BY/${known ?? 'other'}`);
}

/** The largest source and what to do about it; null without a budget. */
export function largestSource(budget: readonly BudgetLine[]): { text: Message; share: number } | null {
  const [first] = budget;
  if (first === undefined || !(first.share > 0)) return null;
  const text = say('LARGEST_SOURCE', {
    percent: Math.round(100 * first.share),
    name: named(first.component),
    advice: adviceOn(first),
  });
  return { share: first.share, text };
}
