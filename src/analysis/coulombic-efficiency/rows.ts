import { cyclingMessages as say } from '../../messages/cycling.js';
import type { Message } from '../../messages/message.js';
import { type CycleLabel, labelMessage, normaliseLabels } from '../cycling/labels.js';
import { type ExcludedPoint, excludedPoint } from '../result.js';
import { type CellType, coulombicEfficiency } from './definition.js';

/** Cycles of one cell, arrays of one length: charge and discharge (any unit, the same in both), or efficiencies. */
export interface CoulombicEfficiencyInput {
  cycle: ArrayLike<number>;
  /** Charge and discharge capacity of each cycle, same unit; or `coulombic_efficiency`. */
  charge?: ArrayLike<number | null>;
  discharge?: ArrayLike<number | null>;
  coulombic_efficiency?: ArrayLike<number | null>;
  label?: ArrayLike<string | null>;
  /** Counter and integral of this cycle disagree by more than 1 %: it is not counted. */
  counter_conflict?: ArrayLike<boolean | null>;
  /** Code of the reason why the charges of this cycle give no efficiency; null where they do. */
  objection?: ArrayLike<string | null>;
  /** Whether the voltage of this cycle is noisy, as in a cell with a soft short. */
  voltage_noise?: ArrayLike<boolean | null>;
}

/** One cycle; `reason` says why it does not count. */
export interface EfficiencyRow {
  index: number;
  cycle: number;
  label: CycleLabel | null;
  efficiency: number | null;
  charge: number | null;
  discharge: number | null;
  reason: string | null;
  /** The reason as a code with values. */
  why: Message | null;
  noisy: boolean;
}

/** Codes of objections that have words. */
const objections = [
  'NOT_WHOLE',
  'REVERSALS_IN_HALF_CYCLE',
  'TIME_GAP',
  'STEP_CUT_AT_FILE_END',
  'RETURN_NOT_AT_LIMIT',
  'LOG_INTERVAL',
  'HALF_CYCLE_MISSING',
] as const;

function objectionMessage(code: string): Message {
  const known = objections.find((one) => one === code);
  return known === undefined ? say('NOT_COUNTED', { objection: code }) : say(known);
}

/** All cycles in order, each with its efficiency or the reason why it has none or does not count. */
export function readRows(input: CoulombicEfficiencyInput, cellType: CellType): EfficiencyRow[] {
  const labels = normaliseLabels(input.label, input.cycle.length);
  const isDefined = coulombicEfficiency(cellType, 1, 1).value !== null;
  const rows = Array.from({ length: input.cycle.length }, (_, index): EfficiencyRow => {
    const label = labels[index] ?? null;
    const charge = input.charge?.[index] ?? null;
    const discharge = input.discharge?.[index] ?? null;
    const given = input.coulombic_efficiency?.[index] ?? null;
    const usable = isDefined && given !== null && Number.isFinite(given);
    const complete = label !== 'partial' && label !== 'interrupted';
    const objection = input.objection?.[index] ?? null;
    const computed =
      objection !== null && complete
        ? { value: null, why: objectionMessage(objection) }
        : usable
          ? { value: given, why: null }
          : coulombicEfficiency(cellType, charge, discharge, complete);
    const conflict = input.counter_conflict?.[index] ?? false;
    const counted = label === 'ageing' || label === 'capacity_limited';
    let { why } = computed;
    if (!counted) why = labelMessage(label);
    else if (conflict) why = say('COUNTER_CONFLICT');
    return {
      index,
      cycle: input.cycle[index] as number,
      label,
      efficiency: computed.value,
      charge,
      discharge,
      reason: why?.message ?? null,
      why,
      noisy: input.voltage_noise?.[index] ?? false,
    };
  });
  return rows.sort((a, b) => a.cycle - b.cycle || a.index - b.index);
}

/** Cycles that do not count, with their position in the input. */
export function exclusions(rows: EfficiencyRow[]): ExcludedPoint[] {
  return rows
    .flatMap(({ index, why }) => (why === null ? [] : excludedPoint(index, why)))
    .sort((a, b) => a.index - b.index);
}
