import { labelMessage } from '../../analysis/cycling/index.js';
import type { AnalysisWarning } from '../../analysis/result.js';
import { median } from '../../analysis/statistics/descriptive.js';
import { type CellRecord, contactArea } from '../../fits/cells.js';
import type { CellLife } from '../../fits/lives.js';
import { usableCapacity } from '../../fits/making/decay.js';
import { cyclingMessages } from '../../messages/cycling.js';
import { type Message, PROJECTED } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import { countDifference } from '../../store/cycle-counts.js';
import type { LabData, TestRecord } from '../lab-data.js';
import { type CellMeasurement, type Exclusion, leftOut, type Sources } from './definition.js';

/** The common part of metrics that are taken from cycles. */

/** Positions of the cycles whose label is one of these and whose current direction is known. */
export function cyclesLabelled(life: CellLife, labels: readonly string[]): number[] {
  return life.cycle
    .map((_, i) => i)
    .filter((i) => life.direction_known[i] && labels.includes(life.label[i] ?? ''));
}

/** Every cycle that is not among the used ones, with the reason. */
export function cyclesLeftOut(life: CellLife, used: readonly number[], reason?: Message): Exclusion[] {
  const isUsed = new Set(used);
  return life.cycle.flatMap((cycle, i): Exclusion[] => {
    if (isUsed.has(i)) return [];
    const why = life.direction_known[i]
      ? labelMessage(life.label[i] ?? null)
      : cyclingMessages('DIRECTION_UNKNOWN');
    const isRegular = life.direction_known[i] && life.label[i] === 'ageing';
    return [leftOut({ cycle }, isRegular && reason !== undefined ? reason : why)];
  });
}

export function testsOf(lab: LabData, life: CellLife): TestRecord[] {
  const ids = [...new Set(life.test_id)];
  return ids.flatMap((id) => lab.tests.get(id) ?? []);
}

export function cycleSources(life: CellLife, used?: readonly number[]): Sources {
  const ids = used === undefined ? life.test_id : used.map((i) => life.test_id[i] as number);
  return { spectrum_ids: [], test_ids: [...new Set(ids)] };
}

/** The value that all share, else null. */
function common<T>(values: readonly (T | null | undefined)[]): T | null {
  const known = [...new Set(values.filter((value) => value != null))];
  return known.length === 1 ? (known[0] as T) : null;
}

function middle(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value): value is number => value != null && Number.isFinite(value));
  return known.length === 0 ? null : median(known);
}

/** The conditions of the cycles: temperature, rate, window, load per area. */
export function cycleConditions(
  lab: LabData,
  cell: CellRecord,
  life: CellLife,
  used: readonly number[],
): CellMeasurement['conditions'] {
  const tests = [...new Set(used.map((i) => life.test_id[i] as number))].map((id) => lab.tests.get(id));
  const at = (values: readonly (number | null)[]) => middle(used.map((i) => values[i]));
  const { area_cm2 } = contactArea(cell);
  const capacity = at(life[usableCapacity(cell)]);
  const rate = at(life.discharging_c_rate);
  const nominal = cell.nominal_capacity_mah;
  return {
    cell_type: cell.cell_type,
    batch: cell.batch,
    temperature_celsius: common(tests.map((test) => test?.temperature_celsius)),
    pressure_mpa: common(tests.map((test) => test?.pressure_mpa)),
    relative_density: cell.relative_density,
    charging_c_rate: at(life.charging_c_rate),
    discharging_c_rate: rate,
    minimum_voltage_volt: at(life.minimum_voltage_volt),
    maximum_voltage_volt: at(life.maximum_voltage_volt),
    areal_capacity_mah_per_cm2: capacity === null || area_cm2 === null ? null : (1000 * capacity) / area_cm2,
    current_density_ma_per_cm2:
      rate === null || nominal === null || area_cm2 === null ? null : (rate * nominal) / area_cm2,
    lithium_excess_mah: cell.lithium_excess_mah,
    first_cycle: used.length === 0 ? null : (life.cycle[used[0] as number] as number),
    last_cycle: used.length === 0 ? null : (life.cycle[used.at(-1) as number] as number),
  };
}

/**
 * What is reported with a value that is taken from some cycles; `reason` says why other ageing cycles are left out.
 */
export function aroundCycles(
  lab: LabData,
  cell: CellRecord,
  life: CellLife,
  used: readonly number[],
  reason?: Message,
): Pick<CellMeasurement, 'warnings' | 'conditions' | 'sources' | 'excluded'> {
  return {
    excluded: reason === undefined ? [] : cyclesLeftOut(life, used, reason),
    warnings: directionWarning(life),
    conditions: cycleConditions(lab, cell, life, used),
    sources: cycleSources(life, used),
  };
}

export function directionWarning(life: CellLife): AnalysisWarning[] {
  const unknown = life.direction_known.filter((known) => !known).length;
  if (unknown === 0) return [];
  return [cyclingMessages('CURRENT_DIRECTION_UNKNOWN/cycles', { n: unknown })];
}

/** Own and vendor's count of cycles where they differ, for the sentence of a verdict. */
export const countRemark = ({ counts }: CellLife): Message | undefined =>
  counts === undefined ? undefined : countDifference(counts);

const DAY_SECOND = 86_400;

export interface Pace {
  cycles_per_day: number;
  /** Wall clock of the last record, where the file gives it. */
  last: Date | null;
}

/** How fast a cell is cycled, from the durations of its cycles; null where none is known. */
export function paceOf(lab: LabData, life: CellLife): Pace | null {
  const durations = life.duration_second.filter((value): value is number => value !== null && value > 0);
  if (durations.length === 0) return null;
  const newest = testsOf(lab, life).at(-1);
  const last =
    newest?.started_at == null || newest.duration_second === null
      ? null
      : new Date(newest.started_at.getTime() + 1000 * newest.duration_second);
  return { cycles_per_day: DAY_SECOND / (median(durations) as number), last };
}

/**
 * Approximate date when this many more cycles will be done at the pace so far, as words to append; null where it is
 * unknown.
 */
export function whenDone(pace: Pace | null, cycles: number): Message | null {
  if (pace === null || !(cycles > 0)) return null;
  const days = cycles / pace.cycles_per_day;
  const long =
    days < 2 ? say('LONG/hours', { n: Math.ceil(24 * days) }) : say('LONG/days', { n: Math.ceil(days) });
  const values = { long, pace: Number(pace.cycles_per_day.toPrecision(2)) };
  if (pace.last === null) return say('READY_UNDATED', values);
  const readyOn = new Date(pace.last.getTime() + 1000 * DAY_SECOND * days).toISOString().slice(0, 10);
  return say(PROJECTED, { ...values, readyOn });
}

/** How many cycles of some kind a cell still needs, and about when it has them; null where it has enough. */
export function moreCycles(
  lab: LabData,
  life: CellLife,
  { what, done, required }: { what: Message; done: number; required: number },
): Message | null {
  const more = required - done;
  if (more <= 0) return null;
  return say('MORE_OF', { more, what, done, required, when: whenDone(paceOf(lab, life), more) });
}
