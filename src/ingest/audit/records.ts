import { type Audit, brief, counted } from './audit.js';

/** Records that repeat the one before them in everything, time included. */
export const duplicateRecords: Audit = ({ duplicates }) =>
  duplicates.count === 0
    ? []
    : [
        {
          code: 'DUPLICATE_RECORDS',
          message: `${counted(duplicates.count, 'record')} ${duplicates.count === 1 ? 'repeats' : 'repeat'} the one before`,
          line: duplicates.line,
        },
      ];

const twoPi = 2 * Math.PI;

/** Cycle numbers that are not whole numbers, or that skip some or run backwards. */
export const cycleNumbers: Audit = ({ fractional_cycles, cycle_jumps }) => {
  if (fractional_cycles.count > 0) {
    const turns = fractional_cycles.value / twoPi;
    const isTurned = Math.abs(turns - Math.round(turns)) < 1e-4 && Math.round(turns) !== 0;
    return [
      {
        code: 'CYCLE_NOT_INTEGER',
        message: `cycle numbers that are not whole numbers in ${counted(fractional_cycles.count, 'record')}, the first ${brief(fractional_cycles.value)}${isTurned ? `, which is ${Math.round(turns)} times 2π: a unit library took cycles for turns` : ''}; cycles are counted again from the current`,
        line: fractional_cycles.line,
      },
    ];
  }
  if (cycle_jumps.count === 0) return [];
  return [
    {
      code: 'CYCLE_JUMP',
      message: `the vendor's cycle number jumps at ${counted(cycle_jumps.count, 'record')}, first from ${cycle_jumps.from} to ${cycle_jumps.to}; cycles are counted again from the current`,
      line: cycle_jumps.line,
    },
  ];
};

/** A counter that falls while its current continues: only falls that matter compared with what it counted. */
export const counterFalls: Audit = ({ counter_falls, charge_counted, discharge_counted }) =>
  counter_falls.count === 0 || counter_falls.total < 1e-3 * (charge_counted + discharge_counted)
    ? []
    : [
        {
          code: 'COUNTER_FALLS',
          message: `a capacity counter falls at ${counted(counter_falls.count, 'record')} while the current continues, by ${brief(counter_falls.total)} Ah in all`,
          line: counter_falls.line,
        },
      ];
