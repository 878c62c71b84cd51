import { netAh } from '../simulate/cycling.js';
import { summariseCycles } from './cycle-table.js';
import { fixed, general, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, cell_id: string}} Run */

/** MATLAB's day number of 1970-01-01. */
const MATLAB_UNIX_EPOCH = 719529;

/**
 * NREL "batterydata" raw table: NaN where there is nothing, a sweep as rows with a frequency whose voltage is a placeholder.
 * @param {CyclerRecord[]} records @param {import('../simulate/impedance.js').Spectrum} spectrum appended at the end @param {Run} run
 */
export function nrelRaw(records, spectrum, run) {
  const header =
    'Cycle_Index,Step,Time_s,Amphr,Watthr,Current_A,Voltage_V,Cell_Temperature_C,Temp2,Datenum_d,Power_W,Charge_Capacity_Ah,' +
    'Discharge_Capacity_Ah,Charge_Energy_Wh,Discharge_Energy_Wh,Frequency_Hz,Z_Imag_Ohm,Z_Mag_Ohm,Z_Phase_Degree,Z_Real_Ohm,' +
    'Absolute_Charge_Throughput_Ah,Charge_Throughput_Ah,Cycle_Label,Segment_Label';
  const day = (/** @type {number} */ second) =>
    fixed(MATLAB_UNIX_EPOCH + run.started_at / 86400000 + second / 86400, 9);
  const shared = (/** @type {CyclerRecord} */ r) => ({
    throughput: [general(r.in_test.charge_ah + r.in_test.discharge_ah, 9), general(netAh(r), 9)],
  });
  const last = /** @type {CyclerRecord} */ (records.at(-1));
  const cycling = records.map((r) =>
    [
      r.cycle,
      r.step_id,
      general(r.test_time_second, 10),
      general(r.in_step.charge_ah + r.in_step.discharge_ah, 9),
      general(r.in_step.charge_wh + r.in_step.discharge_wh, 9),
      general(r.current_ampere, 8),
      general(r.voltage_volt, 9),
      fixed(r.temperature_celsius, 4),
      'NaN',
      day(r.test_time_second),
      general(r.current_ampere * r.voltage_volt, 8),
      general(r.in_step.charge_ah, 9),
      general(r.in_step.discharge_ah, 9),
      general(r.in_step.charge_wh, 9),
      general(r.in_step.discharge_wh, 9),
      'NaN,NaN,NaN,NaN,NaN',
      ...shared(r).throughput,
      'Capacity check',
      { rest: 'rest', cc_charge: 'charge', cv_charge: 'charge', cc_discharge: 'discharge' }[r.step_type],
    ].join(','),
  );
  const sweep = spectrum.points.map((p) =>
    [
      last.cycle + 1,
      9,
      general(last.test_time_second + p.time_second, 10),
      0,
      0,
      0,
      -3.7903,
      fixed(25, 4),
      'NaN',
      day(last.test_time_second + p.time_second),
      0,
      'NaN,NaN,NaN,NaN',
      general(p.frequency_hertz, 7),
      general(p.imaginary_impedance_ohm, 9),
      general(p.modulus_ohm, 9),
      general(p.phase_degree, 9),
      general(p.real_impedance_ohm, 9),
      ...shared(last).throughput,
      'EIS',
      'EIS',
    ].join(','),
  );
  return text([header, ...cycling, ...sweep]);
}

/**
 * NREL summary: a row per cycle; capital letters hold the capacity, small ones its fraction of the first.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function nrelSummary(records, run) {
  const header =
    'Cycle_Index,Cycle_Label,Time_s,Time_d,Datenum_d,Absolute_Charge_Throughput_Ah,Charge_Throughput_Ah,tsecs_start,tsecs_end,tsecs_cycle,' +
    'Q_chg,q_chg,Q_dis,q_dis,CE,E_chg,e_chg,E_dis,e_dis,EE,V_min,V_max,I_min,I_max,T_avg';
  const cycles = summariseCycles(records);
  const [reference] = cycles.map(({ last }) => last.in_cycle);
  if (!reference) throw new Error('a summary needs a cycle');
  const rows = cycles.map(({ first, last, current, voltage }) => {
    const counters = last.in_cycle;
    return [
      last.cycle,
      last.cycle === 1 ? 'Capacity check' : '',
      general(first.test_time_second, 10),
      general(first.test_time_second / 86400, 12),
      fixed(MATLAB_UNIX_EPOCH + run.started_at / 86400000 + first.test_time_second / 86400, 9),
      general(last.in_test.charge_ah + last.in_test.discharge_ah, 9),
      general(netAh(last), 9),
      general(first.test_time_second, 10),
      general(last.test_time_second, 10),
      general(last.test_time_second - first.test_time_second, 10),
      general(counters.charge_ah, 9),
      general(counters.charge_ah / reference.charge_ah, 15),
      general(counters.discharge_ah, 9),
      general(counters.discharge_ah / reference.discharge_ah, 15),
      general(counters.discharge_ah / counters.charge_ah, 15),
      general(counters.charge_wh, 9),
      general(counters.charge_wh / reference.charge_wh, 15),
      general(counters.discharge_wh, 9),
      general(counters.discharge_wh / reference.discharge_wh, 15),
      general(counters.discharge_wh / counters.charge_wh, 15),
      general(voltage.low, 9),
      general(voltage.high, 9),
      general(current.low, 8),
      general(current.high, 8),
      'NaN',
    ].join(',');
  });
  return text([header, ...rows]);
}
