import { netAh, netWh } from '../simulate/cycling.js';
import { dayFirst, general, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, cell_id: string}} Run */

/**
 * BaSyTec: head lines open with `~`, the last one names the columns; `Ah[Ah]` is a signed running counter.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function basytecText(records, run) {
  const command = { rest: 'Pause', cc_charge: 'Charge', cv_charge: 'Charge', cc_discharge: 'Discharge' };
  const head = [
    '~Resultfile from Basytec Battery Test System',
    `~Date and Time of Data Converting: ${dayFirst(run.started_at + 3 * 86400000)}`,
    '~',
    '~Name of Test: two cycles',
    `~Battery: ${run.cell_id}`,
    '~Testplan: two-cycles.pln',
    '~Testchannel: 1814 CH14 XCTS_40',
    `~Start of Test: ${dayFirst(run.started_at)}`,
    '~Operator (Test): basytec',
    '~',
    '~Time[s]\tDataSet\tt-Step[s]\tLine\tCommand\tU[V]\tI[A]\tP[W]\tAh[Ah]\tAh-Cyc-Charge\tAh-Cyc-Discharge\tAh-Step\tWh[Wh]\tWh-Cyc-Charge\tWh-Cyc-Discharge\tWh-Step\tT1[°C]\tR-DC\tCyc-Count\tCount\tState',
  ];
  const rows = records.map((r, k) =>
    [
      general(r.test_time_second, 15),
      r.record_index,
      general(r.step_time_second, 15),
      r.step_id + 2,
      command[r.step_type],
      general(r.voltage_volt, 15),
      general(r.current_ampere, 15),
      general(r.current_ampere * r.voltage_volt, 15),
      general(netAh(r), 15),
      general(r.in_cycle.charge_ah, 15),
      general(r.in_cycle.discharge_ah, 15),
      general(r.in_step.charge_ah - r.in_step.discharge_ah, 15),
      general(netWh(r), 15),
      general(r.in_cycle.charge_wh, 15),
      general(r.in_cycle.discharge_wh, 15),
      general(r.in_step.charge_wh - r.in_step.discharge_wh, 15),
      general(r.temperature_celsius, 7),
      0,
      k === 0 ? 0 : r.cycle,
      1,
      k === 0 ? 3 : r.last_of_step ? 2 : 1,
    ].join('\t'),
  );
  return text([...head, ...rows], '\r\n');
}
