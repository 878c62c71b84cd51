import type { Format, Role } from '../formats/definition.js';
import { unitConversion } from '../formats/units.js';
import { parseClock, provenDateOrder } from './clock.js';
import { type DurationSyntax, durationSeconds } from './durations.js';
import type { Mapped } from './map-columns.js';

const implausibleVolt = 100;

/** A bare number of time means seconds, minutes or hours: the clock of the same rows decides where it can. */
export function settleTimeUnit(
  format: Format,
  mapping: Map<Role, Mapped>,
  times: readonly string[],
  clocks: readonly string[],
  syntax: DurationSyntax | undefined,
): void {
  const time = mapping.get('test_time_second');
  const isOpen = (mapped: Mapped) => mapped.writtenUnit === undefined || format.doubtfulTimeUnit;
  if (time === undefined || !isOpen(time) || syntax !== 'number') return;
  const elapsed = span(times.map((value) => durationSeconds(value)));
  const order = provenDateOrder(clocks) ?? 'month-first';
  const onClock = span(clocks.map((value) => parseClock(value, order))) / 1000;
  if (!(elapsed > 0) || !(onClock > 0)) return;
  for (const unit of format.bareTimeUnits) {
    const conversion = unitConversion(unit, 'time');
    if (conversion === undefined) continue;
    const seconds = (elapsed * (conversion.multiply ?? 1)) / (conversion.divide ?? 1);
    if (Math.abs(seconds / onClock - 1) > 0.05) continue;
    mapping.set('test_time_second', { ...time, conversion, settledUnit: unit });
    const stepTime = mapping.get('step_time_second');
    if (stepTime !== undefined && isOpen(stepTime)) {
      mapping.set('step_time_second', { ...stepTime, conversion });
    }
    return;
  }
}

function span(values: readonly (number | undefined)[]): number {
  const known = values.filter((value): value is number => value !== undefined);
  return known.length < 2 ? Number.NaN : known.at(-1)! - known[0]!;
}

/** No cell has hundreds of volts: where the header names no unit, such values are millivolts. */
export function settleVoltageUnit(mapping: Map<Role, Mapped>, values: readonly string[]): void {
  const voltage = mapping.get('voltage_volt');
  if (voltage === undefined || voltage.writtenUnit !== undefined) return;
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

/** The syntax most values of a column have. */
export function columnSyntax<T>(
  values: readonly string[],
  syntaxOf: (value: string) => T | undefined,
): T | undefined {
  const counts = new Map<string, { syntax: T; times: number }>();
  for (const value of values) {
    if (value.trim() === '') continue;
    const syntax = syntaxOf(value);
    if (syntax === undefined) continue;
    const key = JSON.stringify(syntax);
    const seen = counts.get(key);
    counts.set(key, { syntax, times: (seen?.times ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.times - a.times)[0]?.syntax;
}
