import { fixed, general, hoursMinutesSeconds, later, monthFirst, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, cell_id: string}} Run */

/**
 * PEC LifeTest: key and value lines, a results block, a comma after everything; counters per cycle in mAh, cycles from 0.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function pecCsv(records, run) {
  const start = monthFirst(run.started_at);
  const head = [
    `Request Year:,${start.slice(6, 10)}`,
    'Test:,4711',
    'Test Description:,',
    'TestRegime Name:,two cycles',
    'TestRegime CellSize:,2500 mAh',
    'Number Of Cells:,1',
    'LotID:,839',
    'Finish Date:,01/01/0001 00:00:00',
    `Start Time:,${start}`,
    'End Time:,1/1/0001 0:00',
    'Operator Instructions:,',
    '#RESULTS CHECK',
    'ReqYear,Test,CellNr,Type,Value,Reason,',
    '2026,4711,1,1,3272,3,',
    '#END RESULTS CHECK',
    'Test,Cell,Rack,Shelf,Position,Cell ID,Step,Cycle,Total Time (Hours in hh:mm:ss.xxx),Load On Time (Seconds),Step Time (Seconds),Real Time,' +
      'Position Start Time,Voltage (mV),Current (mA),Charge Capacity (mAh),Discharge Capacity (mAh),Charge Capacity (mWh),' +
      'Discharge Capacity (mWh),ReasonCode,Ambient temperature (°C),',
  ];
  const rows = records.map((r) =>
    [
      4711,
      1,
      'SBT0550',
      '001',
      1,
      run.cell_id,
      r.step_id - 1,
      r.cycle - 1,
      hoursMinutesSeconds(r.test_time_second, 3),
      0,
      general(r.step_time_second, 9),
      monthFirst(later(run.started_at, r.test_time_second)),
      start,
      general(1000 * r.voltage_volt, 8),
      general(1000 * r.current_ampere, 6),
      fixed(1000 * r.in_cycle.charge_ah, 3),
      fixed(1000 * r.in_cycle.discharge_ah, 3),
      fixed(1000 * r.in_cycle.charge_wh, 3),
      fixed(1000 * r.in_cycle.discharge_wh, 3),
      r.last_of_step ? 3 : 30,
      r.first_of_step ? '' : fixed(r.temperature_celsius, 2),
      '',
    ].join(','),
  );
  return text([...head, ...rows], '\r\n');
}
