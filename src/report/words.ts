import type { Message } from '../messages/message.js';
import { unitSymbol } from '../targets/units.js';
import { numberStyle, plainNumber, written } from './numbers.js';
import { cellTypes, spoken, spokenLanguage, words } from './speech.js';
import { typeset } from './typeset.js';

/** A number with its uncertainty. */
export interface Interval {
  value: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
}

const NARROW_SPACE = '\u202f';
const NO_BREAK_SPACE = '\u00a0';

/** The unit after a number, with the space between them. */
export function unitAfter(unit: string): string {
  const symbol = unitSymbol(unit);
  if (symbol === '') return '';
  return `${symbol.startsWith('%') ? NARROW_SPACE : NO_BREAK_SPACE}${symbol}`;
}

const halfWidth = ({ ci95_low: low, ci95_high: high }: Interval): number | null =>
  low === null || high === null || !(high > low) ? null : (high - low) / 2;

/**
 * If an interval of positive numbers spans more than this, its ends are rounded separately; rounded alike, the low one
 * would be 0.
 */
const WIDE_RATIO = 20;
const WIDE_DIGITS = 2;

const isWide = (low: number, high: number) => low > 0 && high / low > WIDE_RATIO;

/** Value and ends of the interval, all with the digits that the interval allows. */
export function intervalTexts(
  interval: Interval & { value: number },
): { value: string; low: string; high: string } | { value: string; low: null; high: null } {
  const half = halfWidth(interval);
  const style = numberStyle(interval.value, half);
  if (half === null) return { value: plainNumber(interval.value), low: null, high: null };
  const [low, high] = [interval.ci95_low as number, interval.ci95_high as number];
  const of = (number: number) =>
    isWide(low, high) ? plainNumber(number, WIDE_DIGITS) : written(number, style);
  return { value: of(interval.value), low: of(low), high: of(high) };
}

/** `0.01258 S/cm (95 % interval 0.01239 to 0.01277)`. */
export function estimateText(interval: Interval, unit: string): string {
  if (interval.value === null) return words('not_available');
  const { value, low, high } = intervalTexts({ ...interval, value: interval.value });
  const after = unitAfter(unit);
  return low === null ? `${value}${after}` : words('with_interval', { value: `${value}${after}`, low, high });
}

const comparisonSigns: Readonly<Record<string, string>> = { '>=': '≥', '<=': '≤', '>': '>', '<': '<' };

/** `> 0.01 S/cm`. */
export function thresholdText(comparison: string, threshold: number, unit: string): string {
  return `${comparisonSigns[comparison] ?? comparison} ${plainNumber(threshold, 8)}${unitAfter(unit)}`;
}

/** A sentence as it begins: with a capital, where the language has them. */
export const capitalised = (text: string): string =>
  spokenLanguage() === 'en' ? text.charAt(0).toUpperCase() + text.slice(1) : text;

/** A sentence with its full stop. */
export const stopped = (sentence: string): string => words('full_stop', { sentence });

/** Sentences that follow each other. */
export const inARow = (sentences: readonly string[]): string => words('full_stops', { sentences });

/** Kinds of cells as people write them; a kind that is not listed stays as it is. */
export function cellTypeText(type: string): string {
  const known = cellTypes.find((one) => one === type);
  return known === undefined ? type : words(`cell_type/${known}`);
}

/** What is missing, item by item: one for each cell that lacks something, the last with what concerns all of them. */
export function missingItems(missing: Message, speak: (message: Message) => string = spoken): string[] {
  const ways = missing.values?.ways;
  const items: Message[][] = [];
  for (const way of (Array.isArray(ways) ? ways : [missing]) as Message[]) {
    const last = items.at(-1);
    if (last?.[0]?.code === CELL_LACKS && way.code !== CELL_LACKS) last.push(way);
    else items.push([way]);
  }
  return items.map((item) => words('clauses', { items: item.map(speak) }));
}

/** The code of what one cell lacks. */
const CELL_LACKS = 'CELL_LACKS';

/** Words from the analysis as a sentence of the page, without its full stop. */
export const sentence = (text: string): string => capitalised(typeset(text));
