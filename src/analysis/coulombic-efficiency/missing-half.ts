import { median } from '../statistics/descriptive.js';

/** Cycles on either side that say what is usual, and how many of them are needed. */
const SIDE = 5;
const FEWEST = 6;

const isWithin = (value: number, usual: number, low: number, high: number) =>
  value >= low * usual && value <= high * usual;

/**
 * Cycles in which the records of a half cycle are missing: twice the usual charge in one direction, as two half cycles
 * give that follow each other, with the usual charge in the other. Their quotient is no efficiency. A doubled charge that
 * comes back is one.
 *
 * @param charge of each cycle in its order, Ah; null where it is not known
 * @param discharge the same in the other direction
 * @returns for each cycle whether it lacks a half cycle; false where its neighbours are too few to tell
 */
export function missesHalfCycle(
  charge: readonly (number | null)[],
  discharge: readonly (number | null)[],
): boolean[] {
  const usual = (values: readonly (number | null)[], at: number): number | undefined => {
    const near = [...values.slice(Math.max(0, at - SIDE), at), ...values.slice(at + 1, at + 1 + SIDE)];
    const known = near.filter((value): value is number => value !== null && value > 0);
    return at >= SIDE - 2 && known.length >= FEWEST ? median(known) : undefined;
  };
  const isDoubled = (
    one: readonly (number | null)[],
    other: readonly (number | null)[],
    at: number,
  ): boolean => {
    const [value, opposite] = [one[at] ?? 0, other[at] ?? 0];
    const [usually, oppositely] = [usual(one, at), usual(other, at)];
    if (usually === undefined || oppositely === undefined) return false;
    return isWithin(value, usually, 1.8, 2.2) && isWithin(opposite, oppositely, 0.8, 1.2);
  };
  return charge.map((_, at) => isDoubled(charge, discharge, at) || isDoubled(discharge, charge, at));
}
