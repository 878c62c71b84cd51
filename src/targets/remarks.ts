import type { AnalysisWarning } from '../analysis/result.js';
import { isMet, type Limit, type VerdictWord } from '../analysis/verdict/index.js';
import { impedanceMessages } from '../messages/impedance.js';
import type { Message } from '../messages/message.js';
import { targetMessages as say } from '../messages/targets.js';
import type { LabData } from './lab-data.js';
import type { CellMetric } from './metrics/index.js';
import { unitSymbol } from './units.js';

/** By how much a value misses its limit, in the unit of the target, for a FAIL; null where it does not miss it. */
export function shortfall(word: VerdictWord, value: number | null, limit: Limit): number | null {
  return word !== 'FAIL' || value === null || isMet(value, limit) ? null : Math.abs(value - limit.threshold);
}

/** The same as a message; null where the value does not miss it. */
export function missedBy(
  word: VerdictWord,
  value: number | null,
  { unit, ...limit }: Limit & { unit: string },
): Message | null {
  const short = shortfall(word, value, limit);
  if (short === null) return null;
  const amount = `${digits(short)} ${unitSymbol(unit)}`.trim();
  if (limit.threshold === 0) return say('MISSED_BY', { amount });
  const percent = digits((100 * short) / Math.abs(limit.threshold));
  return say('MISSED_BY/share', { amount, percent });
}

const digits = (value: number) => String(Number(value.toPrecision(3)));

const LARGEST_FACTOR = 1.5;

/**
 * Near a target, the scatter of one laboratory understates that of the material: eight laboratories that measured the
 * same thiophosphate powders differed by 35–50 %.
 * Source: S. Ohno et al., ACS Energy Lett. 5 (2020) 910.
 *
 * @param value, threshold in the metric's own unit
 */
export function scatterRemark(
  metric: CellMetric,
  value: number | null,
  threshold: number,
): AnalysisWarning[] {
  if (metric.id !== 'conductivity_25c' || value === null) return [];
  const ratio = value / threshold;
  if (ratio > LARGEST_FACTOR || ratio < 1 / LARGEST_FACTOR) return [];
  return [impedanceMessages('INTERLABORATORY_SCATTER/laboratory')];
}

/** Why there is no verdict at all, and what would give one. */
export function nothingToJudge({ materials }: Pick<LabData, 'materials'>): Message {
  return say(materials.length === 0 ? 'NOTHING_TO_JUDGE/materials' : 'NOTHING_TO_JUDGE/category');
}
