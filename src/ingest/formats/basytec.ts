import { defineFormat } from './definition.js';

const states = {
  charge: /^(charge|cha|laden)/i,
  discharge: /^(discharge|dch|entladen)/i,
  rest: /^(pause|pau|rest|wait|stop)/i,
};

const text = {
  vendor: 'BaSyTec',
  kind: 'timeseries' as const,
  recognise: {
    block: [{ pattern: /^~[^\n]*\n~/, within: 4 }],
    opens: [/^~\s*Resultfile from Basytec/i],
    header: [
      [/^Time ?\[/],
      ['DataSet', 'Line', 'Command', 'Cyc-Count', /^[UI] ?\[/, /^(Voltage|Current) ?\[/, /^Ah ?\[/],
    ],
  },
  defaultUnits: { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh', temperature: '°C' },
  columns: {
    vendor_record_index: ['DataSet'],
    test_time_second: ['Time', { name: /^Time ?\[h:min:s\]$/, unit: 's', assumed: true }],
    step_time_second: ['t-Step', { name: /^t-Step ?\[h:min:s\]$/, unit: 's', assumed: true }],
    date_time: [{ name: 'DateTime', assumed: true }],
    vendor_cycle_count: ['Cyc-Count'],
    step_id: ['Line'],
    vendor_step_type: ['Command'],
    current_ampere: ['I', { name: 'Current', assumed: true }],
    voltage_volt: ['U', { name: 'Voltage', assumed: true }],
    charging_capacity_ah: ['Ah-Cyc-Charge'],
    discharging_capacity_ah: ['Ah-Cyc-Discharge'],
    net_capacity_ah: ['Ah'],
    charging_energy_wh: ['Wh-Cyc-Charge'],
    discharging_energy_wh: ['Wh-Cyc-Discharge'],
    net_energy_wh: ['Wh'],
    ambient_temperature_celsius: [
      'T1',
      { name: 'Temp', assumed: true },
      { name: 'Temperature', assumed: true },
    ],
  },
  ignored: [
    /^t-(Set|Cyc)/,
    /^P ?\[/,
    /^[AW]h-(Step|Set|Cyc-(Charge|Discharge)-0)/,
    /^T\d/,
    /^R-(AC|DC)/,
    /^(Level|Count|State|Ah-Bal|SOC)\b/,
    /^Agilent|^Aux|^CAN/,
  ],
  sign: 'signed' as const,
  states,
  counters: 'cycle' as const,
  dateOrder: 'day-first' as const,
  preamble: {
    started_at: [/^~\s*Start of Test:\s*(.+)$/i],
    channel: [/^~\s*Testchannel:\s*(.+)$/i],
    cell: [/^~\s*Battery:\s*(.+)$/i],
  },
};

/** BaSyTec text: a preamble of lines that begin with `~`; the last of them is the header. */
export const basytecText = defineFormat({
  ...text,
  id: 'basytec-text',
  title: 'BaSyTec text export',
  evidence: 'recorded',
  sample: 'basytec-text',
});

/** The same from older software, with blanks between the columns. */
export const basytecBlanks = defineFormat({
  ...text,
  id: 'basytec-blanks',
  title: 'BaSyTec text export, columns separated by blanks',
  evidence: 'described',
  delimiter: 'whitespace',
});

/** A table made from BaSyTec data by a published processing script. */
export const basytecProcessed = defineFormat({
  id: 'basytec-processed-csv',
  vendor: 'BaSyTec',
  title: 'BaSyTec data, processed CSV (run_time, c_vol, c_cur)',
  evidence: 'described',
  kind: 'timeseries',
  recognise: { header: [[/^run_time$/], [/^c_vol$/, /^c_cur$/]] },
  defaultUnits: { time: 's', current: 'A', voltage: 'V', temperature: '°C' },
  columns: {
    test_time_second: [{ name: 'run_time', assumed: true }],
    voltage_volt: [{ name: 'c_vol', assumed: true }],
    current_ampere: [{ name: 'c_cur', assumed: true }],
    vendor_step_type: [{ name: 'step_type', assumed: true }],
    ambient_temperature_celsius: [
      { name: 'amb_temp', assumed: true },
      { name: 'c_surf_temp', assumed: true },
    ],
  },
  ignored: [/_temp$/],
  sign: 'unstated',
  states,
});
