import type { NumberColumn, Rows } from './convert.js';

/** A row of a vendor's own summary, as `vendor_cycles` has it. */
export type VendorCycle = Record<string, number | string | null>;

const columns = {
  vendor_cycle_count: 'vendor_cycle_count',
  charging_capacity_ah: 'charging_capacity_ah',
  discharging_capacity_ah: 'discharging_capacity_ah',
  charging_energy_wh: 'charging_energy_wh',
  discharging_energy_wh: 'discharging_energy_wh',
  minimum_voltage_volt: 'minimum_voltage_volt',
  maximum_voltage_volt: 'maximum_voltage_volt',
  minimum_current_ampere: 'minimum_current_ampere',
  maximum_current_ampere: 'maximum_current_ampere',
  test_time_second: 'time_value',
} as const satisfies Record<string, NumberColumn>;

/** The rows of a summary: one per cycle. */
export function cyclesOf({ count, numbers, words }: Rows): VendorCycle[] {
  const label = words.vendor_label;
  return Array.from({ length: count }, (_, at) => {
    const cycle: VendorCycle = {};
    for (const [name, column] of Object.entries(columns)) {
      const value = numbers[column]?.[at];
      cycle[name] = value === undefined || Number.isNaN(value) ? null : value;
    }
    cycle.vendor_label = label === undefined || label.codes[at]! < 0 ? null : label.words[label.codes[at]!]!;
    return cycle;
  });
}
