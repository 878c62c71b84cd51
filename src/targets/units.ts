import type { Bounds } from '../analysis/statistics/intervals.js';

/** Units in which a target may be written, each with the factor from the metric's own unit. */
export type UnitScale = Readonly<Record<string, number>>;

/** Spellings that mean the same unit. */
const spellings: Readonly<Record<string, string>> = {
  '%': 'percent',
  fraction: '1',
  'ohm cm^2': 'ohm cm2',
  'ohm*cm2': 'ohm cm2',
  'ohm·cm²': 'ohm cm2',
  'Ω cm²': 'ohm cm2',
  'Ω·cm²': 'ohm cm2',
  '%/cycle': 'percent_per_cycle',
  'percent/cycle': 'percent_per_cycle',
  '1_per_cycle': '1/cycle',
  cycle: 'cycles',
  '1/h': 'C',
};

export const unitName = (written: string): string => spellings[written.trim()] ?? written.trim();

export const fractionUnits: UnitScale = { '1': 1, percent: 100 };

/**
 * Factor from the own unit of a metric to another of its units: 100 for a share in percent.
 *
 * @throws Error for a unit the metric does not have; a target table with one is refused when it is read
 */
export function scaleIn({ units }: { units: UnitScale }, unit: string): number {
  const scale = units[unit];
  if (scale === undefined) throw new Error(`the metric has no unit "${unit}"`);
  return scale;
}

/** The threshold of a target in the metric's own unit. */
export const thresholdIn = (
  metric: { units: UnitScale },
  target: { threshold: number; unit: string },
): number => target.threshold / scaleIn(metric, target.unit);

/** Shown behind a number. */
const symbols: Readonly<Record<string, string>> = {
  '1': '',
  percent: '%',
  percent_per_cycle: '%/cycle',
  'ohm cm2': 'Ω·cm²',
};

export const unitSymbol = (unit: string): string => symbols[unit] ?? unit;

/** Rounding in the conversion must not decide a comparison with a limit. */
const ROUNDING = 1e-12;

/** A number in the unit of a target; a number that differs from the limit only by rounding becomes the limit. */
export function converted(value: number, scale: number, threshold: number): number {
  const inUnit = value * scale;
  return Math.abs(inUnit - threshold) <= ROUNDING * Math.abs(threshold) ? threshold : inUnit;
}

/** A value with its bounds in the unit of a target. */
export function convertedEstimate<E extends Bounds & { value: number }>(
  estimate: E,
  scale: number,
  threshold: number,
): Bounds & { value: number } {
  const of = (number: number | null) => (number === null ? null : converted(number, scale, threshold));
  return {
    value: converted(estimate.value, scale, threshold),
    ci95_low: of(estimate.ci95_low),
    ci95_high: of(estimate.ci95_high),
    bound95_low: of(estimate.bound95_low),
    bound95_high: of(estimate.bound95_high),
  };
}
