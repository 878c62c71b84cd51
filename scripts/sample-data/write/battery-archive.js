import { summariseCycles } from './cycle-table.js';
import { fixed, isoDateTime, later, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, cell_id: string}} Run */

/**
 * Battery Archive time series: three decimals, cycle as a float, counters per cycle.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function batteryArchiveTimeSeries(records, run) {
  const header =
    'Date_Time,Test_Time (s),Cycle_Index,Current (A),Voltage (V),Charge_Capacity (Ah),Discharge_Capacity (Ah),Charge_Energy (Wh),' +
    'Discharge_Energy (Wh),Environment_Temperature (C),Cell_Temperature (C)';
  const rows = records.map((r) =>
    [
      isoDateTime(later(run.started_at, r.test_time_second)),
      float(r.test_time_second),
      float(r.cycle),
      float(r.current_ampere),
      float(r.voltage_volt),
      float(r.in_cycle.charge_ah),
      float(r.in_cycle.discharge_ah),
      float(r.in_cycle.charge_wh),
      float(r.in_cycle.discharge_wh),
      float(r.temperature_celsius),
      '',
    ].join(','),
  );
  return text([header, ...rows]);
}

/** Three decimals at most, one at least. @param {number} x */
function float(x) {
  const short = String(Number(fixed(x, 3)));
  return short.includes('.') ? short : `${short}.0`;
}

/**
 * Battery Archive cycle data: a row per cycle, no time series.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function batteryArchiveCycles(records, run) {
  const header =
    'Cycle_Index,Start_Time,End_Time,Test_Time (s),Min_Current (A),Max_Current (A),Min_Voltage (V),Max_Voltage (V),' +
    'Charge_Capacity (Ah),Discharge_Capacity (Ah),Charge_Energy (Wh),Discharge_Energy (Wh)';
  const rows = summariseCycles(records).map(({ first, last, current, voltage }) =>
    [
      float(last.cycle),
      isoDateTime(later(run.started_at, first.test_time_second)),
      isoDateTime(later(run.started_at, last.test_time_second)),
      float(last.test_time_second),
      float(current.low),
      float(current.high),
      float(voltage.low),
      float(voltage.high),
      float(last.in_cycle.charge_ah),
      float(last.in_cycle.discharge_ah),
      float(last.in_cycle.charge_wh),
      float(last.in_cycle.discharge_wh),
    ].join(','),
  );
  return text([header, ...rows]);
}
