import type { Format, Role } from '../formats/definition.js';
import { isTimePattern, type UnitConversion, unitConversion } from '../formats/units.js';
import { type ClockSyntax, parseClock, provenDateOrder } from './clock.js';
import { type DurationSyntax, durationSeconds } from './durations.js';
import type { MappedField } from './map-columns.js';

const implausibleVolt = 100;

/** Units of time that a clock can prove, in addition to those that a format declares. */
const timeUnits = ['s', 'min', 'h', 'd', 'ms'];
/** An interval of the clock shorter than this (s) cannot prove a unit that the format does not declare. */
const shortestStretch = 30;

/** A bare number of time means seconds, minutes, hours or days: the clock of the same rows decides where it can. */
export function settleTimeUnit(
  format: Format,
  mapping: Map<Role, MappedField>,
  rows: readonly (readonly string[])[],
  syntax: DurationSyntax | undefined,
): void {
  const valuesOf = (role: Role) => {
    const index = mapping.get(role)?.field.index;
    return index === undefined ? [] : rows.map((row) => row[index] ?? '');
  };
  const role = mapping.has('test_time_second') ? 'test_time_second' : 'step_time_second';
  const time = mapping.get(role);
  const isOpen = ({ writtenUnit }: MappedField) =>
    writtenUnit === undefined || isTimePattern(writtenUnit) || format.doubtfulTimeUnit;
  if (time === undefined || !isOpen(time) || syntax !== 'number') return;
  const clocks = valuesOf('date_time');
  const order = provenDateOrder(clocks) ?? 'month-first';
  const [elapsed, onClock] = rises(
    valuesOf(role).map((value) => durationSeconds(value)),
    clocks.map((value) => parseClock(value, order)).map((value) => value && value / 1000),
  );
  if (!(elapsed > 0) || !(onClock > 0)) return;
  const further = onClock < shortestStretch ? [] : timeUnits;
  for (const unit of new Set([...format.bareTimeUnits, ...further])) {
    const conversion = unitConversion(unit, 'time')!;
    const seconds = (elapsed * (conversion.multiply ?? 1)) / (conversion.divide ?? 1);
    if (Math.abs(seconds / onClock - 1) > 0.05) continue;
    if (isSame(conversion, time.conversion) && format.bareTimeUnits.length === 0) return;
    mapping.set(role, { ...time, conversion, settledUnit: unit });
    const stepTime = mapping.get('step_time_second');
    if (role === 'test_time_second' && stepTime !== undefined && isOpen(stepTime)) {
      mapping.set('step_time_second', { ...stepTime, conversion });
    }
    return;
  }
}

const isSame = (a: UnitConversion, b: UnitConversion | undefined): boolean =>
  (a.multiply ?? 1) / (a.divide ?? 1) === (b?.multiply ?? 1) / (b?.divide ?? 1);

/** How far a time and a clock advanced over pairs of rows in which both are known and the time did not restart. */
function rises(
  times: readonly (number | undefined)[],
  clocks: readonly (number | undefined)[],
): [number, number] {
  let [elapsed, onClock] = [0, 0];
  let before: [number, number] | undefined;
  for (const [index, time] of times.entries()) {
    const clock = clocks[index];
    if (time === undefined || clock === undefined) continue;
    if (before !== undefined && time >= before[0] && clock >= before[1]) {
      elapsed += time - before[0];
      onClock += clock - before[1];
    }
    before = [time, clock];
  }
  return [elapsed, onClock];
}

/** No cell has hundreds of volts: where the header names no unit, such values are millivolts. */
export function settleVoltageUnit(mapping: Map<Role, MappedField>, values: readonly string[]): void {
  const voltage = mapping.get('voltage_volt');
  if (voltage === undefined || voltage.writtenUnit !== undefined) return;
  // A format that names another unit decides.
  const { multiply = 1, divide = 1 } = voltage.conversion ?? {};
  if (multiply !== divide) return;
  const numbers = values
    .map((value) => Math.abs(Number(value.replace(',', '.'))))
    .filter((value) => value > 0);
  const middle = numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
  if (middle === undefined || middle <= implausibleVolt) return;
  mapping.set('voltage_volt', {
    ...voltage,
    conversion: { dimension: 'voltage', divide: 1000 },
    settledUnit: 'mV',
  });
}

/** The syntax of most values of a column. */
export function columnSyntax<T extends ClockSyntax | DurationSyntax>(
  values: readonly string[],
  syntaxOf: (value: string) => T | undefined,
): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) {
    const syntax = syntaxOf(value);
    if (syntax !== undefined) counts.set(syntax, (counts.get(syntax) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
