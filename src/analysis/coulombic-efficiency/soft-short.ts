import { cyclingMessages as say } from '../../messages/cycling.js';
import type { Message } from '../../messages/message.js';
import { median } from '../statistics/descriptive.js';
import type { CellType } from './definition.js';

/** What one plating step shows (in an anode-free or full cell, the charging step); voltages in V. */
export interface PlatingStep {
  /** Records between 10 and 95 % of the step's duration. */
  records: number;
  /** 1.4826 times the median absolute deviation of the differences between neighbours; null where there are none. */
  noise: number | null;
  /** Magnitude of the median voltage. */
  voltage: number | null;
  /** Decreases of V·sign(median V) from record to record as positive numbers, largest first. */
  falls: readonly number[];
}

/** Whether the plating voltage shows a partial short circuit. */
export interface SoftShort {
  /** Null: not assessed, `reason` says why. */
  found: boolean | null;
  reason: string | null;
  /** The reason as a code with values. */
  why?: Message;
  /** Index of the first step at which the warning applies. */
  first: number | null;
  threshold: number | null;
  reference_noise: number | null;
  reference_voltage: number | null;
  /** Falls beyond the threshold, step by step. */
  falls: number[];
}

const window: readonly [number, number] = [0.1, 0.95];
const referenceSteps = 20;
const fewestRecords = 20;
const smallestNoise = 0.5e-3;
/** A step with this many falls is suspicious; this many suspicious steps among this many neighbours are a short. */
const hotFalls = 2;
const hotSteps = 3;
const neighbours = 10;

/**
 * One plating step from its records.
 *
 * @param time s, ascending; @param voltage V, same length
 */
export function platingStep(time: ArrayLike<number>, voltage: ArrayLike<number>): PlatingStep {
  const start = time[0] ?? 0;
  const duration = (time[time.length - 1] ?? 0) - start;
  const inside = Array.from(voltage).filter((_, i) => {
    const share = duration > 0 ? ((time[i] as number) - start) / duration : 0;
    return share >= window[0] - 1e-9 && share <= window[1] + 1e-9;
  });
  if (inside.length < 2) return { records: inside.length, noise: null, voltage: null, falls: [] };
  const middle = median(inside);
  const sign = middle < 0 ? -1 : 1;
  const steps = inside.slice(1).map((value, i) => sign * (value - (inside[i] as number)));
  const centre = median(steps);
  return {
    records: inside.length,
    noise: 1.4826 * median(steps.map((step) => Math.abs(step - centre))),
    voltage: Math.abs(middle),
    falls: steps
      .filter((step) => step < 0)
      .map((step) => -step)
      .sort((a, b) => b - a),
  };
}

/**
 * Soft shorts from the voltage of the plating steps: when a dendrite makes contact, the overpotential falls between
 * two records. To exclude single spikes, a step needs two falls, and three of ten neighbouring steps have to show
 * them.
 */
export function detectSoftShort(steps: readonly PlatingStep[], cellType: CellType): SoftShort {
  const none: SoftShort = {
    found: null,
    reason: null,
    first: null,
    threshold: null,
    reference_noise: null,
    reference_voltage: null,
    falls: [],
  };
  const notAssessed = (why: Message): SoftShort => ({ ...none, reason: why.message, why });
  if (steps.length < referenceSteps)
    return notAssessed(say('FEW_ELIGIBLE', { n: steps.length, needed: referenceSteps }));
  const reference = steps.slice(0, referenceSteps);
  const fewest = Math.min(...reference.map(({ records }) => records));
  if (fewest < fewestRecords) return notAssessed(say('FEW_RECORDS', { n: fewest, needed: fewestRecords }));
  const noise = Math.max(smallestNoise, median(reference.map((step) => step.noise ?? 0)));
  const overpotential = median(reference.map((step) => step.voltage ?? 0));
  const isAgainstLithium = cellType === 'li_cu' || cellType === 'symmetric';
  const threshold = Math.max(6 * noise, isAgainstLithium ? 0.1 * overpotential : 5e-3);
  const falls = steps.map((step) => step.falls.filter((fall) => fall > threshold).length);
  const isHot = falls.map((count) => count >= hotFalls);
  const first = isHot.findIndex(
    (hot, at) =>
      hot && isHot.slice(Math.max(0, at - neighbours + 1), at + 1).filter(Boolean).length >= hotSteps,
  );
  return {
    ...none,
    found: first >= 0,
    first: first >= 0 ? first : null,
    threshold,
    reference_noise: noise,
    reference_voltage: overpotential,
    falls,
  };
}
