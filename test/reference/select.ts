import type { Format, Role } from '../../src/ingest/formats/definition.js';
import type { Continuation } from '../../src/ingest/load/loaded.js';
import { isCountedClock } from '../../src/ingest/sniff/clock.js';
import type { MappedField } from '../../src/ingest/sniff/map-columns.js';
import type { TablePlan } from '../../src/ingest/sniff/plan.js';
import { literal } from '../../src/store/connection.js';
import { clockSecondsSql, convertedSql, durationSecondsSql } from './sql.js';
import { withZonedClock } from './wall-clock.js';

/**
 * Compiles a table's plan to SQL: from fields, as text or as numbers that the CSV reader typed, to canonical units.
 * The same expressions serve the fast reading (typed columns) and the careful one (lines cut by SQL).
 */

/** Where fields come from: SQL for field `index` (from 0) as trimmed text, and as a number. */
export interface FieldSource {
  text(index: number): string;
  number(index: number): string;
}

/** What stands for "no value" in exports; elsewhere than in time, voltage or current it is NULL. */
export const noValue = ['', 'NaN', 'nan', 'NAN', 'N/A', 'n/a', 'NA', 'null', 'NULL', '-'];

/**
 * SQL for a trimmed text that is NULL where it says that there is no value. Not by IN: DuckDB turns long lists into a
 * join, and a join does not keep the order of the rows.
 */
export function wordSql(trimmed: string): string {
  return `CASE WHEN NOT list_contains([${noValue.map(literal).join(', ')}], ${trimmed}) THEN ${trimmed} END`;
}

/** The columns of a compiled row, before record numbers and step numbers are given. */
export const rowColumns = [
  'vendor_record_index',
  'time_value',
  'step_time',
  'clock',
  'vendor_cycle_count',
  'step_id',
  'vendor_step_count',
  'vendor_step_type',
  'current_ampere',
  'voltage_volt',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'capacity_ah',
  'net_capacity_ah',
  'charge_increment_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
  'energy_wh',
  'net_energy_wh',
  'ambient_temperature_celsius',
  'frequency_hertz',
  'real_impedance_ohm',
  'imaginary_impedance_ohm',
  'minimum_voltage_volt',
  'maximum_voltage_volt',
  'minimum_current_ampere',
  'maximum_current_ampere',
  'vendor_label',
  'auxiliary',
] as const;

export type RowColumn = (typeof rowColumns)[number];

/** A required column of a row: which role rejects the row where its value is missing. */
export interface Requirement {
  column: RowColumn;
  role: Role;
}

const textRoles = new Set<Role>(['step_id', 'vendor_step_count', 'vendor_step_type', 'vendor_label']);

/** Whether the field of a role is read as text by the fast reading. */
export function isTextRole(plan: TablePlan, role: Role): boolean {
  if (textRoles.has(role)) return true;
  if (role === 'date_time') return !isCountedClock(plan.clock);
  if (role === 'test_time_second') return plan.testTime !== 'number';
  if (role === 'step_time_second') return plan.stepTime !== undefined && plan.stepTime !== 'number';
  return false;
}

const finiteSql = (sql: string) => `CASE WHEN isfinite(${sql}) THEN ${sql} END`;

/** A number that can be stored: infinities, as text or by overflow, are none. */
function numberSql(source: FieldSource, mapped: MappedField): string {
  const converted =
    mapped.conversion === undefined
      ? source.number(mapped.field.index)
      : convertedSql(source.number(mapped.field.index), mapped.conversion);
  const finite = finiteSql(converted);
  if (mapped.minus !== undefined) {
    const { field, conversion } = mapped.minus;
    return `${finite} - (${numberSql(source, { field, conversion, writtenUnit: undefined, negate: false })})`;
  }
  return mapped.negate ? `-(${finite})` : finite;
}

/** SQL of every row column; those the table does not have are NULL. */
export function rowExpressions(plan: TablePlan, source: FieldSource): Record<RowColumn, string> {
  const { mapping } = plan;
  const number = (role: Role): string => {
    const mapped = mapping.get(role);
    return mapped === undefined ? 'NULL::DOUBLE' : numberSql(source, mapped);
  };
  const text = (role: Role): string => {
    const mapped = mapping.get(role);
    return mapped === undefined ? 'NULL::VARCHAR' : source.text(mapped.field.index);
  };
  const duration = (
    role: 'test_time_second' | 'step_time_second',
    syntax: TablePlan['stepTime'] | 'clock',
  ): string => {
    if (!mapping.has(role)) return 'NULL::DOUBLE';
    if (syntax === undefined || syntax === 'number') return number(role);
    if (syntax === 'clock') return clockSecondsSql(text(role), plan.clock!, plan.dateOrder);
    return durationSecondsSql(text(role), syntax);
  };
  const modulus = number('absolute_impedance_ohm');
  const phase = `radians(${number('phase_degree')})`;
  const isPolar = !mapping.has('real_impedance_ohm') && mapping.has('absolute_impedance_ohm');
  return {
    vendor_record_index: wholeNumber(number('vendor_record_index')),
    time_value: duration('test_time_second', plan.testTime),
    step_time: duration('step_time_second', plan.stepTime),
    clock: clockSql(plan, source),
    vendor_cycle_count: number('vendor_cycle_count'),
    step_id: text('step_id'),
    vendor_step_count: text('vendor_step_count'),
    vendor_step_type: text('vendor_step_type'),
    current_ampere: number('current_ampere'),
    voltage_volt: number('voltage_volt'),
    charging_capacity_ah: number('charging_capacity_ah'),
    discharging_capacity_ah: number('discharging_capacity_ah'),
    capacity_ah: number('capacity_ah'),
    net_capacity_ah: number('net_capacity_ah'),
    charge_increment_ah: number('charge_increment_ah'),
    charging_energy_wh: number('charging_energy_wh'),
    discharging_energy_wh: number('discharging_energy_wh'),
    energy_wh: number('energy_wh'),
    net_energy_wh: number('net_energy_wh'),
    ambient_temperature_celsius: number('ambient_temperature_celsius'),
    minimum_voltage_volt: number('minimum_voltage_volt'),
    maximum_voltage_volt: number('maximum_voltage_volt'),
    minimum_current_ampere: number('minimum_current_ampere'),
    maximum_current_ampere: number('maximum_current_ampere'),
    vendor_label: text('vendor_label'),
    auxiliary:
      plan.auxiliary.length === 0
        ? 'NULL::DOUBLE[]'
        : `[${plan.auxiliary.map(({ field }) => finiteSql(source.number(field.index))).join(', ')}]`,
    frequency_hertz: number('frequency_hertz'),
    real_impedance_ohm: isPolar ? `(${modulus}) * cos(${phase})` : number('real_impedance_ohm'),
    imaginary_impedance_ohm: isPolar ? `(${modulus}) * sin(${phase})` : number('imaginary_impedance_ohm'),
  };
}

function wholeNumber(sql: string): string {
  return `CASE WHEN (${sql}) = floor(${sql}) THEN TRY_CAST((${sql}) AS BIGINT) END`;
}

/** Seconds of the clock column as written; NULL where there is none or nothing needs it. */
function clockSql(plan: TablePlan, source: FieldSource): string {
  const unix = plan.mapping.get('unix_time_second');
  if (unix !== undefined) return numberSql(source, unix);
  if (plan.testTime === 'clock')
    return clockSecondsSql(
      source.text(plan.mapping.get('test_time_second')!.field.index),
      plan.clock!,
      plan.dateOrder,
    );
  const clock = plan.mapping.get('date_time');
  if (clock === undefined || plan.clock === undefined) return 'NULL::DOUBLE';
  const { index } = clock.field;
  const written = isTextRole(plan, 'date_time') ? source.text(index) : source.number(index);
  return clockSecondsSql(written, plan.clock, plan.dateOrder);
}

/** Whether rows of this table may be impedance points. */
export function mayHoldImpedance(plan: TablePlan): boolean {
  return plan.mapping.has('frequency_hertz') && plan.kind !== 'timeseries';
}

/** Columns whose absence rejects a row; a row with a frequency above 0 needs the impedance ones, any other the rest. */
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
  const polar = !mapping.has('real_impedance_ohm');
  const impedance: Requirement[] = [
    { column: 'frequency_hertz', role: 'frequency_hertz' },
    { column: 'real_impedance_ohm', role: polar ? 'absolute_impedance_ohm' : 'real_impedance_ohm' },
    { column: 'imaginary_impedance_ohm', role: polar ? 'phase_degree' : 'imaginary_impedance_ohm' },
  ];
  return { measurement, impedance };
}

/** SQL that tells a record which is a message of the instrument, not a measurement. */
export function isMessageSql(format: Format, plan: TablePlan): string {
  const message = format.states?.message;
  return message === undefined || !plan.mapping.has('vendor_step_type')
    ? 'false'
    : `coalesce(regexp_matches(vendor_step_type, ${literal(message.source)}, 'i'), false)`;
}

/** SQL that tells a record whose test time lies before what was reached already, among records that `counts` holds for. */
export function isStaleSql(counts: string): string {
  const reached = `max(CASE WHEN ${counts} THEN time_value END) OVER (ROWS UNBOUNDED PRECEDING)`;
  return `coalesce(time_value < ${reached}, false)`;
}

/** −1, 0 or 1 for a row: by its state where the file has one, else by the sign of its current. */
function directionSql(format: Format, plan: TablePlan): string {
  const bySign = 'CASE WHEN current_ampere > 0 THEN 1 WHEN current_ampere < 0 THEN -1 ELSE 0 END';
  if (!plan.mapping.has('vendor_step_type') || format.states === undefined) return bySign;
  const matches = (pattern: RegExp) =>
    `regexp_matches(vendor_step_type, ${literal(pattern.source)}${pattern.flags.includes('i') ? ", 'i'" : ''})`;
  // RE2 has no lookahead: discharge words are tried first, since "DChg" ends in "Chg".
  return `CASE WHEN ${matches(format.states.discharge)} THEN -1 WHEN ${matches(plainPattern(format.states.charge))} THEN 1 WHEN ${matches(format.states.rest)} THEN 0 ELSE ${bySign} END`;
}

/** A pattern without lookarounds, which DuckDB's regular expressions do not have. */
function plainPattern(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replace(/\(\?[=!<][^)]*\)/g, ''), pattern.flags);
}

/** What opens a new step: a change of one of these from one record to the next, or a step time that starts again. */
interface StepKey {
  values: string[];
  usesStepTime: boolean;
  /** Whether they tell the direction of the current, against the largest there was so far. */
  usesCurrent: boolean;
}

function stepKeyOf(format: Format, plan: TablePlan): StepKey {
  const has = (role: Role) =>
    plan.mapping.has(role) ||
    (format.layered && (role === 'step_id' || role === 'vendor_cycle_count' || role === 'vendor_step_count'));
  const values = (['vendor_cycle_count', 'step_id', 'vendor_step_count'] as const).filter(has);
  if (has('step_id') || has('vendor_step_count')) return { values, usesStepTime: false, usesCurrent: false };
  const usesStepTime = has('step_time_second');
  if (plan.mapping.has('vendor_step_type'))
    return { values: [...values, 'vendor_step_type'], usesStepTime, usesCurrent: false };
  if (!plan.mapping.has('current_ampere')) return { values, usesStepTime, usesCurrent: false };
  // The threshold below which a current is none grows with what was seen so far, so that reading a file in
  // portions gives the same steps as reading it at once.
  const direction =
    'CASE WHEN current_ampere > 1e-4 * largest_current THEN 1 WHEN current_ampere < -1e-4 * largest_current THEN -1 ELSE 0 END';
  return { values: [...values, direction], usesStepTime, usesCurrent: true };
}

const fromTheStart: Omit<Continuation, 'testTime'> = {
  recordIndex: 0,
  stepCount: 0,
  lineNumber: 0,
  largestCurrent: 0,
  chargeRunning: 0,
  dischargeRunning: 0,
};

/**
 * The SELECT that gives complete rows of `measurements`, in file order, from `rows`: a query with `line_number` and
 * the row columns. Windows without an order stream over the rows as they come.
 *
 * @param testId the test's number, or the column of `rows` that holds it
 */
export function measurementSelect(
  format: Format,
  plan: TablePlan,
  rows: string,
  testId: number | string,
  timeZone: string | undefined,
  from: Partial<Continuation> = {},
): string {
  const { recordIndex, stepCount, lineNumber, largestCurrent, chargeRunning, dischargeRunning } = {
    ...fromTheStart,
    ...from,
  };
  const { values, usesStepTime, usesCurrent } = stepKeyOf(format, plan);
  const isZoned = timeZone !== undefined && isWallClock(plan);
  const placed = isZoned ? withZonedClock(rows, timeZone) : rows;
  const direction = directionSql(format, plan);
  const hasPair = plan.mapping.has('charging_capacity_ah') && plan.mapping.has('discharging_capacity_ah');
  const hasEnergyPair = plan.mapping.has('charging_energy_wh') && plan.mapping.has('discharging_energy_wh');
  const increments = plan.mapping.has('charge_increment_ah');
  const split = (counter: string, wanted: number, pair: boolean, own: string) =>
    pair || !plan.mapping.has(counter as Role)
      ? own
      : `CASE direction WHEN ${wanted} THEN ${counter} WHEN ${-wanted} THEN 0 END`;
  const opens = [
    'previous_line IS NULL',
    ...values.map((_, index) => `step_key_${index} IS DISTINCT FROM previous_key_${index}`),
    ...(usesStepTime ? ['step_time < previous_step_time'] : []),
  ].join(' OR ');
  const steps = `${stepCount} + CAST(sum(CASE WHEN ${opens} THEN 1 ELSE 0 END) OVER (ROWS UNBOUNDED PRECEDING) AS BIGINT)`;
  const previous = [
    'lag(line_number) OVER () AS previous_line',
    ...values.map((_, index) => `lag(step_key_${index}) OVER () AS previous_key_${index}`),
    ...(plan.mapping.has('step_time_second') ? ['lag(step_time) OVER () AS previous_step_time'] : []),
  ];
  return `
    SELECT ${testId} AS test_id,
      ${recordIndex} + row_number() OVER () AS record_index,
      ${lineNumber} + line_number AS line_number,
      vendor_record_index,
      ${testTimeSql(plan, from.testTime, isZoned)} AS test_time_second,
      ${unixTimeSql(plan, isZoned)} AS unix_time_second,
      ${steps} AS step_count,
      step_id, vendor_step_type, vendor_cycle_count, current_ampere, voltage_volt,
      ${increments ? `${chargeRunning} + charge_running` : split('capacity_ah', 1, hasPair, 'charging_capacity_ah')} AS charging_capacity_ah,
      ${increments ? `${dischargeRunning} + discharge_running` : split('capacity_ah', -1, hasPair, 'discharging_capacity_ah')} AS discharging_capacity_ah,
      net_capacity_ah,
      ${split('energy_wh', 1, hasEnergyPair, 'charging_energy_wh')} AS charging_energy_wh,
      ${split('energy_wh', -1, hasEnergyPair, 'discharging_energy_wh')} AS discharging_energy_wh,
      net_energy_wh, ambient_temperature_celsius, auxiliary
    FROM (
      SELECT *, ${previous.join(', ')}
      FROM (
        SELECT *, ${values.map((value, index) => `${value} AS step_key_${index}, `).join('')}${direction} AS direction
        FROM (SELECT *${usesCurrent ? `, greatest(${largestCurrent}, max(abs(current_ampere)) OVER (ROWS UNBOUNDED PRECEDING)) AS largest_current` : ''} FROM (${placed}))
      )
    )`;
}

/**
 * Rows with the running sums of their charge increments by direction, in file order. Made before impedance points are
 * taken out, so that the charge that passed during a sweep is not lost.
 */
export function withRunningCharge(plan: TablePlan, rows: string): string {
  if (!plan.mapping.has('charge_increment_ah')) return rows;
  const running = (signed: string) =>
    `sum(greatest(coalesce(${signed}, 0), 0)) OVER (ROWS UNBOUNDED PRECEDING)`;
  return `SELECT *, ${running('charge_increment_ah')} AS charge_running, ${running('-charge_increment_ah')} AS discharge_running FROM (${rows})`;
}

/** Test time as written; a clock counts from its first row; step times are put end to end where nothing else is there. */
function testTimeSql(plan: TablePlan, first: number | undefined, isZoned: boolean): string {
  const sinceFirst = (time: string) =>
    `${first === undefined ? '' : `${first} + `}(${time} - first_value(${time}) OVER (ROWS UNBOUNDED PRECEDING))`;
  // In a known zone the real clock counts, not the one on the wall, which loses and gains an hour each year.
  const sinceFirstClock = (time: string) => sinceFirst(isZoned ? 'zoned_clock' : time);
  if (plan.mapping.has('test_time_second'))
    return plan.testTime === 'clock' ? sinceFirstClock('time_value') : 'time_value';
  if (plan.mapping.has('step_time_second')) {
    const before = `sum(CASE WHEN step_time < previous_step_time THEN previous_step_time ELSE 0 END) OVER (ROWS UNBOUNDED PRECEDING)`;
    return first === undefined ? `step_time + ${before}` : `${sinceFirst('step_time')} + ${before}`;
  }
  return sinceFirstClock('clock');
}

/** Whether the clock of a table is a wall clock, whose zone has to be known before it is a time. */
function isWallClock({ clock, mapping }: TablePlan): boolean {
  const hasZone = clock?.kind === 'iso' && clock.hasZone === true;
  return clock !== undefined && clock.kind !== 'unix' && !hasZone && !mapping.has('unix_time_second');
}

/** Absolute time where the file gives Unix time or the zone of its clock is known. */
function unixTimeSql(plan: TablePlan, isZoned: boolean): string {
  if (isZoned) return 'zoned_clock';
  const isAbsolute = plan.mapping.has('unix_time_second') || (plan.clock !== undefined && !isWallClock(plan));
  return isAbsolute ? 'clock' : 'NULL::DOUBLE';
}
