import type { Format, Role } from '../formats/definition.js';
import { firstRoles, impedanceShape, secondRoles } from '../formats/impedance-shapes.js';
import { convert } from '../formats/units.js';
import { isCountedClock } from '../sniff/clock.js';
import { countedSeconds } from '../sniff/clock-seconds.js';
import type { MappedField } from '../sniff/map-columns.js';
import type { TablePlan } from '../sniff/plan.js';
import type { FieldReading, RecordBlock, TextColumn } from './records.js';

/** Converts fields as written to columns in canonical units, for the blocks of any reader. */

/** The number columns of a record, before steps and counters are known. */
export type NumberColumn =
  | 'vendor_record_index'
  | 'time_value'
  | 'step_time'
  | 'clock'
  | 'vendor_cycle_count'
  | 'current_ampere'
  | 'voltage_volt'
  | 'charging_capacity_ah'
  | 'discharging_capacity_ah'
  | 'capacity_ah'
  | 'net_capacity_ah'
  | 'charge_increment_ah'
  | 'charging_energy_wh'
  | 'discharging_energy_wh'
  | 'energy_wh'
  | 'net_energy_wh'
  | 'ambient_temperature_celsius'
  | 'frequency_hertz'
  | 'real_impedance_ohm'
  | 'imaginary_impedance_ohm'
  | 'minimum_voltage_volt'
  | 'maximum_voltage_volt'
  | 'minimum_current_ampere'
  | 'maximum_current_ampere';

export type WordColumn = 'step_id' | 'vendor_step_count' | 'vendor_step_type' | 'vendor_label';

/** Records in canonical units; a column that the table does not have is absent. NaN and −1: no value. */
export interface Rows {
  count: number;
  places: Uint32Array;
  placeCount: number;
  numbers: Partial<Record<NumberColumn, Float64Array>>;
  words: Partial<Record<WordColumn, TextColumn>>;
  /** Values of the auxiliary channels as written, in their order. */
  auxiliary: Float64Array[];
}

const wordRoles: readonly Role[] = ['step_id', 'vendor_step_count', 'vendor_step_type', 'vendor_label'];

/** Roles whose column has another name, because it combines several roles. */
const columnOf: Partial<Record<Role, NumberColumn>> = {
  test_time_second: 'time_value',
  step_time_second: 'step_time',
  unix_time_second: 'clock',
  date_time: 'clock',
};

/** Whether the clock of a table's records is used: for absolute time, or as its only time. */
export function usesClock(plan: TablePlan, timeZone: string | undefined): boolean {
  const hasTime = plan.mapping.has('test_time_second') || plan.mapping.has('step_time_second');
  return timeZone !== undefined || !hasTime || isAbsolute(plan);
}

/** Whether a table's clock is absolute time by itself. */
export function isAbsolute(plan: TablePlan): boolean {
  return plan.mapping.has('unix_time_second') || (plan.clock !== undefined && !isWallClock(plan));
}

/** Whether the clock of a table is a wall clock, whose zone has to be known before it is a time. */
export function isWallClock({ clock, mapping }: TablePlan): boolean {
  const hasZone = clock?.kind === 'iso' && clock.hasZone === true;
  return clock !== undefined && clock.kind !== 'unix' && !hasZone && !mapping.has('unix_time_second');
}

/** How the field of a role is read; undefined where it is not needed. */
function readingOf(plan: TablePlan, role: Role, needsClock: boolean): FieldReading | undefined {
  if (wordRoles.includes(role)) return 'text';
  if (role === 'test_time_second') {
    if (plan.testTime === 'clock') return isCountedClock(plan.clock) ? 'number' : 'clock';
    return plan.testTime === 'number' ? 'number' : 'duration';
  }
  if (role === 'step_time_second')
    return plan.stepTime === undefined || plan.stepTime === 'number' ? 'number' : 'duration';
  if (role === 'unix_time_second') return needsClock ? 'number' : undefined;
  if (role !== 'date_time') return 'number';
  if (!needsClock || plan.clock === undefined || plan.mapping.has('unix_time_second')) return undefined;
  return isCountedClock(plan.clock) ? 'number' : 'clock';
}

/** How each field of a table is read, by position. */
export function fieldReadings(plan: TablePlan, needsClock: boolean): (FieldReading | undefined)[] {
  const fields: (FieldReading | undefined)[] = [];
  // A channel that another header does not name has no position.
  for (const { field } of plan.auxiliary) if (field.index >= 0) fields[field.index] = 'number';
  for (const [role, { field, minus }] of plan.mapping) {
    fields[field.index] = readingOf(plan, role, needsClock);
    if (minus !== undefined) fields[minus.field.index] = 'number';
  }
  return Array.from(fields);
}

/** Values in the canonical unit; a value that is not finite is missing. */
function inUnits(values: Float64Array, count: number, { conversion, negate }: MappedField): Float64Array {
  if (conversion === undefined && !negate) {
    // Most columns: nothing to change but what is infinite.
    for (let at = 0; at < count; at++) if (!Number.isFinite(values[at]!)) values[at] = Number.NaN;
    return values;
  }
  for (let at = 0; at < count; at++) {
    const value = conversion === undefined ? values[at]! : convert(values[at]!, conversion);
    values[at] = Number.isFinite(value) ? (negate ? -value : value) : Number.NaN;
  }
  return values;
}

/** Subtracts another column in canonical units; the result is missing where that column has no value. */
function subtract(
  from: Float64Array,
  count: number,
  { numbers }: RecordBlock,
  { field, conversion }: NonNullable<MappedField['minus']>,
): void {
  const values = numbers.get(field.index);
  if (values === undefined) return;
  for (let at = 0; at < count; at++)
    from[at] = from[at]! - (conversion === undefined ? values[at]! : convert(values[at]!, conversion));
}

function clockColumn(values: Float64Array, count: number, plan: TablePlan, role: Role): Float64Array {
  if (role === 'unix_time_second' || !isCountedClock(plan.clock)) return values;
  for (let at = 0; at < count; at++) values[at] = countedSeconds(values[at]!, plan.clock!);
  return values;
}

const shapeOf = ({ mapping, lengthOverArea }: TablePlan) =>
  impedanceShape((role) => mapping.has(role), lengthOverArea);

const impedanceRoles: ReadonlySet<Role> = new Set([...firstRoles, ...secondRoles]);
const storedRoles: ReadonlySet<Role> = new Set(['real_impedance_ohm', 'imaginary_impedance_ohm']);

/** Computes real and imaginary part from the pair of columns in which the table gives its impedance. */
function makeImpedance(written: ReadonlyMap<Role, Float64Array>, plan: TablePlan, rows: Rows): void {
  const shape = shapeOf(plan);
  if (shape === undefined || shape.roles[1] === 'imaginary_impedance_ohm') return;
  const [a, b] = shape.roles.map((role) => written.get(role));
  const hertz = rows.numbers.frequency_hertz;
  if (a === undefined || b === undefined || hertz === undefined) return;
  const real = new Float64Array(rows.count);
  const imaginary = new Float64Array(rows.count);
  for (let at = 0; at < rows.count; at++) {
    const { re, im } = shape.impedance(a[at]!, b[at]!, hertz[at]!, plan.lengthOverArea ?? Number.NaN);
    // A capacitance of 0 gives no number that can be stored.
    real[at] = Number.isFinite(re) ? re : Number.NaN;
    imaginary[at] = Number.isFinite(im) ? im : Number.NaN;
  }
  rows.numbers.real_impedance_ohm = real;
  rows.numbers.imaginary_impedance_ohm = imaginary;
}

/** Auxiliary channels keep values as written. */
function auxiliaryOf({ numbers, count }: RecordBlock, { auxiliary }: TablePlan): Float64Array[] {
  return auxiliary.map(({ field }) => {
    const values = numbers.get(field.index) ?? new Float64Array(count).fill(Number.NaN);
    for (let at = 0; at < count; at++) if (!Number.isFinite(values[at]!)) values[at] = Number.NaN;
    return values;
  });
}

/** Brings a block into canonical units. The block's own arrays are changed. */
export function convertBlock(block: RecordBlock, plan: TablePlan): Rows {
  const { count, places, placeCount } = block;
  const rows: Rows = {
    count,
    places,
    placeCount,
    numbers: {},
    words: {},
    auxiliary: auxiliaryOf(block, plan),
  };
  const impedance = new Map<Role, Float64Array>();
  for (const [role, mapped] of plan.mapping) {
    const { index } = mapped.field;
    const words = block.texts.get(index);
    if (words !== undefined && wordRoles.includes(role)) rows.words[role as WordColumn] = words;
    const written = block.numbers.get(index);
    if (written === undefined) continue;
    // A field that is also a channel stays there as written.
    const values = mapped.minus === undefined ? written : written.slice(0, count);
    const isWritten =
      (role === 'test_time_second' && plan.testTime !== 'number') ||
      (role === 'step_time_second' && plan.stepTime !== undefined && plan.stepTime !== 'number') ||
      role === 'date_time';
    const converted = isWritten ? values : inUnits(values, count, mapped);
    if (mapped.minus !== undefined) subtract(converted, count, block, mapped.minus);
    if (impedanceRoles.has(role)) impedance.set(role, converted);
    if (impedanceRoles.has(role) && !storedRoles.has(role)) continue;
    if (columnOf[role] === 'clock') rows.numbers.clock ??= clockColumn(converted, count, plan, role);
    else if (role === 'test_time_second' && plan.testTime === 'clock') {
      rows.numbers.time_value = clockColumn(converted, count, plan, role);
    } else rows.numbers[columnOf[role] ?? (role as NumberColumn)] = converted;
  }
  if (
    plan.testTime === 'clock' &&
    rows.numbers.time_value !== undefined &&
    !plan.mapping.has('unix_time_second')
  )
    rows.numbers.clock = rows.numbers.time_value;
  makeImpedance(impedance, plan, rows);
  return rows;
}

/** A column that a record needs, and the role to name where it has no value. */
export interface Requirement {
  column: NumberColumn;
  role: Role;
}

/** Whether rows of this table may be impedance points. */
export function mayHoldImpedance(plan: TablePlan): boolean {
  return plan.mapping.has('frequency_hertz') && plan.kind !== 'timeseries';
}

/**
 * Columns without which a row is rejected; a row with a frequency above 0 needs those of impedance, any other row the
 * rest.
 */
export function requirements(plan: TablePlan): { measurement: Requirement[]; impedance: Requirement[] } {
  const { mapping } = plan;
  if (plan.kind === 'summary') {
    return { measurement: [{ column: 'vendor_cycle_count', role: 'vendor_cycle_count' }], impedance: [] };
  }
  const time: Requirement[] = mapping.has('test_time_second')
    ? [{ column: 'time_value', role: 'test_time_second' }]
    : mapping.has('step_time_second')
      ? [{ column: 'step_time', role: 'step_time_second' }]
      : [{ column: 'clock', role: mapping.has('unix_time_second') ? 'unix_time_second' : 'date_time' }];
  const measurement: Requirement[] = [...time, { column: 'voltage_volt', role: 'voltage_volt' }];
  if (mapping.has('current_ampere')) measurement.push({ column: 'current_ampere', role: 'current_ampere' });
  const [real, imaginary] =
    shapeOf(plan)?.roles ?? (['real_impedance_ohm', 'imaginary_impedance_ohm'] as const);
  const impedance: Requirement[] = [
    { column: 'frequency_hertz', role: 'frequency_hertz' },
    { column: 'real_impedance_ohm', role: real },
    { column: 'imaginary_impedance_ohm', role: imaginary },
  ];
  // Without a voltage, a row with frequency 0 is not a measurement either.
  if (plan.kind === 'impedance' && !mapping.has('voltage_volt')) {
    return { measurement: [{ column: 'frequency_hertz', role: 'frequency_hertz' }], impedance };
  }
  return { measurement, impedance };
}

/** The first role that each record misses, as its number among `roles`; −1: none. */
export function missingRoles(
  rows: Rows,
  plan: TablePlan,
): { missing: Int8Array | undefined; roles: Role[]; isPoint: Uint8Array | undefined } {
  const { measurement, impedance } = requirements(plan);
  const all = [...measurement, ...impedance];
  const frequency = mayHoldImpedance(plan) ? rows.numbers.frequency_hertz : undefined;
  const { count } = rows;
  let missing: Int8Array | undefined;
  const isPoint = frequency === undefined ? undefined : new Uint8Array(count);
  if (frequency !== undefined && isPoint !== undefined)
    for (let at = 0; at < count; at++) if (frequency[at]! > 0) isPoint[at] = 1;
  const isLonely = plan.kind === 'impedance' && !plan.mapping.has('voltage_volt');
  for (const [number, { column }] of all.entries()) {
    const wantsPoint = number < measurement.length ? 0 : 1;
    if (frequency === undefined && wantsPoint === 1) break;
    const values = rows.numbers[column];
    for (let at = 0; at < count; at++) {
      const value = values === undefined ? Number.NaN : values[at]!;
      const isThere = !Number.isNaN(value) && !(isLonely && wantsPoint === 0);
      if (isThere || (isPoint !== undefined && isPoint[at] !== wantsPoint)) continue;
      missing ??= new Int8Array(count).fill(-1);
      if (missing[at] === -1) missing[at] = number;
    }
  }
  return { missing, roles: all.map(({ role }) => role), isPoint };
}

/** Lookaround in a pattern is left out, since discharge is tested first wherever both words could match. */
const lookaround = /\(\?[=!<][^)]*\)/g;

/** The direction of a record by its word: −1, 0, 1, or undefined where the sign of its current decides. */
export function directionOf(format: Format): ((word: string) => number | undefined) | undefined {
  const { states } = format;
  if (states === undefined) return undefined;
  const charge = new RegExp(states.charge.source.replace(lookaround, ''), states.charge.flags);
  return (word) =>
    states.discharge.test(word) ? -1 : charge.test(word) ? 1 : states.rest.test(word) ? 0 : undefined;
}
