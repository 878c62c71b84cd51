import { cyclingMessages as say } from '../../messages/cycling.js';
import { median } from '../statistics/descriptive.js';
import { Z_ONE_SIDED, Z_TWO_SIDED } from '../statistics/intervals.js';
import type { Verdict } from '../verdict/judge.js';
import { insufficient, verdictOf } from '../verdict/judge.js';
import { reservoirEfficiency } from './reservoir.js';

/** A plating and the strip after it; charges in one unit. */
export interface PlateAndStrip {
  plated: number;
  stripped: number;
  /** Whether the strip ended at the cut-off. */
  at_cutoff: boolean;
}

/** A reservoir test found in the steps of a cell, and its efficiency, a fraction. */
export interface ReservoirTest {
  preconditioning_cycles: number;
  /** Short cycles. */
  n: number;
  reservoir: number;
  final_strip: number;
  coulombic_efficiency: number;
  /** Standard uncertainty from the ratio of charges alone. */
  u: number;
  ci95: [number, number];
  bound95: [number, number];
}

const fewestShortCycles = 3;
/** The reservoir is at least this many times the charge of a short plating. */
const leastReservoir = 1.5;
/** A preconditioning cycle plates the charge of the reservoir, within this share. */
const sameCharge = 0.02;

/**
 * Recognises the reservoir protocol (Aurbach; Adams, method 3): a large plating, short cycles whose strips end by
 * charge, and a last strip to the cut-off. Cycles before it with the same large plating and a strip to the cut-off are
 * preconditioning. Every strip but the last one returns the charge that the protocol asks for, so that no single cycle
 * is evidence.
 *
 * @param ratioHalfWidth limit of the error of the ratio of two charges
 * @returns null where it is not such a test, or not a complete one yet
 */
export function recogniseReservoir(
  pairs: readonly PlateAndStrip[],
  ratioHalfWidth: number,
): ReservoirTest | null {
  let start = 0;
  while (pairs[start]?.at_cutoff === true) start++;
  const begin = pairs[start];
  const end = pairs.findIndex(({ at_cutoff }, at) => at > start && at_cutoff);
  if (begin === undefined || end < 0) return null;
  const n = end - start;
  const short = pairs.slice(start + 1, end + 1);
  if (n < fewestShortCycles || begin.plated < leastReservoir * median(short.map(({ plated }) => plated)))
    return null;
  const before = pairs.slice(0, start);
  const isPreconditioning = before.every(({ plated }) => Math.abs(plated / begin.plated - 1) <= sameCharge);
  // An ordinary test with a few cycles that ended early is not a reservoir test.
  if (!isPreconditioning || end < pairs.length - 1) return null;
  const final_strip = (pairs[end] as PlateAndStrip).stripped;
  const { coulombic_efficiency: value } = reservoirEfficiency({
    reservoir: begin.plated,
    plated: short.map(({ plated }) => plated),
    stripped: pairs.slice(start, end).map(({ stripped }) => stripped),
    final_strip,
  });
  const u = (value * ratioHalfWidth) / Math.sqrt(3);
  return {
    preconditioning_cycles: start,
    n,
    reservoir: begin.plated,
    final_strip,
    coulombic_efficiency: value,
    u,
    ci95: [value - Z_TWO_SIDED * u, value + Z_TWO_SIDED * u],
    bound95: [value - Z_ONE_SIDED * u, value + Z_ONE_SIDED * u],
  };
}

/** An average over short cycles can show that a target is missed, but never that it is met. */
export function judgeReservoir(
  { n, bound95 }: Pick<ReservoirTest, 'n' | 'bound95'>,
  required = 500,
  threshold = 0.995,
): Verdict {
  const [, high] = bound95;
  if (n < required) {
    return (n * high + required - n) / required <= threshold
      ? verdictOf('FAIL', say('EVEN_PERFECT/below', { left: required - n, threshold }))
      : insufficient(say('AVERAGE_OVER', { done: n, required }), say('MORE_CYCLES', { more: required - n }));
  }
  if (high <= threshold) return verdictOf('FAIL', say('MEAN_BOUND_MISSES/average', { threshold }));
  return verdictOf('INCONCLUSIVE', say('AVERAGE_ONLY'), say('STRIPS_AT_CUTOFF'));
}
