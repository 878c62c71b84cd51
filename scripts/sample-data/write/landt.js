import { fixed, later, monthFirst, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, cell_id: string}} Run */

/**
 * LANDT: six padded head lines, an empty extra field on every row, `channel_index` counting the records.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function landtCsv(records, run) {
  const word = { rest: 'rest', cc_charge: 'charge CC', cv_charge: 'charge CV', cc_discharge: 'discharge CC' };
  const head = [
    'cell model:',
    `cell id: ${run.cell_id}`,
    'test: two cycles',
    'checkpoint: ',
    'Nominal capacity used to define the C rate:Ah',
    'Nominal energy used to define the E rate: Wh',
  ].map((line) => line + ','.repeat(16));
  const header =
    'channel_index,cycle_index,step_index,date_time_iso_string,test_time_s,step_time_s,current_A,voltage_V,discharge_capacity_Ah,' +
    'charge_capacity_Ah,discharge_energy_Wh,charge_energy_Wh,Pressure_Psi,temperature_1_C,temperature_2_C,temperature_3_C,step_name';
  const rows = records.map((r) =>
    [
      r.record_index,
      r.cycle,
      r.step_id,
      monthFirst(later(run.started_at, r.test_time_second)),
      fixed(r.test_time_second, 3),
      fixed(r.step_time_second, 3),
      fixed(r.current_ampere, 4),
      fixed(r.voltage_volt, 4),
      fixed(r.in_step.discharge_ah, 4),
      fixed(r.in_step.charge_ah, 4),
      fixed(r.in_step.discharge_wh, 4),
      fixed(r.in_step.charge_wh, 4),
      0,
      fixed(r.temperature_celsius, 1),
      0,
      0,
      word[r.step_type],
      '',
    ].join(','),
  );
  return text([...head, header, ...rows], '\r\n');
}
