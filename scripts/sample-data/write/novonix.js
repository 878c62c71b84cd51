import { netAh, netWh } from '../simulate/cycling.js';
import { fixed, isoDateTime, later, text, twelveHour } from './text.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {{started_at: number, cell_id: string}} Run */

/**
 * Novonix: summary, protocol, data. `Capacity (Ah)` is a net counter running over the test.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function novonixUhpc(records, run) {
  const head = [
    ...novonixSummary(run, 'UHPC', isoDateTime(run.started_at), '2.13.0'),
    '[Protocol]',
    '{"Version":"UHPC Control: 2.13.0","Charger":3,"ProtocolStepList":[{"StepType":3,"StepConditions":[]}]}',
    '[End Protocol]',
    '[Data]',
    'Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),Temperature (°C),' +
      'Circuit Temperature (°C),Energy (Wh),dVdt (V/h),dIdt (A/h),Step Number,Step position,Power(W)',
  ];
  return text(
    [
      ...head,
      ...records.map((r) => novonixRow(r, isoDateTime(later(run.started_at, r.test_time_second)), true)),
    ],
    '\r\n',
  );
}

/**
 * The same data re-saved by a spreadsheet: every line of protocol and data that has a comma in one pair of quotes, a 12-hour clock.
 * @param {CyclerRecord[]} records @param {Run} run
 */
export function novonixResaved(records, run) {
  const clock = (/** @type {number} */ at) => `${isoDateTime(at).slice(0, 10)} ${twelveHour(at)}`;
  const head = [
    ...novonixSummary(run, 'HPC', clock(run.started_at), '2.2.1.6'),
    '[Protocol]',
    'Protocol: two_cycles.pro1',
    '[0: Open_circuit_storage:]',
    '   [Save data when Δt > 1 seconds]',
    '[3: CC-CV_charge: 2 C/xx to 4.2 V]',
    '"   [During CV, End step when hold time > 15 hours]"',
    '[2: Constant_current_discharge: 2 C/xx to 3 V]',
    '[End Protocol]',
    '[Data]',
    '"Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),Temperature (°C),' +
      'Circuit Temperature (°C),Energy (Wh),dVdt (I/h),dIdt (V/h),Step Number,Step position"',
  ];
  const rows = records.map(
    (r) => `"${novonixRow(r, clock(later(run.started_at, r.test_time_second)), false)}"`,
  );
  return text([...head, ...rows]);
}

/** @param {Run} run @param {string} tester @param {string} started @param {string} version */
function novonixSummary(run, tester, started, version) {
  return [
    '[Summary]',
    `Novonix ${tester} data file`,
    'Novonix',
    'Channel: 01',
    `Cell: ${run.cell_id}_CH01.csv`,
    'Serial Number: ',
    'Description: two cycles',
    'Protocol:',
    'Mass (g): 1.000',
    'Capacity (Ah): 0.24',
    'Area (cm2): 1.000',
    `CellID: ${run.cell_id}`,
    `Started: ${started}`,
    `Version: ${version}`,
    '[End Summary]',
  ];
}

/** @param {CyclerRecord} r @param {string} clock @param {boolean} withPower */
function novonixRow(r, clock, withPower) {
  const stepType = { rest: 0, cc_charge: 7, cv_charge: 8, cc_discharge: 1 };
  return [
    clock,
    r.cycle,
    stepType[r.step_type],
    fixed(r.test_time_second / 3600, 7),
    fixed(r.step_time_second / 3600, 7),
    fixed(r.current_ampere, 8),
    fixed(r.voltage_volt, 8),
    fixed(netAh(r), 8),
    fixed(r.temperature_celsius, 3),
    '25.268',
    fixed(netWh(r), 8),
    '0.00000000',
    '0.00000000',
    r.step_id,
    r.first_of_step ? 1 : r.last_of_step ? 2 : 0,
    ...(withPower ? [fixed(r.current_ampere * r.voltage_volt, 8)] : []),
  ].join(',');
}
