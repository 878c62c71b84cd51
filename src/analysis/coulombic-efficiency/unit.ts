import { NotComputable } from '../result.js';
import { median } from '../statistics/descriptive.js';

/** Efficiencies as fractions, and whether the column was in percent. */
export interface EfficiencyValues {
  values: (number | null)[];
  isPercent: boolean;
}

/** Values on the other scale than their median: a few may be cycles that failed. */
const mostOnOtherScale = 0.05;

/** A column with a median in one of these ranges holds fractions, or percent. */
const fractions: readonly [number, number] = [0.2, 1.5];
const percents: readonly [number, number] = [20, 150];

const lies = (value: number, [low, high]: readonly [number, number]) => value >= low && value <= high;

/**
 * Reads a column of efficiencies: its median tells whether it is in percent, and the header must not contradict that.
 *
 * @param header as written, unit included
 * @throws NotComputable `CE_UNIT_CONFLICT` where the values are neither, both, or not what the header says
 */
export function readEfficiencies(values: readonly (number | null)[], header = ''): EfficiencyValues {
  const present = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (present.length === 0) return { values: [...values], isPercent: false };
  const middle = median(present);
  const saysPercent = /%|percent/i.test(header);
  const isPercent = lies(middle, percents);
  if (!isPercent && (!lies(middle, fractions) || saysPercent)) {
    const seen = saysPercent ? `the header "${header}" says percent, but` : 'neither fractions nor percent:';
    throw new NotComputable(
      'CE_UNIT_CONFLICT',
      `coulombic efficiency: ${seen} the median is ${middle.toPrecision(4)}; give fractions (0 to 1) or percent`,
    );
  }
  const other = isPercent ? fractions : percents;
  const onOther = present.filter((value) => lies(value, other)).length;
  if (onOther > mostOnOtherScale * present.length) {
    throw new NotComputable(
      'CE_UNIT_CONFLICT',
      `coulombic efficiency: some values are fractions and some percent (${onOther} of ${present.length} on the other scale than the rest); give all as fractions or all in percent`,
    );
  }
  return {
    values: isPercent ? values.map((value) => (value === null ? null : value / 100)) : [...values],
    isPercent,
  };
}
