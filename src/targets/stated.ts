import { type Message, named } from '../messages/message.js';
import { targetMessages as say } from '../messages/targets.js';
import type { CellMeasurement } from './metrics/index.js';

const digits = (value: number) => String(Number(value.toPrecision(3)));

/** The lowest and highest value over the cells, or one value where they are the same. */
function rangeOf(values: readonly number[]): string | Message {
  const [low, high] = [digits(Math.min(...values)), digits(Math.max(...values))];
  return low === high ? low : say('RANGE', { low, high });
}

/** Conditions that belong into the sentence of a verdict, in this order. */
const wordings = [
  ['temperature_celsius', 'CONDITION/celsius'],
  ['discharging_c_rate', 'CONDITION/rate'],
  ['areal_capacity_mah_per_cm2', 'CONDITION/load'],
  ['current_density_ma_per_cm2', 'CONDITION/current'],
  ['lithium_excess_mah', 'CONDITION/excess'],
  ['pressure_mpa', 'CONDITION/pressure'],
  ['relative_density', 'CONDITION/density'],
] as const;

/**
 * The conditions of the numbers of a verdict: kind of cell, temperature, window, rate, load; null where nothing is
 * known.
 */
export function conditionSentence(measurements: readonly CellMeasurement[]): Message | null {
  const numbers = (name: string) =>
    measurements.map(({ conditions }) => conditions[name]).filter((value) => typeof value === 'number');
  const types = [
    ...new Set(measurements.map(({ conditions }) => conditions.cell_type).filter((type) => type != null)),
  ];
  const parts: Message[] =
    types.length > 0
      ? [say('CONDITION/cells', { types: types.map((type) => named(String(type), String(type))) })]
      : [];
  const [low, high] = [numbers('minimum_voltage_volt'), numbers('maximum_voltage_volt')];
  if (low.length > 0 && high.length > 0)
    parts.push(
      say('CONDITION/window', {
        range: say('RANGE', { low: digits(Math.min(...low)), high: digits(Math.max(...high)) }),
      }),
    );
  for (const [name, wording] of wordings) {
    const values = numbers(name);
    if (values.length > 0) parts.push(say(wording, { range: rangeOf(values) }));
  }
  const cycles = numbers('last_cycle');
  if (cycles.length > 0) parts.push(say('CONDITION/cycle', { range: rangeOf(cycles) }));
  return parts.length === 0 ? null : say('LIST', { items: parts });
}
