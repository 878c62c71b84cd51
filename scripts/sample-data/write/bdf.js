import { fixed, general, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

const STEP_WORDS = { rest: 'rest', cc_charge: 'charge', cv_charge: 'charge', cc_discharge: 'discharge' };

/**
 * Battery Data Format with machine names; counters over the whole test.
 * @param {CyclerRecord[]} records @param {{started_at: number}} run started_at is UTC here
 */
export function bdfMachineNames(records, run) {
  const header =
    'test_time_second,voltage_volt,current_ampere,unix_time_second,cycle_count,step_count,step_type,charging_capacity_ah,discharging_capacity_ah';
  const rows = records.map((r) =>
    [
      general(r.test_time_second, 12),
      fixed(r.voltage_volt, 5),
      general(r.current_ampere, 7),
      Math.floor(run.started_at / 1000 + r.test_time_second),
      r.cycle,
      r.step_count,
      STEP_WORDS[r.step_type],
      fixed(r.in_test.charge_ah, 8),
      fixed(r.in_test.discharge_ah, 8),
    ].join(','),
  );
  return text([header, ...rows]);
}

/**
 * Battery Data Format with labels, time in hours, counters scoped to step and cycle.
 * @param {CyclerRecord[]} records
 */
export function bdfLabels(records) {
  const header =
    'Test Time / h,Current / A,Voltage / V,Cycle Count / 1,Step Count / 1,Step ID,Step Type,Step Time / s,' +
    'Step Charging Capacity / Ah,Step Discharging Capacity / Ah,Cycle Charging Capacity / Ah,Cycle Discharging Capacity / Ah,' +
    'Charging Capacity / Ah,Discharging Capacity / Ah,Charging Energy / Wh,Discharging Energy / Wh,Ambient Temperature / degC';
  const rows = records.map((r) =>
    [
      general(r.test_time_second / 3600, 15),
      general(r.current_ampere, 8),
      general(r.voltage_volt, 8),
      r.cycle,
      r.step_count,
      r.step_id,
      STEP_WORDS[r.step_type],
      general(r.step_time_second, 12),
      ...[r.in_step, r.in_cycle, r.in_test].flatMap((c) => [
        general(c.charge_ah, 12),
        general(c.discharge_ah, 12),
      ]),
      general(r.in_test.charge_wh, 12),
      general(r.in_test.discharge_wh, 12),
      fixed(r.temperature_celsius, 2),
    ].join(','),
  );
  return text([header, ...rows]);
}
