import type { AnalysisWarning } from '../analysis/result.js';
import { isMet, type Limit, type VerdictWord } from '../analysis/verdict/index.js';
import type { LabData } from './lab-data.js';
import type { CellMetric } from './metrics/index.js';
import { unitSymbol } from './units.js';

/** By how much a value misses its limit, in the target's unit, for a FAIL; null where the value does not. */
export function shortfall(word: VerdictWord, value: number | null, limit: Limit): number | null {
  return word !== 'FAIL' || value === null || isMet(value, limit) ? null : Math.abs(value - limit.threshold);
}

/** The same in words; empty where the value does not miss it. */
export function missedBy(
  word: VerdictWord,
  value: number | null,
  { unit, ...limit }: Limit & { unit: string },
): string {
  const short = shortfall(word, value, limit);
  if (short === null) return '';
  const share =
    limit.threshold === 0 ? '' : ` (${digits((100 * short) / Math.abs(limit.threshold))} % of the limit)`;
  return `missed by ${`${digits(short)} ${unitSymbol(unit)}`.trim()}${share}`;
}

const digits = (value: number) => String(Number(value.toPrecision(3)));

const LARGEST_FACTOR = 1.5;

/**
 * Near a target, the scatter of one laboratory is not that of the material: eight laboratories measuring the same
 * thiophosphate powders differed by 35–50 %. Source: S. Ohno et al., ACS Energy Lett. 5 (2020) 910.
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
  const message =
    'within a factor 1.5 of the target, where laboratories measuring one powder differ by 35 to 50 %: the interval is this laboratory’s';
  return [{ code: 'INTERLABORATORY_SCATTER', message }];
}

/** Why there is no verdict at all, and what would give one. */
export function nothingToJudge({ materials }: Pick<LabData, 'materials'>): string {
  return materials.length === 0
    ? 'nothing to judge: the database holds no material. List materials in materials.csv beside the exports, and ingest them.'
    : 'nothing to judge: no material is of a category that the targets are for. See `cellar targets`, or name another table with --targets.';
}
