import { netAh, netWh } from '../simulate/cycling.js';
import {
  fixed,
  hoursMinutesSeconds,
  isoDateTime,
  later,
  shortMonthFirstDate,
  text,
  twelveHour,
} from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, cell_id: string}} Run */

const DIGATRON_STATUS = { rest: 'PAU', cc_charge: 'CHA', cv_charge: 'CHA', cc_discharge: 'DCH' };

/**
 * Digatron with a units row under the header; `Capacity` is a signed running counter.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function digatronUnitsRow(records, run) {
  const clock = (/** @type {number} */ at) => `${shortMonthFirstDate(at)} ${twelveHour(at)}`;
  const head = [
    '',
    'Measurement ID,557',
    `Battery Name,${run.cell_id}`,
    'Battery Chemistry,NMC',
    'Nominal Capacity,2.5',
    `Start Time,${clock(run.started_at)}`,
    'Circuit,Firing Circuits 3',
    '',
    'Time Stamp,Step,Status,Prog Time,Step Time,Cycle,Cycle Level,Procedure,Voltage,Current,Temperature,Capacity,WhAccu,Cnt,',
    ',,,,,,,,[V],[A],[C],[Ah],[Wh],[Cnt],',
  ];
  const rows = records.map((r) =>
    [
      clock(later(run.started_at, r.test_time_second)),
      r.step_id,
      DIGATRON_STATUS[r.step_type],
      hoursMinutesSeconds(r.test_time_second, 3),
      hoursMinutesSeconds(r.step_time_second, 3),
      r.cycle,
      0,
      'two_cycles',
      fixed(r.voltage_volt, 5),
      fixed(r.current_ampere, 5),
      fixed(r.temperature_celsius, 5),
      fixed(netAh(r), 5),
      fixed(netWh(r), 5),
      '2.00000',
      '',
    ].join(','),
  );
  return text([...head, ...rows], '\r\n');
}

/**
 * Digatron with the unit after a `#`; durations are milliseconds under a header that says seconds, which only the
 * clock gives away.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function digatronHash(records, run) {
  const header =
    'Step,Status,Timestamp,Program Duration#s,Step Duration#s,Cycle,Voltage#V,Current#A,AhAccu#Ah,AhCha#AH,AhDch#Ah,AhStep#Ah,WhCha#Wh,WhDch#Wh,T1#°C';
  const rows = records.map((r) =>
    [
      r.step_id,
      DIGATRON_STATUS[r.step_type],
      `${isoDateTime(later(run.started_at, r.test_time_second)).replace(' ', 'T')}+01:00`,
      Math.round(1000 * r.test_time_second),
      Math.round(1000 * r.step_time_second),
      r.cycle,
      fixed(r.voltage_volt, 6),
      fixed(r.current_ampere, 6),
      fixed(netAh(r), 6),
      fixed(r.in_test.charge_ah, 6),
      fixed(r.in_test.discharge_ah, 6),
      fixed(r.in_step.charge_ah - r.in_step.discharge_ah, 6),
      fixed(r.in_test.charge_wh, 6),
      fixed(r.in_test.discharge_wh, 6),
      fixed(r.temperature_celsius, 2),
    ].join(','),
  );
  return text([header, ...rows], '\r\n');
}
