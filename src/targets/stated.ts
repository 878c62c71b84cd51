import type { CellMeasurement } from './metrics/index.js';

/** A condition in words, from its lowest and highest value over the cells. */
type Wording = (range: string) => string;

const digits = (value: number) => String(Number(value.toPrecision(3)));

function rangeOf(values: readonly number[]): string {
  const [low, high] = [digits(Math.min(...values)), digits(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
}

/** Conditions that belong into the sentence of a verdict, in this order. */
const wordings: readonly (readonly [keyof CellMeasurement['conditions'], Wording])[] = [
  ['temperature_celsius', (range) => `${range} °C`],
  ['discharging_c_rate', (range) => `${range}C discharge`],
  ['areal_capacity_mah_per_cm2', (range) => `${range} mAh/cm²`],
  ['current_density_ma_per_cm2', (range) => `${range} mA/cm²`],
  ['lithium_excess_mah', (range) => `${range} mAh lithium excess`],
  ['pressure_mpa', (range) => `${range} MPa`],
  ['relative_density', (range) => `relative density ${range}`],
];

/** Under what a verdict's numbers were measured: kind of cell, temperature, window, rate, load; empty where nothing is known. */
export function conditionSentence(measurements: readonly CellMeasurement[]): string {
  const numbers = (name: string) =>
    measurements.map(({ conditions }) => conditions[name]).filter((value) => typeof value === 'number');
  const types = [
    ...new Set(measurements.map(({ conditions }) => conditions.cell_type).filter((type) => type != null)),
  ];
  const parts: string[] = types.length > 0 ? [`${types.join(', ')} cells`] : [];
  const [low, high] = [numbers('minimum_voltage_volt'), numbers('maximum_voltage_volt')];
  if (low.length > 0 && high.length > 0)
    parts.push(`${digits(Math.min(...low))} to ${digits(Math.max(...high))} V`);
  for (const [name, wording] of wordings) {
    const values = numbers(String(name));
    if (values.length > 0) parts.push(wording(rangeOf(values)));
  }
  const cycles = numbers('last_cycle');
  if (cycles.length > 0) parts.push(`up to cycle ${rangeOf(cycles)}`);
  return parts.join(', ');
}
