import { fixed, text } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, cell_id: string}} Run */

/**
 * A table some laboratory wrote itself: instrument log above, semicolons, the day as a spreadsheet number, separators at the end.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function labMadeTable(records, run) {
  const head = [
    '# PRIME INSTRUMENT FILE --- M12X---!! HEAD !!---M13B---;;;;;;;;;',
    'operator;J. Doe;;;;;;;;',
    'instrument;bobby;;;;;;;;',
    `cell;${run.cell_id};;;;;;;;`,
    '# LOG;;;;;;;;;',
    '15;Started collecting auxiliary data;;;;;;;;',
    'index;test_time;step_time;date_stamp;step;cycle;current;voltage;charge_capacity;discharge_Capacity',
  ];
  const excelDay = run.started_at / 86400000 + 25569;
  const rows = records.map((r) =>
    [
      r.record_index,
      fixed(r.test_time_second, 2),
      fixed(r.step_time_second, 2),
      fixed(excelDay + r.test_time_second / 86400, 6),
      r.step_id,
      r.cycle,
      fixed(r.current_ampere, 6),
      fixed(r.voltage_volt, 4),
      fixed(r.in_step.charge_ah, 7),
      fixed(r.in_step.discharge_ah, 7),
    ].join(';'),
  );
  return text([...head, ...rows, ';;;;;;;;;', ';;;;;;;;;']);
}
