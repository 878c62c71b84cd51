import { halfCycles } from './half-cycles.js';
import { fixed, general, isoDateTime, later, monthFirst, scientific, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, cell_id: string}} Run */

/**
 * BT-Lab "advanced" csv: semicolons, an unnamed index column, absolute time, most columns empty.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function btLabAdvanced(records, run) {
  const header =
    ';Ns changes;Ns;time/s;Ecell/V;I/mA;(Q-Qo)/mA.h;Energy charge/W.h;Energy discharge/W.h;freq/Hz;|Z|/Ohm;Phase(Z)/deg;step time/s;' +
    'Q discharge/mA.h;Q charge/mA.h;Capacity/mA.h;cycle number;P/W;R/Ohm;Temperature/°C;cycle_index';
  const rows = halfCycles(records).map(({ r, ...charge }, k) =>
    [
      k,
      r.first_of_step && k > 0 ? 1 : 0,
      r.step_id - 1,
      isoDateTime(later(run.started_at, r.test_time_second), 3),
      general(r.voltage_volt, 8),
      general(1000 * r.current_ampere, 8),
      general(1000 * charge.net_ah, 12),
      general(charge.charge_wh, 9),
      general(charge.discharge_wh, 9),
      '',
      '',
      '',
      general(r.step_time_second, 10),
      general(1000 * charge.discharge_ah, 12),
      general(1000 * charge.charge_ah, 12),
      general(1000 * (charge.charge_ah + charge.discharge_ah), 12),
      r.cycle - 1,
      '',
      '',
      fixed(r.temperature_celsius, 3),
      r.cycle - 1,
    ].join(';'),
  );
  return text([header, ...rows]);
}

/**
 * BT-Lab text exported with absolute times instead of elapsed seconds.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function btLabTimestamped(records, run) {
  const preamble = [
    '',
    'Modulo Bat',
    '',
    'Run on channel : A1 (SN 0335)',
    'User : ',
    'Ecell ctrl range : min = 0.00 V, max = 9.00 V',
    `Acquisition started on : ${monthFirst(run.started_at, 3)}`,
    `Technique started on : ${monthFirst(run.started_at, 3)}`,
    'Saved on :',
    `\tFile : ${run.cell_id}_01_MB_CA1.mpr`,
    'Device : BCS-815 (SN 0335)',
    'BT-LAB for windows v1.79 (software)',
    'Cycle Definition : Charge/Discharge alternance',
    '',
  ];
  const columns =
    'Ns changes,Ns,time/s,Ecell/V,I/mA,(Q-Qo)/mA.h,Energy charge/W.h,Energy discharge/W.h,step time/s,Q discharge/mA.h,Q charge/mA.h,cycle number,Temperature/°C';
  const long = (/** @type {number} */ x) => scientific(x, 15);
  const rows = halfCycles(records).map(({ r, ...charge }, k) =>
    [
      r.first_of_step && k > 0 ? 1 : 0,
      r.step_id - 1,
      monthFirst(later(run.started_at, r.test_time_second), 3),
      scientific(r.voltage_volt, 7),
      scientific(1000 * r.current_ampere, 7),
      long(1000 * charge.net_ah),
      long(charge.charge_wh),
      long(charge.discharge_wh),
      long(r.step_time_second),
      long(1000 * charge.discharge_ah),
      long(1000 * charge.charge_ah),
      long(r.cycle - 1),
      scientific(r.temperature_celsius, 7),
    ].join('\t'),
  );
  const head = [
    'BT-Lab ASCII FILE',
    `Nb header lines : ${String(preamble.length + 3).padEnd(28)}`,
    ...preamble,
  ];
  return text([...head, `${columns.split(',').join('\t')}\t`, ...rows], '\r\n');
}
