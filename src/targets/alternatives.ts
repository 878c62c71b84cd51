/** What a verdict depends on: the same evidence under every other defensible choice. */

import type { Bounds } from '../analysis/statistics/intervals.js';
import { boundsFrom, type UncertaintyComponent } from '../analysis/uncertainty/index.js';
import {
  type Choice,
  decidedBy,
  isMet,
  type Limit,
  settledBy,
  type Verdict,
  type VerdictWord,
} from '../analysis/verdict/index.js';
import { type Message, named } from '../messages/message.js';
import { targetMessages as say } from '../messages/targets.js';
import { groupBy } from './group.js';
import type { CellMeasurement, CellMetric } from './metrics/index.js';
import { unitSymbol } from './units.js';

/** One other choice and its result, a row of `verdict_alternatives`; numbers in the unit of the target. */
export interface AlternativeLine extends Bounds {
  choice: Choice;
  alternative: string;
  /** The same as a code with values, where it is more than a name. */
  said?: Message;
  value: number | null;
  verdict: VerdictWord;
  /** Whether the value lies on the other side of the limit. */
  crosses: boolean;
  /** Whether it can make a verdict fragile; leaving out a cell is only shown. */
  counts: boolean;
}

/** The evidence of a verdict under another choice. */
export interface Variation<Item> {
  choice: Choice;
  alternative: string;
  said?: Message;
  items: Item[];
}

/** A cell with what was measured on it. */
interface MeasuredCell {
  cell: { cell_id: string };
  measurement: CellMeasurement;
}

/** Assumed half widths are tried at these multiples. */
const multiples = [
  [0.5, 'half'],
  [2, 'twice'],
] as const;

function assumedNames(components: readonly UncertaintyComponent[]): string[] {
  return [...new Set(components.flatMap(({ component, kind }) => (kind === 'assumed' ? component : [])))];
}

const withFactor = (components: readonly UncertaintyComponent[], name: string, factor: number) =>
  components.map((one) =>
    one.component === name && one.kind === 'assumed'
      ? { ...one, standard_uncertainty: factor * one.standard_uncertainty }
      : one,
  );

/** The components with each assumed half width halved and doubled in turn. */
export function assumedVariations(
  components: readonly UncertaintyComponent[],
): { said: Message; of(own: readonly UncertaintyComponent[]): UncertaintyComponent[] }[] {
  return assumedNames(components).flatMap((name) =>
    multiples.map(([factor, word]) => ({
      said: say(`ALTERNATIVE/${word}`, { name: named(name) }),
      of: (own: readonly UncertaintyComponent[]) => withFactor(own, name, factor),
    })),
  );
}

function changed<Item extends MeasuredCell>(
  metric: CellMetric,
  item: Item,
  value: number,
  components: UncertaintyComponent[],
): Item {
  const scale = metric.pooling === 'log' ? 'ln' : 'linear';
  const measurement = {
    ...item.measurement,
    value,
    components,
    ...boundsFrom(value, components, scale),
    // What the other choice settles is no longer open on one side.
    one_sided: value === item.measurement.value ? (item.measurement.one_sided ?? null) : null,
  };
  return { ...item, measurement };
}

/**
 * The cells behind a verdict under every other defensible choice: those that the metric names, applied to all cells
 * that have them; every assumed half width halved and doubled; each cell left out in turn, if at least three remain.
 */
export function variationsOf<Item extends MeasuredCell>(
  metric: CellMetric,
  full: readonly Item[],
): Variation<Item>[] {
  const named = groupBy(
    full.flatMap(({ measurement }) => measurement.alternatives),
    ({ choice, alternative }) => JSON.stringify([choice, alternative]),
  );
  const ofMethod = [...named.values()].map((same): Variation<Item> => {
    const { choice, alternative, said } = same[0] as (typeof same)[number];
    const items = full.map((item) => {
      const other = item.measurement.alternatives.find(
        (one) => one.choice === choice && one.alternative === alternative,
      );
      return other === undefined ? item : changed(metric, item, other.value, other.components);
    });
    return { choice, alternative, ...(said === undefined ? {} : { said }), items };
  });
  const all = full.flatMap(({ measurement }) => measurement.components);
  const ofAssumed = assumedVariations(all).map(
    ({ said, of }): Variation<Item> => ({
      choice: 'assumed uncertainty',
      alternative: said.message,
      said,
      items: full.map((item) =>
        changed(metric, item, item.measurement.value as number, of(item.measurement.components)),
      ),
    }),
  );
  const without =
    full.length < 3
      ? []
      : full.map(({ cell }): Variation<Item> => {
          const said = say('ALTERNATIVE/without', { cell: cell.cell_id });
          return {
            choice: 'cells',
            alternative: said.message,
            said,
            items: full.filter((item) => item.cell.cell_id !== cell.cell_id),
          };
        });
  return [...ofMethod, ...ofAssumed, ...without];
}

/** An alternative as it is stored: its result, and whether that lies on the other side of the limit. */
export function alternativeLine(
  { choice, alternative, said }: Pick<Variation<unknown>, 'choice' | 'alternative' | 'said'>,
  estimate: (Bounds & { value: number }) | null,
  verdict: VerdictWord,
  reported: number,
  limit: Limit,
): AlternativeLine {
  const none = { value: null, ci95_low: null, ci95_high: null, bound95_low: null, bound95_high: null };
  const { value, ci95_low, ci95_high, bound95_low, bound95_high } = estimate ?? none;
  return {
    choice,
    alternative,
    ...(said === undefined ? {} : { said }),
    value,
    ci95_low,
    ci95_high,
    bound95_low,
    bound95_high,
    verdict,
    crosses: value !== null && isMet(value, limit) !== isMet(reported, limit),
    counts: choice !== 'cells',
  };
}

/** What was chosen instead, as a message. */
export const alternativeMessage = ({
  alternative,
  said,
}: Pick<AlternativeLine, 'alternative' | 'said'>): Message => said ?? named(alternative, alternative);

const turns = (from: VerdictWord, to: VerdictWord) =>
  (from === 'PASS' && to === 'FAIL') || (from === 'FAIL' && to === 'PASS');

/**
 * A verdict that another defensible choice would reverse is not one: it is FRAGILE where a value lies on the other
 * side of the limit, or PASS becomes FAIL or the reverse. Choices that only make a PASS undecided are named with it.
 */
export function withAlternatives(
  verdict: Verdict,
  alternatives: readonly AlternativeLine[],
  { unit, ...limit }: Limit & { unit: string },
): Verdict {
  if (verdict.verdict === 'INSUFFICIENT DATA') return verdict;
  const counting = alternatives.filter(({ counts }) => counts);
  const against = counting.filter((one) => one.crosses || turns(verdict.verdict, one.verdict));
  const [first] = against;
  if (first === undefined) return verdict.verdict === 'PASS' ? withOpenOnes(verdict, counting) : verdict;
  const others = against.map((one) =>
    say('CHOICE_GIVES', {
      choice: named(one.choice),
      alternative: alternativeMessage(one),
      value: `${one.value?.toPrecision(3)} ${unitSymbol(unit)}`.trim(),
    }),
  );
  const note = say('FRAGILE', { choice: named(first.choice), others, ...limit });
  if (verdict.verdict === 'INCONCLUSIVE') return { ...verdict, notes: [...verdict.notes, note] };
  const because = say('NOT_EVERY_CHOICE', { reason: verdict.because });
  const notes = [...verdict.notes, note];
  return { ...decidedBy(verdict, 'INCONCLUSIVE', because, settledBy(first.choice)), notes };
}

function withOpenOnes(verdict: Verdict, counting: readonly AlternativeLine[]): Verdict {
  const open = counting.filter((one) => one.verdict === 'INCONCLUSIVE');
  if (open.length === 0) return verdict;
  const note = say('HANGS_ON', { alternatives: open.map(alternativeMessage) });
  return { ...verdict, notes: [...verdict.notes, note] };
}
