import { defineFormat } from './definition.js';

/**
 * Novonix HPC and UHPC. A file may hold several runs, each with its [Summary] … [Data]; single stale records repeat a
 * time that was passed already. HPC 3.0 files without `Step Type` write the type's code under `Step Number`.
 */
export const novonixCsv = defineFormat({
  id: 'novonix-csv',
  vendor: 'Novonix',
  title: 'Novonix HPC / UHPC',
  evidence: 'recorded',
  software: ['HPC 2.2', 'UHPC 2.13'],
  kind: 'timeseries',
  delimiter: ',',
  recognise: {
    lines: [
      { pattern: /^"?\[Summary\]/, within: 1 },
      { pattern: /Novonix/i, within: 10 },
    ],
    header: [
      ['Date and Time'],
      ['Run Time', 'Run-Time', 'Runtime'],
      ['Potential', 'Voltage', 'Current', 'Capacity'],
    ],
  },
  restartsAt: '[Summary]',
  rejectsStaleRecords: true,
  defaultUnits: { time: 'h', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh', temperature: '°C' },
  columns: {
    date_time: ['Date and Time'],
    vendor_cycle_count: ['Cycle Number', { name: 'Cycle #', assumed: true }],
    // The type comes first: a header without `Step Type` has it under `Step Number`.
    vendor_step_type: ['Step Type', 'Step Number', { name: 'Step #', assumed: true }],
    step_id: ['Step Number', { name: 'Step #', assumed: true }],
    test_time_second: ['Run Time', { name: 'Run-Time', assumed: true }, { name: 'Runtime', assumed: true }],
    step_time_second: ['Step Time'],
    current_ampere: ['Current'],
    voltage_volt: ['Potential', { name: 'Voltage', assumed: true }],
    net_capacity_ah: ['Capacity', { name: 'Net Capacity', assumed: true }],
    net_energy_wh: ['Energy'],
    ambient_temperature_celsius: ['Temperature'],
  },
  ignored: [
    /^d[VI]dt/,
    'Step position',
    'Power',
    'Circuit Temperature',
    /^Temperature/,
    /^(Dis)?[Cc]harge Capacity/,
  ],
  sign: 'signed',
  // Codes: 0 open circuit, 1 constant current in either direction, 7 and 8 charge, 9 and 10 discharge.
  states: { charge: /^[78]$/, discharge: /^(9|10)$/, rest: /^0$/ },
  counters: 'net',
  dateOrder: 'month-first',
  preamble: {
    started_at: [/^"?Started:\s*(.+?)"?$/],
    channel: [/^"?Channel:\s*(\S+?)"?$/],
    cell: [/^"?CellID:\s*(.+?)"?$/],
  },
  sample: 'novonix-csv',
});
