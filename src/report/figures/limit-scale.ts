import type { JudgedTarget } from '../../targets/evaluate.js';
import { linearTicks, logTicks, type Tick } from '../plot/scale.js';

/**
 * Positions of numbers relative to a limit. The limit is in the middle and the side that meets it at the right, for
 * every target alike, so that a column of such scales is read without reading numbers.
 */
export interface LimitScale {
  /** 0 at the left end, 0.5 at the limit, 1 at the right end; beyond these for values outside. */
  share(value: number): number;
  /** Values between the ends; none where there is no value to compare. */
  ticks: readonly Tick[];
}

/** Ends of the interval may reach this many times further than the values before they are cut off. */
const INTERVAL_REACH = 2.2;
const ROOM = 1.18;
/** A value at the limit still needs a scale: this share of the limit on either side. */
const LEAST_REACH = 0.001;

/** Whether the numbers of a verdict are compared as logarithms. */
export const isLogarithmic = (judged: JudgedTarget): boolean => {
  const { pooling, cells } = judged.evidence;
  const values = [judged.target.threshold, judged.value, ...cells.map(({ value }) => value)];
  return pooling?.on === 'logarithms' && values.every((value) => value === null || value > 0);
};

const isMoreBetter = ({ target }: JudgedTarget) => target.comparison.startsWith('>');

/**
 * The scale of one verdict: holds value and cells, and the interval unless it is far wider.
 *
 * @param shown values that it has to hold instead of those of the cells
 */
export function limitScale(
  judged: JudgedTarget,
  shown: readonly (number | null)[] = judged.evidence.cells.map(({ value }) => value),
): LimitScale {
  const isLog = isLogarithmic(judged);
  const forward = (value: number) => (isLog ? Math.log(value) : value);
  const back = (value: number) => (isLog ? Math.exp(value) : value);
  const limit = forward(judged.target.threshold);
  const distance = (value: number | null) =>
    value === null || (isLog && value <= 0) ? 0 : Math.abs(forward(value) - limit);
  const values = [judged.value, ...shown];
  const least = isLog ? Math.log1p(LEAST_REACH) : LEAST_REACH * (Math.abs(limit) || 1);
  const ofValues = Math.max(least, ...values.map(distance));
  const ofInterval = Math.max(...[judged.ci95_low, judged.ci95_high].map(distance));
  const reach = ROOM * Math.max(ofValues, Math.min(ofInterval, INTERVAL_REACH * ofValues));
  const direction = isMoreBetter(judged) ? 1 : -1;
  const domain: [number, number] = [back(limit - reach), back(limit + reach)];
  return {
    share: (value) =>
      isLog && value <= 0
        ? direction < 0
          ? 2
          : -1
        : 0.5 + (direction * (forward(value) - limit)) / (2 * reach),
    ticks: values.every((value) => value === null)
      ? []
      : isLog
        ? logTicks(domain, 4)
        : linearTicks(domain, 4),
  };
}
