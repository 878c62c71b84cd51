import { fixed, general, later, monthFirst, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

/**
 * MITS Pro export: headers with spaces and units, a TAB before the date, counters per cycle.
 * @param {CyclerRecord[]} records @param {{started_at: number}} run
 */
export function arbinCsv(records, run) {
  const header =
    'Data Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Power (W),' +
    'Charge Capacity (Ah),Discharge Capacity (Ah),Charge Energy (Wh),Discharge Energy (Wh),ACR (Ohm),dV/dt (V/s),' +
    'Internal Resistance (Ohm),Aux_Temperature_1 (C)';
  const rows = records.map((r) =>
    [
      r.record_index,
      `\t${monthFirst(later(run.started_at, r.test_time_second), 3)}`,
      general(r.test_time_second, 12),
      general(r.step_time_second, 12),
      r.cycle,
      r.step_id,
      general(r.current_ampere, 7),
      fixed(r.voltage_volt, 6),
      general(r.current_ampere * r.voltage_volt, 7),
      general(r.in_cycle.charge_ah, 9),
      general(r.in_cycle.discharge_ah, 9),
      general(r.in_cycle.charge_wh, 9),
      general(r.in_cycle.discharge_wh, 9),
      '',
      '0',
      '',
      fixed(r.temperature_celsius, 5),
    ].join(','),
  );
  return text([header, ...rows], '\r\n');
}

/**
 * Script export: underscores, no units, Unix seconds, counters per cycle.
 * @param {CyclerRecord[]} records @param {{started_at: number}} run
 */
export function arbinUnderscoreCsv(records, run) {
  const header =
    'Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,' +
    'Discharge_Capacity,Charge_Energy,Discharge_Energy,dV/dt,Internal_Resistance,Temperature';
  const rows = records.map((r) =>
    [
      r.record_index,
      general(r.test_time_second, 12),
      Math.floor(run.started_at / 1000 + r.test_time_second),
      general(r.step_time_second, 12),
      r.step_id,
      r.cycle,
      general(r.current_ampere, 7),
      general(r.voltage_volt, 8),
      general(r.in_cycle.charge_ah, 9),
      general(r.in_cycle.discharge_ah, 9),
      general(r.in_cycle.charge_wh, 8),
      general(r.in_cycle.discharge_wh, 8),
      '0',
      '0',
      general(r.temperature_celsius, 7),
    ].join(','),
  );
  return text([header, ...rows], '\r\n');
}
