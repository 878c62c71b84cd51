import { auditMessages as say } from '../../messages/audit.js';
import { type Audit, brief } from './audit.js';

/** Records that repeat the one before them in everything, time included. */
export const duplicateRecords: Audit = ({ duplicates }) =>
  duplicates.count === 0
    ? []
    : [{ ...say('DUPLICATE_RECORDS', { count: duplicates.count }), line: duplicates.line }];

const twoPi = 2 * Math.PI;

/** Cycle numbers that are not whole numbers, or that skip some or run backwards. */
export const cycleNumbers: Audit = ({ fractional_cycles, cycle_jumps }) => {
  if (fractional_cycles.count > 0) {
    const turns = fractional_cycles.value / twoPi;
    const isTurned = Math.abs(turns - Math.round(turns)) < 1e-4 && Math.round(turns) !== 0;
    const values = { count: fractional_cycles.count, first: brief(fractional_cycles.value) };
    const message = isTurned
      ? say('CYCLE_NOT_INTEGER/turns', { ...values, turns: Math.round(turns) })
      : say('CYCLE_NOT_INTEGER', values);
    return [{ ...message, line: fractional_cycles.line }];
  }
  const { count, from, to, line } = cycle_jumps;
  return count === 0 ? [] : [{ ...say('CYCLE_JUMP', { count, from, to }), line }];
};

/** A counter that falls while its current continues: only falls that matter compared with what it counted. */
export const counterFalls: Audit = ({ counter_falls, charge_counted, discharge_counted }) =>
  counter_falls.count === 0 || counter_falls.total < 1e-3 * (charge_counted + discharge_counted)
    ? []
    : [
        {
          ...say('COUNTER_FALLS', { count: counter_falls.count, total: brief(counter_falls.total) }),
          line: counter_falls.line,
        },
      ];
