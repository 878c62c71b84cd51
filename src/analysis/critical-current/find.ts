/** Critical current density of a symmetric cell: the current at which plated lithium first shorts the cell. */
import { median } from '../statistics/descriptive.js';

/** One half cycle at constant current; arrays of one length, in order of time. */
export interface PlatingStep {
  /** Charge or discharge: which way lithium goes. */
  direction: 'charge' | 'discharge';
  /** |J|, mA/cm². */
  current_density: number;
  /** Seconds from any origin. */
  time: ArrayLike<number>;
  /** Volt. */
  voltage: ArrayLike<number>;
}

/** The result of a stepped test. */
export interface CriticalCurrent {
  /** Highest current density that passed without a short, mA/cm². */
  lower: number;
  /**
   * Current density at which the cell shorted, mA/cm²; null where it never did, so that `lower` is only a lower bound.
   */
  upper: number | null;
  /** The half cycle with the short, and the record at which it began; null where there is none. */
  short: { step: number; record: number } | null;
  /** Current densities in their order, mA/cm². */
  levels: number[];
  /** Charge of a half cycle at `lower`, mAh/cm². */
  areal_capacity: number;
}

/** Steps whose currents differ by less are one level. */
const SAME_LEVEL = 0.05;
const FEWEST_LEVELS = 3;
/** Share of the voltage that is expected from the resistance before. */
const SHORTED_SHARE = 0.5;
/** The voltage has to stay low for this long and for this many records. */
const SHORT_SECOND = 10;
const SHORT_RECORDS = 3;
const SECOND_PER_HOUR = 3600;

interface Level {
  current_density: number;
  /** Positions of its half cycles. */
  steps: number[];
}

/**
 * Half cycles grouped by rising current; null where the current falls before the end of the rise, or does not rise in
 * steps.
 */
function levelsOf(steps: readonly PlatingStep[]): Level[] {
  const levels: Level[] = [];
  for (const [i, { current_density }] of steps.entries()) {
    const level = levels.at(-1);
    const ratio = level === undefined ? Number.POSITIVE_INFINITY : current_density / level.current_density;
    if (level !== undefined && Math.abs(ratio - 1) <= SAME_LEVEL) level.steps.push(i);
    else if (ratio > 1) levels.push({ current_density, steps: [i] });
    // What comes after the rise, such as a cycle at low current to look at the damage, says nothing about it.
    else break;
  }
  return levels;
}

/** |V|/|J| over the last third of a half cycle, Ω·cm² for mA/cm² and mV; here V per mA/cm². */
function resistances({ time, voltage, current_density }: PlatingStep): number[] {
  const [first, last] = [time[0] as number, time[time.length - 1] as number];
  const from = last - (last - first) / 3;
  return Array.from(voltage).flatMap((volt, i) =>
    (time[i] as number) >= from ? [Math.abs(volt) / current_density] : [],
  );
}

/** The first record from which |V| stays below a limit for long enough; null where it does not. */
function firstLow({ time, voltage }: PlatingStep, limit: number): number | null {
  let start: number | null = null;
  for (let i = 0; i < voltage.length; i++) {
    if (Math.abs(voltage[i] as number) >= limit) start = null;
    else {
      start ??= i;
      const isLong = (time[i] as number) - (time[start] as number) >= SHORT_SECOND;
      if (isLong && i - start + 1 >= SHORT_RECORDS) return start;
    }
  }
  return null;
}

const isPair = (steps: readonly PlatingStep[], { steps: places }: Level) =>
  new Set(places.map((i) => steps[i]?.direction)).size === 2;

/**
 * The current density of the first short in a test whose current rises in steps: where |V| stays, for 10 s and three
 * records, below half the value that is expected from the median area-specific resistance of the earlier steps. A
 * level counts as passed if both directions were completed at it.
 *
 * @param steps half cycles in the order of the test
 * @returns null where there are fewer than three levels of rising current, not counting the shorted one, each with a
 *   full pair of half cycles
 */
export function findCriticalCurrent(steps: readonly PlatingStep[]): CriticalCurrent | null {
  const usable = steps.filter(({ voltage, current_density }) => voltage.length > 2 && current_density > 0);
  const levels = levelsOf(usable);
  const before: number[] = [];
  let short: CriticalCurrent['short'] = null;
  let shortedAt = levels.length;
  for (const [k, level] of levels.entries()) {
    const expected = k === 0 ? null : level.current_density * median(before);
    for (const i of level.steps) {
      const record = expected === null ? null : firstLow(usable[i] as PlatingStep, SHORTED_SHARE * expected);
      if (record === null) continue;
      short = { step: i, record };
      shortedAt = k;
      break;
    }
    if (short !== null) break;
    for (const i of level.steps) before.push(...resistances(usable[i] as PlatingStep));
  }
  const carried = levels.slice(0, shortedAt).filter((level) => isPair(usable, level));
  const seen = carried.length + (short === null ? 0 : 1);
  const last = carried.at(-1);
  if (last === undefined || seen < FEWEST_LEVELS) return null;
  const own = usable[last.steps[0] as number] as PlatingStep;
  const second = (own.time[own.time.length - 1] as number) - (own.time[0] as number);
  return {
    lower: last.current_density,
    upper: short === null ? null : (levels[shortedAt]?.current_density ?? null),
    short,
    levels: levels.map(({ current_density }) => current_density),
    areal_capacity: (last.current_density * second) / SECOND_PER_HOUR,
  };
}
